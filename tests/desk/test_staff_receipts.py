"""The number of a receipt, written on the order's page beside the money that it was made for."""

from __future__ import annotations

import pytest
from flask import Flask

from core import journal, undo
from orders import finding, giving_back, handing_over
from orders.models import Order
from tests import factories as make
from tests.desk.staff_desk import fill, twice
from tests.desk.walking import Desk
from tests.test_doors import signed_in

SAVE = "Salva il numero"


def sold(*, by_card: bool = False) -> Order:
    order = make.prepared(make.order())
    if by_card:
        handing_over.take_card(order.id, by=None, expected=order.due)
    else:
        handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    return handing_over.hand_over(order.id, by=None)


def page(desk: Desk, order: Order) -> Desk:
    make.fresh(order)
    return desk.go(f"/banco/ordini/{order.id}")


def number(order: Order) -> str:
    make.fresh(order)
    return finding.get(order.id).payments[0].reference


def noted(order: Order) -> int:
    return [entry.action for entry in journal.entries(order)].count("order.receipt_noted")


@pytest.mark.parametrize("by_card", [False, True])
def test_a_number_is_written_mended_and_taken_away(rita: Desk, by_card: bool) -> None:
    order = sold(by_card=by_card)
    assert "Scrivi il numero dello scontrino" in page(rita, order).text
    fill(rita, SAVE, scontrino="0012-0034")
    assert "Numero dello scontrino salvato." in rita.text
    assert "Scontrino 0012-0034" in rita.text
    assert "Numero dello scontrino: 0012-0034." in rita.text
    assert rita.find(SAVE).sends["scontrino"] == "0012-0034"
    fill(rita, SAVE, scontrino=" 0012-0043 ")
    assert "Numero dello scontrino: 0012-0043. Prima: 0012-0034." in rita.text
    fill(rita, SAVE, scontrino="")
    assert "Tolto il numero dello scontrino. Prima: 0012-0043." in rita.text
    assert (number(order), noted(order)) == ("", 3)


def test_one_goes_back_from_the_order_s_page(rita: Desk) -> None:
    order = sold()
    fill(page(rita, order), SAVE, scontrino="0012-0034")
    rita.press("Torna indietro: il numero dello scontrino")
    assert "Tornato indietro. Era: Numero dello scontrino: 0012-0034." in rita.text
    assert number(order) == ""
    assert rita.offers("Torna indietro: la consegna")


def test_a_double_click_is_one_deed(rita: Desk) -> None:
    order = sold()
    answers = twice(page(rita, order), SAVE, scontrino="0012-0034")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (number(order), noted(order)) == ("0012-0034", 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9" * 41, "scrivi al massimo 40 lettere"),
        ("0012\x0700", "Qui c'è un segno che non riusciamo a scrivere"),
    ],
)
def test_a_refusal_keeps_what_was_written_and_stands_at_its_field(rita: Desk, typed: str, sentence: str) -> None:
    order = sold()
    fill(page(rita, order), SAVE, scontrino=typed)
    assert rita.status == 422
    assert sentence in rita.text
    assert f'value="{typed}"' in rita.html
    assert f'aria-describedby="scontrino-{order.payments[0].id}-aiuto' in rita.html
    assert (number(order), noted(order)) == ("", 0)


@pytest.mark.parametrize("sent", ["", "-1", "987654", "x", "9" * 30])
def test_money_that_is_not_there_is_said_calmly(rita: Desk, sent: str) -> None:
    order = sold()
    answer = rita.client.post(f"/banco/ordini/{order.id}/scontrino", data={"pagamento": sent, "scontrino": "0012-0034"})
    assert answer.status_code == 404
    assert "Questo pagamento non c&#39;è." in answer.text


def test_money_of_another_order_is_not_touched(rita: Desk) -> None:
    order, other = sold(), sold()
    sent = {"pagamento": other.payments[0].id, "scontrino": "0012-0034"}
    assert rita.client.post(f"/banco/ordini/{order.id}/scontrino", data=sent).status_code == 404
    assert (number(order), number(other)) == ("", "")


def test_money_that_went_back_meanwhile_is_a_conflict(rita: Desk) -> None:
    order = sold()
    page(rita, order)
    undo.undo_last(order)
    undo.undo_last(order)
    fill(rita, SAVE, scontrino="0012-0034")
    assert rita.status == 409
    assert "Questi soldi sono già tornati indietro." in rita.text
    assert not rita.offers(SAVE)


def test_only_cash_and_card_that_came_in_ask_for_a_number(rita: Desk) -> None:
    first = sold()
    giving_back.give_back(first.id, {first.lines[0].id: 850}, how="credit", reason="Rotto.", by=None)
    assert [way.words for way in page(rita, first).ways].count(SAVE) == 1
    by_credit = handing_over.hand_over(make.prepared(make.order()).id, by=None)
    assert "Pagato con il credito" in page(rita, by_credit).text
    assert not rita.offers(SAVE)
    assert not page(rita, make.prepared(make.order())).offers(SAVE)


def test_a_co_resident_does_not_take_it_back_at_the_desk(app: Flask, rita: Desk) -> None:
    order = sold()
    fill(page(rita, order), SAVE, scontrino="0012-0034")
    newest = undo.newest(finding.get(order.id))
    assert newest is not None
    anna = signed_in(app, make.person("Anna"), tablet=make.tablet()[1])
    assert anna.post(f"/banco/ordini/{order.id}/scontrino", data={"scontrino": "1"}).status_code == 403
    assert anna.post("/banco/torna-indietro", data={"ordine": order.id, "deed": newest.id}).status_code == 403
    assert number(order) == "0012-0034"
