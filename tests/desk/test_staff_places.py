"""Fields, places with their zones and fee, and bowls, in the hands of the coordinator."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import distance, places, products
from catalog.models import Container, Field, Place
from core import journal
from core.database import db
from orders import preparing
from tests import factories as make
from tests.desk.staff_desk import as_shown, at_work, fill, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

MILL = {
    "nome": "Mulino della Roggia",
    "comune": "Gambolò",
    "provincia": "pv",
    "latitudine": "45,26209",
    "longitudine": "8,8582",
}


@pytest.fixture
def teresa(app: Flask) -> Desk:
    """The coordinator."""
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


@pytest.fixture
def field(app: Flask) -> Field:
    return make.field("Campo lungo")


@pytest.fixture
def square(app: Flask, field: Field) -> Place:
    made = make.place()
    distance.measure(field, made)
    return made


@pytest.fixture
def tour(app: Flask) -> Place:
    return make.place(kind="round", fee=300, name="A casa tua")


@pytest.fixture
def bowl(app: Flask) -> Container:
    return places.add_container("Ciotola blu", 180, by=None)


def newest(table: type) -> int:
    return db.session.scalar(db.select(db.func.max(table.id))) or 0  # type: ignore[attr-defined]


# --- fields


def test_a_new_field_says_at_once_how_far_it_is(teresa: Desk, square: Place) -> None:
    fill(teresa.go("/banco/campi"), "Aggiungi il campo", **MILL)
    assert teresa.heading == "Mulino della Roggia"
    assert "Piazza Ducale , 6 km: chilometro zero" in teresa.text
    assert "45,26209 · 8,8582" in teresa.text
    assert "Campo nuovo. Teresa" in teresa.text
    assert "Piazza Ducale 6 km" in teresa.press("Tutti i campi").text.replace("\xa0", " ")


def test_pressing_twice_makes_one_field(teresa: Desk) -> None:
    first, second = twice(teresa.go("/banco/campi"), "Aggiungi il campo", **MILL)
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert db.session.query(Field).count() == 1


def test_a_field_is_named_and_moved_and_each_is_taken_back(teresa: Desk, field: Field, square: Place) -> None:
    here = f"/banco/campi/{field.id}"
    honey = make.honey(field_id=field.id)
    fill(teresa.go(here), "Salva il nome", nome="Campo corto")
    assert "Adesso si chiama Campo corto." in teresa.text
    far = {"comune": "Torino", "provincia": "TO", "latitudine": "45.07049", "longitudine": "7,68682"}
    fill(teresa, "Salva il punto", **far)
    assert "non è chilometro zero" in teresa.text
    assert "Piazza Ducale 96 km" in teresa.go(f"/banco/prodotti/{honey.id}").text
    teresa.go(here).press("Torna indietro")
    assert "Tornato indietro: il nuovo punto del campo." in teresa.text
    assert "non è chilometro zero" not in teresa.text
    teresa.press("Torna indietro")
    assert teresa.heading == "Campo lungo"
    assert "Tornato indietro. Era: Nome: era Campo lungo, adesso Campo corto." in teresa.text
    assert teresa.offers("Miele di acacia")


def test_where_the_formula_cannot_say_a_person_looks_at_the_map(teresa: Desk, field: Field) -> None:
    edge = make.place(latitude=45.3166, longitude=7.9853, province="TO", name="Piazza sul confine")
    distance.measure(field, edge)
    teresa.go("/banco/campi")
    teresa.press("Da Campo lungo a Piazza sul confine")
    assert "È tra 69,5 e 70,5 km" in teresa.text
    teresa.press("È entro 70 km")
    assert "Segnato: entro 70 km." in teresa.text
    assert not teresa.go("/banco/campi").offers("Da Campo lungo")
    teresa.go(f"/banco/campi/{field.id}").press("Torna indietro")
    assert teresa.offers("È più di 70 km")


def test_two_who_move_a_field_at_once_see_each_other(teresa: Desk, field: Field) -> None:
    here = f"/banco/campi/{field.id}"
    sent = as_shown(teresa.client.get(here).text, f"{here}/punto")
    sent["latitudine"] = "45,5"
    places.move_field(field.id, 45.3, 8.9, by=None)
    answer = teresa.client.post(f"{here}/punto", data=sent)
    assert answer.status_code == 409
    assert 'value="45,5"' in answer.text
    assert "ancora qui" in words(answer.text)
    make.fresh(field)
    assert field.latitude == 45.3


# --- places


def test_a_new_place_can_have_pick_ups_at_once(teresa: Desk, field: Field) -> None:
    sent = {**MILL, "nome": "Casa del Parco", "indirizzo": "Via Orto 3, Gambolò", "tipo": "stall", "nome_inglese": ""}
    fill(teresa.go("/banco/luoghi"), "Aggiungi il luogo", **sent, prezzo="")
    assert teresa.heading == "Casa del Parco banco"
    assert "Campo lungo 3 km , chilometro zero" in teresa.text
    assert "Casa del Parco" in teresa.go("/banco/ritiri/nuovo").text


def test_a_place_is_changed_and_orders_keep_its_name(teresa: Desk, square: Place, client: FlaskClient) -> None:
    order = make.order(at=make.pickup(square))
    here = f"/banco/luoghi/{square.id}"
    teresa.go(here)
    assert "1 ritiro da qui in avanti, 1 ordine." in teresa.text
    assert "Chi ha già ordinato non riceve una lettera." in teresa.text
    sent = as_shown(teresa.html, f"{here}/dati")
    sent["nome"] = "Portici di Piazza Ducale"
    assert teresa.client.post(f"{here}/dati", data=sent).status_code == 303
    assert "Portici di Piazza Ducale" in words(client.get("/ritiro").text)
    make.fresh(order)
    assert order.place_name == "Piazza Ducale"
    teresa.go(here).press("Torna indietro")
    assert "Tornato indietro: i nuovi dati del luogo." in teresa.text
    assert "Portici" not in words(client.get("/ritiro").text)


def test_a_stall_with_pick_ups_stays_a_stall_and_what_was_written_stays_too(teresa: Desk, square: Place) -> None:
    make.pickup(square)
    here = f"/banco/luoghi/{square.id}"
    sent = as_shown(teresa.client.get(here).text, f"{here}/dati")
    sent.setlist("tipo", ["round"])
    sent["indirizzo"] = "Via Altrove 1"
    answer = teresa.client.post(f"{here}/dati", data=sent)
    assert answer.status_code == 409
    assert "Ci sono già ritiri, regole o zone" in words(answer.text)
    assert 'value="Via Altrove 1"' in answer.text
    assert 'value="round" checked' in answer.text


def test_the_fee_of_a_round_is_typed_with_a_comma_and_taken_back(teresa: Desk, tour: Place) -> None:
    order = make.order(at=make.pickup(tour))
    here = f"/banco/luoghi/{tour.id}"
    fill(teresa.go(here), "Salva il prezzo", prezzo="3,5")
    assert "Da adesso la consegna costa 3,50 €." in teresa.text.replace("\xa0", " ")
    make.fresh(None)
    assert (tour.fee, order.fee) == (350, 300)
    teresa.press("Torna indietro")
    make.fresh(tour)
    assert tour.fee == 300


def test_a_zone_is_added_taken_away_and_comes_back(teresa: Desk, tour: Place) -> None:
    here = f"/banco/luoghi/{tour.id}"
    assert "Nessuna zona" in teresa.go(here).text
    fill(teresa, "Aggiungi la zona", zona_comune="Vigevano", zona_cap="27029")
    assert "Il giro arriva anche a Vigevano, 27029." in teresa.text
    assert "1 zona." in teresa.go("/banco/luoghi").text
    teresa.go(here).press("Togli Vigevano, 27029")
    assert "Il giro non arriva più a Vigevano, 27029." in teresa.text
    teresa.press("Torna indietro")
    assert "Tornato indietro: la zona tolta." in teresa.text
    assert teresa.offers("Togli Vigevano, 27029")


# --- bowls


def test_a_bowl_is_made_weighed_again_and_the_next_weight_is_net_of_it(teresa: Desk) -> None:
    fill(teresa.go("/banco/ciotole"), "Aggiungi la ciotola", nome="Ciotola verde", nome_inglese="", tara="180")
    bowl_id = newest(Container)
    carrots = make.carrots(container_id=bowl_id)
    order = make.closed(make.order(make.wish(carrots, 500)))
    fill(teresa, "Salva il peso", tara="200")
    assert "Dalla prossima pesata togliamo 200 g." in teresa.text.replace("\xa0", " ")
    line = preparing.weigh_line(order.id, order.lines[0].id, 700, version=0, in_container=True, by=None)
    assert (line.weighed_grams, line.tare_grams) == (500, 200)
    teresa.go(f"/banco/ciotole/{bowl_id}").press("Torna indietro")
    assert "180 grammi da vuota" in teresa.text
    make.fresh(line)
    assert line.tare_grams == 200


def test_a_bowl_takes_another_name(teresa: Desk, bowl: Container) -> None:
    fill(teresa.go(f"/banco/ciotole/{bowl.id}"), "Salva il nome", nome="Ciotola grande", nome_inglese="Big bowl")
    assert teresa.heading == "Ciotola grande"
    assert "Cambiato: il nome, il nome inglese." in teresa.text


def test_what_is_weighed_in_a_bowl_stands_beside_it(teresa: Desk, bowl: Container) -> None:
    assert "Non si pesa ancora niente qui dentro." in teresa.go("/banco/ciotole").text
    make.carrots(container_id=bowl.id)
    assert "Carote" in teresa.go("/banco/ciotole").text
    assert teresa.press("Ciotola blu").press("Carote").heading == "Carote"


# --- all of them


def test_the_lists_of_land_take_as_many_statements_for_two_as_for_twenty(teresa: Desk) -> None:
    def grow(how_many: int) -> None:
        for _ in range(how_many):
            field, place = make.field(), make.place()
            distance.measure(field, place)
            bowl = places.add_container(f"Ciotola di {field.name}", 180, by=None)
            make.product(field_id=field.id, container_id=bowl.id)

    def look() -> int:
        make.fresh(None)
        with statements() as seen:
            for path in ("/banco/campi", "/banco/luoghi", "/banco/ciotole"):
                assert teresa.go(path).status == 200
        return len(seen)

    grow(2)
    few = look()
    grow(18)
    assert look() == few


def test_a_tutor_sees_where_things_grow_on_a_product_and_keeps_no_land(rita: Desk, field: Field) -> None:
    honey = make.honey(field_id=field.id)
    assert "Campo lungo" in rita.go(f"/banco/prodotti/{honey.id}").text
    for path in ("/banco/campi", f"/banco/campi/{field.id}", "/banco/luoghi", "/banco/ciotole"):
        assert rita.go(path).status == 403
    assert products.get(honey.id).field_id == field.id


def test_what_happened_to_a_place_is_told_in_words(teresa: Desk, tour: Place) -> None:
    places.set_fee(tour.id, 400, by=None)
    zone = places.add_zone(tour.id, "Mortara", "27036", by=None)
    places.remove_zone(zone.id, by=None)
    text = teresa.go(f"/banco/luoghi/{tour.id}").text.replace("\xa0", " ")
    for told in ("Consegna: era 3,00 €, adesso 4,00 €.", "Zona nuova: Mortara, 27036.", "Zona tolta: Mortara, 27036."):
        assert told in text
    assert len(journal.entries(tour)) == 3
