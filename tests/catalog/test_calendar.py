"""Rules, closed weeks and what is planned from them, across the days on which Italy changes its clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catalog import calendar, pickups, standing
from catalog.models import ClosedWeek, PickUp, PickUpRule
from core import clock, journal, undo
from core.clock import ROME
from core.database import db, only_reading, transaction
from core.errors import Conflict, NotFound, Refused, TooLate
from tests import factories as make
from tests.shop.citizen import statements
from tests.together import faults, together

MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)
SPRING = (date(2026, 3, 29), date(2027, 3, 28))  # 2:00 becomes 3:00
AUTUMN = (date(2026, 10, 25), date(2027, 10, 31))  # 3:00 becomes 2:00 again


@pytest.fixture(autouse=True)
def _sunday_evening(app: Flask) -> Any:
    """It is the evening before MONDAY."""
    with clock.at(clock.rome(MONDAY - timedelta(days=1), 20)):
        yield


def rule(**more: Any) -> PickUpRule:
    """Thursdays from 16 to 18, to be ordered by noon of Wednesday, thirty places."""
    row = {
        "weekday": 3,
        "from_minute": 16 * 60,
        "to_minute": 18 * 60,
        "cutoff_days_before": 1,
        "cutoff_minute": 12 * 60,
        "capacity": 30,
        "from_day": MONDAY,
        "by": None,
        **more,
    }
    place_id = row.pop("place_id", None) or make.place().id
    return calendar.add_rule(place_id, **row)


def tuesdays_and_thursdays() -> None:
    for weekday in (1, 3):
        rule(weekday=weekday)


def days() -> list[date]:
    """Of the pick-ups that take place."""
    query = select(PickUp).where(PickUp.cancelled_at.is_(None)).order_by(PickUp.from_at)
    return [pickup.day for pickup in db.session.scalars(query)]


def on(day: date) -> PickUp:
    return db.session.scalars(select(PickUp).where(PickUp.day == day)).one()


def order_for(day: date) -> None:
    pickups.take_place(on(day).id)


def thursdays(*weeks: int) -> list[date]:
    return [THURSDAY + timedelta(weeks=ahead) for ahead in weeks]


def derived() -> tuple[object, ...]:
    """What the calendar says to whoever looks: rules in force, closed weeks, what takes place."""
    db.session.rollback()
    db.session.expire_all()
    in_force = [(found.id, found.to_day) for found in calendar.rules()]
    closed = [(week.monday, week.reason) for week in calendar.closed_weeks()]
    standing_now = [(p.id, p.from_at, p.cutoff_at, p.capacity) for p in calendar.coming(60) if p.cancelled_at is None]
    return in_force, closed, standing_now


# --- planning


def test_a_rule_makes_its_pick_ups_three_weeks_ahead_and_each_once() -> None:
    made = rule()
    assert calendar.plan() == 3
    assert calendar.plan() == 0
    assert days() == thursdays(0, 1, 2)
    first = on(THURSDAY)
    assert (first.rule_id, first.planned_day, first.place_id, first.capacity) == (made.id, THURSDAY, made.place_id, 30)
    assert (first.from_at, first.to_at) == (clock.rome(THURSDAY, 16), clock.rome(THURSDAY, 18))
    assert first.cutoff_at == clock.rome(THURSDAY - timedelta(days=1), 12)
    assert [entry.action for entry in journal.entries(first)] == ["pickup.planned"]
    assert journal.entries(first)[0].person_id is None


def test_as_weeks_go_by_the_next_pick_up_is_added() -> None:
    rule()
    calendar.plan()
    with clock.at(clock.now() + timedelta(weeks=2)):
        assert calendar.plan() == 2
    assert days() == thursdays(0, 1, 2, 3, 4)
    assert calendar.plan(weeks=6) == 1
    assert days()[-1] == THURSDAY + timedelta(weeks=5)


def test_a_rule_begins_and_ends_on_its_days() -> None:
    rule(from_day=THURSDAY + timedelta(days=1), to_day=THURSDAY + timedelta(weeks=2))
    calendar.plan(weeks=5)
    assert days() == thursdays(1, 2)


def test_a_pick_up_whose_cut_off_has_passed_is_not_made_any_more() -> None:
    rule()
    with clock.at(clock.rome(THURSDAY - timedelta(days=1), 12)):
        calendar.plan(weeks=2)
    assert days() == thursdays(1)


def test_a_cut_off_on_the_day_itself_still_makes_the_pick_up_of_today() -> None:
    rule(cutoff_days_before=0, cutoff_minute=15 * 60)
    with clock.at(clock.rome(THURSDAY, 14, 59)):
        calendar.plan(weeks=1)
    assert days() == thursdays(0, 1)


def test_what_was_moved_or_called_off_is_not_made_again() -> None:
    rule()
    calendar.plan()
    with transaction():
        moved = pickups.lock(on(THURSDAY).id)
        moved.day = THURSDAY + timedelta(days=1)
        moved.from_at, moved.to_at = pickups.window(moved.day, 16 * 60, 18 * 60)
        gone = pickups.lock(on(THURSDAY + timedelta(weeks=1)).id)
        gone.cancelled_at, gone.cancelled_why = clock.now(), "gelo"
    assert calendar.plan() == 0
    assert days() == [THURSDAY + timedelta(days=1), THURSDAY + timedelta(weeks=2)]


def test_two_rules_of_one_place_do_not_disturb_each_other() -> None:
    place = make.place()
    rule(place_id=place.id)
    rule(place_id=place.id, weekday=5, from_minute=9 * 60, to_minute=12 * 60)
    assert calendar.plan(weeks=1) == 2
    assert [found.weekday for found in calendar.rules()] == [3, 5]


def test_looking_again_writes_nothing_and_takes_few_statements() -> None:
    for weekday in range(5):
        rule(weekday=weekday)
    calendar.plan()
    db.session.rollback()
    with statements() as seen, only_reading("the look"):
        assert calendar.plan() == 0
    assert len(seen) == 3
    with statements() as seen:
        assert len([found.place.name for found in calendar.rules()]) == 5
    assert len(seen) == 1


def test_two_processes_that_plan_at_once_make_each_pick_up_once(app: Flask) -> None:
    for _ in range(3):
        rule()

    def plan() -> int:
        with clock.at(clock.rome(MONDAY, 7)):
            return calendar.plan()

    answers = together(app, *[plan] * 6)
    assert not faults(answers)
    assert sum(answers) == 9
    assert sorted(days()) == sorted(thursdays(0, 1, 2) * 3)


# --- wall time


def wall(moment: datetime) -> tuple[date, int]:
    """Day and minute after midnight as the clock on the wall shows them."""
    there = moment.astimezone(ROME)
    return there.date(), there.hour * 60 + there.minute


def is_missing(day: date, minute: int) -> bool:
    return day in SPRING and 120 <= minute < 180


@given(
    day=st.one_of(st.sampled_from(SPRING + AUTUMN), st.dates(date(2026, 1, 1), date(2027, 12, 31))),
    times=st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] < pair[1]),
    days_before=st.integers(0, 7),
    cutoff_minute=st.integers(0, 1439),
)
def test_on_every_day_the_wall_shows_what_the_rule_says(
    day: date, times: tuple[int, int], days_before: int, cutoff_minute: int
) -> None:
    if days_before == 0 and cutoff_minute >= times[0]:
        days_before = 1
    kept = PickUpRule(
        from_minute=times[0], to_minute=times[1], cutoff_days_before=days_before, cutoff_minute=cutoff_minute
    )
    made, last_day = standing.planned(kept, day), day - timedelta(days=days_before)
    assert made.cutoff_at <= made.from_at < made.to_at, "the database refuses anything else"
    assert wall(made.from_at) == (day, times[0] + 60 * is_missing(day, times[0]))
    if not is_missing(day, times[0]):
        assert wall(made.to_at) == (day, times[1] + 60 * is_missing(day, times[1]))
    if not is_missing(last_day, cutoff_minute):
        assert wall(made.cutoff_at) == (last_day, cutoff_minute)
    for moment in (made.from_at, made.cutoff_at):
        assert moment.astimezone(ROME).fold == 0, "of a doubled hour the first"


@pytest.mark.parametrize("sunday", SPRING + AUTUMN)
@pytest.mark.parametrize(("weekday", "from_minute", "cutoff_minute"), [(6, 16 * 60, 12 * 60), (0, 9 * 60 + 30, 45)])
def test_pick_ups_around_a_change_of_the_clocks_keep_their_hours(
    sunday: date, weekday: int, from_minute: int, cutoff_minute: int
) -> None:
    start = sunday - timedelta(days=13)
    with clock.at(clock.rome(start, 6)):
        rule(
            weekday=weekday,
            from_minute=from_minute,
            to_minute=from_minute + 90,
            cutoff_minute=cutoff_minute,
            from_day=start,
        )
        assert calendar.plan() >= 3
    found = db.session.scalars(select(PickUp)).all()
    assert {wall(pickup.from_at)[1] for pickup in found} == {from_minute}
    assert {wall(pickup.to_at)[1] for pickup in found} == {from_minute + 90}
    assert {wall(pickup.cutoff_at)[1] for pickup in found} == {cutoff_minute}
    assert len({pickup.from_at.time() for pickup in found}) == 2, "in UTC they are an hour apart"
    assert all(wall(pickup.cutoff_at)[0] == pickup.day - timedelta(days=1) for pickup in found)


def planned_on(sunday: date, **times: int) -> list[tuple[int, int, int]]:
    """From, to and cut-off in UTC minutes of that Sunday, of a rule for Sundays, as the database keeps them."""
    with clock.at(clock.rome(sunday - timedelta(days=3), 12)):
        rule(weekday=6, cutoff_days_before=0, from_day=sunday, to_day=sunday, **times)
        calendar.plan(weeks=1)
    pickup = on(sunday)
    midnight = datetime.combine(sunday, datetime.min.time(), tzinfo=clock.UTC)
    moments = (pickup.from_at, pickup.to_at, pickup.cutoff_at)
    return [tuple(round((moment - midnight).total_seconds() / 60) for moment in moments)]  # type: ignore[list-item]


@pytest.mark.parametrize("sunday", SPRING)
@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"from_minute": 135, "to_minute": 165, "cutoff_minute": 60}, (75, 105, 0)),  # 3:15 to 3:45 on the wall
        ({"from_minute": 150, "to_minute": 180, "cutoff_minute": 60}, (90, 120, 0)),  # 3:30; 3:00 would be before it
        ({"from_minute": 60, "to_minute": 240, "cutoff_minute": 30}, (0, 120, -30)),  # two hours long for once
        ({"from_minute": 180, "to_minute": 240, "cutoff_minute": 150}, (60, 120, 60)),  # never after it begins
        ({"from_minute": 240, "to_minute": 300, "cutoff_minute": 150}, (120, 180, 90)),  # until 3:30 on the wall
    ],
)
def test_an_hour_that_does_not_exist_moves_forward(
    sunday: date, times: dict[str, int], expected: tuple[int, int, int]
) -> None:
    assert planned_on(sunday, **times) == [expected]


@pytest.mark.parametrize("sunday", AUTUMN)
@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"from_minute": 135, "to_minute": 165, "cutoff_minute": 60}, (15, 45, -60)),  # the first 2:15 and 2:45
        ({"from_minute": 150, "to_minute": 210, "cutoff_minute": 60}, (30, 150, -60)),  # two hours long for once
        ({"from_minute": 240, "to_minute": 300, "cutoff_minute": 150}, (180, 240, 30)),  # until the first 2:30
    ],
)
def test_of_a_doubled_hour_the_first_counts(
    sunday: date, times: dict[str, int], expected: tuple[int, int, int]
) -> None:
    assert planned_on(sunday, **times) == [expected]


# --- what a rule may say


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": -1},
        {"weekday": 7},
        {"from_minute": 18 * 60},
        {"from_minute": -1},
        {"to_minute": 1440},
        {"to_minute": 10**12},
        {"capacity": 0},
        {"capacity": 61},
        {"cutoff_days_before": -1},
        {"cutoff_days_before": 8},
        {"cutoff_minute": -1},
        {"cutoff_minute": 1440},
        {"cutoff_days_before": 0, "cutoff_minute": 16 * 60},
        {"to_day": MONDAY - timedelta(days=1)},
        {"from_day": date(206, 11, 23)},
        {"from_day": date.max},
        {"from_day": date.min},
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        rule(**wrong)
    assert calendar.rules() == []
    assert calendar.plan() == 0


def test_a_rule_needs_a_place_that_is_there() -> None:
    with pytest.raises(NotFound):
        rule(place_id=4711)
    assert db.session.query(PickUpRule).count() == 0


# --- the end of a rule


def test_after_the_last_day_nothing_takes_place_that_nobody_has_ordered() -> None:
    made = rule()
    calendar.plan()
    order_for(THURSDAY + timedelta(weeks=2))
    end = calendar.end_rule(made.id, THURSDAY, by=None)
    assert [pickup.day for pickup in end.gone] == thursdays(1)
    assert [pickup.day for pickup in end.staying] == thursdays(2)
    assert days() == thursdays(0, 2)
    assert on(THURSDAY + timedelta(weeks=1)).cancelled_why == "regola"
    assert calendar.plan(weeks=8) == 0


def test_a_rule_that_ended_is_no_longer_shown_once_its_last_day_is_over() -> None:
    made = rule()
    calendar.end_rule(made.id, THURSDAY, by=None)
    assert [found.id for found in calendar.rules()] == [made.id]
    with clock.at(clock.rome(THURSDAY + timedelta(days=1), 8)):
        assert calendar.rules() == []


def test_a_pick_up_that_was_moved_belongs_to_the_day_that_the_rule_gave_it() -> None:
    made = rule()
    calendar.plan(weeks=1)
    with transaction():
        moved = pickups.lock(on(THURSDAY).id)
        moved.day = THURSDAY + timedelta(days=4)
        moved.from_at, moved.to_at = pickups.window(moved.day, 16 * 60, 18 * 60)
    assert calendar.end_rule(made.id, THURSDAY, by=None).gone == []
    assert days() == [THURSDAY + timedelta(days=4)]


def test_what_took_place_already_is_left_as_it_was() -> None:
    made = rule()
    calendar.plan()
    with clock.at(clock.rome(THURSDAY, 18)):
        end = calendar.end_rule(made.id, THURSDAY - timedelta(days=1), by=None)
    assert [pickup.day for pickup in end.gone] == thursdays(1, 2)
    assert days() == thursdays(0)


def test_a_rule_ends_once_and_not_before_it_begins() -> None:
    made = rule()
    with pytest.raises(Refused, match="comincia"):
        calendar.end_rule(made.id, MONDAY - timedelta(days=2), by=None)
    calendar.end_rule(made.id, THURSDAY, by=None)
    with pytest.raises(Conflict):
        calendar.end_rule(made.id, THURSDAY, by=None)
    with pytest.raises(NotFound):
        calendar.end_rule(made.id + 1, THURSDAY, by=None)
    calendar.end_rule(made.id, MONDAY - timedelta(days=1), by=None)
    assert calendar.rules() == [], "it never began"


# --- closed weeks


def test_in_a_closed_week_no_rule_makes_a_pick_up() -> None:
    rule()
    calendar.close_week(MONDAY + timedelta(weeks=1), "Ferie", by=None)
    calendar.plan()
    assert days() == thursdays(0, 2)
    assert [(week.monday, week.reason) for week in calendar.closed_weeks()] == [(MONDAY + timedelta(weeks=1), "Ferie")]


def test_closing_a_week_calls_off_what_nobody_has_ordered_planned_or_not() -> None:
    tuesdays_and_thursdays()
    calendar.plan(weeks=1)
    by_hand = pickups.schedule(make.place(), MONDAY, hours=(16, 18))
    before, after = (pickups.schedule(make.place(), MONDAY + timedelta(days=n), hours=(16, 18)) for n in (-1, 7))
    practice = pickups.schedule(make.place(), THURSDAY, hours=(9, 11), practice=True)
    week = calendar.close_week(MONDAY, "Ferie", by=None)
    assert days() == [before.day, practice.day, after.day]
    make.fresh(by_hand)
    assert by_hand.cancelled_why == "settimana"
    assert len(journal.entries(week)[0].data["pickups"]) == 3


def test_a_week_with_an_order_stays_open_until_its_pick_up_is_moved_or_called_off() -> None:
    rule()
    calendar.plan()
    order_for(THURSDAY)
    with pytest.raises(Conflict, match="giovedì 26 novembre ci sono ordini: prima spostalo o disdicilo") as refused:
        calendar.close_week(MONDAY, "Ferie", by=None)
    make.fresh(None)
    assert refused.value.details == {"pickups": [on(THURSDAY).id]}
    assert days() == thursdays(0, 1, 2)
    assert calendar.closed_weeks() == []
    pickups.give_back_place(on(THURSDAY).id)
    calendar.close_week(MONDAY, "Ferie", by=None)
    assert days() == thursdays(1, 2)


def test_what_took_place_before_the_week_was_closed_does_not_stop_it() -> None:
    rule()
    calendar.plan()
    order_for(THURSDAY)
    with clock.at(clock.rome(THURSDAY, 20)):
        calendar.close_week(MONDAY, "Neve", by=None)
    assert days() == thursdays(0, 1, 2)


@pytest.mark.parametrize(
    ("monday", "reason"),
    [
        (THURSDAY, "Ferie"),
        (MONDAY - timedelta(weeks=2), "Ferie"),
        (MONDAY, ""),
        (MONDAY, "  \u200b "),
        (MONDAY, "x" * 201),
        (MONDAY, "Fe\0rie"),
    ],
)
def test_a_week_that_cannot_be_closed_is_refused_with_a_sentence(monday: date, reason: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        calendar.close_week(monday, reason, by=None)
    assert calendar.closed_weeks() == []


def test_a_week_is_closed_and_opened_once() -> None:
    calendar.close_week(MONDAY, "Ferie", by=None)
    assert calendar.is_closed(THURSDAY)
    assert not calendar.is_closed(MONDAY - timedelta(days=1))
    assert not calendar.is_closed(MONDAY + timedelta(days=7))
    with pytest.raises(Conflict):
        calendar.close_week(MONDAY, "Ferie", by=None)
    calendar.open_week(MONDAY, by=None)
    assert not calendar.is_closed(THURSDAY)
    with pytest.raises(Conflict):
        calendar.open_week(MONDAY, by=None)


def test_opening_a_week_brings_back_what_closing_it_called_off_and_nothing_else() -> None:
    tuesdays_and_thursdays()
    calendar.plan(weeks=1)
    with transaction():
        frost = pickups.lock(on(THURSDAY).id)
        frost.cancelled_at, frost.cancelled_why = clock.now(), "gelo"
    calendar.close_week(MONDAY, "Ferie", by=None)
    assert days() == []
    assert [pickup.day for pickup in calendar.open_week(MONDAY, by=None)] == [MONDAY + timedelta(days=1)]
    assert days() == [MONDAY + timedelta(days=1)]
    assert calendar.plan(weeks=1) == 0


def test_a_week_that_opens_late_has_what_is_still_to_come() -> None:
    tuesdays_and_thursdays()
    calendar.plan(weeks=1)
    calendar.close_week(MONDAY, "Ferie", by=None)
    with clock.at(clock.rome(MONDAY + timedelta(days=2), 8)):
        calendar.open_week(MONDAY, by=None)
        assert days() == [THURSDAY]


def test_a_week_opens_without_the_pick_ups_of_a_rule_that_ended_meanwhile() -> None:
    made = rule()
    calendar.plan(weeks=1)
    calendar.close_week(MONDAY, "Ferie", by=None)
    calendar.end_rule(made.id, MONDAY, by=None)
    assert calendar.open_week(MONDAY, by=None) == []
    assert days() == []
    undo.undo_last(made)
    assert days() == [THURSDAY], "the rule goes on, and so does its pick-up"


def test_a_rule_goes_on_without_the_week_that_was_closed_meanwhile() -> None:
    made = rule()
    calendar.plan(weeks=1)
    calendar.end_rule(made.id, MONDAY, by=None)
    calendar.close_week(MONDAY, "Ferie", by=None)
    undo.undo_last(made)
    assert days() == []
    calendar.open_week(MONDAY, by=None)
    assert days() == [THURSDAY]


def test_nobody_orders_for_a_pick_up_of_a_closed_week() -> None:
    rule()
    calendar.plan(weeks=1)
    pickup = on(THURSDAY)
    calendar.close_week(MONDAY, "Ferie", by=None)
    for late in (False, True):
        with pytest.raises(TooLate):
            pickups.take_place(pickup.id, late=late)


# --- at the same instant


def test_planning_while_somebody_closes_the_week_leaves_no_pick_up_in_it(app: Flask) -> None:
    for ahead in range(4):
        rule(from_day=MONDAY + timedelta(weeks=ahead))
        monday = MONDAY + timedelta(weeks=ahead)

        def closing(monday: date = monday) -> date:
            with clock.at(clock.rome(MONDAY, 7)):
                return calendar.close_week(monday, "Ferie", by=None).monday

        def planning() -> int:
            with clock.at(clock.rome(MONDAY, 7)):
                return calendar.plan(weeks=5)

        assert not faults(together(app, planning, closing, planning))
        make.fresh(None)
        assert not [day for day in days() if monday <= day < monday + timedelta(days=7)]


def test_who_closes_a_week_waits_for_an_order_that_is_under_way(app: Flask) -> None:
    rule()
    calendar.plan(weeks=1)
    pickup_id, under_way = on(THURSDAY).id, Event()

    def order() -> None:
        with clock.at(clock.rome(MONDAY, 7)), transaction():
            pickups.take_place(pickup_id)
            under_way.set()
            sleep(0.3)

    def close() -> None:
        under_way.wait(10)
        with clock.at(clock.rome(MONDAY, 7)):
            calendar.close_week(MONDAY, "Ferie", by=None)

    answers = together(app, order, close)
    assert [type(answer) for answer in answers] == [type(None), Conflict]
    make.fresh(None)
    assert (pickups.get(pickup_id).taken, days(), calendar.closed_weeks()) == (1, [THURSDAY], [])


# --- taking back


def _close(_: PickUpRule) -> ClosedWeek:
    return calendar.close_week(MONDAY, "Ferie", by=None)


def _end(made: PickUpRule) -> PickUpRule:
    return calendar.end_rule(made.id, THURSDAY, by=None).rule


@pytest.mark.parametrize(("deed", "words"), [(_close, "la settimana chiusa"), (_end, "la fine della regola")])
def test_do_then_undo_is_the_same_calendar(deed: Callable[[PickUpRule], Any], words: str) -> None:
    made = rule()
    rule(weekday=1)
    calendar.plan()
    before = derived()
    for _ in range(2):
        subject = deed(made)
        assert derived() != before
        assert undo.undo_last(subject) == words
        assert derived() == before
        assert calendar.plan() == 0


def test_two_ends_are_taken_back_one_by_one() -> None:
    made = rule()
    calendar.plan(weeks=4)
    before = derived()
    calendar.end_rule(made.id, THURSDAY + timedelta(weeks=1), by=None)
    between = derived()
    calendar.end_rule(made.id, THURSDAY, by=None)
    undo.undo_last(made)
    assert derived() == between
    undo.undo_last(made)
    assert derived() == before


def test_a_rule_that_nobody_used_is_taken_back_with_its_pick_ups() -> None:
    before = derived()
    made = rule()
    calendar.plan()
    assert undo.undo_last(made) == "la regola"
    assert derived() == before
    assert calendar.plan() == 0
    assert undo.offer(made) is None


def test_a_rule_that_somebody_ordered_from_is_not_taken_back() -> None:
    made = rule()
    calendar.plan()
    order_for(THURSDAY)
    before = derived()
    with pytest.raises(Conflict, match="ordine"):
        undo.undo_last(made)
    with clock.at(clock.rome(THURSDAY, 20)), pytest.raises(Conflict, match="ordine"):
        undo.undo_last(made)
    assert derived() == before


def test_a_week_whose_pick_up_would_be_over_by_now_is_opened_as_a_deed_of_its_own() -> None:
    tuesdays_and_thursdays()
    calendar.plan(weeks=1)
    week = calendar.close_week(MONDAY, "Ferie", by=None)
    with clock.at(clock.rome(MONDAY + timedelta(days=2), 8)):
        with pytest.raises(Conflict, match="passato"):
            undo.undo_last(week)
        assert calendar.is_closed(MONDAY)
        calendar.open_week(MONDAY, by=None)
    assert days() == [THURSDAY]


def test_an_end_whose_pick_up_would_be_over_by_now_is_not_taken_back() -> None:
    made = rule()
    calendar.plan()
    calendar.end_rule(made.id, MONDAY, by=None)
    with clock.at(clock.rome(THURSDAY, 18)), pytest.raises(Conflict, match="passato"):
        undo.undo_last(made)
    make.fresh(made)
    assert (made.to_day, days()) == (MONDAY, [])


def test_an_end_that_changed_again_is_not_taken_back() -> None:
    made = rule()
    calendar.end_rule(made.id, THURSDAY, by=None)
    with pytest.raises(Conflict):
        calendar.resume_rule(made.id, expected=MONDAY, to_day=None)


def test_a_week_that_was_opened_is_not_opened_by_undo() -> None:
    week = calendar.close_week(MONDAY, "Ferie", by=None)
    week_id = week.id
    calendar.open_week(MONDAY, by=None)
    with pytest.raises(Conflict):
        calendar.reopen_week(week_id, [])
    actions = [entry.action for entry in db.session.scalars(select(journal.Entry).order_by(journal.Entry.id))]
    assert actions == ["week.closed", "week.opened"]


def test_undoing_a_closed_week_brings_back_exactly_what_it_called_off() -> None:
    tuesdays_and_thursdays()
    calendar.plan(weeks=1)
    with transaction():
        frost = pickups.lock(on(THURSDAY).id)
        frost.cancelled_at, frost.cancelled_why = clock.now(), "gelo"
    undo.undo_last(calendar.close_week(MONDAY, "Ferie", by=None))
    make.fresh(frost)
    assert (days(), frost.cancelled_why) == ([MONDAY + timedelta(days=1)], "gelo")
