"""The journal: numbered in the order of commits, never changed, with its surroundings."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from core import clock, journal
from core.database import WrongTransaction, db, transaction
from core.journal import Entry
from core.throttle import Failure
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")


def subject(name: str = "something") -> Failure:
    """Any row will do."""
    with transaction() as session:
        row = Failure(name=name, at=clock.now())
        session.add(row)
    return row


def note(action: str, about: Failure, **more: object) -> Entry:
    with transaction():
        return journal.record(action, about, **more)  # type: ignore[arg-type]


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


def is_postgres() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_outside_a_transaction_nothing_is_recorded() -> None:
    thing = subject()
    with pytest.raises(WrongTransaction):
        journal.record("thing.done", thing)
    assert actions() == []


def test_an_entry_has_its_key_at_once_and_its_number_with_the_commit() -> None:
    thing = subject()
    with transaction():
        entry = journal.record("thing.done", thing, by=7, grams=480)
        assert len(entry.key) == 32
        assert entry.id is None
    assert entry.id is not None
    assert (entry.subject_type, entry.subject_id, entry.person_id) == ("failure", thing.id, 7)
    assert (entry.data, entry.context, entry.practice) == ({"grams": 480}, {}, False)


def test_what_failed_was_never_recorded() -> None:
    thing = subject()
    with pytest.raises(ZeroDivisionError), transaction():
        journal.record("thing.done", thing)
        raise ZeroDivisionError
    assert actions() == []
    note("thing.done.later", thing)
    assert actions() == ["thing.done.later"]


def test_entries_of_one_deed_keep_their_order() -> None:
    thing = subject()
    with transaction():
        journal.record("first", thing)
        with transaction():
            journal.record("second", thing)
        journal.record("third", thing)
    assert actions() == ["first", "second", "third"]
    assert [entry.action for entry in journal.entries(thing)] == ["third", "second", "first"]
    assert [entry.action for entry in journal.entries(thing, newest_first=False)] == ["first", "second", "third"]


def test_the_surroundings_are_kept_with_each_entry() -> None:
    thing = subject()
    with journal.context(device=3, support_shown=2), journal.context(screen="passo", support_shown=1, nothing=None):
        inner = note("thing.done", thing)
    outer = note("thing.done", thing)
    assert inner.context == {"device": 3, "support_shown": 1, "screen": "passo"}
    assert outer.context == {}


def test_practice_is_said_by_the_deed_or_by_its_surroundings() -> None:
    thing = subject()
    with journal.context(practice=True):
        around = note("thing.done", thing)
    assert (around.practice, around.context) == (True, {})
    assert note("thing.done", thing, practice=True).practice
    assert not note("thing.done", thing).practice


def test_numbers_follow_the_order_of_commits_when_transactions_overlap(app: Flask) -> None:
    """The long deed records first and commits last. On SQLite the short one waits at the gate, so it is second."""
    thing_id, recorded, short_done = subject().id, threading.Event(), threading.Event()

    def long_deed() -> None:
        with transaction() as session:
            journal.record("long", session.get_one(Failure, thing_id))
            recorded.set()
            short_done.wait(10 if is_postgres() else 0.2)

    def short_deed() -> None:
        recorded.wait(10)
        with transaction() as session:
            journal.record("short", session.get_one(Failure, thing_id))
        short_done.set()

    assert not faults(together(app, long_deed, short_deed))
    assert actions() == (["short", "long"] if is_postgres() else ["long", "short"])


def test_a_number_is_never_seen_before_all_smaller_ones(app: Flask) -> None:
    """Eight writers, and one who looks on: what appears is always appended, never slipped in before."""
    thing_id, stop, seen = subject().id, threading.Event(), [()]

    def write() -> None:
        for _ in range(12):
            with transaction() as session:
                journal.record("thing.done", session.get_one(Failure, thing_id))
                session.flush()

    def look() -> None:
        while not stop.is_set():
            db.session.rollback()
            seen.append(tuple(db.session.scalars(select(Entry.id).order_by(Entry.id))))

    looking = threading.Thread(target=lambda: _in(app, look))
    looking.start()
    answers = together(app, *[write] * 8)
    stop.set()
    looking.join(10)
    assert not faults(answers)
    assert len(actions()) == 96
    assert len({len(look) for look in seen}) > 2, "it looked while they wrote"
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(seen))


def _in(app: Flask, deed) -> None:
    with app.app_context():
        deed()


@pytest.mark.parametrize("field", ["action", "data", "person_id", "at", "practice"])
def test_an_entry_is_never_changed(field: str) -> None:
    entry = note("thing.done", subject(), by=1)
    changed = {"action": "thing.undone", "data": {"x": 1}, "person_id": 2, "at": clock.now(), "practice": True}
    with pytest.raises(WrongTransaction), transaction():
        setattr(entry, field, changed[field])
    assert actions() == ["thing.done"]


def test_an_entry_is_never_deleted() -> None:
    entry = note("thing.done", subject())
    with pytest.raises(WrongTransaction), transaction() as session:
        session.delete(entry)
    assert actions() == ["thing.done"]


@pytest.mark.parametrize("statement", [update(Entry).values(action="other"), delete(Entry)])
def test_nor_by_many_at_once(statement) -> None:
    note("thing.done", subject())
    with pytest.raises(WrongTransaction), transaction() as session:
        session.execute(statement)
    assert actions() == ["thing.done"]


def test_erasing_a_person_nulls_the_person_and_the_free_text_only() -> None:
    thing = subject()
    with journal.context(device=4):
        mine = note("thing.noted", thing, by=1, words="I was tired", grams=480)
    others = note("thing.noted", thing, by=2, words="all well", grams=12)
    before = {name: getattr(mine, name) for name in ("id", "key", "at", "action", "subject_id", "context")}
    with transaction():
        assert journal.erase_person(1, {"thing.noted": {"words"}}) == 1
    make.fresh(mine)
    assert mine.person_id is None
    assert mine.data == {"words": None, "grams": 480}
    assert before == {name: getattr(mine, name) for name in before}
    assert (others.person_id, others.data) == (2, {"words": "all well", "grams": 12})


def test_after_an_erasure_entries_are_again_never_changed() -> None:
    entry = note("thing.done", subject(), by=1)
    with transaction():
        journal.erase_person(1, {})
    with pytest.raises(WrongTransaction), transaction():
        entry.data = {"x": 1}
    make.fresh(entry)
    assert entry.data == {}
