"""Withdrawals for the staff: what is to go back and until when, the way to the refund, the answer and its way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, keys
from core.formats import day
from orders import giving_back, handing_over, reasons, withdrawing
from orders.models import Order
from orders.withdrawing import Declaration, Withdrawal
from tests import factories as make
from tests.desk.staff_desk import at_work, fill, twice
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("app")
HERE = "/banco/recessi"


def given() -> Order:
    jar = make.product(name="Miele", perishable=False)
    order = make.prepared(make.order(make.wish(jar), make.wish(make.product(name="Bietole", price=180))))
    handing_over.take_card(order.id, by=None, expected=order.due)
    return handing_over.hand_over(order.id, by=None)


def declared(order: Order | None, number: str = "77") -> Withdrawal:
    number = order.number if order else number
    said = Declaration(name="Maria Rossi", number=number, email="maria.rossi@posta.example")
    return withdrawing.declare(said, key=keys.new(), language="it", origin="", order=order)


def test_the_day_page_says_how_many_wait_and_until_when(app: Flask) -> None:
    desk = at_work(app)
    assert "recesso da guardare" not in words(desk.go("/tutor").text)
    found = declared(given())
    page = words(desk.go("/tutor").text)
    assert f"1 recesso da guardare entro {day(found.due_at)}" in page


def test_it_says_what_to_give_back_how_and_leads_to_the_refund(app: Flask) -> None:
    order, desk = given(), at_work(app)
    declared(order)
    page = desk.go(HERE)
    assert "Da ridare: 8,50 €, sulla carta, con il terminale." in words(page.text)
    assert f"/banco/ordini/{order.id}/reclamo" in page.html
    giving_back.give_back(order.id, {order.lines[0].id: 850}, how="card_terminal", reason="x", by=None)
    page = words(desk.go(HERE).text)
    assert "Nessun recesso aspetta." in page
    assert "Non c'è più niente da ridare." in page


def test_one_that_nobody_knows_is_looked_for(app: Flask) -> None:
    declared(None, number="1234")
    page = at_work(app).go(HERE)
    assert "Non c'è un ordine con questo numero e questa e-mail" in words(page.text)
    assert "/banco/ordini?cerca=1234" in page.html


def test_a_tutor_writes_why_nothing_goes_back_once_and_may_take_it_back(app: Flask) -> None:
    found, desk = declared(None), at_work(app)
    desk.go(HERE)
    first, second = twice(desk, "Segna", motivo="non-trovato")
    assert (first.status_code, second.status_code) == (303, 303)
    page = words(desk.go(HERE).text)
    assert "Non troviamo l'ordine, e non riusciamo a sentire chi ha scritto" in page
    assert withdrawing.unsettled() == []
    fill(desk, "Torna indietro")
    assert [each.id for each in withdrawing.unsettled()] == [found.id]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"motivo": ""}, "Scegli un motivo."),
        ({"motivo": "gelo"}, "Scegli un motivo."),
        ({"motivo": "altro", "parole": " "}, "Scrivi in poche parole perché."),
        ({"motivo": "altro", "parole": "x" * 300}, "scrivi al massimo 200 lettere."),
    ],
)
def test_without_a_reason_it_stays_open_and_what_was_typed_is_there(
    app: Flask, typed: dict[str, str], says: str
) -> None:
    found, desk = declared(None), at_work(app)
    answer = desk.client.post(f"{HERE}/{found.id}/risposta", data={"key": keys.new()} | typed)
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert typed.get("parole", "").strip() in answer.text
    assert len(withdrawing.unsettled()) == 1


def test_one_that_is_settled_or_not_there_is_not_answered(app: Flask) -> None:
    found, desk = declared(None), at_work(app)
    withdrawing.answer(found.id, reasons.key("tardi"), by=None)
    sent = {"key": keys.new(), "motivo": "tardi"}
    assert desk.client.post(f"{HERE}/{found.id}/risposta", data=sent).status_code == 409
    assert desk.client.post(f"{HERE}/9999/risposta", data={"key": keys.new(), "motivo": "tardi"}).status_code == 404


def test_what_is_late_says_so(app: Flask) -> None:
    declared(given())
    with clock.at(clock.now() + timedelta(days=15)):
        assert "è passato" in words(at_work(app).go(HERE).text)


def test_the_page_of_the_order_and_the_diary_know_of_it(app: Flask) -> None:
    order, desk = given(), at_work(app)
    declared(order)
    assert "dichiarato il" in words(desk.go(f"/banco/ordini/{order.id}").text)
    assert "Ricevuta di un recesso" in words(desk.go(f"/banco/ordini/{order.id}").text)
    diary = words(desk.go("/banco/diario?che=ordini").text)
    assert "Recesso dichiarato." in diary
    assert f"Recesso, ordine {order.number}" in diary


def test_the_receipt_is_never_stopped(app: Flask) -> None:
    declared(given())
    page = words(at_work(app).go("/banco/partenze").text)
    assert "la legge vuole che chi recede abbia subito la sua ricevuta" in page


def test_ten_take_as_many_statements_as_two(app: Flask) -> None:
    desk, counts = at_work(app), []
    for more in (2, 8):
        for _ in range(more):
            declared(given())
        with statements() as seen:
            desk.go(HERE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_eighty_of_the_same_are_one_and_others_are_turned_over_twenty_at_a_time(app: Flask) -> None:
    for _ in range(30):
        declared(None, number="4321")
    for number in range(24):
        declared(None, number=str(2000 + number))
    desk = at_work(app)
    page = desk.go(HERE)
    assert page.text.count("Cerca l'ordine 4321") == 1
    assert "Con le stesse parole, 30 volte." in words(page.text)
    assert page.html.count('class="departure-when"') == 20
    assert "Pagina 1 di 2" in words(page.text)
    second = desk.go(f"{HERE}?pagina=2")
    assert second.html.count('class="departure-when"') == 5
    last = withdrawing.unsettled()[-1]
    refused = desk.client.post(f"{HERE}/{last.id}/risposta", data={"key": keys.new(), "motivo": ""})
    assert "Pagina 2 di 2" in words(refused.text), "what was typed is where it was"


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("Ada Negri", True),
        ("Maria Verdi", True),
        ("ROSSI  maria", False),
        ("Maria", False),
        ("Maria Rossi Bianchi", False),
    ],
)
def test_that_somebody_else_withdraws_is_said_in_plain_words(app: Flask, name: str, is_told: bool) -> None:
    order = given()
    said = Declaration(name=name, number=order.number, email="maria.rossi@posta.example")
    withdrawing.declare(said, key=keys.new(), language="it", origin="")
    told = "L'ordine è a nome di Maria Rossi. Prima di ridare i soldi senti chi ha ordinato."
    assert (told in words(at_work(app).go(HERE).text)) == is_told


def test_a_receipt_that_did_not_leave_is_the_tutors_to_send(app: Flask) -> None:
    for number in range(withdrawing.MOST_RECEIPTS + 1):
        declared(None, number=str(2000 + number))
    assert words(at_work(app).go(HERE).text).count("La ricevuta non è partita") == 1
