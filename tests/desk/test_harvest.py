"""The harvest comes in: one question a product, one tap an answer, and a way back that stays with the harvest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from catalog import harvest, pickups, stock
from catalog.models import PickUp, Product
from core import clock
from core.database import db
from desk import doubting
from orders import harvesting, preparing, rescheduling
from orders.models import Order
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.test_doors import signed_in

LEVELS = [2, 1, 0]


@pytest.fixture
def pickup() -> PickUp:
    """Tomorrow's, closed: twelve bunches and four and a half kilos are to come in."""
    with clock.at(clock.now() - timedelta(days=2)):
        where = make.pickup(days=3)
        wishes = [make.wish(goods("bietole"), 4), make.wish(goods("carote"), 1500)]
        made = [make.order(*wishes, at=where) for _order in range(3)]
        make.closed(made[0])
    return where


def goods(slug: str) -> Product:
    found = db.session.query(Product).filter_by(slug=slug).one_or_none()
    return found or {"bietole": make.chard, "carote": make.carrots}[slug]()


def worker(level: int = 1, name: str = "Anna") -> Person:
    return make.person(f"{name} {level}", support_level=level)


def arrived(pickup: PickUp) -> dict[str, int]:
    db.session.rollback()
    db.session.expire_all()
    return {slug_of(product_id): arrival.arrived for product_id, arrival in harvest.arrivals(pickup.id).items()}


def slug_of(product_id: int) -> str:
    return db.session.get_one(Product, product_id).slug


def address(pickup: PickUp, slug: str = "") -> str:
    return f"/banco/raccolto/{pickup.id}" + (f"/{goods(slug).id}" if slug else "")


def all_came(desk: Desk, level: int) -> Desk:
    return desk.press("Sì, tutto bietole") if level == 0 else desk.press("Bietole").press("Sì, tutto")


def less_came(desk: Desk, level: int) -> Desk:
    if level == 0:
        return desk.fill("Fatto bietole", arrived="9")
    return desk.press("Bietole").press("Ce n’è meno").type(9).press_main()


def none_came(desk: Desk, level: int) -> Desk:
    return desk.fill("Fatto bietole", arrived="0") if level == 0 else desk.press("Bietole").press("Non ce n’è")


