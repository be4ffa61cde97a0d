"""The withdrawal function as a citizen meets it: two steps, from any page or from the order's own, and one answer."""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import outbox
from core.database import db
from orders import handing_over, links
from orders.models import Order
from orders.withdrawing import Withdrawal
from tests import factories as make
from tests.shop.citizen import hidden, sent_by, words

TYPED = {"nome": "Maria Rossi", "ordine": "1001", "email": "maria.rossi@posta.example"}


def ordered() -> Order:
    return make.order(make.wish(make.honey()), make.wish(make.chard()))


def confirmed(client: FlaskClient, page: str, address: str) -> TestResponse:
    """The button of the second step, with all that its form carries."""
    return client.post(address, data=sent_by(page, address, azione="conferma"), follow_redirects=True)


def test_every_page_leads_to_it_without_signing_in(client: FlaskClient) -> None:
    for path in ("/", "/carrello", "/pagine/recesso", "/recesso", "/ordini/ritrova", "/ordini/xxxx"):
        assert '<a href="/recesso">Recedere dal contratto qui</a>' in client.get(path).text
    assert words(client.get("/recesso").text).count("Guarda che cosa dichiari") == 1


def test_it_takes_two_steps_and_the_second_one_shows_what_is_declared(client: FlaskClient) -> None:
    first = client.get("/recesso").text
    assert [name for name in ("nome", "ordine", "email") if f'name="{name}"' in first] == ["nome", "ordine", "email"]
    review = client.post("/recesso", data=hidden(first) | TYPED).text
    assert db.session.query(Withdrawal).count() == 0
    assert "Recedo dal contratto per l'ordine 1001." in words(review)
    assert ">Conferma recesso</span>" in review
    page = words(confirmed(client, review, "/recesso").text)
    assert "Abbiamo ricevuto il tuo recesso" in page
    assert "Ti mandiamo la ricevuta a m•••@posta.example." in page
    assert "Nome e cognome: Maria Rossi." in page
    assert outbox.send_due() == 1


def test_one_may_go_back_from_the_second_step_and_all_is_there(client: FlaskClient) -> None:
    sent = hidden(client.get("/recesso").text) | TYPED
    page = client.post("/recesso", data=sent | {"azione": "cambia"}).text
    for typed in TYPED.values():
        assert f'value="{typed}"' in page


def test_the_answer_is_the_same_whether_the_order_is_there_or_not(client: FlaskClient) -> None:
    order = ordered()
    pages = []
    for number in (order.number, "9999"):
        review = client.post("/recesso", data=hidden(client.get("/recesso").text) | (TYPED | {"ordine": number})).text
        pages += [words(page).replace(number, "N") for page in (review, confirmed(client, review, "/recesso").text)]
    assert pages[:2] == pages[2:]
    assert [found.order_id for found in db.session.query(Withdrawal).order_by(Withdrawal.id)] == [order.id, None]


def test_pressing_twice_is_one_declaration(client: FlaskClient) -> None:
    review = client.post("/recesso", data=hidden(client.get("/recesso").text) | TYPED).text
    assert confirmed(client, review, "/recesso").text == confirmed(client, review, "/recesso").text
    assert db.session.query(Withdrawal).count() == 1


def test_six_strangers_stop_a_letter_and_never_a_declaration(client: FlaskClient) -> None:
    order = ordered()
    mine = TYPED | {"ordine": order.number}
    for number in range(7):
        typed = TYPED | {"ordine": "77", "azione": "conferma", "key": f"a-form-of-a-stranger-{number}"}
        assert client.post("/recesso", data=typed, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code == 303
    pages = []
    for key in ("a-form-of-their-own-1", "a-form-of-their-own-2"):
        answer = client.post("/recesso", data=mine | {"azione": "conferma", "key": key}, follow_redirects=True)
        assert answer.status_code == 200
        pages.append(words(answer.text))
    assert "Abbiamo ricevuto il tuo recesso" in pages[0]
    assert "Oggi a m•••@posta.example sono già partite molte ricevute: tieni questa pagina" in pages[0]
    strangers = client.post("/recesso", data=TYPED | {"ordine": "78", "azione": "conferma"}, follow_redirects=True)
    known, unknown = [page.partition("Prodotti:")[0] for page in (pages[1], words(strangers.text))]
    assert known.replace(order.number, "N") == unknown.replace("78", "N"), "neither says whether there is such an order"
    assert db.session.query(Withdrawal).filter_by(order_id=order.id).count() == 2


def test_from_the_order_only_the_button_is_left_to_press_and_the_address_is_never_shown_whole(
    client: FlaskClient,
) -> None:
    order = ordered()
    address = f"/ordini/{links.make(order)}/recesso"
    form = client.get(address).text
    sent = sent_by(form, address)
    assert (sent["nome"], sent["ordine"], sent["email"]) == ("Maria Rossi", order.number, "")
    assert "Miele di acacia 1 vasetto" in words(form)
    assert "Bietole" in words(form).partition("Che cosa resta fuori")[2]
    review = client.post(address, data=sent).text
    assert "E-mail per la ricevuta: m•••@posta.example" in words(review)
    assert "Restano fuori: Bietole." in words(review)
    confirmed(client, review, address)
    found = db.session.query(Withdrawal).one()
    assert (found.order_id, found.email) == (order.id, "maria.rossi@posta.example")
    assert all("maria.rossi@posta.example" not in unescape(page) for page in (form, review))


def test_one_may_choose_some_of_the_goods_and_another_address_for_the_receipt(client: FlaskClient) -> None:
    order = make.order(make.wish(make.honey()), make.wish(make.product("riso", name="Riso", perishable=False)))
    rice, address = order.lines[1].id, f"/ordini/{links.make(order)}/recesso"
    sent = sent_by(client.get(address).text, address, riga=str(rice), email="ada@posta.example")
    confirmed(client, client.post(address, data=sent).text, address)
    found = db.session.query(Withdrawal).one()
    assert (found.line_ids, found.email) == ([rice], "ada@posta.example")
    assert "Prodotti: Riso 1 vasetto." in found.text


def test_a_line_that_spoils_or_is_somebody_elses_is_not_taken(client: FlaskClient) -> None:
    order, other = ordered(), make.order(make.wish(make.product(perishable=False)))
    address = f"/ordini/{links.make(order)}/recesso"
    sent = sent_by(client.get(address).text, address)
    sent.setlist("riga", [str(order.lines[1].id), str(other.lines[0].id), "x"])
    assert "Prodotti: tutti quelli che hanno il recesso." in words(client.post(address, data=sent).text)


def test_a_receipt_of_somebody_else_is_not_shown(client: FlaskClient) -> None:
    answer = client.get("/recesso/ricevuta")
    assert (answer.status_code, answer.location) == (303, "/recesso")


def test_it_is_there_in_english(client: FlaskClient) -> None:
    client.get("/?lang=en")
    review = client.post("/recesso", data=hidden(client.get("/recesso").text) | TYPED).text
    confirmed(client, review, "/recesso")
    assert db.session.query(Withdrawal).one().language == "en"


@pytest.mark.parametrize("days", [0, 13, 40])
def test_the_order_offers_it_for_14_days(client: FlaskClient, days: int) -> None:
    order = ordered()
    outbox.send_due()
    make.prepared(order)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    token = links.make(order)
    with make.clock.at(make.clock.now() + make.timedelta(days=days)):
        page = client.get(f"/ordini/{token}").text
    assert (f"/ordini/{token}/recesso" in page) == (days < 14)
