"""Worked examples of italian-rules.md 11, and that nothing is ever lost to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    cash_total,
    half_up,
    maximum_of,
    price_of,
    price_per_kilo,
    spread,
    spread_by_rate,
    vat_row,
    vat_rows,
)


@pytest.mark.parametrize(
    ("grams", "per_kilo", "cents"), [(1240, 290, 360), (500, 225, 113), (350, 190, 67), (1005, 100, 101)]
)
def test_c1_lines_round_half_up(grams: int, per_kilo: int, cents: int) -> None:
    assert price_of(grams, per_kilo) == cents


def test_c2_three_rates() -> None:
    rows = vat_rows({4: 360, 5: 150, 10: 850})
    assert [(r.taxable, r.vat) for r in rows] == [(346, 14), (143, 7), (773, 77)]


def test_c3_delivery_is_spread_over_the_rates() -> None:
    gross = spread_by_rate(400, {4: 360, 5: 150, 10: 850})
    assert gross == {4: 466, 5: 194, 10: 1100}
    assert [(r.taxable, r.vat) for r in vat_rows(gross)] == [(448, 18), (185, 9), (1000, 100)]


def test_c4_a_discount_is_spread_too() -> None:
    gross = spread_by_rate(-136, {4: 360, 5: 150, 10: 850})
    assert gross == {4: 324, 5: 135, 10: 765}
    assert [(r.taxable, r.vat) for r in vat_rows(gross)] == [(312, 12), (129, 6), (695, 70)]


def test_c5_the_maximum_is_ten_percent_more() -> None:
    assert maximum_of(435, 10) == 479


@pytest.mark.parametrize(("gross", "taxable", "vat"), [(819, 788, 31), (868, 835, 33)])
def test_c6_once_per_document_never_per_line(gross: int, taxable: int, vat: int) -> None:
    row = vat_row(4, gross)
    assert (row.taxable, row.vat) == (taxable, vat)


@pytest.mark.parametrize(
    ("rate", "gross", "taxable"), [(4, 117, 113), (4, 13, 13), (5, 10, 10), (10, 16, 15), (22, 14, 11)]
)
def test_c7_small_sums(rate: int, gross: int, taxable: int) -> None:
    assert vat_row(rate, gross).taxable == taxable


@pytest.mark.parametrize(("gross", "taxable"), [(1220, 1000), (999, 819)])
def test_c8_at_22_percent(gross: int, taxable: int) -> None:
    assert vat_row(22, gross).taxable == taxable


def test_c9_takings_keep_gross_and_divide_once() -> None:
    row = vat_row(4, 1000 + 1000 + 1000 + 735)
    assert (row.taxable, row.vat) == (3591, 144)


@pytest.mark.parametrize(("cents", "net", "per_kilo"), [(850, 500, 1700), (220, 250, 880), (390, 330, 1182)])
def test_c13_price_per_kilo(cents: int, net: int, per_kilo: int) -> None:
    assert price_per_kilo(cents, net) == per_kilo


@pytest.mark.parametrize(("cents", "cash"), [(1001, 1000), (1002, 1000), (1003, 1005), (1007, 1005), (1008, 1010)])
def test_cash_is_rounded_to_five_cents(cents: int, cash: int) -> None:
    assert cash_total(cents) == cash


@given(st.integers(0, 500_000), st.lists(st.integers(0, 100_000), min_size=1, max_size=8).filter(sum))
def test_nothing_is_lost_when_an_amount_is_spread(amount: int, weights: list[int]) -> None:
    shares = spread(amount, weights)
    assert sum(shares) == amount
    assert all(abs(share * sum(weights) - amount * w) < sum(weights) for share, w in zip(shares, weights, strict=True))


@given(st.integers(1, 500_000), st.sampled_from([4, 5, 10, 22]))
def test_taxable_and_vat_are_always_the_gross(gross: int, rate: int) -> None:
    row, back = vat_row(rate, gross), vat_row(rate, -gross)
    assert row.taxable + row.vat == gross
    assert (back.taxable, back.vat) == (-row.taxable, -row.vat)
    assert abs(half_up(row.taxable * rate, 100) - row.vat) <= 1


def test_negative_amounts_are_not_rounded_by_mistake() -> None:
    with pytest.raises(ValueError, match="not negative"):
        half_up(-1, 2)
