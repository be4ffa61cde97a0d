"""The VAT table of one order in memory: the worked examples C2, C3, C4, C6, and where an order is an odd one.

With real orders, placed and handed over, all thirteen examples are in `test_examples.py`.
"""

from __future__ import annotations

from orders import vat
from orders.models import LineState, Order, OrderLine, Refund


def order(*goods: tuple[int, int], fee: int = 0, discount: int = 0) -> Order:
    """Goods as (gross in cents, rate), each one piece; lines are numbered from 1."""
    lines = [
        OrderLine(
            id=number,
            kind="fixed",
            quantity=1,
            price=gross,
            estimate=gross,
            maximum=gross,
            vat_rate=rate,
            state="waiting",
        )
        for number, (gross, rate) in enumerate(goods, start=1)
    ]
    return Order(lines=lines, fee=fee, discount_percent=discount)


def table(made: Order) -> list[tuple[int, int, int, int]]:
    return [(row.rate, row.gross, row.taxable, row.vat) for row in vat.rows(made)]


def missing(made: Order, *numbers: int) -> Order:
    for line in made.lines:
        if line.id in numbers:
            line.state = LineState.MISSING
    return made


C2 = ((360, 4), (150, 5), (850, 10))


def test_three_rates() -> None:
    assert table(order(*C2)) == [(4, 360, 346, 14), (5, 150, 143, 7), (10, 850, 773, 77)]


def test_the_fee_is_spread_over_the_goods() -> None:
    rows = table(order(*C2, fee=400))
    assert rows == [(4, 466, 448, 18), (5, 194, 185, 9), (10, 1100, 1000, 100)]
    assert sum(row[1] for row in rows) == 1760


def test_a_discount_is_spread_in_the_same_way() -> None:
    made = order(*C2, discount=10)
    assert table(made) == [(4, 324, 312, 12), (5, 135, 129, 6), (10, 765, 695, 70)]
    assert vat.paid_for_lines(made) == {1: 324, 2: 135, 3: 765}


def test_the_fee_has_no_discount_and_follows_what_the_goods_cost_after_it() -> None:
    made = order((100, 4), (100, 22), fee=100, discount=50)
    assert (made.goods, made.discount, made.total) == (200, 100, 200)
    assert vat.fee_by_rate(made) == {4: 50, 22: 50}
    assert [row[:2] for row in table(made)] == [(4, 100), (22, 100)]


def test_lines_of_one_rate_share_its_discount_to_the_cent() -> None:
    made = order((333, 4), (333, 4), (333, 4), discount=10)
    assert vat.paid_for_lines(made) == {1: 300, 2: 300, 3: 299}
    assert sum(vat.paid_for_lines(made).values()) == made.total == 899


def test_it_is_worked_out_once_per_document_and_rate() -> None:
    assert table(order(*[(117, 4)] * 7)) == [(4, 819, 788, 31)]
    assert table(order(*((gross, 4) for gross in (99, 149, 235, 75, 310)))) == [(4, 868, 835, 33)]


def test_it_adds_up_to_what_is_paid_also_when_everything_is_missing() -> None:
    made = missing(order(*C2, fee=400), 1, 2, 3)
    rows = table(made)
    assert sum(row[1] for row in rows) == made.total == 400
    assert sum(row[2] + row[3] for row in rows) == 400


def test_the_fee_is_there_though_the_goods_cost_nothing() -> None:
    """A few grams at a cent a kilo are less than half a cent: the rates share the fee alike."""
    made = order((0, 4), (0, 10), (0, 10), fee=401)
    assert table(made) == [(4, 201, 193, 8), (10, 200, 182, 18)]


def test_a_line_that_costs_nothing_is_among_the_lines_with_nothing() -> None:
    """Also when it was the only one of its rate, and there is a discount."""
    made = missing(order(*C2, discount=10), 2)
    assert vat.paid_for_lines(made) == {1: 324, 2: 0, 3: 765}


def test_what_was_given_back_is_taken_from_its_own_rate() -> None:
    made = order(*C2)
    made.refunds = [Refund(line_id=2, vat_rate=5, amount=150), Refund(line_id=3, vat_rate=10, amount=50)]
    made.refunds += [Refund(line_id=3, vat_rate=10, amount=-50)]
    assert vat.refunded_by_rate(made.refunds) == {5: 150}
    assert vat.remaining_by_rate(made) == {4: 360, 5: 0, 10: 850}
