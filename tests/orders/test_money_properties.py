"""For any order and any weights: the parts are the whole to the cent, nothing costs more than was agreed, and what is
given back goes back at the VAT of the sale.

Most orders here live in memory only; where deeds matter a smaller number of them goes through the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.models import Kind, Product, VatRate
from core import clock, undo
from core.database import db, transaction
from core.errors import Conflict, Refused
from core.money import maximum_of, payable, price_of
from orders import giving_back, handing_over, lines, paying, takings, vat
from orders.models import Credit, CreditMove, LineState, Order, OrderLine, Payment
from tests import factories as make
from tests.conftest import empty_database

RATES = (4, 5, 10, 22)
KINDS = (Kind.BY_WEIGHT, Kind.PIECE_BY_WEIGHT, Kind.FIXED)
SATURDAY = date(2026, 11, 21)

STEADY = settings(deadline=None, database=None, derandomize=True)
IN_MEMORY = settings(STEADY, max_examples=500)
IN_THE_DATABASE = settings(STEADY, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(deadline=None, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])

numbers = count(1)


# --- any order


@st.composite
def any_line(draw: Callable[[Any], Any], position: int) -> list[OrderLine]:
    """One line as it may be when a crate is packed, and what came in its place, if something did."""
    line = draw(quoted(position))
    match draw(st.sampled_from(["waiting", "taken", "taken", "short", "missing", "instead"])):
        case "taken":
            taken(line, draw(weights(line)))
        case "short":
            short(line, draw(weights(line)))
        case "missing":
            line.state = LineState.MISSING
        case "instead":
            return [line, draw(in_place_of(line, position))]
    return [line]


@st.composite
def quoted(draw: Callable[[Any], Any], position: int) -> OrderLine:
    """As it was ordered: at a price of a cent and of a hundred euro, with any tolerance."""
    kind = draw(st.sampled_from(KINDS))
    product = a_product(
        position,
        kind=kind,
        price=draw(st.integers(1, 40) | st.integers(1, 10_000)),
        piece_grams=draw(st.integers(1, 3000)) if kind == Kind.PIECE_BY_WEIGHT else None,
        tolerance_percent=draw(st.integers(0, 50)),
    )
    quantity = draw(st.integers(1, 5000) if kind == Kind.BY_WEIGHT else st.integers(1, 20))
    line = lines.snapshot(product, quantity, draw(st.sampled_from(RATES)), position=position)
    line.id, line.product = position, product
    return line


def a_product(number: int, **more: Any) -> Product:
    words = dict.fromkeys(("name_en", "unit", "unit_plural", "unit_en", "unit_plural_en"), "")
    row = {"kind": Kind.BY_WEIGHT, "vat_category": "verdura", "perishable": True, "tolerance_percent": 10, **more}
    return Product(id=number, slug=f"cosa-{number}", name=f"Cosa {number}", **words, **row)


@st.composite
def in_place_of(draw: Callable[[Any], Any], line: OrderLine, position: int) -> OrderLine:
    """Something else, of another price and perhaps another rate, at most at the maximum of the first."""
    other = draw(quoted(position + 100))
    other.substitutes_id, line.state = line.id, LineState.MISSING
    other.estimate, other.maximum = min(other.estimate, line.maximum), line.maximum
    if draw(st.booleans()):
        taken(other, draw(weights(other)))
    return other


def weights(line: OrderLine) -> Any:
    """What the scale may say: about what was ordered, or anything that verbs let pass."""
    expected = line.expected_grams or 1
    return st.integers(max(1, expected * 8 // 10), expected * 13 // 10 + 1) | st.integers(1, 50 * expected)


def taken(line: OrderLine, grams: int) -> None:
    line.state, line.weighed_grams = LineState.TAKEN, grams if line.is_weighed else None


def short(line: OrderLine, grams: int) -> None:
    taken(line, grams)
    line.state, line.packed = LineState.SHORT, None if line.kind == Kind.BY_WEIGHT else max(1, line.quantity // 2)


@st.composite
def any_order(draw: Callable[[Any], Any]) -> Order:
    made = [draw(any_line(position)) for position in range(1, draw(st.integers(1, 12)) + 1)]
    return Order(
        lines=[line for some in made for line in some],
        fee=draw(st.sampled_from([0, 0, 1, 250, 400]) | st.integers(0, 5000)),
        discount_percent=draw(st.sampled_from([0, 0, 10]) | st.integers(0, 50)),
    )


# --- the parts are the whole


def check_the_parts(order: Order) -> None:
    rows, costs = vat.rows(order), vat.paid_for_lines(order)
    assert order.total == sum(line.price_now for line in order.lines) - order.discount + order.fee
    assert sum(row.gross for row in rows) == order.total
    assert sum(row.taxable for row in rows) + sum(row.vat for row in rows) == order.total
    assert sum(vat.goods_by_rate(order).values()) == sum(costs.values()) == order.total - order.fee
    assert sum(vat.fee_by_rate(order).values()) == order.fee
    assert {row.rate for row in rows} <= {line.vat_rate for line in order.lines}
    for line in order.lines:
        assert 0 <= costs[line.id] <= line.price_now
    for row in rows:
        assert row.taxable + row.vat == row.gross > 0
        assert abs(Fraction(100 * row.gross, 100 + row.rate) - row.taxable) <= Fraction(1, 2), "half up"
        assert abs(row.taxable * row.rate - 100 * row.vat) <= 100, "never more than a cent from taxable times rate"


def check_the_shares(order: Order) -> None:
    """Discount and fee follow the value of the goods: no rate and no line is a cent or more from its exact share."""
    for rate, gross in vat.goods_by_rate(order).items():
        before = sum(line.price_now for line in order.lines if line.vat_rate == rate)
        assert abs(before - gross - Fraction(order.discount * before, order.goods or 1)) < 1
    goods = vat.goods_by_rate(order)
    for rate, fee in vat.fee_by_rate(order).items():
        if sum(goods.values()):
            assert abs(fee - Fraction(order.fee * goods.get(rate, 0), sum(goods.values()))) < 1


def check_the_maximum(order: Order) -> None:
    assert order.estimate <= order.maximum
    assert order.total <= order.maximum
    for line in order.lines:
        assert line.price_now <= line.maximum
        if line.final is not None:
            assert line.final + line.gift == line.computed
    by_id = {line.id: line for line in order.lines}
    for other in [line for line in order.lines if line.substitutes_id]:
        first = by_id[int(other.substitutes_id or 0)]
        assert first.price_now + other.price_now <= first.maximum, "what comes in its place never costs more"


def check_cash(order: Order) -> None:
    """Cash and its rounding settle what is due; after something was paid in another way nothing is rounded."""
    for paid_before in (0, order.total // 3):
        order.payments = [Payment(kind="card", amount=paid_before)]
        due = order.due
        cash = paying.cash_due(order)
        order.payments.append(Payment(kind="cash", amount=cash))
        order.payments.append(Payment(kind="rounding", amount=due - cash))
        assert order.due == 0
        assert cash == due if paid_before else cash % 5 == 0
        assert abs(due - cash) <= 2
        assert order.paid + order.payments[-1].amount == order.total


def check(order: Order) -> None:
    note(described(order))
    check_the_parts(order)
    check_the_shares(order)
    check_the_maximum(order)
    check_cash(order)


def described(order: Order) -> str:
    """What Hypothesis prints of an order that does not add up."""
    said = [
        f"{line.id}: {line.kind} {line.quantity} at {line.price}, {line.vat_rate} %, {line.state}, "
        f"weighed {line.weighed_grams}, packed {line.packed}, instead of {line.substitutes_id}, costs {line.price_now}"
        for line in order.lines
    ]
    return "\n".join([f"fee {order.fee}, discount {order.discount_percent} %, total {order.total}", *said])


def test_the_parts_are_the_whole_and_nothing_costs_more_than_was_agreed() -> None:
    settings(IN_MEMORY)(given(any_order())(check))()


@pytest.mark.slow
def test_so_they_are_in_very_many_orders() -> None:
    settings(LONG, max_examples=10_000)(given(any_order())(check))()


def a_fee_alone() -> Order:
    """A few grams at a cent a kilo: the goods cost nothing, the delivery does."""
    order = Order(fee=400, discount_percent=0)
    for position, rate in enumerate((4, 10), start=1):
        order.lines.append(lines.snapshot(a_product(position, price=1), 100, rate, position=position))
    return order


def test_a_fee_is_in_the_vat_table_though_the_goods_cost_less_than_half_a_cent() -> None:
    order = a_fee_alone()
    assert order.total == 400
    assert {row.rate: row.gross for row in vat.rows(order)} == {4: 200, 10: 200}
    assert vat.fee_by_rate(order) == {4: 200, 10: 200}


@IN_MEMORY
@given(st.integers(1, 5000), st.integers(1, 10_000), st.integers(0, 50), st.integers(1, 100_000))
@example(1500, 290, 10, 1420)
def test_grams_become_cents_half_up_and_never_more_than_the_maximum(
    ordered: int, price: int, tolerance: int, weighed: int
) -> None:
    product = a_product(1, price=price, tolerance_percent=tolerance)
    line = lines.snapshot(product, ordered, 4, position=1)
    assert abs(Fraction(ordered * price, 1000) - line.estimate) <= Fraction(1, 2)
    assert line.maximum == maximum_of(line.estimate, tolerance) >= line.estimate
    taken(line, weighed)
    assert line.computed == price_of(weighed, price)
    assert line.final == min(line.computed or 0, line.maximum)


# --- deeds: taken, given back, in the takings


def kept(order: Order, *, ready: datetime) -> int:
    """Written down as a crate that is ready; what happens to it from here on goes through the verbs."""
    first_id = 1000 * next(numbers)
    with clock.at(ready - timedelta(days=2)), transaction() as session:
        place = make.place()
        session.flush()
        pickup = make.pickup(place, days=2)
        session.flush()
        _number_anew(order, first_id)
        order.id, order.number, order.pickup_id, order.crate = first_id, str(first_id), pickup.id, 1
        order.customer, order.email, order.phone = "Maria Rossi", None, "+390381000000"
        order.place_name, order.source, order.placed_at, order.ready_at = "Piazza", "web", clock.now(), clock.now()
        session.add(order)
    return first_id


def _number_anew(order: Order, first_id: int) -> None:
    """Several orders side by side; what still waited in memory is packed as it was ordered."""
    for line in order.lines:
        if line.state == LineState.WAITING:
            taken(line, line.expected_grams or 1)
        line.id, line.product.id, line.product.slug = (
            first_id + line.id,
            first_id + line.id,
            f"cosa-{first_id + line.id}",
        )
        line.product_id, line.slug = line.product.id, line.product.slug
        line.substitutes_id = first_id + line.substitutes_id if line.substitutes_id else None
        line.lot = None if line.state == LineState.MISSING else "2026-11-20"


def found(order_id: int) -> Order:
    make.fresh(None)
    return giving_back.finding.get(order_id)


def hand_over(order_id: int, at: datetime, *, by_card: bool) -> Order:
    with clock.at(at):
        order = found(order_id)
        if by_card:
            handing_over.take_card(order_id, by=None, expected=order.due)
        else:
            handing_over.take_cash(order_id, by=None, expected=handing_over.cash_due(order))
        return handing_over.hand_over(order_id, by=None)


def rates_change() -> None:
    """Every product is in another category from today on, and every rate is another one."""
    with transaction() as session:
        for product in session.query(Product):
            product.vat_category = "tutto"
        session.add(VatRate(category="tutto", rate=21, from_day=SATURDAY - timedelta(days=9), reference="test"))
        session.add(VatRate(category="verdura", rate=21, from_day=SATURDAY - timedelta(days=9), reference="test"))


Complaint = tuple[int, int, str, bool]
complaints = st.lists(
    st.tuples(
        st.integers(0, 99),  # which part; from 90 on everything
        st.sampled_from([1, 7, 50, 99, 100, 100, 101, 500]),  # per cent of what is left of it
        st.sampled_from(["cash", "card_terminal", "credit"]),
        st.booleans(),  # whether it is taken back again
    ),
    min_size=1,
    max_size=8,
)


def complain(order: Order, complaint: Complaint) -> None:
    """One complaint through the verbs; more than was paid is refused and changes nothing."""
    which, percent, how, is_taken_back = complaint
    before = giving_back.possible(order)
    parts = before if which >= 90 else dict(sorted(before.items())[which % len(before) :][:1]) if before else {0: 1}
    parts = {part: max(1, cents * percent // 100) for part, cents in parts.items()}
    is_more = any(cents > before.get(part, 0) for part, cents in parts.items())
    if not before or is_more or sum(parts.values()) > giving_back.ways(order).get(how, 0):  # type: ignore[call-overload]
        with pytest.raises(Refused):
            giving_back.give_back(order.id, parts, how=how, reason="marcio", by=None)  # type: ignore[arg-type]
        assert giving_back.possible(found(order.id)) == before
        return
    giving_back.give_back(order.id, parts, how=how, reason="marcio", by=None)  # type: ignore[arg-type]
    after = giving_back.possible(found(order.id))
    assert {part: before[part] - after.get(part, 0) for part in parts} == parts
    if is_taken_back:
        undo.undo_last(found(order.id))
        assert giving_back.possible(found(order.id)) == before


def check_refunds(order: Order) -> None:
    """Per line, per rate and in all never more than was paid, at the rates that were stored, and always settled."""
    costs, gross, rates = vat.paid_for_lines(order), vat.gross_by_rate(order), {x.id: x.vat_rate for x in order.lines}
    by_line, by_rate = Counter[int](), Counter[int]()
    for refund in order.refunds:
        by_line[refund.line_id or giving_back.FEE] += refund.amount
        by_rate[refund.vat_rate] += refund.amount
        assert refund.line_id is None or refund.vat_rate == rates[refund.line_id]
    for part, cents in by_line.items():
        assert 0 <= cents <= (costs[part] if part else order.fee)
    for rate, cents in by_rate.items():
        assert 0 <= cents <= gross[rate]
    assert set(by_rate) <= set(rates.values())
    assert 0 <= order.refunded == sum(by_rate.values()) <= order.total
    assert order.due == 0


def give_money_back(order: Order, by_card: bool, sequence: Sequence[Complaint]) -> None:
    note(described(order))
    empty_database()
    noon = clock.rome(SATURDAY, 12)
    order_id = kept(order, ready=noon)
    with clock.at(noon):
        hand_over(order_id, noon, by_card=by_card)
        rates_change()
        for complaint in sequence:
            complain(found(order_id), complaint)
            check_refunds(found(order_id))


@pytest.mark.usefixtures("app")
def test_no_sequence_of_complaints_gives_back_more_than_was_paid_nor_at_another_rate() -> None:
    settings(IN_THE_DATABASE)(given(any_order(), st.booleans(), complaints)(give_money_back))()


def give_cash_back(price: int, parts: Sequence[int]) -> None:
    empty_database()
    noon = clock.rome(SATURDAY, 12)
    line = lines.snapshot(a_product(1, kind=Kind.FIXED, price=price), 1, 4, position=1)
    line.id, line.product, line.state = 1, a_product(1, kind=Kind.FIXED, price=price), LineState.TAKEN
    order_id = kept(Order(lines=[line], fee=0, discount_percent=0), ready=noon)
    came_in = hand_over(order_id, noon, by_card=False).paid
    with clock.at(noon):
        for part in (*parts, price):  # and at last all that is left of it
            order = found(order_id)
            possible = sum(giving_back.possible(order).values())
            if cents := min(part, possible, giving_back.ways(order).get("cash", 0)):
                left = {order.lines[0].id: cents}
                giving_back.give_back(order_id, left, how="cash", reason="marcio", by=None)
            check_cash_given_back(found(order_id), came_in)
    assert paying.cash_left(found(order_id)) == 0


def check_cash_given_back(order: Order, came_in: int) -> None:
    sums = Counter[str]()
    for payment in order.payments:
        sums[payment.kind] += payment.amount
        assert payment.kind != "cash" or payment.amount % 5 == 0
    assert 0 <= sums["cash"] <= came_in
    assert sums["cash"] + sums["rounding"] == order.total - order.refunded
    assert order.due == 0


@pytest.mark.usefixtures("app")
def test_however_cash_goes_back_it_is_never_more_than_came_in_and_at_last_all_of_it() -> None:
    prices, parts = st.integers(1, 60) | st.integers(1, 3000), st.lists(st.integers(1, 60) | st.integers(1, 1500))
    once = settings(IN_THE_DATABASE)(given(prices, parts)(give_cash_back))
    example(1002, [503, 499])(example(1002, [503, 498])(once))()


@pytest.mark.slow
@pytest.mark.usefixtures("app")
def test_nor_does_any_of_very_many_sequences() -> None:
    settings(LONG, max_examples=400)(given(any_order(), st.booleans(), complaints)(give_money_back))()


def take_money(order: Order, by_card: bool) -> None:
    note(described(order))
    empty_database()
    noon = clock.rome(SATURDAY, 12)
    order_id = kept(order, ready=noon)
    total = found(order_id).total
    gone = hand_over(order_id, noon, by_card=by_card)
    assert (gone.due, gone.settled) == (0, total)
    rounding = sum(payment.amount for payment in gone.payments if payment.kind == "rounding")
    assert gone.paid == total - rounding
    assert rounding == 0 if by_card else abs(rounding) <= 2
    assert by_card or gone.paid % 5 == 0
    with clock.at(noon):  # on another day the takings are closed
        undo.undo_last(gone)
        if total:
            undo.undo_last(gone)
        else:
            with pytest.raises(Conflict):
                undo.undo_last(gone)
    assert found(order_id).due == total


@pytest.mark.usefixtures("app")
def test_taking_what_is_due_settles_it_and_giving_it_back_does_not() -> None:
    settings(IN_THE_DATABASE)(given(any_order(), st.booleans())(take_money))()


# --- credit


cents = st.integers(0, 12) | st.integers(0, 20_000)


@IN_MEMORY
@given(cents, cents)
@example(852, 300)
@example(4, 3)
def test_credit_pays_all_or_leaves_a_sum_for_coins_and_no_larger_part_would(due: int, balance: int) -> None:
    used = payable(due, balance)
    assert 0 <= used <= min(due, balance)
    if balance >= due:
        assert used == due
    else:
        assert used == 0 or (due - used) % 5 == 0
        fits = [part for part in range(max(0, balance - 9), balance + 1) if (due - part) % 5 == 0]
        assert used == max(fits, default=0)
        assert balance - used <= 4


def pay_with_credit_and_cash(order: Order, balance: int) -> None:
    """Credit first, then cash, then all of it back: no cent is made, lost or rounded beside credit."""
    note(described(order))
    empty_database()
    noon = clock.rome(SATURDAY, 12)
    order_id = kept(order, ready=noon)
    total = found(order_id).total
    with clock.at(noon):
        with transaction() as session:
            session.add(Credit(holder="tel:+390381000000", balance=balance))
        with transaction():
            used = paying.use_credit(found(order_id), None)
        order = found(order_id)
        by_credit, left = paying.credit_paid(order), paying.credit_of(order)
        assert (len(used), by_credit + left) == (1 if by_credit else 0, balance)
        assert left >= 0
        assert by_credit in (0, total) or order.due % 5 == 0
        handing_over.take_cash(order_id, by=None, expected=handing_over.cash_due(order))
        order = found(order_id)
        sums = Counter[str]()
        for payment in order.payments:
            sums[payment.kind] += payment.amount
        assert (order.due, sums["credit"]) == (0, by_credit)
        assert sums["cash"] % 5 == 0
        assert sums["cash"] + sums["rounding"] == total - by_credit
        assert sums["rounding"] == 0 if by_credit else abs(sums["rounding"]) <= 2
        if total > by_credit:
            undo.undo_last(order)
        with transaction():
            paying.counter(found(order_id), used, None)
        assert (found(order_id).settled, paying.credit_of(found(order_id))) == (0, balance)
        assert sum(db.session.scalars(select(CreditMove.amount))) == 0


@pytest.mark.usefixtures("app")
def test_credit_and_cash_together_settle_any_order_to_the_cent() -> None:
    balances = st.integers(0, 9) | st.integers(0, 3000) | st.integers(0, 100_000)
    settings(IN_THE_DATABASE)(given(any_order(), balances)(pay_with_credit_and_cash))()


Week = list[tuple[Order, int, bool, list[tuple[int, Complaint]]]]
weeks = st.lists(
    st.tuples(
        any_order(),
        st.integers(0, 5 * 24),  # hours after Saturday noon
        st.booleans(),  # by card
        st.lists(st.tuples(st.integers(0, 9 * 24), complaints.map(lambda some: some[0])), max_size=3),
    ),
    min_size=1,
    max_size=3,
)


def add_up_the_days(week: Week) -> None:
    empty_database()
    noon = clock.rome(SATURDAY, 12)
    ids = []
    for order, hours, by_card, later in week:
        note(described(order))
        at = noon + timedelta(hours=hours)
        ids.append(kept(order, ready=at))
        hand_over(ids[-1], at, by_card=by_card)
        for wait, complaint in later:
            with clock.at(at + timedelta(hours=wait)):
                complain(found(ids[-1]), complaint)
    orders = [found(order_id) for order_id in ids]
    days = takings.between(SATURDAY, SATURDAY + timedelta(days=30))
    assert sum(day.orders for day in days) == len(orders)
    assert sum(sum(day.sold.values()) for day in days) == sum(order.total for order in orders)
    assert sum(day.total for day in days) == sum(order.total - order.refunded for order in orders)
    by_rate = Counter[int]()
    for order in orders:
        by_rate.update(vat.remaining_by_rate(order))
    assert {row.rate: row.gross for row in takings.vat_of(days)} == {rate: c for rate, c in by_rate.items() if c}
    assert sum(row.taxable + row.vat for row in takings.vat_of(days)) == sum(day.total for day in days)
    assert sum(sum(day.means.values()) for day in days) == sum(order.settled for order in orders)


@pytest.mark.usefixtures("app")
def test_the_takings_of_the_days_are_what_was_handed_over_less_what_was_given_back() -> None:
    settings(IN_THE_DATABASE)(given(weeks)(add_up_the_days))()


@pytest.mark.slow
@pytest.mark.usefixtures("app")
def test_the_takings_of_very_many_weeks() -> None:
    settings(LONG, max_examples=200)(given(weeks)(add_up_the_days))()
