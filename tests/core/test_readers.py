"""Readers follow the journal in the worker: one that is slow or fails is alone with its trouble."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, journal, readers, worker
from core.database import db, transaction
from core.journal import Entry
from core.readers import LONGEST_WAIT, Position
from core.throttle import Failure
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

A_LONG_SLEEP = 30  # seconds; every test wakes the sleeper before
Register = Callable[[str, readers.Reader], None]


@pytest.fixture
def register(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Register:
    """Only these readers, until the test ends."""
    registry: dict[str, readers.Reader] = {}
    monkeypatch.setitem(app.extensions, "readers", registry)
    return registry.__setitem__


def happen(*actions: str) -> None:
    with transaction() as session:
        thing = session.scalar(select(Failure)) or Failure(name="thing", at=clock.now())
        session.add(thing)
        session.flush()
        for action in actions:
            journal.record(action, thing)


def noter(into: list[str]) -> readers.Reader:
    """Keeps in a list what it saw, when its rows are saved."""

    def read(entry: Entry) -> Iterable[readers.Save]:
        yield lambda session, action=entry.action: into.append(action)

    return read


def failing_at(action: str, into: list[str]) -> readers.Reader:
    def read(entry: Entry) -> Iterable[readers.Save]:
        if entry.action == action:
            raise ValueError(f"cannot read {action}")
        yield from noter(into)(entry)

    return read


def position(name: str) -> Position:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Position, name)


# --- position, replay, rewind


def test_a_reader_sees_every_entry_once_in_order(register: Register) -> None:
    seen: list[str] = []
    register("noter", noter(seen))
    happen("one", "two")
    assert readers.deliver() == 2
    happen("three")
    assert [readers.deliver(), readers.deliver()] == [1, 0]
    assert seen == ["one", "two", "three"]
    assert position("noter").entry_id == db.session.scalar(select(func.max(Entry.id)))


def test_a_new_reader_begins_at_the_beginning(register: Register) -> None:
    happen("long ago")
    seen: list[str] = []
    register("late", noter(seen))
    assert readers.lag() == {"late": 1}
    readers.deliver()
    assert (seen, readers.lag()) == (["long ago"], {"late": 0})


def test_rewound_it_reads_everything_again(register: Register) -> None:
    seen: list[str] = []
    register("noter", noter(seen))
    happen("one", "two")
    readers.deliver()
    readers.rewind("noter")
    assert readers.lag() == {"noter": 2}
    readers.deliver()
    assert seen == ["one", "two", "one", "two"]


def test_one_reader_can_be_let_on_alone_and_only_so_far(register: Register) -> None:
    first: list[str] = []
    second: list[str] = []
    register("first", noter(first))
    register("second", noter(second))
    happen("one", "two", "three")
    assert readers.deliver("first", most=2) == 2
    assert (first, second) == (["one", "two"], [])


def test_rows_and_position_are_saved_together_or_not_at_all(register: Register) -> None:
    def half(entry: Entry) -> Iterable[readers.Save]:
        yield lambda session: session.add(Failure(name="half", at=clock.now()))
        yield lambda session: session.info["nothing of this name"]

    happen("one")
    register("half", half)
    assert readers.deliver() == 0
    assert db.session.scalar(select(func.count()).where(Failure.name == "half")) == 0
    assert position("half").entry_id == 0
    assert readers.troubles() == {"half": "KeyError: 'nothing of this name'"}


def test_a_reader_that_opens_a_transaction_of_its_own_is_stopped(register: Register) -> None:
    def meddles(entry: Entry) -> Iterable[readers.Save]:
        with transaction() as session:
            session.add(Failure(name="meddled", at=clock.now()))
        return []

    happen("one")
    register("meddler", meddles)
    assert readers.deliver() == 0
    assert "may only read" in readers.troubles()["meddler"]
    assert db.session.scalar(select(func.count()).where(Failure.name == "meddled")) == 0


# --- trouble


def test_a_failing_entry_is_tried_again_later_and_the_wait_grows(register: Register) -> None:
    seen: list[str] = []
    register("picky", failing_at("two", seen))
    happen("one", "two", "three")
    moment, waits = clock.now(), []
    for tries in range(1, 13):
        with clock.at(moment):
            readers.deliver()
            assert readers.deliver() == 0, "not before its time"
        found = position("picky")
        assert (found.failures, found.trouble) == (tries, "ValueError: cannot read two")
        assert found.try_after is not None
        waits.append(found.try_after - moment)
        moment = found.try_after
    assert seen == ["one"], "what comes after has to wait: the order is kept"
    assert (waits[0], waits[-1]) == (timedelta(seconds=2), LONGEST_WAIT)
    assert all(earlier <= later for earlier, later in pairwise(waits))
    register("picky", noter(seen))
    with clock.at(moment):
        assert readers.deliver() == 2
    assert seen == ["one", "two", "three"]
    assert (position("picky").failures, readers.troubles()) == (0, {})


def test_the_others_go_on(register: Register) -> None:
    unharmed: list[str] = []
    register("picky", failing_at("one", []))
    register("other", noter(unharmed))
    happen("one", "two")
    assert readers.deliver() == 2
    assert unharmed == ["one", "two"]
    assert list(readers.troubles()) == ["picky"]


# --- at the same instant


def test_no_entry_is_passed_over_when_transactions_overlap(app: Flask, register: Register) -> None:
    """Eight deeds at once, some of which hold on after recording; a reader looks all the time."""
    seen: list[str] = []
    register("noter", noter(seen))
    happen()
    thing_id, stop = db.session.scalars(select(Failure.id)).one(), threading.Event()

    def act(number: int) -> None:
        for turn in range(10):
            with transaction() as session:
                journal.record(f"{number}:{turn}", session.get_one(Failure, thing_id))
                if (number + turn) % 4 == 0:
                    time.sleep(0.005)

    def follow() -> None:
        while not stop.is_set():
            readers.deliver("noter")

    following = threading.Thread(target=lambda: together(app, follow))
    following.start()
    answers = together(app, *[partial(act, number) for number in range(8)])
    stop.set()
    following.join(20)
    assert not faults(answers)
    db.session.rollback()
    readers.deliver()
    assert seen == list(db.session.scalars(select(Entry.action).order_by(Entry.id)))
    assert sorted(seen) == sorted(f"{number}:{turn}" for number in range(8) for turn in range(10))


def test_two_workers_with_the_same_reader_keep_its_rows_once(app: Flask, register: Register) -> None:
    def read(entry: Entry) -> Iterable[readers.Save]:
        yield lambda session, name=entry.action: session.add(Failure(name=name, at=clock.now()))

    register("keeper", read)
    actions = [f"act {number}" for number in range(20)]
    happen(*actions)
    follow = partial(readers.deliver, "keeper")
    assert not faults(together(app, follow, follow, follow))
    db.session.rollback()
    assert sorted(db.session.scalars(select(Failure.name).where(Failure.name != "thing"))) == sorted(actions)


# --- orders while a reader sleeps or fails (ruling 7)


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """The worker at work, with every reader in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def seconds_to_place(product, pickup, orders: int = 12) -> float:
    """The median of some orders."""
    spent = []
    for _ in range(orders):
        started = time.perf_counter()
        make.order(make.wish(product), at=pickup, email=None)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def test_a_reader_that_sleeps_or_fails_slows_no_order(app: Flask, register: Register) -> None:
    """The sleep (30 s, cut short when the last order stands) is under way while every order is placed."""
    asleep, wake, unharmed = threading.Event(), threading.Event(), []

    def sleeps(entry: Entry) -> Iterable[readers.Save]:
        asleep.set()
        wake.wait(A_LONG_SLEEP)
        return []

    def fails(entry: Entry) -> Iterable[readers.Save]:
        raise ValueError("no")

    product, pickup = make.product(left=100), make.pickup(capacity=60)
    register("noter", noter(unharmed))
    with working(app):
        alone = seconds_to_place(product, pickup)
    register("sleeper", sleeps)
    register("failer", fails)
    started = time.monotonic()
    with working(app):
        try:
            assert asleep.wait(10)
            meanwhile = seconds_to_place(product, pickup)
            until, behind = time.monotonic() + 10, 1
            while behind and time.monotonic() < until:
                time.sleep(0.05)
                db.session.rollback()
                behind = readers.lag()["noter"]
            still_asleep = not wake.is_set() and time.monotonic() - started < A_LONG_SLEEP
        finally:
            wake.set()
    assert still_asleep, "the sleep was over before the orders were"
    assert behind == 0, "the other reader was held up"
    assert unharmed.count("order.placed") == 24
    assert "failer" in readers.troubles()
    assert meanwhile < 2 * alone + 0.1, f"{meanwhile:.3f} s an order beside the sleeper, {alone:.3f} s without"


def test_nor_does_one_that_sleeps_while_buyers_come_at_once(app: Flask, register: Register) -> None:
    asleep, wake = threading.Event(), threading.Event()

    def sleeps(entry: Entry) -> Iterable[readers.Save]:
        asleep.set()
        wake.wait(A_LONG_SLEEP)
        return []

    product, pickup = make.product(left=100), make.pickup(capacity=60)
    wish, pickup_id = make.wish(product), pickup.id
    register("sleeper", sleeps)

    def buy() -> float:
        from orders import placing

        started = time.perf_counter()
        placing.place((wish,), make.citizen(), pickup_id, key=f"a form of my own {threading.get_ident()}")
        return time.perf_counter() - started

    with working(app):
        try:
            assert asleep.wait(10)
            answers = together(app, *[buy] * 8)
        finally:
            wake.set()
    assert not faults(answers)
    assert max(answers) < 10
