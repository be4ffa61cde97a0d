"""Objects made of rows that the driver gave, past SQLAlchemy: a tenth of the time that loading them takes.

They are read-only, belong to no session and know only what was put into them: whoever asks them for more is told so by
a fault, as of everything that was loaded by a session that is closed. For what is kept and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ClauseElement, ColumnElement, Dialect, Executable, Float, Label, insert
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from core import database
from core.database import Base, db, table

Kind = TypeVar("Kind", bound=Base)
Row = Sequence[Any]

STATE = "_sa_instance_state"
"""What SQLAlchemy keeps in an object beside its values."""


class Question:
    """A SELECT that is put together once for each kind of database. Facts are given to the driver as they are."""

    def __init__(self, make: Callable[[], ClauseElement]) -> None:
        self._make, self._compiled = make, dict[str, SQLCompiler]()

    def rows(self, session: Session, **facts: Any) -> list[Row]:
        """As the driver gives them, in this session's transaction. Raises what SQLAlchemy would."""
        return database.plain_rows(session, *self._put(facts))

    def glance(self, **facts: Any) -> list[Row]:
        """The same outside of every session, and in one where that has begun to read."""
        if db.session.registry.has() and db.session().in_transaction():
            return self.rows(db.session(), **facts)
        return database.glance(*self._put(facts))

    def _put(self, facts: dict[str, Any]) -> tuple[str, Any]:
        compiled = self._on(db.engine.dialect)
        given = compiled.construct_params(facts)
        return str(compiled), tuple([given[name] for name in compiled.positiontup]) if compiled.positiontup else given

    def _on(self, dialect: Dialect) -> SQLCompiler:
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = cast(SQLCompiler, self._make().compile(dialect=dialect))
        return self._compiled[dialect.name]


@dataclass(frozen=True)
class Part(Generic[Kind]):
    """The columns of a row that are one object's: where each stands, its name, and what reads it."""

    kind: type[Kind]
    columns: Sequence[tuple[int, str, Callable[[Any], Any] | None]]

    def find(self, row: Row) -> Kind | None:
        """None where it is not there: its first column says so."""
        return None if row[self.columns[0][0]] is None else self.read(row)

    def read(self, row: Row, **more: Any) -> Kind:
        """``more``: what it knows besides."""
        values = {name: row[at] if turn is None else turn(row[at]) for at, name, turn in self.columns}
        return as_loaded(self.kind, {**values, **more})


def part(kind: type[Kind], columns: Iterable[Any], start: int, dialect: Dialect) -> Part[Kind]:
    """``columns`` of a table, which are called as the attributes are; the first of them stands at ``start``."""
    return Part(
        kind,
        [(at, column.name, _reader(column.type, dialect)) for at, column in zip(count(start), columns, strict=False)],
    )


def _reader(of: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What a driver's value is read with. Numbers are as they come: none of our drivers gives anything but a float."""
    return None if isinstance(of, Float) else of.dialect_impl(dialect).result_processor(dialect, None)


def told(*columns: ColumnElement[Any]) -> list[Label[Any]]:
    """To select them under names that cannot be the same twice: they are known by where they stand."""
    return [column.label(f"told_{number}") for number, column in enumerate(columns)]


def values_of(thing: Base) -> dict[str, Any]:
    """What an object made here knows."""
    return instance_dict(thing)


def as_loaded(kind: type[Kind], values: Mapping[str, Any]) -> Kind:
    thing = kind()
    instance_dict(thing).update(values)
    make_transient_to_detached(thing)
    return thing


def twin(thing: Kind, **other: Any) -> Kind:
    """The same but for this: whoever holds the first goes on seeing what it said."""
    values = {name: value for name, value in instance_dict(thing).items() if name != STATE}
    return as_loaded(type(thing), values | other)


def write(things: Sequence[Base]) -> None:
    """Insert these new rows of one table, whose key is ``id``, in one statement past the unit of work."""
    kind = type(things[0])
    names, unsaid = _columns(kind)
    for thing in things:
        values = instance_dict(thing)
        values.update({name: value for name, value in unsaid.items() if name not in values})
    rows = [{name: instance_dict(thing)[name] for name in names} for thing in things]
    made = database.run(_writing(kind), rows).scalars()
    for thing, number in zip(things, made, strict=True):
        written(thing, number)


def written(thing: Kind, number: int) -> Kind:
    """A new row has this id now, and is as if it had been loaded. Added to a session, it is not written once more."""
    instance_dict(thing)["id"] = number
    make_transient_to_detached(thing)
    return thing


@cache
def _columns(kind: type[Base]) -> tuple[Sequence[str], Mapping[str, Any]]:
    """All but the key, and what those are that nobody has said anything about."""
    columns = [column for column in table(kind).c if column.name != "id"]
    unsaid = {column.name: getattr(column.default, "arg", None) for column in columns if not _is_made(column)}
    return [column.name for column in columns], unsaid


def _is_made(column: Any) -> bool:
    """Whether a value that nobody has said would be worked out: then somebody has to say it here."""
    return column.default is not None and not column.default.is_scalar


@cache
def _writing(kind: type[Base]) -> Executable:
    return insert(table(kind)).returning(table(kind).c.id, sort_by_parameter_order=True)
