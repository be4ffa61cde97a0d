"""The catalogue's version: what a kept page is checked against.

Each part of what citizens see has a word of chance in the table `catalogue`. Whoever writes to a table of that part
gives it a new one, in the same transaction, without knowing about it: every statement passes here. A word never comes
back, not even in a database that was emptied or restored, so what was kept under it is either true or never found
again. See docs/decisions/0022-kept-pages.md.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Engine, TextClause, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from core import database
from core.database import db

GOODS, STOCK, PICKUPS, HOUSE = "goods", "stock", "pickups", "house"
PARTS = (GOODS, STOCK, PICKUPS, HOUSE)

SHOWN: dict[str, tuple[str, ...]] = {
    "product": (GOODS,),
    "price_change": (GOODS,),
    "vat_rate": (GOODS,),
    "field": (GOODS,),
    "distance": (GOODS,),
    "stock": (STOCK,),
    "place": (GOODS, PICKUPS),
    "zone": (PICKUPS,),
    "pickup": (PICKUPS,),
}
"""Table -> the parts that show something of it."""

Versions = Mapping[str, str]
QUESTION = "SELECT about, version FROM catalogue"
CHANGED = "parts of the catalogue that this transaction changed"
WRITE = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+(?:ONLY\s+)?"?(\w+)', re.IGNORECASE)


def watch(part: str, *tables: str) -> None:
    """Rooms to the left say which of their tables citizens see, and in which part."""
    for table in tables:
        SHOWN[table] = tuple({*SHOWN.get(table, ()), part})


def now(before: Versions | None = None) -> Versions:
    """Part -> version. Read before what it stands for, or in the same snapshot: what is kept is then never older.

    ``before``: what was read when this request began; good as long as nothing else was.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return dict(database.plain_rows(db.session(), QUESTION))
    return before if before is not None else dict(database.glance(QUESTION))


def of(versions: Versions, *parts: str) -> tuple[str, ...] | None:
    """What to keep something of these parts under; None where nothing may be kept, as one of them has no version."""
    try:
        return tuple([versions[part] for part in parts])
    except KeyError:
        return None


def renew(connection: Connection, parts: Collection[str] = PARTS) -> None:
    """All parts in one statement and one order: nobody waits for somebody who waits for them."""
    words = {f"of_{part}": secrets.token_hex(8) for part in parts}
    connection.execute(_renewal(tuple(sorted(parts))), words)


@cache
def _renewal(parts: Sequence[str]) -> TextClause:
    """Put together once: SQLAlchemy would do it anew for each number of rows, which takes longer than the rest."""
    rows = ", ".join(f"('{part}', :of_{part})" for part in parts)  # names of ours
    way = "ON CONFLICT (about) DO UPDATE SET version = excluded.version"
    return text(f"INSERT INTO catalogue (about, version) VALUES {rows} {way}")  # noqa: S608


@event.listens_for(Engine, "before_cursor_execute")
def _note_write(connection: Connection, _cursor: object, statement: str, *_more: Any) -> None:
    """Sees every statement, however it was made: a flush, an UPDATE of many rows, plain text."""
    if statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
        return
    for table in WRITE.findall(statement):
        if parts := SHOWN.get(table):
            connection.info.setdefault(CHANGED, set()).update(parts)


@event.listens_for(Session, "before_commit")
def _raise(session: Session) -> None:
    """The last thing of all before the commit, and so the last lock."""
    session.flush()
    connection = session.connection()
    if parts := connection.info.pop(CHANGED, None):
        renew(connection, parts)


@event.listens_for(Engine, "rollback")
@event.listens_for(Engine, "commit")
def _forget(connection: Connection) -> None:
    connection.info.pop(CHANGED, None)
