"""Zero km as law 61/2022 counts it: straight lines, the province, growing and processing, a person near the limit."""

from __future__ import annotations

from math import degrees

import pytest
from flask.testing import FlaskClient

from catalog import distance, places, shelves
from catalog.models import Distance, Field, Place, Product
from core import clock, journal, undo
from core.errors import Conflict, NotFound, Refused
from tests import factories as make
from tests.shop.citizen import statements, words

pytestmark = pytest.mark.usefixtures("app")

VIGEVANO = (45.31407, 8.85437)
MORTARA = {"municipality": "Mortara", "province": "PV", "latitude": 45.2494, "longitude": 8.73302}
MILANO = {"municipality": "Milano", "province": "MI", "latitude": 45.46427, "longitude": 9.18951}
PIACENZA = {"municipality": "Piacenza", "province": "PC", "latitude": 45.05242, "longitude": 9.69342}
BRALLO = {"municipality": "Brallo di Pregola", "province": "PV", "latitude": 44.738, "longitude": 9.281}


def stall(**more: object) -> Place:
    return make.place(**{"latitude": VIGEVANO[0], "longitude": VIGEVANO[1], **more})  # type: ignore[arg-type]


def south(km: float, province: str = "AL", name: str = "") -> Field:
    """A field so many km south of the stall, in another province unless said."""
    down = degrees(km / distance.EARTH_RADIUS_KM)
    return make.field(name, province=province, latitude=VIGEVANO[0] - down, longitude=VIGEVANO[1])


def doubtful() -> tuple[Field, Place, Distance]:
    """A field 70 km away in another province: the formula alone cannot say."""
    field, place = south(70.0), stall()
    return field, place, distance.measure(field, place)


# --- one site


@pytest.mark.parametrize(
    ("name", "place", "province", "km", "rule"),
    [
        ("Gambolò", (45.26209, 8.8582), "PV", 5.79, "radius"),
        ("Mortara", (45.2494, 8.73302), "PV", 11.91, "radius"),
        ("Novara", (45.44694, 8.62118), "NO", 23.45, "radius"),
        ("Milano", (45.46427, 9.18951), "MI", 31.05, "radius"),
        ("Varzi", (44.82297, 9.19762), "PV", 60.90, "radius"),
        ("Asti", (44.90162, 8.20751), "AT", 68.41, "radius"),
        ("Piacenza", (45.05242, 9.69342), "PC", 71.91, "none"),
        ("Brallo di Pregola", (44.738, 9.281), "PV", 72.3, "province"),
        ("Bergamo", (45.69601, 9.66721), "BG", 76.26, "none"),
        ("Torino", (45.07049, 7.68682), "TO", 95.42, "none"),
    ],
)
def test_distances_are_counted_as_law_61_of_2022_does(
    name: str, place: tuple[float, float], province: str, km: float, rule: str
) -> None:
    found = distance.great_circle_km(VIGEVANO, place)
    assert found == pytest.approx(km, abs=0.05 if name == "Brallo di Pregola" else 0.005)  # that point is an "about"
    field = make.field(name, province=province, latitude=place[0], longitude=place[1])
    stored = distance.measure(field, stall())
    assert (stored.metres, stored.rule) == (round(found * 1000), rule)
    assert stored.is_zero_km == (rule != "none")


@pytest.mark.parametrize(
    ("km", "elsewhere", "at_home"),
    [
        (69.49, "radius", "radius"),
        (69.5, "ask", "radius"),
        (70.0, "ask", "radius"),
        (70.01, "ask", "province"),
        (70.5, "ask", "province"),
        (70.51, "none", "province"),
    ],
)
def test_near_the_limit_a_person_decides_unless_it_is_the_same_province(
    km: float, elsewhere: str, at_home: str
) -> None:
    assert distance.rule_for(km, same_province=False) == elsewhere
    assert distance.rule_for(km, same_province=True) == at_home


def test_a_distance_is_stored_with_its_day_rule_and_source() -> None:
    row = distance.measure(make.field(), make.place())
    assert (row.km, row.is_zero_km, row.rule, row.confirmed_by_id) == (4, True, "radius", None)
    assert row.source == "haversine, R = 6371.0088 km"
    assert row.at <= clock.now()


def test_a_new_field_and_a_new_place_take_as_many_statements_for_two_as_for_twenty() -> None:
    def measuring(how_many: int) -> int:
        stalls = [stall() for _ in range(how_many)]
        field = make.field()
        with statements() as seen:
            distance.measure_from(field)
        assert {distance.for_product(Product(field_id=field.id, field=field), place) is None for place in stalls} == {
            False
        }
        return len(seen)

    assert measuring(2) == measuring(20)


