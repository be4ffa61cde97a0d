"""Notes and coins add up to the cent, with no smaller coin and no piece too many."""

from __future__ import annotations

import pytest

from core.money import cash_total
from desk import cash


def test_the_pictures_add_up_for_every_sum_up_to_two_hundred_euro() -> None:
    for cents in range(20_001):
        shown = cash.pieces(cents)
        assert sum(shown) == cents
        assert shown == sorted(shown, reverse=True)
        assert set(shown) <= set(cash.DENOMINATIONS)


def test_cash_that_is_rounded_needs_no_coin_of_one_or_two_cents() -> None:
    for cents in range(20_001):
        assert min(cash.pieces(cash_total(cents)), default=5) >= 5


def test_there_is_no_way_with_fewer_pieces() -> None:
    fewest = [0] * 3001
    for cents in range(1, 3001):
        fewest[cents] = 1 + min(fewest[cents - coin] for coin in cash.DENOMINATIONS if coin <= cents)
        assert len(cash.pieces(cents)) == fewest[cents]


@pytest.mark.parametrize("cents", [-5, -1])
def test_less_than_nothing_is_a_fault_of_ours(cents: int) -> None:
    with pytest.raises(ValueError, match=str(cents)):
        cash.pieces(cents)
