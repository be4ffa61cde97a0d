"""Where a round goes, however it was typed, and how that is kept."""

from __future__ import annotations

import pytest

from catalog.models import Place, Zone
from core.database import transaction
from orders import contacts
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

ZONES = (
    ("Mortara", "27036"),
    ("Gambolò", "27025"),
    ("Sant'Angelo Lomellina", "27030"),
    ("Castello d'Agogna", "27030"),
)


@pytest.fixture
def ride() -> Place:
    place = make.place(kind="round")
    with transaction() as session:
        session.add_all(Zone(place_id=place.id, municipality=town, postcode=code) for town, code in ZONES)
    make.fresh(place)
    return place


@pytest.mark.parametrize(
    ("typed", "postcode", "kept"),
    [
        ("Mortara", "27036", "27036 Mortara"),
        ("mortara", "27036", "27036 Mortara"),
        ("MORTARA ", " 27036 ", "27036 Mortara"),
        ("gambolo", "27025", "27025 Gambolò"),
        ("Gambolo'", "27025", "27025 Gambolò"),
        ("GAMBOLÒ", "27025", "27025 Gambolò"),
        ("sant’angelo  lomellina", "27030", "27030 Sant'Angelo Lomellina"),
        ("castello d agogna", "27030", "27030 Castello d'Agogna"),
    ],
)
def test_a_town_is_kept_as_its_zone_spells_it(ride: Place, typed: str, postcode: str, kept: str) -> None:
    assert contacts.reaches(ride, typed, postcode)
    assert contacts.address(ride, "Via Roma 1", postcode, typed) == f"Via Roma 1, {kept}"


@pytest.mark.parametrize(
    ("town", "postcode"), [("Mortara", "27030"), ("Mortar", "27036"), ("", "27036"), ("Castello", "27030")]
)
def test_another_town_or_another_postcode_is_not_on_the_way(ride: Place, town: str, postcode: str) -> None:
    assert not contacts.reaches(ride, town, postcode)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  via  dante 12 ", "via dante 12"),
        ("Corso Cavour 101/B ,", "Corso Cavour 101/B"),
        ("Via\tRoma\n1", "Via Roma 1"),
    ],
)
def test_a_street_stays_as_it_was_typed_but_tidied(ride: Place, typed: str, kept: str) -> None:
    assert contacts.address(ride, typed, "27036", "mortara") == f"{kept}, 27036 Mortara"
    assert contacts.parts(contacts.address(ride, typed, "27036", "mortara")) == (kept, "27036", "Mortara")
