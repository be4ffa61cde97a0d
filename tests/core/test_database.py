"""One place commits: an inner transaction joins the outer, and nothing survives a failure."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalog import stock
from core import clock, journal, outbox
from core.database import WrongTransaction, db, only_reading, transaction
from core.throttle import Failure
from orders.models import Order
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def failure(name: str = "a") -> Failure:
    return Failure(name=name, at=clock.now())


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Failure)) or 0


def committed(app: Flask) -> int:
    """What another connection sees."""
    seen: list[int] = []

    def look() -> None:
        with app.app_context():
            seen.append(count())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


def test_an_inner_transaction_does_not_commit(app: Flask) -> None:
    with transaction() as session:
        with transaction():
            session.add(failure())
        session.flush()
        assert committed(app) == 0
    assert committed(app) == 1


def test_what_an_inner_transaction_did_does_not_survive_a_later_failure() -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        with transaction():
            session.add(failure())
        raise ZeroDivisionError
    assert count() == 0


def test_a_whole_order_inside_a_deed_that_fails_later_leaves_nothing(app: Flask) -> None:
    """Verbs open transactions of their own, three deep: stock in placing in this one."""
    honey, pickup = make.honey(left=5), make.pickup()
    journal_before, sent_before = len(rows(journal.Entry)), len(rows(outbox.Item))
    with pytest.raises(ZeroDivisionError), transaction():
        make.order(make.wish(honey), at=pickup, key="a form that is still free")
        raise ZeroDivisionError
    make.fresh(honey)
    assert (honey.left, stock.ledger_sum(honey.id), pickup.taken, rows(Order)) == (5, 5, 0, [])
    assert (len(rows(journal.Entry)), len(rows(outbox.Item))) == (journal_before, sent_before)
    assert make.order(make.wish(honey), at=pickup, key="a form that is still free").number == "1001"


def rows(of: type) -> list:
    return list(db.session.scalars(select(of)))


def test_a_failure_inside_that_somebody_swallowed_still_rolls_back_the_whole() -> None:
    with pytest.raises(WrongTransaction), transaction() as session:
        session.add(failure("outer"))
        try:
            with transaction():
                session.add(failure("inner"))
                raise KeyError
        except KeyError:
            pass
    assert count() == 0


def test_rows_touched_before_it_began_are_refused() -> None:
    db.session.add(failure())
    with pytest.raises(WrongTransaction), transaction():
        pass
    db.session.add(failure())
    db.session.flush()
    with pytest.raises(WrongTransaction), transaction():
        pass
    assert count() == 0


def test_what_was_loaded_is_read_again_inside(app: Flask) -> None:
    with transaction() as session:
        session.add(failure("before"))
    mine = db.session.scalars(select(Failure)).one()

    def rename() -> None:
        with app.app_context(), transaction() as session:
            session.scalars(select(Failure)).one().name = "after"

    thread = threading.Thread(target=rename)
    thread.start()
    thread.join()
    with transaction():
        assert mine.name == "after"


def test_code_that_may_be_slow_cannot_open_one() -> None:
    with pytest.raises(WrongTransaction), only_reading("the slow reader"), transaction():
        pass


def test_many_writers_queue_and_none_is_lost(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for _ in range(10):
                with transaction() as session:
                    before = session.scalar(select(func.count()).select_from(Failure)) or 0
                    session.add(failure(str(before)))

    threads = [threading.Thread(target=write) for _ in range(8)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count() == 80
    assert time.monotonic() - started < 30


def test_a_moment_without_time_zone_is_a_fault() -> None:
    with pytest.raises(Exception, match="time zone"), transaction() as session:
        session.add(Failure(name="naive", at=clock.now().replace(tzinfo=None)))
        session.flush()
