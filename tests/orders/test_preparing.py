"""Preparing and handing over: each step a deed, each deed with its way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock, outbox, undo
from core.database import db
from core.errors import Conflict, Refused
from orders import finding, handing_over, preparing
from orders.models import LineState, Order, Status
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def state(order: Order) -> tuple[object, ...]:
    """What the verbs derive from an order: lines, due, status, drawer."""
    make.fresh(order)
    lines = tuple((line.state, line.weighed_grams, line.final, line.lot) for line in order.lines)
    return lines, order.due, order.settled, order.status, order.labelled_at is None, order.ready_at is None


@pytest.fixture
def order() -> Order:
    wishes = make.wish(make.honey()), make.wish(make.carrots(price=290), 1500)
    return make.closed(make.order(*wishes))


def test_a_crate_is_prepared_line_by_line(order: Order) -> None:
    honey, carrots = order.lines
    preparing.take_line(order.id, honey.id, version=0, by=None)
    preparing.weigh_line(order.id, carrots.id, 1420, version=0, by=None)
    preparing.finish(order.id, by=None)
    assert order.status == Status.READY
    assert [line.final for line in order.lines] == [850, 412]
    assert order.due == 1262
    assert all(line.lot for line in order.lines)


@pytest.mark.parametrize(("grams", "cents", "gift"), [(1420, 412, 0), (1610, 467, 0), (1700, 479, 14)])
def test_c5_the_weight_decides_and_the_maximum_holds(order: Order, grams: int, cents: int, gift: int) -> None:
    line = order.lines[1]
    preparing.weigh_line(order.id, line.id, grams, version=0, by=None)
    assert (line.final, line.gift) == (cents, gift)


@pytest.mark.parametrize("grams", [0, -5, 15, 1, 150_000, 999_999])
def test_a_weight_that_cannot_be_is_asked_again(order: Order, grams: int) -> None:
    with pytest.raises(Refused):
        preparing.weigh_line(order.id, order.lines[1].id, grams, version=0, by=None)
    assert not order.lines[1].is_prepared


def test_what_is_missing_is_not_paid(order: Order) -> None:
    preparing.mark_missing(order.id, order.lines[0].id, version=0, by=None)
    assert order.lines[0].final == 0
    assert order.lines[0].lot is None


def test_the_second_tablet_hears_that_it_is_done(order: Order) -> None:
    line = order.lines[0]
    preparing.take_line(order.id, line.id, version=0, by=None)
    with pytest.raises(preparing.AlreadyDone) as refused:
        preparing.take_line(order.id, line.id, version=0, by=None)
    assert refused.value.details["line"] is line


def test_a_crate_with_something_waiting_is_not_ready(order: Order) -> None:
    with pytest.raises(Conflict):
        preparing.finish(order.id, by=None)


def test_every_step_can_be_taken_back_newest_first(order: Order) -> None:
    honey, carrots = order.lines
    deeds = [
        lambda: preparing.take_line(order.id, honey.id, version=honey.version, by=None),
        lambda: preparing.weigh_line(order.id, carrots.id, 1420, version=carrots.version, by=None),
        lambda: preparing.finish(order.id, by=None),
        lambda: preparing.label(order.id, by=None),
        lambda: handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order)),
        lambda: handing_over.hand_over(order.id, by=None),
    ]
    states = []
    for deed in deeds:
        states.append(state(order))
        deed()
    for before in reversed(states):
        undo.undo_last(order)
        assert state(order) == before
    assert undo.offer(order) is None


def test_what_was_undone_can_be_done_again_and_undone_again(order: Order) -> None:
    line = order.lines[0]
    for _ in range(3):
        make.fresh(order)
        preparing.take_line(order.id, line.id, version=line.version, by=None)
        undo.undo_last(order)
    assert order.lines[0].state == LineState.WAITING


def test_undo_names_what_it_takes_back(order: Order) -> None:
    preparing.take_line(order.id, order.lines[0].id, version=0, by=None)
    found = undo.offer(order)
    assert found is not None
    assert found[1] == "1 vasetto di miele di acacia"


def test_undo_stops_the_letter_that_waits() -> None:
    order = make.order()
    outbox.send_due()
    make.prepared(order)
    assert outbox.lag()["waiting"] == 1
    undo.undo_last(order)  # the label
    undo.undo_last(order)  # ready
    assert outbox.lag()["waiting"] == 0
    preparing.finish(order.id, by=None)
    assert outbox.lag()["waiting"] == 1


def test_undo_closes_when_the_letter_is_on_its_way() -> None:
    order = make.order()
    make.prepared(order)
    undo.undo_last(order)  # the label
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()
    assert undo.offer(order) is None
    with pytest.raises(Conflict, match="Chiama il tutor"):
        undo.undo_last(order)


def test_a_screen_that_is_behind_undoes_nothing(order: Order) -> None:
    preparing.take_line(order.id, order.lines[0].id, version=0, by=None)
    shown = undo.offer(order)
    assert shown is not None
    preparing.mark_missing(order.id, order.lines[1].id, version=0, by=None)
    with pytest.raises(Conflict):
        undo.undo_last(order, expected=shown[0].id)
    assert order.lines[0].is_prepared


def test_cash_is_rounded_and_the_rounding_stands_apart() -> None:
    order = make.prepared(make.order(make.wish(make.product(price=852))))
    assert (order.due, handing_over.cash_due(order)) == (852, 850)
    handing_over.take_cash(order.id, by=None, expected=850)
    assert (order.due, order.paid, order.settled) == (0, 850, 852)
    assert [(p.kind, p.amount) for p in order.payments] == [("cash", 850), ("rounding", 2)]


def test_taking_cash_twice_takes_it_once() -> None:
    order = make.prepared(make.order())
    handing_over.take_cash(order.id, by=None, expected=850)
    with pytest.raises(Conflict):
        handing_over.take_cash(order.id, by=None, expected=850)
    db.session.rollback()
    assert order.paid == 850


def test_a_crate_does_not_leave_unpaid() -> None:
    order = make.prepared(make.order())
    with pytest.raises(Conflict):
        handing_over.hand_over(order.id, by=None)


def test_nobody_is_marked_as_not_come_while_there_is_time() -> None:
    order = make.prepared(make.order())
    with pytest.raises(Conflict):
        handing_over.mark_not_collected(order.id, by=None)
    with clock.at(order.pickup.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(order.id, by=None)
    assert order.status == Status.NOT_COLLECTED


@pytest.mark.parametrize("grams", [749, 3001, 5000])
def test_an_odd_weight_is_believed_only_from_somebody_who_is_sure(order: Order, grams: int) -> None:
    line = order.lines[1]
    with pytest.raises(preparing.Doubtful, match="Guarda ancora la bilancia"):
        preparing.weigh_line(order.id, line.id, grams, version=0, by=None)
    assert not line.is_prepared
    preparing.weigh_line(order.id, line.id, grams, version=0, by=None, sure=True)
    assert line.weighed_grams == grams


@pytest.mark.parametrize("grams", [750, 3000])
def test_half_and_double_are_no_surprise(order: Order, grams: int) -> None:
    line = preparing.weigh_line(order.id, order.lines[1].id, grams, version=0, by=None)
    assert (line.state, line.weighed_grams) == ("taken", grams)


def test_being_sure_does_not_make_grams_of_kilos(order: Order) -> None:
    with pytest.raises(Refused, match="Sono grammi o chili"):
        preparing.weigh_line(order.id, order.lines[1].id, 15, version=0, by=None, sure=True)


def test_no_crate_falls_out_of_the_lists() -> None:
    """What was not prepared in time, or not given on its day, stays: after what is to come, and then with the staff."""
    late, early = make.closed(make.order()), make.closed(make.order())
    left, today = make.prepared(make.order()), make.prepared(make.order(at=make.pickup(days=4)))
    with clock.at(late.pickup.to_at):
        coming = make.closed(make.order(at=make.pickup(days=2)))
        assert [order.id for order in finding.to_prepare()] == [coming.id, late.id, early.id]
    with clock.at(today.pickup.from_at - timedelta(hours=5)):
        assert [order.id for order in finding.to_hand_over()] == [today.id, left.id]
        handing_over.mark_not_collected(left.id, by=None)
        assert [order.id for order in finding.to_hand_over()] == [today.id]
        undo.undo_last(left)
    with clock.at(today.pickup.from_at):
        assert [order.id for order in finding.to_prepare()] == [coming.id]
        assert [order.id for order in finding.to_hand_over()] == [today.id]
        assert [order.id for order in finding.left_over()] == [late.id, early.id, left.id]
    with clock.at(left.pickup.from_at - timedelta(days=1)):
        assert finding.to_hand_over() == []
