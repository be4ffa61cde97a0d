"""`/salute`: how the shop is, for machines and for the start script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from core import clock, outbox, readers, worker
from core.database import db
from core.doors import OPEN, door

blueprint = Blueprint("health", __name__)

WORKER_SILENT_AFTER = 60  # seconds
LATE_AFTER = 300


@blueprint.get("/salute")
@door(OPEN, "machine")
def health() -> tuple[Response, int]:
    """200 and {"status": "ok" | "late"}; 503 when the database does not answer."""
    try:
        facts = gather()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify({"status": "down", "database": "does not answer"}), 503
    return jsonify(facts), 200


def gather() -> dict[str, Any]:
    db.session.execute(text("SELECT 1"))
    seen, late = _worker_seconds(), outbox.lag()
    troubles = readers.troubles()
    silent = seen is None or seen > WORKER_SILENT_AFTER
    is_late = silent or bool(troubles) or late["oldest_overdue_seconds"] > LATE_AFTER
    return {
        "status": "late" if is_late else "ok",
        "database": db.engine.dialect.name,
        "worker_seen_seconds_ago": seen,
        "outbox": late,
        "readers": readers.lag(),
        "readers_in_trouble": sorted(troubles),
    }


def _worker_seconds() -> int | None:
    seen = worker.last_seen()
    return max(0, int((clock.now() - seen).total_seconds())) if seen else None
