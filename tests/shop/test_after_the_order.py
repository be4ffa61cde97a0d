"""What else an order's page is good for: another address, the same once more, a date in a calendar, a lost link."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.mail import NoSuchAddress
from catalog import products
from core import outbox
from orders import cancelling, finding, letters, links, signing_in, waiting, withdrawing
from orders.models import Order
from shop import asking_who
from tests import factories as make
from tests.shop.citizen import hidden, put, sent_by, words

ASKS = "Hai scritto gmial.com: volevi dire gmail.com?"


def page_of(client: FlaskClient, token: str) -> str:
    return words(client.get(f"/ordini/{token}").text)


# --- the address


def test_a_slip_is_asked_about_once_the_order_is_placed_and_one_tap_puts_it_right(client: FlaskClient) -> None:
    order = make.order(email="maria.rossi@gmial.com")
    token = links.make(order)
    page = client.get(f"/ordini/{token}").text
    assert ASKS in words(page)
    assert "maria.rossi@" not in page
    answer = client.post(f"/ordini/{token}/email", data={"azione": "proposta"}, follow_redirects=True)
    assert "adesso ti scriviamo a m•••@gmail.com" in words(answer.text)
    assert ASKS not in page_of(client, token)
    assert finding.get(order.id).email == "maria.rossi@gmail.com"


def test_whoever_says_that_it_is_right_is_not_asked_again(client: FlaskClient) -> None:
    order = make.order(email="maria.rossi@gmial.com")
    token = links.make(order)
    client.post(f"/ordini/{token}/email", data={"azione": "giusta"})
    assert ASKS not in page_of(client, token)
    assert finding.get(order.id).email == "maria.rossi@gmial.com"


def test_any_other_address_can_be_written_until_hand_over(client: FlaskClient) -> None:
    order = make.order()
    token = links.make(order)
    sent = sent_by(client.get(f"/ordini/{token}").text, "/email", email="ada@posta.example")
    assert client.post(f"/ordini/{token}/email", data=sent).status_code == 303
    assert "Ti scriviamo a a•••@posta.example" in page_of(client, token)
    cancelling.cancel(order.id, why="citizen")
    assert "è sbagliata" not in page_of(client, token)


def test_the_page_says_that_mails_do_not_arrive(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoOne:
        def deliver(self, _message: EmailMessage) -> None:
            raise NoSuchAddress

    order = make.order()
    token = links.make(order)
    assert "Le mail non arrivano." not in page_of(client, token)
    monkeypatch.setattr(letters, "postman", NoOne)
    outbox.send_due()
    assert "La posta dice che l'indirizzo m•••@posta.example non esiste. Correggilo qui sotto." in page_of(
        client, token
    )
    client.post(f"/ordini/{token}/email", data={"email": "ada@posta.example"})
    assert "Le mail non arrivano." not in page_of(client, token)


# --- the same once more


def over(*wishes: object) -> str:
    order = make.order(*wishes)  # type: ignore[arg-type]
    cancelling.cancel(order.id, why="citizen")
    return links.make(order)


def again(client: FlaskClient, token: str) -> TestResponse:
    return client.post(f"/ordini/{token}/ancora", follow_redirects=True)


def test_what_is_still_on_sale_is_in_the_basket_with_one_tap(client: FlaskClient) -> None:
    token = over(make.wish(make.honey(), 2), make.wish(make.carrots(), 1_500))
    assert "Ordina di nuovo" in page_of(client, token)
    for page in [words(again(client, token).text) for _ in range(2)]:
        assert "Miele di acacia 2 vasetti" in page
        assert "Carote 1,5 kg" in page
        assert "Adesso non c'è" not in page


def test_what_is_not_there_any_more_is_said_and_no_more_is_wanted_than_is_left(client: FlaskClient) -> None:
    honey, chard, jar = make.honey(left=5), make.chard(), make.product("riso", name="Riso", left=1)
    token = over(make.wish(honey, 5), make.wish(chard), make.wish(jar))
    products.set_on_sale(chard.id, False, by=None)
    make.order(make.wish(honey, 3))
    make.order(make.wish(jar))
    page = words(again(client, token).text)
    assert "Adesso non c'è: Bietole, Riso." in page
    assert "Ne resta di meno: Miele di acacia 2 vasetti." in page
    with client.session_transaction() as session:
        assert session["basket"] == [[honey.id, 2]]


def test_what_was_in_the_basket_stays(client: FlaskClient) -> None:
    honey, chard = make.honey(), make.chard()
    token = over(make.wish(honey))
    put(client, honey, 3)
    put(client, chard, 2)
    page = words(again(client, token).text)
    assert "Miele di acacia 3 vasetti" in page
    assert "Bietole 2 mazzi" in page


def test_nothing_of_it_is_there(client: FlaskClient) -> None:
    honey = make.honey(left=1)
    token = over(make.wish(honey))
    make.order(make.wish(honey))
    assert "adesso non c'è niente" in words(again(client, token).text)


def test_an_order_that_is_still_to_come_is_not_ordered_again(client: FlaskClient) -> None:
    token = links.make(make.order())
    assert "Ordina di nuovo" not in page_of(client, token)
    assert client.post(f"/ordini/{token}/ancora").location == f"/ordini/{token}"


# --- the calendar, the lost link


def test_the_pick_up_goes_into_a_calendar_until_it_is_over(client: FlaskClient) -> None:
    order = make.order()
    token = links.make(order)
    answer = client.get(f"/ordini/{token}/ritiro.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "Metti nel calendario" in page_of(client, token)
    with make.clock.at(order.pickup.to_at):
        assert "Metti nel calendario" not in page_of(client, token)


def lost(client: FlaskClient, order: Order, email: str) -> TestResponse:
    sent = hidden(client.get("/ordini/ritrova").text) | {"ordine": order.number, "email": email}
    return client.post("/ordini/ritrova", data=sent)


def test_the_answer_to_a_lost_link_is_the_same_for_everybody(client: FlaskClient) -> None:
    order = make.order()
    answers = [lost(client, order, email) for email in ("maria.rossi@posta.example", "altri@posta.example")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/ordini/ritrova/inviato")] * 2
    assert "Se numero ed e-mail sono quelli dell'ordine" in words(client.get("/ordini/ritrova/inviato").text)
    assert [item.payload["letter"] for item in outbox.about(order.id)] == ["received", "link"]


def test_a_link_that_opens_nothing_leads_to_where_one_gets_a_new_one(client: FlaskClient) -> None:
    answer = client.get("/ordini/" + "x" * 32)
    assert answer.status_code == 404
    assert '<a href="/ordini/ritrova">Hai perso il link del tuo ordine?</a>' in answer.text
    assert "Hai perso il link" not in client.get("/prodotti/nessuno").text


@pytest.mark.parametrize(
    ("peer", "passed_on", "counts_as"),
    [
        (
            "127.0.0.1",
            "198.51.100.9, 203.0.113.4",
            "203.0.113.4",
        ),  # what the visitor says of themselves is not believed
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),
        ("127.0.0.1", "unknown", "unknown"),
    ],
)
def test_tries_are_counted_by_the_address_that_the_proxy_has_seen(
    app: Flask, peer: str, passed_on: str, counts_as: str
) -> None:
    headers = {"X-Forwarded-For": passed_on} if passed_on else {}
    with app.test_request_context("/recesso", environ_base={"REMOTE_ADDR": peer}, headers=headers):
        assert asking_who.origin() == counts_as


def test_every_door_counts_whoever_the_proxy_has_seen_and_not_the_proxy(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one proxy everybody has its address: one who asks too often would close the shop for all."""
    pickup = make.pickup(capacity=1)
    make.order(at=pickup)
    for room, most in ((signing_in, "MOST_ASKED"), (waiting, "MOST_AN_HOUR"), (withdrawing, "MOST_AN_HOUR")):
        monkeypatch.setattr(room, most, 1)
    declared = {"nome": "Maria Rossi", "ordine": "77", "email": "maria@posta.example", "azione": "conferma"}
    doors: dict[str, dict[str, str]] = {"/i-tuoi-ordini": {}, f"/ritiro/{pickup.id}/avvisami": {}, "/recesso": declared}
    for door, more in doors.items():
        seen = {}
        for n, peer in enumerate(("203.0.113.4", "203.0.113.4", "203.0.113.5")):
            form = more | {"email": f"maria{n}@posta.example", "key": f"a-key-of-{n}-{door}"}
            answer = client.post(door, data=form, headers={"X-Forwarded-For": peer})
            seen[n] = answer.status_code
        assert seen == {0: 303, 1: 429, 2: 303}, door
