"""Evidence: what the journal shows about somebody, read as often as one likes, in the way of nobody."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, journal, readers, undo
from core.database import db, transaction
from core.journal import Entry
from core.readers import Position
from orders import preparing
from orders.models import Order
from people.entering import COOKIE
from people.models import Person
from tests import factories as make
from training import evidence
from training.models import StepEvent

pytestmark = pytest.mark.usefixtures("app")

Row = tuple[object, ...]


def steps() -> list[StepEvent]:
    readers.deliver(evidence.NAME)
    return list(db.session.scalars(select(StepEvent).order_by(StepEvent.entry_id, StepEvent.skill)))


def rows() -> list[Row]:
    """Every step as it is kept, without its own number."""
    columns = [column for column in StepEvent.__table__.columns if column.name != "id"]
    found = db.session.execute(select(*columns).order_by(StepEvent.entry_id, StepEvent.skill))
    return [tuple(row) for row in found]


def weigh(order: Order, by: Person, *, support: int = 1) -> None:
    line = order.lines[0]
    with journal.context(support_shown=support):
        preparing.weigh_line(order.id, line.id, 500, version=line.version, by=by.id)


def crate_with_carrots(*, practice: bool = False) -> Order:
    pickup = make.pickup(practice=practice)
    return make.closed(make.order(make.wish(make.carrots(practice=practice), 500), at=pickup))


def test_a_weighed_line_is_one_step_of_one_skill_with_the_guide_that_was_shown() -> None:
    anna, order = make.person("Anna"), crate_with_carrots()
    weigh(order, anna, support=2)
    step = steps()[-1]
    assert (step.person_id, step.skill, step.step) == (anna.id, "C3", "line.weighed")
    assert (step.occasion, step.guidance_level) == (f"prepare:order:{order.id}", 2)
    assert step.help_rank is None  # done, and not yet said with which help


def test_reading_the_journal_again_changes_nothing() -> None:
    anna = make.person("Anna")
    make.prepared(make.order(), by=anna)
    steps()
    before = rows()
    readers.rewind(evidence.NAME)
    readers.deliver(evidence.NAME)
    assert rows() == before
    assert before


def test_the_steps_can_be_thrown_away_and_read_again() -> None:
    anna, order = make.person("Anna"), crate_with_carrots()
    weigh(order, anna)
    undo.undo_last(order, by=anna.id)
    steps()
    before = rows()
    evidence.rebuild()
    assert rows() == []
    readers.deliver(evidence.NAME)
    assert rows() == before
    assert len(before) == 2


def test_a_step_is_kept_once_for_each_entry_and_skill() -> None:
    anna, order = make.person("Anna"), crate_with_carrots()
    weigh(order, anna)
    entry = db.session.scalars(select(Entry).where(Entry.action == "line.weighed")).one()
    for _ in range(3):
        saves = list(evidence.read(entry))
        with transaction() as session:
            for save in saves:
                save(session)
    assert db.session.scalar(select(func.count()).select_from(StepEvent)) == 1


def test_a_step_that_was_taken_back_is_marked_and_going_back_is_a_skill() -> None:
    anna, order = make.person("Anna"), crate_with_carrots()
    weigh(order, anna)
    undo.undo_last(order, by=anna.id)
    make.fresh(order)
    weigh(order, anna)
    assert [(step.skill, step.undone) for step in steps()] == [("C3", True), ("H1", False), ("C3", False)]
    assert len({step.occasion for step in steps()}) == 1


def test_a_step_that_a_tutor_took_back_is_marked_and_nothing_is_kept_about_the_tutor() -> None:
    anna, rita, order = make.person("Anna"), make.tutor(), crate_with_carrots()
    weigh(order, anna)
    undo.undo_last(order, by=rita.id)
    assert [(step.person_id, step.undone) for step in steps()] == [(anna.id, True)]


def test_nothing_is_kept_about_those_who_stand_beside() -> None:
    make.prepared(make.order(), by=make.tutor())
    make.prepared(make.order(), by=make.person("Teresa", make.Role.COORDINATOR))
    make.prepared(make.order())
    assert steps() == []
    anna = make.person("Anna")
    make.prepared(make.order(), by=anna)
    assert {step.person_id for step in steps()} == {anna.id}


def test_practice_is_marked_as_practice() -> None:
    anna, order = make.person("Anna"), crate_with_carrots(practice=True)
    weigh(order, anna)
    assert [step.practice for step in steps()] == [True]


def test_a_reader_that_fails_stops_neither_evidence_nor_itself_for_ever(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def stumble(entry: Entry) -> Iterable[readers.Save]:
        if broken:
            raise LookupError("a reader of tomorrow")
        return []

    monkeypatch.setitem(app.extensions["readers"], "stumbling", stumble)
    anna = make.person("Anna")
    make.prepared(make.order(), by=anna)
    readers.deliver()
    newest = db.session.scalar(select(func.max(Entry.id)))
    assert db.session.get_one(Position, evidence.NAME).entry_id == newest
    assert db.session.get_one(Position, "stumbling").entry_id == 0
    assert rows()
    broken = False
    with clock.at(clock.now() + readers.LONGEST_WAIT):
        readers.deliver()
    assert readers.troubles() == {}
    assert db.session.get_one(Position, "stumbling").entry_id == newest


def test_an_order_does_not_notice_that_evidence_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(entry: Entry) -> Iterable[readers.Save]:
        raise LookupError("evidence is ill")

    monkeypatch.setitem(app.extensions["readers"], evidence.NAME, fail)
    order = make.prepared(make.order(), by=make.person("Anna"))
    readers.deliver()
    assert order.ready_at is not None
    assert list(readers.troubles()) == [evidence.NAME]
    assert rows() == []


def test_coming_in_and_going_out_say_which_guide_was_shown(app: Flask) -> None:
    """Steps of the first skill too are read with the guide and the tablet that they were done with."""
    anna, (tablet, secret) = make.person("Anna", support_level=1), make.tablet()
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    assert client.post(f"/banco/chi-sei/{anna.id}").status_code == 303
    assert client.post("/banco/esci").status_code == 303
    entries = [entry for entry in journal.entries(anna) if entry.action.startswith("person.signed_")]
    assert [entry.context for entry in entries] == [{"device": tablet.id, "support_shown": 1}] * 2
