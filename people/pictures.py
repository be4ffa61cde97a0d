"""The emblems that people choose for themselves: drawings with names that everybody knows."""

from __future__ import annotations

import csv
from functools import cache

from core.settings import ROOT


@cache
def names() -> dict[str, tuple[str, str]]:
    """Slug -> (Italian name, English name)."""
    with (ROOT / "static/img/people/names.csv").open(encoding="utf-8", newline="") as file:
        return {row["slug"]: (row["it"], row["en"]) for row in csv.DictReader(file)}


def choices(language: str = "it") -> list[tuple[str, str]]:
    """(slug, name) pairs by name."""
    return sorted(((slug, both[language == "en"]) for slug, both in names().items()), key=lambda pair: pair[1])
