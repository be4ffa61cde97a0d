"""A complaint: what was paid is given back, line by line, looked over in words before the deed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalog.models import Zone
from core import clock, outbox, undo
from core.database import db, transaction
from core.outbox import Item
from desk import order_bill
from desk.staff_refunds import cents_of
from orders import explaining, finding, giving_back, handing_over, letters, paying, reasons
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import words
from tests.test_doors import signed_in


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    return signed_in(app, make.tutor("Rita"), "password")


def handed_over(order: Order, *, by_card: bool = False) -> Order:
    order = make.prepared(order)
    if by_card:
        handing_over.take_card(order.id, by=None, expected=order.due)
    elif order.due:
        handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    return handing_over.hand_over(order.id, by=None)


@pytest.fixture
def order(rita: FlaskClient) -> Order:
    """A jar for 8.50 and half a kilo of carrots for 1.45, paid in cash."""
    return handed_over(make.order(make.wish(make.honey()), make.wish(make.carrots(), 500)))


def with_credit(cents: int) -> None:
    """Of Maria Rossi, who orders next."""
    first = handed_over(make.order())
    giving_back.give_back(first.id, {first.lines[0].id: cents}, how="credit", reason="Era rovinato", by=None)


def form(order: Order, **more: str) -> dict[str, str]:
    return {"motivo": "rovinato", "come": "cash", "ridato": str(order.refunded), **more}


def part(order: Order, at: int) -> str:
    return f"parte-{order.lines[at].id}"


def whole(order: Order, at: int) -> str:
    return f"tutto-{order.lines[at].id}"


def send(client: FlaskClient, order: Order, **sent: str) -> TestResponse:
    return client.post(f"/banco/ordini/{order.id}/reclamo", data=sent)


def give(client: FlaskClient, order: Order, **sent: str) -> TestResponse:
    return send(client, order, azione="ridai", **form(order, **sent))


def again(order: Order) -> Order:
    make.fresh(order)
    return finding.get(order.id)


def bill_on(client: FlaskClient, order: Order) -> str:
    """What the order's page says of the money, without who and when, and without the forms for receipts."""
    html = client.get(f"/banco/ordini/{order.id}").text.partition('aria-labelledby="cassetta"')[2]
    html = re.sub(
        r'<details class="fold"><summary>(Scrivi|Scontrino).*?</details>',
        "",
        html.partition("</section>")[0],
        flags=re.S,
    )
    return re.sub(r" \d\d/\d\d \d\d:\d\d(, Rita)?", "", words(html))


# --- how much


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("2,50", 250),
        ("2.50", 250),
        ("2,5", 250),
        ("2", 200),
        ("0,05", 5),
        ("€ 2,50", 250),
        ("2,50 €", 250),
        ("02,50", 250),
        ("12345,67", 1_234_567),
    ],
)
def test_euro_and_cents_as_italians_and_the_english_write_them(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "due",
        "2,505",
        "2,",
        ",50",
        "1.234,50",
        "1,234.50",
        "1.234",
        "-2",
        "+2",
        "2e3",
        "2 50",
        "٢",
        "nan",
        "²",
        "9" * 6,
    ],
)
def test_what_is_no_sum_is_no_sum(typed: str) -> None:
    assert cents_of(typed) is None


# --- looking first


def test_the_sum_is_said_in_words_before_anything_is_done(rita: FlaskClient, order: Order) -> None:
    answer = send(rita, order, **form(order, **{whole(order, 0): "1", part(order, 1): "0,48"}))
    assert answer.status_code == 200
    text = words(answer.text)
    assert "A Maria Rossi: 9 euro, in contanti." in text
    assert "In tutto 8,98 € In contanti, ai 5 centesimi 9,00 €" in text
    assert again(order).refunded == 0
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', answer.text))
    assert rita.post(f"/banco/ordini/{order.id}/reclamo", data={**sent, "azione": "ridai"}).status_code == 303
    order = again(order)
    assert (order.refunded, order.settled, order.due) == (898, 97, 0)
    assert [refund.reason for refund in order.refunds] == [reasons.key("rovinato")] * 2


def test_a_cent_is_one_cent(rita: FlaskClient, order: Order) -> None:
    answer = send(rita, order, **form(order, come="credit", **{part(order, 0): "2,01"}))
    assert "A Maria Rossi: 2 euro e 1 centesimo, come credito." in words(answer.text)


