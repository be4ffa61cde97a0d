"""Every route says who may come in and what kind of screen it is. One that does not is a fault (denied by default)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

OPEN = "open"
"""The capability of routes that anybody may use."""

SCREENS = {
    "shop",  # WCAG 2.2 AA, 44 px
    "tutor",  # WCAG 2.2 AA, 44 px, criteria 17, 22, 24, 25, 26
    "scelta",
    "passo",
    "numero",
    "soldi",
    "fine",  # the desk: all 40 criteria
    "paper",  # PDF
    "machine",  # JSON, redirects without a page
}


@dataclass(frozen=True)
class Door:
    """``capability`` is OPEN or a capability's value; ``screen`` is one of SCREENS."""

    capability: str
    screen: str


def door(capability: str, screen: str) -> Callable[[View], View]:
    """Declare a view's door: ``@door(Capability.PREPARE, "passo")``."""
    if screen not in SCREENS:
        raise ValueError(screen)

    def declare(view: View) -> View:
        view.door = Door(str(capability), screen)  # type: ignore[attr-defined]
        return view

    return declare


def of(view: Callable[..., Any] | None) -> Door | None:
    return getattr(view, "door", None)
