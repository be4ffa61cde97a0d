"""The basket and the pick-up of a visit."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from core.database import transaction
from tests import factories as make
from tests.shop.citizen import put, words


def test_adding_comes_back_to_the_same_card_and_says_so(client: FlaskClient) -> None:
    make.pickup()
    answer = put(client, make.chard())
    assert (answer.status_code, answer.location) == (303, "/#carrello-bietole")
    page = client.get("/").text
    assert '<p class="card-has" id="carrello-bietole" tabindex="-1">Nel carrello: 1 mazzo</p>\n<button' in page
    assert "Carrello · 1" in page
    assert '<p role="status">Bietole: nel carrello 1 mazzo.</p>' in page
    assert "Nel carrello: 1 mazzo" in page
    assert "Bietole: nel carrello" not in client.get("/").text


def test_on_the_page_of_a_product_the_answer_stands_below_its_button(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    sent = {"prodotto": chard.id, "quantita": 2, "da": "prodotto"}
    assert client.post("/carrello", data=sent).location == "/prodotti/bietole#carrello-bietole"
    for said in ("Bietole: nel carrello 2 mazzi. Vai al carrello", "Nel carrello: 2 mazzi. Vai al carrello"):
        page = client.get("/prodotti/bietole").text
        assert words(page).count("el carrello") == 1
        assert said in words(page.partition("</form>")[2].partition('<section class="more-facts"')[0])
        assert page.count('id="carrello-bietole"') == 1


def test_what_ran_out_before_it_could_be_added_leads_to_its_card(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard(left=1)
    make.order(make.wish(chard))
    assert put(client, chard).location == "/#bietole"
    from_its_page = client.post("/carrello", data={"prodotto": chard.id, "da": "prodotto"}).location
    assert from_its_page == "/prodotti/bietole#carrello-bietole"
    page = client.get("/prodotti/bietole").text
    assert "Bietole: finito per ora." in words(page)
    assert 'id="carrello-bietole"' in page


def test_adding_twice_adds_up_in_steps_and_never_beyond_what_is_left(client: FlaskClient) -> None:
    make.pickup()
    carrots = make.carrots(left=1_250, step=500)
    put(client, carrots, 700)
    assert "Carote 500 g" in words(client.get("/carrello").text)
    put(client, carrots, 5_000)
    page = words(client.get("/carrello").text)
    assert "Carote 1 kg" in page
    assert "Più" not in page


def test_a_line_can_be_changed_taken_out_and_put_back(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    put(client, chard, 3)
    client.post(f"/carrello/{chard.id}", data={"quantita": 2})
    assert "Bietole 2 mazzi" in words(client.get("/carrello").text)
    client.post(f"/carrello/{chard.id}", data={"quantita": 0})
    page = words(client.get("/carrello").text)
    assert "Hai tolto: Bietole. Rimettilo" in page
    assert "È ancora vuoto." in page
    client.post(f"/carrello/{chard.id}", data={"quantita": 2})
    page = words(client.get("/carrello").text)
    assert "Bietole 2 mazzi" in page
    assert "Hai tolto" not in page


def test_the_basket_shows_estimate_maximum_and_fee(client: FlaskClient) -> None:
    make.pickup(make.place(kind="round", fee=300))
    put(client, make.carrots(price=290), 1_500)
    page = words(client.get("/carrello").text)
    for said in ("al massimo 4,79 €", "Consegna 3,00 €", "Totale stimato 7,35 €", "Al massimo paghi 7,79 €"):
        assert said in page


def test_what_ran_out_meanwhile_is_said_in_the_basket(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard(left=5)
    put(client, chard, 4)
    make.order(make.wish(chard, 3))
    assert "Ne restano 2 mazzi" in words(client.get("/carrello").text)


def test_what_cannot_be_had_is_in_no_sum_and_not_in_the_minimum(client: FlaskClient) -> None:
    make.pickup(make.place(minimum=1500))
    roots, honey = make.product("topinambur", price=720, left=5), make.honey(price=850)
    put(client, roots, 1)
    put(client, honey)
    assert "mancano" not in words(client.get("/carrello").text)
    make.order(make.wish(roots, 5))
    page = words(client.get("/carrello").text)
    assert "Finito per ora. Alla cassa lo togliamo." in page
    assert "Totale 8,50 €" in page
    assert "mancano 6,50 €" in page


def test_what_is_not_sold_any_more_is_not_said_to_be_left(client: FlaskClient) -> None:
    make.pickup()
    honey = make.honey(left=8)
    put(client, honey)
    with transaction():
        honey.on_sale = False
    assert "Adesso non si vende. Alla cassa lo togliamo." in words(client.get("/carrello").text)


def test_nobody_is_given_a_delivery_that_costs_something_unasked(client: FlaskClient) -> None:
    home = make.pickup(make.place(name="A casa tua", kind="round", fee=300), days=2)
    make.pickup(make.place(name="Mercato"), days=5)
    put(client, make.honey())
    assert "Mercato" in client.get("/").text
    assert "Consegna" not in words(client.get("/carrello").text)
    client.post("/ritiro", data={"ritiro": home.id})
    assert "Consegna 3,00 €" in words(client.get("/carrello").text)


def test_where_everything_is_brought_home_the_first_delivery_is_taken(client: FlaskClient) -> None:
    make.pickup(make.place(name="A casa tua", kind="round", fee=300), days=2)
    put(client, make.honey())
    assert "Consegna 3,00 €" in words(client.get("/carrello").text)


def test_nonsense_is_answered_calmly(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    for data in ({}, {"prodotto": "x"}, {"prodotto": "0"}, {"prodotto": "99999999999999999999"}, {"prodotto": "-1"}):
        assert client.post("/carrello", data=data).status_code == 404
    for quantity in ("-3", "x", "99999999999999999999", "1.5"):
        assert client.post("/carrello", data={"prodotto": chard.id, "quantita": quantity}).status_code == 303
    assert client.get("/carrello").status_code == 200
    assert client.post("/carrello/999999", data={"quantita": 1}).status_code == 404


def test_the_next_pick_up_is_chosen_until_somebody_chooses_another(client: FlaskClient) -> None:
    make.pickup(make.place(name="Portico"), days=2)
    later = make.pickup(make.place(name="Casa del Parco"), days=5)
    assert "Portico" in client.get("/").text
    answer = client.post("/ritiro", data={"ritiro": later.id, "poi": "carrello"})
    assert (answer.status_code, answer.location) == (303, "/carrello")
    page = client.get("/").text
    assert "Casa del Parco" in page
    assert "Portico" not in page


def test_a_full_pick_up_is_shown_as_full_and_cannot_be_chosen(client: FlaskClient) -> None:
    full, free = make.pickup(make.place(name="Portico"), capacity=1), make.pickup(make.place(name="Mercato"), days=5)
    make.order(at=full)
    page = words(client.get("/ritiro").text)
    assert "Portico" in page
    assert "Al completo" in page
    assert "Mercato" in client.get("/").text
    answer = client.post("/ritiro", data={"ritiro": full.id})
    assert answer.status_code == 409
    assert "I posti per questo ritiro sono finiti" in answer.text
    assert free.places_left == 30


def test_a_pick_up_that_has_gone_is_said_and_the_next_one_takes_its_place(client: FlaskClient) -> None:
    first, _next = make.pickup(days=2), make.pickup(make.place(name="Mercato"), days=5)
    client.post("/ritiro", data={"ritiro": first.id})
    with make.clock.at(first.cutoff_at):
        page = words(client.get("/").text)
    assert "Il ritiro che avevi scelto non prende più ordini" in page
    assert "Mercato" in page


def test_without_any_pick_up_the_shelves_stand_and_say_it(client: FlaskClient) -> None:
    put(client, make.chard())
    for path in ("/", "/prodotti/bietole", "/ritiro", "/carrello"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "non ci sono ritiri aperti" in words(answer.text)


@pytest.mark.parametrize("quantity", ["", "x", "-1", "9" * 30])
def test_what_is_no_quantity_leaves_the_line_as_it_is(client: FlaskClient, quantity: str) -> None:
    make.pickup()
    chard = make.chard()
    put(client, chard, 4)
    assert client.post(f"/carrello/{chard.id}", data={"quantita": quantity}).status_code == 303
    with client.session_transaction() as session:
        assert session["basket"] == [[chard.id, 4]]
