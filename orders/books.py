"""The books: every invariant of orders, stock, places, money and journal, audited on the live database.

Once a night the worker looks, at any time `flask books check` does. Nothing is mended here: a person decides.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import clock, keys
from core.database import db, only_reading, transaction
from core.health import Fact
from orders import auditing
from orders.auditing import Group
from orders.models import BooksCheck, Order

log = logging.getLogger("chilometrico.books")

HOUR = 3  # of the night, in Rome
KEPT = 90  # checks
MOST = 200  # sentences kept of one check
LATE_AFTER = timedelta(hours=48)


@dataclass(frozen=True)
class Look:
    """One look through the books."""

    groups: list[Group]
    milliseconds: int
    trouble: str = ""  # why there was nothing to look at

    @property
    def problems(self) -> list[str]:
        if self.trouble:
            return [self.trouble]
        return [f"{group.name}: {problem}" for group in self.groups for problem in group.problems]


def look() -> Look:
    """Audit everything as it stood at one moment. Only reads: nobody has to wait for it."""
    start = time.perf_counter()
    with one_moment() as session:
        groups = auditing.audit(session)
    return Look(groups, round((time.perf_counter() - start) * 1000))


def keep(found: Look) -> BooksCheck:
    """Write a look down; the last 90 stay."""
    with transaction() as session:
        row = BooksCheck(at=clock.now(), milliseconds=found.milliseconds, problems=_first(found.problems))
        session.add(row)
        session.flush()
        newest = select(BooksCheck.id).order_by(BooksCheck.id.desc()).limit(KEPT)
        session.execute(delete(BooksCheck).where(BooksCheck.id.not_in(newest)))
    return row


def check() -> BooksCheck:
    """Look through the books and write down what was found."""
    return keep(look())


def check_nightly() -> int:
    """Once after 3 o'clock of each day in Rome, or as soon as somebody is up again. Returns how many checks it did.

    Two workers may look at once; the first one writes it down.
    """
    key = f"books-{_night(clock.now()).isoformat()}"
    if keys.find_answer(key) is not None:
        return 0
    found = _look_or_say_why_not()
    with transaction():
        is_first = keys.claim(key)
        if is_first:
            keep(found)
    if is_first and found.problems:
        log.error("the books do not balance: %d problems, `flask books check` names them", len(found.problems))
    return int(is_first)


def _look_or_say_why_not() -> Look:
    """Books that cannot be read are wrong, once a night; to try again every minute would find the same."""
    try:
        return look()
    except Exception as trouble:
        log.exception("the books could not be read")
        return Look([], 0, f"the books could not be read: {type(trouble).__name__}")


def newest() -> BooksCheck | None:
    return db.session.scalar(select(BooksCheck).order_by(BooksCheck.id.desc()).limit(1))


def fact() -> Fact:
    """For `/salute`: when somebody last looked and how many problems there were. The sentences stay in the house."""
    last, moment = newest(), clock.now()
    since = last.at if last else db.session.scalar(select(func.min(Order.placed_at)))
    is_late = since is not None and moment - since > LATE_AFTER
    status = "wrong" if last and last.problems else "late" if is_late else "ok"
    if last is None:
        return Fact({"checked_at": None, "problems": None, "ok": None, "hours_ago": None}, status)
    hours = int((moment - last.at).total_seconds() // 3600)
    says = {"checked_at": last.at.isoformat(), "problems": len(last.problems), "ok": not last.problems}
    return Fact({**says, "hours_ago": max(0, hours)}, status)


def _night(moment: datetime) -> date:
    """The day whose 3 o'clock was the last to pass."""
    day = moment.astimezone(clock.ROME).date()
    return day if moment >= clock.rome(day, HOUR) else day - timedelta(days=1)


def _first(problems: Sequence[str]) -> list[str]:
    if len(problems) <= MOST:
        return list(problems)
    return [*problems[: MOST - 1], f"and {len(problems) - MOST + 1} more"]


@contextmanager
def one_moment() -> Iterator[Session]:
    """A connection of its own that sees one moment of the database, so that a shop at work makes no false alarm.

    SQLite keeps a reader's snapshot from its first statement on; PostgreSQL has to be asked. Writers go on meanwhile.
    """
    asked = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = asked if db.engine.dialect.name == "postgresql" else {}
    engine = db.engine.execution_options(**options)
    with only_reading("the look through the books"), engine.connect() as connection, Session(connection) as session:
        yield session
