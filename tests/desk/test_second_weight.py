"""Two tablets weigh the same thing: both numbers are kept, the screen asks which, a person chooses (ruling 10)."""

from __future__ import annotations

import pytest

from core import journal
from orders import preparing
from orders.models import Order
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk

LEVELS = [2, 1, 0]


@pytest.fixture
def order() -> Order:
    made = crates.mixed()
    crates.take_first(made.id, make.person("Elena"))
    return made


def both_weigh(enter: EnterAs, order: Order, grams: int = 510, level: int = 1) -> tuple[Desk, Person]:
    """Bruno has written his number when Anna's is in; then he says Fatto."""
    bruno = make.person(f"Bruno {level}", support_level=level)
    desk = enter(bruno).go(f"/banco/casse/{order.id}")
    if level == 2:
        desk.press_main()
    if level:
        desk.type(grams)
    crates.weigh(crates.again(order.id), "carote", 480, by=make.person(f"Anna {level}"))
    if level:
        return desk.press_main(), bruno
    return desk.fill("Fatto carote", grams=str(grams)), bruno


def weighed_twice(order: Order) -> list[tuple[int, int]]:
    entries = journal.entries(crates.again(order.id))
    return [(entry.data["stands"], entry.data["grams"]) for entry in entries if entry.action == "line.weighed_twice"]


@pytest.mark.parametrize("level", LEVELS)
def test_both_weights_stand_on_the_screen_with_equal_weight(enter: EnterAs, order: Order, level: int) -> None:
    desk, _bruno = both_weigh(enter, order, level=level)
    assert (desk.status, desk.heading) == (409, "Scegli il peso")
    assert desk.offers("C’è già: 480 grammi, Anna")
    assert desk.offers("Tu: 510 grammi")
    assert not any(way.is_principal for way in desk.ways)
    assert weighed_twice(order) == [(480, 510)]
    assert crates.line(order.id, "carote").weighed_grams == 480  # nothing is changed by asking


@pytest.mark.parametrize("level", LEVELS)
def test_the_first_weight_stays_and_the_work_goes_on(enter: EnterAs, order: Order, level: int) -> None:
    desk, _bruno = both_weigh(enter, order, level=level)
    before = crates.deeds(order.id)
    desk.press("C’è già: 480 grammi, Anna")
    assert desk.status == 200
    assert crates.line(order.id, "carote").weighed_grams == 480
    assert crates.deeds(order.id) == before


@pytest.mark.parametrize("level", LEVELS)
def test_the_second_weight_is_chosen_said_and_taken_back(enter: EnterAs, order: Order, level: int) -> None:
    desk, _bruno = both_weigh(enter, order, level=level)
    before = crates.state(order.id)
    desk.press("Tu: 510 grammi")
    assert "Messo: 510 grammi di carote." in desk.text
    assert crates.line(order.id, "carote").weighed_grams == 510
    assert crates.deeds(order.id)[-2:] == ["line.weighed_twice", "line.reweighed"]
    desk.press("Torna indietro: il peso: 510 grammi")
    assert crates.state(order.id) == before


def test_a_double_tap_asks_once_and_asks_the_same(enter: EnterAs, order: Order) -> None:
    bruno = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}").type(510)
    way = next(way for way in bruno.ways if way.is_principal)
    crates.weigh(crates.again(order.id), "carote", 480, by=make.person("Anna"))
    for _tap in range(2):
        bruno.go(way.path, method="post", sends=way.sends)
        assert (bruno.status, bruno.heading) == (409, "Scegli il peso")
    assert weighed_twice(order) == [(480, 510)]
    chosen = bruno.find("Tu: 510 grammi")
    for _tap in range(2):
        assert bruno.go(chosen.path, method="post", sends=chosen.sends).heading == "Controlla la cassetta 1"
    assert crates.deeds(order.id).count("line.reweighed") == 1


def test_a_double_tap_on_a_weight_that_counted_asks_nothing(enter: EnterAs, order: Order) -> None:
    desk = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}").type(510)
    way = next(way for way in desk.ways if way.is_principal)
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).heading == "Controlla la cassetta 1"
    assert weighed_twice(order) == []


def test_the_same_weight_twice_is_no_question(enter: EnterAs, order: Order) -> None:
    desk, _bruno = both_weigh(enter, order, grams=480)
    assert desk.heading == "Guarda: c’è già"
    assert "C’è già: 480 grammi, Anna." in desk.text
    assert weighed_twice(order) == []


def test_where_the_crate_is_closed_already_nothing_is_asked(enter: EnterAs, order: Order) -> None:
    bruno = enter(make.person("Bruno", support_level=1)).go(f"/banco/casse/{order.id}").type(510)
    crates.weigh(crates.again(order.id), "carote", 480, by=make.person("Anna"))
    preparing.finish(order.id, by=None)
    assert bruno.press_main().heading == "Guarda: c’è già"
    assert weighed_twice(order) == []


def test_help_and_a_reload_keep_the_question(enter: EnterAs, order: Order) -> None:
    desk, _bruno = both_weigh(enter, order)
    desk.press("Aiuto")
    assert "Ho chiamato" in desk.text
    assert desk.heading == "Scegli il peso"
    assert desk.go(desk.path).press("Tu: 510 grammi").heading == "Controlla la cassetta 1"
    assert (
        desk.go(f"/banco/casse/{order.id}/righe/{crates.line(order.id, 'carote').id}/quale").heading != "Scegli il peso"
    )


def test_a_third_number_meanwhile_is_shown_before_anything_is_chosen(enter: EnterAs, order: Order) -> None:
    desk, _bruno = both_weigh(enter, order)
    line = crates.line(order.id, "carote")
    carla = make.person("Carla")
    preparing.reweigh(order.id, line.id, 495, version=line.version, by=carla.id)
    desk.press("Tu: 510 grammi")
    assert "Guarda di nuovo." in desk.text
    assert desk.offers("C’è già: 495 grammi, Carla")
    assert crates.line(order.id, "carote").weighed_grams == 495
    assert desk.press("Tu: 510 grammi").status == 200
    assert crates.line(order.id, "carote").weighed_grams == 510


def test_an_odd_second_weight_is_asked_once_more(enter: EnterAs, order: Order) -> None:
    desk, _bruno = both_weigh(enter, order, grams=5000)
    desk.press("Tu: 5 chili")
    assert desk.status == 422
    assert "5 chili? Guarda ancora la bilancia." in desk.text
    assert crates.line(order.id, "carote").weighed_grams == 480
    desk.press("Tu: 5 chili")
    assert crates.line(order.id, "carote").weighed_grams == 5000


def test_who_weighed_is_whose_weight_stands_now(enter: EnterAs, order: Order) -> None:
    """Not who asked, and not who took something back."""
    both_weigh(enter, order)[0].press("Tu: 510 grammi").press("Torna indietro: il peso")
    desk = enter(make.person("Dario", support_level=1))
    desk.go(f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}")
    assert "C’è già: 480 grammi, Anna." in desk.text


def test_a_bowl_is_taken_off_the_second_weight_too(enter: EnterAs, order: Order) -> None:
    crates.bowl(crates.line(order.id, "carote").product, 220)
    desk, _bruno = both_weigh(enter, order, grams=730)
    assert desk.offers("Tu: 510 grammi")
    assert weighed_twice(order) == [(480, 510)]
