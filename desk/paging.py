"""Never more than five choices at once (criterion 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

MOST_CHOICES = 5
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Page(Generic[Thing]):
    """``next_page`` is the number that the tile "Altri" leads to, None when all is shown. After the last: the first."""

    things: Sequence[Thing]
    number: int
    next_page: int | None


def page_of(things: Sequence[Thing], *, all_at_once: bool, most: int = MOST_CHOICES) -> Page[Thing]:
    """The page that the address asks for; all of it for somebody who works with the plain list.

    ``most``: fewer where the screen has other choices beside them.
    """
    if all_at_once or len(things) <= most:
        return Page(things, 1, None)
    size = most - 1  # one choice is "Altri"
    pages = -(-len(things) // size)
    asked = request.args.get("pagina", 1, type=int)
    number = asked if 1 <= asked <= pages else 1
    return Page(things[(number - 1) * size : number * size], number, number % pages + 1)
