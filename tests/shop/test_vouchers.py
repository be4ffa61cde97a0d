"""A voucher at the checkout, on the order's page and in its letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalog.models import PickUp
from core import clock
from core.database import db
from orders import cancelling, letters, links, preparing, vouchers
from orders.models import Order
from orders.vouchers import Issued
from shop import voucher_codes
from tests import factories as make
from tests.shop.citizen import form, put, sent_by, statements, words


def issued(cents: int = 1000) -> Issued:
    return vouchers.issue(cents, clock.today() + timedelta(days=90), by=None)[0]


def the_order() -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order)).one()


def the_first() -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).order_by(Order.id)).unique().first() or the_order()


@pytest.fixture
def pickup(client: FlaskClient) -> PickUp:
    """Carrots for ten euro are in the basket, eleven at most."""
    made = make.pickup()
    put(client, make.carrots(price=1000), 1000)
    return made


def look(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/cassa", data=form(client, buono=code, azione="buono"))


def test_what_a_voucher_pays_is_shown_before_anything_is_ordered(client: FlaskClient, pickup: PickUp) -> None:
    made = issued(400)
    page = words(look(client, made.code.lower()).text)
    assert "Il buono è nel conto qui sotto." in page
    assert "Al massimo paghi 11,00 € Paga il buono, al massimo 4,00 € Poi paghi tu, al massimo 7,00 €" in page
    assert vouchers.get(made.voucher.id).balance == 400


def test_ordered_with_it_the_page_and_the_letter_say_what_is_left_to_pay(client: FlaskClient, pickup: PickUp) -> None:
    made = issued(400)
    answer = client.post("/cassa", data=form(client, pickup, buono=made.code))
    page = words(client.get(answer.location).text)
    assert "Da pagare circa 6,00 €, al massimo 7,00 €" in page
    assert "Paga il buono, al massimo 4,00 € Poi paghi tu, al massimo 7,00 €" in page
    letter = letters.write("received", the_order(), "TOKEN", "<id@prova.example>").get_body(("plain",))
    assert letter is not None
    assert "Paga il buono, al massimo" in letter.get_content()
    make.pack(make.closed(the_order()).lines[0], 900)
    preparing.finish(the_order().id, by=None)
    page = words(client.get(answer.location).text)
    assert "Totale 9,00 € Pagato con un buono 4,00 € Da pagare 5,00 €" in page


def test_a_voucher_that_pays_all_leaves_nothing_to_pay(client: FlaskClient, pickup: PickUp) -> None:
    answer = client.post("/cassa", data=form(client, pickup, buono=issued(5000).code))
    page = words(client.get(answer.location).text)
    assert "Da pagare Paga il tuo buono." in page
    assert "Paghi in contanti" not in page


def test_two_codes_in_one_line_both_pay(client: FlaskClient, pickup: PickUp) -> None:
    both = f"{issued(300).code} {issued(200).code}"
    assert "Paga il buono, al massimo 5,00 €" in words(look(client, both).text)


@pytest.mark.parametrize(
    ("typed", "says"), [("ABCD-EFGH-JKMN", "guarda il codice"), ("buono", "Un codice ha 12 lettere e cifre")]
)
def test_a_code_that_opens_nothing_is_said_at_its_field_and_all_is_kept(
    client: FlaskClient, pickup: PickUp, typed: str, says: str
) -> None:
    for sent in (form(client, pickup, buono=typed), form(client, buono=typed, azione="buono", nota="Suonate")):
        answer = client.post("/cassa", data=sent)
        assert answer.status_code == 422
        assert says in words(answer.text)
        assert f'value="{typed}"' in answer.text
        assert 'value="Maria Rossi"' in answer.text
    assert not db.session.scalars(select(Order)).all()


def test_less_on_it_than_was_shown_is_shown_again_and_nothing_is_ordered(client: FlaskClient, pickup: PickUp) -> None:
    made = issued(1500)
    sent = form(client, pickup, buono=made.code, coperti="1100")
    make.order(make.wish(make.honey(price=900)), codes=vouchers.read_codes(made.code))
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Sul buono c'è di meno di prima" in words(answer.text)
    assert len(db.session.scalars(select(Order)).unique().all()) == 1


def test_nobody_can_guess_codes_for_long(client: FlaskClient, pickup: PickUp) -> None:
    good = issued(400)
    for _turn in range(voucher_codes.MOST_SLIPS):
        assert look(client, "ABCD-EFGH-JKMN").status_code == 422
    answer = look(client, good.code)
    assert "aspetta un'ora" in words(answer.text)
    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        assert "Il buono è nel conto" in words(look(client, good.code).text)


def test_who_has_no_voucher_pays_no_statement_for_it(client: FlaskClient, pickup: PickUp) -> None:
    sent = form(client, pickup)
    with statements() as seen:
        assert client.post("/cassa", data=sent).status_code == 303
    assert not [each for each in seen if "voucher" in each.split(" WHERE ")[0].lower() and "INSERT" not in each]


def test_cancelled_the_letter_says_what_is_on_the_voucher_again(client: FlaskClient, pickup: PickUp) -> None:
    client.post("/cassa", data=form(client, pickup, buono=issued(400).code))
    order = cancelling.cancel(the_order().id)
    letter = letters.write("cancelled", order, "TOKEN", "<id@prova.example>").get_body(("plain",))
    assert letter is not None
    assert "Il buono ha di nuovo i suoi 4,00 €." in letter.get_content().replace("\u00a0", " ")


def test_a_change_under_a_sum_that_the_voucher_no_longer_covers_is_shown_again(
    client: FlaskClient, pickup: PickUp
) -> None:
    made = issued(2000)
    client.post("/cassa", data=form(client, pickup, buono=made.code))
    order = the_order()
    address, what = f"/ordini/{links.make(order)}/cambia", {f"quanto-{order.lines[0].product_id}": "1800"}
    choose = client.get(address).text
    bill = client.post(address, data=sent_by(choose, address, azione="conto", **what)).text
    assert "Poi paghi tu, al massimo nulla" in words(bill)
    make.order(make.wish(make.honey(price=800)), codes=vouchers.read_codes(made.code))
    answer = client.post(address, data=sent_by(bill, address, azione="cambia"))
    assert answer.status_code == 409
    assert "Il conto è cambiato" in words(answer.text)
    assert the_first().lines[0].quantity == 1000


def test_what_is_promised_at_the_checkout_is_what_is_due_in_the_end(client: FlaskClient) -> None:
    """A voucher leaves no cents that only small coins could pay: that is said before, too."""
    pickup = make.pickup()
    put(client, make.honey(price=703))
    answer = client.post("/cassa", data=form(client, pickup, buono=issued(300).code))
    assert "Da pagare 4,05 €" in words(client.get(answer.location).text)
    make.pack(make.closed(the_order()).lines[0])
    preparing.finish(the_order().id, by=None)
    assert the_order().due == 405
