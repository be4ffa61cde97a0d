"""Pages are kept, and nobody can tell: each is as fresh as one that was made this moment, and as private."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from catalog import distance, land, pickups, places, products, stock, telling, wording
from catalog.models import Product
from core import clock, gaps
from core.database import db, transaction
from core.keeping import forget_everything
from orders import cancelling, closing, rescheduling
from orders.models import Seller
from shop import cards
from tests import factories as make
from tests.shop.citizen import hidden, put, statements, words
from tests.together import faults, together

PATHS = ("/", "/prodotti/carote", "/prodotti/miele-acacia", "/?scaffale=orto", "/stagioni")


class World:
    """Carrots and honey at a stall, an order of both, a second pick-up."""

    def __init__(self) -> None:
        self.boss = make.tutor().id
        self.field, self.mill, self.place = make.field("Campo lungo"), make.field("Mulino"), make.place()
        for field in (self.field, self.mill):
            distance.measure(field, self.place)
        self.carrots = make.carrots(field_id=self.field.id, season="9-12", left=5_000)
        self.honey = make.honey(field_id=self.field.id, processed_at_id=self.mill.id)
        self.pickup, self.later = make.pickup(self.place), make.pickup(self.place, days=5)
        self.order = make.order(make.wish(self.carrots, 500), make.wish(self.honey, 2), at=self.pickup)

    def call_off(self) -> None:
        rescheduling.call_off(self.pickup.id, "gelata", by=self.boss)

    def move(self) -> None:
        day = self.pickup.day + timedelta(days=1)
        times = {"from_minute": 9 * 60, "to_minute": 11 * 60}
        rescheduling.move(self.pickup.id, day=day, **times, reason="la piazza è occupata", by=self.boss)

    def close(self) -> None:
        with clock.at(self.pickup.cutoff_at):
            closing.close(self.pickup.id)

    def move_field(self) -> None:
        places.move_field(self.field.id, 45.07, 7.68, municipality="Torino", province="TO", by=self.boss)

    def move_place(self) -> None:
        facts = {name: getattr(self.place, name) for name in ("name", "name_en", "kind", "address")}
        moved = facts | {"latitude": 45.07, "longitude": 7.68, "municipality": "Torino", "province": "TO"}
        land.change_place(self.place.id, moved, by=self.boss)

    def describe(self) -> None:
        kept = {name: getattr(self.carrots, name) for name in telling.WORDS}
        said = kept | {"name": "Carote di sabbia", "allergens": ["sedano"], "description": "Dolci."}
        products.describe(self.carrots.id, said, seen_as=None, by=self.boss)

    def sell_more(self) -> None:
        with transaction() as session:
            session.add(Seller(id=1, name="Cascina Nuova", **dict.fromkeys(("address", "email", "pec", "phone"), "x")))

    def in_one_go(self) -> None:
        with transaction():
            products.set_price(self.honey.id, 975)
            stock.offer(self.carrots, 500)
            pickups.set_capacity(self.pickup.id, 12, by=self.boss)


DEEDS: dict[str, Callable[[World], Any]] = {
    "another price": lambda it: products.set_price(it.carrots.id, 310),
    "other words": World.describe,
    "out of the window": lambda it: products.set_on_sale(it.carrots.id, False, by=it.boss),
    "a new product": lambda it: make.chard(field_id=it.mill.id),
    "some is offered": lambda it: stock.offer(it.carrots, 700),
    "some is counted": lambda it: stock.count(it.carrots, 1_000),
    "there is none": lambda it: stock.count(it.honey, 0),
    "somebody orders": lambda it: make.order(make.wish(it.carrots, 1_000), at=it.pickup),
    "somebody cancels": lambda it: cancelling.cancel(it.order.id),
    "fewer places": lambda it: pickups.set_capacity(it.pickup.id, 1, by=it.boss),
    "it is called off": World.call_off,
    "it is moved": World.move,
    "it is closed": World.close,
    "a pick-up before it": lambda it: make.pickup(it.place, days=2),
    "another fee": lambda it: places.set_fee(it.place.id, 250, by=it.boss),
    "the place moves": World.move_place,
    "the field has another name": lambda it: land.rename_field(it.field.id, "Campo corto", by=it.boss),
    "the field moves": World.move_field,
    "who sells": World.sell_more,
    "several things at once": World.in_one_go,
}


def bare(page: str) -> str:
    """Without what is the visitor's own in any case."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def look(client: FlaskClient) -> dict[str, str]:
    db.session.rollback()
    return {path: bare(client.get(path).text) for path in PATHS}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_very_next_page_shows_it(app: Flask, deed: str) -> None:
    """As one that is made of nothing that was kept. Twice before the deed, so that everything is kept that can be."""
    world, client = World(), app.test_client()
    look(client)
    before = look(client)
    DEEDS[deed](world)
    after = look(client)
    assert after != before, "the deed can be seen"
    forget_everything()
    assert after == look(client)
    assert after == look(client), "and as it is kept from now on"


