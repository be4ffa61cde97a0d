"""Notes and coins add up to the cent, with no smaller coin and no piece too many."""

from __future__ import annotations

import pytest

from core.money import cash_total
from desk import cash


def test_the_pictures_add_up_for_every_sum_up_to_two_hundred_euro() -> None:
    for cents in range(5, 20_001):
        shown = cash.pieces(cash_total(cents))
        assert sum(shown) == cash_total(cents)
        assert shown == sorted(shown, reverse=True)
        assert set(shown) <= set(cash.DENOMINATIONS)


def test_there_is_no_way_with_fewer_pieces() -> None:
    fewest = [0] * 3001
    for cents in range(5, 3001, 5):
        fewest[cents] = 1 + min(fewest[cents - coin] for coin in cash.DENOMINATIONS if coin <= cents)
        assert len(cash.pieces(cents)) == fewest[cents]


@pytest.mark.parametrize("cents", [-5, 1, 1203])
def test_sums_that_coins_cannot_make_are_a_fault_of_ours(cents: int) -> None:
    with pytest.raises(ValueError, match=str(cents)):
        cash.pieces(cents)
