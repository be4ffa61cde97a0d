"""The writer gate of SQLite: a queue of this process's threads and of this machine's processes, with a time limit.

SQLite's own wait sleeps instead of queueing, so unlucky writers starve; and it has one writer anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.exc import TimeoutError

from core.errors import Busy

WAIT_SECONDS = 20
BUSY_STATES = {"40001", "40P01", "53300", "55P03", "57014"}
"""PostgreSQL's words for: serialisation, dead-lock, connections, lock wait, statement time."""

_thread_gate = threading.Lock()


@contextmanager
def one_writer(database: str | None) -> Iterator[None]:
    """Nobody else writes to this file while it is open. Raises Busy when the wait gets too long."""
    with ExitStack() as stack:
        stack.enter_context(within_time(_thread_gate))
        if database and database != ":memory:":
            stack.enter_context(_file_gate(Path(database + ".gate")))
        yield


def be_patient() -> str:
    return _("C'è molta gente in questo momento. Riprova tra poco: non perdi nulla.")


@contextmanager
def within_time(gate: threading.Lock) -> Iterator[None]:
    """The queue of this process's threads; whoever waits too long is told so. Raises Busy."""
    if not gate.acquire(timeout=WAIT_SECONDS):
        raise Busy(be_patient())
    try:
        yield
    finally:
        gate.release()


@contextmanager
def _file_gate(path: Path) -> Iterator[None]:
    """One writer among all processes of this machine. Without fcntl (Windows) one process and the thread gate do.

    Raises Busy when another process does not let go in time (it may have been stopped).
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as file:
        got = threading.Event()

        def wait_in_line() -> None:
            fcntl.flock(file, fcntl.LOCK_EX)
            got.set()

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # flock has no time limit, so somebody else waits. Closing the file gives back what comes too late.
            threading.Thread(target=wait_in_line, daemon=True).start()
            if not got.wait(WAIT_SECONDS):
                raise Busy(be_patient()) from None
        yield


def is_busy(fault: Exception) -> bool:
    """Whether the database was only not free in time (locks, time limits, connections), so that trying again helps."""
    if isinstance(fault, TimeoutError):  # SQLAlchemy's: no connection of the pool came free
        return True
    original = getattr(fault, "orig", None)
    if state := getattr(original, "sqlstate", None):
        return state in BUSY_STATES
    return any(word in str(original) for word in ("locked", "busy"))
