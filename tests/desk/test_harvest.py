"""The harvest comes in: one question a product, one tap an answer, and a way back that stays with the harvest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from catalog import harvest, pickups, stock
from catalog.models import PickUp, Product
from core import clock
from core.database import db
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


@pytest.mark.parametrize("level", LEVELS)
def test_kilos_for_grams_and_no_number_are_asked_again(enter: EnterAs, pickup: PickUp, level: int) -> None:
    desk = enter(worker(level)).go(address(pickup) if level == 0 else f"{address(pickup, 'carote')}/meno")
    if level == 0:
        desk.fill("Fatto carote", arrived="4")
    else:
        desk.type(4).press_main()
    assert desk.status == 422
    assert "Sono grammi o chili? Scrivi i grammi." in desk.text
    assert any(way.sends.get("arrived") == "4" for way in desk.ways)
    if level == 0:
        desk.fill("Fatto carote", arrived="")
    else:
        desk.go(f"{address(pickup, 'carote')}/meno").press_main()
    assert desk.status == 422
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