# --- a person decides


def test_in_doubt_nobody_says_zero_km_until_a_person_has_looked() -> None:
    field, place, row = doubtful()
    rita = make.tutor()
    assert (row.rule, row.is_zero_km) == ("ask", False)
    assert [(found.metres, of.id, to.id) for found, of, to in distance.to_confirm()] == [(70_000, field.id, place.id)]
    distance.confirm(field.id, place.id, True, by=rita.id)
    make.fresh(row)
    assert (row.rule, row.is_zero_km, row.confirmed_by_id) == ("radius", True, rita.id)
    assert distance.to_confirm() == []
    entry = journal.entries(field)[0]
    assert (entry.action, entry.person_id, entry.data["metres"]) == ("distance.confirmed", rita.id, 70_000)


def test_a_person_can_say_no_and_change_their_mind() -> None:
    field, place, row = doubtful()
    rita = make.tutor()
    distance.confirm(field.id, place.id, False, by=rita.id)
    make.fresh(row)
    assert (row.rule, row.is_zero_km) == ("none", False)
    distance.confirm(field.id, place.id, True, by=rita.id)
    make.fresh(row)
    assert row.is_zero_km


@pytest.mark.parametrize("km", [12.0, 69.4, 70.6, 95.0])
def test_where_it_is_clear_there_is_nothing_to_confirm(km: float) -> None:
    field, place = south(km), stall()
    row = distance.measure(field, place)
    before = row.rule
    with pytest.raises(Refused, match="chiara"):
        distance.confirm(field.id, place.id, True, by=make.tutor().id)
    make.fresh(row)
    assert (row.rule, row.confirmed_by_id) == (before, None)


def test_what_was_never_measured_cannot_be_confirmed() -> None:
    with pytest.raises(NotFound):
        distance.confirm(make.field().id, make.place().id, True, by=make.tutor().id)


def test_a_confirmation_can_be_taken_back_step_by_step() -> None:
    field, place, row = doubtful()
    rita, sandro = make.tutor(), make.tutor("Sandro")
    distance.confirm(field.id, place.id, True, by=rita.id)
    distance.confirm(field.id, place.id, False, by=sandro.id)
    undo.undo_last(field)
    make.fresh(row)
    assert (row.rule, row.confirmed_by_id) == ("radius", rita.id)
    undo.undo_last(field)
    make.fresh(row)
    assert (row.rule, row.confirmed_by_id) == ("ask", None)


def test_a_new_measure_keeps_a_confirmation_as_long_as_the_metres_are_the_same() -> None:
    field, place, row = doubtful()
    rita = make.tutor()
    distance.confirm(field.id, place.id, True, by=rita.id)
    with clock.at(clock.now() + make.timedelta(days=30)):
        distance.measure(field, place)
        make.fresh(row)
        assert (row.rule, row.confirmed_by_id) == ("radius", rita.id)
        assert row.at.date() == clock.now().date()
        places.move_field(field.id, field.latitude + 0.001, field.longitude, by=rita.id)
    make.fresh(row)
    assert (row.metres, row.rule, row.confirmed_by_id) == (69_889, "ask", None)


def test_a_confirmation_is_needed_no_more_where_the_province_was_put_right() -> None:
    field, place = south(70.2), stall()
    row = distance.measure(field, place)
    distance.confirm(field.id, place.id, False, by=make.tutor().id)
    places.move_field(field.id, field.latitude, field.longitude, province="PV", by=None)
    make.fresh(row)
    assert (row.metres, row.rule, row.confirmed_by_id) == (70_200, "province", None)
    undo.undo_last(field)
    make.fresh(row)
    assert (row.rule, row.is_zero_km) == ("none", False)


def test_a_confirmation_of_a_field_that_moved_since_is_not_taken_back() -> None:
    field, place, row = doubtful()
    distance.confirm(field.id, place.id, True, by=make.tutor().id)
    entry = journal.entries(field)[0]
    places.move_field(field.id, field.latitude + 0.001, field.longitude, by=None)
    with pytest.raises(Conflict):
        undo.undo_last(field, expected=entry.id)
    with pytest.raises(Conflict):
        distance.restore(field.id, place.id, metres=70_000, expected=entry.data["after"], before=entry.data["before"])
    make.fresh(row)
    assert row.rule == "ask"


# --- where it grows and where it is processed


