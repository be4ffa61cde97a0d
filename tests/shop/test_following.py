"""An order's own page behind its secret address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from orders import handing_over, links, preparing
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import statements, words


def page_of(client: FlaskClient, order: Order) -> str:
    return words(client.get(f"/ordini/{links.make(order)}").text)


def test_the_page_follows_the_order_in_words(client: FlaskClient) -> None:
    order = make.order(make.wish(make.carrots(), 1_000))
    assert "Grazie Maria, il tuo ordine è arrivato." in page_of(client, order)
    make.closed(order)
    assert "Stiamo preparando la tua cassetta." in page_of(client, order)
    make.prepared(order)
    assert "La tua cassetta è pronta" in page_of(client, order)
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    assert "Consegnato a Maria Rossi" in page_of(client, order)


def test_crate_number_and_picture_are_shown_from_ready_on(client: FlaskClient) -> None:
    order = make.closed(make.order())
    assert "numero 1" not in page_of(client, order)
    make.prepared(order)
    assert "La tua cassetta ha il numero 1 e la figura: tartaruga." in page_of(client, order)


def test_the_real_weight_explains_the_price(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    assert "al massimo 4,79 €" in page_of(client, order)
    line = order.lines[0]
    preparing.weigh_line(order.id, line.id, 1_420, version=line.version, by=None)
    assert "1,420 kg × 2,90 € 4,12 € stima 4,35 €" in page_of(client, order)


def test_more_than_the_maximum_is_a_gift(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    line = order.lines[0]
    preparing.weigh_line(order.id, line.id, 1_700, version=line.version, by=None)
    page = page_of(client, order)
    assert "Il tuo massimo era 4,79 €: il resto è un regalo." in page
    assert "Totale 4,79 €" in page


def test_what_is_missing_is_said_and_not_paid(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.chard(), 2)))
    preparing.mark_missing(order.id, order.lines[0].id, version=0, by=None)
    assert "Questa volta non c'era: non la paghi. 0,00 €" in page_of(client, order)


def test_what_is_due_is_what_the_hand_over_takes_in_cash(client: FlaskClient) -> None:
    order = make.prepared(make.order(make.wish(make.carrots(price=289), 1_000)))
    page = page_of(client, order)
    assert "Da pagare in contanti 2,90 €" in page
    assert "In contanti si arrotonda ai 5 centesimi." in page
    handing_over.take_cash(order.id, by=None, expected=290)
    page = page_of(client, order)
    assert "In contanti 2,90 €" in page
    assert "Da pagare nulla" in page


def test_the_address_is_masked_and_the_page_is_nobody_elses(client: FlaskClient) -> None:
    answer = client.get(f"/ordini/{links.make(make.order())}")
    assert "m•••@posta.example" in answer.text
    assert "maria.rossi" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'content="noindex' in answer.text


def test_one_address_never_shows_another_order(client: FlaskClient) -> None:
    pickup = make.pickup()
    mine, other = make.order(at=pickup), make.order(at=pickup, name="Ugo Ferri", email="ugo@posta.example")
    page = page_of(client, mine)
    assert f"Ordine {mine.number}" in page
    assert other.number not in page
    assert "Ugo" not in page


@pytest.mark.parametrize("token", ["1", "1001", "x" * 32, "%00", "..%2f..", "' OR 1=1"])
def test_a_wrong_address_leads_nowhere(client: FlaskClient, token: str) -> None:
    make.order()
    for path in (f"/ordini/{token}", f"/ordini/{token}/disdici"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "1001" not in words(answer.text)
        assert client.post(f"/ordini/{token}/disdici").status_code == 404


def test_an_order_is_cancelled_in_two_steps_until_the_cut_off(client: FlaskClient) -> None:
    honey = make.honey(left=3)
    order = make.order(make.wish(honey))
    address = f"/ordini/{links.make(order)}"
    assert "Disdici l'ordine" in words(client.get(address).text)
    assert "Sì, disdici l'ordine" in words(client.get(f"{address}/disdici").text)
    assert order.stands
    answer = client.post(f"{address}/disdici")
    assert (answer.status_code, answer.location) == (303, address)
    page = words(client.get(address).text)
    assert "Hai disdetto questo ordine. Non devi pagare nulla." in page
    assert "Disdici l'ordine" not in page
    make.fresh(honey)
    assert honey.left == 3
    assert client.post(f"{address}/disdici").status_code == 303


def test_after_the_cut_off_cancelling_is_refused_with_a_sentence(client: FlaskClient) -> None:
    order = make.order()
    address = f"/ordini/{links.make(order)}"
    with make.clock.at(order.pickup.cutoff_at):
        assert "Disdici l'ordine" not in words(client.get(address).text)
        assert client.get(f"{address}/disdici").status_code == 303
        answer = client.post(f"{address}/disdici")
    assert answer.status_code == 409
    assert "Il tempo per disdire è finito" in words(answer.text)
    make.fresh(order)
    assert order.stands


def test_goods_that_keep_lead_to_the_withdrawal_page(client: FlaskClient) -> None:
    fresh, jar = make.order(make.wish(make.chard())), make.order(make.wish(make.honey()))
    assert "come si fa" not in page_of(client, fresh)
    assert "Recesso entro 14 giorni: come si fa" in page_of(client, jar)


def test_an_order_page_takes_few_statements(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()), make.wish(make.honey()), make.wish(make.carrots(), 500))
    address = f"/ordini/{links.make(order)}"
    make.fresh(order)
    with statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 6, seen