def test_one_can_go_back_and_change_it(rita: FlaskClient, order: Order) -> None:
    answer = send(rita, order, azione="cambia", **form(order, **{part(order, 1): "0,48"}))
    assert answer.status_code == 200
    assert 'value="0,48"' in answer.text
    assert again(order).refunded == 0


# --- the deed


def test_a_double_click_gives_back_once(rita: FlaskClient, order: Order) -> None:
    sent = form(order, **{part(order, 0): "2,50"})
    for _ in range(2):
        assert send(rita, order, azione="ridai", key="a-key-of-a-complaint", **sent).status_code == 303
    assert again(order).refunded == 250


def test_two_tutors_do_not_answer_the_same_call(rita: FlaskClient, order: Order) -> None:
    sent = form(order, **{part(order, 0): "2,50"})
    assert send(rita, order, azione="ridai", **sent).status_code == 303
    answer = send(rita, order, azione="ridai", **sent)
    assert answer.status_code == 409
    assert "già stato ridato qualcosa" in words(answer.text)
    assert again(order).refunded == 250


def test_the_same_line_is_never_given_back_beyond_what_was_paid(rita: FlaskClient, order: Order) -> None:
    assert give(rita, order, **{part(order, 1): "1,00"}).status_code == 303
    page = words(rita.get(f"/banco/ordini/{order.id}/reclamo").text)
    assert "pagato 1,45 €, già ridato 1,00 €" in page
    assert "Tutto: 0,45 €" in page
    answer = give(rita, again(order), **{part(order, 1): "0,46"})
    assert answer.status_code == 422
    assert "si può ridare da 1 centesimo a 0,45 €" in words(answer.text)
    assert give(rita, again(order), **{whole(order, 1): "1"}).status_code == 303
    assert again(order).refunded == 145
    assert "È già stato ridato tutto." in words(rita.get(f"/banco/ordini/{order.id}/reclamo").text)


@pytest.mark.parametrize("how", ["cash", "card_terminal", "credit"])
def test_each_way_of_giving_back(rita: FlaskClient, how: str) -> None:
    order = handed_over(make.order(make.wish(make.honey())), by_card=how == "card_terminal")
    answer = give(rita, order, come=how, motivo="altro", parole="La foglia era gialla 🍂", **{part(order, 0): "3,33"})
    assert answer.status_code == 303
    order = again(order)
    assert (order.refunded, order.due, order.refunds[0].how) == (333, 0, how)
    assert order.refunds[0].reason == "La foglia era gialla 🍂"
    assert paying.credit_of(order) == (333 if how == "credit" else 0)
    text = words(rita.get(f"/banco/ordini/{order.id}").text)
    assert "La foglia era gialla 🍂" in text
    assert "Torna indietro: i soldi ridati" in text


def test_a_prepared_phrase_is_in_the_language_of_whoever_reads_it(rita: FlaskClient, order: Order) -> None:
    with transaction():
        finding.get(order.id).language = "en"
    seen = send(rita, order, **form(order, **{part(order, 0): "1"}))
    assert "Perché Era rovinato" in words(seen.text)
    give(rita, order, **{part(order, 0): "1"})
    text = words(rita.get(f"/banco/ordini/{order.id}").text)
    assert "Era rovinato" in text.partition("Perché: ")[0]
    assert "Perché: Era rovinato." in text
    item = db.session.scalars(select(Item).where(Item.key.like("letter:refund:%"))).one()
    letter = letters.write("refund", finding.get(order.id), "TOKEN", "<id@prova.example>", item.payload)
    assert "The reason: It was spoilt." in str(letter.get_body(("plain",)))


def test_whoever_types_the_key_of_a_phrase_has_typed_words(rita: FlaskClient, order: Order) -> None:
    give(rita, order, motivo="altro", parole=reasons.key("rovinato"), **{part(order, 0): "1"})
    assert [refund.reason for refund in again(order).refunds] == ["motivo:rovinato."]
    assert "Perché: motivo:rovinato." in words(rita.get(f"/banco/ordini/{order.id}").text)


def test_without_e_mail_and_phone_there_is_no_credit(rita: FlaskClient) -> None:
    order = handed_over(make.order(email=None))
    assert "Come credito" not in rita.get(f"/banco/ordini/{order.id}/reclamo").text
    answer = give(rita, order, come="credit", **{part(order, 0): "1"})
    assert (answer.status_code, again(order).refunded) == (422, 0)


