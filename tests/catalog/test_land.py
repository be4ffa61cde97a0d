"""Fields, places and containers that change: measured again, refused, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from catalog import distance, land, places, products
from catalog.models import Container, Distance, Field, Place
from core import journal, seen, undo
from core.database import db
from core.errors import Conflict, NotFound, Refused
from orders import preparing
from tests import factories as make
from tests.shop.citizen import statements
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

TURIN = {"latitude": 45.07049, "longitude": 7.68682, "province": "TO", "municipality": "Torino"}


def facts(place: Place, **more: Any) -> dict[str, Any]:
    make.fresh(place)
    return {name: getattr(place, name) for name in land.OF_PLACE} | more


def bowl(name: str = "Ciotola blu", grams: int = 180) -> Container:
    return places.add_container(name, grams, by=None)


def rule_between(field: Field, place: Place) -> str:
    make.fresh(None)
    return db.session.get_one(Distance, (field.id, place.id)).rule


# --- fields


def test_a_field_takes_another_name_and_gives_it_back() -> None:
    field = make.field("Campo lungo")
    land.rename_field(field.id, " Campo   corto ", by=None)
    make.fresh(field)
    assert field.name == "Campo corto"
    assert undo.undo_last(field) == "il nuovo nome del campo"
    make.fresh(field)
    assert field.name == "Campo lungo"


def test_the_same_name_is_no_deed_and_one_of_another_field_is_refused() -> None:
    field, _other = make.field("Campo lungo"), make.field("Mulino")
    land.rename_field(field.id, "Campo lungo", by=None)
    assert journal.entries(field) == []
    with pytest.raises(Conflict):
        land.rename_field(field.id, "MULINO", by=None)
    with pytest.raises(Refused):
        land.rename_field(field.id, " ", by=None)
    with pytest.raises(NotFound):
        land.rename_field(987654, "Campo", by=None)


def test_a_name_that_went_to_another_field_does_not_come_back() -> None:
    field = make.field("Campo lungo")
    land.rename_field(field.id, "Campo corto", by=None)
    places.add_field("Campo lungo", municipality="Gambolò", province="PV", latitude=45.26, longitude=8.85, by=None)
    with pytest.raises(Conflict):
        undo.undo_last(field)


def test_two_fields_never_get_one_name_at_the_same_instant(app: Flask) -> None:
    ids = [make.field().id for _ in range(4)]
    answers = together(app, *(lambda n=n: land.rename_field(n, "Il campo", by=None).id for n in ids))
    assert [type(fault) for fault in faults(answers)] == [Conflict] * 3


# --- places


def test_a_place_at_another_point_is_measured_again_and_back() -> None:
    field, place = make.field(), make.place()
    distance.measure(field, place)
    assert rule_between(field, place) == "radius"
    assert land.change_place(place.id, facts(place, **TURIN, name="Piazza Castello"), by=None)
    assert rule_between(field, place) == "none"
    assert undo.undo_last(place) == "i nuovi dati del luogo"
    assert rule_between(field, place) == "radius"
    assert place.name == "Piazza Ducale"


def test_an_order_keeps_the_name_of_its_place() -> None:
    place = make.place()
    order = make.order(at=make.pickup(place))
    land.change_place(place.id, facts(place, name="Piazza Nuova"), by=None)
    make.fresh(order)
    assert (order.place_name, order.pickup.place.name) == ("Piazza Ducale", "Piazza Nuova")


def test_a_stall_with_pick_ups_does_not_become_a_round() -> None:
    place, unused = make.place(), make.place()
    make.pickup(place)
    with pytest.raises(Conflict) as refused:
        land.change_place(place.id, facts(place, kind="round"), by=None)
    assert refused.value.details["field"] == "kind"
    assert land.change_place(unused.id, facts(unused, kind="round"), by=None)


def test_whoever_saves_a_place_later_is_told() -> None:
    place = make.place()
    kept, sign = facts(place, address="Altrove 1"), seen.of(place, land.OF_PLACE)
    assert land.change_place(place.id, facts(place, name="Piazza Nuova"), by=None)
    with pytest.raises(Conflict, match="ancora qui"):
        land.change_place(place.id, kept, seen_as=sign, by=None)
    make.fresh(place)
    assert (place.name, place.address) == ("Piazza Nuova", "Piazza Ducale, Vigevano")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"address": " "},
        {"municipality": ""},
        {"province": "Lombardia"},
        {"kind": "barca"},
        {"latitude": 8.85, "longitude": 45.31},
    ],
)
def test_what_a_place_cannot_be_changes_nothing(wrong: dict[str, Any]) -> None:
    place = make.place()
    with pytest.raises(Refused):
        land.change_place(place.id, facts(place, **wrong), by=None)
    assert journal.entries(place) == []


# --- containers


def test_a_bowl_is_named_and_weighed_again() -> None:
    blue = bowl()
    land.set_tare(blue.id, 195, by=None)
    land.rename_container(blue.id, "Ciotola verde", "Green bowl", by=None)
    make.fresh(blue)
    assert (blue.name, blue.name_en, blue.tare_grams) == ("Ciotola verde", "Green bowl", 195)
    assert [undo.undo_last(blue), undo.undo_last(blue)] == ["il nuovo nome", "il nuovo peso da vuota"]
    make.fresh(blue)
    assert (blue.name, blue.name_en, blue.tare_grams) == ("Ciotola blu", "", 180)


def test_a_weight_keeps_the_tare_that_was_taken_off_then() -> None:
    blue = bowl()
    order = make.closed(make.order(make.wish(make.carrots(container_id=blue.id), 500)))
    preparing.weigh_line(order.id, order.lines[0].id, 680, version=0, in_container=True, by=None)
    land.set_tare(blue.id, 195, by=None)
    make.fresh(order)
    assert (order.lines[0].tare_grams, order.lines[0].weighed_grams) == (180, 500)


@pytest.mark.parametrize("grams", [0, -1, 20_001])
def test_a_bowl_that_weighs_nothing_or_a_ton_is_refused(grams: int) -> None:
    blue = bowl()
    with pytest.raises(Refused):
        land.set_tare(blue.id, grams, by=None)
    with pytest.raises(Conflict):
        land.rename_container(bowl("Ciotola verde").id, "ciotola BLU", by=None)


def test_whoever_saw_another_tare_is_told() -> None:
    blue = bowl()
    sign = seen.of(blue, land.OF_CONTAINER)
    land.set_tare(blue.id, 195, by=None)
    with pytest.raises(Conflict):
        land.set_tare(blue.id, 170, seen_as=sign, by=None)


# --- finding


def test_the_lists_take_as_many_statements_for_two_as_for_thirty() -> None:
    def grow(how_many: int) -> None:
        for _ in range(how_many):
            field, place, container = make.field(), make.place(), bowl(f"Ciotola {make.field().name}")
            distance.measure(field, place)
            make.product(field_id=field.id, container_id=container.id)
        make.fresh(None)

    def look() -> None:
        land.sites()
        land.containers()
        land.how_many_zones()
        places.every()
        land.distances_of(products.get(make.product(field_id=make.field().id).id))

    grow(2)
    with statements() as few:
        look()
    grow(28)
    with statements() as many:
        look()
    assert len(many) == len(few)


def test_a_product_says_how_far_it_comes_to_each_place() -> None:
    near, far = make.place(), make.place(**TURIN, name="Piazza Castello")
    field, mill = make.field(), make.field(**TURIN)
    rice = make.product("riso", field_id=field.id, processed_at_id=mill.id)
    for place in (near, far):
        for site in (field, mill):
            distance.measure(site, place)
    found = {place.name: counted.is_zero_km for place, counted in land.distances_of(rice)}
    assert found == {"Piazza Castello": False, "Piazza Ducale": False}
    assert land.grown_in(mill.id) == [rice]
