"""What machines read of the shop: robots.txt, the sitemap, the feed, the manifest, the facts in a page's head."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as xml

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog import pickups, pictures, products, stock
from core import clock, undo
from core.settings import ROOT
from orders import cancelling, rescheduling
from shop import machines
from tests import factories as make
from tests.photographs import photograph
from tests.shop.citizen import statements

BASE = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(client: FlaskClient, path: str) -> xml.Element:
    return xml.fromstring(client.get(path).data)  # noqa: S314 - our own answer


def test_robots_are_kept_from_what_belongs_to_one_person_and_told_of_the_sitemap(client: FlaskClient) -> None:
    said = client.get("/robots.txt").text
    for path in ("/ordini/", "/carrello", "/cassa", "/banco", "/tutor"):
        assert f"Disallow: {path}\n" in said
    assert f"Sitemap: {BASE}/sitemap.xml" in said


def test_the_sitemap_names_pages_that_answer_and_no_others(client: FlaskClient) -> None:
    make.pickup()
    make.chard()
    hidden = make.honey()
    products.set_on_sale(hidden.id, False, by=None)
    found = [loc.text or "" for loc in parsed(client, "/sitemap.xml").iter() if loc.tag.endswith("loc")]
    assert f"{BASE}/prodotti/bietole" in found
    assert f"{BASE}/prodotti/{hidden.slug}" not in found
    assert len(found) == len(set(found)) > 8
    for address in found:
        assert client.get(address.removeprefix(BASE)).status_code == 200, address


def test_the_feed_has_an_entry_for_each_pickup_that_takes_orders(client: FlaskClient) -> None:
    open_one = make.pickup()
    feed = parsed(client, "/prossimi-ritiri.xml")
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 1
    assert open_one.place.municipality in (entries[0].findtext(f"{ATOM}title") or "")
    assert "Si ordina fino a" in (entries[0].findtext(f"{ATOM}summary") or "")
    again = parsed(client, "/prossimi-ritiri.xml")
    for name in ("id", "updated"):
        assert [e.findtext(f"{ATOM}{name}") for e in again.iter()] == [e.findtext(f"{ATOM}{name}") for e in feed.iter()]


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def updated(client: FlaskClient) -> tuple[str, list[str]]:
    """Of the feed, and of each entry."""
    feed = parsed(client, "/prossimi-ritiri.xml")
    entries = feed.findall(f"{ATOM}entry")
    return feed.findtext(f"{ATOM}updated") or "", [each.findtext(f"{ATOM}updated") or "" for each in entries]


def test_each_entry_is_as_new_as_what_it_says_and_the_feed_as_the_newest(client: FlaskClient) -> None:
    now, hour = clock.now(), timedelta(hours=1)
    moments = [now - count * hour for count in range(9, 0, -1)]
    with clock.at(moments[0]):
        first = make.pickup(days=4)
    with clock.at(moments[1]):
        second = make.pickup(make.place(), days=5, capacity=1)
    assert updated(client) == (stamp(moments[1]), [stamp(moments[0]), stamp(moments[1])])
    with clock.at(moments[2]):
        day = first.day + timedelta(days=2)
        rescheduling.move(first.id, day=day, from_minute=600, to_minute=660, reason="Festa", by=None)
    make.fresh(first)
    assert updated(client) == (stamp(moments[2]), [stamp(moments[1]), stamp(moments[2])])
    with clock.at(moments[3]):
        undo.undo_last(first)
    make.fresh(first)
    assert updated(client) == (stamp(moments[3]), [stamp(moments[3]), stamp(moments[1])])
    with clock.at(moments[4]):
        order = make.order(make.wish(make.honey()), at=second)
    assert updated(client)[1] == [stamp(moments[3]), stamp(moments[4])]  # the only place has gone
    with clock.at(moments[5]):
        cancelling.cancel(order.id, why="citizen")
    with clock.at(moments[6]):
        pickups.set_capacity(first.id, 9, by=None)
    assert updated(client) == (stamp(moments[6]), [stamp(moments[6]), stamp(moments[5])])
    with clock.at(moments[7]):
        make.order(make.wish(make.chard()), at=first)
    assert updated(client)[0] == stamp(moments[6])  # what it says stays: there are places


def test_more_pickups_take_no_more_statements(client: FlaskClient) -> None:
    make.pickup()
    with statements() as few:
        client.get("/prossimi-ritiri.xml")
    for days in (4, 5, 6):
        make.order(make.wish(make.product()), at=make.pickup(make.place(), days=days))
    make.fresh(None)
    with statements() as many:
        client.get("/prossimi-ritiri.xml")
    assert len(few) == len(many) <= 5, many


def test_without_a_pickup_the_feed_is_empty_and_whole(client: FlaskClient) -> None:
    feed = parsed(client, "/prossimi-ritiri.xml")
    assert feed.findtext(f"{ATOM}id")
    assert feed.findtext(f"{ATOM}updated")
    assert feed.findall(f"{ATOM}entry") == []


def test_the_manifest_names_pictures_that_are_there_in_their_size(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert told["start_url"] == "/"
    for icon in told["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.status_code == 200
            width, height = (int.from_bytes(picture.data[at : at + 4]) for at in (16, 20))  # PNG's header
        assert f"{width}x{height}" == icon["sizes"]


def test_the_facts_of_a_product_give_the_price_of_a_kilo_as_the_page_does(app: Flask) -> None:
    chard = make.carrots(price=390)
    with app.test_request_context():
        told = machines.of_product(chard)
    assert told["offers"]["price"] == "3.90"
    assert told["offers"]["priceSpecification"]["referenceQuantity"] == {
        "@type": "QuantitativeValue",
        "value": 1,
        "unitCode": "KGM",
    }
    assert told["offers"]["availability"].endswith("InStock")


@pytest.mark.parametrize(("cents", "said"), [(5, "0.05"), (850, "8.50"), (100000, "1000.00")])
def test_a_price_keeps_both_digits_of_its_cents(app: Flask, cents: int, said: str) -> None:
    honey = make.honey(price=cents)
    with app.test_request_context():
        assert machines.of_product(honey)["offers"]["price"] == said


def test_what_is_sold_out_is_told_so(app: Flask) -> None:
    honey = make.honey()
    stock.empty(honey.id)
    with app.test_request_context():
        told = machines.of_product(products.get(honey.id))
    assert told["offers"]["availability"].endswith("OutOfStock")
    assert "referenceQuantity" not in told["offers"]["priceSpecification"]


def picture(client: FlaskClient, slug: str) -> str:
    """What the product's page tells machines to show of it; empty where it names nothing."""
    page = client.get(f"/prodotti/{slug}").text
    (facts,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(facts).get("image", "").removeprefix(BASE)


def test_each_product_is_shown_by_a_picture_of_its_own_or_by_none(client: FlaskClient) -> None:
    make.pickup()
    chard, honey = make.chard(), make.product("miele-acacia")
    make.product("mai-disegnato")
    shown = {slug: picture(client, slug) for slug in ("bietole", "miele-acacia", "mai-disegnato")}
    assert shown["bietole"].startswith("/static/img/products/bietole.svg?v=")
    assert shown["miele-acacia"].startswith("/static/img/products/miele-acacia.svg?v=")
    assert shown["mai-disegnato"] == ""
    pictures.put(honey.id, pictures.develop(photograph()), by=None)
    make.fresh(None)
    assert products.get(chard.id).picture == ""
    shown["miele-acacia"] = picture(client, "miele-acacia")
    assert shown["miele-acacia"] == f"/immagini/{products.get(honey.id).picture}-1080.jpg"
    for path in (shown["bietole"], shown["miele-acacia"]):
        with client.get(path) as answer:
            assert (answer.status_code, (answer.mimetype or "").partition("/")[0]) == (200, "image")


@pytest.mark.parametrize("path", ["/", "/prodotti/bietole"])
def test_the_head_says_what_is_shown_where_somebody_shares_the_page(client: FlaskClient, path: str) -> None:
    make.pickup()
    make.chard(description="Tenere </script> e dolci")
    page = client.get(path).text
    shared = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert shared["url"] == BASE + path
    assert f'<link rel="canonical" href="{BASE}{path}">' in page
    picture = shared["image"].removeprefix(BASE).split("?")[0]
    with client.get(picture) as answer:
        assert answer.status_code == 200
    facts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert [json.loads(each)["@type"] for each in facts] == ["Store" if path == "/" else "Product"]


def test_every_page_of_the_shop_leads_to_manifest_and_feed(client: FlaskClient) -> None:
    for path in ("/", "/campi", "/pagine/cookie"):
        page = client.get(path).text
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        assert 'type="application/atom+xml" href="/prossimi-ritiri.xml"' in page


def test_the_picture_for_sharing_is_small() -> None:
    assert (ROOT / "static/img/share.png").stat().st_size < 50_000
