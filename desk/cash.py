"""Exact notes and coins: nobody has to calculate (criterion 39). Cents."""

from __future__ import annotations

DENOMINATIONS = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Euro notes and coins that are shown. The last two only where a part was paid otherwise: such a rest stays exact."""


def pieces(cents: int) -> list[int]:
    """The fewest notes and coins that make ``cents``, largest first. Raises ValueError for less than nothing."""
    if cents < 0:
        raise ValueError(cents)
    found: list[int] = []
    for denomination in DENOMINATIONS:
        how_many, cents = divmod(cents, denomination)
        found += [denomination] * how_many
    return found
