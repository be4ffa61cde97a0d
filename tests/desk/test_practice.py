"""Practice at the desk: everything may be tried, nothing real is shown or touched, and every screen says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, keys
from core.database import db
from core.journal import Entry
from orders import books, drawers, finding, takings
from orders.models import Order
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.test_doors import signed_in

SIGN = "Questa è una prova"


@pytest.fixture(autouse=True)
def in_the_morning(app: Flask) -> Iterator[None]:
    with clock.at(clock.rome(clock.today(), 9)):
        yield


def begin(enter: EnterAs, level: int = 2) -> tuple[Desk, Order]:
    """Anna, who has no grant, practises; a real crate and a real harvest wait meanwhile."""
    real = crates.mixed()
    desk = enter(make.person("Anna", support_level=level))
    desk.go("/banco/prova", method="post")
    return desk, real


def test_it_can_be_reached_from_today_and_left_again(enter: EnterAs) -> None:
    make.place()
    make.chard()
    desk = enter(make.person("Anna")).go("/banco").press("Prova")
    assert (desk.heading, SIGN in desk.text) == ("Scegli che cosa provare", True)
    desk.press("Basta prova")
    assert "La prova è finita. Adesso è lavoro vero." in desk.text
    assert SIGN not in desk.go("/banco").text


@pytest.mark.parametrize("level", [2, 1, 0])
def test_all_the_work_can_be_tried_without_a_grant_and_every_screen_says_that_it_is_practice(
    enter: EnterAs, level: int
) -> None:
    desk, real = begin(enter, level)
    before = crates.state(real.id)
    done = select(func.count()).select_from(Order).where(Order.handed_over_at.is_not(None))
    for _crate in range(2):
        desk.go("/banco/prepara")
        way = next(way for way in desk.ways if "/banco/casse/" in way.path)
        desk.go(way.path).prepare({"bietole": 0, "carote": 500, "zucca": 1800})
    desk.go("/banco/consegna")
    way = next(way for way in desk.ways if way.path.startswith("/banco/consegna/") and way.path[-1].isdigit())
    desk.go(way.path)
    while db.session.scalar(done) == 0:
        desk.press_main()
    assert all(SIGN in page for page in desk.pages[2:])
    assert crates.state(real.id) == before
    assert takings.between(clock.today(), clock.today()) == []
    assert books.look().problems == []


def test_nothing_real_is_listed_or_opened_during_practice(enter: EnterAs) -> None:
    desk, real = begin(enter)
    for room in ("casse", "consegna"):
        assert desk.go(f"/banco/{room}/{real.id}").status == 404
    assert real.id not in {order.id for order in finding.to_prepare(practice=True)}
    assert f"/banco/casse/{real.id}" not in desk.go("/banco/prepara").html


def test_a_real_deed_is_refused_whatever_screen_it_comes_from(enter: EnterAs) -> None:
    desk, real = begin(enter)
    line, before = real.lines[0], crates.state(real.id)
    last = db.session.scalar(select(func.max(Entry.id)))
    desk.go(f"/banco/casse/{real.id}/righe/{line.id}/presa", method="post", sends={"version": str(line.version)})
    assert desk.status in (404, 409)
    desk.go(f"/banco/raccolto/{real.pickup_id}/{line.product_id}", method="post", sends={"arrived": "2", "seen": ""})
    assert desk.status == 409
    assert "Questa è una prova: il lavoro vero non si tocca." in desk.text
    assert crates.state(real.id) == before
    assert db.session.scalar(select(func.max(Entry.id))) == last


def test_practice_crates_are_not_for_work_nor_for_somebody_else(enter: EnterAs) -> None:
    desk, _real = begin(enter)
    own = next(way.path for way in desk.go("/banco/prepara").ways if "/banco/casse/" in way.path)
    desk.go("/banco/prova/basta", method="post")
    assert desk.go(own).status == 404
    other = enter(make.person("Bruno")).go("/banco/prova", method="post")
    assert other.go(own).status == 404


def test_somebody_else_at_the_tablet_does_not_practise(app: Flask, enter: EnterAs) -> None:
    desk, _real = begin(enter)
    bruno = make.person("Bruno")
    desk.press("Casa").go("/banco/esci", method="post")
    desk.go(f"/banco/chi-sei/{bruno.id}", method="post")
    assert SIGN not in desk.go("/banco").text
    assert signed_in(app, make.tutor(), "password").get("/banco").status_code == 200


def test_help_and_ones_own_screen_are_real_in_practice_too(enter: EnterAs) -> None:
    """Whoever learns needs a tutor most (criterion 37)."""
    desk, _real = begin(enter)
    desk.go("/banco/prepara").press("Aiuto")
    assert "Ho chiamato" in desk.text
    for _time in range(2):
        desk.go("/banco/consegna/trova", method="post", sends={"numero": "77", "volte": "1", "key": keys.new()})
        assert desk.status == 404
    desk.go("/banco/io/lettere", method="post", sends={"vuole": "1", "key": keys.new()})
    assert desk.status == 200
    called = select(func.count()).select_from(Entry).where(Entry.action == "help.called")
    assert db.session.scalar(called)
    assert SIGN in desk.text


@pytest.mark.parametrize(
    "path", ["cassa", "cassa/{place}", "cassa/{place}/contata", "raccolto", "scaffali", "scaffali/conta"]
)
def test_rooms_in_which_everything_is_real_are_shut_to_practice(enter: EnterAs, path: str) -> None:
    desk, real = begin(enter)
    drawers.count(real.pickup.place, {100: 3}, by=None)
    answer = desk.client.get(f"/banco/{path.format(place=real.pickup.place_id)}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/banco")


def test_practice_ends_with_the_day(enter: EnterAs) -> None:
    desk, _real = begin(enter)
    assert SIGN in desk.go("/banco").text
    with clock.at(clock.rome(clock.today() + timedelta(days=1), 9)):
        assert SIGN not in desk.go("/banco").text