def test_the_delivery_can_be_given_back_too(rita: FlaskClient) -> None:
    bicycle = make.place(name="In bicicletta", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=bicycle.id, municipality="Vigevano", postcode="27029"))
    order = handed_over(make.order(make.wish(make.honey()), at=make.pickup(bicycle), address="Via Roma 1"))
    answer = give(rita, order, **{f"tutto-{giving_back.FEE}": "1"})
    assert (answer.status_code, again(order).refunded) == (303, 300)


# --- as it was paid


def offered(client: FlaskClient, order: Order) -> list[str]:
    return re.findall(r'name="come" value="(\w+)"', client.get(f"/banco/ordini/{order.id}/reclamo").text)


def test_it_goes_back_as_it_was_paid_or_as_credit(rita: FlaskClient, order: Order) -> None:
    carded = handed_over(make.order(), by_card=True)
    stranger = handed_over(make.order(email=None), by_card=True)
    assert offered(rita, order) == ["cash", "credit"]
    assert offered(rita, carded) == ["card_terminal", "credit"]
    assert offered(rita, stranger) == ["card_terminal"]


def test_what_was_paid_with_credit_alone_goes_back_as_credit(rita: FlaskClient) -> None:
    with_credit(850)
    order = handed_over(make.order())
    assert offered(rita, order) == ["credit"]


@pytest.mark.parametrize(
    ("by_card", "how", "sentence"),
    [
        (False, "card_terminal", "Non è stato pagato con la carta."),
        (True, "cash", "Non è stato pagato in contanti."),
    ],
)
@pytest.mark.parametrize("button", ["guarda", "ridai"])
def test_another_way_than_it_was_paid_is_refused_where_somebody_sends_it_all_the_same(
    rita: FlaskClient, button: str, by_card: bool, how: str, sentence: str
) -> None:
    order = handed_over(make.order(), by_card=by_card)
    answer = send(rita, order, azione=button, **{**form(order, come=how), part(order, 0): "2,50"})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert 'value="2,50"' in answer.text
    order = again(order)
    assert (order.refunded, order.settled) == (0, order.total)


def test_no_more_goes_back_in_cash_or_on_the_card_than_came_in_that_way(rita: FlaskClient) -> None:
    """6.00 of credit and 2.50 by card: the card gives back 2.50, and credit everything."""
    with_credit(600)
    order = handed_over(make.order(), by_card=True)
    page = words(rita.get(f"/banco/ordini/{order.id}/reclamo").text)
    assert "Sulla carta, con il terminale Al massimo 2,50 €. Come credito per il prossimo ordine" in page
    answer = give(rita, order, come="card_terminal", **{part(order, 0): "2,51"})
    assert answer.status_code == 422
    assert "Sulla carta si possono ridare ancora 2,50 €." in words(answer.text)
    assert give(rita, order, come="card_terminal", **{part(order, 0): "2,50"}).status_code == 303
    assert offered(rita, again(order)) == ["credit"]
    assert give(rita, again(order), come="credit", **{whole(order, 0): "1"}).status_code == 303
    assert (again(order).due, again(order).refunded, paying.credit_of(order)) == (0, 850, 600)


# --- one sum everywhere


def test_page_message_and_story_say_the_sum_that_was_counted_out(rita: FlaskClient, order: Order) -> None:
    """4.32 in cash are 4.30."""
    answer = rita.post(
        f"/banco/ordini/{order.id}/reclamo",
        data={"azione": "ridai", **form(order, motivo="altro", parole="gelata"), part(order, 0): "4,32"},
        follow_redirects=True,
    )
    assert "Ridati 4,30 € in contanti." in words(answer.text)
    assert "Ridati 4,30 € in contanti. Perché: gelata." in words(answer.text)
    assert "4,32 € in contanti" not in words(answer.text)
    assert bill_on(rita, order).endswith(
        "Totale 9,95 € Miele di acacia, ridato Gelata. IVA 10%, compresa. −4,32 € Totale dopo il rimborso 5,63 € "
        "Arrotondamento dei contanti 0,02 € Pagato in contanti 9,95 € Ridato in contanti −4,30 € Da pagare nulla "
        "IVA nel totale: 4% 0,06 €, 10% 0,77 €. Dopo il rimborso: 4% 0,06 €, 10% 0,38 €."
    )


