"""One product: all that somebody wants to know, and the law wants told, before buying."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalog import distance, products
from catalog.models import Field, Place, Product
from core import clock
from core.database import db
from shop import maps
from tests import factories as make
from tests.shop.citizen import words


def page_of(client: FlaskClient, slug: str) -> str:
    return words(client.get(f"/prodotti/{slug}").text)


def test_it_says_how_it_is_sold_kept_and_cooked_its_class_variety_and_size(client: FlaskClient) -> None:
    make.pickup()
    make.product(
        "mele",
        kind="by_weight",
        step=500,
        left=9_000,
        variety="Renetta",
        caliber="70-80 mm",
        quality_class="I",
        recipe="In forno a 180 gradi.",
        storage="Al fresco.",
    )
    page = page_of(client, "mele")
    for said in (
        "sfuso, a peso: di 500 g in 500 g",
        "Un'idea in cucina In forno a 180 gradi.",
        "Come si conserva Al fresco.",
        "Varietà Renetta Categoria I Calibro 70-80 mm",
        "Allergeni nessuno",
        "Recesso escluso: prodotto deperibile",
    ):
        assert said in page


def test_a_class_that_is_not_needed_is_not_said(client: FlaskClient) -> None:
    make.pickup()
    make.chard(quality_class="esente")
    assert "Categoria" not in page_of(client, "bietole")


def test_in_english_everything_that_was_told_in_english_is(client: FlaskClient) -> None:
    make.pickup()
    make.honey(recipe="Sulla zucca.", recipe_en="On squash.", storage="Al buio.", storage_en="In the dark.")
    client.get("/?lang=en")
    page = page_of(client, "miele-acacia")
    assert "On squash." in page
    assert "In the dark." in page
    assert "Al buio." not in page


# --- when it comes back


@pytest.mark.usefixtures("on_the_first_of_december")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"season": "5-9"}, "Torna a maggio"),
        ({"season": "4-9"}, "Torna ad aprile"),
        ({"season": "10-1"}, "Finito per ora"),
        ({}, "Finito per ora"),
        ({"season": "10-1", "back_on": date(2026, 12, 2)}, "Torna mercoledì 2 dicembre"),
        ({"season": "5-9", "back_on": date(2026, 12, 2)}, "Torna mercoledì 2 dicembre"),
        ({"season": "10-1", "back_on": date(2026, 12, 1)}, "Finito per ora"),
        ({"season": "5-9", "back_on": date(2026, 11, 2)}, "Torna a maggio"),
    ],
)
def test_what_is_not_there_says_when_it_comes_back(client: FlaskClient, more: dict[str, object], said: str) -> None:
    make.pickup()
    make.chard(left=0, **more)
    assert said in page_of(client, "bietole")
    assert said in words(client.get("/").text)


@pytest.mark.usefixtures("on_the_first_of_december")
def test_what_is_not_there_leads_on_and_does_not_explain_its_weighing(client: FlaskClient) -> None:
    make.pickup()
    make.carrots(left=0, season="5-9")
    page = page_of(client, "carote")
    assert "Torna a maggio Guarda che cosa c'è questa settimana" in page
    assert "Perché «circa»?" not in page


# --- where it comes from


def test_the_map_is_drawn_by_us_and_says_in_words_what_it_shows(client: FlaskClient) -> None:
    field, pickup = make.field("Campo della Sforzesca"), make.pickup()
    distance.measure(field, pickup.place)
    make.chard(field_id=field.id)
    page = client.get("/prodotti/bietole").text
    assert "Campo della Sforzesca è a Vigevano, 4 km in linea d&#39;aria a sud-est di Piazza Ducale." in page
    drawing = page[page.index('<svg viewBox="0 0 360 220"') : page.index("</svg>", page.index('viewBox="0 0 360 220"'))]
    assert "Ticino" in drawing
    assert "style=" not in drawing
    assert "http" not in drawing


def test_the_map_shows_the_field_alone_where_nothing_was_measured(client: FlaskClient) -> None:
    make.pickup()
    make.chard(field_id=make.field("Campo mai misurato").id)
    page = client.get("/prodotti/bietole").text
    assert 'aria-label="Campo mai misurato è a Vigevano."' in page
    assert "linea d" not in page
    assert "straight" not in page


@pytest.mark.usefixtures("app")
def test_everything_on_the_map_is_within_it_near_and_far_and_nowhere_twice() -> None:
    place = Place(latitude=45.3166, longitude=8.8583)
    for lat, lon in ((45.3166, 8.8583), (45.31, 8.86), (44.74, 9.28), (45.07, 7.69), (45.36, 8.80)):
        drawn = maps.sketch(
            Field(name="Campo", municipality="Vigevano", latitude=lat, longitude=lon), place, "Piazza Ducale", 5
        )
        spots = [drawn.field, drawn.pickup]
        assert all(each and 0 < each.x < maps.WIDTH and 0 < each.label_y < maps.HEIGHT for each in spots)
        assert drawn.field.label_y != (drawn.pickup and drawn.pickup.label_y)
        assert 0 < drawn.scale < maps.WIDTH / 2


# --- claims


def test_a_short_chain_is_said_where_somebody_has_said_how_many_resell_and_it_is_national(client: FlaskClient) -> None:
    make.pickup()
    goods: list[tuple[str, dict[str, Any], str]] = [
        ("mio", {"resellers": 0}, "nessuno compra e rivende"),
        ("del-vicino", {"resellers": 1}, "al massimo una persona che rivende"),
        ("del-grossista", {"resellers": 2}, ""),
        ("di-nessuno", {}, ""),
        ("di-fuori", {"resellers": 0, "origin": "Spagna"}, ""),
    ]
    for slug, more, said in goods:
        make.product(slug, **more)
        page = page_of(client, slug)
        assert said in page
        assert ("iliera corta" in page) == bool(said)


def test_what_is_in_a_liquid_shows_its_drained_weight_and_the_price_for_that(client: FlaskClient) -> None:
    make.pickup()
    make.product("giardiniera", price=520, net=300, drained=180, perishable=False, prepacked=True)
    assert "300 g, sgocciolato 180 g, 28,89 € al chilo sgocciolato" in page_of(client, "giardiniera")


def test_a_mixed_box_lists_what_is_in_it_and_has_no_price_per_kilo(client: FlaskClient) -> None:
    make.pickup()
    make.product("cassetta", price=1500, net=5_000, contents="patate, carote, mele", origin="UE")
    page = page_of(client, "cassetta")
    assert "Dentro trovi: patate, carote, mele" in page
    assert "Paese di origine UE" in page
    assert "al chilo" not in page


# --- a lower price (art. 17-bis Consumer Code)


def priced(*changes: tuple[int, int]) -> Product:
    """(days ago, cents), the first one when it was new."""
    (first, cents), *later = changes
    with clock.at(clock.now() - timedelta(days=first)):
        honey = make.honey(price=cents)
    for ago, price in later:
        with clock.at(clock.now() - timedelta(days=ago)):
            products.set_price(honey.id, price)
    db.session.rollback()
    make.fresh(honey)
    return honey


@pytest.mark.parametrize(
    ("changes", "before"),
    [
        ([(90, 900), (2, 850)], 900),
        ([(90, 800), (50, 950), (20, 900), (2, 850)], 900),  # of the 30 days before the cut, 950 and 900
        ([(90, 900), (40, 820), (20, 950), (2, 850)], None),  # 820 was in force in those days: nothing to boast of
        ([(90, 900), (10, 860), (2, 850)], 860),
        ([(90, 850), (2, 900)], None),
        ([(90, 900), (31, 850)], None),
        ([(90, 850)], None),
    ],
)
@pytest.mark.usefixtures("app")
def test_a_lower_price_is_told_with_the_lowest_of_the_30_days_before_it(
    changes: list[tuple[int, int]], before: int | None
) -> None:
    found = products.find_before(priced(*changes))
    assert (found.cents if found else None) == before
    assert found is None or found.since is None


def test_the_page_says_the_price_before_and_since_when_where_the_product_is_young(client: FlaskClient) -> None:
    make.pickup()
    honey = priced((12, 900), (2, 850))
    assert "8,50 € al vasetto Prima 9,00 €, il prezzo più basso da " in page_of(client, honey.slug)
    products.set_price(honey.id, 900)
    assert "Prima" not in page_of(client, honey.slug)
