"""The demo's short cuts: a tablet and a badge without a tutor, and only in the demo."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from core.database import db
from core.settings import Settings
from demo import world
from people import devices
from people.entering import COOKIE
from people.models import Device
from tests import factories as make
from tests.conftest import SECRET


def secret_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_the_first_page_shows_the_three_faces_and_how_to_enter(client: FlaskClient) -> None:
    make.person("Anna")
    make.tutor("Rita", email=world.STAFF[0][2])
    page = client.get("/demo").text
    for words in ("Il negozio", "Il banco", "I tutor", "Anna", world.STAFF[0][2], world.DEMO_PASSWORD, "/demo/tablet"):
        assert words in page


def test_this_browser_becomes_a_tablet_of_the_farm(client: FlaskClient) -> None:
    make.person("Anna")
    answer = client.post("/demo/tablet")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/banco")
    device = devices.find_by_secret(secret_of(client))
    assert device is not None
    assert (device.name, device.enrolled_by_id) == ("Tablet di prova", None)
    assert client.get("/banco").status_code == 200
    assert "è già un tablet" in client.get("/demo").text


def test_a_tablet_stays_the_same_tablet(client: FlaskClient) -> None:
    client.post("/demo/tablet")
    client.post("/demo/tablet")
    assert db.session.scalar(select(func.count()).select_from(Device)) == 1


def test_a_badge_brings_its_person_in_and_the_tablet_with_them(client: FlaskClient) -> None:
    anna = make.person("Anna")
    answer = client.post(f"/demo/cartellini/{anna.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/banco")
    assert devices.find_by_secret(secret_of(client))
    with client.session_transaction() as session:
        assert (session["_user_id"], session["proof"]) == (str(anna.id), "badge")


@pytest.mark.parametrize(
    ("wanted", "way"),
    [
        ("/banco/consegna", "/banco/consegna"),
        ("/banco/consegna?pagina=2", "/banco/consegna?pagina=2"),
        ("/tutor", "/banco"),
        ("//posta.example/banco", "/banco"),
        ("https://posta.example/banco", "/banco"),
        ("/bancomat", "/banco"),
        ("/banco/\\posta.example", "/banco"),
        ("/banco/\r\nX: y", "/banco"),
    ],
)
def test_a_badge_leads_on_inside_the_desk_only(client: FlaskClient, wanted: str, way: str) -> None:
    answer = client.post(f"/demo/cartellini/{make.person('Anna').id}", data={"poi": wanted})
    assert answer.headers["Location"] == way


def test_a_badge_of_nobody_is_answered_calmly(client: FlaskClient) -> None:
    assert client.post("/demo/cartellini/99").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/demo"),
        ("POST", "/demo/tablet"),
        ("POST", "/demo/cartellini/1"),
        ("GET", "/demo/posta"),
        ("GET", "/demo/posta/1"),
        ("GET", "/demo/posta/1/html"),
    ],
)
def test_outside_the_demo_none_of_it_exists(app: Flask, method: str, path: str) -> None:
    anna = make.person("Anna")
    real = create_app(Settings(database_url=app.config["SETTINGS"].database_url, secret_key=SECRET))
    real.config.update(WTF_CSRF_ENABLED=False)
    answer = real.test_client().open(path.replace("1", str(anna.id)), method=method)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    with real.app_context():
        db.engine.dispose()
