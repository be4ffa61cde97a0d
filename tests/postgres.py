"""A private PostgreSQL server for tests: on a Unix socket only, in a temporary folder, gone at the end.

It answers on no network port, so it cannot clash with (or touch) a server of the machine. What it keeps is meant to be
thrown away: it does not wait for the disk.

    with postgres_server() as url:                       # the empty database "postgres"
        template = create_database(url, "template_shop") # migrate it once, close its connections
        mine = create_database(url, "test_1", template="template_shop")
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

SECONDS = 30  # to start, and to stop
SETTINGS = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class NoPostgres(RuntimeError):
    """The machine has no PostgreSQL binaries."""


@contextmanager
def postgres_server(max_connections: int = 120) -> Iterator[str]:
    """Starts a server, yields its URL in SQLAlchemy's spelling, and stops it with the block.

    Processes x pool size must stay under `max_connections`.
    """
    binaries = find_binaries()
    with _folder() as folder:
        _initdb(binaries, folder)
        with _running(binaries, folder, max_connections):
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"


def create_database(url: str, name: str, template: str = "template1") -> str:
    """The URL of a new database; nobody may be connected to its template. Copying takes some 50 ms."""
    _run(url, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str, name: str) -> None:
    """Also when somebody is still connected to it."""
    _run(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`: $PG_BIN, or the newest that Debian installed."""
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"])
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not installed:
        raise NoPostgres("PostgreSQL is not there: ./test installs it; elsewhere set PG_BIN")
    return installed[-1].parent


def _run(url: str, statement: sql.Composed) -> None:
    server = make_url(url).query["host"]
    with psycopg.connect(host=str(server), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; there it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _folder() -> Iterator[Path]:
    # Directly under /tmp: the path of a Unix socket holds about 107 bytes, and TMPDIR may be long or private.
    folder = Path(tempfile.mkdtemp(prefix="chilometrico-pg-", dir="/tmp"))
    try:
        if owner := _owner():
            os.chown(folder, owner["user"], owner["group"])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(binaries: Path, folder: Path) -> None:
    shape = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), *shape]
    done = subprocess.run(command, cwd="/", env=ENVIRONMENT, capture_output=True, text=True, check=False, **_owner())
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _running(binaries: Path, folder: Path, max_connections: int) -> Iterator[None]:
    settings = [word for setting in (*SETTINGS, f"max_connections={max_connections}") for word in ("-c", setting)]
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
    with (folder / "log").open("wb") as log:
        # A session of its own: a Ctrl-C in the terminal is for the tests, and they stop the server.
        server = subprocess.Popen(
            command, cwd="/", env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True, **_owner()
        )
    try:
        _wait(server, folder)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast": does not wait for those who are still connected
        server.wait(timeout=SECONDS)


def _wait(server: subprocess.Popen[Any], folder: Path) -> None:
    """Returns when the server answers; raises with its log when it ended or took too long."""
    deadline = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')}")
