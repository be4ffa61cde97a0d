"""The pages of whoever has come in: their orders, what spares typing, all that is kept, and having it erased."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from catalog.models import PickUp, Zone
from core import clock
from core.database import Base, db, transaction
from orders import citizens, drawers, giving_back, handing_over
from orders.citizens import CitizenAccount
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import form, put, statements, words
from tests.shop.coming_in import MARIA, come_in
from tests.test_doors import signed_in

HERE = "/i-tuoi-ordini"
ADDRESS = {"via": "Via Po 1", "cap": "27029", "comune": "Vigevano"}


def given(**more: Any) -> Order:
    order = make.prepared(make.order(make.wish(make.product()), **more))
    drawers.count(order.pickup.place, {}, by=None)
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    make.fresh(order)
    return order


def round_() -> PickUp:
    place = make.place(name="A casa tua", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=place.id, municipality="Mortara", postcode="27036"))
    return make.pickup(place, days=6)


def account() -> CitizenAccount:
    make.fresh(None)
    return db.session.scalars(select(CitizenAccount)).one()


# --- their orders


def test_every_order_of_the_address_stands_there_however_it_was_written_and_nobody_elses(client: FlaskClient) -> None:
    mine = [make.order(), make.order(email="Maria.ROSSI@posta.example"), given()]
    others = make.order(email="altri@posta.example")
    practice = make.order(make.wish(make.product(practice=True)), at=make.pickup(practice=True))
    page = words(come_in(client).get(HERE).text)
    places = [page.index(f"Ordine {order.number} ") for order in mine]
    assert places == sorted(places, reverse=True)
    assert f"Ordine {others.number} " not in page
    assert practice.number not in page
    assert "Consegnato" in page
    assert "8,50 €" in page


def test_an_order_opens_by_a_link_of_its_own_and_somebody_elses_does_not(client: FlaskClient) -> None:
    mine, others = make.order(), make.order(email="altri@posta.example")
    come_in(client)
    opened = client.post(f"{HERE}/apri/{mine.id}")
    assert opened.status_code == 303
    assert f"Ordine {mine.number}" in words(client.get(opened.location).text)
    assert client.post(f"{HERE}/apri/{others.id}").status_code == 404
    assert client.post(f"{HERE}/apri/987654").status_code == 404


def test_an_old_order_stands_there_without_its_page(client: FlaskClient) -> None:
    order = given()
    with clock.at(clock.now() + timedelta(days=90)):
        page = come_in(client).get(HERE).text
        assert f"Ordine {order.number}" in words(page)
        assert f"/apri/{order.id}" not in page
        assert client.post(f"{HERE}/apri/{order.id}").status_code == 404


def test_many_orders_are_paged_and_take_as_many_statements_as_few(client: FlaskClient) -> None:
    jar, pickup = make.product(), make.pickup(capacity=60)
    make.order(make.wish(jar), at=pickup)
    come_in(client)
    with statements() as few:
        client.get(HERE)
    numbers = [make.order(make.wish(jar), at=pickup).number for _ in range(24)]
    with statements() as many:
        page = words(client.get(HERE).text)
    assert len(few) == len(many) <= 12, many
    assert page.count("Ordine 10") == 20
    older = words(client.get(f"{HERE}?dopo=20").text)
    assert f"Ordine {numbers[-1]} " in page
    assert f"Ordine {numbers[-1]} " not in older
    assert older.count("Ordine 10") == 5
    assert "I più nuovi" in older


def test_credit_is_said_here_to_whoever_it_belongs(client: FlaskClient) -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 320}, how="credit", reason="Era rotto", by=None)
    assert "Hai un credito di 3,20 €." in words(come_in(client).get(HERE).text)


# --- what spares typing


def test_the_checkout_is_filled_in_and_everything_can_be_written_over(client: FlaskClient) -> None:
    stall, home = make.pickup(), round_()
    come_in(client)
    client.post(f"{HERE}/per-ordinare", data={"nome": "Maria Rossi", "telefono": "0381 123456"})
    client.post(f"{HERE}/indirizzo", data=ADDRESS)
    client.post(f"{HERE}/indirizzo", data={"via": "Via Dante 2", "cap": "27036", "comune": "Mortara"})
    put(client, make.honey())
    page = client.get("/cassa").text
    for value in ("Maria Rossi", MARIA, "+39 0381 123456", "Via Po 1"):
        assert f'value="{value}"' in page
    assert "l'ordine non appare tra i tuoi" in words(page)
    client.post("/ritiro", data={"ritiro": home.id})
    assert 'value="Via Dante 2"' in client.get("/cassa").text  # the one that the bicycle reaches
    sent = form(client, stall, nome="Zia Pina", email="pina@posta.example")
    sent["spesa"] = "0"
    assert client.post("/cassa", data=sent).status_code == 303
    make.fresh(None)
    order = db.session.scalars(select(Order)).one()
    assert (order.customer, order.email) == ("Zia Pina", "pina@posta.example")
    assert account().name == "Maria Rossi"
    assert f"Ordine {order.number}" not in words(client.get(HERE).text)


def test_who_has_not_come_in_finds_nothing_written_and_nothing_is_asked_of_the_database(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.honey())
    with statements() as seen:
        page = client.get("/cassa").text
    assert "tra i tuoi" not in words(page)
    assert not [each for each in seen if "citizen" in each]


def test_addresses_are_added_changed_and_taken_away_and_never_twice_the_same(client: FlaskClient, app: Flask) -> None:
    come_in(client)
    for _ in range(2):
        client.post(f"{HERE}/indirizzo", data=ADDRESS)
    (known,) = account().addresses
    client.post(f"{HERE}/indirizzo/{known.id}", data=ADDRESS | {"via": "Via Po 11"})
    assert [each.street for each in account().addresses] == ["Via Po 11"]
    stranger = come_in(app.test_client(), "altri@posta.example")
    assert stranger.get(f"{HERE}/indirizzo/{known.id}").status_code == 404
    assert stranger.post(f"{HERE}/indirizzo/{known.id}", data=ADDRESS).status_code == 404
    stranger.post(f"{HERE}/indirizzo/{known.id}/togli")
    assert "Via Po 11" in client.get(f"{HERE}/per-ordinare").text
    client.post(f"{HERE}/indirizzo/{known.id}/togli")
    assert "Via Po 11" not in client.get(f"{HERE}/per-ordinare").text


def test_there_are_at_most_five_addresses(client: FlaskClient) -> None:
    come_in(client)
    for n in range(citizens.MOST_ADDRESSES):
        assert client.post(f"{HERE}/indirizzo", data=ADDRESS | {"via": f"Via Po {n}"}).status_code == 303
    assert "Aggiungi un indirizzo" not in client.get(f"{HERE}/per-ordinare").text
    full = client.post(f"{HERE}/indirizzo", data=ADDRESS | {"via": "Via Dante 9"})
    assert (full.status_code, 'value="Via Dante 9"' in full.text) == (409, True)


def test_a_name_and_phone_may_be_emptied_again(client: FlaskClient) -> None:
    come_in(client)
    for said in ("Maria", ""):
        client.post(f"{HERE}/per-ordinare", data={"nome": said, "telefono": ""})
        assert account().name == said


# --- all that is kept


def test_the_file_has_everything_and_nobody_of_the_staff(client: FlaskClient, app: Flask) -> None:
    tutor = make.tutor("Rita Colombo")
    order = given(phone="+39 0381 123456", note="Il citofono non va")
    giving_back.give_back(order.id, {order.lines[0].id: 320}, how="credit", reason="Era rotto", by=tutor.id)
    make.order(email="altri@posta.example", name="Altri")
    come_in(client)
    client.post(f"{HERE}/indirizzo", data=ADDRESS)
    answer = client.get(f"{HERE}/dati.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="i-tuoi-dati.json"'
    told = json.loads(answer.text)
    (one,) = told["orders"]
    assert (one["number"], one["customer"], one["note"]) == (order.number, "Maria Rossi", "Il citofono non va")
    assert [(line["price"], line["quantity"], line["vat_rate"]) for line in one["lines"]] == [(850, 1, 4)]
    assert [(paid["kind"], paid["amount"]) for paid in one["payments"]] == [("cash", 850), ("credit", -320)]
    assert {letter["kind"] for letter in one["letters"]} >= {"received", "ready", "refund"}
    assert told["credit"]["moves"] == [{"order": order.number, "amount": 320, "at": told["credit"]["moves"][0]["at"]}]
    assert told["account"]["addresses"] == [{"street": "Via Po 1", "postcode": "27029", "municipality": "Vigevano"}]
    assert told["consents"] == []
    for nobodys in ("Rita", "Colombo", "Altri", "by_id", "token", "hash"):
        assert nobodys not in answer.text


def test_the_page_reads_the_same_and_more_orders_take_no_more_statements(client: FlaskClient) -> None:
    order = given(collector="Bruna Bianchi")
    come_in(client)
    with statements() as few:
        page = words(client.get(f"{HERE}/dati").text)
    for said in (MARIA, "Bruna Bianchi", f"Ordine {order.number}: Consegnato", "8,50 €", "Ordine ricevuto", "Consensi"):
        assert said in page
    for _ in range(4):
        given()
    with statements() as many:
        client.get(f"{HERE}/dati")
    assert len(few) == len(many) <= 20, many


def test_every_table_that_knows_a_citizen_is_in_the_file_or_is_said_why_not() -> None:
    """A new table with an e-mail, a name of a citizen or an order in it has to be thought about here."""
    known = {
        *("order", "order_line", "payment", "refund", "invoice_request", "withdrawal", "thanks", "waiting"),
        *("credit", "credit_move", "citizen_account", "citizen_address", "sign_in_link", "outbox"),
    }
    not_theirs = {
        "order_link": "secrets, of which only a hash is kept",
        "stock_move": "goods: the lines of the order say the same",
        "voucher_hold": "nobody's by name; what an order has paid with one is among its payments",
        "voucher_move": "nobody's by name; what an order has paid with one is among its payments",
        "person": "the staff",
        "seller": "who sells",
        "kept_mail": "letters that the file names already",
    }
    tables = Base.metadata.tables
    telling = {
        name
        for name, table in tables.items()
        if {"email", "holder", "order_id", "customer", "account_id", "to"} & set(table.columns.keys())
    }
    assert telling <= known | set(not_theirs)
    assert len(telling) > 10


# --- having it erased


def test_two_steps_and_everything_is_said_before(client: FlaskClient) -> None:
    order = given()
    come_in(client)
    said = words(client.get(f"{HERE}/cancella").text)
    for part in ("10 anni", "articolo 2220", "numero, giorno, prodotti, prezzi, IVA e pagamenti", "nome, e-mail"):
        assert part in said
    review = client.post(f"{HERE}/cancella", data={"azione": "guarda"})
    assert "Dopo non si torna indietro" in words(review.text)
    assert "il tuo nome in 1 ordine" in words(review.text)
    make.fresh(order)
    assert order.forgotten_at is None
    done = client.post(f"{HERE}/cancella", data={"azione": "conferma"})
    assert (done.status_code, done.location) == (303, f"{HERE}/cancellato")
    assert "I tuoi dati non ci sono più" in words(client.get(done.location).text)
    make.fresh(order)
    assert (order.customer, order.email) == ("Dati cancellati", None)
    assert client.get(f"{HERE}/dati").location == HERE
    assert client.post(f"{HERE}/cancella", data={"azione": "conferma"}).location == f"{HERE}/cancellato"


def test_it_is_said_to_be_done_only_where_it_was(client: FlaskClient, app: Flask) -> None:
    assert client.get(f"{HERE}/cancellato").location == HERE
    assert client.post(f"{HERE}/cancella", data={"azione": "conferma"}).location == HERE
    come_in(client)
    assert client.get(f"{HERE}/cancellato").location == HERE
    with clock.at(clock.now() + timedelta(hours=13)):  # they came in too long ago: nothing is erased
        assert client.post(f"{HERE}/cancella", data={"azione": "conferma"}).location == HERE
    assert account()
    come_in(client)
    again = app.test_client()  # a second tap, from before the first one was answered
    again._cookies = dict(client._cookies)  # type: ignore[attr-defined]
    for tap in (client, again):
        assert tap.post(f"{HERE}/cancella", data={"azione": "conferma"}).location == f"{HERE}/cancellato"
        for _ in range(2):
            assert "I tuoi dati non ci sono più" in words(tap.get(f"{HERE}/cancellato").text)
    come_in(client)
    assert client.get(f"{HERE}/cancellato").location == HERE


def test_an_open_order_stands_there_with_the_way_to_it(client: FlaskClient) -> None:
    order = make.order()
    page = come_in(client).get(f"{HERE}/cancella").text
    assert "Prima, però" in words(page)
    assert f"{HERE}/apri/{order.id}" in page
    for action in ("guarda", "conferma"):
        refused = client.post(f"{HERE}/cancella", data={"azione": action})
        assert (refused.status_code, "Hai ancora un ordine aperto" in words(refused.text)) == (409, True)
    make.fresh(order)
    assert order.email == MARIA


@pytest.mark.parametrize("action", ["guarda", "conferma"])
def test_credit_wants_a_tick_before_either_step(client: FlaskClient, action: str) -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 320}, how="credit", reason="Era rotto", by=None)
    come_in(client)
    assert "Va bene che il mio credito di 3,20 € si perda" in words(client.get(f"{HERE}/cancella").text)
    refused = client.post(f"{HERE}/cancella", data={"azione": action})
    assert (refused.status_code, 'id="credito-messaggio"' in refused.text) == (422, True)
    assert client.post(f"{HERE}/cancella", data={"azione": action, "credito": "1"}).status_code in (200, 303)
    make.fresh(order)
    assert (order.forgotten_at is not None) == (action == "conferma")


def test_the_staff_read_that_it_was_wanted_and_no_name(app: Flask, client: FlaskClient) -> None:
    order = given()
    come_in(client)
    client.post(f"{HERE}/cancella", data={"azione": "conferma"})
    teresa = signed_in(app, make.person("Teresa", make.Role.COORDINATOR), "password")
    page = words(teresa.get(f"/banco/ordini/{order.id}").text)
    assert "l'ha chiesto chi ha ordinato" in page
    assert "Dati cancellati" in page
    assert "Maria" not in page
    assert "Ha voluto cancellare i suoi dati" in words(teresa.get("/banco/diario").text)
    assert teresa.get("/banco/partenze").status_code == 200


def test_the_page_on_privacy_says_the_times_of_the_settings(client: FlaskClient) -> None:
    for language, said in (("it", "24 mesi dopo il ritiro"), ("en", "after the pick-up")):
        client.get(f"/?lang={language}")
        page = words(client.get("/pagine/privacy").text)
        assert said in page
        assert "tempo_" not in page
