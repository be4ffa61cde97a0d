"""Calm pages, headers, what is kept and what is never written down."""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app import create_app
from core import database, gate
from core.database import db, transaction
from core.doors import OPEN, door
from core.errors import Busy
from core.gate import is_busy
from core.throttle import Failure
from core.web import static
from orders import links
from tests import factories as make
from tests.shop.citizen import hidden
from tests.test_doors import signed_in


@pytest.fixture
def stumbling(app: Flask) -> Iterator[FlaskClient]:
    """A shop with a page that always fails, at an address that carries a secret."""

    @door(OPEN, "shop")
    def stumble(token: str) -> str:
        raise KeyError("stumbled")

    another = create_app(app.config["SETTINGS"])
    another.add_url_rule("/prova/<token>", "stumble", stumble)
    yield another.test_client()
    with another.app_context():
        db.engine.dispose()


def test_a_fault_is_a_calm_page_and_the_log_names_no_secret(
    stumbling: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = stumbling.get("/prova/SECRET-TOKEN")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "/prova/<token>" in caplog.text
    assert "SECRET-TOKEN" not in caplog.text


def test_what_the_database_was_told_is_not_written_down(app: Flask) -> None:
    with pytest.raises(Exception, match="hidden"):
        db.session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Maria Rossi"})
    db.session.rollback()


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/", "/non-c-e", "/salute", "/static/css/base.css", "/banco"):
        with client.get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in headers["Permissions-Policy"]


def test_files_are_kept_pages_and_missing_files_are_not(client: FlaskClient) -> None:
    with client.get(static("css/base.css")) as answer:
        kept = answer.headers
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in kept.get("Vary", "")
    assert client.get("/static/css/nope.css?v=abc").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "seconds"),
    [("?v=abc", 300), ("?v=", 300), (f"?{static('css/desk.css').partition('?')[2]}", 300), ("", 86400)],
)
def test_only_a_file_in_the_version_that_was_asked_for_never_changes(
    client: FlaskClient, query: str, seconds: int
) -> None:
    """An old page asks for the style of yesterday, a page of tomorrow's process for one that is not here yet."""
    with client.get(f"/static/css/base.css{query}") as answer:
        assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"


def test_a_file_has_one_version_whatever_it_is_called(client: FlaskClient) -> None:
    version = static("css/base.css").partition("?")[2]
    with client.get(f"/static/img/../css/./base.css?{version}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.options(f"/static/css/nope.css?{version}").status_code == 200


def test_the_picture_that_browsers_ask_for_by_themselves_is_there(client: FlaskClient) -> None:
    with client.get("/favicon.ico") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
        tag = answer.headers["ETag"]
    assert client.get("/favicon.ico", headers={"If-None-Match": tag}).status_code == 304


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.get("/banco/esci")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_form_works_over_https_though_the_page_sends_no_referer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Order pages are no-referrer (ruling 17); a strict Referer check would refuse their own forms."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client, address, here = app.test_client(), f"/ordini/{links.make(make.order())}", {"base_url": "https://localhost"}
    page = client.get(address, **here)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    token = hidden(page.text)["csrf_token"]
    assert client.post(f"{address}/ritira", data={"ritira": "Ugo"}, **here).status_code == 400
    assert client.post(f"{address}/ritira", data={"ritira": "Ugo", "csrf_token": token}, **here).status_code == 303


@pytest.mark.usefixtures("app")
def test_a_gate_that_is_held_ends_in_a_calm_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL has no gate; its lock_timeout ends the wait
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.2)
    file = Path(str(db.engine.url.database) + ".gate")
    with file.open("w") as other_process:
        fcntl.flock(other_process, fcntl.LOCK_EX)
        with pytest.raises(Busy), transaction():
            pass
    with transaction() as session:
        session.add(Failure(name="after", at=make.clock.now()))
    assert db.session.query(Failure).count() == 1


@pytest.mark.usefixtures("app")
def test_a_thread_that_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.1)
    lock = threading.Lock()
    with lock, pytest.raises(Busy), gate.within_time(lock):
        pass


def test_only_a_database_that_is_not_free_is_called_busy() -> None:
    def says(words: str) -> bool:
        return is_busy(OperationalError("SELECT 1", {}, Exception(words)))

    assert says("database is locked")
    assert not says("no such table: order")
    assert not says("database or disk is full")


