"""Gunicorn with two workers of four threads, and what CPU it has used."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from core.settings import ROOT
from tests.rush.postbox import free_port

WORKERS, THREADS = 2, 4
PATIENCE = 60  # seconds until the first answer
TICKS = os.sysconf("SC_CLK_TCK")
GUNICORN = ["gunicorn", "--preload", "--no-control-socket", "--worker-class", "gthread", "--log-level", "warning"]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds that its processes have worked so far, the kernel's part for them included."""
        return sum(_seconds(pid) for pid in [self.pid, *_children(self.pid)])


@contextmanager
def serving(app: str, **settings: str) -> Iterator[Server]:
    """``app`` as gunicorn names it. The shop's own command but for the worker, which is no part of a page."""
    port = free_port()
    web = ["--workers", str(WORKERS), "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", app]
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *GUNICORN, *web],
            cwd=ROOT,
            env=surroundings | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int, log: object) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/hello")
            connection.getresponse().read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                log.seek(0)  # type: ignore[attr-defined]
                raise RuntimeError(f"it did not start:\n{log.read()}") from None  # type: ignore[attr-defined]
            time.sleep(0.1)


def _children(parent: int) -> list[int]:
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in path.read_text().split()]


def _seconds(pid: int) -> float:
    """utime and stime, of ended children too."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15])) / TICKS
