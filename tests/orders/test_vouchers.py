"""The "buono spesa": it holds what an order may cost, pays what it does cost, and the rest comes back. Cents."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from core import clock, undo
from core.database import db
from core.errors import Conflict, Refused
from orders import (
    books,
    cancelling,
    changing,
    giving_back,
    handing_over,
    placing,
    preparing,
    rescheduling,
    vouchers,
)
from orders.models import Order, Voucher
from orders.placing import Wish
from people import tokens
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

IN_A_YEAR = timedelta(days=365)
numbers = count()


def issued(cents: int = 1000, **more: object) -> vouchers.Issued:
    row = {"expires_on": clock.today() + IN_A_YEAR, "by": None, **more}
    return vouchers.issue(cents, **row)[0]  # type: ignore[arg-type]


def code_of(given: vouchers.Issued) -> str:
    return vouchers.read_codes(given.code)[0]


def ordered(*given: vouchers.Issued, grams: int = 1000, price: int = 1000, **more: Any) -> Order:
    """Ten euro of carrots, eleven at most."""
    carrots = make.product(f"carote-{next(numbers)}", name="Carote", kind="by_weight", price=price, left=90_000)
    return make.order(make.wish(carrots, grams), codes=[code_of(each) for each in given], **more)


def balance(given: vouchers.Issued) -> int:
    make.fresh(given.voucher)
    return given.voucher.balance


def ready(order: Order, grams: int = 1000) -> Order:
    make.pack(make.closed(order).lines[0], grams)
    return preparing.finish(order.id, by=None)


def paid(order: Order) -> list[tuple[str, int]]:
    make.fresh(order)
    return [(payment.kind, payment.amount) for payment in order.payments]


def what_is_wrong() -> list[str]:
    """The shop's own look through its books: vouchers, what orders hold of them and what they have paid."""
    problems = list(books.look().problems)
    db.session.rollback()
    return problems


# --- issuing


def test_a_code_is_written_so_that_it_can_be_typed_and_only_its_hash_is_kept() -> None:
    made = issued()
    assert len(made.code) == 14
    assert set(made.code) <= {*vouchers.SIGNS, "-"}
    assert made.voucher.code_hash == tokens.hashed(made.code.replace("-", ""))
    assert made.code.endswith(made.voucher.ending)


@pytest.mark.parametrize("typed", ["{}", "{}\n", " {} ", "il mio: {}"])
def test_a_code_is_read_however_it_is_spaced(typed: str) -> None:
    made = issued()
    plain = made.code.replace("-", "")
    if "mio" in typed:
        with pytest.raises(Refused, match="12 lettere e cifre"):
            vouchers.read_codes(typed.format(made.code))
        return
    assert vouchers.read_codes(typed.format(made.code.lower())) == [plain]
    assert vouchers.read_codes(" ".join(plain)) == [plain]
    assert vouchers.read_codes(f"{made.code}, {made.code}") == [plain]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cents": 0}, "fino a 200,00"),
        ({"cents": 20_001}, "fino a 200,00"),
        ({"days": 0}, "da domani"),
        ({"days": 731}, "da domani"),
        ({"how_many": 0}, "da 1 a 50"),
        ({"how_many": 51}, "da 1 a 50"),
    ],
)
def test_a_voucher_that_cannot_be_is_refused(change: dict[str, int], says: str) -> None:
    row = {"cents": 1000, "days": 30, "how_many": 1} | change
    with pytest.raises(Refused, match=says):
        vouchers.issue(row["cents"], clock.today() + timedelta(days=row["days"]), how_many=row["how_many"], by=None)
    assert db.session.scalar(select(func.count()).select_from(Voucher)) == 0


# --- from ordering to the pick-up


def test_an_order_holds_its_maximum_and_pays_its_price() -> None:
    made = issued(5000)
    order = ordered(made)
    assert (order.estimate, order.maximum, order.held, balance(made)) == (1000, 1100, 1100, 3900)
    ready(order, 950)
    assert (paid(order), order.held, order.due, balance(made)) == ([("voucher", 950)], 0, 0, 4050)
    handing_over.hand_over(order.id, by=None)
    assert what_is_wrong() == []


def test_a_voucher_that_is_too_small_pays_its_part_and_leaves_a_sum_that_coins_make() -> None:
    made = issued(303)
    order = ready(ordered(made))
    assert (paid(order), order.due, balance(made)) == ([("voucher", 300)], 700, 3)
    handing_over.take_cash(order.id, by=None, expected=700)
    assert paid(order) == [("voucher", 300), ("cash", 700)]
    assert what_is_wrong() == []


