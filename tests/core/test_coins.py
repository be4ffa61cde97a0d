"""Notes and coins add up to the cent, never one too many, and never one that is not in the drawer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from core import coins
from core.money import cash_total

SEED = 20261122
COINS = coins.DENOMINATIONS[:-2]


def test_the_pictures_add_up_for_every_sum_up_to_two_hundred_euro() -> None:
    for cents in range(5, 20_001):
        shown = coins.pieces(cash_total(cents))
        assert sum(shown) == cash_total(cents)
        assert shown == sorted(shown, reverse=True)
        assert set(shown) <= set(coins.DENOMINATIONS) - {2, 1}


def test_there_is_no_way_with_fewer_pieces() -> None:
    fewest = [0] * 3001
    for cents in range(5, 3001, 5):
        fewest[cents] = 1 + min(fewest[cents - coin] for coin in COINS if coin <= cents)
        assert len(coins.pieces(cents)) == fewest[cents]


def test_a_rest_that_is_not_rounded_takes_the_small_coins_too() -> None:
    assert coins.pieces(838) == [500, 200, 100, 20, 10, 5, 2, 1]
    assert coins.change(13, {5: 1, 2: 4, 1: 9}) == [5, 2, 2, 2, 2]


def test_less_than_nothing_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="-5"):
        coins.pieces(-5)
    with pytest.raises(ValueError, match="-5"):
        coins.change(-5, {5: 1000})


def test_the_largest_that_fits_is_not_always_right() -> None:
    assert coins.change(60, {50: 1, 20: 3}) == [20, 20, 20]
    assert coins.change(600, {500: 1, 200: 3, 50: 2}) == [200, 200, 200]


def test_change_is_exact_and_from_the_drawer_for_every_sum_up_to_two_hundred_euro() -> None:
    chance, never = random.Random(SEED), 0
    for cents in range(5, 20_001, 5):
        drawer = _some_drawer(chance)
        try:
            given = coins.change(cents, drawer)
        except coins.NoChange:
            never += 1
            assert not _can_be_made(cents, drawer)
            continue
        assert sum(given) == cents
        assert given == sorted(given, reverse=True)
        assert not Counter(given) - Counter(drawer)
    assert 100 < never < 3900  # both answers were put to the test


def test_change_is_as_few_pieces_as_can_be() -> None:
    """Against a search that tries every drawer's pieces one by one."""
    chance, compared = random.Random(SEED), 0
    for _ in range(400):
        cents, drawer = chance.randrange(5, 1500, 5), _some_drawer(chance, most=4)
        few = _fewest_one_by_one(cents, drawer)
        if few is None:
            with pytest.raises(coins.NoChange):
                coins.change(cents, drawer)
        else:
            compared += 1
            assert len(coins.change(cents, drawer)) == few
    assert compared > 100


def test_nothing_to_give_back_is_no_pieces() -> None:
    assert coins.change(0, {}) == []


def _some_drawer(chance: random.Random, most: int = 6) -> dict[int, int]:
    return {coin: chance.randint(0, most) for coin in COINS if chance.random() < 0.7}


def _can_be_made(cents: int, drawer: Mapping[int, int]) -> bool:
    """All sums that these pieces make, as the bits of one number."""
    sums = 1
    for coin, how_many in drawer.items():
        for _ in range(how_many):
            sums |= sums << (coin // 5)
    return bool(sums >> (cents // 5) & 1)


def _fewest_one_by_one(cents: int, drawer: Mapping[int, int]) -> int | None:
    """``sums[n]``: every sum that n pieces make."""
    sums = [{0}]
    for coin in Counter(drawer).elements():
        sums.append(set())
        for n in range(len(sums) - 1, 0, -1):
            sums[n] |= {before + coin for before in sums[n - 1] if before + coin <= cents}
    return next((n for n, made in enumerate(sums) if cents in made), None)
