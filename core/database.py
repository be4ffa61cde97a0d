"""The database and the one place that commits.

Recipe for SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writers, and a writer gate (thread lock and file lock)
that turns SQLite's sleeping wait into a queue. PostgreSQL needs no gate. See docs/decisions/0002-one-transaction.md.
"""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Executable, MetaData, PoolProxiedConnection, Table, event, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core import gate
from core.errors import Busy
from core.gate import WAIT_SECONDS

try:
    import pysqlite3.dbapi2 as sqlite  # pyright: ignore[reportMissingImports] - carries a SQLite with the WAL-reset fix
except ImportError:  # no wheel for this machine: the system's SQLite, with the gate as the second measure
    import sqlite3 as sqlite

log = logging.getLogger("chilometrico.database")

NoAnswer = SQLAlchemyError
"""Whatever the database may say instead of an answer, for rooms that do not ask it themselves."""

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC out, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


db = SQLAlchemy(metadata=Base.metadata)


def table(kind: type[Base]) -> Table:
    """The table behind a class, for statements that are to go past the session."""
    return cast(Table, kind.__table__)


_writing: contextvars.ContextVar[bool] = contextvars.ContextVar("writing", default=False)
_reading_only: contextvars.ContextVar[str | None] = contextvars.ContextVar("reading_only", default=None)


class WrongTransaction(RuntimeError):
    """A fault of ours: rows changed outside a transaction, or one was opened where none may be."""


@contextmanager
def transaction() -> Iterator[Session]:
    """The only way to write. An inner one joins the outer: no savepoint, no second gate, no commit.

    The outermost one ends an open read, forgets what was loaded, takes the gate (SQLite only) and begins IMMEDIATE, so
    whatever a decision depends on is read again inside. Any exception in it, also one that somebody caught on the way,
    rolls back the whole. Raises WrongTransaction if rows were touched before it began.
    """
    session = db.session()
    if "transaction" in session.info:
        with _joined(session):
            yield session
        return
    _refuse_if_touched(session)
    session.rollback()
    session.expire_all()
    with ExitStack() as stack:
        connection = _open(session, stack)
        session.info["transaction"] = state = {"spoilt": False, "before_commit": [], "connection": connection}
        try:
            yield session
            if state["spoilt"]:
                raise WrongTransaction("an inner transaction failed and the failure was swallowed")
            _settle(session, state)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("transaction", None)