def test_the_one_that_ends_first_pays_first() -> None:
    late, early = issued(600), issued(600, expires_on=clock.today() + timedelta(days=9))
    order = ready(ordered(late, early))
    assert (balance(early), balance(late), order.due) == (0, 200, 0)
    assert what_is_wrong() == []


def test_credit_pays_after_vouchers() -> None:
    first = ready(ordered())
    handing_over.take_cash(first.id, by=None, expected=first.due)
    handing_over.hand_over(first.id, by=None)
    giving_back.give_back(first.id, {first.lines[0].id: 500}, how="credit", reason="molle", by=None)
    order = make.order(make.wish(first.lines[0].product, 1000), codes=[code_of(issued(700))])
    assert paid(ready(order)) == [("voucher", 700), ("credit", 300)]


@pytest.mark.parametrize(
    ("state", "says"),
    [("unknown", "guarda il codice"), ("void", "non vale più"), ("over", "è scaduto"), ("empty", "già stato usato")],
)
def test_a_code_that_pays_nothing_is_refused_and_nothing_happens(state: str, says: str) -> None:
    made = issued(500)
    carrots, pickup = make.carrots(left=9000), make.pickup(days=40)
    code = "222222222222" if state == "unknown" else code_of(made)
    if state == "void":
        vouchers.void(made.voucher.id, by=None)
    if state == "empty":
        make.order(make.wish(carrots, 3000), codes=[code])
    with clock.at(clock.now() + (timedelta(days=366) if state == "over" else timedelta())):
        at = make.pickup() if state == "over" else pickup
        with pytest.raises(Refused, match=says):
            make.order(make.wish(carrots, 500), at=at, codes=[code])
    assert db.session.scalar(select(func.count()).select_from(Order)) == (state == "empty")


def test_less_on_it_than_the_page_showed_is_shown_and_asked_again() -> None:
    made = issued(1500)
    ordered(made)
    with pytest.raises(Conflict, match="di meno di prima"):
        make.order(make.wish(make.honey()), codes=[code_of(made)], seen_held=500)
    assert balance(made) == 400


# --- it comes back


def test_cancelled_it_is_good_for_as_many_days_as_it_had_left() -> None:
    last = clock.today() + timedelta(days=2)
    made = issued(2000, expires_on=last)
    order = ordered(made, at=make.pickup(days=9))
    with clock.at(clock.now() + timedelta(days=5)):
        cancelling.cancel(order.id)
        assert (balance(made), made.voucher.expires_on) == (2000, clock.today() + timedelta(days=2))
    assert (order.held, what_is_wrong()) == (0, [])


def test_ordering_and_cancelling_on_its_last_day_makes_no_voucher_last_longer() -> None:
    last = clock.today() + timedelta(days=1)
    made = issued(2000, expires_on=last)
    with clock.at(clock.now() + timedelta(days=1)):
        for _turn in range(2):
            cancelling.cancel(ordered(made, at=make.pickup(days=9)).id)
    assert (balance(made), made.voucher.expires_on) == (2000, last)


def test_two_orders_that_come_to_nothing_lengthen_it_no_more_than_one() -> None:
    made = issued(2000, expires_on=clock.today() + timedelta(days=1))
    orders = [ordered(made, grams=500, at=make.pickup(days=9)) for _each in range(2)]
    with clock.at(clock.now() + timedelta(days=5)):
        for order in orders:
            cancelling.cancel(order.id)
        assert (balance(made), made.voucher.expires_on) == (2000, clock.today() + timedelta(days=1))


def test_what_is_spent_makes_the_rest_of_it_last_no_longer() -> None:
    last = clock.today() + timedelta(days=1)
    made = issued(2000, expires_on=last)
    order = make.order(make.wish(make.honey(price=850)), at=make.pickup(days=5), codes=[code_of(made)])
    with clock.at(order.pickup.from_at):
        make.pack(make.closed(order).lines[0])
        preparing.finish(order.id, by=None)
    assert (balance(made), made.voucher.expires_on) == (1150, last)