def test_the_page_has_the_sums_of_the_letter(rita: FlaskClient, order: Order) -> None:
    """Of each row the same words or the staff's, and always the same cents."""
    give(rita, order, **{part(order, 1): "0,33"})
    give(rita, again(order), come="credit", **{part(order, 0): "2"})
    order = again(order)
    letter = [row.cents for row in explaining.bill(order)]
    assert [row.cents for row in order_bill.rows(order, {})] == letter
    assert None in letter
    assert sum(letter[i] or 0 for i in (1, 2)) == -233


# --- refusals


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Scegli almeno una riga"),
        ({"line": "ventimila"}, "scrivi quanti euro, per esempio 2,50"),
        ({"line": "-1"}, "scrivi quanti euro, per esempio 2,50"),
        ({"line": "0"}, "si può ridare da 1 centesimo a 8,50 €"),
        ({"line": "8,51"}, "si può ridare da 1 centesimo a 8,50 €"),
        ({"line": "99999,99"}, "si può ridare da 1 centesimo a 8,50 €"),
        ({"line": "2", "all": "1"}, "tutto, o solo una parte?"),
        ({"line": "2", "come": ""}, "Scegli come ridarli"),
        ({"line": "2", "come": "card"}, "Scegli come ridarli"),
        ({"line": "0,02"}, "È meno di 5 centesimi"),
        ({"line": "2", "motivo": ""}, "Scegli un motivo"),
        ({"line": "2", "motivo": "order.refunded"}, "Scegli un motivo"),
        ({"line": "2", "motivo": "altro"}, "Scrivi in poche parole perché"),
        ({"line": "2", "motivo": "altro", "parole": "x" * 201}, "al massimo 200 lettere"),
    ],
)
@pytest.mark.parametrize("button", ["guarda", "ridai"])
def test_a_refusal_keeps_what_was_written_and_gives_nothing(
    rita: FlaskClient, order: Order, button: str, changed: dict[str, str], sentence: str
) -> None:
    names = {"line": part(order, 0), "all": whole(order, 0)}
    sent = {names.get(name, name): value for name, value in changed.items()}
    answer = send(rita, order, azione=button, **{**form(order), **sent})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    for value in (value for name, value in changed.items() if name in ("line", "parole")):
        assert f'value="{value}"' in answer.text
    order = again(order)
    assert (order.refunded, order.settled) == (0, order.total)


def test_before_hand_over_there_is_no_complaint(rita: FlaskClient) -> None:
    order = make.prepared(make.order())
    for answer in (rita.get(f"/banco/ordini/{order.id}/reclamo"), give(rita, order, **{part(order, 0): "1"})):
        assert answer.status_code == 409
        assert "non è ancora stata consegnata" in words(answer.text)
    assert "Reclamo" not in rita.get(f"/banco/ordini/{order.id}").text


# --- and back again


def test_while_the_letter_waits_the_money_comes_back(rita: FlaskClient, order: Order) -> None:
    give(rita, order, come="credit", **{part(order, 0): "2"})
    deed = undo.offer(again(order))
    assert deed is not None
    sent: dict[str, Any] = {"deed": deed[0].id}
    assert rita.post(f"/banco/ordini/{order.id}/torna-indietro", data=sent).status_code == 303
    order = again(order)
    assert (order.refunded, order.due, paying.credit_of(order)) == (0, 0, 0)
    letter = db.session.scalars(select(Item).where(Item.key.startswith("letter:refund"))).one()
    assert (letter.state, letter.words) == ("dropped", "undone")
    bill = bill_on(rita, order)
    assert "Totale dopo il rimborso" not in bill
    assert "Totale 9,95 € Pagato in contanti 9,95 € Da pagare nulla" in bill
    assert "Tolto: qualcuno è tornato indietro Ridato come credito −2,00 €" in bill
    assert "Ha un credito" not in bill


def test_after_the_letter_has_left_it_stays(rita: FlaskClient, order: Order) -> None:
    give(rita, order, **{part(order, 0): "2"})
    deed = undo.offer(again(order))
    assert deed is not None
    with clock.at(clock.now() + timedelta(hours=1)):
        outbox.send_due()
    answer = rita.post(f"/banco/ordini/{order.id}/torna-indietro", data={"deed": deed[0].id})
    assert (answer.status_code, again(order).refunded) == (409, 200)
