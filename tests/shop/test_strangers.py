"""What a stranger could have the shop write, and to whom: said calmly, with everything typed still there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from catalog.models import PickUp, Zone
from core import throttle
from core.database import db, transaction
from orders import links, mailboxes, writing_to
from orders.models import Order
from people import tokens
from tests import factories as make
from tests.shop.citizen import BUTTON, form, put, sent_by, words
from tests.shop.coming_in import MARIA, come_in

LINK = "Vinci su evil.com"
NO_NAME = "Qui scrivi solo il nome, in lettere"
NO_LINK = "Qui un link non va"


def filled_up(email: str = MARIA) -> None:
    with transaction():
        for _ in range(mailboxes.MOST_ORDERS):
            mailboxes.take_order(email)


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def a_round() -> PickUp:
    place = make.place(name="A casa tua", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=place.id, municipality="Vigevano", postcode="27029"))
    return make.pickup(place, days=4)


# --- how many


def test_the_sixth_order_of_a_day_is_answered_with_two_ways_on_and_all_is_kept(client: FlaskClient) -> None:
    pickup = make.pickup()
    for nth in range(mailboxes.MOST_ORDERS):
        put(client, make.product())
        assert client.post("/cassa", data=form(client, pickup)).status_code == 303, nth
    put(client, make.honey())
    answer = client.post(
        "/cassa", data=form(client, pickup, nota="Suonate due volte", email="Maria.Rossi@POSTA.example")
    )
    page = words(answer.text)
    assert answer.status_code == 429
    assert "già 5 ordini in un giorno. Per un altro telefonaci, oppure entra in «I tuoi ordini»" in page
    assert "Quello che hai scritto è rimasto." in page
    assert all(typed in answer.text for typed in ("Maria Rossi", "Maria.Rossi@POSTA.example", "Suonate due volte"))
    assert BUTTON in answer.text
    assert "Miele di acacia" in words(client.get("/carrello").text)
    assert how_many() == mailboxes.MOST_ORDERS


def test_whoever_comes_in_by_the_letter_orders_on_with_the_same_basket(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    filled_up()
    sent = form(client, pickup)
    assert client.post("/cassa", data=sent).status_code == 429
    come_in(client)
    assert client.post("/cassa", data=form(client, pickup)).status_code == 303
    assert how_many() == 1


def test_being_in_helps_only_with_ones_own_mailbox(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    come_in(client)
    filled_up("altri@posta.example")
    assert client.post("/cassa", data=form(client, pickup, email="altri@posta.example")).status_code == 429


def test_a_change_too_many_shows_the_order_as_it_was_chosen(client: FlaskClient) -> None:
    order = make.order(make.wish(make.honey(), 1))
    here = f"/ordini/{links.make(order)}/cambia"
    for _ in range(mailboxes.MOST_CHANGES):
        throttle.note(f"changes to:{tokens.hashed(MARIA)}")
    line = order.lines[0].product_id
    page = client.post(here, data=sent_by(client.get(here).text, "/cambia", azione="conto", **{f"quanto-{line}": "2"}))
    answer = client.post(here, data=sent_by(page.text, "/cambia", azione="cambia"))
    assert answer.status_code == 429
    assert "Oggi hai già cambiato molte volte: telefonaci" in words(answer.text)
    assert '<option value="2" selected>' in answer.text
    make.fresh(order)
    assert order.lines[0].quantity == 1


def test_an_e_mail_changed_too_often_stays_and_the_telephone_is_the_way(client: FlaskClient) -> None:
    token = links.make(make.order())
    for nth in range(writing_to.MOST_TIMES):
        assert client.post(f"/ordini/{token}/email", data={"email": f"m{nth}@posta.example"}).status_code == 303
    answer = client.post(f"/ordini/{token}/email", data={"email": "ancora@posta.example"})
    assert answer.status_code == 429
    assert "è già cambiata 3 volte: per cambiarla telefonaci." in words(answer.text)
    assert 'value="ancora@posta.example"' in answer.text
    assert "Ti scriviamo a m•••@posta.example" in words(client.get(f"/ordini/{token}").text)


# --- what


def test_a_link_in_any_field_that_a_letter_has_is_asked_for_again_by_its_field(client: FlaskClient) -> None:
    home = a_round()
    put(client, make.honey())
    typed = {"nome": LINK, "ritira": LINK, "indirizzo": f"{LINK}/x 1", "cap": "27029", "comune": "Vigevano"}
    typed |= {"fattura": "1", "fattura_nome": LINK, "fattura_via": LINK, "fattura_comune": LINK}
    answer = client.post("/cassa", data=form(client, home, **typed))
    page = words(answer.text)
    assert answer.status_code == 422
    assert f"Nome e cognome: {NO_NAME.lower()}" in page
    for label in ("Via e numero", "A chi è intestata", "Indirizzo di chi la riceve", "Il suo comune"):
        assert f"{label}: {NO_LINK.lower()}" in page, label
    assert answer.text.count(f'value="{LINK}"') == 5
    assert how_many() == 0


def test_the_one_name_that_is_none_is_called_by_its_field(client: FlaskClient) -> None:
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, make.pickup(), ritira=LINK))
    assert f"Scrivi il nome: {NO_NAME.lower()}" in words(answer.text)
    assert "Nome e cognome: q" not in words(answer.text)


def test_a_firm_and_a_street_with_a_short_word_pass(client: FlaskClient) -> None:
    put(client, make.honey())
    typed = {"nome": "Dott.ssa D'Agostino", "ritira": "Rossi S.r.l.", "indirizzo": "V.le Mazzini 12/A"}
    answer = client.post("/cassa", data=form(client, a_round(), cap="27029", comune="Vigevano", **typed))
    assert answer.status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.customer, order.collector, order.address) == (
        "Dott.ssa D'Agostino",
        "Rossi S.r.l.",
        "V.le Mazzini 12/A, 27029 Vigevano",
    )


def test_a_street_that_nobody_goes_to_is_not_looked_at(client: FlaskClient) -> None:
    """The field is not on the page of whoever collects."""
    put(client, make.honey())
    assert client.post("/cassa", data=form(client, make.pickup(), indirizzo=LINK)).status_code == 303


@pytest.mark.parametrize(("field", "says"), [("nome", NO_NAME), ("ordine", NO_LINK)])
def test_a_declaration_brings_no_link_to_anybody(client: FlaskClient, field: str, says: str) -> None:
    typed = {"nome": "Maria Rossi", "ordine": "n.ro 1001", "email": MARIA}
    answer = client.post("/recesso", data=typed | {field: LINK})
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert f'value="{LINK}"' in answer.text
    assert client.post("/recesso", data=typed).status_code == 200


def test_whoever_withdraws_by_the_link_may_leave_the_name_that_the_order_has(client: FlaskClient) -> None:
    order = make.order(make.wish(make.honey()), name="Anna 333 1234567")
    here = f"/ordini/{links.make(order)}/recesso"
    review = client.post(here, data=sent_by(client.get(here).text, "/recesso"))
    assert review.status_code == 200
    assert "Nome e cognome: Anna 333 1234567." in words(review.text)
    assert client.post(here, data=sent_by(client.get(here).text, "/recesso", nome=LINK)).status_code == 422


def test_who_comes_for_it_and_who_orders_next_time_are_names(client: FlaskClient) -> None:
    token = links.make(make.order())
    answer = client.post(f"/ordini/{token}/ritira", data={"ritira": LINK})
    assert answer.status_code == 422
    assert NO_NAME in words(answer.text)
    assert f'value="{LINK}"' in answer.text
    come_in(client)
    answer = client.post("/i-tuoi-ordini/per-ordinare", data={"nome": LINK, "telefono": ""})
    assert (answer.status_code, NO_NAME in words(answer.text)) == (422, True)