def test_what_was_never_spent_is_good_again_though_its_day_is_over() -> None:
    made = issued(2000, expires_on=clock.today() + timedelta(days=1))
    order = ordered(made, at=make.pickup(days=5))
    with clock.at(order.pickup.from_at):
        line = make.closed(order).lines[0]
        preparing.mark_missing(order.id, line.id, version=line.version, by=None)
        preparing.finish(order.id, by=None)
        assert (balance(made), vouchers.state(made.voucher)) == (2000, "")


def test_changed_it_holds_what_the_order_may_cost_now() -> None:
    made = issued(2000)
    order = ordered(made)
    carrots = order.lines[0].product
    for turn, (grams, held) in enumerate([(500, 550), (1500, 1650), (3000, 2000)]):
        wish = make.wish(carrots, grams)
        changing.change(order.id, [wish], version=order.version, key=f"a change of its own {turn}")
        assert (order.held, balance(made)) == (held, 2000 - held)
    assert what_is_wrong() == []


def test_ready_and_not_ready_again_it_holds_as_before() -> None:
    made = issued(2000)
    order = ready(ordered(made), 900)
    undo.undo_last(order, by=None)
    assert (order.held, balance(made), order.due) == (1100, 900, 900)
    preparing.finish(order.id, by=None)
    assert (order.held, balance(made), order.due) == (0, 1100, 0)
    assert what_is_wrong() == []


def test_not_collected_it_comes_back_and_pays_again_when_they_come_after_all() -> None:
    made = issued(2000)
    order = make.prepared(ordered(made))
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(order.id, by=None)
        assert (balance(made), order.settled) == (2000, 0)
        handing_over.expect_again(order.id, by=None)
    assert (balance(made), order.due) == (1000, 0)
    assert what_is_wrong() == []


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_pick_up_called_off_and_on_again_leaves_it_as_it_was(is_ready: bool) -> None:
    made = issued(2000)
    order = ordered(made)
    if is_ready:
        ready(order)
    before = (order.held, order.due, balance(made))
    rescheduling.call_off(order.pickup_id, "gelata", by=None)
    assert (balance(made), order.held) == (2000, 0)
    undo.undo_last(order.pickup, by=None)
    make.fresh(order)
    assert (order.held, order.due, balance(made)) == before
    assert what_is_wrong() == []


def test_what_was_spent_meanwhile_is_not_taken_twice() -> None:
    made = issued(1100)
    order = ordered(made)
    rescheduling.call_off(order.pickup_id, "gelata", by=None)
    make.order(make.wish(order.lines[0].product, 500), codes=[code_of(made)])
    with pytest.raises(Conflict, match="già stato usato"):
        undo.undo_last(order.pickup, by=None)
    assert (balance(made), what_is_wrong()) == (550, [])


def test_what_was_paid_with_it_goes_back_to_it() -> None:
    made = issued(600)
    order = ready(ordered(made))
    handing_over.take_card(order.id, by=None, expected=400)
    handing_over.hand_over(order.id, by=None)
    assert giving_back.ways(order) == {"card_terminal": 400, "voucher": 600, "credit": 1000}
    giving_back.give_back(order.id, {order.lines[0].id: 250}, how="voucher", reason="molle", by=None)
    assert (balance(made), giving_back.ways(order)["voucher"]) == (250, 350)
    undo.undo_last(order, by=None)
    assert (balance(made), what_is_wrong()) == (0, [])


# --- the staff


def test_a_lost_paper_is_written_anew_and_the_old_code_opens_nothing() -> None:
    made = issued(2000)
    old, order = code_of(made), ordered(made)
    fresh = vouchers.write_anew(made.voucher.id, by=None)
    assert vouchers.find_usable([code_of(fresh)])[0].balance == 900
    with pytest.raises(Refused, match="guarda il codice"):
        vouchers.find_usable([old])
    assert ready(order).due == 0


def test_a_void_one_pays_nothing_and_can_be_taken_back() -> None:
    made = issued(2000)
    order = ordered(made)
    vouchers.void(made.voucher.id, by=None)
    assert ready(order).due == 0  # what it held was the order's already
    assert balance(made) == 1000
    vouchers.revive(made.voucher.id)
    assert vouchers.find_usable([code_of(made)])


def test_an_issue_is_taken_back_only_while_nobody_has_used_it() -> None:
    used, fresh = issued(2000), issued(2000)
    ordered(used)
    with pytest.raises(Conflict, match="già stato usato"):
        vouchers.unissue(used.voucher.id)
    vouchers.unissue(fresh.voucher.id)
    assert (balance(fresh), what_is_wrong()) == (0, [])


