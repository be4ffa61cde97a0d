"""An order changed for somebody who rings: the new bill is said first, and nothing that was typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import pickups, products, stock
from catalog.models import PickUp, Place, Product, Zone
from core import clock
from core.database import db, transaction
from core.formats import window
from core.journal import Entry
from core.outbox import Item
from orders import cancelling, changing, closing, placing, preparing
from orders.models import Order
from people.capabilities import Capability
from tests import factories as make
from tests.deeds import by_somebody_else
from tests.shop.citizen import statements, words
from tests.test_doors import signed_in

BUTTON = 'value="cambia"'
HOME = "Via Roma 1, 27029 Vigevano"
AT_HOME = {"indirizzo": "Via Roma 1", "cap": "27029", "comune": "Vigevano"}


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    return signed_in(app, make.tutor("Rita"), "password")


class _Sent(HTMLParser):
    """What a browser would send of the form that changes the order; every list of goods has the same name."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self._inside, self._list = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action", "").split("#")[0].endswith("/cambia")
        elif self._inside and tag == "select":
            self._list = given["name"]
        elif self._inside and tag == "option" and "selected" in given:
            self.sent.add(self._list, given["value"])
        elif self._inside and tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.sent.add(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


class Call:
    """Somebody is on the phone about this order: what is on the page, what is typed, which button is pressed."""

    def __init__(self, client: FlaskClient, order: Order) -> None:
        self.client, self.address = client, f"/banco/ordini/{order.id}/cambia"
        self.page = client.get(self.address).text
        self.sent = self._read()

    def want(self, *goods: tuple[Product, int], **typed: str) -> Call:
        rows = {row.split(":")[0]: row for row in self.sent.getlist("riga")}
        rows |= {str(product.id): f"{product.id}:{quantity}:{product.price}" for product, quantity in goods}
        self.sent.setlist("riga", list(rows.values()))
        for name, value in typed.items():
            self.sent.setlist(name, [value])
        return self

    def press(self, button: str) -> TestResponse:
        answer = self.client.post(self.address, data=MultiDict([*self.sent.items(multi=True), ("azione", button)]))
        if answer.status_code != 303:
            self.page, self.sent = answer.text, self._parsed(answer.text) or self.sent
        return answer

    def reckon(self) -> str:
        answer = self.press("conto")
        assert answer.status_code == 200, words(answer.text)
        return words(answer.text)

    def confirm(self) -> TestResponse:
        return self.press("cambia")

    def _read(self) -> MultiDict[str, str]:
        return self._parsed(self.page)

    @staticmethod
    def _parsed(page: str) -> MultiDict[str, str]:
        reader = _Sent()
        reader.feed(page)
        return reader.sent


def now(order: Order) -> list[tuple[str, int]]:
    make.fresh(order)
    return [(line.slug, line.quantity) for line in order.lines]


def letters_of(order: Order) -> list[str]:
    db.session.rollback()
    items = db.session.query(Item).filter_by(order_id=order.id).order_by(Item.id)
    return [item.payload["letter"] for item in items]


def a_round(days: int = 4, fee: int = 300) -> PickUp:
    bicycle = make.place(name="In bicicletta", kind="round", fee=fee)
    with transaction() as session:
        session.add(Zone(place_id=bicycle.id, municipality="Vigevano", postcode="27029"))
    return make.pickup(bicycle, days=days)


def staff_at(moment: Any, app: Flask, name: str) -> FlaskClient:
    """Somebody who comes in then: who came in long before would have to come in again."""
    with clock.at(moment):
        return signed_in(app, make.tutor(name), "password")


# --- the way


def test_the_new_bill_stands_beside_the_old_and_is_said_before_it_is_done(rita: FlaskClient) -> None:
    chard, carrots, honey = make.chard(left=10), make.carrots(price=290), make.honey(left=4)
    order = make.order(make.wish(chard, 2), make.wish(carrots, 1_500), phone="+39 0381 123456")
    call = Call(rita, order)
    page = call.want((chard, 0), (carrots, 1_000), (honey, 1)).reckon()
    for said in (
        "In meno: Bietole, 2 mazzi.",
        "Carote: prima 1,5 kg, ora 1 kg.",
        "In più: Miele di acacia, 1 vasetto.",
        "Circa 11,40 €, al massimo 11,69 €.",
        "Prima la stima era 7,95 €, al massimo 8,39 €.",
        "La lettera parte subito, a maria.rossi@posta.example.",
        f"Il tuo ordine {order.number} è cambiato",
        "Al massimo paghi 11,69 €.",
    ):
        assert said in page
    before, after = page.index("Prima "), page.index("Adesso ")
    assert "Totale stimato 7,95 €" in page[before:after]
    assert "Totale stimato 11,40 €" in page[after:]
    assert page.index("Al massimo 11,69 €") < page.rindex("Cambia l'ordine"), "the sum stands above the button"
    assert (now(order), order.version, letters_of(order)) == ([("bietole", 2), ("carote", 1_500)], 0, ["received"])
    answer = call.confirm()
    assert (answer.status_code, answer.location) == (303, f"/banco/ordini/{order.id}")
    assert now(order) == [("carote", 1_000), ("miele-acacia", 1)]
    assert (order.estimate, order.maximum, letters_of(order)) == (1140, 1169, ["received", "changed"])
    assert "L'ordine è cambiato." in words(rita.get(answer.location).text)


def test_looking_at_the_bill_leaves_no_trace(rita: FlaskClient) -> None:
    """It is reckoned by doing the deed and taking it back: nothing of that is to be seen."""
    here, there = make.pickup(), make.pickup(days=6)
    honey = make.honey(left=5)
    order = make.order(make.wish(honey), at=here)
    with clock.at(there.cutoff_at):
        closing.close(there.id)
    entries = db.session.query(Entry).count()
    call = Call(rita, order).want((honey, 3))
    call.sent["ritiro"] = str(here.id)
    call.reckon()
    make.fresh(order)
    assert (order.version, honey.left, stock.ledger_sum(honey.id), here.taken) == (0, 4, 4, 1)
    assert (db.session.query(Entry).count(), letters_of(order)) == (entries, ["received"])


def test_a_number_is_shown_before_it_is_given_and_looking_gives_none_away(app: Flask) -> None:
    jar = make.product(left=50)
    here, there = make.pickup(days=3), make.pickup(make.place(name="Mercato"), days=4)
    first, other = make.order(make.wish(jar), at=here), make.order(make.wish(jar), at=there)
    moment = there.cutoff_at + timedelta(minutes=1)
    for pickup in (here, there):
        with clock.at(moment):
            closing.close(pickup.id)
    rita = staff_at(moment, app, "Rita")
    with clock.at(moment):
        call = Call(rita, first).want(ritiro=str(there.id))
        for _ in range(3):
            page = call.reckon()
            assert "La cassetta era la numero 1: diventa la numero 2." in page
            assert "Le liste e le etichette già stampate non lo sanno" in page
        assert call.confirm().status_code == 303
    make.fresh(first)
    assert (first.crate, other.crate, first.place_name, there.crates_given) == (2, 1, "Mercato", 2)


def test_a_pick_up_that_is_still_open_gives_the_number_when_it_closes(app: Flask) -> None:
    order, there = make.order(at=make.pickup()), make.pickup(days=9)
    with clock.at(order.pickup.cutoff_at):
        closing.close(order.pickup_id)
    rita = staff_at(order.pickup.cutoff_at, app, "Rita")
    with clock.at(order.pickup.cutoff_at):
        call = Call(rita, order).want(ritiro=str(there.id))
        assert "La cassetta era la numero 1: il numero nuovo arriva quando il ritiro si chiude." in call.reckon()
        call.confirm()
    make.fresh(order)
    assert (order.crate, order.pickup_id) == (None, there.id)


def test_one_can_go_back_to_choosing_and_nothing_is_lost(rita: FlaskClient) -> None:
    chard, honey, round_ = make.chard(), make.honey(), a_round()
    call = Call(rita, make.order(make.wish(chard, 2)))
    call.want((chard, 5), (honey, 2), ritiro=str(round_.id), simile="1", **AT_HOME).reckon()
    call.press("scegli")
    rows = call.sent.getlist("riga")
    assert f"{chard.id}:5:{chard.price}" in rows
    assert f"{honey.id}:2:{honey.price}" in rows
    assert {name: call.sent[name] for name in ("ritiro", "simile", *AT_HOME)} == {
        "ritiro": str(round_.id),
        "simile": "1",
        **AT_HOME,
    }


def test_where_nothing_is_different_there_is_nothing_to_confirm(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard(), 2))
    call = Call(rita, order)
    assert "È uguale a prima: non c'è niente da confermare." in call.reckon()
    assert BUTTON not in call.page
    answer = call.confirm()
    assert answer.status_code == 303
    assert "non è cambiato niente" in words(rita.get(answer.location).text)
    assert (now(order), order.version, letters_of(order)) == ([("bietole", 2)], 0, ["received"])


