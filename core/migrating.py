"""Bring the database to the newest schema, and say quickly when it is there already."""

from __future__ import annotations

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.database import db
from core.settings import ROOT

FOLDER = ROOT / "migrations"


def is_behind() -> bool:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) != set(ScriptDirectory.from_config(config).get_heads())


def migrate_if_behind() -> bool:
    """Returns whether anything had to be done."""
    if not is_behind():
        return False
    from flask_migrate import upgrade

    upgrade(str(FOLDER))
    return True