# --- many at once


def _buy(pickup_id: int, wish: Wish, code: str, number: int) -> int:
    order = placing.place([wish], make.citizen(), pickup_id, key=f"a form of its own {number}", codes=[code])
    return order.held


def test_sixty_orders_at_once_never_spend_it_twice(app: Flask) -> None:
    made = issued(10_000)
    carrots, pickup = make.carrots(price=1000, left=90_000), make.pickup(capacity=60)
    code, wish = code_of(made), make.wish(carrots, 500)
    deeds = [partial(_buy, pickup.id, wish, code, number) for number in range(60)]
    answers = together(app, *deeds)
    assert faults(answers, Refused) == []
    held = [answer for answer in answers if isinstance(answer, int)]
    assert sum(held) == 10_000
    assert (balance(made), what_is_wrong()) == (0, [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sums=some.lists(some.integers(1, 3000), min_size=1, max_size=3),
    grams=some.integers(1, 40),
    percent=some.integers(50, 200),
    end=some.sampled_from(["paid", "cancelled", "reopened"]),
)
def test_whatever_is_weighed_what_was_issued_is_what_is_left_and_what_was_paid(
    sums: list[int], grams: int, percent: int, end: str
) -> None:
    many = [issued(cents) for cents in sums]
    order = ordered(*many, grams=grams * 100)
    assert order.held == min(order.maximum, sum(sums))
    if end == "cancelled":
        cancelling.cancel(order.id)
    else:
        ready(order, grams * percent)
    if end == "reopened":
        undo.undo_last(order, by=None)
        preparing.finish(order.id, by=None)
    by_vouchers = sum(each.amount for each in order.payments if each.kind == "voucher")
    assert sum(balance(each) for each in many) == sum(sums) - by_vouchers
    assert 0 <= by_vouchers <= order.total
    assert order.total - by_vouchers == 0 or (order.total - by_vouchers) % 5 == 0 or by_vouchers == 0
    assert what_is_wrong() == []


def test_an_order_of_which_nothing_came_holds_again_when_something_does() -> None:
    made = issued(2000)
    order = make.closed(ordered(made))
    preparing.mark_missing(order.id, order.lines[0].id, version=order.lines[0].version, by=None)
    preparing.finish(order.id, by=None)
    assert (order.held, order.due, balance(made)) == (0, 0, 2000)
    undo.undo_last(order, by=None)
    undo.undo_last(order, by=None)
    assert (order.held, balance(made)) == (1100, 900)
    assert (ready(order).due, what_is_wrong()) == (0, [])


def test_deeds_on_orders_that_share_vouchers_never_wait_in_a_ring(app: Flask) -> None:
    first, second = issued(50_00, expires_on=clock.today() + timedelta(days=9)), issued(50_00)
    carrots = make.carrots(price=1000, left=90_000)
    for turn in range(3):
        pickup = make.pickup(capacity=60)
        codes = [code_of(first), code_of(second)][:: 1 if turn % 2 else -1]
        orders = [
            make.order(make.wish(carrots, 500), at=pickup, codes=codes, key=f"shared {turn} {number}")
            for number in range(4)
        ]
        deeds = [partial(cancelling.cancel, order.id) for order in orders]
        deeds += [partial(_buy, pickup.id, make.wish(carrots, 500), codes[0], 100 * turn + n) for n in range(4)]
        assert faults(together(app, *deeds), Conflict, Refused) == []
    assert what_is_wrong() == []


def test_a_crate_that_gets_ready_while_orders_with_the_same_voucher_are_cancelled_waits_in_no_ring(app: Flask) -> None:
    made = issued(90_00)
    carrots = make.carrots(price=1000, left=90_000)
    for turn in range(4):
        pickup = make.pickup(capacity=60)
        orders = [
            make.order(make.wish(carrots, 500), at=pickup, codes=[code_of(made)], key=f"ready {turn} {number}")
            for number in range(4)
        ]
        for order in orders:
            make.pack(make.closed(order).lines[0])
        ready_now = [partial(preparing.finish, order.id, by=None) for order in orders[:2]]
        away = [partial(cancelling.cancel, orders[number].id, as_staff=True) for number in (0, 2, 3)]
        assert faults(together(app, *ready_now, *away), Conflict, Refused) == []
    assert what_is_wrong() == []
