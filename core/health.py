"""`/salute`: how the shop is, for machines and for the start script. Rooms add what they know of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from core import clock, outbox, readers, worker
from core.database import db
from core.doors import OPEN, door

blueprint = Blueprint("health", __name__)

WORKER_SILENT_AFTER = 60  # seconds
LATE_AFTER = 300
STATUSES = ("ok", "late", "wrong")  # the worst that anybody says is the shop's


@dataclass(frozen=True)
class Fact:
    """What a room says of itself. ``says`` is for machines and open to everybody: numbers and moments, no names."""

    says: Mapping[str, Any]
    status: str = "ok"


def register(name: str, fact: Callable[[], Fact]) -> None:
    """Wire, in `app.py`, what is shown under ``name``. It is asked at every look, so it must be quick and only read."""
    _facts()[name] = fact


@blueprint.get("/salute")
@door(OPEN, "machine")
def health() -> tuple[Response, int]:
    """200 and {"status": "ok" | "late" | "wrong"}; 503 when the database does not answer."""
    try:
        facts = gather()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify({"status": "down", "database": "does not answer"}), 503
    return jsonify(facts), 200


def gather() -> dict[str, Any]:
    db.session.execute(text("SELECT 1"))
    own = _own()
    told = {name: fact() for name, fact in _facts().items()}
    worst = max((own.status, *(fact.status for fact in told.values())), key=STATUSES.index)
    return {**{name: dict(fact.says) for name, fact in told.items()}, **own.says, "status": worst}


def _own() -> Fact:
    seen, late = _worker_seconds(), outbox.lag()
    troubles = readers.troubles()
    silent = seen is None or seen > WORKER_SILENT_AFTER
    is_late = silent or bool(troubles) or late["oldest_overdue_seconds"] > LATE_AFTER
    says = {
        "database": db.engine.dialect.name,
        "worker_seen_seconds_ago": seen,
        "outbox": late,
        "readers": readers.lag(),
        "readers_in_trouble": sorted(troubles),
    }
    return Fact(says, "late" if is_late else "ok")


def _worker_seconds() -> int | None:
    seen = worker.last_seen()
    return max(0, int((clock.now() - seen).total_seconds())) if seen else None


def _facts() -> dict[str, Callable[[], Fact]]:
    return current_app.extensions.setdefault("facts", {})