@pytest.mark.parametrize("deed", [*DEEDS, "another zone"])
def test_the_checkout_of_a_guest_is_as_fresh(app: Flask, deed: str) -> None:
    """With a round among the pick-ups, so that it says where that goes."""
    world, client = World(), app.test_client()
    home = make.place(kind="round", fee=300)
    places.add_zone(home.id, "Vigevano", "27029", by=world.boss)
    make.pickup(home, days=4)
    put(client, world.carrots, 500)
    put(client, world.honey, 1)

    def checkout() -> str:
        db.session.rollback()
        return re.sub(r'name="key" value="[^"]*"', "", bare(client.get("/cassa").text))

    checkout()
    before = checkout()
    if deed == "another zone":
        places.add_zone(home.id, "Mortara", "27036", by=world.boss)
        assert "Mortara" in checkout()
    else:
        DEEDS[deed](world)
    after = checkout()
    forget_everything()
    assert after == checkout()
    assert after == checkout()
    assert "Carote" in before


def test_a_pick_up_that_has_just_filled_up_is_full_at_the_checkout(app: Flask) -> None:
    world, client = World(), app.test_client()
    last = make.pickup(world.place, days=4, capacity=1)
    put(client, world.carrots, 500)
    assert "Al completo" not in client.get("/cassa").text
    make.order(at=last)
    db.session.rollback()
    assert "Al completo" in client.get("/cassa").text


def test_two_guests_have_each_their_own_checkout(app: Flask) -> None:
    """Kept for both, filled for each: lines, sums and the key of the form."""
    world, one, other = World(), app.test_client(), app.test_client()
    put(one, world.carrots, 500)
    put(other, world.honey, 1)
    mine = ""
    for _turn in range(2):
        mine, theirs = one.get("/cassa").text, other.get("/cassa").text
        assert ("Carote" in mine, "Miele" in mine) == (True, False)
        assert ("Carote" in theirs, "Miele" in theirs) == (False, True)
        assert hidden(mine)["key"] != hidden(theirs)["key"]
        assert hidden(mine)["csrf_token"] != hidden(theirs)["csrf_token"]
    assert hidden(one.get("/cassa").text)["key"] != hidden(mine)["key"]


@pytest.mark.usefixtures("app")
def test_what_the_clock_changes_needs_no_deed(client: FlaskClient) -> None:
    world = World()
    look(client)
    for moment in (world.pickup.cutoff_at, world.later.cutoff_at, world.later.cutoff_at + timedelta(days=100)):
        with clock.at(moment + timedelta(seconds=1)):
            kept = look(client)
            forget_everything()
            assert kept == look(client)
    assert look(client)["/"] != kept["/"]


def test_deeds_at_the_same_instant_leave_no_old_page_behind(app: Flask) -> None:
    """Each changes a price and looks at once: its own price stands on the page, whoever else commits meanwhile."""
    make.pickup()
    goods = [make.product(f"merce-{n}", price=100).id for n in range(4)]
    slugs = [db.session.get_one(Product, key).slug for key in goods]
    db.session.remove()

    def change(which: int) -> None:
        client = app.test_client()
        for turn in range(8):
            cents = 1_000 + which * 100 + turn
            products.set_price(goods[which], cents)
            said = f"{cents // 100},{cents % 100:02}"
            assert said in client.get("/").text, (which, turn)
            assert said in client.get(f"/prodotti/{slugs[which]}").text, (which, turn)

    assert faults(together(app, *[lambda which=which: change(which) for which in range(4)])) == []


def test_nobody_sees_what_another_has(app: Flask) -> None:
    world, anna, boris = World(), app.test_client(), app.test_client()
    for client in (anna, boris):
        client.get("/")
    put(anna, world.carrots, 700)
    anna.post("/ritiro", data={"ritiro": world.later.id})
    for _turn in range(2):
        hers, his = anna.get("/").text, boris.get("/").text
        assert "Nel carrello: 700" in words(hers)
        assert "Carrello · 1" in words(hers)
        assert wording.place(world.later.place) in words(hers)
        assert "Nel carrello" not in his
        assert "Carrello · 0" in words(his)
        assert token(hers) != token(his)
        assert 'class="basket-bar"' not in his
    said = words(anna.post("/carrello", data={"prodotto": world.honey.id}, follow_redirects=True).text)
    assert "Miele di acacia: nel carrello 1 vasetto." in said
    assert "nel carrello 1 vasetto" not in words(boris.get("/").text)
    assert "nel carrello 1 vasetto." not in words(anna.get("/").text), "it is said once"
    boris.get("/?lang=en")
    assert 'lang="en"' in boris.get("/").text.partition("\n<head>")[0]
    assert 'lang="it"' in anna.get("/").text.partition("\n<head>")[0]


