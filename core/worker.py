"""The worker: readers, outbox and chores, each in a thread of its own so that a slow one holds up nobody."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, outbox, readers
from core.database import Base, db, transaction

log = logging.getLogger("chilometrico.worker")

PAUSE = 0.5  # seconds between two looks
BEAT = 10.0


class Heartbeat(Base):
    """When the worker was last seen."""

    __tablename__ = "heartbeat"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


Chore = Callable[[], int]


def register(name: str, chore: Chore, *, every: float = PAUSE) -> None:
    """Wire, in `app.py`, something that is looked after again and again. It returns how many things it did.

    ``every``: seconds between two looks when there was nothing to do.
    """
    _chores()[name] = (chore, every)


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Work until told to stop (TERM or INT). What is under way is finished first."""
    stop = stop or _stop_on_signal()
    with app.app_context():
        jobs: dict[str, Callable[[], int]] = {"outbox": outbox.send_due, "heartbeat": beat}
        jobs |= {name: chore for name, (chore, _every) in _chores().items()}
        jobs |= {f"reader {name}": _reader(name) for name in readers.names()}
        pauses = {"heartbeat": BEAT} | {name: every for name, (_chore, every) in _chores().items()}
    threads = [
        threading.Thread(target=_loop, name=name, args=(app, name, job, pauses.get(name, PAUSE), stop), daemon=True)
        for name, job in jobs.items()
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(timeout=25)


def beat() -> int:
    with transaction() as session:
        session.merge(Heartbeat(name="worker", at=clock.now()))
    return 0


def last_seen() -> datetime | None:
    row = db.session.get(Heartbeat, "worker")
    return row.at if row else None


def _chores() -> dict[str, tuple[Chore, float]]:
    return current_app.extensions.setdefault("chores", {})


def _reader(name: str) -> Callable[[], int]:
    return lambda: readers.deliver(name)


def _loop(app: Flask, name: str, job: Callable[[], int], pause: float, stop: threading.Event) -> None:
    while not stop.is_set():
        did = _try(app, name, job)
        stop.wait(0 if did else pause)


def _try(app: Flask, name: str, job: Callable[[], int]) -> int:
    try:
        with app.app_context():
            return job()
    except Exception:
        log.exception("%s stumbled and goes on", name)
        return 0


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
