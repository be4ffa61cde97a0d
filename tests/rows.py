"""A world that takes long to build, built once: every row of it is read, and written again for the next test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from catalog.models import Catalogue
from core.database import Base, db

Rows = Mapping[Table, Sequence[dict[str, Any]]]


def read() -> Rows:
    """All that is in the database, but for the catalogue's version: that one only rises. Ends the session."""
    db.session.remove()
    tables = [table for table in Base.metadata.sorted_tables if table.name != Catalogue.__tablename__]
    with db.engine.connect() as connection:
        return {
            table: [dict(row._mapping) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in tables
        }


def write(rows: Rows) -> None:
    """Into an empty database, with the same ids."""
    with db.engine.begin() as connection:
        for table, found in rows.items():
            if found:
                connection.execute(table.insert(), found)