def test_without_an_e_mail_everything_is_said_aloud(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), email=None, phone="+39 0381 123456")
    call = Call(rita, order).want((order.lines[0].product, 2))
    page = call.reckon()
    assert "Senza e-mail non parte nessuna lettera: dì tutto a voce." in page
    assert "La lettera parte" not in page
    call.confirm()
    assert (now(order), letters_of(order)) == ([("bietole", 2)], [])


def test_the_letter_is_shown_in_the_language_of_whoever_ordered(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), language="en")
    page = Call(rita, order).want((order.lines[0].product, 2)).reckon()
    assert f"Your order {order.number} has changed" in page
    assert "Che cosa succede" in page


def test_the_discount_stays_and_is_in_the_bill(rita: FlaskClient) -> None:
    honey = make.honey()
    order = placing.place(
        [make.wish(honey)], make.citizen(), make.pickup().id, key="with-a-discount-1", discount_percent=20
    )
    call = Call(rita, order).want((honey, 2))
    page = call.reckon()
    assert "Sconto 20% -3,40 €" in page.replace("−", "-")
    assert "Costa 13,60 €." in page
    call.confirm()
    make.fresh(order)
    assert (order.discount_percent, order.total) == (20, 1360)


def test_something_similar_can_be_allowed_and_forbidden(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), make.wish(make.honey()))
    call = Call(rita, order).want(simile="1")
    assert "Se qualcosa manca: una cosa simile, mai più cara." in call.reckon()
    call.confirm()
    make.fresh(order)
    assert all(line.may_substitute for line in order.lines)
    call = Call(rita, order)
    del call.sent["simile"]
    assert "Se qualcosa manca: niente al suo posto." in call.reckon()
    call.confirm()
    make.fresh(order)
    assert not any(line.may_substitute for line in order.lines)


