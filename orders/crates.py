"""Crates: a fixed list of sixty pictures, picture = number (ruling 14), and the shelf where a finished one waits.

The shelf is said by the number alone, so nobody has to choose or to write it down: twelve places a shelf, crate 1 on
shelf A at place 1, crate 13 on shelf B at place 1, crate 60 on shelf E at place 12. A second crate of one order stands
beside the first.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from core.settings import ROOT

A_SHELF = 12  # places; the same on every shelf


@dataclass(frozen=True)
class Shelf:
    letter: str
    place: int


def shelf(number: int) -> Shelf:
    """Where the finished crate with this number stands: 1 -> A 1, 12 -> A 12, 13 -> B 1."""
    before, place = divmod(number - 1, A_SHELF)
    return Shelf(chr(ord("A") + before), place + 1)


@cache
def pictures() -> dict[int, tuple[str, str]]:
    """Number -> (Italian name, English name)."""
    with (ROOT / "static/img/crates/names.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["number"]): (row["it"], row["en"]) for row in csv.DictReader(file)}


def picture_name(number: int, language: str = "it") -> str:
    return pictures()[number][1 if language == "en" else 0]