ANSWERS = {
    "all": (all_came, 12, "Segnato: 12 mazzi di bietole."),
    "less": (less_came, 9, "Segnato: 9 mazzi di bietole."),
    "none": (none_came, 0, "Segnato, non ce n’è: bietole."),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("answer", list(ANSWERS))
def test_each_answer_is_the_same_at_every_level_and_can_be_taken_back(
    enter: EnterAs, pickup: PickUp, answer: str, level: int
) -> None:
    act, number, said = ANSWERS[answer]
    desk = enter(worker(level)).press("Raccolto")
    act(desk, level)
    assert said in desk.text
    assert arrived(pickup) == {"bietole": number}
    desk.press("Torna indietro: il raccolto: bietole")
    assert "Tolto: il raccolto: bietole." in desk.text
    assert arrived(pickup) == {}
    if level:
        assert desk.heading == "Guarda: è arrivato tutto?"  # where it can be answered again


def test_what_is_answered_moves_away_and_at_the_end_it_is_said(enter: EnterAs, pickup: PickUp) -> None:
    desk = enter(worker()).press("Raccolto")
    assert [desk.offers(name) for name in ("Bietole", "Carote")] == [True, True]
    assert "12 mazzi" in desk.text
    assert "4 chili e 500 grammi" in desk.text
    desk.press("Bietole").press("Sì, tutto")
    assert [desk.offers(name) for name in ("Bietole", "Carote")] == [False, True]
    desk.press("Carote").press("Ce n’è meno").type(4000).press_main()
    assert desk.heading == "Hai segnato tutto il raccolto"
    assert arrived(pickup) == {"bietole": 12, "carote": 4000}
    assert not desk.press_main().offers("Raccolto")


def test_today_offers_the_harvest_of_today_and_tomorrow_as_long_as_crates_wait_for_it(
    enter: EnterAs, pickup: PickUp
) -> None:
    desk = enter(worker())
    assert desk.find("Raccolto").words == "Raccolto 2 prodotti"
    with clock.at(clock.now() - timedelta(days=1)):
        assert not enter(worker(name="Elena")).offers("Raccolto")  # the day after tomorrow is far
    for order in db.session.query(Order).filter_by(pickup_id=pickup.id):
        for line in order.lines:
            preparing.mark_missing(order.id, line.id, version=line.version, by=None)
    assert not desk.go("/banco").offers("Raccolto")


def test_several_pickups_are_chosen_by_day_and_place(enter: EnterAs, pickup: PickUp) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        make.closed(
            make.order(make.wish(goods("bietole"), 5), at=make.pickup(make.place(name="Casa del Parco"), days=3))
        )
    desk = enter(worker()).press("Raccolto")
    assert desk.heading == "Scegli il raccolto"
    assert "5 mazzi" in desk.press("Casa del Parco").text


def test_there_are_never_more_than_five_products_on_a_page(enter: EnterAs) -> None:
    wishes = [make.wish(make.product(f"erba-{number}"), 1) for number in range(7)]
    with clock.at(clock.now() - timedelta(days=2)):
        order = make.closed(make.order(*wishes, at=make.pickup(days=3)))
    desk = enter(worker()).press("Raccolto")
    seen: set[str] = set()
    for _page in range(2):
        shown = [way.words for way in desk.ways if f"/raccolto/{order.pickup_id}/" in way.path]
        assert len(shown) <= 4
        seen |= set(shown)
        desk.press("Altri")
    assert len(seen) == 7


def write(desk: Desk, pickup: PickUp, level: int, slug: str, typed: str) -> Desk:
    """A number of one product: in its field of the list, or with the keys of the screen for less."""
    if level == 0:
        return desk.go(address(pickup)).fill(f"Fatto {slug}", arrived=typed)
    return desk.go(f"{address(pickup, slug)}/meno").type(int(typed)).press_main()


DOUBTS = {
    "kilos for grams": ("carote", "4", "Hai scritto 4 grammi. Intendi 4 chili?", {"4 chili": 4000, "4 grammi": 4}),
    "kilos, and more than were sold": ("carote", "6", "Hai scritto 6 grammi. Intendi 6 chili?", {"6 chili": 6000}),
    "hardly anything": ("carote", "40", "Hai scritto 40 grammi. Intendi 40 chili?", {"40 grammi": 40}),
    "a thousand times too much": (
        "carote",
        "450000",
        "Hai scritto 450 chili. Intendi 450 grammi?",
        {"450 grammi": 450, "450 chili": 450_000},
    ),
    "more than was sold": ("carote", "5000", "Hai scritto 5 chili. È arrivato tutto?", {"Sì, 5 chili": 5000}),
    "more bunches than were sold": ("bietole", "13", "Hai scritto 13 mazzi. È arrivato tutto?", {"Sì, 13 mazzi": 13}),
    "far more bunches": ("bietole", "1212", "Hai scritto 1212 mazzi. Guarda ancora.", {"Sì, 1212 mazzi": 1212}),
    "far more kilos": ("carote", "42200", "Hai scritto 42 chili e 200 grammi. Guarda ancora.", {"Sì, 42 chili": 42200}),
}
NEITHER = {name for name in DOUBTS if not name.startswith(("kilos", "a thousand"))}
"""Where the way to write it again stands among the answers; elsewhere it is the way back."""


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("doubt", list(DOUBTS))
def test_a_number_that_hardly_can_be_is_asked_about_once_and_then_stands(
    enter: EnterAs, pickup: PickUp, doubt: str, level: int
) -> None:
    slug, typed, says, choices = DOUBTS[doubt]
    for choice, stands in choices.items():
        desk = write(enter(worker(level, f"Anna {choice}")), pickup, level, slug, typed)
        assert desk.status == 422
        assert says in desk.text
        assert arrived(pickup) == {}
        desk.press(choice)
        assert desk.status == 200
        assert arrived(pickup) == {slug: stands}
        desk.press(f"Torna indietro: il raccolto: {slug}")
        assert arrived(pickup) == {}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("doubt", list(DOUBTS))
def test_a_number_that_is_asked_about_is_kept_to_be_written_again(
    enter: EnterAs, pickup: PickUp, doubt: str, level: int
) -> None:
    slug, typed, _says, _choices = DOUBTS[doubt]
    desk = write(enter(worker(level)), pickup, level, slug, typed)
    assert desk.offers("Scrivi di nuovo") == (doubt in NEITHER)
    desk.press("Scrivi di nuovo" if doubt in NEITHER else "Torna indietro")
    assert any(way.sends.get("arrived") == typed for way in desk.ways)
    assert desk.status == 200
    better = "9" if slug == "bietole" else "4200"
    if level == 0:
        desk.fill(f"Fatto {slug}", arrived=better)
    else:
        desk.type(int(better)).press_main()
    assert arrived(pickup) == {slug: int(better)}


@pytest.mark.parametrize("level", [2, 1])
def test_whoever_said_less_and_writes_all_of_it_is_asked(enter: EnterAs, pickup: PickUp, level: int) -> None:
    desk = write(enter(worker(level)), pickup, level, "bietole", "12")
    assert (desk.status, arrived(pickup)) == (422, {})
    assert "Hai scritto 12 mazzi. È arrivato tutto?" in desk.text
    desk.press("Sì, 12 mazzi")
    assert arrived(pickup) == {"bietole": 12}


def test_in_the_plain_list_all_of_it_is_a_number_like_any_other(enter: EnterAs, pickup: PickUp) -> None:
    """Nobody has said there that it is less."""
    desk = write(enter(worker(0)), pickup, 0, "carote", "4500")
    assert (desk.status, arrived(pickup)) == (200, {"carote": 4500})


def test_kilos_with_a_comma_are_understood_in_the_plain_list(enter: EnterAs, pickup: PickUp) -> None:
    for typed in ("4,2", "4.200"):
        desk = write(enter(worker(0, f"Anna {typed}")), pickup, 0, "carote", typed)
        assert desk.status == 422
        assert f"Hai scritto {typed}. Intendi 4 chili e 200 grammi?" in desk.text
        desk.press("4 chili e 200 grammi")
        assert arrived(pickup) == {"carote": 4200}
        desk.press("Torna indietro: il raccolto")
    desk = write(enter(worker(0, "Carla")), pickup, 0, "bietole", "4,5")
    assert "Scrivi un numero da zero in su." in desk.text  # half a bunch is nothing to ask about


def test_the_answer_is_about_the_number_that_was_asked_about_and_no_other(enter: EnterAs, pickup: PickUp) -> None:
    desk = write(enter(worker()), pickup, 1, "bietole", "13")
    way = desk.find("Sì, 13 mazzi")
    desk.go(way.path, method="post", sends={**way.sends, "arrived": "130"})
    assert desk.status == 422
    assert "Hai scritto 130 mazzi." in desk.text
    assert arrived(pickup) == {}


def test_a_number_of_another_tablet_is_seen_before_a_doubt_is_answered(enter: EnterAs, pickup: PickUp) -> None:
    desk = write(enter(worker()), pickup, 1, "bietole", "13")
    harvesting.arrive(pickup.id, goods("bietole").id, 9, by=make.person("Carla").id)
    assert desk.press("Sì, 13 mazzi").status == 409
    assert "C’è già: 9 mazzi, Carla." in desk.text
    assert arrived(pickup) == {"bietole": 9}


def test_a_number_that_comes_while_the_doubt_is_written_is_not_taken_for_seen(
    enter: EnterAs, pickup: PickUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the deed that was doubted and the page that asks."""
    carla, asks = make.person("Carla").id, doubting.require_believable

    def slowly(*about: Any, **more: Any) -> None:
        try:
            asks(*about, **more)
        finally:
            monkeypatch.setattr(harvesting, "rows", rows_after_carla)

    def rows_after_carla(pickup_id: int) -> list[harvesting.Row]:
        monkeypatch.undo()
        harvesting.arrive(pickup_id, goods("bietole").id, 9, by=carla)
        return harvesting.rows(pickup_id)

    monkeypatch.setattr(doubting, "require_believable", slowly)
    desk = write(enter(worker()), pickup, 1, "bietole", "13")
    assert desk.press("Sì, 13 mazzi").status == 409
    assert arrived(pickup) == {"bietole": 9}


def test_a_doubt_keeps_what_the_staff_ticked(app: Flask, pickup: PickUp) -> None:
    chard = goods("bietole")
    tutor = Desk(signed_in(app, make.tutor("Sandro"), "password")).go(address(pickup))
    way = tutor.find("Fatto bietole")
    tutor.go(way.path, method="post", sends={**way.sends, "arrived": "13", "nothing_left": "1"})
    assert tutor.status == 422
    asked = tutor.find("Sì, 13 mazzi")
    assert " checked" in tutor.press("Scrivi di nuovo").html
    tutor.go(asked.path, method="post", sends=asked.sends)
    make.fresh(chard)
    assert (arrived(pickup), chard.left) == ({"bietole": 13}, 0)


def test_a_doubt_asks_the_same_when_it_is_sent_twice(enter: EnterAs, pickup: PickUp) -> None:
    desk = enter(worker()).go(f"{address(pickup, 'bietole')}/meno").type(12)
    way = next(way for way in desk.ways if way.is_principal)
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).status == 422
    assert arrived(pickup) == {}


@pytest.mark.parametrize("level", LEVELS)
def test_no_number_and_one_beyond_every_harvest_are_asked_for_again(enter: EnterAs, pickup: PickUp, level: int) -> None:
    desk = enter(worker(level)).go(address(pickup) if level == 0 else f"{address(pickup, 'carote')}/meno")
    way = desk.find("Fatto carote") if level == 0 else next(way for way in desk.ways if way.is_principal)
    for typed in ("", "-4", "quattro", "999999999"):
        desk.go(way.path, method="post", sends={**way.sends, "arrived": typed})
        assert desk.status == 422
        assert "Scrivi un numero da zero in su." in desk.text
    assert arrived(pickup) == {}


def test_a_double_tap_counts_once(enter: EnterAs, pickup: PickUp) -> None:
    desk = enter(worker()).go(address(pickup, "bietole"))
    way = desk.find("Sì, tutto")
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).status == 200
    assert arrived(pickup) == {"bietole": 12}
    assert desk.press("Torna indietro: il raccolto").status == 200
    assert arrived(pickup) == {}


@pytest.mark.parametrize("level", LEVELS)
def test_when_another_tablet_has_answered_nothing_is_overwritten_unseen(
    enter: EnterAs, pickup: PickUp, level: int
) -> None:
    desk = enter(worker(level)).go(address(pickup) if level == 0 else address(pickup, "bietole"))
    way = desk.find("Sì, tutto bietole" if level == 0 else "Sì, tutto")
    harvesting.arrive(pickup.id, goods("bietole").id, 9, by=make.person("Carla").id)
    desk.go(way.path, method="post", sends=way.sends)
    assert desk.status == 409
    assert "9 mazzi" in desk.text
    assert arrived(pickup) == {"bietole": 9}
    if level:
        assert "C’è già: 9 mazzi, Carla." in desk.text
        desk.press("Sì, tutto")  # seen now, and meant
        assert arrived(pickup) == {"bietole": 12}


def test_the_plain_list_writes_a_number_again(enter: EnterAs, pickup: PickUp) -> None:
    desk = enter(worker(0)).go(address(pickup)).fill("Fatto bietole", arrived="9")
    assert "C’è: 9 mazzi" in desk.text
    assert "Oggi ce n’è poco: mancano 3 mazzi." in desk.text
    desk.fill("Fatto bietole", arrived="11")
    assert arrived(pickup) == {"bietole": 11}
    assert desk.press("Torna indietro: il raccolto").offers("Torna indietro: il raccolto")
    assert arrived(pickup) == {"bietole": 9}


def test_only_the_staff_may_say_that_there_is_no_more_of_it(enter: EnterAs, app: Flask, pickup: PickUp) -> None:
    chard = goods("bietole")
    left = chard.left
    desk = enter(worker(0)).go(address(pickup))
    assert "togli dalla vetrina" not in desk.text
    way = desk.find("Sì, tutto bietole")
    desk.go(way.path, method="post", sends={**way.sends, "nothing_left": "1"})
    make.fresh(chard)
    assert (arrived(pickup), chard.left) == ({"bietole": 12}, left)

    tutor = Desk(signed_in(app, make.tutor("Sandro"), "password")).go(address(pickup))
    assert "Non ce n’è più: togli dalla vetrina" in tutor.text
    way = tutor.find("Fatto bietole")
    tutor.go(way.path, method="post", sends={**way.sends, "arrived": "10", "nothing_left": "1"})
    make.fresh(chard)
    assert (chard.left, stock.ledger_sum(chard.id)) == (0, 0)
    tutor.press("Torna indietro: il raccolto: bietole")
    make.fresh(chard)
    assert (chard.left, stock.ledger_sum(chard.id)) == (left, left)


def test_only_what_came_in_is_offered_back_here_and_the_rest_stays_with_its_keepers(
    enter: EnterAs, pickup: PickUp
) -> None:
    rita = make.tutor("Rita")
    desk = enter(worker()).go(address(pickup, "bietole")).press("Sì, tutto")
    way = desk.find("Torna indietro: il raccolto")
    pickups.set_capacity(pickup.id, 40, by=rita.id)
    newest = crates.journal.entries(pickup)[0]
    assert newest.action == "pickup.capacity_set"
    assert not desk.go(address(pickup)).offers("Torna indietro:")
    for deed in (way.sends["deed"], str(newest.id)):
        desk.go(way.path, method="post", sends={**way.sends, "deed": deed})
        assert desk.status == 403
    make.fresh(pickup)
    assert pickup.capacity == 40
    assert arrived(pickup) == {"bietole": 12}


def test_a_pickup_that_was_called_off_or_is_over_has_no_harvest(enter: EnterAs, pickup: PickUp) -> None:
    desk = enter(worker()).go(address(pickup, "bietole"))
    way = desk.find("Sì, tutto")
    rescheduling.call_off(pickup.id, "gelata", by=make.tutor("Rita").id)
    assert desk.go(way.path, method="post", sends=way.sends).status == 404
    assert not desk.go("/banco").offers("Raccolto")
    assert arrived(pickup) == {}


def test_a_product_that_nobody_ordered_is_not_asked_about(enter: EnterAs, pickup: PickUp) -> None:
    other = make.product("cavolo-nero")
    assert enter(worker()).go(f"/banco/raccolto/{pickup.id}/{other.id}").status == 404


def test_with_the_whole_guide_a_sentence_says_what_to_do(enter: EnterAs, pickup: PickUp) -> None:
    assert "Conta, poi scegli." in enter(worker(2)).go(address(pickup, "bietole")).text
    assert "poi scegli" not in enter(worker(1)).go(address(pickup, "bietole")).text