def test_what_stays_as_it_was_keeps_its_price(rita: FlaskClient) -> None:
    chard, honey = make.chard(price=180), make.honey(price=850)
    order = make.order(make.wish(chard, 2), make.wish(honey))
    for product in (chard, honey):
        products.set_price(product.id, product.price + 100)
    call = Call(rita, order)
    assert "Oggi 2,80 €: vale se cambi la quantità." in words(call.page)
    assert "Costa 16,90 €." in call.want((chard, 3)).reckon()
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert [line.price for line in order.lines] == [280, 850]


def test_lists_offer_what_the_order_has_and_what_is_left(rita: FlaskClient) -> None:
    chard, honey = make.chard(left=5), make.honey(left=2)
    gone = make.product("finito", left=0)
    html = Call(rita, make.order(make.wish(chard, 3))).page
    assert [int(found) for found in re.findall(rf'value="{chard.id}:(\d+):180"', html)] == [0, 1, 2, 3, 4, 5]
    assert [int(found) for found in re.findall(rf'value="{honey.id}:(\d+):850"', html)] == [1, 2]
    assert "3 mazzi, come adesso" in words(html)
    assert f'value="{gone.id}:' not in html


def test_of_what_is_no_longer_sold_they_can_keep_all_less_or_nothing(rita: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2), make.wish(honey))
    with transaction() as session:
        session.get_one(Product, chard.id).on_sale = False
    call = Call(rita, order)
    assert re.findall(rf'value="{chard.id}:(\d+):', call.page) == ["0", "1", "2"]
    call.want((chard, 1)).reckon()
    assert call.confirm().status_code == 303
    assert now(order) == [("bietole", 1), ("miele-acacia", 1)]
    call = Call(rita, order)
    call.want((chard, 0)).reckon()
    assert call.confirm().status_code == 303
    assert now(order) == [("miele-acacia", 1)]


