"""A crate waits until noon of the day after its pick-up. Then it leaves the desk's lists and waits for a tutor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale

from core import clock, journal, outbox, undo
from core.database import db
from core.errors import Conflict, NotFound
from orders import (
    books,
    cancelling,
    finding,
    giving_back,
    handing_over,
    letters,
    paying,
    preparing,
    reasons,
    rescheduling,
    terms,
)
from orders.models import Order, Status
from tests import factories as make
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("app")

SECOND = timedelta(seconds=1)
WEDNESDAY = clock.rome(date(2026, 12, 2), 9)
DAYS = {
    "in winter": (date(2026, 12, 5), datetime(2026, 12, 6, 11, tzinfo=UTC)),
    "before the missing hour": (date(2026, 3, 28), datetime(2026, 3, 29, 10, tzinfo=UTC)),
    "on the day of the missing hour": (date(2026, 3, 29), datetime(2026, 3, 30, 10, tzinfo=UTC)),
    "before the doubled hour": (date(2026, 10, 24), datetime(2026, 10, 25, 11, tzinfo=UTC)),
    "on the day of the doubled hour": (date(2026, 10, 25), datetime(2026, 10, 26, 11, tzinfo=UTC)),
}


@pytest.fixture(autouse=True)
def on_a_wednesday() -> Iterator[None]:
    with clock.at(WEDNESDAY):
        yield


def over(order: Order) -> datetime:
    """The first moment at which it waits no longer."""
    return terms.kept_until(order)


def where_it_is(order: Order) -> list[str]:
    """The lists that show it."""
    lists = {
        "to prepare": finding.to_prepare(),
        "to hand over": finding.to_hand_over(),
        "left over": finding.left_over(),
    }
    return [name for name, found in lists.items() if order.id in [each.id for each in found]]


# --- until when


@pytest.mark.parametrize(("day", "noon"), DAYS.values(), ids=DAYS.keys())
def test_a_crate_waits_until_noon_of_the_next_day_to_the_second(day: date, noon: datetime) -> None:
    with clock.at(clock.rome(day - timedelta(days=3), 9)):
        pickup = make.pickup()
        ready, begun = make.prepared(make.order(at=pickup)), make.closed(make.order())
        assert {pickup.day, begun.pickup.day} == {day}
    with clock.at(noon - SECOND):
        assert where_it_is(ready) == ["to hand over"]
        assert where_it_is(begun) == ["to prepare"]
        assert finding.how_many_left_over() == 0
        assert [finding.get_crate(order.id).id for order in (ready, begun)] == [ready.id, begun.id]
    with clock.at(noon):
        assert where_it_is(ready) == where_it_is(begun) == ["left over"]
        assert finding.how_many_left_over() == 2
        for order in (ready, begun):
            with pytest.raises(NotFound, match="non c'è più"):
                finding.get_crate(order.id)
            assert finding.get_crate(order.id, late=True).id == order.id


@pytest.mark.parametrize("hours", [(7, 8), (11, 12), (16, 18), (20, 23)])
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 25)])
def test_the_database_and_the_clock_on_the_wall_agree_at_every_hour(day: date, hours: tuple[int, int]) -> None:
    with clock.at(clock.rome(day - timedelta(days=3), 9)):
        order = make.closed(make.order(at=make.pickup(hours=hours)))
    lists = set()
    for hour in range(60):
        with clock.at(order.pickup.to_at + timedelta(hours=hour)):
            shown = where_it_is(order)
            assert shown == (["to prepare"] if finding.is_kept(order) else ["left over"])
            lists.add(*shown)
    assert lists == {"to prepare", "left over"}


def test_a_pick_up_that_was_moved_is_kept_after_its_new_day() -> None:
    order = make.order()
    before = over(order)
    day = order.pickup.day + timedelta(days=2)
    rescheduling.move(order.pickup_id, day=day, from_minute=960, to_minute=1080, reason="Gelo", by=None)
    make.closed(order)
    with clock.at(before):
        assert where_it_is(order) == ["to prepare"]
    with clock.at(before + timedelta(days=2)):
        assert where_it_is(order) == ["left over"]


# --- what is there


def test_whatever_is_not_settled_is_there_and_nothing_else() -> None:
    pickup = make.pickup()
    honey = make.honey()
    left = {
        name: make.order(make.wish(honey), make.wish(make.chard() if not n else make.product()), at=pickup)
        for n, name in enumerate(("ready", "half", "never", "given", "put away", "ours"))
    }
    wanted = ["ready", "half", "never"]
    off = make.order(make.wish(honey), at=pickup)
    cancelling.cancel(off.id)
    for name in ("ready", "given", "put away"):
        make.prepared(left[name])
    first = left["half"].lines[0]
    preparing.take_line(left["half"].id, first.id, version=first.version, by=None)
    due = handing_over.cash_due(left["given"])
    handing_over.take_cash(left["given"].id, by=None, expected=due)
    handing_over.hand_over(left["given"].id, by=None)
    with clock.at(pickup.to_at):
        handing_over.mark_not_collected(left["put away"].id, by=None)
    with clock.at(over(left["ready"])):
        cancelling.own_up(left["ours"].id, by=None)
        assert [order.id for order in finding.left_over()] == [left[name].id for name in wanted]
        assert finding.how_many_left_over() == 3


def test_an_order_that_never_got_a_number_is_there_too_after_the_crates() -> None:
    """Nobody closed its pick-up: the worker was down."""
    pickup = make.pickup()
    plain = make.order(at=pickup)
    with clock.at(over(plain)):
        assert [order.crate for order in finding.left_over()] == [None]
        assert where_it_is(plain) == ["left over"]


def test_the_oldest_pick_up_comes_first_and_each_stays_together() -> None:
    """Two pick-ups of the same hour in two places do not mix."""
    later, here, there = make.pickup(days=4), make.pickup(make.place()), make.pickup(make.place())
    morning = make.pickup(hours=(10, 12))
    orders = [make.order(at=pickup) for pickup in (later, there, here, morning, there, here)]
    for order in orders[:4]:
        make.closed(order)
    with clock.at(over(orders[0])):
        found = finding.left_over()
        assert [order.pickup_id for order in found] == [
            morning.id,
            *[here.id] * 2,
            *[there.id] * 2,
            later.id,
        ]
        assert [order.crate for order in found] == [1, 1, 2, 1, 2, 1]
        assert [order.id for order in finding.left_over(most=2)] == [order.id for order in found[:2]]


def test_practice_is_never_left_over() -> None:
    jar, pickup = make.product("vasetto-di-prova", practice=True), make.pickup(practice=True)
    order = make.prepared(make.order(make.wish(jar), at=pickup))
    with clock.at(over(order)):
        assert (finding.left_over(), finding.how_many_left_over()) == ([], 0)
        assert finding.to_hand_over(practice=True) == []
        handing_over.mark_not_collected(order.id, by=None)
        assert finding.put_away_since(clock.now() - timedelta(minutes=15)) == []


def test_many_take_as_many_statements_as_few() -> None:
    counts = []
    for how_many in (2, 9):
        orders = [make.prepared(make.order(make.wish(make.product()))) for _each in range(how_many)]
        with clock.at(over(orders[0])):
            make.fresh(orders)
            with statements() as asked:
                found = finding.left_over()
                assert all(order.due and order.lines and order.pickup.place.name for order in found)
            assert len(found) >= how_many
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


# --- nobody came


def test_all_of_them_at_once_are_a_deed_a_letter_and_an_undo_for_each() -> None:
    honey = make.honey(left=10)
    pickup = make.pickup()
    orders = [make.order(make.wish(honey), make.wish(make.product()), at=pickup) for _each in range(3)]
    for order in orders:
        make.prepared(order)
    with clock.at(over(orders[0])):
        handing_over.mark_all_not_collected([order.id for order in reversed(orders)], by=None)
        make.fresh(orders)
        assert {order.status for order in orders} == {Status.NOT_COLLECTED}
        assert honey.left == 10
        assert finding.left_over() == []
        put_away = finding.put_away_since(clock.now())
        assert [order.id for order, _deed in put_away] == [order.id for order in orders]
        for order, deed in put_away:
            newest = undo.newest(order)
            assert newest is not None
            assert (deed.id, deed.subject_id) == (newest.id, order.id)
            assert [item.payload["letter"] for item in finding.letters_of(order) if item.deed == deed.key] == [
                "not_collected"
            ]
        undo.undo_last(orders[1], expected=put_away[1][1].id)
        assert [order.id for order in finding.left_over()] == [orders[1].id]
        assert [order.id for order, _deed in finding.put_away_since(clock.now())] == [orders[0].id, orders[2].id]


def test_one_that_refuses_keeps_all_as_they_were() -> None:
    pickup = make.pickup()
    orders = [make.order(at=pickup) for _each in range(2)]
    for order in orders:
        make.prepared(order)
    handing_over.take_cash(orders[1].id, by=None, expected=850)
    with clock.at(over(orders[0])):
        for ids, reason in (
            ([order.id for order in orders], Conflict),
            ([orders[0].id, 987_654], NotFound),
        ):
            with pytest.raises(reason):
                handing_over.mark_all_not_collected(ids, by=None)
            db.session.rollback()
            assert [order.not_collected_at for order in orders] == [None, None]
    assert handing_over.mark_all_not_collected([], by=None) == []


def test_whoever_was_put_away_twice_is_undone_by_the_second_deed() -> None:
    order = make.prepared(make.order())
    with clock.at(over(order)):
        handing_over.mark_not_collected(order.id, by=None)
        undo.undo_last(order)
        handing_over.mark_not_collected(order.id, by=None)
        [(found, deed)] = finding.put_away_since(clock.now())
        assert undo.newest(found) is not None
        undo.undo_last(found, expected=deed.id)
        assert where_it_is(order) == ["left over"]


def test_what_was_put_away_in_its_time_or_long_ago_was_not_left_over() -> None:
    order = make.prepared(make.order())
    with clock.at(over(order) - SECOND):
        handing_over.mark_not_collected(order.id, by=None)
        assert finding.put_away_since(clock.now()) == []
        undo.undo_last(order)
    with clock.at(over(order)):
        handing_over.mark_not_collected(order.id, by=None)
        assert [each.id for each, _deed in finding.put_away_since(clock.now())] == [order.id]
        assert finding.put_away_since(clock.now() + SECOND) == []


def test_who_comes_after_the_keeping_time_still_gets_the_crate() -> None:
    order = make.prepared(make.order())
    with clock.at(over(order) + timedelta(days=3)):
        handing_over.mark_not_collected(order.id, by=None)
        handing_over.expect_again(order.id, by=None)
        assert where_it_is(order) == ["left over"]
        handing_over.take_cash(order.id, by=None, expected=850)
        handing_over.hand_over(order.id, by=None)
        assert where_it_is(order) == []


# --- we did not prepare it


def half_prepared() -> Order:
    """Chard that is in the crate already, and honey that is not; credit of 4.00 waits."""
    honey, chard = make.honey(left=5), make.chard(left=20)
    before = make.prepared(make.order(make.wish(honey)))
    handing_over.take_cash(before.id, by=None, expected=850)
    handing_over.hand_over(before.id, by=None)
    giving_back.give_back(before.id, {before.lines[0].id: 400}, how="credit", reason="rotto", by=None)
    return make.closed(make.order(make.wish(chard, 3), make.wish(honey)))


@pytest.mark.parametrize(("gone", "chard"), [(True, 17), (False, 20)])
def test_owning_up_gives_back_what_keeps_and_the_rest_where_it_is_still_there(gone: bool, chard: int) -> None:
    order = half_prepared()
    with clock.at(over(order)):
        cancelling.own_up(order.id, by=None, gone=gone)
        cancelling.own_up(order.id, by=None, gone=gone)  # a second time changes nothing
    make.fresh(order)
    left = {line.slug: line.product.left for line in order.lines}
    assert left == {"bietole": chard, "miele-acacia": 4}
    assert (order.status, order.due, order.cancelled_why) == (Status.CANCELLED, 0, reasons.key("non-preparata"))
    assert [entry.action for entry in journal.entries(order)].count("order.cancelled") == 1
    assert paying.credit_of(order) == 400
    assert finding.times_not_collected(order) == 0
    assert order.pickup.taken == 0


def test_owning_up_has_its_time_and_is_not_for_what_is_ready() -> None:
    begun, ready = make.closed(make.order()), make.prepared(make.order())
    with clock.at(over(begun) - SECOND), pytest.raises(Conflict, match="C'è ancora tempo"):
        cancelling.own_up(begun.id, by=None)
    with clock.at(over(ready)):
        with pytest.raises(Conflict, match="è pronta"):
            cancelling.own_up(ready.id, by=None)
        assert {order.id for order in finding.left_over()} == {begun.id, ready.id}


def letter(order: Order) -> str:
    """The letter about its end, as text."""
    body = letters.write("cancelled", finding.get(order.id), "TOKEN", "<id@prova.example>").get_body(("plain",))
    assert body is not None
    return words(body.get_content())


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_letter_says_sorry_in_the_words_of_whoever_ordered(language: str) -> None:
    order = make.closed(make.order(language=language))
    with clock.at(over(order)):
        cancelling.own_up(order.id, by=None)
    with force_locale(language):
        sorry = {
            "it": "Non siamo riusciti a preparare la tua cassetta, e ci dispiace. Non devi pagare nulla.",
            "en": f"we have cancelled your order. {reasons.say(reasons.key('non-preparata'))} There is nothing to pay.",
        }
    assert sorry[language] in letter(order)


@pytest.mark.parametrize("why", ["citizen", "motivo:telefonata", "Si trasferisce"])
def test_a_letter_about_the_citizens_own_deed_gives_no_reason(why: str) -> None:
    order = make.order()
    cancelling.cancel(order.id, why=why, as_staff=True)
    assert "abbiamo disdetto il tuo ordine. Non devi pagare nulla. Se ti va, torna a trovarci." in letter(order)


def test_the_letter_of_owning_up_leaves_at_once() -> None:
    order = make.closed(make.order())
    outbox.send_due()
    with clock.at(over(order)):
        cancelling.own_up(order.id, by=None)
        outbox.send_due()
        assert finding.letters_of(order)[0].state == "sent"


def test_the_books_balance_whatever_became_of_what_was_left() -> None:
    ours, late = half_prepared(), make.prepared(make.order())
    with clock.at(over(ours)):
        cancelling.own_up(ours.id, by=None, gone=True)
        handing_over.mark_all_not_collected([late.id], by=None)
        assert books.look().problems == []
