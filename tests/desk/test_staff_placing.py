"""An order by phone or at the stall: the total is said first, and nothing that was written is ever lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import products, stock
from catalog.models import PickUp, Product, Zone
from core import clock
from core.database import db, transaction
from core.outbox import Item
from orders import closing
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import statements, words
from tests.test_doors import signed_in

NEW = "/banco/ordini/nuovo"


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    return signed_in(app, make.tutor("Rita"), "password")


class Call:
    """Somebody on the phone: what is on the page, what is written, which button is pressed."""

    def __init__(self, client: FlaskClient, pickup: PickUp, *wanted: tuple[Product, int], **typed: str) -> None:
        self.client = client
        usual = {"fonte": "phone", "nome": "Ugo Ferri", "telefono": "0381 123456", "sconto": "0"}
        here = {"ritiro": str(pickup.id), "key": self.hidden(client.get(NEW).text, "key")}
        self.sent = MultiDict({**usual, **here, **typed})
        self.sent.setlist("riga", [f"{product.id}:{quantity}:{product.price}" for product, quantity in wanted])

    def write(self, **typed: str) -> Call:
        for name, value in typed.items():
            self.sent.setlist(name, [value])
        return self

    def press(self, button: str) -> TestResponse:
        answer = self.client.post(NEW, data=MultiDict([*self.sent.items(multi=True), ("azione", button)]))
        if answer.status_code == 200 or "detto" in answer.text:
            self.write(detto=self.hidden(answer.text, "detto"))
        return answer

    def reckon(self) -> TestResponse:
        return self.press("conto")

    def confirm(self) -> TestResponse:
        return self.press("ordina")

    def place(self) -> Order:
        assert self.reckon().status_code == 200
        answer = self.confirm()
        assert answer.status_code == 303, words(answer.text)
        return db.session.get_one(Order, int(answer.headers["Location"].rpartition("/")[2]))

    @staticmethod
    def hidden(html: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', html)
        return unescape(found[1]) if found else ""


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def nothing_happened(product: Product, left: int) -> bool:
    db.session.rollback()
    db.session.expire_all()
    return (count(), product.left, stock.ledger_sum(product.id)) == (0, left, left)


# --- the call


def test_the_total_is_said_then_the_order_is_placed(rita: FlaskClient) -> None:
    carrots, honey, pickup = make.carrots(left=5000), make.honey(left=3), make.pickup()
    call = Call(rita, pickup, (carrots, 1500), (honey, 1), nota="Citofono Ferri", ritira="Pia", cambia="1")
    text = words(call.reckon().text)
    assert "Circa 12,85 €, al massimo 13,29 €." in text
    assert "Carote, 1,5 kg 4,35 €" in text
    assert count() == 0
    answer = call.confirm()
    assert answer.status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.source, order.customer, order.phone, order.email) == ("phone", "Ugo Ferri", "+39 0381 123456", None)
    assert (order.estimate, order.maximum, order.note, order.collector) == (1285, 1329, "Citofono Ferri", "Pia")
    assert all(line.may_substitute for line in order.lines)
    assert "Ordine 1001 preso." in words(rita.get(answer.headers["Location"]).text)
    assert db.session.scalars(select(Item)).all() == []  # no e-mail, no letter


def test_with_an_e_mail_the_letter_goes_out_at_once(rita: FlaskClient) -> None:
    order = Call(rita, make.pickup(), (make.honey(), 1), email="Ugo.Ferri@posta.example", telefono="").place()
    assert order.email == "Ugo.Ferri@posta.example"
    assert db.session.scalars(select(Item)).one().payload["letter"] == "received"


def test_at_the_stall_a_name_is_enough(rita: FlaskClient) -> None:
    order = Call(rita, make.pickup(), (make.honey(), 1), fonte="stall", telefono="").place()
    assert (order.source, order.phone, order.email) == ("stall", None, None)


@pytest.mark.parametrize(("percent", "total"), [("0", 850), ("5", 807), ("10", 765), ("20", 680)])
def test_a_discount_is_in_the_sum_that_is_said(rita: FlaskClient, percent: str, total: int) -> None:
    call = Call(rita, make.pickup(), (make.honey(), 1), sconto=percent)
    assert f"Costa {total // 100},{total % 100:02} €." in words(call.reckon().text)
    order = call.place()
    assert (order.estimate, order.discount_percent) == (total, int(percent))


def test_a_name_with_a_picture_in_it_is_kept(rita: FlaskClient) -> None:
    assert Call(rita, make.pickup(), (make.honey(), 1), nome="Ugo 🥕 Ferri").place().customer == "Ugo 🥕 Ferri"


def test_a_pick_up_that_has_closed_is_late_and_the_crate_follows(rita: FlaskClient) -> None:
    honey, pickup = make.honey(), make.pickup()
    for _ in range(2):
        make.order(make.wish(honey), at=pickup)
    with clock.at(pickup.cutoff_at + timedelta(hours=1)):
        rita = signed_in(rita.application, make.tutor("Sandro"), "password")
        closing.close(pickup.id)
        assert "in ritardo" in words(rita.get(NEW).text)
        assert Call(rita, pickup, (honey, 1)).place().crate == 3


def test_somebody_who_is_on_the_phone_at_the_cut_off_is_served(rita: FlaskClient) -> None:
    honey, pickup = make.honey(), make.pickup()
    with clock.at(pickup.cutoff_at - timedelta(minutes=1)):
        rita = signed_in(rita.application, make.tutor("Sandro"), "password")
        call = Call(rita, pickup, (honey, 1))
        call.reckon()
    with clock.at(pickup.cutoff_at + timedelta(minutes=1)):
        assert call.confirm().status_code == 303


def a_round() -> PickUp:
    bicycle = make.place(name="In bicicletta", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=bicycle.id, municipality="Vigevano", postcode="27029"))
    return make.pickup(bicycle)


def test_a_round_wants_an_address_that_it_reaches(rita: FlaskClient) -> None:
    call = Call(rita, a_round(), (make.honey(), 1))
    assert "Costa 11,50 €." in words(call.reckon().text)
    answer = call.confirm()
    assert answer.status_code == 422
    for sentence in ("Scrivi la via e il numero", "Scrivi il CAP", "Scrivi il comune"):
        assert sentence in words(answer.text)
    far = call.write(indirizzo="Via Roma 1", cap="27036", comune="Mortara").confirm()
    assert far.status_code == 422
    assert "arriviamo solo a: Vigevano 27029" in words(far.text)
    assert 'value="Mortara"' in far.text
    order = call.write(cap="27029", comune="vigevano").place()
    assert (order.address, order.fee) == ("Via Roma 1, 27029 Vigevano", 300)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"indirizzo": "Via Roma 1", "cap": "20100", "comune": "Milano"}, "arriviamo solo a: Vigevano 27029"),
        ({"indirizzo": "Via Roma 1", "cap": "27036", "comune": "Vigevano"}, "arriviamo solo a: Vigevano 27029"),
        ({"indirizzo": "Via Roma 1"}, "Scrivi il CAP."),
    ],
)
def test_no_bill_is_said_for_a_house_to_which_the_round_does_not_go(
    rita: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    call = Call(rita, a_round(), (make.honey(), 1), **typed)
    answer = call.reckon()
    assert answer.status_code == 422
    text = words(answer.text)
    assert sentence in text
    assert "da guardare" in text
    assert "Da dire prima di confermare" not in text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    near = call.write(indirizzo="Via Roma 1", cap="27029", comune="Vigevano").reckon()
    assert "Costa 11,50 €." in words(near.text)


def test_the_address_of_a_round_does_not_matter_at_a_stall(rita: FlaskClient) -> None:
    call = Call(rita, make.pickup(), (make.honey(), 1), indirizzo="Via Roma 1", cap="20100", comune="Milano")
    assert call.reckon().status_code == 200


def test_where_the_bicycle_goes_stands_beside_the_round_in_one_statement(rita: FlaskClient) -> None:
    make.honey()
    a_round()
    assert "In bicicletta: Vigevano 27029." in words(rita.get(NEW).text)
    counts = []
    for name in ("Seconda", "Terza"):
        counts.append(_statements(rita))
        other = make.place(name=name, kind="round")
        with transaction() as session:
            session.add(Zone(place_id=other.id, municipality="Mortara", postcode="27036"))
        make.pickup(other, days=5)
    assert "Terza: Mortara 27036." in words(rita.get(NEW).text)
    assert {*counts, _statements(rita)} == {counts[0]}


def _statements(rita: FlaskClient) -> int:
    db.session.remove()
    with statements() as seen:
        assert rita.get(NEW).status_code == 200
    return len(seen)


def test_what_is_too_long_is_named_in_the_summary(rita: FlaskClient) -> None:
    call = Call(rita, make.pickup(), (make.honey(), 1))
    call.reckon()
    text = words(call.write(nome="x" * 101, ritira="y" * 101, nota="z" * 501, telefono="12").confirm().text)
    assert "Ci sono ancora 4 cose da guardare" in text
    assert "Nome e cognome: è troppo lungo: scrivi al massimo 100 lettere." in text
    assert "Chi altro può ritirare: è troppo lungo: scrivi al massimo 100 lettere." in text
    assert "Una cosa da sapere: è troppo lungo: scrivi al massimo 500 lettere." in text
    assert "Telefono: " not in text


# --- what is refused


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"nome": ""}, "Scrivi il nome"),
        ({"nome": "\u200b"}, "Scrivi il nome"),
        ({"nome": "x" * 101}, "al massimo 100 lettere"),
        ({"nome": "Ugo\0Ferri"}, "un segno che non riusciamo a scrivere"),
        ({"telefono": ""}, "Scrivi il telefono o l'e-mail"),
        ({"telefono": "12"}, "Guarda il numero di telefono"),
        ({"email": "ugo"}, "deve essere come nome@posta.it"),
        ({"nota": "x" * 501}, "al massimo 500 lettere"),
        ({"nota": "a\0b"}, "un segno che non riusciamo a scrivere"),
        ({"ritira": "x" * 101}, "al massimo 100 lettere"),
        ({"sconto": "50"}, "Scegli uno sconto della lista"),
        ({"sconto": "-5"}, "Scegli uno sconto della lista"),
        ({"ritiro": ""}, "Scegli il ritiro"),
        ({"ritiro": "99999"}, "non si può più ordinare"),
        ({"ritiro": "9" * 30}, "Scegli il ritiro"),
        ({"riga": ""}, "Scegli almeno un prodotto"),
        ({"riga": "x:y:z"}, "Scegli almeno un prodotto"),
        ({"riga": "1:0:850"}, "Scegli almeno un prodotto"),
        ({"riga": "-1:1:850"}, "Scegli almeno un prodotto"),
        ({"riga": "99999:1:850"}, "Qualcosa è finito"),
    ],
)
def test_a_refusal_says_what_to_do_keeps_what_was_written_and_changes_nothing(
    rita: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    honey, _round = make.honey(left=5), a_round()
    call = Call(rita, make.pickup(), (honey, 1), indirizzo="Via Gambolò 3")
    call.reckon()
    answer = call.write(**typed).confirm()
    assert 400 <= answer.status_code < 500
    assert sentence in words(answer.text)
    assert 'value="Via Gambolò 3"' in unescape(answer.text)
    if "riga" not in typed:
        assert re.search(rf'<option value="{honey.id}:1:850" selected>', answer.text)
    assert nothing_happened(honey, 5)


def test_nobody_confirms_a_total_that_was_not_said(rita: FlaskClient) -> None:
    honey = make.honey(left=5)
    call = Call(rita, make.pickup(), (honey, 1))
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Prima dì il totale" in words(answer.text)
    assert "Costa 8,50 €." in words(answer.text)
    assert nothing_happened(honey, 5)
    assert call.confirm().status_code == 303


def test_a_total_that_changed_since_is_said_again(rita: FlaskClient) -> None:
    honey = make.honey(left=5)
    call = Call(rita, make.pickup(), (honey, 1))
    call.reckon()
    call.sent.setlist("riga", [f"{honey.id}:2:850"])
    answer = call.confirm()
    assert answer.status_code == 409
    assert "Il totale è cambiato" in words(answer.text)
    assert "Costa 17,00 €." in words(answer.text)
    assert nothing_happened(honey, 5)
    assert call.confirm().status_code == 303


def test_a_price_that_changed_since_is_shown(rita: FlaskClient) -> None:
    honey = make.honey(left=5)
    call = Call(rita, make.pickup(), (honey, 2))
    products.set_price(honey.id, 900)
    answer = call.reckon()
    assert answer.status_code == 409
    assert "Miele di acacia: Prima 8,50 €, ora 9,00 €." in words(answer.text)
    assert f'<option value="{honey.id}:2:900" selected>' in answer.text
    assert nothing_happened(honey, 5)


def test_what_is_short_is_named_and_stays_chosen(rita: FlaskClient) -> None:
    honey, chard = make.honey(left=1), make.chard(left=9)
    answer = Call(rita, make.pickup(), (honey, 3), (chard, 2)).reckon()
    assert answer.status_code == 409
    assert "Miele di acacia: Ne resta 1 vasetto." in words(answer.text)
    for product, quantity in ((honey, 3), (chard, 2)):
        assert f'<option value="{product.id}:{quantity}:{product.price}" selected>' in answer.text
    assert nothing_happened(honey, 1)


def test_a_quantity_between_two_steps_is_refused(rita: FlaskClient) -> None:
    carrots = make.carrots(left=5000)
    answer = Call(rita, make.pickup(), (carrots, 150)).reckon()
    assert answer.status_code == 422
    assert nothing_happened(carrots, 5000)


def test_a_pick_up_that_filled_meanwhile_is_said_at_the_pick_up(rita: FlaskClient) -> None:
    honey, pickup = make.honey(left=5), make.pickup(capacity=1)
    call = Call(rita, pickup, (honey, 1))
    call.reckon()
    make.order(make.wish(honey), at=pickup)
    answer = call.confirm()
    assert answer.status_code == 409
    assert "I posti per questo ritiro sono finiti" in words(answer.text)
    assert 'href="#ritiro"' in answer.text
    assert count() == 1


def test_a_pick_up_that_is_over_or_for_practice_is_not_offered(rita: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(days=9)):
        over = make.pickup()
    practice, honey = make.pickup(practice=True), make.honey(left=5)
    make.pickup()
    html = rita.get(NEW).text
    for pickup in (over, practice):
        assert f'id="ritiro-{pickup.id}"' not in html
        assert Call(rita, pickup, (honey, 1)).reckon().status_code == 409
    assert nothing_happened(honey, 5)


def test_too_much_for_a_web_page_is_refused(rita: FlaskClient) -> None:
    gold = make.product("oro", price=100_000, left=100)
    assert Call(rita, make.pickup(), (gold, 50)).reckon().status_code == 422
    assert nothing_happened(gold, 100)


def test_a_double_click_and_the_way_back_lead_to_the_first_order(rita: FlaskClient) -> None:
    honey = make.honey(left=5)
    call = Call(rita, make.pickup(), (honey, 1))
    first = call.place()
    for nome in ("Ugo Ferri", "Somebody Else"):
        assert call.write(nome=nome).confirm().headers["Location"] == f"/banco/ordini/{first.id}"
    assert count() == 1


def test_without_a_pick_up_there_is_nothing_to_fill_in(rita: FlaskClient) -> None:
    html = rita.get(NEW).text
    assert "non ci sono ritiri aperti" in words(html)
    assert "Fai il conto" not in html


def test_quantities_are_whole_steps_and_no_more_than_is_left(rita: FlaskClient) -> None:
    carrots = make.carrots(left=2650, step=100)
    make.pickup()
    offered = re.findall(rf'value="{carrots.id}:(\d+):290"', rita.get(NEW).text)
    assert [int(grams) for grams in offered] == [*range(100, 2001, 100), 2500]