# --- pick-ups


def test_every_pick_up_that_is_not_over_is_there_and_the_late_ones_say_so(app: Flask) -> None:
    here, closed, full = make.pickup(days=3), make.pickup(days=2), make.pickup(days=5, capacity=1)
    honey = make.honey()
    order = make.order(make.wish(honey), at=here)
    make.order(make.wish(honey), at=full)
    practice = make.pickup(days=5, practice=True)
    rita = staff_at(closed.cutoff_at, app, "Rita")
    with clock.at(closed.cutoff_at):
        html = Call(rita, order).page
    marks = {
        pickup.id: words(html.split(f'for="ritiro-{pickup.id}"')[1].split("</label>")[0])
        for pickup in (here, closed, full)
    }
    assert "Come adesso." in marks[here.id]
    assert "in ritardo: le liste sono già fatte" in marks[closed.id]
    assert "in ritardo" not in marks[here.id]
    assert "Al completo." in marks[full.id]
    assert f'id="ritiro-{practice.id}"' not in html


def test_its_own_pick_up_stays_possible_when_it_is_full(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), at=make.pickup(capacity=1))
    call = Call(rita, order)
    assert call.sent["ritiro"] == str(order.pickup_id)
    call.want((order.lines[0].product, 2)).reckon()
    assert call.confirm().status_code == 303


def test_from_stall_to_round_with_an_address_that_it_reaches_and_back(rita: FlaskClient) -> None:
    order, round_ = make.order(make.wish(make.chard())), a_round()
    stall = order.pickup
    call = Call(rita, order).want(ritiro=str(round_.id))
    answer = call.press("conto")
    assert answer.status_code == 422
    for sentence in (
        "Scrivi la via e il numero",
        "Scrivi il CAP",
        "Scrivi il comune",
        "Ci sono ancora 3 cose da guardare",
    ):
        assert sentence in words(answer.text)
    far = call.want(indirizzo="Via Roma 1", cap="27036", comune="Mortara").press("conto")
    assert far.status_code == 422
    assert "arriviamo solo a: Vigevano 27029" in words(far.text)
    assert 'value="Mortara"' in far.text
    page = call.want(cap="27029", comune="vigevano").reckon()
    assert "Indirizzo: Via Roma 1, 27029 Vigevano." in page
    assert "Costa 4,80 €." in page
    assert "Si paga alla consegna." in page
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert (order.address, order.fee, order.place_name) == (HOME, 300, "In bicicletta")
    call = Call(rita, order)
    assert [call.sent[name] for name in AT_HOME] == ["Via Roma 1", "27029", "Vigevano"]
    call.want(ritiro=str(stall.id)).reckon()
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert (order.address, order.fee, order.pickup_id) == ("", 0, stall.id)


def test_another_address_of_the_same_round_is_a_change_of_its_own(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), at=a_round(), address=HOME)
    call = Call(rita, order).want(indirizzo="Corso Cavour 🏡 9")
    assert "Indirizzo: Corso Cavour 🏡 9, 27029 Vigevano." in call.reckon()
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert order.address == "Corso Cavour 🏡 9, 27029 Vigevano"


def test_an_address_that_was_agreed_to_stays_where_the_round_has_become_smaller(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), at=a_round(), address=HOME)
    with transaction() as session:
        session.query(Zone).delete()
    call = Call(rita, order).want((order.lines[0].product, 2))
    call.reckon()
    assert call.confirm().status_code == 303
    assert (now(order), order.address) == ([("bietole", 2)], HOME)