@contextmanager
def _joined(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.info["transaction"]["spoilt"] = True
        raise


def _open(session: Session, stack: ExitStack) -> Connection:
    engine = db.engine
    if engine.dialect.name == "sqlite":
        stack.enter_context(gate.one_writer(engine.url.database))
    token = _writing.set(True)
    stack.callback(_writing.reset, token)
    return session.connection()


def _settle(session: Session, state: dict[str, Any]) -> None:
    """Everything of the deed first, then what must come last (the journal, in the order of commits)."""
    session.flush()
    for last_deed in state["before_commit"]:
        last_deed(session)
    session.flush()


def insert(of: type[Base]) -> Any:
    """An INSERT that knows ON CONFLICT, as the database in use has it: for rows that two may make at once."""
    kind = postgresql if db.engine.dialect.name == "postgresql" else sqlite_dialect
    return kind.insert(table(of))


class Prepared:
    """A statement that is put together once for each kind of database: that takes longer than to run it."""

    def __init__(self, make: Callable[[], Executable]) -> None:
        self._make, self._made = make, dict[str, Executable]()

    def __call__(self) -> Executable:
        name = db.engine.dialect.name
        if name not in self._made:
            self._made[name] = self._make()
        return self._made[name]


def look_again(kind: type[Base], key: Any, *names: str) -> None:
    """What this session has loaded of that row is read anew when somebody looks: it was changed past the session."""
    session = db.session()
    held = session.identity_map.get(session.identity_key(kind, key))
    if held is not None:
        session.expire(held, names)


def run(statement: Executable, facts: Any = None) -> CursorResult[Any]:
    """In the transaction that is open, past the session: what that still holds is not written first, nor read anew.

    For statements of tables, not of classes; it takes half of the time.
    """
    return cast(CursorResult[Any], db.session().info["transaction"]["connection"].execute(statement, facts))


def rows_changed(statement: Executable) -> int:
    """Run an UPDATE or DELETE and say how many rows it met."""
    return cast(CursorResult[Any], db.session().execute(statement)).rowcount


def before_commit(session: Session, deed: Any) -> None:
    """Run ``deed(session)`` when the outermost transaction is about to commit."""
    session.info["transaction"]["before_commit"].append(deed)


def in_transaction() -> bool:
    return "transaction" in db.session().info


def serialise(session: Session, number: int) -> None:
    """Hold a database-wide lock until commit (PostgreSQL; on SQLite the gate already does)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


@contextmanager
def only_reading(who: str) -> Iterator[None]:
    """Inside, ``transaction()`` is a fault: for code that may be slow and must never hold the gate."""
    token = _reading_only.set(who)
    try:
        yield
    finally:
        _reading_only.reset(token)


def apart() -> Session:
    """A session for reading, on the connection that this request has: a second one might never come free.

    What it loads is read anew, stays loaded when it is closed, and belongs to nobody.
    """
    return Session(bind=db.session().connection())


def glance(statement: str, facts: Any = ()) -> list[Any]:
    """The rows of one short SELECT, outside of every session and past SQLAlchemy: a fifth of its time.

    For what each page asks before anything else. Raises what SQLAlchemy would.
    """
    connection = db.engine.raw_connection()
    try:
        return ask(connection, statement, facts)
    finally:
        connection.close()


def plain_rows(session: Session, statement: str, facts: Any = ()) -> list[Any]:
    """The rows of one SELECT in this session's transaction, as the driver gives them. Raises what SQLAlchemy would."""
    connection = session.connection()
    return ask(connection.connection, statement, facts)


def ask(connection: PoolProxiedConnection, statement: str, facts: Any) -> list[Any]:
    """The driver's rows, SQLAlchemy's faults."""
    dialect = db.engine.dialect
    cursor = connection.cursor()
    try:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())
    except dialect.loaded_dbapi.Error as fault:
        kind = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, fault, kind, hide_parameters=True, dialect=dialect) from fault
    finally:
        cursor.close()


@contextmanager
def patiently(sentence: str) -> Iterator[None]:
    """A database that did not come free in time is an answer too: the form is kept, and pressing again is safe.

    Raises Busy with this sentence.
    """
    try:
        yield
    except (OperationalError, Busy) as fault:
        db.session.rollback()
        if isinstance(fault, OperationalError) and not gate.is_busy(fault):
            raise
        log.warning("a form waited too long", exc_info=fault)
        raise Busy(sentence) from fault


def _refuse_if_touched(session: Session) -> None:
    if who := _reading_only.get():
        raise WrongTransaction(f"{who} may only read here")
    if session.new or session.dirty or session.deleted or session.info.pop("flushed", False):
        session.rollback()
        raise WrongTransaction("rows were changed outside a transaction")


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    if "transaction" not in session.info:
        session.info["flushed"] = True


@event.listens_for(Session, "after_rollback")
def _forget_flush(session: Session) -> None:
    session.info.pop("flushed", None)


def engine_options(url: str) -> dict[str, Any]:
    """Options for the engine: pool for 8 threads and the worker's, time limits that end in a calm page."""
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "module": sqlite,
            "connect_args": {"timeout": WAIT_SECONDS},
            "pool_size": 12,
            "max_overflow": 0,
        }
    limits = f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout={WAIT_SECONDS + 10}s -c timezone=UTC"
    return {
        "hide_parameters": True,
        "connect_args": {"options": limits},
        "pool_size": 10,
        "max_overflow": 0,
        "pool_pre_ping": True,
    }


def prepare(engine: Engine) -> None:
    """Teach a SQLite engine the recipe. Call once per engine."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _connect_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _connect_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGINs are incomplete; ours are in _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={WAIT_SECONDS * 1000}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def sqlite_version() -> str:
    """The version in use, for the start message: before 3.51.3 only the gate guards the WAL."""
    return getattr(sqlite, "sqlite_version", "unknown")