@pytest.mark.parametrize(
    ("grown", "processed", "is_zero_km"),
    [
        (MORTARA, None, True),
        (MORTARA, MILANO, True),  # both within the radius, one in another province
        (MORTARA, PIACENZA, False),  # the mill is too far
        (PIACENZA, MORTARA, False),  # the field is too far
        (MORTARA, BRALLO, True),  # the mill is far, but everything is in the province
        (BRALLO, MORTARA, True),
        (BRALLO, None, True),
        (MILANO, BRALLO, False),  # one within the radius, one in the province: neither of the two is true of both
        (BRALLO, MILANO, False),
        (MILANO, None, True),
        (PIACENZA, None, False),
        (PIACENZA, PIACENZA, False),
    ],
)
def test_the_law_counts_growing_and_processing(grown: dict, processed: dict | None, is_zero_km: bool) -> None:
    place = stall()
    field, mill = make.field(**grown), make.field(**processed) if processed else None
    distance.measure_to(place)
    flour = make.product("farina", field_id=field.id, processed_at_id=mill.id if mill else None)
    counted, shown = distance.for_product(flour, place), shelves.get("farina", place.id)
    assert counted is not None
    assert shown.distance is not None
    assert (counted.is_zero_km, shown.is_zero_km, shown.distance.is_zero_km) == (is_zero_km,) * 3
    assert counted.km == shown.distance.km == counted.grown.km, "the page shows the field's own"


def test_near_the_limit_in_the_province_is_not_within_the_radius_of_something_else() -> None:
    """Nobody is asked about a field in the province, so its 69.8 km prove no radius where the mill is in Milan."""
    place, field, mill = stall(), south(69.8, "PV"), make.field(**MILANO)
    distance.measure_to(place)
    alone, milled = make.product(field_id=field.id), make.product(field_id=field.id, processed_at_id=mill.id)
    assert [shelves.get(product.slug, place.id).is_zero_km for product in (alone, milled)] == [True, False]


def test_one_site_in_doubt_leaves_the_product_without_the_words_until_it_is_confirmed() -> None:
    place, field, mill = stall(), make.field(**MORTARA), south(70.2)
    distance.measure_to(place)
    flour = make.product("farina", field_id=field.id, processed_at_id=mill.id)
    assert not shelves.get("farina", place.id).is_zero_km
    distance.confirm(mill.id, place.id, True, by=make.tutor().id)
    make.fresh(flour)
    assert shelves.get("farina", place.id).is_zero_km


def test_a_mill_that_was_never_measured_proves_nothing() -> None:
    place, field, mill = stall(), make.field(**MORTARA), make.field(**MORTARA)
    distance.measure(field, place)
    flour = make.product("farina", field_id=field.id, processed_at_id=mill.id)
    shown = shelves.get("farina", place.id)
    assert shown.distance is not None
    assert (shown.distance.km, shown.is_zero_km) == (12, False)
    counted = distance.for_product(flour, place)
    assert counted is not None
    assert not counted.is_zero_km


def test_a_product_without_a_field_has_no_distance() -> None:
    place, mill = stall(), make.field(**MORTARA)
    distance.measure_to(place)
    flour = make.product("farina", processed_at_id=mill.id)
    assert distance.for_product(flour, place) is None
    assert shelves.get("farina", place.id).distance is None
    assert not shelves.get("farina", None).is_zero_km


def test_the_words_are_on_the_page_only_where_both_sites_allow_them(client: FlaskClient) -> None:
    place, near, far = stall(), make.field(**MORTARA), make.field(**PIACENZA)
    distance.measure_to(place)
    make.pickup(place)
    make.product("farina", field_id=near.id, processed_at_id=near.id)
    make.product("passata", field_id=near.id, processed_at_id=far.id)
    assert words(client.get("/").text).count("A chilometro zero") == 1
    assert "È a chilometro zero" in words(client.get("/prodotti/farina").text)
    page = words(client.get("/prodotti/passata").text)
    assert "12 km in linea d'aria" in page
    assert "chilometro zero" not in page


def test_shelves_and_card_take_one_statement_with_mills_too() -> None:
    place = stall()
    for _ in range(5):
        make.product(field_id=make.field().id, processed_at_id=make.field().id)
    distance.measure_to(place)
    slug, place_id = make.product("farina", field_id=make.field().id).slug, place.id
    with statements() as seen:
        goods = shelves.on_shelves(place_id)
        assert sum(shown.is_zero_km for shelf in goods.values() for shown in shelf) == 5
        assert all(shown.product.processed_at for shelf in goods.values() for shown in shelf if shown.is_zero_km)
    assert len(seen) == 1
    with statements() as seen:
        assert not shelves.get(slug, place_id).is_zero_km
    assert len(seen) == 1