# --- refusals


def packed(order: Order) -> None:
    with clock.at(order.pickup.cutoff_at):
        closing.close(order.pickup_id)
        preparing.take_line(order.id, order.lines[0].id, version=order.lines[0].version, by=None)


def cancelled(order: Order) -> None:
    cancelling.cancel(order.id, as_staff=True)


@pytest.mark.parametrize(("happens", "sentence"), [(packed, "si sta già preparando"), (cancelled, "già disdetto")])
def test_what_cannot_be_changed_any_more_says_why_and_keeps_what_was_chosen(
    rita: FlaskClient, happens: Callable[[Order], None], sentence: str
) -> None:
    chard, honey = make.chard(left=10), make.honey()
    order = make.order(make.wish(chard, 2))
    assert f'href="/banco/ordini/{order.id}/cambia"' in rita.get(f"/banco/ordini/{order.id}").text
    early, late = Call(rita, order).want((chard, 5)), Call(rita, order).want((honey, 2))
    late.reckon()
    happens(order)
    for call, button, kept in (
        (early, "conto", f"{chard.id}:5:180"),
        (late, "cambia", f"{honey.id}:2:850"),
        (late, "scegli", f"{honey.id}:2:850"),
    ):
        answer = call.press(button)
        assert answer.status_code == 409
        assert sentence in words(answer.text)
        assert f'value="{kept}" selected' in answer.text
        assert 'value="conto"' not in answer.text
    shown = rita.get(f"/banco/ordini/{order.id}/cambia")
    assert shown.status_code == 409
    assert sentence in words(shown.text)
    assert f'href="/banco/ordini/{order.id}/cambia"' not in rita.get(f"/banco/ordini/{order.id}").text
    assert now(order) == [("bietole", 2)]


def test_when_its_pick_up_is_over_it_is_too_late(app: Flask) -> None:
    order = make.order(make.wish(make.chard()))
    rita = staff_at(order.pickup.to_at, app, "Rita")
    with clock.at(order.pickup.to_at):
        answer = rita.get(f"/banco/ordini/{order.id}/cambia")
    assert answer.status_code == 409
    assert "Questo ritiro è già passato." in words(answer.text)


def test_a_page_from_before_another_change_says_so_and_shows_the_difference(rita: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2))
    old = Call(rita, order).want((chard, 4))
    old.reckon()
    changing.change(order.id, [make.wish(chard, 3), make.wish(honey)], version=0, key="k" * 20)
    answer = old.confirm()
    page = words(answer.text)
    assert answer.status_code == 409
    assert "Intanto l'ordine è cambiato. Guarda com'è adesso." in page
    assert "Bietole: prima 3 mazzi, ora 4 mazzi." in page
    assert now(order) == [("bietole", 3), ("miele-acacia", 1)]
    assert old.confirm().status_code == 303
    assert now(order) == [("bietole", 4), ("miele-acacia", 1)]


