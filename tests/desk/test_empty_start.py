"""A farm that begins with nothing but its schema: a command for the first coordinator, screens for all the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog.models import Container, Field, PickUp, Place, Product
from core import clock
from core.database import Base, db
from orders.models import Order
from people import inviting
from people.capabilities import Role
from tests import factories as make
from tests.desk.staff_desk import as_shown, fill
from tests.desk.walking import Desk
from tests.shop.citizen import form, put, words

Row = TypeVar("Row", bound=Base)
pytestmark = pytest.mark.usefixtures("on_a_tuesday")

SELLER = {
    "name": "Orto di Prova",
    "address": "Via dei Campi 1, 27029 Vigevano PV",
    "email": "ciao@orto.example",
    "phone": "0381 000 000",
    "vat_number": "00743110157",
}
HERE = {"comune": "Vigevano", "provincia": "PV", "latitudine": "45,31", "longitudine": "8,85"}


def first_coordinator(client: FlaskClient) -> Desk:
    """By the link that `people invite --role coordinator` prints."""
    desk = Desk(client).go(f"/tutor/invito/{inviting.invite(Role.COORDINATOR)}")
    return fill(
        desk, "Entra nella squadra", name="Teresa", email="teresa@orto.example", password="orto e quattro galline"
    )


def send(desk: Desk, path: str, **typed: str | list[str]) -> Desk:
    """The form that posts to the page that shows it, with these fields filled in."""
    sent = as_shown(desk.go(path).html, path)
    for name, value in typed.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    answer = desk.client.post(path, data=sent)
    assert answer.status_code == 303, words(answer.text)
    return desk.go(answer.location)


def only(kind: type[Row]) -> Row:
    """The one that there is now."""
    make.fresh(None)
    return db.session.scalars(db.select(kind)).unique().one()


def test_from_nothing_to_the_first_order_by_screens_alone(app: Flask) -> None:
    teresa = first_coordinator(app.test_client())
    for room in ("cascina", "prodotti", "campi", "luoghi", "ciotole", "iva", "ritiri", "ordini", "incassi", "dati"):
        assert teresa.go(f"/banco/{room}").status == 200
    assert app.test_client().get("/").status_code == 200

    send(teresa, "/banco/dati", **SELLER)
    fill(teresa.go("/banco/campi"), "Aggiungi il campo", nome="Campo lungo", **HERE)
    send(teresa, "/banco/luoghi", nome="Portico", tipo="stall", indirizzo="Piazza 1, Vigevano", **HERE)
    fill(teresa.go("/banco/ciotole"), "Aggiungi la ciotola", nome="Ciotola blu", tara="180")
    fill(teresa.go("/banco/iva"), "Aggiungi la voce", nome="verdura", aliquota="4")
    carrots = {"nome": "Carote", "prezzo": "2,90", "iva": "verdura", "vendita": "by_weight", "passo": "500"}
    where = {"campo": str(only(Field).id), "ciotola": str(only(Container).id)}
    send(teresa, "/banco/prodotti/nuovo", **carrots, **where, allergeni=["nessuno"])
    fill(teresa, "Salva il conto", contati="20")
    teresa.press("Metti in vetrina")
    day = clock.today() + timedelta(days=3)
    when = {"giorno": day.isoformat(), "dalle": "16:00", "alle": "18:00", "posti": "20"}
    limit = {"termine_giorno": (day - timedelta(days=1)).isoformat(), "termine_ora": "12:00"}
    send(teresa, "/banco/ritiri/nuovo", posto=str(only(Place).id), **when, **limit)

    fill(teresa.go("/tutor/squadra"), "Aggiungi alla squadra", name="Anna", picture="fiore", level="2")
    assert "Anna" in teresa.go("/tutor/persone").text
    fill(teresa.go("/tutor/squadra"), "Fai l'invito", role="tutor")
    assert "/tutor/invito/" in teresa.text
    fill(teresa.go("/tutor/squadra"), "Usa questo browser al banco", device_name="Tablet verde")
    assert "Tablet verde" in teresa.go("/tutor/squadra").text

    citizen = app.test_client()
    assert "Carote" in words(citizen.get("/").text)
    put(citizen, only(Product), 500)
    answer = citizen.post("/cassa", data=form(citizen, only(PickUp)))
    assert answer.status_code == 303, words(answer.text)
    order = only(Order)
    assert (order.customer, order.lines[0].vat_rate, order.lines[0].estimate) == ("Maria Rossi", 4, 145)
    assert "Orto di Prova" in words(citizen.get("/pagine/condizioni").text)
