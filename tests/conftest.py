"""One application, one database, emptied after every test. `--database=postgresql` runs the same tests there."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app, g
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from playwright.sync_api import Browser
from sqlalchemy import event

from app import create_app
from catalog import version
from core.database import Base, db
from core.settings import Settings
from tests import deeds
from tests.judges.chromium import chromium
from tests.postgres import postgres_server

SECRET = "only for tests, only for tests, only for tests"


def pytest_configure() -> None:
    """A shell makes what runs in the background deaf to Ctrl-C: then a run that takes too long would show nothing."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


PAGES = {"desk": "on_postgresql", "shop": "on_postgresql", "refusals": "on_sqlite"}
"""Folder of tests that look at pages of one face -> the database that `./test` tries them on."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages are marked with their database. What asks no database is the same on the second one."""
    for item in items:
        mark = PAGES.get(item.path.parent.name)
        if mark and not item.get_closest_marker("browser"):
            item.add_marker(mark)
    if config.getoption("--database") == "sqlite":
        return
    asked = [item for item in items if {"database_url", "databases"} & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[item for item in items if item not in asked])
    items[:] = asked


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of its own for this run."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/shop.sqlite3"
        return
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def whole_app(database_url: str) -> Iterator[Flask]:
    app = create_app(Settings(database_url=database_url, secret_key=SECRET, demo=True))
    of_tests(app)
    deeds.watch()
    with app.app_context():
        upgrade(str(Path(__file__).parent.parent / "migrations"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application inside its context, with an empty database."""
    with whole_app.app_context():
        empty_database()
        yield whole_app
        db.session.remove()
    assert deeds.take_strays() == []  # a form did what its row in the table does not name


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one for the whole run: two of Playwright's drivers cannot live in one thread."""
    with chromium() as found:
        yield found


def of_tests(app: Flask) -> None:
    """Forms need no token, requests share the context of the test, and nothing waits for the disk."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.before_request_funcs.setdefault(None, []).insert(0, _fresh_context)
    with app.app_context():
        _trust_the_power()


def _fresh_context() -> None:
    """Requests inside a test share its application context: nobody stays signed in, no language stays chosen."""
    for name in list(g):
        g.pop(name)


def _trust_the_power() -> None:
    """Tests of words and rules need not wait for the disk; the rush and the journeys run with the real setting."""
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


def empty_database() -> None:
    """Every table without a row, the clock back at the real hour."""
    db.session.remove()
    current_app.extensions.pop("clock", None)
    statements = [str(table.delete()) for table in reversed(Base.metadata.sorted_tables)]
    if db.engine.dialect.name == "postgresql":
        statements = ["; ".join(statements)]  # one way there and back instead of sixty
    with db.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        version.renew(connection)