def test_nobody_confirms_a_bill_that_was_not_said(rita: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    call = Call(rita, order).want((chard, 2))
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Prima dì il totale" in words(answer.text)
    assert "Costa 3,60 €." in words(answer.text)
    assert now(order) == [("bietole", 1)]
    assert call.confirm().status_code == 303


@pytest.mark.parametrize("said", ["1:1:0", "360:360:100", "x", "9" * 40])
def test_a_bill_that_is_another_one_is_said_again(rita: FlaskClient, said: str) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    call = Call(rita, order).want((chard, 2))
    call.reckon()
    answer = call.want(detto=said).confirm()
    assert answer.status_code == 409
    assert "Il totale è cambiato: dillo di nuovo, poi conferma." in words(answer.text)
    assert now(order) == [("bietole", 1)]


def test_a_price_that_changed_since_is_named_and_the_next_press_takes_it(rita: FlaskClient) -> None:
    honey = make.honey()
    order = make.order(make.wish(make.chard()))
    call = Call(rita, order).want((honey, 2))
    call.reckon()
    products.set_price(honey.id, 900)
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Miele di acacia: prima 8,50 €, ora 9,00 € al vasetto." in words(answer.text)
    assert now(order) == [("bietole", 1)]
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert order.total == 1980


def test_what_is_short_is_named_and_the_next_press_takes_what_there_is(rita: FlaskClient) -> None:
    chard = make.chard(left=6)
    order = make.order(make.wish(chard, 2))
    call = Call(rita, order).want((chard, 6))
    call.reckon()
    make.order(make.wish(chard, 3))
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Bietole: invece di 6 mazzi possiamo dare 3 mazzi." in words(answer.text)
    assert now(order) == [("bietole", 2)]
    assert call.confirm().status_code == 303
    make.fresh(chard)
    assert (now(order), chard.left) == ([("bietole", 3)], 0)


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """After the page has looked, before the deed does: what the page read decides nothing."""
    change = changing.change

    def too_late(*args: Any, **named: Any) -> Order:
        if named["by"] is not None:
            with by_somebody_else():
                happens()
        return change(*args, **named)

    monkeypatch.setattr(changing, "change", too_late)


def test_the_last_jar_may_go_between_the_bill_and_the_button(
    rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    honey = make.honey(left=3)
    order = make.order(make.wish(make.chard()))
    call = Call(rita, order).want((honey, 3))
    call.reckon()
    between(monkeypatch, lambda: make.order(make.wish(honey, 2)))
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Qualcosa è cambiato." in words(answer.text)
    assert "Miele di acacia: invece di 3 vasetti possiamo dare 1 vasetto." in words(answer.text)
    assert now(order) == [("bietole", 1)]


def test_the_last_place_may_go_between_the_bill_and_the_button(
    rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = make.pickup(), make.pickup(days=5, capacity=1)
    order = make.order(make.wish(make.chard()), at=here)
    call = Call(rita, order).want((order.lines[0].product, 3), ritiro=str(there.id))
    call.reckon()
    between(monkeypatch, lambda: make.order(make.wish(make.honey()), at=there))
    answer = call.confirm()
    assert answer.status_code == 409
    assert "I posti per questo ritiro sono finiti" in words(answer.text)
    assert 'href="#ritiro"' in answer.text
    assert f"{order.lines[0].product_id}:3:180" in call.sent.getlist("riga")
    make.fresh(order)
    assert order.pickup_id == here.id


def test_a_fee_that_rises_between_the_bill_and_the_button_is_said_again(
    rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = make.pickup(make.place(name="Pavia", fee=200), days=5)
    order = make.order(make.wish(make.chard()))

    def dearer() -> None:
        with transaction() as session:
            session.get_one(Place, far.place_id).fee = 350

    call = Call(rita, order).want(ritiro=str(far.id))
    assert "Costa 3,80 €." in call.reckon()
    between(monkeypatch, dearer)
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Il prezzo della consegna è cambiato: guarda il nuovo conto." in words(answer.text)
    assert "Costa 5,30 €." in words(answer.text)
    make.fresh(order)
    assert order.fee == 0
    assert call.confirm().status_code == 303
    make.fresh(order)
    assert order.total == 530


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"ritiro": "987654"}, 409, "Questo ritiro non prende più ordini. Scegline un altro."),
        ({"ritiro": "9" * 30}, 409, "Questo ritiro non prende più ordini. Scegline un altro."),
        ({"ritiro": "-1"}, 409, "Questo ritiro non prende più ordini. Scegline un altro."),
        ({"ritiro": "{full}"}, 409, "I posti per questo ritiro sono finiti. Scegline un altro."),
        ({"ritiro": "{round}", "indirizzo": "x" * 151}, 422, "al massimo 150 lettere"),
        ({"ritiro": "{round}", "cap": "2" * 11}, 422, "al massimo 10 lettere"),
        ({"ritiro": "{round}", "comune": "v" * 101}, 422, "al massimo 100 lettere"),
        ({"ritiro": "{round}", "indirizzo": "\u200b"}, 422, "Scrivi la via e il numero"),
        ({"ritiro": "{round}", "indirizzo": "Via\0Roma"}, 422, "un segno che non riusciamo a scrivere"),
        ({"ritiro": "{round}", "cap": "27036", "comune": "Mortara"}, 422, "arriviamo solo a: Vigevano 27029"),
        ({"riga": "x:y:z"}, 422, "Una quantità non si è capita"),
        ({"riga": "{chard}:-1:180"}, 422, "Una quantità non si è capita"),
        ({"riga": "{chard}:1.5:180"}, 422, "Una quantità non si è capita"),
        ({"riga": "{chard}:" + "9" * 30 + ":180"}, 422, "Una quantità non si è capita"),
        ({"riga": "{chard}:2"}, 422, "Una quantità non si è capita"),
        ({"riga": "{carrots}:150:290"}, 422, "Una quantità non si è capita"),
        ({"riga": "{chard}:0:180"}, 422, "Così non resta niente. Se non serve più, disdici l'ordine."),
        ({"riga": "{gold}:50:100000"}, 422, "Un ordine così grande lo facciamo insieme"),
        ({"version": "7"}, 409, "Intanto l'ordine è cambiato"),
        ({"version": "9" * 30}, 409, "Intanto l'ordine è cambiato"),
        ({"version": ""}, 409, "Intanto l'ordine è cambiato"),
    ],
)
def test_a_refusal_says_what_to_do_keeps_what_was_typed_and_changes_nothing(
    rita: FlaskClient, typed: dict[str, str], status: int, sentence: str
) -> None:
    goods = {"chard": make.chard(left=9), "honey": make.honey(left=9), "carrots": make.carrots()}
    goods["gold"] = make.product("oro", price=100_000, left=100)
    round_, full = a_round(), make.pickup(days=6, capacity=0)
    order = make.order(make.wish(goods["chard"]))
    names = {name: product.id for name, product in goods.items()} | {"full": full.id, "round": round_.id}
    said = {name: value.format(**names) for name, value in typed.items()}
    more = [] if said.get("riga", "").endswith(":0:180") else [f"{goods['honey'].id}:2:850"]
    call = Call(rita, order).want(**AT_HOME)
    for name, value in said.items():
        call.sent.setlist(name, [value])
    call.sent.setlist("riga", [*([said["riga"]] if "riga" in said else []), *more])
    answer = call.press("conto")
    assert answer.status_code == status, words(answer.text)
    assert sentence in words(answer.text)
    for name in ("indirizzo", "cap", "comune"):
        assert call.sent.get(name) == said.get(name, AT_HOME[name]), name
    if more:
        assert f"{goods['honey'].id}:2:850" in call.sent.getlist("riga")
    make.fresh(order)
    assert (order.version, [line.quantity for line in order.lines]) == (0, [1])
    assert (goods["chard"].left, goods["honey"].left, round_.taken, full.taken) == (8, 9, 0, 0)
    assert letters_of(order) == ["received"]


