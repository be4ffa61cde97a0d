"""Readers follow the journal from a stored position, in the worker, never in a request (ruling 7).

A reader looks at one entry and answers with the rows to keep. It may only read while it thinks, so it can be slow or
fail and no order waits for it; the rows and the new position are then saved together in a short transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.database import Base, db, insert, only_reading, transaction
from core.journal import Entry

log = logging.getLogger("chilometrico.readers")

Save = Callable[[Session], None]
Reader = Callable[[Entry], Iterable[Save]]
LONGEST_WAIT = timedelta(minutes=10)


class Position(Base):
    """How far a reader has come."""

    __tablename__ = "reader_position"
    name: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(default="")
    try_after: Mapped[datetime | None]


def register(name: str, reader: Reader) -> None:
    """Wire a reader in `app.py`. The name is its identity in the database."""
    _registry()[name] = reader


def deliver(name: str | None = None, *, most: int = 10_000) -> int:
    """Let every reader (or one) catch up. Returns how many entries were taken. The worker loops on it."""
    names = [name] if name else list(_registry())
    return sum(_catch_up(each, most) for each in names)


def rewind(name: str) -> None:
    """Read the journal again from its beginning. The reader's own rows must bear repetition."""
    with transaction() as session:
        position = _position(session, name)
        position.entry_id, position.failures, position.trouble, position.try_after = 0, 0, "", None


def names() -> list[str]:
    return list(_registry())


def troubles() -> dict[str, str]:
    """Readers that have stopped, and at what."""
    stuck = select(Position.name, Position.trouble).where(Position.failures > 0)
    return {row.name: row.trouble for row in db.session.execute(stuck)}


def lag() -> dict[str, int]:
    """Entries that each reader has not taken yet."""
    seen = {row.name: row.entry_id for row in db.session.execute(select(Position.name, Position.entry_id))}
    return {name: _entries_after(seen.get(name, 0)) for name in _registry()}


def _entries_after(entry_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Entry).where(Entry.id > entry_id)) or 0


def _registry() -> dict[str, Reader]:
    return current_app.extensions.setdefault("readers", {})


def _catch_up(name: str, most: int) -> int:
    position = db.session.get(Position, name)
    if position and position.try_after and position.try_after > clock.now():
        return 0
    after = position.entry_id if position else 0
    ids = list(db.session.scalars(select(Entry.id).where(Entry.id > after).order_by(Entry.id).limit(most)))
    taken = 0
    for entry_id in ids:
        if not _take(name, entry_id):
            break
        taken += 1
    db.session.rollback()
    return taken


def _take(name: str, entry_id: int) -> bool:
    try:
        with only_reading(name):
            entry = db.session.get_one(Entry, entry_id)
            saves = list(_registry()[name](entry))
        _save(name, entry_id, saves)
    except Exception as trouble:
        log.exception("reader %s stopped at entry %s", name, entry_id)
        db.session.rollback()
        _note_trouble(name, trouble)
        return False
    return True


def _save(name: str, entry_id: int, saves: Iterable[Save]) -> None:
    with transaction() as session:
        position = _position(session, name)
        if position.entry_id >= entry_id:
            return  # another worker was faster
        for save in saves:
            save(session)
        position.entry_id, position.failures, position.trouble, position.try_after = entry_id, 0, "", None


def _note_trouble(name: str, trouble: Exception) -> None:
    with transaction() as session:
        position = _position(session, name)
        position.failures += 1
        position.trouble = f"{type(trouble).__name__}: {trouble}"[:500]
        wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(position.failures, 12)))
        position.try_after = clock.now() + wait


def _position(session: Session, name: str) -> Position:
    new = insert(Position).values(name=name, entry_id=0, failures=0, trouble="")
    session.execute(new.on_conflict_do_nothing())
    return session.get_one(Position, name, with_for_update=True, populate_existing=True)