def test_a_page_for_everybody_may_not_ask_for_the_session_of_one(app: Flask) -> None:
    with app.test_request_context("/"):
        with pytest.raises(RuntimeError):
            gaps.written_by_nobody(lambda: str(session.get("basket")))
        assert gaps.written_by_nobody(lambda: "nothing of anybody") == "nothing of anybody"


def token(page: str) -> str:
    return hidden(page)["csrf_token"]


def test_the_front_and_flask_say_the_same_and_both_their_tokens_are_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    World()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    client.get("/")
    through_flask = client.get("/")
    asked = list[str]()
    monkeypatch.setattr(app, "full_dispatch_request", lambda: asked.append("flask"))
    from_the_front = client.get("/")
    assert asked == []
    monkeypatch.undo()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert bare(from_the_front.text) == bare(through_flask.text)
    assert sorted(from_the_front.headers) == sorted(through_flask.headers)
    for page in (from_the_front.text, through_flask.text):
        sent = {"csrf_token": token(page), "prodotto": db.session.query(Product).first().id}  # type: ignore[union-attr]
        assert client.post("/carrello", data=sent).status_code == 303
    assert client.post("/carrello", data=sent | {"csrf_token": "x"}).status_code == 400


def test_a_cookie_that_was_made_by_somebody_else_is_no_session(app: Flask) -> None:
    World()
    client = app.test_client()
    client.get("/")
    client.set_cookie("chilometrico", "eyJjc3JmX3Rva2VuIjoiYSJ9.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa")
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Set-Cookie" in answer.headers


def test_a_page_is_the_same_compressed(app: Flask) -> None:
    world, client = World(), app.test_client()
    for _turn in range(3):
        client.get("/")  # what there is to say is said
        plain = client.get("/").data
        packed = client.get("/", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert bare(gzip.decompress(packed.data).decode()) == bare(plain.decode())
        assert len(packed.data) * 2 < len(plain)
        put(client, world.honey)  # and then with a basket


def test_the_token_stands_in_the_page_uncompressed(client: FlaskClient) -> None:
    """What the page compresses to says nothing about it (BREACH)."""
    World()
    packed = client.get("/", headers={"Accept-Encoding": "gzip"}).data
    assert token(gzip.decompress(packed).decode()).encode() in packed


def test_a_warm_page_asks_one_thing_and_after_a_change_at_most_three(client: FlaskClient) -> None:
    world = World()
    for n in range(30):
        make.product(f"altro-{n}", field_id=world.mill.id)
    look(client)
    products.set_price(world.honey.id, 900)
    look(client)

    def asked(path: str) -> int:
        db.session.remove()
        with statements() as seen:
            client.get(path)
        return len(seen)

    changes = ("another price", "some is offered", "somebody orders", "out of the window", "the field has another name")
    for path in ("/", "/prodotti/carote"):
        client.get(path)
        assert asked(path) == 1
    for change in (*changes, "the place moves"):
        for row in vars(world).values():
            if not isinstance(row, int):
                db.session.add(row)
        DEEDS[change](world)
        assert asked("/") <= 3
        assert asked("/prodotti/carote") <= 3
        assert asked("/") == 1


def test_more_goods_than_a_page_has_are_all_found_on_the_pages_of_their_shelf(client: FlaskClient) -> None:
    make.pickup()
    made = {make.product(f"erba-{n}", shelf="orto").slug for n in range(cards.MOST + 5)} | {"mele"}
    make.product("mele", shelf="frutta")

    def shown(path: str) -> list[str]:
        return re.findall(r'<li class="card" id="([^"]+)"', client.get(path).text)

    first = shown("/")
    assert len(first) <= cards.MOST
    assert "mele" in first
    assert 'href="/?scaffale=orto"' in client.get("/").text
    pages = shown("/?scaffale=orto") + shown("/?scaffale=orto&pagina=2")
    assert len(pages) == len(set(pages)) == cards.MOST + 5
    assert set(pages) | {"mele"} == made
    assert shown("/?scaffale=orto&pagina=99") == shown("/?scaffale=orto")
    assert client.get("/?scaffale=non-c-e").status_code == 404
