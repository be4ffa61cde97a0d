"""Coming in by an e-mailed link: for 30 minutes, once, apart from the staff, and without telling who has ordered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from adapters.models import KeptMail
from core import clock, outbox
from core.database import db
from core.outbox import Item
from orders import signing_in
from orders.citizens import CitizenAccount
from orders.signing_in import SignInLink
from tests import factories as make
from tests.shop.citizen import form, put, words
from tests.shop.coming_in import MARIA, ask, come_in, links
from tests.test_doors import signed_in

ENTERED = "Sono gli ordini di m•••@posta.example."


def accounts() -> list[CitizenAccount]:
    make.fresh(None)
    return list(db.session.scalars(select(CitizenAccount)))


def test_a_link_brings_in_and_the_account_knows_what_was_written_before(client: FlaskClient) -> None:
    make.order(phone="+39 0381 123456")
    ask(client, "Maria.Rossi@posta.example")
    assert ENTERED not in words(client.get("/i-tuoi-ordini").text)
    assert "Entri con l'e-mail m•••@posta.example." in words(client.get(links()[0]).text)
    assert client.post(links()[0]).status_code == 303
    assert ENTERED in words(client.get("/i-tuoi-ordini").text)
    (account,) = accounts()
    assert (account.email, account.name, account.phone) == (MARIA, "Maria Rossi", "+39 0381 123456")


def test_looking_at_the_link_uses_nothing_up_and_the_button_does(client: FlaskClient, app: Flask) -> None:
    ask(client)
    scanner = app.test_client()
    for _ in range(3):
        assert scanner.get(links()[0]).status_code == 200
        assert scanner.head(links()[0]).status_code == 200
    assert ENTERED not in words(scanner.get("/i-tuoi-ordini").text)
    assert client.post(links()[0]).status_code == 303
    second = scanner.post(links()[0])
    assert (second.status_code, "Questo link non vale più" in words(second.text)) == (404, True)
    assert ENTERED not in words(scanner.get("/i-tuoi-ordini").text)


def test_a_second_tap_of_whoever_is_in_leads_to_their_orders(client: FlaskClient) -> None:
    come_in(client)
    assert client.post(links()[0]).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 303), (31, 404)])
def test_a_link_lasts_half_an_hour(client: FlaskClient, minutes: int, status: int) -> None:
    ask(client)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        assert client.get(links()[0]).status_code == (200 if status == 303 else 404)
        assert client.post(links()[0]).status_code == status


@pytest.mark.usefixtures("app")
def test_only_the_hash_of_a_link_is_kept() -> None:
    signing_in.ask(MARIA, key="a-form-that-asks-1", origin="", language="it")
    assert db.session.scalars(select(SignInLink.token_hash)).one() is None
    outbox.send_due()
    token = links()[0].rpartition("/")[2]
    assert len(token) == 32  # 192 bits
    assert token not in str(db.session.scalars(select(SignInLink.token_hash)).one())


def test_the_answer_is_the_same_for_who_has_ordered_and_who_has_not(client: FlaskClient) -> None:
    make.order()
    answers = []
    for email in (MARIA, "nessuno@posta.example"):
        sent = client.post("/i-tuoi-ordini", data={"email": email})
        answers.append((sent.status_code, sent.location, client.get(sent.location).text))
    assert answers[0] == answers[1]
    outbox.send_due()
    assert len(links()) == 2


def test_a_mailbox_gets_three_letters_in_an_hour_and_the_answer_does_not_say_so(client: FlaskClient) -> None:
    for _ in range(5):
        ask(client)
    assert len(links()) == signing_in.MOST_LETTERS == 3
    with clock.at(clock.now() + timedelta(minutes=61)):
        ask(client)
    assert len(links()) == 4


def test_forty_buyers_behind_one_address_pass_and_one_who_only_asks_does_not(client: FlaskClient, app: Flask) -> None:
    for n in range(40):
        ask(client, f"vicino{n}@posta.example")
    assert len(links()) == 40
    for n in range(40, signing_in.MOST_ASKED):
        ask(client, f"vicino{n}@posta.example")
    full = client.post("/i-tuoi-ordini", data={"email": "uno.di.troppo@posta.example"})
    assert (full.status_code, "Aspetta un'ora" in words(full.text)) == (429, True)
    assert 'value="uno.di.troppo@posta.example"' in full.text
    app.test_client().post(links()[0])  # one of them comes in: it was no machine
    ask(client, "uno.di.troppo@posta.example")
    assert len(links()) == signing_in.MOST_ASKED + 1


def test_the_same_form_sent_twice_asks_once(client: FlaskClient) -> None:
    for _ in range(2):
        client.post("/i-tuoi-ordini", data={"email": MARIA, "key": "the-same-form-twice"})
    outbox.send_due()
    assert len(links()) == 1


def test_the_letter_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    client.get("/?lang=en")
    ask(client)
    assert db.session.scalars(select(SignInLink.language)).one() == "en"
    assert db.session.scalars(select(KeptMail.to)).one() == MARIA


@pytest.mark.usefixtures("app")
def test_who_asked_an_hour_ago_waits_for_no_letter() -> None:
    signing_in.ask(MARIA, key="a-form-that-asks-1", origin="", language="it")
    with clock.at(clock.now() + timedelta(minutes=61)):
        outbox.send_due()
    make.fresh(None)
    assert db.session.scalars(select(Item.words)).one() == "no longer true"
    assert links() == []


@pytest.mark.usefixtures("app")
def test_a_letter_that_leaves_twice_by_a_crash_has_two_links_that_both_work() -> None:
    signing_in.ask(MARIA, key="a-form-that-asks-1", origin="", language="it")
    for _ in range(2):
        make.fresh(None)
        signing_in.send(db.session.scalars(select(Item)).one())
    make.fresh(None)
    assert db.session.scalar(select(func.count()).where(SignInLink.token_hash.is_not(None))) == 2


def test_going_out_closes_every_browser(client: FlaskClient, app: Flask) -> None:
    other = come_in(app.test_client())
    come_in(client)
    assert ENTERED in words(other.get("/i-tuoi-ordini").text)
    assert client.post("/i-tuoi-ordini/esci").status_code == 303
    for browser in (client, other):
        assert ENTERED not in words(browser.get("/i-tuoi-ordini").text)
        assert browser.get("/i-tuoi-ordini/dati").location == "/i-tuoi-ordini"


def test_an_open_browser_is_not_in_for_ever(client: FlaskClient) -> None:
    come_in(client)
    with clock.at(clock.now() + timedelta(hours=11)):
        assert ENTERED in words(client.get("/i-tuoi-ordini").text)
    with clock.at(clock.now() + timedelta(hours=13)):
        assert ENTERED not in words(client.get("/i-tuoi-ordini").text)


def test_a_citizen_is_nobody_of_the_staff_and_the_staff_are_no_citizen(app: Flask) -> None:
    tutor = signed_in(app, make.tutor(), "password")
    assert tutor.get("/banco/ordini").status_code == 200
    assert tutor.get("/i-tuoi-ordini/dati").location == "/i-tuoi-ordini"
    come_in(tutor)
    assert ENTERED in words(tutor.get("/i-tuoi-ordini").text)
    assert tutor.get("/banco/ordini").status_code == 302
    assert tutor.get("/banco").status_code == 404
    with tutor.session_transaction() as session:
        assert "_user_id" not in session


def test_coming_in_and_going_out_keep_what_was_chosen_and_nothing_else(client: FlaskClient) -> None:
    pickup, honey = make.pickup(), make.honey()
    put(client, honey)
    client.post("/ritiro", data={"ritiro": pickup.id})
    with client.session_transaction() as session:
        session["left_by_somebody"] = "x"
    come_in(client)
    with client.session_transaction() as session:
        assert (session["basket"], session["pickup"]) == ([[honey.id, 1]], pickup.id)
        assert "left_by_somebody" not in session
    client.post("/i-tuoi-ordini/esci")
    with client.session_transaction() as session:
        assert session["basket"] == [[honey.id, 1]]
        assert "citizen" not in session


def test_buying_never_needs_it_and_makes_no_account(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    assert client.post("/cassa", data=form(client, pickup)).status_code == 303
    assert accounts() == []


@pytest.mark.parametrize("path", ["", "/posta", "/entra/xxxx", "/dati", "/per-ordinare", "/cancella", "/cancellato"])
def test_no_page_of_it_is_kept_listed_or_tells_where_one_came_from(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/i-tuoi-ordini{path}")
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in answer.headers["X-Robots-Tag"]
