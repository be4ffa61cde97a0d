"""The real server in processes of its own, and its end: in good order, or by SIGKILL. Only what was started here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.serving import is_answering
from core.settings import ROOT
from tests.rush.postbox import free_port
from tests.rush.world import SECRET

PATIENCE = 60  # seconds, to start and to stop
FLASK = str(Path(sys.executable).with_name("flask"))


class Shop:
    """`flask --app app serve`: two web processes with eight threads each, and the worker."""

    def __init__(self, url: str, **settings: str) -> None:
        self.port = free_port()
        self.settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "PORT": str(self.port), **settings}
        self._log: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the shop
        self._serve: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers and its worker has been seen."""
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._serve = subprocess.Popen(
            [FLASK, "--app", "app", "serve"],
            cwd=ROOT,
            env=surroundings | self.settings,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        until = time.monotonic() + PATIENCE
        while not is_answering(self.port):
            if self._serve.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"the shop did not start:\n{self.words()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self._serve is None:
            return
        pids = _family(self._serve.pid)
        self._serve.send_signal(signal.SIGTERM)
        try:
            self._serve.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            _kill(pids)
            self._serve.wait(PATIENCE)
        self._serve = None

    def close(self) -> None:
        """Stopped, and its words forgotten."""
        self.stop()
        self._log.close()

    def kill(self) -> int:
        """SIGKILL to every process at once: serve, gunicorn's master and workers, the worker. Returns how many."""
        if self._serve is None:
            return 0
        pids = _family(self._serve.pid)
        sessions = {os.getsid(pid) for pid in pids if _is_alive(pid)}
        _kill(pids)  # parents first: none of them starts a child anew
        self._serve.wait(PATIENCE)
        self._serve = None
        until = time.monotonic() + PATIENCE
        while late := [pid for pid in _all_pids() if _session(pid) in sessions and _is_alive(pid)]:
            _kill(late)
            if time.monotonic() > until:
                raise RuntimeError(f"still alive: {late}")
            time.sleep(0.01)
        return len(pids)

    def words(self) -> str:
        """What it printed: a start message and, when all is well, nothing else."""
        self._log.seek(0)
        return self._log.read()

    @property
    def faults(self) -> list[str]:
        """The last line of each traceback in its log: what went wrong, in a word."""
        return [_last_line(told) for told in self.words().split("Traceback")[1:]]


def _last_line(traceback: str) -> str:
    """The first that is not indented: what was raised, and its words."""
    lines = [line for line in traceback.splitlines()[1:] if line and not line[0].isspace()]
    return lines[0] if lines else "a traceback without an end"


def fault_words(faults: list[str]) -> list[str]:
    """Each kind of fault once, with how many there were, the most frequent first."""
    return [f"{many} x in the server's log: {fault:.200}" for fault, many in Counter(faults).most_common(5)]


@contextmanager
def running(url: str, **settings: str) -> Iterator[Shop]:
    shop = Shop(url, **settings)
    shop.start()
    try:
        yield shop
    finally:
        shop.close()


def _family(pid: int) -> list[int]:
    """The process and everything below it, parents before children."""
    parents = {each: _stat(each)[1] for each in _all_pids()}
    found = [pid]
    for member in found:
        found += sorted(child for child, parent in parents.items() if parent == str(member) and child not in found)
    return found


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """State, parent, group, session … of a process; empty words when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", "", "", ""]


def _session(pid: int) -> int:
    return int(_stat(pid)[3] or -1)


def _is_alive(pid: int) -> bool:
    return _stat(pid)[0] not in ("", "Z", "X")
