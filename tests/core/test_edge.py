"""By which names the shop is reached, and what is said and written down where no page can be made."""

from __future__ import annotations

import io
import logging
import runpy
from collections.abc import Iterator
from typing import NoReturn

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from gunicorn.config import Config
from werkzeug.test import TestResponse

from app import create_app
from core import edge
from core.database import db
from core.doors import OPEN, door
from core.settings import ROOT, Settings
from core.web_log import PathlessLog
from tests import factories as make
from tests.conftest import SECRET

OURS = "https://spesa.example"
SECRET_PATH = "/ordini/SECRET-TOKEN"
LONG = "a" * 70 + ".example"


@pytest.fixture
def farm(app: Flask) -> Iterator[Flask]:
    """A shop that knows its address, on the same database, with a page that stumbles."""
    farm = create_app(Settings(database_url=app.config["SETTINGS"].database_url, secret_key=SECRET, public_url=OURS))

    @door(OPEN, "shop")
    def stumble(token: str) -> NoReturn:
        raise KeyError("stumbled")

    farm.add_url_rule("/prova/<token>", "stumble", stumble)
    yield farm
    with farm.app_context():
        db.engine.dispose()


def get(client: FlaskClient, host: str, path: str = "/") -> TestResponse:
    return client.get(path, headers={"Host": host})


# --- by which name


@pytest.mark.parametrize(
    "host", ["spesa.example", "SPESA.Example", "www.spesa.example", "spesa.example:8443", "localhost", "127.0.0.1:8000"]
)
def test_a_shop_that_knows_its_address_answers_to_its_names(farm: Flask, host: str) -> None:
    assert get(farm.test_client(), host).status_code == 200


@pytest.mark.parametrize("host", ["altrove.example", "spesa.example.altrove.example", "192.168.1.20:8000", LONG, "a b"])
def test_by_another_name_it_says_where_it_is_and_builds_no_address_from_that_name(
    farm: Flask, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    answer = get(farm.test_client(), host, SECRET_PATH)
    assert answer.status_code == 400
    assert f'<a href="{OURS}/">' in answer.text
    assert "Il negozio non è a questo indirizzo" in answer.text
    assert "The shop is not at this address" in answer.text
    assert host.partition(":")[0] not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "SECRET-TOKEN" not in caplog.text


def test_a_kept_page_and_a_file_are_not_for_another_name_either(farm: Flask) -> None:
    make.pickup()
    client = farm.test_client()
    cookie = client.get("/", base_url=OURS).headers["Set-Cookie"].partition(";")[0]
    assert client.get("/", base_url=OURS).status_code == 200  # whoever asks once more is answered in front of Flask
    for path in ("/", "/static/css/base.css", "/salute"):
        stranger = farm.test_client(use_cookies=False)
        answer = stranger.get(path, headers={"Host": "altrove.example", "Cookie": cookie})
        assert answer.status_code == 400, path


def test_a_strange_name_is_written_down_once(farm: Flask, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        get(farm.test_client(), "mai-visto.example")
    assert caplog.text.count("mai-visto.example") == 1


def test_a_demo_is_opened_from_wherever_somebody_tries_it(client: FlaskClient) -> None:
    for host in ("192.168.1.20:8000", "cascina.local", "tablet_di_anna:8000"):
        assert get(client, host).status_code == 200, host


def test_a_name_that_cannot_be_is_answered_calmly_in_a_demo_too(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = get(client, LONG, SECRET_PATH)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    assert "Guarda com'è scritto, poi riprova." in answer.text
    assert "SECRET-TOKEN" not in caplog.text


# --- where no page can be made


def test_a_fault_behind_the_view_is_a_calm_page_and_the_log_names_no_secret(
    farm: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble_too(_answer: Response) -> NoReturn:
        raise KeyError("stumbled behind the view")

    monkeypatch.setitem(farm.after_request_funcs, None, [stumble_too])
    answer = get(farm.test_client(), "localhost", "/prova/SECRET-TOKEN")
    assert answer.status_code == 500
    assert "Qualcosa da noi non ha funzionato." in answer.text
    assert "Se ci telefoni" in answer.text
    assert "SECRET-TOKEN" not in caplog.text
    assert "stumbled behind the view" in caplog.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_where_even_the_calm_page_fails_there_is_a_last_resort(
    farm: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def fails(*_about: object) -> NoReturn:
        raise RuntimeError("no page")

    monkeypatch.setitem(farm.jinja_env.globals, "static", fails)
    answer = farm.test_client().open("/prova/SECRET-TOKEN", method=method, headers={"Host": "localhost"})
    assert answer.status_code == 500
    assert answer.text == (edge.SORRY if method == "GET" else "")
    assert "Chiama o riprova tra poco." in edge.SORRY
    assert "try again in a moment" in edge.SORRY
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"]
    assert "no page" in caplog.text
    assert "SECRET-TOKEN" not in caplog.text


def test_what_the_last_resort_looks_like_is_there(client: FlaskClient) -> None:
    found = [part.partition('"')[0] for part in edge.SORRY.split('href="')[1:]]
    assert len(found) == 4
    for path in found:
        with client.get(path) as answer:
            assert answer.status_code == 200, path


def test_the_web_server_writes_down_no_path() -> None:
    """Its own words for a request that it cannot read, and for a fault that went past us."""
    assert runpy.run_path(str(ROOT / "gunicorn.conf.py"))["logger_class"] == "core.web_log.PathlessLog"
    written, server = io.StringIO(), PathlessLog(Config())
    server.error_log.addHandler(handler := logging.StreamHandler(written))
    try:
        server.warning(f"Invalid request from ip=192.0.2.1: Invalid HTTP request line: 'GET {SECRET_PATH} x'")
        server.exception("Error handling request %s %s", "GET", SECRET_PATH)
        server.warning("Worker %s was told to stop", 7)
    finally:
        server.error_log.removeHandler(handler)
    assert "SECRET-TOKEN" not in written.getvalue()
    assert "Invalid request\nError handling request\n" in written.getvalue()
    assert "Worker 7 was told to stop" in written.getvalue()
