"""What the law asks of the shop and no other test is about. The whole list: docs/legal-checks.md."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.errors import Refused
from core.settings import ROOT
from orders import handing_over, texts
from tests import factories as make


def test_the_price_is_the_same_in_cash_and_by_card(app: Flask) -> None:
    """Art. 62 Consumer Code. The five cents of cash are an entry of their own, outside the price (ruling 1)."""
    pickup, odd = make.pickup(), make.product("cosa", price=333)
    cash, card = (make.order(make.wish(odd), at=pickup) for _ in range(2))
    make.prepared(cash)
    make.prepared(card)
    with clock.at(pickup.from_at):
        handing_over.take_cash(cash.id, by=None, expected=335)
        handing_over.take_card(card.id, by=None, expected=333)
    make.fresh(None)
    assert cash.total == card.total == 333


@pytest.mark.parametrize(("pieces", "fits"), [(49, True), (50, False)])
def test_an_order_that_could_not_be_paid_in_cash_is_made_by_phone(app: Flask, pieces: int, fits: bool) -> None:
    """Cash of 5,000 euro or more may not be taken (art. 49 D.Lgs. 231/2007), so an order below that may always be."""
    dear = make.product("quadro", price=10_000)
    if fits:
        assert make.order(make.wish(dear, pieces)).maximum == 490_000
        return
    with pytest.raises(Refused, match="telefonaci"):
        make.order(make.wish(dear, pieces))


def test_the_first_visit_leaves_one_technical_cookie(client: FlaskClient) -> None:
    make.pickup()
    answer = client.get("/")
    names = [line.split("=")[0] for line in answer.headers.getlist("Set-Cookie")]
    assert names in ([], ["chilometrico"])
    for line in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in line
        assert "Max-Age" not in line  # until the browser is closed
    assert "cookie" in texts.PAGES


def test_the_words_on_cookies_name_the_one_that_there_is(client: FlaskClient, app: Flask) -> None:
    assert app.config["SESSION_COOKIE_NAME"] in client.get("/pagine/cookie").text


def test_every_page_carries_the_emblem_in_its_colours_and_the_line_of_the_funding(client: FlaskClient) -> None:
    """Art. 34 Regulation (EU) 2021/241."""
    for path in ("/", "/campi", "/carrello", "/pagine/cookie", "/non-c-e"):
        page = client.get(path).text
        assert "Finanziato dall'Unione europea – NextGenerationEU" in page.replace("&#39;", "'"), path
        assert "/static/img/eu.svg" in page
    emblem = (ROOT / "static/img/eu.svg").read_text().lower()
    assert {"#039", "#003399", "#fc0", "#ffcc00"} & set(re.findall(r"#[0-9a-f]{3,6}", emblem))
