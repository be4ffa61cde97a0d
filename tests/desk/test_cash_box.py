"""Counting the cash box at the desk: kind by kind without typing, or one form; the same box in the end."""

from __future__ import annotations

import pytest
from flask import Flask

from catalog.models import Place
from core import clock, coins, journal
from core.database import db
from orders import drawers, handing_over
from orders.models import Order
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.staff_desk import at_work, fill, twice
from tests.desk.walking import Desk
from tests.refusals.world import footprint

IN_IT = {1000: 2, 500: 1, 200: 4, 100: 3, 50: 12, 10: 7}
CENTS = 2000 + 500 + 800 + 300 + 600 + 70


def hands(name: str = "Anna", level: int = 2, can: tuple[Capability, ...] = (Capability.TAKE_CASH,)) -> Person:
    return make.person(name, can=(Capability.HAND_OVER, *can), support_level=level)


def crate() -> Order:
    return crates.ready_today(make.wish(make.honey(), 1))


def box(place: Place | int) -> drawers.Drawer | None:
    db.session.rollback()
    db.session.expire_all()
    return drawers.find(place if isinstance(place, int) else place.id)


def tap_number(desk: Desk, number: int) -> Desk:
    """Its digits on the keys, or the way for none of it; then on to the next kind."""
    if not number:
        return desk.press("Non ce ne sono")
    for digit in str(number):
        way = next(way for way in desk.ways if way.words == digit)
        desk.go(way.path, sends=way.sends)
    return desk.press_main()


def count(desk: Desk, level: int, counted: dict[int, int]) -> Desk:
    if level:
        for kind in coins.IN_USE:
            tap_number(desk, counted.get(kind, 0))
        assert desk.heading == "Guarda la cassa"
        return desk.press_main()
    return desk.fill("Fatto", **{f"n-{kind}": str(number) for kind, number in counted.items()})


@pytest.mark.parametrize("level", [2, 1, 0])
def test_every_level_of_support_ends_in_the_same_box(enter: EnterAs, level: int) -> None:
    place = crate().pickup.place_id
    desk = enter(hands(level=level)).press("Consegna").press("Conta la cassa")
    count(desk, level, IN_IT)
    assert desk.heading == "Hai contato la cassa"
    assert "Ho contato: 42 euro e 70 centesimi." in desk.text
    found = box(place)
    assert found
    assert (found.holds, found.cents) == (IN_IT, CENTS)
    assert [entry.action for entry in journal.entries(found)] == ["drawer.counted"]


