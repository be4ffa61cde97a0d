"""Every route says who may come in and what kind of screen it is. One that does not is a fault (denied by default)."""

from __future__ import annotations

from collections.abc import Callable, Collection
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


FEATURES = ("camera", "microphone", "geolocation", "serial", "payment", "usb")
"""What a browser could do for a page. Denied on every page but those whose door names it (ruling 16)."""


@dataclass(frozen=True)
class Door:
    """``capability`` is OPEN or a capability's value; ``screen`` is one of SCREENS; ``uses`` are some of FEATURES."""

    capability: str
    screen: str
    uses: frozenset[str] = frozenset()


def door(capability: str, screen: str, *, uses: Collection[str] = ()) -> Callable[[View], View]:
    """Declare a view's door: ``@door(Capability.PREPARE, "passo")``, with what the page may use of the device."""
    if screen not in SCREENS or not set(uses) <= set(FEATURES):
        raise ValueError(f"{screen} {uses}")

    def declare(view: View) -> View:
        view.door = Door(str(capability), screen, frozenset(uses))  # type: ignore[attr-defined]
        return view

    return declare


def of(view: Callable[..., Any] | None) -> Door | None:
    return getattr(view, "door", None)
