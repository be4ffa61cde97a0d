"""The one clock. Stored in UTC, thought in Europe/Rome.

CHILOMETRICO_NOW sets an offset once per database and `flask demo clock` moves it; every process reads the same row,
at most once a second.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, db, transaction

ROME = ZoneInfo("Europe/Rome")
READ_AGAIN_AFTER = 1.0  # seconds: the longest that two processes may disagree after the demo's clock was moved

_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


class Clock(Base):
    """One row: how many seconds the shop's clock is ahead of the machine's."""

    __tablename__ = "clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    offset_seconds: Mapped[int]


def now() -> datetime:
    """This moment, aware, in UTC."""
    travelled = _travelled.get()
    if travelled is not None:
        return travelled
    return datetime.now(UTC) + timedelta(seconds=_offset())


def today() -> date:
    """The day that the wall calendar in Lomellina shows."""
    return now().astimezone(ROME).date()


def yesterday() -> date:
    return today() - timedelta(days=1)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this thread think that it is ``moment``: for the demo's past and for tests."""
    token = _travelled.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)


def rome(day: date, hour: int, minute: int = 0) -> datetime:
    """Wall time to UTC: an hour that does not exist moves forward, a doubled one takes the first (rulings 4)."""
    wall = datetime.combine(day, wall_time(hour, minute), tzinfo=ROME)  # fold=0: the first of two
    return wall.astimezone(UTC).astimezone(ROME).astimezone(UTC)


def parse(text: str) -> datetime:
    """An ISO date and time as UTC. Without an offset it is Rome's. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ROME)
    return moment.astimezone(UTC)


def parse_shift(text: str) -> timedelta:
    """'+2d', '-3h', '+90m'. Raises ValueError."""
    found = re.fullmatch(r"([+-]?\d+)([dhm])", text.strip())
    if not found:
        raise ValueError(text)
    return int(found[1]) * {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}[found[2]]


def set_once(moment: datetime) -> None:
    """Start this database's clock at ``moment``; a database that has a clock keeps it."""
    with transaction() as session:
        if session.get(Clock, 1) is None:
            ahead = moment - datetime.now(UTC)
            session.add(Clock(id=1, offset_seconds=round(ahead.total_seconds())))
    _forget()


def move(shift: timedelta) -> None:
    """Move the clock of every process on this database."""
    with transaction() as session:
        row = session.get(Clock, 1) or Clock(id=1, offset_seconds=0)
        row.offset_seconds += round(shift.total_seconds())
        session.add(row)
    _forget()


def _offset() -> int:
    kept, read_at = current_app.extensions.get("clock", (0, float("-inf")))
    if time.monotonic() - read_at < READ_AGAIN_AFTER:
        return kept
    with db.session.no_autoflush:
        offset = db.session.scalar(select(Clock.offset_seconds)) or 0
    current_app.extensions["clock"] = (offset, time.monotonic())
    return offset


def _forget() -> None:
    current_app.extensions.pop("clock", None)
