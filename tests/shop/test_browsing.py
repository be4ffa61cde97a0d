"""The shelves and one product: what a citizen sees before deciding."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from catalog import distance
from core.settings import ROOT
from tests import factories as make
from tests.shop.citizen import put, statements, words

SCRIPT = r'<script(?! type="application/ld\+json")'
"""What a browser runs: facts for search engines are none."""


def test_a_card_says_name_price_unit_estimate_maximum_origin_and_kilometres(client: FlaskClient) -> None:
    field, pickup = make.field("Campo della Sforzesca"), make.pickup()
    distance.measure(field, pickup.place)
    make.carrots(field_id=field.id)
    page = words(client.get("/").text)
    assert "Carote 2,90 € al chilo 100 g: circa 0,29 €, al massimo 0,32 €" in page
    assert "Campo della Sforzesca, Italia" in page
    assert "4 km in linea d'aria da Piazza Ducale" in page
    assert "A chilometro zero" in page


def test_zero_km_is_only_said_where_the_stored_distance_says_so(client: FlaskClient) -> None:
    make.pickup()
    make.carrots(field_id=make.field("Campo mai misurato").id)
    for path in ("/", "/prodotti/carote"):
        page = words(client.get(path).text)
        assert "Carote" in page
        assert "hilometro zero" not in page
        assert "in linea d'aria" not in page


def test_far_away_is_told_in_kilometres_and_is_not_zero_km(client: FlaskClient) -> None:
    field = make.field("Frutteto di Torino", municipality="Torino", province="TO", latitude=45.07049, longitude=7.68682)
    distance.measure(field, make.pickup().place)
    make.carrots(field_id=field.id)
    page = words(client.get("/prodotti/carote").text)
    assert "96 km in linea d'aria" in page, "95.79 on the great circle"
    assert "chilometro zero" not in page


@pytest.mark.parametrize(("left", "said"), [(6_000, "Ne restano 6 chili"), (1_000, "Ne resta 1 chilo"), (50, "Finito")])
def test_scarcity_is_said_when_it_is_true(client: FlaskClient, left: int, said: str) -> None:
    make.pickup()
    make.carrots(left=left)
    assert said in words(client.get("/").text)


def test_plenty_is_not_called_scarce_and_what_is_gone_cannot_be_added(client: FlaskClient) -> None:
    make.pickup()
    make.carrots(left=50_000)
    make.chard(left=0)
    page = words(client.get("/").text)
    assert "Ne rest" not in page
    assert page.count("Aggiungi") == 1


def test_a_pack_shows_its_price_per_kilo_and_a_loose_product_only_that(client: FlaskClient) -> None:
    make.pickup()
    make.honey()
    page = words(client.get("/prodotti/miele-acacia").text)
    assert "8,50 € al vasetto 500 g, 17,00 € al chilo" in page


def test_a_product_page_says_everything_the_law_wants_before_buying(client: FlaskClient) -> None:
    make.pickup()
    make.honey(ingredients="miele", storage="Al fresco", allergens="nessuno")
    page = words(client.get("/prodotti/miele-acacia").text)
    for said in ("Paese di origine Italia", "Ingredienti miele", "Allergeni nessuno", "Al fresco", "Recesso entro 14"):
        assert said in page


def test_a_weighed_product_explains_estimate_and_maximum(client: FlaskClient) -> None:
    make.pickup()
    make.carrots()
    page = words(client.get("/prodotti/carote").text)
    assert "500 g, circa 1,45 €" in page
    assert "paghi al massimo il 10% in più" in page


def test_season_is_told_in_months(client: FlaskClient) -> None:
    make.pickup()
    make.chard(season="10-3")
    assert "da ottobre a marzo" in words(client.get("/prodotti/bietole").text)


def test_the_english_page_is_english(client: FlaskClient) -> None:
    make.pickup()
    make.chard(name_en="Chard", unit_en="bunch", unit_plural_en="bunches")
    answer = client.get("/prodotti/bietole?lang=en&da=x")
    assert (answer.status_code, answer.location) == (303, "/prodotti/bietole?da=x")
    page = client.get("/prodotti/bietole").text
    assert '<html lang="en">' in page
    assert "Chard" in page
    assert "€1.80" in page
    assert "1 bunch" in page
    assert "Bietole" not in page


def test_the_language_switch_never_leads_elsewhere(client: FlaskClient) -> None:
    for path in ("//evil.example/?lang=en", "/%5Cevil.example?lang=en", "/%0aevil?lang=en"):
        location = client.get(path, base_url="http://localhost").headers["Location"]
        assert not location.startswith(("//", "/\\"))
        assert "\n" not in location


@pytest.mark.parametrize("slug", ["non-c-e", "%00", "a%00b", "'", "%F0%9F%8C%B1"])
def test_a_product_that_is_not_there_is_a_calm_page(client: FlaskClient, slug: str) -> None:
    answer = client.get(f"/prodotti/{slug}")
    assert answer.status_code == 404
    assert "Questo prodotto non c'è." in words(answer.text)


def test_a_product_without_a_picture_yet_stands_on_the_shelf_all_the_same(client: FlaskClient) -> None:
    make.pickup()
    make.product("mai-disegnato")
    assert "senza-figura.svg" in client.get("/").text
    assert client.get("/prodotti/mai-disegnato").status_code == 200


def test_a_practice_product_is_never_on_the_shelves(client: FlaskClient) -> None:
    make.pickup()
    make.chard(practice=True)
    assert "Bietole" not in client.get("/").text
    assert client.get("/prodotti/bietole").status_code == 404


def test_the_shelves_take_three_statements_however_many_the_cards(client: FlaskClient) -> None:
    pickup = make.pickup()
    client.get("/")  # who sells stands below every page and does not change with the cards
    for _n in range(12):
        field = make.field()
        distance.measure(field, pickup.place)
        put(client, make.product(field_id=field.id))
    with statements() as seen:
        assert client.get("/").status_code == 200
    assert len(seen) <= 3, seen


def test_other_pages_take_few_statements(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.chard())
    put(client, make.honey())
    for path in ("/prodotti/bietole", "/ritiro", "/carrello", "/cassa", "/pagine/privacy"):
        with statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 4, (path, seen)


def test_the_first_view_is_at_most_fourteen_kilobytes(client: FlaskClient) -> None:
    """Goal 11, with the forty products of a real week; page and style sheets as they are compressed on the way."""
    pickup = make.pickup()
    for n in range(40):
        field = make.field(f"Campo del gelso numero {n}")
        distance.measure(field, pickup.place)
        make.product(f"verdura-numero-{n}", field_id=field.id, kind="by_weight", price=190 + n, step=500, season="10-3")
    page = client.get("/").data
    sheets = re.findall(rb'<link rel="stylesheet" href="/static/([^"?]+)', page)
    assert len(sheets) == 4
    style = sum(len(gzip.compress((ROOT / "static" / sheet.decode()).read_bytes())) for sheet in sheets)
    assert len(gzip.compress(page)) + style <= 14 * 1024
    assert not re.search(SCRIPT, page.decode())


def test_no_page_asks_anything_of_another_address(client: FlaskClient) -> None:
    put(client, make.chard())
    make.pickup()
    paths = ["/", "/prodotti/bietole", "/ritiro", "/carrello", "/cassa", "/pagine/privacy", "/non-c-e"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == (404 if path == "/non-c-e" else 200), path
        page = re.sub(
            r'<link rel="canonical" href="http://127.0.0.1:8000/[^"]*">', "", answer.text
        )  # nobody fetches it
        assert not re.search(r'(?:src|action|href)="(?:https?:)?//', page), path
        assert not re.search(rf'\son\w+="|\sstyle="|<style|{SCRIPT}', page), path


def test_robots_may_read_the_shelves_and_no_order(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /ordini/" in answer.text


def test_from_a_round_the_distance_is_to_its_town_not_to_its_name(client: FlaskClient) -> None:
    field, home = make.field("Campo"), make.place(name="A casa tua", kind="round", municipality="Vigevano")
    distance.measure(field, home)
    make.pickup(home)
    make.chard(field_id=field.id)
    page = words(client.get("/").text)
    assert "in linea d'aria da Vigevano" in page
    assert "aria da A casa tua" not in page
