"""Fields, places, zones, containers: what may be written down, measured at once, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalog import distance, places
from catalog.models import Container, Distance, Field, Place, Zone
from core import journal, undo
from core.database import db
from core.errors import Conflict, NotFound, Refused
from tests import factories as make
from tests.shop.citizen import statements
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

MILL = {"municipality": "Gambolò", "province": "PV", "latitude": 45.26209, "longitude": 8.8582}
MARKET = {**MILL, "address": "Piazza Colombo 1, Gambolò"}


def add_field(name: str = "Mulino", **more: Any) -> Field:
    return places.add_field(name, **{**MILL, "by": None, **more})


def add_place(name: str = "Portico del mercato", **more: Any) -> Place:
    return places.add_place(name, **{**MARKET, "by": None, **more})


def how_many(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def zones(place: Place) -> set[tuple[str, str]]:
    rows = db.session.scalars(select(Zone).where(Zone.place_id == place.id))
    return {(zone.municipality, zone.postcode) for zone in rows}


# --- on the map


def test_a_new_field_is_measured_to_every_place() -> None:
    near, far = make.place(), make.place(latitude=45.07049, longitude=7.68682, province="TO")
    field = add_field("Mulino  della Roggia", province="pv")
    assert (field.name, field.province) == ("Mulino della Roggia", "PV")
    found = {row.place_id: row.rule for row in db.session.scalars(select(Distance))}
    assert found == {near.id: "radius", far.id: "none"}
    assert journal.entries(field)[0].data == {"at": [45.26209, 8.8582]}


def test_a_new_place_is_measured_from_every_field() -> None:
    fields = [make.field() for _ in range(3)]
    place = add_place()
    rows = db.session.scalars(select(Distance).where(Distance.place_id == place.id)).all()
    assert {row.field_id for row in rows} == {field.id for field in fields}


def test_adding_takes_as_many_statements_for_two_places_as_for_thirty() -> None:
    make.place()
    make.place()
    with statements() as few:
        add_field("Primo")
    for _ in range(28):
        make.place()
    with statements() as many:
        add_field("Secondo")
    assert len(many) == len(few)
    assert how_many(Distance) == 2 + 30


def test_a_field_and_a_place_that_are_added_at_the_same_instant_are_both_measured(app: Flask) -> None:
    for turn in range(4):
        answers = together(app, lambda n=turn: add_field(f"Campo {n}").id, lambda n=turn: add_place(f"Banco {n}").id)
        assert not faults(answers)
    make.fresh(None)
    assert how_many(Distance) == 4 * 4


def test_a_field_that_moved_is_measured_again_and_can_go_back() -> None:
    for _ in range(2):
        make.place()
    field = add_field()
    before = {row.place_id: (row.metres, row.rule) for row in db.session.scalars(select(Distance))}
    places.move_field(field.id, 45.07049, 7.68682, municipality="Torino", province="to", by=None)
    assert {row.rule for row in db.session.scalars(select(Distance))} == {"none"}
    undo.undo_last(field)
    make.fresh(field)
    assert (field.latitude, field.longitude) == (45.26209, 8.8582)
    assert (field.municipality, field.province) == ("Gambolò", "PV")
    assert {row.place_id: (row.metres, row.rule) for row in db.session.scalars(select(Distance))} == before


def test_moving_back_brings_back_what_was_confirmed_there() -> None:
    place = make.place(latitude=45.31407, longitude=8.85437)
    field = add_field(province="AL", latitude=45.31407 - 0.6295, longitude=8.85437)
    rita = make.tutor()
    distance.confirm(field.id, place.id, True, by=rita.id)
    places.move_field(field.id, 45.2, 8.8, by=rita.id)
    row = db.session.get_one(Distance, (field.id, place.id))
    assert row.confirmed_by_id is None
    undo.undo_last(field)
    make.fresh(row)
    assert (row.rule, row.confirmed_by_id) == ("radius", rita.id)
    undo.undo_last(field)
    make.fresh(row)
    assert row.rule == "ask"


def test_a_field_that_moved_twice_goes_back_step_by_step() -> None:
    field = add_field()
    places.move_field(field.id, 45.3, 8.8, by=None)
    first = journal.entries(field)[0]
    places.move_field(field.id, 45.4, 8.9, by=None)
    with pytest.raises(Conflict):
        undo.undo_last(field, expected=first.id)
    with pytest.raises(Conflict):
        places.move_field_back(field.id, first.data["after"], first.data["before"], [])
    with pytest.raises(Refused, match="provincia"):
        places.move_field(field.id, 45.4, 8.9, province="Lombardia", by=None)
    make.fresh(field)
    assert field.latitude == 45.4
    with pytest.raises(Refused):
        places.move_field(field.id, 45.4, 8.9, by=None)
    with pytest.raises(NotFound):
        places.move_field(field.id + 1, 45.4, 8.9, by=None)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (8.8582, 45.26209),  # exchanged
        (0.0, 0.0),
        (45.26209, -8.8582),
        (48.8566, 2.3522),
        (452.6, 8.8),
        (float("nan"), 8.8),
        (45.2, float("inf")),
    ],
)
def test_points_that_are_not_in_italy_are_refused(latitude: float, longitude: float) -> None:
    field = add_field()
    for deed in (
        lambda: add_field("Altrove", latitude=latitude, longitude=longitude),
        lambda: add_place(latitude=latitude, longitude=longitude),
        lambda: places.move_field(field.id, latitude, longitude, by=None),
    ):
        with pytest.raises(Refused, match="latitudine"):
            deed()
    make.fresh(field)
    assert (how_many(Field), how_many(Place), field.latitude) == (1, 0, 45.26209)


# --- names


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Portico del mercato", "portico-del-mercato"),
        ("A casa tua, in bicicletta", "a-casa-tua-in-bicicletta"),
        ("Gambolò, l'oratorio", "gambolo-l-oratorio"),
        ("🥕", "posto"),
    ],
)
def test_an_address_is_made_of_the_name(name: str, slug: str) -> None:
    assert add_place(name).slug == slug


def test_places_of_one_name_have_addresses_of_their_own() -> None:
    made = [add_place("Portico").slug for _ in range(3)]
    assert (made, add_place("Portico alto").slug) == (["portico", "portico-2", "portico-3"], "portico-alto")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "\u200b"},
        {"name": "x" * 81},
        {"name": "a\0b"},
        {"municipality": ""},
        {"province": "Lombardia"},
        {"province": "ZZ"},
        {"province": ""},
        {"province": "P1"},
        {"address": ""},
        {"address": "x" * 201},
        {"kind": "shop"},
        {"fee": -1},
        {"fee": 5_001},
    ],
)
def test_a_place_with_something_wrong_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        add_place(**{"name": "Portico", **wrong})
    assert how_many(Place) == 0


def test_two_fields_of_one_name_are_one_too_many() -> None:
    add_field("Mulino")
    with pytest.raises(Conflict, match="nome"):
        add_field("Mulino ")
    assert how_many(Field) == 1


# --- zones and fees of a round


def test_a_postcode_says_no_municipality_and_the_other_way_round() -> None:
    """27020 has twenty-six of them: each that is reached is written down."""
    giro = add_place(kind="round", fee=300)
    for town, code in (("Tromello", "27020"), ("Alagna", "27020"), ("Vigevano", "27029")):
        places.add_zone(giro.id, town, code, by=None)
    assert zones(giro) == {("Tromello", "27020"), ("Alagna", "27020"), ("Vigevano", "27029")}


@pytest.mark.parametrize("code", ["", "2702", "270200", "27O29", "27 29", "٢٧٠٢٩", "-2702", "27029\0"])
def test_a_postcode_has_five_digits(code: str) -> None:
    giro = add_place(kind="round")
    with pytest.raises(Refused, match="5 cifre"):
        places.add_zone(giro.id, "Vigevano", code, by=None)
    assert zones(giro) == set()


def test_a_zone_is_there_once_and_only_on_rounds() -> None:
    giro, portico = add_place(kind="round"), add_place()
    places.add_zone(giro.id, "Vigevano", "27029", by=None)
    with pytest.raises(Conflict):
        places.add_zone(giro.id, " vigevano ", "27029", by=None)
    with pytest.raises(Refused, match="giro"):
        places.add_zone(portico.id, "Vigevano", "27029", by=None)
    with pytest.raises(NotFound):
        places.add_zone(portico.id + 1, "Vigevano", "27029", by=None)
    assert how_many(Zone) == 1


def test_zones_are_added_removed_and_taken_back() -> None:
    giro = add_place(kind="round")
    zone = places.add_zone(giro.id, "Vigevano", "27029", by=None)
    places.remove_zone(zone.id, by=None)
    with pytest.raises(NotFound):
        places.remove_zone(zone.id, by=None)
    assert zones(giro) == set()
    undo.undo_last(giro)
    assert zones(giro) == {("Vigevano", "27029")}
    undo.undo_last(giro)
    assert zones(giro) == set()


def test_what_somebody_did_again_by_hand_is_not_taken_back_twice() -> None:
    giro = add_place(kind="round")
    places.put_zone(giro.id, "Vigevano", "27029")
    with pytest.raises(Conflict):
        places.put_zone(giro.id, "Vigevano", "27029")
    places.drop_zone(giro.id, "Vigevano", "27029")
    with pytest.raises(Conflict):
        places.drop_zone(giro.id, "Vigevano", "27029")


def test_a_new_fee_can_go_back_and_orders_keep_theirs() -> None:
    giro = add_place(kind="round", fee=300)
    order = make.order(at=make.pickup(giro))
    places.set_fee(giro.id, 450, by=None)
    make.fresh(order)
    assert (giro.fee, order.fee) == (450, 300)
    undo.undo_last(giro)
    make.fresh(giro)
    assert giro.fee == 300


@pytest.mark.parametrize("cents", [-1, 5_001, 10**12])
def test_a_fee_that_cannot_be_is_refused(cents: int) -> None:
    giro = add_place(kind="round", fee=300)
    with pytest.raises(Refused):
        places.set_fee(giro.id, cents, by=None)
    make.fresh(giro)
    assert giro.fee == 300


def test_a_fee_that_changed_again_is_not_taken_back() -> None:
    giro = add_place(kind="round", fee=300)
    places.set_fee(giro.id, 450, by=None)
    with pytest.raises(Conflict):
        places.restore_fee(giro.id, 400, 300)
    places.set_fee(giro.id, 450, by=None)
    assert len(journal.entries(giro)) == 2, "nothing changed, nothing is noted"


# --- containers


def test_a_container_has_a_name_and_a_tare() -> None:
    bowl = places.add_container("Ciotola grande", 320, name_en="Large bowl", by=None)
    assert (bowl.name, bowl.name_en, bowl.tare_grams) == ("Ciotola grande", "Large bowl", 320)
    with pytest.raises(Conflict):
        places.add_container("Ciotola grande", 300, by=None)
    assert how_many(Container) == 1


@pytest.mark.parametrize("grams", [0, -5, 20_001])
def test_a_container_that_weighs_nothing_or_too_much_is_refused(grams: int) -> None:
    with pytest.raises(Refused, match="grammi"):
        places.add_container("Ciotola", grams, by=None)
    assert how_many(Container) == 0


def test_a_place_may_have_an_english_name_and_needs_none() -> None:
    assert add_place("A casa tua", name_en="  To your   home ").name_en == "To your home"
    assert add_place("Portico").name_en == ""
    with pytest.raises(Refused):
        add_place("Mercato", name_en="x" * 81)
