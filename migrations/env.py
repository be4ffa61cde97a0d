"""Alembic, driven by `flask db …`: one engine, ours, and the metadata of every room."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

from core.database import Base, UtcDateTime, db


def _render(kind: str, thing: object, _autogen: object) -> str | bool:
    """Migrations name database types, never our classes, so that they read the same in ten years."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def run() -> None:
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:  # a table that is rebuilt must not drag its children along
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=_render,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if on_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"rows without a parent after migrating: {broken[:5]}")


run()
