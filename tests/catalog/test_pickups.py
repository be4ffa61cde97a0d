"""Pick-ups: hours, places, late orders."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from catalog import pickups
from catalog.models import PickUp
from core import clock, journal, undo
from core.database import db
from core.errors import Conflict, NoPlaceLeft, NotFound, Refused, TooLate
from core.undo import undo_last
from orders import closing
from tests import factories as make
from tests.shop.citizen import statements
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

MONDAY = date(2026, 11, 23)


def call_off(pickup: PickUp) -> None:
    with make.transaction():
        pickups.lock(pickup.id).cancelled_at = clock.now()


# --- hours


def test_a_pick_up_has_whole_hours_or_minutes() -> None:
    place = make.place()
    by_hours = pickups.schedule(place, MONDAY, hours=(16, 18))
    by_minutes = pickups.schedule(place, MONDAY, from_minute=16 * 60 + 30, to_minute=18 * 60)
    assert (by_hours.from_at, by_hours.to_at) == (clock.rome(MONDAY, 16), clock.rome(MONDAY, 18))
    assert (by_minutes.from_at, by_minutes.to_at) == (clock.rome(MONDAY, 16, 30), clock.rome(MONDAY, 18))
    assert by_minutes.cutoff_at == clock.rome(MONDAY - timedelta(days=1), 12)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"hours": (18, 16)},
        {"hours": (16, 16)},
        {"hours": (20, 24)},
        {"hours": (-1, 3)},
        {"from_minute": 600, "to_minute": 600},
        {"from_minute": 600, "to_minute": 1440},
        {"from_minute": -10, "to_minute": 600},
        {"hours": (16, 18), "capacity": 61},
        {"hours": (16, 18), "capacity": -1},
        {"hours": (16, 18), "cutoff": clock.rome(MONDAY, 16, 1)},
    ],
)
def test_times_and_places_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        pickups.schedule(make.place(), MONDAY, **wrong)
    assert db.session.query(PickUp).count() == 0


def test_a_list_of_the_staff_has_every_pick_up_of_its_days_soonest_first() -> None:
    place = make.place()
    late, early = (pickups.schedule(place, MONDAY, hours=hours) for hours in ((16, 18), (9, 11)))
    sunday = pickups.schedule(place, MONDAY + timedelta(days=6), hours=(9, 11))
    for outside in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=7)):
        pickups.schedule(place, outside, hours=(9, 11))
    practice = pickups.schedule(place, MONDAY, hours=(9, 11), practice=True)
    call_off(late)
    found = pickups.coming(MONDAY, MONDAY + timedelta(days=6))
    assert [pickup.id for pickup in found] == [early.id, late.id, sunday.id]
    assert [pickup.id for pickup in pickups.coming(MONDAY, MONDAY, practice=True)] == [practice.id]


def test_what_is_open_is_one_statement_however_many_there_are() -> None:
    for days in range(2, 8):
        make.pickup(days=days)
    db.session.rollback()
    with statements() as seen:
        assert len([pickup.place.name for pickup in pickups.open_now()]) == 6
    assert len(seen) == 1


# --- late orders


def test_a_late_order_takes_a_place_after_the_cut_off_and_after_the_numbering() -> None:
    pickup = make.pickup(capacity=5)
    with clock.at(pickup.cutoff_at):
        with pytest.raises(TooLate):
            pickups.take_place(pickup.id)
        pickups.take_place(pickup.id, late=True)
        closing.close(pickup.id)
        pickups.take_place(pickup.id, late=True)
    with clock.at(pickup.to_at - timedelta(seconds=1)):
        pickups.take_place(pickup.id, late=True)
    make.fresh(pickup)
    assert pickup.taken == 3


def test_a_late_order_comes_too_late_when_the_pick_up_is_over() -> None:
    pickup = make.pickup()
    with clock.at(pickup.to_at), pytest.raises(TooLate, match="passato"):
        pickups.take_place(pickup.id, late=True)
    make.fresh(pickup)
    assert pickup.taken == 0


def test_a_late_order_finds_no_place_where_all_are_taken() -> None:
    pickup = make.pickup(capacity=1)
    with clock.at(pickup.from_at):
        pickups.take_place(pickup.id, late=True)
        with pytest.raises(NoPlaceLeft):
            pickups.take_place(pickup.id, late=True)
    make.fresh(pickup)
    assert pickup.taken == 1


def test_nobody_orders_for_a_pick_up_that_was_called_off() -> None:
    pickup = make.pickup()
    call_off(pickup)
    for late in (False, True):
        with pytest.raises(TooLate):
            pickups.take_place(pickup.id, late=late)
    with pytest.raises(NotFound):
        pickups.take_place(pickup.id + 1, late=True)


def test_the_last_place_goes_to_one_of_two_late_orders(app: Flask) -> None:
    pickup_id = make.pickup(capacity=1).id

    def late() -> str:
        pickups.take_place(pickup_id, late=True)
        return "taken"

    answers = together(app, late, late)
    assert not faults(answers, NoPlaceLeft)
    assert answers.count("taken") == 1


# --- the number of places


def test_places_are_added_and_taken_back() -> None:
    pickup = make.pickup(capacity=10)
    pickups.set_capacity(pickup.id, 20, by=None)
    pickups.set_capacity(pickup.id, 15, by=None)
    assert [undo_last(pickup) for _ in range(2)] == ["il numero dei posti"] * 2
    make.fresh(pickup)
    assert pickup.capacity == 10
    assert undo.offer(pickup) is None


def test_there_are_never_fewer_places_than_orders() -> None:
    pickup = make.pickup(capacity=10)
    for _ in range(3):
        pickups.take_place(pickup.id)
    with pytest.raises(Conflict, match="3 ordini") as refused:
        pickups.set_capacity(pickup.id, 2, by=None)
    assert refused.value.details == {"taken": 3}
    pickups.set_capacity(pickup.id, 3, by=None)
    with pytest.raises(NoPlaceLeft):
        pickups.take_place(pickup.id)


@pytest.mark.parametrize("capacity", [-1, 61, 10**9])
def test_a_number_of_places_that_cannot_be_is_refused(capacity: int) -> None:
    pickup = make.pickup(capacity=10)
    with pytest.raises(Refused):
        pickups.set_capacity(pickup.id, capacity, by=None)
    with pytest.raises(NotFound):
        pickups.set_capacity(pickup.id + 1, 5, by=None)
    make.fresh(pickup)
    assert pickup.capacity == 10


def test_what_has_been_ordered_since_is_not_taken_back() -> None:
    pickup = make.pickup(capacity=1)
    pickups.set_capacity(pickup.id, 2, by=None)
    for _ in range(2):
        pickups.take_place(pickup.id)
    with pytest.raises(Conflict, match="2 ordini"):
        undo.undo_last(pickup)
    with pytest.raises(Conflict):
        pickups.restore_capacity(pickup.id, 5, 1)
    make.fresh(pickup)
    assert pickup.capacity == 2


def test_the_same_number_again_is_no_deed_and_what_was_called_off_has_no_places() -> None:
    pickup = make.pickup(capacity=10)
    pickups.set_capacity(pickup.id, 10, by=None)
    assert [entry.action for entry in journal.entries(pickup)] == ["pickup.scheduled"]
    call_off(pickup)
    with pytest.raises(Conflict):
        pickups.set_capacity(pickup.id, 12, by=None)
