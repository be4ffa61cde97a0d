"""Notes and coins, so that nobody has to calculate (criterion 39). Cents.

Cash is rounded to 5 cents (art. 13-quater DL 50/2017), so coins of 1 and 2 cents appear only where a part was paid
otherwise and the rest stays exact.
"""

from __future__ import annotations

from collections.abc import Mapping

DENOMINATIONS = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
NOTES = tuple(each for each in DENOMINATIONS if each >= 500)
IN_USE = tuple(each for each in DENOMINATIONS if each >= 5)
"""What people pay with and what is counted; smaller coins come in only with a rest that is paid to the cent."""
MOST = 100
"""Pieces: more than these nobody gives back, and looking for them would take long."""


class NoChange(ValueError):
    """The drawer does not hold the coins for it."""


def pieces(cents: int) -> list[int]:
    """The fewest notes and coins that make ``cents``, largest first. Raises ValueError for less than nothing."""
    if cents < 0:
        raise ValueError(cents)
    found: list[int] = []
    for denomination in DENOMINATIONS:
        how_many, cents = divmod(cents, denomination)
        found += [denomination] * how_many
    return found


def change(cents: int, drawer: Mapping[int, int], *, most: int = MOST) -> list[int]:
    """The fewest notes and coins of ``drawer`` (denomination -> how many) that make ``cents``, largest first.

    Taking the largest that fits is not enough here: 60 cents from one 50 and three 20s are three 20s.
    Raises NoChange when there is no way with at most ``most`` pieces, ValueError for less than nothing.
    """
    if cents < 0:
        raise ValueError(cents)
    tables = _tables(cents, drawer, most)
    last, _coin = tables[-1]
    few = next((count for count, sums in enumerate(last) if sums >> cents & 1), None)
    if few is None:
        raise NoChange(cents)
    return _walk_back(tables, few, cents)


def makeable(most_cents: int, drawer: Mapping[int, int], *, most: int = MOST) -> int:
    """Every sum up to ``most_cents`` that at most ``most`` pieces of ``drawer`` make, as the bits of one number."""
    found = 0
    for sums in _tables(most_cents, drawer, most)[-1][0]:
        found |= sums
    return found


Sums = list[int]
"""``sums[n]``: the sums in cents that n pieces can make, as the bits of one number."""


def _tables(cents: int, drawer: Mapping[int, int], most: int) -> list[tuple[Sums, int]]:
    """What the denominations so far can make, smallest first, so that walking back begins with the largest."""
    tables: list[tuple[Sums, int]] = [([1], 0)]
    in_reach = (1 << (cents + 1)) - 1
    for coin in reversed(DENOMINATIONS):
        available = min(drawer.get(coin, 0), cents // coin, most)
        if available > 0:
            before, _coin = tables[-1]
            tables.append((_with(before, coin, available, in_reach)[: most + 1], coin))
    return tables


def _with(before: Sums, coin: int, available: int, in_reach: int) -> Sums:
    after = [0] * (len(before) + available)
    for pieces_before, sums in enumerate(before):
        for more in range(available + 1 if sums else 0):
            after[pieces_before + more] |= sums << (more * coin) & in_reach
    return after


def _walk_back(tables: list[tuple[Sums, int]], count: int, cents: int) -> list[int]:
    found: list[int] = []
    for (_sums, coin), (before, _coin) in zip(reversed(tables[1:]), reversed(tables[:-1]), strict=True):
        while not (count < len(before) and before[count] >> cents & 1):
            found.append(coin)
            count, cents = count - 1, cents - coin
    return found
