"""The journal: the one truth of what happened, written in the transaction that did it (ruling 6).

Entries are numbered in the order of commits: they are held back and written last, under one lock on PostgreSQL, so
that a reader that follows the numbers can never pass over an entry that commits late.
"""

from __future__ import annotations

import contextvars
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Index, and_, event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, aliased, mapped_column
from sqlalchemy.orm.attributes import get_history

from core import clock
from core.database import Base, WrongTransaction, before_commit, db, in_transaction, serialise
from core.errors import Conflict

JOURNAL_LOCK = 7_061_2022
ERASABLE = {"person_id", "data"}

_context: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("journal_context", default={})  # noqa: B039 - never mutated


class Subject(Protocol):
    """Whatever an entry is about: an order, a product, a pick-up, a person."""

    id: Mapped[int]
    __tablename__: str


class Entry(Base):
    """One fact. ``action`` is past tense ("line.weighed"); ``data`` keeps the arguments that undo needs."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject_type", "subject_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(index=True)
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(index=True)  # no foreign key: people may be erased, facts stay
    practice: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), unique=True)

    @property
    def is_undo(self) -> bool:
        return self.undoes_id is not None


@contextmanager
def context(**facts: Any) -> Iterator[None]:
    """Facts about the surroundings that every entry inside keeps: device, support_shown, practice, undoes …"""
    token = _context.set({**_context.get(), **{name: fact for name, fact in facts.items() if fact is not None}})
    try:
        yield
    finally:
        _context.reset(token)


def record(action: str, subject: Subject, *, by: int | None = None, practice: bool = False, **data: Any) -> Entry:
    """Note that ``action`` happened to ``subject``. ``by`` is a person's id, None for a citizen or the shop itself.

    Only inside a transaction (raises WrongTransaction). In a context with ``practice_only`` a real deed is a Conflict,
    and with it everything that the transaction did. The entry has its ``key`` at once, its ``id`` after the commit.
    """
    if not in_transaction():
        raise WrongTransaction(f"{action} was recorded outside a transaction")
    session = db.session()
    session.flush()
    facts = dict(_context.get())
    is_practice = practice or bool(facts.pop("practice", False))
    if facts.pop("practice_only", False) and not is_practice:
        raise Conflict(_("Questa è una prova: il lavoro vero non si tocca."))
    entry = Entry(
        key=secrets.token_hex(16),
        at=clock.now(),
        action=action,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        person_id=by,
        practice=is_practice,
        undoes_id=facts.pop("undoes", None),
        data=data,
        context=facts,
    )
    _hold_back(session, entry)
    return entry


def entries(subject: Subject, *, newest_first: bool = True) -> list[Entry]:
    """What happened to this order, product or pick-up."""
    order = Entry.id.desc() if newest_first else Entry.id
    query = select(Entry).where(Entry.subject_type == subject.__tablename__, Entry.subject_id == subject.id)
    return list(db.session.scalars(query.order_by(order)))


def entries_of_several(table: str, ids: Collection[int]) -> list[Entry]:
    """What happened to any of these, the oldest first. ``table`` as the subjects call theirs."""
    query = select(Entry).where(Entry.subject_type == table, Entry.subject_id.in_(ids))
    return list(db.session.scalars(query.order_by(Entry.id)))


def entries_begun_with(actions: Collection[str], name: str, number: int, *, after: int = 0) -> list[Entry]:
    """All that happened to whatever began with one of these, and named ``number`` in its data, the oldest first.

    For what belongs to a thing without being done to it, also when it is gone by now. One statement; it looks at the
    entries of these actions that came after the entry ``after``.
    """
    first = aliased(Entry)
    same = (first.subject_type == Entry.subject_type, first.subject_id == Entry.subject_id)
    began = (first.action.in_(actions), first.id > after, first.data[name].as_integer() == number)
    return list(db.session.scalars(select(Entry).join(first, and_(*same)).where(*began).order_by(Entry.id)))


def erase_person(person_id: int, free_text: Mapping[str, set[str]]) -> int:
    """Null the person, and the free text in ``data`` by action, in every entry of theirs. Returns how many entries.

    The one exception to "entries are never changed"; the caller records the erasure itself.
    """
    session = db.session()
    session.info["erasing"] = True
    try:
        found = list(session.scalars(select(Entry).where(Entry.person_id == person_id)))
        for entry in found:
            words = free_text.get(entry.action, set())
            entry.person_id = None
            entry.data = {name: None if name in words else value for name, value in entry.data.items()}
        session.flush()
    finally:
        session.info.pop("erasing", None)
    return len(found)


def _hold_back(session: Session, entry: Entry) -> None:
    waiting: list[Entry] = session.info["transaction"].setdefault("entries", [])
    if not waiting:
        before_commit(session, _write)
    waiting.append(entry)


def _write(session: Session) -> None:
    serialise(session, JOURNAL_LOCK)
    for entry in session.info["transaction"].pop("entries"):
        session.add(entry)
        session.flush()  # one by one: their numbers follow the order in which they happened


@event.listens_for(Entry, "before_update")
def _never_changed(_mapper: object, _connection: object, entry: Entry) -> None:
    session = db.session()
    touched = {name for name in Entry.__mapper__.columns.keys() if get_history(entry, name).has_changes()}  # noqa: SIM118
    if touched and not (session.info.get("erasing") and touched <= ERASABLE):
        raise WrongTransaction("journal entries are never changed")


@event.listens_for(Entry, "before_delete")
def _never_deleted(_mapper: object, _connection: object, _entry: Entry) -> None:
    raise WrongTransaction("journal entries are never deleted")


@event.listens_for(Session, "do_orm_execute")
def _nor_many_at_once(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is Entry.__mapper__:
        raise WrongTransaction("journal entries are never changed, nor deleted")
