"""Start the web processes and the worker together, wait until the shop answers, stop them together."""

from __future__ import annotations

import ctypes
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence

from core.settings import ROOT, Settings

PATIENCE = 60.0  # seconds until the first answer
LAST_WORDS = 30  # seconds that a process has to finish what is under way
THREADS = 8
PR_SET_PDEATHSIG = 1
STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class CannotStart(SystemExit):
    """In one sentence, why the shop does not start."""


def serve(settings: Settings, greet: Callable[[], Sequence[str]]) -> int:
    """Run until Ctrl-C or TERM. ``greet`` gives the lines to print once the shop answers. Returns the exit code."""
    _require_free_port(settings.port)
    stop = threading.Event()
    for number in STOPS:
        signal.signal(number, lambda *_: stop.set())
    children = {name: _start(command) for name, command in _commands(settings).items()}
    try:
        if _wait_until_it_answers(settings.port, children, stop):
            print("\n".join(greet()), flush=True)
        return _watch(settings, children, stop)
    finally:
        _stop(children.values())


def is_answering(port: int) -> bool:
    """Whether `/salute` answers and says that the database and the worker are there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/salute", timeout=2) as answer:
            return json.load(answer)["worker_seen_seconds_ago"] is not None
    except (OSError, urllib.error.URLError, ValueError, KeyError):
        return False


def _commands(settings: Settings) -> dict[str, list[str]]:
    web = ["gunicorn", "app:web_app()", "--preload", "--no-control-socket", "--worker-class", "gthread"]
    web += ["--workers", str(settings.processes), "--threads", str(THREADS), "--bind", f"127.0.0.1:{settings.port}"]
    web += ["--graceful-timeout", "20", "--timeout", "60", "--max-requests", "5000", "--max-requests-jitter", "500"]
    web += ["--backlog", "512", "--log-level", "warning"]
    if sys.platform == "win32":  # no fork, no file lock: one process, the thread gate is enough
        web = ["waitress", "--call", f"--listen=127.0.0.1:{settings.port}", f"--threads={THREADS}", "app:web_app"]
    return {"web": [sys.executable, "-m", *web], "worker": [sys.executable, "-m", "flask", "--app", "app", "worker"]}


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches this process alone, which then stops the others in good order."""
    follow = _end_with_parent if sys.platform == "linux" else None
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=follow)  # noqa: S603 - our own commands


def _end_with_parent() -> None:
    """Should this process be killed outright, Linux tells its children to stop: nobody keeps the port."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_until_it_answers(port: int, children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> bool:
    until = time.monotonic() + PATIENCE
    while not stop.is_set():
        if is_answering(port):
            return True
        if children["web"].poll() is not None:
            raise CannotStart("The web process ended before it answered; its last words are above.")
        if time.monotonic() > until:
            raise CannotStart(f"The shop did not answer within {PATIENCE:.0f} seconds.")
        time.sleep(0.05)
    return False


def _watch(settings: Settings, children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> int:
    """A worker that ended is started again; without web there is no shop."""
    while not stop.wait(1):
        if (code := children["web"].poll()) is not None:
            return code or 1
        if children["worker"].poll() is not None:
            children["worker"] = _start(_commands(settings)["worker"])
    return 0


def _stop(children: Iterable[subprocess.Popen[bytes]]) -> None:
    processes = list(children)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + LAST_WORDS
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"Port {port} is taken. Choose another: PORT={port + 1} ./run") from None