def test_a_form_that_was_open_too_long_keeps_what_was_typed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    client.get("/")
    answer = client.post("/cassa", data={"csrf_token": "old", "nome": 'Ada "la rossa" 🥕', "key": "k" * 20})
    assert answer.status_code == 400
    assert 'name="nome" value="Ada &#34;la rossa&#34; 🥕"' in answer.text
    assert 'value="old"' not in answer.text


def test_a_deed_of_the_staff_from_a_page_elsewhere_is_not_offered_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = app.test_client().post("/tutor/entra", data={"password": "secret words", "email": "rita@posta.example"})
    assert answer.status_code == 400
    assert "rita@posta.example" not in answer.text
    assert "secret words" not in answer.text


def look(page: str) -> str:
    """Whose page it is, by the style sheet that it asks for."""
    return next(name for name in ("tutor", "desk", "shop") if f"css/{name}.css" in page)


@contextmanager
def nothing_is_answered() -> Iterator[None]:
    """Whatever the database is asked, through SQLAlchemy or past it, it is not free."""

    def is_locked(*_statement: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    event.listen(db.engine, "before_cursor_execute", is_locked)
    try:
        with patch.object(database, "ask", is_locked):
            yield
    finally:
        event.remove(db.engine, "before_cursor_execute", is_locked)


ADDRESSES = [
    ("/banco/ordini", "tutor"),
    ("/banco/ritiri", "tutor"),
    ("/banco/incassi", "tutor"),
    ("/tutor", "tutor"),
    ("/tutor/squadra", "tutor"),
    ("/banco", "desk"),
    ("/banco/prepara", "desk"),
    ("/banco/raccolto", "desk"),
    ("/", "shop"),
]


@pytest.mark.parametrize(("path", "whose"), ADDRESSES)
def test_a_database_that_does_not_come_free_is_said_in_the_look_of_the_page(app: Flask, path: str, whose: str) -> None:
    """It does not even say who is signed in: the page asks nobody."""
    client = signed_in(app, make.tutor("Rita"), "password")
    db.session.remove()
    with nothing_is_answered():
        answer = client.get(path)
    assert (answer.status_code, look(answer.text)) == (503, whose)
    assert "Riprova tra poco: non perdi nulla." in answer.text


def test_at_the_desk_a_fault_tells_each_whom_to_ask(app: Flask) -> None:
    anna = signed_in(app, make.person("Anna"), tablet=make.tablet()[1])
    rita = signed_in(app, make.tutor("Rita"), "password")
    db.session.remove()
    with nothing_is_answered():
        to_anna, to_rita = anna.get("/banco/prepara").text, rita.get("/banco/prepara").text
    assert "Chiama il tutor." in to_anna
    assert "Se chiami per avere aiuto, dì questo codice:" in to_rita
    assert "tutor" not in to_rita.partition("<main")[2]


@pytest.mark.parametrize(("path", "whose"), [("/banco/ordini/1/ritira", "tutor"), ("/banco/casse/1/pronta", "desk")])
def test_a_stale_form_keeps_the_look_of_its_page_and_what_was_typed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, path: str, whose: str
) -> None:
    client = signed_in(app, make.tutor("Rita"), "password")
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = client.post(path, data={"csrf_token": "old", "ritira": "Luca Verdi"})
    assert (answer.status_code, look(answer.text)) == (400, whose)
    assert 'name="ritira" value="Luca Verdi"' in answer.text
    assert f'action="{path}"' in answer.text


@pytest.mark.parametrize(
    ("path", "whose"),
    [("/banco/ordini/987654", "tutor"), ("/banco/casse/987654", "desk"), ("/banco/boh", "desk"), ("/demo/boh", "shop")],
)
def test_what_is_not_there_keeps_the_look_of_its_page(app: Flask, path: str, whose: str) -> None:
    answer = signed_in(app, make.tutor("Rita"), "password").get(path)
    assert (answer.status_code, look(answer.text)) == (404, whose)


def test_somebody_who_is_told_no_is_told_so_in_their_own_look(app: Flask) -> None:
    anna, rita = make.person("Anna"), make.tutor("Rita")
    answer = signed_in(app, anna, tablet=make.tablet()[1]).get("/banco/ordini")
    assert (answer.status_code, look(answer.text)) == (403, "desk")
    assert "Rita" in signed_in(app, rita, "password").get("/banco/ordini/987654").text  # with her rooms and her name
