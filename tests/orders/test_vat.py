"""The VAT table of one order: the worked examples C2, C3, C4, C6 of the Italian rules."""

from __future__ import annotations

from core.money import spread_by_rate, vat_rows
from orders import vat
from orders.models import LineState, Order, OrderLine


def order(*goods: tuple[int, int], fee: int = 0) -> Order:
    """Goods as (gross in cents, rate), each one piece."""
    lines = [
        OrderLine(kind="fixed", quantity=1, price=gross, estimate=gross, maximum=gross, vat_rate=rate, state="waiting")
        for gross, rate in goods
    ]
    return Order(lines=lines, fee=fee)


def table(made: Order) -> list[tuple[int, int, int, int]]:
    return [(row.rate, row.gross, row.taxable, row.vat) for row in vat.rows(made)]


C2 = ((360, 4), (150, 5), (850, 10))


def test_three_rates() -> None:
    assert table(order(*C2)) == [(4, 360, 346, 14), (5, 150, 143, 7), (10, 850, 773, 77)]


def test_the_fee_is_spread_over_the_goods() -> None:
    rows = table(order(*C2, fee=400))
    assert rows == [(4, 466, 448, 18), (5, 194, 185, 9), (10, 1100, 1000, 100)]
    assert sum(row[1] for row in rows) == 1760


def test_a_discount_is_spread_in_the_same_way() -> None:
    rows = vat_rows(spread_by_rate(-136, vat.gross_by_rate(order(*C2))))
    assert [(row.gross, row.taxable, row.vat) for row in rows] == [(324, 312, 12), (135, 129, 6), (765, 695, 70)]


def test_it_is_worked_out_once_per_document_and_rate() -> None:
    assert table(order(*[(117, 4)] * 7)) == [(4, 819, 788, 31)]
    assert table(order(*((gross, 4) for gross in (99, 149, 235, 75, 310)))) == [(4, 868, 835, 33)]


def test_it_adds_up_to_what_is_paid_also_when_everything_is_missing() -> None:
    made = order(*C2, fee=400)
    for line in made.lines:
        line.state = LineState.MISSING
    rows = table(made)
    assert sum(row[1] for row in rows) == made.total == 400
    assert sum(row[2] + row[3] for row in rows) == 400
