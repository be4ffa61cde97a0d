"""A place has a name in English where its name says something; an order keeps both, on every page and paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from catalog.models import Place, Zone
from core import undo
from core.database import transaction
from orders import documents, letters, links, rescheduling
from orders.models import Order
from tests import factories as make
from tests.papers import reading
from tests.shop.citizen import put, words

pytestmark = pytest.mark.usefixtures("app")

HOME, HOME_EN = "A casa tua, in bicicletta", "To your home, by bicycle"
ARCADE, ARCADE_EN = "Portico del mercato", "Market arcade"


def round_trip() -> Place:
    place = make.place(name=HOME, name_en=HOME_EN, kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=place.id, municipality="Vigevano", postcode="27029"))
    return place


def arcade() -> Place:
    return make.place(name=ARCADE, name_en=ARCADE_EN, address="Piazza Repubblica 8, Garlasco")


def names(order: Order) -> tuple[str, str]:
    make.fresh(order)
    return order.place_name, order.place_name_en


def move(order: Order, place: Place) -> None:
    day = order.pickup.day + timedelta(days=1)
    minutes = {"from_minute": 17 * 60, "to_minute": 19 * 60}
    rescheduling.move(order.pickup_id, day=day, place_id=place.id, reason="neve", by=None, **minutes)


def test_an_order_keeps_both_names_as_they_were() -> None:
    place = arcade()
    order = make.order(at=make.pickup(place))
    with transaction():
        place.name, place.name_en = "Portico nuovo", "New arcade"
    assert names(order) == (ARCADE, ARCADE_EN)


def test_a_pick_up_that_moves_takes_both_names_along_and_undo_brings_both_back() -> None:
    order = make.order(at=make.pickup(arcade()))
    move(order, make.place(name="Mercato coperto", name_en="Covered market"))
    assert names(order) == ("Mercato coperto", "Covered market")
    undo.undo_last(order.pickup)
    assert names(order) == (ARCADE, ARCADE_EN)


def test_a_place_that_was_renamed_meanwhile_does_not_keep_a_pick_up_from_moving_back() -> None:
    order, place = make.order(at=make.pickup(arcade())), make.place(name="Mercato coperto")
    move(order, place)
    with transaction():
        place.name_en = "Covered market"
    undo.undo_last(order.pickup)
    assert names(order) == (ARCADE, ARCADE_EN)


def test_the_letter_about_a_move_says_both_places_in_the_language_of_its_reader() -> None:
    order = make.order(at=make.pickup(arcade()), language="en")
    before = {"from_at": "2026-11-27T15:00:00+00:00", "to_at": "2026-11-27T17:00:00+00:00", "place": ARCADE}
    for told, said in ((before | {"place_en": ARCADE_EN}, ARCADE_EN), (before, ARCADE)):  # kept before there were two
        text = letters.write("moved", order, "TOKEN", "<id@prova.example>", {"before": told}).get_body(("plain",))
        assert text is not None
        assert f"Before, it was Friday 27 November, 16:00–18:00, {said}." in text.get_content()


@pytest.mark.parametrize("language", ["it", "en"])
def test_letters_say_the_place_in_the_language_of_their_reader(language: str) -> None:
    order = make.order(at=make.pickup(arcade()), language=language)
    here, other = (ARCADE, ARCADE_EN) if language == "it" else (ARCADE_EN, ARCADE)
    for name in ("received", "changed", "reminder", "moved"):
        message = letters.write(name, order, "TOKEN", "<id@prova.example>")
        parts = [message.get_body((kind,)) for kind in ("plain", "html")]
        said = [part.get_content() for part in parts if part]
        assert all(here in each and other not in each for each in said), name


@pytest.mark.parametrize("language", ["it", "en"])
def test_papers_say_the_place_in_the_language_of_the_paper(language: str) -> None:
    order = make.closed(make.order(at=make.pickup(arcade())))
    here, other = (ARCADE, ARCADE_EN) if language == "it" else (ARCADE_EN, ARCADE)
    with force_locale(language):
        papers = [documents.crate_label(order), documents.order_summary(order)]
        papers += [make_paper(order.pickup) for make_paper in (documents.harvest_list, documents.crate_list)]
    for paper in papers:
        assert here in reading.words(paper)
        assert other not in reading.words(paper) + reading.about(paper)[0]


def test_the_shop_says_the_place_in_english_from_the_shelf_to_the_order(client: FlaskClient) -> None:
    pickup = make.pickup(round_trip())
    put(client, make.honey(name_en="Honey"))
    order = make.order(at=pickup, address="Via Roma 1, 27029 Vigevano", language="en")
    stall = make.order(at=make.pickup(arcade(), days=4), language="en")
    client.post("/ritiro", data={"ritiro": pickup.id})
    client.get("/?lang=en")
    for path in ("/", "/ritiro", "/cassa", "/carrello", "/prodotti/miele-acacia"):
        page = words(client.get(path).text)
        assert HOME_EN in page, path
        assert HOME not in page, path
    for path in ("", "/cambia", "/disdici"):
        assert ARCADE_EN in words(client.get(f"/ordini/{links.make(stall)}{path}").text), path
    assert HOME not in client.get(f"/ordini/{links.make(order)}").text


def test_whoever_reads_italian_never_meets_the_english_name(client: FlaskClient) -> None:
    make.pickup(round_trip())
    put(client, make.honey())
    for path in ("/", "/ritiro", "/cassa"):
        page = words(client.get(path).text)
        assert HOME in page, path
        assert HOME_EN not in page, path
