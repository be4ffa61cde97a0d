"""Calm pages, headers, what is kept and what is never written down."""

from __future__ import annotations

import fcntl
import logging
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core import gate
from core.database import db, transaction
from core.doors import OPEN, door
from core.errors import Busy
from core.gate import is_busy
from core.throttle import Failure
from tests import factories as make


@pytest.fixture
def stumbling(whole_app: Flask) -> FlaskClient:
    """A page that always fails, at an address that carries a secret."""
    if "stumble" not in whole_app.view_functions:

        @door(OPEN, "shop")
        def stumble(token: str) -> str:
            raise KeyError("stumbled")

        whole_app._got_first_request = False  # tests may add a route late
        whole_app.add_url_rule("/prova/<token>", "stumble", stumble)
    return whole_app.test_client()


def test_a_fault_is_a_calm_page_and_the_log_names_no_secret(
    app: Flask, stumbling: FlaskClient, caplog: pytest.LogCaptureFixture
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
    with client.get("/static/css/base.css?v=abc") as answer:
        kept = answer.headers
    assert "immutable" in kept["Cache-Control"]
    assert "Cookie" not in kept.get("Vary", "")
    assert client.get("/static/css/nope.css?v=abc").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.get("/banco/esci")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_form_works_over_https_though_the_page_sends_no_referer(whole_app: Flask) -> None:
    """Order pages are no-referrer (ruling 17); a strict Referer check would refuse their own forms."""
    assert whole_app.config["WTF_CSRF_SSL_STRICT"] is False


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
    with lock, pytest.raises(Busy), gate._within_time(lock):
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
