"""The real shop with a new demo database, on a free port of the loopback interface."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 120  # on two busy cores, with a demo to fill
SECONDS_TO_STOP = 30


@contextmanager
def running_shop(folder: Path, database_url: str = "", **settings: str) -> Iterator[str]:
    """Starts `flask --app app serve`, yields its address ("http://127.0.0.1:1234") and stops it with the block.

    The database is a new SQLite file in `folder` unless given; `settings` are further environment variables. Nothing
    of the caller's own settings gets through.
    """
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PORT": str(port),
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'shop.sqlite3'}",
        "SECRET_KEY": secrets.token_hex(32),
        "DEMO": "1",
        **settings,
    }
    command = [str(Path(sys.executable).with_name("flask")), "--app", "app", "serve"]
    address, log = f"http://127.0.0.1:{port}", folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        _wait(server, f"{address}/salute", log)
        yield address
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The shop did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """As a service manager would; whoever does not follow is ended, and that is an error of the shop."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        raise
