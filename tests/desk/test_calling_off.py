"""Calling a pick-up off: why, what becomes of the goods, and that nothing is said which is not true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from catalog import pickups
from catalog.models import PickUp, Product
from core.database import db
from core.outbox import Item
from orders import changing, finding, letters, links, reasons
from orders.models import Order
from tests import factories as make
from tests.desk.staff_desk import fill, form, twice
from tests.desk.walking import Desk
from tests.shop.citizen import words

pytestmark = pytest.mark.usefixtures("app", "on_a_tuesday")

QUESTION = "Il fresco di questi ordini"
CHOOSE = "Scegli che cosa succede con il fresco."


@pytest.fixture
def pickup() -> PickUp:
    """A jar, three bunches and a kilo and a half are promised to two orders."""
    found = make.pickup()
    honey, chard, carrots = make.honey(left=10), make.chard(left=10), make.carrots(left=9_000)
    make.order(make.wish(honey), make.wish(chard, 2), at=found)
    make.order(make.wish(chard), make.wish(carrots, 1_500), at=found, email="gino@posta.example", language="en")
    return found


def asked(rita: Desk, pickup: PickUp, **typed: object) -> Desk:
    answers = {"motivo": "gelo", "parole": "", "verdura": "persa", **typed}
    return fill(rita.go(f"/banco/ritiri/{pickup.id}/non-si-fa"), "Guarda che cosa succede", **answers)


def left() -> dict[str, int]:
    make.fresh(None)
    return {product.slug: product.left for product in db.session.query(Product).order_by(Product.id)}


def ticked(rita: Desk) -> list[str]:
    return re.findall(r'name="verdura" value="(\w+)" checked', rita.html)


def product(slug: str) -> Product:
    return db.session.query(Product).filter_by(slug=slug).one()


def off(pickup: PickUp) -> bool:
    make.fresh(pickup)
    return pickups.get(pickup.id).cancelled_at is not None


def orders_of(pickup: PickUp) -> list[Order]:
    make.fresh(pickup)
    return db.session.query(Order).filter_by(pickup_id=pickup.id).order_by(Order.id).all()


def letter(order: Order) -> str:
    """The letter about it, as it would leave."""
    make.fresh(order)
    found: Any = [item for item in db.session.query(Item) if item.payload["letter"] == "called_off"]
    payload = next(item.payload for item in found if item.order_id == order.id and item.state == "waiting")
    message = letters.write("called_off", finding.get(order.id), "TOKEN", "<id@prova.example>", payload)
    part = message.get_body(("plain",))
    assert part is not None
    return words(part.get_content())


# --- the question


def test_the_page_asks_what_becomes_of_the_vegetables_and_answers_nothing_itself(rita: Desk, pickup: PickUp) -> None:
    rita.go(f"/banco/ritiri/{pickup.id}/non-si-fa")
    assert QUESTION in rita.text
    assert "C'è ancora: torna in vetrina" in rita.text
    assert "Non c'è più" in rita.text
    assert "checked" not in rita.html


@pytest.mark.parametrize(
    ("reason", "suggested"), [("gelo", ["persa"]), ("malattia", ["torna"]), ("strada", ["torna"]), ("altro", [])]
)
@pytest.mark.parametrize("verdura", ["", "forse"])
def test_without_an_answer_nothing_happens_and_only_a_prepared_reason_suggests_one(
    rita: Desk, pickup: PickUp, reason: str, suggested: list[str], verdura: str
) -> None:
    before = left()
    path, method, sends = form(asked(rita, pickup), "Il ritiro non si fa")
    typed = {"motivo": reason, "parole": "Nevica troppo", "verdura": verdura}
    asked(rita, pickup, **typed)
    for _ in range(2):
        assert rita.status == 422
        assert CHOOSE in rita.text
        assert 'href="#verdura-1"' in rita.html
        assert f'value="{reason}" checked' in rita.html
        assert 'value="Nevica troppo"' in rita.html
        assert ticked(rita) == (suggested if not verdura else [])
        rita.go(path, method=method, sends=sends | typed)
    assert (off(pickup), left()) == (False, before)


def test_who_decides_otherwise_than_usual_is_not_corrected(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup, motivo="gelo", verdura="torna")
    assert rita.status == 200
    assert "non c'è più" not in rita.text
    rita.press("Cambia qualcosa")
    assert ticked(rita) == ["torna"]


def test_where_everything_keeps_nobody_is_asked(rita: Desk) -> None:
    honey, pickup = make.honey(left=5), make.pickup()
    make.order(make.wish(honey, 2), at=pickup)
    rita.go(f"/banco/ritiri/{pickup.id}/non-si-fa")
    assert QUESTION not in rita.text
    fill(rita, "Guarda che cosa succede", motivo="gelo", parole="").press("Il ritiro non si fa")
    assert (off(pickup), left()) == (True, {"miele-acacia": 5})


def test_nor_where_nobody_has_ordered(rita: Desk) -> None:
    pickup = make.pickup()
    rita.go(f"/banco/ritiri/{pickup.id}/non-si-fa")
    assert QUESTION not in rita.text
    fill(rita, "Guarda che cosa succede", motivo="gelo", parole="")
    assert "vetrina" not in rita.text
    rita.press("Il ritiro non si fa")
    assert off(pickup)


# --- the look


def test_before_the_deed_the_page_says_what_is_lost_and_what_goes_back(rita: Desk, pickup: PickUp) -> None:
    before = left()
    asked(rita, pickup)
    assert "Il fresco non c'è più: non torna in vetrina. Il resto della vetrina non cambia. " in rita.text
    assert "non cambia. Bietole 3 mazzi, Carote 1 chilo e 500 grammi. Quello che si conserva" in rita.text
    assert "Quello che si conserva torna in vetrina. Miele di acacia 1 vasetto." in rita.text
    assert "per gli altri ritiri" not in rita.text
    assert (off(pickup), left()) == (False, before)


def test_or_that_all_of_it_goes_back(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup, motivo="strada", verdura="torna")
    all_of_it = "Bietole 3 mazzi, Carote 1 chilo e 500 grammi, Miele di acacia 1 vasetto."
    assert f"Quello che era ordinato torna in vetrina per gli altri ritiri. {all_of_it}" in rita.text
    assert "non c'è più" not in rita.text


def test_an_order_that_changed_after_the_look_asks_to_look_again(rita: Desk, pickup: PickUp) -> None:
    order = orders_of(pickup)[0]
    chard = product("bietole")
    asked(rita, pickup)
    changing.change(order.id, [make.wish(chard, 4)], version=0, key="changed-after-the-look-1")
    rita.press("Il ritiro non si fa")
    assert rita.status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert ticked(rita) == ["persa"]
    assert not off(pickup)


# --- the deed


def test_what_is_gone_does_not_go_back_on_the_shelf_and_comes_back_with_one_tap(rita: Desk, pickup: PickUp) -> None:
    before = left()
    asked(rita, pickup).press("Il ritiro non si fa")
    assert "Non si fa: 2 ordini disdetti. Il fresco non è tornato in vetrina. Rita" in rita.text
    after = left()
    assert {slug: after[slug] - before[slug] for slug in before} == {**dict.fromkeys(before, 0), "miele-acacia": 1}
    rita.press("Torna indietro")
    assert "Tolto: il ritiro che non si fa." in rita.text
    assert "Tolto: non si fa: 2 ordini disdetti. Il fresco non è tornato in vetrina." in rita.text
    assert (off(pickup), left()) == (False, before)


def test_what_is_still_there_goes_back(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup, verdura="torna").press("Il ritiro non si fa")
    assert list(left().values()) == [10, 10, 9_000]
    assert "Non si fa: 2 ordini disdetti. Rita" in rita.text


def test_it_is_not_taken_back_when_its_jar_was_bought_meanwhile(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup).press("Il ritiro non si fa")
    honey = product("miele-acacia")
    make.order(make.wish(honey, 10))
    before = left()
    rita.press("Torna indietro")
    assert rita.status == 409
    assert "Non ne resta abbastanza." in rita.text
    assert (off(pickup), left()) == (True, before)


def test_a_double_click_loses_the_goods_once(rita: Desk, pickup: PickUp) -> None:
    before = left()
    answers = twice(asked(rita, pickup), "Il ritiro non si fa")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert left()["miele-acacia"] == before["miele-acacia"] + 1
    assert sum(left().values()) == sum(before.values()) + 1


# --- what citizens read


def test_the_letter_says_of_each_order_what_is_true_of_its_goods(rita: Desk, pickup: PickUp) -> None:
    honey = product("miele-acacia")
    jars = make.order(make.wish(honey), at=pickup, email="jars@posta.example")
    chard = product("bietole")
    greens = make.order(make.wish(chard), at=pickup, email="greens@posta.example")
    asked(rita, pickup).press("Il ritiro non si fa")
    mixed = orders_of(pickup)[0]
    assert "Quello che avevi ordinato torna in vetrina appena possiamo" in letter(jars)
    assert "Quello che avevi ordinato non c'è più. In vetrina vedi che cosa puoi ordinare" in letter(greens)
    assert "Le cose fresche non ci sono più. Le altre tornano in vetrina" in letter(mixed)
    assert "torna in vetrina" not in letter(greens)


def test_where_the_vegetables_are_still_there_the_letter_says_so(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup, motivo="strada", verdura="torna").press("Il ritiro non si fa")
    order = orders_of(pickup)[0]
    assert "Quello che avevi ordinato torna in vetrina appena possiamo" in letter(order)
    assert "La strada è chiusa e non possiamo arrivare." in letter(order)


def test_each_reads_the_prepared_reason_in_their_own_language(app: Flask, rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup).press("Il ritiro non si fa")
    italian, english = orders_of(pickup)
    assert {order.cancelled_why for order in (italian, english)} == {reasons.key("gelo")}
    assert "Il gelo ha rovinato la verdura." in letter(italian)
    assert "Frost has ruined the vegetables." in letter(english)
    for spoken, said in (("it", "Il gelo ha rovinato la verdura."), ("en", "Frost has ruined the vegetables.")):
        there = f"/ordini/{links.make(english)}"
        assert said in words(app.test_client().get(there, headers={"Accept-Language": spoken}).text)
    rita.go(f"/banco/ordini/{english.id}")
    assert "Il gelo ha rovinato la verdura." in rita.text
    assert reasons.MARK not in rita.html


def test_whoever_types_a_key_is_read_as_typed(rita: Desk, pickup: PickUp) -> None:
    asked(rita, pickup, motivo="altro", parole=reasons.key("gelo")).press("Il ritiro non si fa")
    assert "Non si fa. Motivo:gelo." in rita.text
    assert "Motivo:gelo." in letter(orders_of(pickup)[1])


# --- moving, too, has prepared reasons


def test_a_move_keeps_the_prepared_reason_by_its_key(rita: Desk, pickup: PickUp) -> None:
    typed = {"giorno": "2026-12-05", "dalle": "10:00", "alle": "12:00", "motivo": "strada", "parole": ""}
    fill(rita.go(f"/banco/ritiri/{pickup.id}/sposta"), "Guarda che cosa cambia", **typed)
    assert "Perché: La strada è chiusa e non possiamo arrivare." in rita.text
    rita.press("Sposta il ritiro")
    moved = [item.payload["reason"] for item in db.session.query(Item) if item.payload["letter"] == "moved"]
    assert moved == [reasons.key("strada")] * 2


def test_a_move_for_what_somebody_typed_keeps_their_words(rita: Desk, pickup: PickUp) -> None:
    typed = {"giorno": "2026-12-06", "motivo": "altro", "parole": reasons.key("strada")}
    fill(rita.go(f"/banco/ritiri/{pickup.id}/sposta"), "Guarda che cosa cambia", **typed)
    assert "Perché: Motivo:strada." in rita.text