def test_with_the_whole_guide_each_kind_says_where_we_are_in_at_most_five_steps(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    desk = enter(hands()).go(f"/banco/cassa/{place}")
    seen = []
    while desk.heading != "Guarda la cassa":
        seen.append((desk.heading, desk.text.split(desk.heading)[0].rsplit(" ", 3)))
        tap_number(desk, 0)
    headings = [heading for heading, _step in seen]
    assert headings[0] == "Conta le banconote da 50 euro"
    assert headings[4] == "Conta le monete da 2 euro"
    assert headings[-1] == "Conta le monete da 5 centesimi"
    assert len(set(headings)) == 10
    desk.go(f"/banco/cassa/{place}?ho=5000:0,2000:3")
    assert "Banconote 3 di 4" in desk.text


def test_one_tap_back_shows_the_number_of_the_kind_before_and_it_can_be_changed(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    desk = enter(hands(level=1)).go(f"/banco/cassa/{place}")
    tap_number(desk, 3)
    tap_number(desk, 7)
    desk.press("Torna indietro")
    assert desk.heading == "Conta le banconote da 20 euro"
    assert desk.find("Fatto").sends["cifre"] == "7"
    desk.press("Via uno")
    tap_number(desk, 12)
    assert desk.heading == "Conta le banconote da 10 euro"
    assert "5000:3,2000:12" in desk.html


def test_a_reload_keeps_what_was_counted(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    desk = enter(hands())
    address = f"/banco/cassa/{place}?ho=5000:1,2000:2&vista=0&cifre=9"
    for _ in range(2):
        desk.go(address)
        assert desk.heading == "Conta le banconote da 10 euro"
        assert desk.find("Fatto").sends["cifre"] == "9"


def test_going_on_without_a_number_is_asked_about_and_counts_nothing(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    desk = enter(hands()).go(f"/banco/cassa/{place}").press_main()
    assert desk.heading == "Conta le banconote da 50 euro"
    assert "Tocca un numero" in desk.text


def test_a_co_resident_sees_what_was_counted_and_never_a_difference(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    drawers.count(db.session.get_one(Place, place), {1000: 5}, by=None)
    desk = enter(hands(level=0)).go(f"/banco/cassa/{place}")
    count(desk, 0, IN_IT)
    assert "Ho contato: 42 euro e 70 centesimi." in desk.text
    for word in ("50 euro", "meno", "più", "previsto", "7 euro"):
        assert word not in desk.text


def test_a_tutor_is_told_the_difference_calmly(app: Flask) -> None:
    place = crate().pickup.place
    drawers.count(place, {1000: 5}, by=None)
    desk = at_work(app).go(f"/banco/cassa/{place.id}")
    fill(desk, "Fatto", **{"n-1000": 4, "n-500": 1})
    assert "5,00 € in meno del previsto." in desk.text
    desk.press("Le casse")
    assert "Adesso ci dovrebbero essere 45,00 €." in desk.text
    assert "Contata: 45,00 €. 5,00 € in meno del previsto." in desk.text
    assert "Contata per la prima volta: 50,00 €." in desk.text
    assert "Rita" in desk.text


def test_money_that_a_tutor_moves_by_hand_is_no_difference(app: Flask) -> None:
    place = crate().pickup.place
    drawers.count(place, {1000: 5}, by=None)
    desk = at_work(app).go(f"/banco/cassa/{place.id}")
    fill(desk, "Fatto", **{"n-1000": 1, "come": "mossi"})
    assert "previsto" not in desk.text
    desk.go("/banco/incassi/casse")
    assert "Soldi messi o tolti: adesso 10,00 €." in desk.text
    assert "in meno" not in desk.text.replace("Quando i soldi non sono quelli previsti", "")


def test_only_a_tutor_can_say_that_money_was_moved(enter: EnterAs) -> None:
    place = crate().pickup.place
    desk = enter(hands(level=0)).go(f"/banco/cassa/{place.id}")
    assert "messo o tolto" not in desk.text
    desk.fill("Fatto", **{"n-1000": "1"})
    found = box(place.id)
    assert found
    drawers.count(found.place, {1000: 1}, by=None)
    desk.client.post(f"/banco/cassa/{place.id}", data={"key": "a-form-key-0123456789", "n-1000": "3", "come": "mossi"})
    assert not any(entry.data["by_hand"] for entry in journal.entries(found))


def test_undo_puts_the_box_back_and_names_what_it_takes_back(enter: EnterAs) -> None:
    order = crate()
    drawers.count(order.pickup.place, {1000: 5}, by=None)
    desk = enter(hands(level=0)).go(f"/banco/cassa/{order.pickup.place_id}")
    count(desk, 0, IN_IT).press("Torna indietro: la conta della cassa")
    assert desk.heading == "Conta la cassa"
    found = box(order.pickup.place)
    assert found
    assert found.holds == {1000: 5}


def test_the_first_count_taken_back_leaves_a_box_that_nobody_knows(enter: EnterAs) -> None:
    order = crate()
    desk = enter(hands(level=0)).go(f"/banco/cassa/{order.pickup.place_id}")
    count(desk, 0, IN_IT).press("Torna indietro: la conta della cassa")
    assert box(order.pickup.place) is None
    assert drawers.change_for(order.pickup.place_id, 1150) == [1000, 100, 50]
    handing_over.take_cash(order.id, by=None, expected=850, given=[2000], back=[1000, 100, 50])
    assert box(order.pickup.place) is None


def test_a_count_that_money_followed_is_not_taken_back(enter: EnterAs) -> None:
    order = crate()
    desk = enter(hands(level=0)).go(f"/banco/cassa/{order.pickup.place_id}")
    count(desk, 0, IN_IT)
    way = desk.find("Torna indietro")
    handing_over.take_cash(order.id, by=None, expected=850)
    desk.go(way.path, method="post", sends=way.sends)
    assert desk.status == 409
    assert "Intanto sono entrati o usciti dei soldi." in desk.text
    found = box(order.pickup.place)
    assert found
    assert found.cents == CENTS + 850


@pytest.mark.parametrize("level", [2, 0])
def test_money_that_came_in_while_somebody_counted_is_said_and_no_number_is_lost(enter: EnterAs, level: int) -> None:
    order = crate()
    place = order.pickup.place
    drawers.count(place, IN_IT, by=None)
    desk = enter(hands(level=level)).go(f"/banco/cassa/{place.id}")
    if level:
        for kind in coins.IN_USE:
            tap_number(desk, IN_IT.get(kind, 0))
    handing_over.take_cash(order.id, by=None, expected=850)
    desk = desk.press_main() if level else count(desk, 0, IN_IT)
    assert desk.status == 409
    assert "Intanto sono entrati o usciti dei soldi." in desk.text
    assert desk.find("Fatto").sends["n-50"] == "12"
    desk.press_main()
    found = box(place)
    assert found
    assert found.cents == CENTS


def test_the_second_tap_counts_once(app: Flask) -> None:
    place = crate().pickup.place
    desk = at_work(app).go(f"/banco/cassa/{place.id}")
    first, second = twice(desk, "Fatto", **{"n-1000": 2})
    assert (first.status_code, second.status_code) == (303, 303)
    found = box(place)
    assert found
    assert len(journal.entries(found)) == 1


def test_several_places_are_chosen_from_and_none_is_said(enter: EnterAs) -> None:
    desk = enter(hands()).go("/banco/cassa")
    assert desk.heading == "Chiedi al tutor della cassa"
    for name in ("Piazza Ducale", "Cascina"):
        make.pickup(make.place(name=name), days=0, cutoff=clock.rome(clock.today(), 0))
    desk.go("/banco/cassa")
    assert desk.heading == "Scegli la cassa"
    assert desk.offers("Piazza Ducale")
    assert desk.press("Cascina").heading == "Conta le banconote da 50 euro"


def test_a_place_of_another_day_is_no_business_of_a_co_resident_and_a_tutor_prepares_it(
    enter: EnterAs, app: Flask
) -> None:
    later = make.pickup(days=3).place_id
    assert enter(hands()).go(f"/banco/cassa/{later}").status == 404
    assert at_work(app).go(f"/banco/cassa/{later}").status == 200


def test_without_the_grant_the_box_stays_shut(enter: EnterAs) -> None:
    place = crate().pickup.place_id
    desk = enter(hands(can=()))
    assert not desk.go("/banco/consegna").offers("Conta la cassa")
    for path in ("/banco/cassa", f"/banco/cassa/{place}", f"/banco/cassa/{place}/contata", "/banco/incassi/casse"):
        assert desk.go(path).status == 403
    before = footprint()
    desk.go(f"/banco/cassa/{place}", method="post", sends={"n-1000": "3", "vista": "0"})
    assert desk.status == 403
    assert footprint() == before
    assert enter(hands("Dario")).go("/banco/incassi/casse").status == 403


@pytest.mark.usefixtures("app")
def test_coins_of_a_rest_to_the_cent_stay_when_nobody_counts_them() -> None:
    place = make.place()
    drawers.count(place, {100: 1, 2: 3, 1: 1}, by=None)
    drawers.count(place, {100: 2}, by=None)
    found = box(place)
    assert found
    assert found.holds == {100: 2, 2: 3, 1: 1}


def test_the_takings_lead_to_the_boxes(app: Flask) -> None:
    place = crate().pickup.place
    desk = at_work(app).go("/banco/incassi").press("Le casse")
    assert "Mai contate" in desk.text
    desk.press(place.name)
    assert desk.heading == "Conta la cassa"
