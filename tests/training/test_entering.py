"""Tutors come in with e-mail and password, or by their one-time invitation."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from people import inviting, passwords
from people.capabilities import Role
from tests import factories as make
from tests.training.conftest import ComeIn

PASSWORD = "quattro parole messe a caso"


def rita() -> None:
    make.tutor("Rita", email="rita@posta.example", password_hash=passwords.hashed(PASSWORD))


def enter(client: FlaskClient, email: str = "rita@posta.example", password: str = PASSWORD):
    return client.post("/tutor/entra", data={"email": email, "password": password})


def test_a_stranger_is_shown_the_way_in(client: FlaskClient) -> None:
    answer = client.get("/tutor")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tutor/entra")


def test_a_tutor_comes_in_and_goes_out(client: FlaskClient) -> None:
    rita()
    answer = enter(client, " Rita@posta.example ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tutor")
    assert "Oggi al banco" in client.get("/tutor").text
    assert client.get("/tutor/entra").status_code == 302
    assert client.post("/tutor/esci").headers["Location"] == "/tutor/entra"
    assert client.get("/tutor").status_code == 302


def test_what_does_not_work_keeps_the_e_mail_and_says_one_kind_sentence(client: FlaskClient) -> None:
    rita()
    wrong, unknown = enter(client, password="x"), enter(client, email="chi@posta.example")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert 'value="rita@posta.example"' in wrong.text
    assert 'value="x"' not in wrong.text
    sentence = "E-mail e parola d&#39;ordine non vanno insieme. Guarda di nuovo, con calma."
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_after_five_failures_one_waits_and_nobody_else_does(client: FlaskClient) -> None:
    rita()
    make.tutor("Sandro", email="sandro@posta.example", password_hash=passwords.hashed(PASSWORD))
    for _ in range(passwords.MOST_FAILURES):
        assert enter(client, password="x").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert "Aspetta un quarto d&#39;ora" in answer.text
    assert enter(client, "sandro@posta.example").status_code == 303


def test_passwords_may_be_pasted_and_kept_by_the_browser(client: FlaskClient) -> None:
    page = client.get("/tutor/entra").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_an_invitation_lets_in_once(app: Flask, client: FlaskClient) -> None:
    token = inviting.invite(Role.TUTOR)
    assert "Entri nella squadra come tutor." in client.get(f"/tutor/invito/{token}").text
    given = {"name": "Rita", "email": "rita@posta.example", "password": PASSWORD}
    assert client.post(f"/tutor/invito/{token}", data=given).headers["Location"] == "/tutor"
    assert client.get("/tutor").status_code == 200
    stranger = app.test_client()
    assert stranger.get(f"/tutor/invito/{token}").status_code == 404
    assert stranger.post(f"/tutor/invito/{token}", data=given).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "corta"}, "almeno 12 caratteri"),
        ({"name": " "}, "Scrivi il tuo nome."),
        ({"email": "rita"}, "Scrivi la tua e-mail"),
        ({"email": "anna@posta.example"}, "già di qualcuno"),
    ],
)
def test_an_invitation_keeps_what_was_written(client: FlaskClient, changed: dict[str, str], sentence: str) -> None:
    make.tutor("Anna", email="anna@posta.example")
    token = inviting.invite(Role.TUTOR)
    given = {"name": "Rita", "email": "rita@posta.example", "password": PASSWORD, **changed}
    answer = client.post(f"/tutor/invito/{token}", data=given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{given["email"]}"' in answer.text
    assert given["password"] not in answer.text
    assert client.get(f"/tutor/invito/{token}").status_code == 200


def test_a_co_resident_finds_a_calm_page_and_the_way_back(come_in: ComeIn) -> None:
    answer = come_in(make.person("Anna")).get("/tutor")
    assert answer.status_code == 403
    assert "Fermiamoci un attimo" in answer.text
    assert 'href="/banco"' in answer.text


def test_a_cookie_of_before_going_out_opens_nothing(app: Flask, client: FlaskClient) -> None:
    rita()
    enter(client)
    kept = client.get_cookie("chilometrico")
    assert kept is not None
    client.post("/tutor/esci")
    thief = app.test_client()
    thief.set_cookie("chilometrico", kept.value)
    assert thief.get("/tutor").headers["Location"] == "/tutor/entra"
    enter(client)
    assert client.get("/tutor").status_code == 200
    assert thief.get("/tutor").status_code == 302


def test_going_out_ends_nobody_elses_visit(app: Flask, client: FlaskClient, come_in: ComeIn) -> None:
    rita()
    other = come_in(make.tutor("Sandro"))
    enter(client)
    client.post("/tutor/esci")
    assert other.get("/tutor").status_code == 200


def test_a_name_that_is_too_long_keeps_the_rest(client: FlaskClient) -> None:
    token = inviting.invite(Role.TUTOR)
    given = {"name": "x" * 61, "email": "rita@posta.example", "password": PASSWORD}
    answer = client.post(f"/tutor/invito/{token}", data=given)
    assert answer.status_code == 422
    assert "È troppo lungo" in answer.text
    assert 'value="rita@posta.example"' in answer.text
