"""Throttles that count failures, in the database, so that more processes mean no more tries (ruling 17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Executable, Index, bindparam, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, Prepared, db, run, serialise, table, transaction

THROTTLE_LOCK = 9_063_2022


class Failure(Base):
    """One try that failed, under a name such as "password:rita@example.org"."""

    __tablename__ = "failure"
    __table_args__ = (Index("ix_failure_name_at", "name", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    at: Mapped[datetime]


def is_full(name: str, most: int, within: timedelta) -> bool:
    """Whether ``most`` failures happened under ``name`` in the last ``within``."""
    query = select(func.count()).select_from(Failure).where(Failure.name == name, Failure.at > clock.now() - within)
    return (db.session.scalar(query) or 0) >= most


def take(name: str, most: int, within: timedelta) -> bool:
    """Count a try before it is judged; False when it is one too many. Those who come at once queue here.

    Whoever then succeeds calls ``forget``.
    """
    with transaction() as session:
        serialise(session, THROTTLE_LOCK)
        if is_full(name, most, within):
            return False
        session.add(Failure(name=name, at=clock.now()))
        return True


def count(name: str, most: int, within: timedelta) -> bool:
    """Count what is being done, in the transaction that does it; False when it is one too many. One statement.

    No lock is taken: the caller holds a row for which those who come at once wait, or lets one more of them pass.
    """
    moment = clock.now()
    facts = {"called": name, "moment": moment, "since": moment - within, "most": most}
    return run(_COUNT(), facts).first() is not None


def _counting() -> Executable:
    failure = table(Failure)
    named = failure.c.name == bindparam("called"), failure.c.at > bindparam("since")
    before = select(func.count()).select_from(failure).where(*named).scalar_subquery()
    row = select(bindparam("called", type_=failure.c.name.type), bindparam("moment", type_=failure.c.at.type))
    counted = insert(failure).from_select(["name", "at"], row.where(before < bindparam("most")))
    return counted.returning(failure.c.id)


_COUNT = Prepared(_counting)


def note(name: str) -> None:
    with transaction() as session:
        session.add(Failure(name=name, at=clock.now()))


def forget(name: str) -> None:
    """A success, or a tutor's yes, clears the count."""
    with transaction() as session:
        session.execute(delete(Failure).where(Failure.name == name))


def forget_under(name: str) -> None:
    """The count of ``name`` and every count below it ("badge:person:7" and "badge:person:7:device:2")."""
    with transaction() as session:
        session.execute(delete(Failure).where(or_(Failure.name == name, _is_under(name))))


def any_full_under(name: str, most: int, within: timedelta) -> bool:
    """Whether any count below ``name`` is full."""
    recent = (_is_under(name), Failure.at > clock.now() - within)
    query = select(Failure.name).where(*recent).group_by(Failure.name).having(func.count() >= most)
    return db.session.scalar(query.limit(1)) is not None


def _is_under(name: str) -> ColumnElement[bool]:
    return Failure.name.startswith(f"{name}:", autoescape=True)
