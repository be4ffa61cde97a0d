"""Crate pictures: a fixed list of sixty, picture = number (ruling 14)."""

from __future__ import annotations

import csv
from functools import cache

from core.settings import ROOT


@cache
def pictures() -> dict[int, tuple[str, str]]:
    """Number -> (Italian name, English name)."""
    with (ROOT / "static/img/crates/names.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["number"]): (row["it"], row["en"]) for row in csv.DictReader(file)}


def picture_name(number: int, language: str = "it") -> str:
    return pictures()[number][1 if language == "en" else 0]