def test_goods_of_practice_and_of_nobody_are_not_to_be_had(rita: FlaskClient) -> None:
    order, jar = make.order(make.wish(make.chard())), make.product("prova", practice=True)
    call = Call(rita, order)
    call.sent.setlist("riga", [*call.sent.getlist("riga"), f"{jar.id}:1:850", "999999:3:100"])
    call.press("conto")
    assert call.confirm().status_code == 303
    assert now(order) == [("bietole", 1)]


def test_sixty_different_things_fit_and_one_more_is_too_much(rita: FlaskClient) -> None:
    goods = [make.product(f"vasetto-{number:02}") for number in range(61)]
    order = make.order(*[make.wish(each) for each in goods[:60]])
    call = Call(rita, order).want((goods[60], 1))
    assert call.press("conto").status_code == 422
    assert "Più di 60 cose diverse non ci stanno in un ordine: fanne due." in words(call.page)
    call.want((goods[0], 0)).reckon()
    assert call.confirm().status_code == 303
    assert len(now(order)) == 60


# --- twice


def test_a_double_click_answers_with_the_first_result(rita: FlaskClient) -> None:
    chard = make.chard(left=10)
    order = make.order(make.wish(chard))
    call = Call(rita, order).want((chard, 3))
    call.reckon()
    sent = MultiDict([*call.sent.items(multi=True), ("azione", "cambia")])
    first, again = (rita.post(call.address, data=sent) for _ in range(2))
    here = f"/banco/ordini/{order.id}"
    assert [(answer.status_code, answer.location) for answer in (first, again)] == [(303, here)] * 2
    make.fresh(chard)
    assert (now(order), chard.left, letters_of(order)) == ([("bietole", 3)], 7, ["received", "changed"])


