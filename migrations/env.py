"""Alembic, driven by `flask db …`: one engine, ours, and the metadata of every room."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from core.database import Base, UtcDateTime, db


def _render(kind: str, thing: object, _autogen: object) -> str | bool:
    """Migrations name database types, never our classes, so that they read the same in ten years."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def run() -> None:
    """All or nothing, on both databases. A table that is rebuilt must not drag its children along."""
    with db.engine.connect() as connection:
        _heed_parents(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=_render,
            transactional_ddl=True,
            **current_app.extensions["migrate"].configure_args,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                _require_parents(connection)
        finally:
            connection.rollback()
            _heed_parents(connection, "ON")


def _heed_parents(connection: Connection, switch: str) -> None:
    """SQLite hears this only outside of a transaction, so it goes past SQLAlchemy, which would begin one."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={switch}")


def _require_parents(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"rows without a parent after migrating: {broken[:5]}")


run()