def test_after_the_back_button_a_used_form_changes_nothing_more(rita: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    call = Call(rita, order).want((chard, 3))
    call.reckon()
    call.confirm()
    assert call.want((chard, 9)).confirm().status_code == 303
    assert now(order) == [("bietole", 3)]


# --- who, and how much it asks


def test_practice_and_nobody_have_no_such_page(rita: FlaskClient) -> None:
    practice = make.order(make.wish(make.product(practice=True)), at=make.pickup(practice=True))
    for order_id in (practice.id, 987654):
        assert rita.get(f"/banco/ordini/{order_id}/cambia").status_code == 404
        assert rita.post(f"/banco/ordini/{order_id}/cambia", data={}).status_code == 404


def test_only_who_keeps_orders_comes_in(app: Flask) -> None:
    order = make.order()
    anna = signed_in(app, make.person("Anna", can=(Capability.HAND_OVER,)), tablet=make.tablet()[1])
    assert anna.get(f"/banco/ordini/{order.id}/cambia").status_code in (403, 404)
    assert anna.post(f"/banco/ordini/{order.id}/cambia", data={"azione": "cambia"}).status_code in (403, 404)


def test_the_story_says_who_did_it_where_it_was_and_which_crate_it_is(app: Flask) -> None:
    jar = make.product("barattolo", left=50)
    here, there = make.pickup(days=3), make.pickup(make.place(name="Mercato"), days=4)
    order = make.order(make.wish(jar), at=here)
    make.order(make.wish(jar), at=there)
    moment = there.cutoff_at + timedelta(minutes=1)
    with clock.at(here.cutoff_at):
        closing.close(here.id)
    rita = staff_at(moment, app, "Rita")
    with clock.at(moment):
        closing.close(there.id)
        call = Call(rita, order).want((jar, 2), ritiro=str(there.id))
        call.reckon()
        page = words(rita.get(call.confirm().location).text)
    was = window(here.from_at, here.to_at).replace("\u00a0", " ")
    said = f"Rita Ordine cambiato. Prima: Barattolo 1 vasetto. Il ritiro era: {was}, Piazza Ducale."
    assert f"{said} La cassetta aveva il numero 1. La cassetta ha il numero 2." in page
    assert page.count("Il ritiro è chiuso. La cassetta ha il numero 1.") == 1
    assert page.count("Il ritiro è chiuso.") == 1, "it was not of that other pick-up yet when it closed"


def test_the_pages_take_the_same_number_of_statements_for_two_lines_and_for_twenty(rita: FlaskClient) -> None:
    counts = []
    for number in (2, 20):
        goods = [make.product() for _ in range(number)]
        call = Call(rita, make.order(*[make.wish(each) for each in goods]))
        db.session.expire_all()
        with statements() as choosing:
            rita.get(call.address)
        call.want((goods[0], 2))
        db.session.expire_all()
        with statements() as reviewing:
            call.reckon()
        counts.append((len(choosing), len(reviewing)))
        for each in goods:
            stock.count(each, 0)
    assert counts[0] == counts[1]


def test_places_of_a_pick_up_that_was_made_smaller_meanwhile(rita: FlaskClient) -> None:
    there = make.pickup(days=6)
    order = make.order(make.wish(make.chard()))
    call = Call(rita, order).want(ritiro=str(there.id))
    call.reckon()
    pickups.set_capacity(there.id, 0, by=None)
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Scegline un altro." in words(answer.text)
    assert unescape(call.sent["ritiro"]) == str(order.pickup_id)
