"""One product in the hand, crate after crate: the same deeds, the same state, the same screens of a line."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from catalog.models import Product
from core import clock
from core.database import transaction
from orders import closing, harvesting, passing, preparing, working
from orders import crates as shelves
from orders.models import Order
from orders.placing import Wish
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.test_meter import enter as enter_in_browser
from tests.desk.walking import Desk

LEVELS = [2, 1, 0]
ROOM = "/banco/prodotti-in-mano"


def worker(level: int = 1, name: str = "Anna") -> Person:
    return make.person(name, support_level=level)


def three_crates() -> list[Order]:
    """Carrots in all of them, chard in the first two, and honey that may be changed in the last."""
    pickup, carrots, chard, honey = make.pickup(), make.carrots(), make.chard(), make.honey()
    make.product("marmellata", shelf="orto", price=300)
    wished = [[(carrots, 500), (chard, 2)], [(carrots, 700), (chard, 1)], [(carrots, 1000), (honey, 1)]]
    made = [
        make.order(*[Wish(product.id, quantity, product.price, True) for product, quantity in wishes], at=pickup)
        for wishes in wished
    ]
    with clock.at(pickup.cutoff_at + timedelta(minutes=1)):
        closing.close(pickup.id)
    return [crates.again(order.id) for order in made]


def place_of(order: Order, slug: str) -> str:
    return f"{ROOM}/{order.pickup_id}/{crates.line(order.id, slug).product_id}"


def states(orders: list[Order]) -> list[dict[str, Any]]:
    return [crates.state(order.id) for order in orders]


def weights(desk: Desk, level: int, *grams: int) -> Desk:
    """The same product into one crate after another."""
    for each in grams:
        if level == 2:
            desk.press_main()
        desk.weigh(each)
    return desk


def checked(desk: Desk, orders: list[Order]) -> None:
    """Checking and labels stay by crate."""
    for order in orders:
        desk.go(f"/banco/casse/{order.id}").prepare({})


@pytest.mark.parametrize("level", LEVELS)
def test_by_product_and_by_crate_end_in_the_same_state(app: Flask, enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go("/banco/prepara").press("Un prodotto alla volta").press("Carote")
    weights(desk, level, 480, 690, 1010)
    desk.go(place_of(orders[0], "bietole"))
    if level == 2:
        desk.press_main().press_main()
        desk.press_main().press_main()
    elif level:
        desk.press_main().press_main()
    else:
        desk.press("Fatto cassetta 1").press("Fatto cassetta 2")
    desk.go(place_of(orders[2], "miele-acacia"))
    if level:
        desk.press("Non c’è")
    desk.press("Non ce n’è")
    assert "Segnato, non ce n’è: miele di acacia." in desk.text
    checked(desk, orders)
    by_product = states(orders)
    assert {state["status"] for state in by_product} == {"ready"}
    assert by_product == by_crate(app, enter, level)


def by_crate(app: Flask, enter: EnterAs, level: int) -> list[dict[str, Any]]:
    """The same three crates in a world of their own, one after another."""
    from tests.conftest import empty_database

    empty_database()
    orders = three_crates()
    desk = enter(worker(level))
    for order, grams in zip(orders, (480, 690, 1010), strict=True):
        desk.go(f"/banco/casse/{order.id}")
        if level == 2:
            desk.press_main()
        desk.weigh(grams)
        if order is orders[2]:
            if level:
                desk.press("Non c’è")
            desk.press("Non ce n’è")
        desk.prepare({})
    return states(orders)


def test_where_one_is_stands_in_the_address_and_one_may_change_at_any_time(enter: EnterAs) -> None:
    orders = three_crates()
    desk = enter(worker()).go("/banco/prepara").press("Un prodotto alla volta")
    assert (desk.path, desk.heading) == (f"{ROOM}/{orders[0].pickup_id}", "Scegli il prodotto da preparare")
    assert desk.find("Carote").words == "Carote 3 cassette"
    assert desk.find("Bietole").words == "Bietole 2 cassette"
    assert desk.press("Una cassetta alla volta").heading == "Scegli la cassetta da preparare"


def test_several_pickups_are_chosen_by_day_the_earliest_first(enter: EnterAs) -> None:
    later = make.closed(make.order(at=make.pickup(make.place(name="Casa del Parco"), days=4)))
    sooner = make.closed(make.order(at=make.pickup(days=3)))
    desk = enter(worker()).go(ROOM)
    assert desk.heading == "Scegli il ritiro"
    ways = [way.path for way in desk.ways if way.path.startswith(f"{ROOM}/")]
    assert ways == [f"{ROOM}/{sooner.pickup_id}", f"{ROOM}/{later.pickup_id}"]
    assert "Casa del Parco" in desk.press("Casa del Parco").text


def test_there_are_never_more_than_five_choices_with_the_other_way_among_them(enter: EnterAs) -> None:
    wishes = [make.wish(make.product()) for _number in range(8)]
    make.closed(make.order(*wishes))
    desk = enter(worker()).go(ROOM)
    choices = [way for way in desk.ways if way.path.startswith((f"{ROOM}/", "/banco/prepara", f"{ROOM}?"))]
    assert len([way for way in choices if way.words != "Torna indietro"]) == 5


@pytest.mark.parametrize("level", [2, 1])
def test_after_one_crate_comes_the_next_of_the_same_product(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go(place_of(orders[0], "carote"))
    assert "Ancora 3 cassette" in desk.text
    if level == 2:
        assert desk.heading == "Prendi la cassetta 1"
        assert "500 grammi: carote" in desk.text
        desk.press_main()
        assert desk.heading == "Scrivi il peso"
    weights(desk, 1, 480)
    assert desk.path == place_of(orders[0], "carote")
    assert "Messo: 480 grammi di carote." in desk.text
    assert "Ancora 2 cassette" in desk.text
    assert re.findall(r"crates/(\d\d)\.svg", desk.html)[-1] == "02"
    assert "700 grammi" in desk.text


@pytest.mark.parametrize("level", LEVELS)
def test_the_last_crate_leads_to_the_next_product_and_then_to_the_crates(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    all_lines = [line for order in orders for line in order.lines]
    for line in all_lines:
        if (line.slug, line.order_id) != ("bietole", orders[0].id):
            make.pack(line)
    desk = enter(worker(level)).go(place_of(orders[0], "bietole"))
    if level == 2:
        desk.press_main()
    desk = desk.press_main() if level else desk.press("Fatto cassetta 1")
    if level:
        assert desk.heading == "Hai finito: bietole"
        assert "Bietole : fatto." in desk.text
        assert "Adesso controlla le cassette." in desk.text
    assert desk.press_main().path == "/banco/prepara"
    assert desk.press("Cassetta 1").heading in ("Controlla la cassetta 1", "Prepara la cassetta 1")


def test_after_a_product_the_next_on_the_shelf_is_offered(enter: EnterAs) -> None:
    orders = three_crates()
    desk = weights(enter(worker()).go(place_of(orders[0], "carote")), 1, 480, 690, 1010)
    assert desk.heading == "Hai finito: carote"
    assert "Carote : fatto." in desk.text
    following = next(way for way in desk.ways if way.is_principal)
    assert following.path == place_of(orders[2], "miele-acacia")


@pytest.mark.parametrize("level", LEVELS)
def test_kilos_for_grams_are_asked_again_for_the_same_crate(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go(place_of(orders[0], "carote"))
    weights(desk, level, 5)
    assert desk.status == 422
    assert "Sono grammi o chili? Scrivi i grammi." in desk.text
    assert any(way.sends.get("grams") == "5" for way in desk.ways)
    if level:
        assert desk.find("Aiuto").sends["da"].startswith(place_of(orders[0], "carote"))
        assert f"cassetta={orders[0].id}" in desk.find("Aiuto").sends["da"]
    desk.weigh(480)
    assert crates.line(orders[0].id, "carote").weighed_grams == 480
    assert desk.path == place_of(orders[0], "carote")


@pytest.mark.parametrize("level", LEVELS)
def test_an_odd_weight_is_believed_the_second_time(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = weights(enter(worker(level)).go(place_of(orders[0], "carote")), level, 5000)
    assert "5 chili? Guarda ancora la bilancia." in desk.text
    way = next(way for way in desk.ways if way.sends.get("sure"))
    desk.go(way.path, method="post", sends=way.sends)
    assert crates.line(orders[0].id, "carote").weighed_grams == 5000
    assert desk.path == place_of(orders[0], "carote")


@pytest.mark.parametrize("level", LEVELS)
def test_undo_takes_back_what_this_person_did_last_with_it_whatever_crate_is_shown(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    before = states(orders)
    bruno = worker(name="Bruno")
    crates.weigh(orders[1], "carote", 690, by=bruno)  # Bruno is on the second crate
    desk = weights(enter(worker(level)).go(place_of(orders[0], "carote")), level, 480)
    assert desk.offers("Torna indietro: 480 grammi di carote")
    assert not desk.offers("Torna indietro: 690 grammi")
    desk.press("Torna indietro:")
    assert desk.path == place_of(orders[0], "carote")
    assert "Tolto: 480 grammi di carote." in desk.text
    assert crates.state(orders[0].id) == before[0]
    assert "500 grammi" in desk.text


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_taken_back_here_once_somebody_has_gone_on_with_that_crate(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = weights(enter(worker(level)).go(place_of(orders[0], "carote")), level, 480)
    line = crates.line(orders[0].id, "bietole")
    preparing.take_line(orders[0].id, line.id, version=0, by=worker(name="Bruno").id)
    assert not desk.go(desk.path).offers("Torna indietro:")


@pytest.mark.parametrize("level", LEVELS)
def test_less_and_something_else_lead_on_along_the_same_way(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go(place_of(orders[0], "carote"))
    if level:
        desk.press("Non c’è").press("Ce n’è meno").type(300).press_main()
    else:
        desk.fill("Ce n’è meno cassetta 1", grams="300")
    assert desk.path == place_of(orders[0], "carote")
    assert crates.line(orders[0].id, "carote").state == "short"
    desk.go(place_of(orders[0], "bietole"))
    if level:
        desk.press("Non c’è")
    desk.press("Metti un altro")
    desk.press("vasett")
    assert desk.path == place_of(orders[0], "bietole")
    assert "Cambiato con:" in desk.text
    assert crates.line(orders[0].id, "bietole").state == "missing"


@pytest.mark.parametrize("level", [2, 1])
def test_less_leads_back_and_forth_without_leaving_the_way(enter: EnterAs, level: int) -> None:
    squash = make.product("zucca", name="Zucca", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    order = make.closed(make.order(make.wish(squash, 9)))
    desk = enter(worker(level)).go(place_of(order, "zucca")).press("Non c’è").press("Ce n’è meno")
    assert "via=prodotto" in desk.find("Torna indietro").path
    desk.type(7).press_main()
    assert "7 pezzi" in desk.text
    desk.type(12600).press_main()
    assert desk.path.startswith(ROOM)
    assert crates.line(order.id, "zucca").packed == 7


@pytest.mark.parametrize("level", LEVELS)
def test_when_another_tablet_was_faster_the_screen_says_so_and_goes_on_by_product(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go(place_of(orders[0], "bietole"))
    if level == 2:
        desk.press_main()
    preparing.take_line(orders[0].id, crates.line(orders[0].id, "bietole").id, version=0, by=worker(name="Bruno").id)
    desk = desk.press_main() if level else desk.press("Fatto cassetta 1")
    assert (desk.status, desk.heading) == (409, "Guarda: c’è già")
    assert "Bruno" in desk.text
    assert desk.press_main().path == place_of(orders[0], "bietole")


@pytest.mark.parametrize("level", LEVELS)
def test_two_weights_are_asked_about_here_too(enter: EnterAs, level: int) -> None:
    orders = three_crates()
    desk = enter(worker(level)).go(place_of(orders[0], "carote"))
    if level == 2:
        desk.press_main()
    if level:
        desk.type(510)
    crates.weigh(orders[0], "carote", 480, by=worker(name="Bruno"))
    desk = desk.press_main() if level else desk.fill("Fatto cassetta 1", grams="510")
    assert desk.heading == "Scegli il peso"
    desk.press("Tu: 510 grammi")
    assert desk.path == place_of(orders[0], "carote")
    assert crates.line(orders[0].id, "carote").weighed_grams == 510


def test_the_second_tap_of_a_double_tap_changes_nothing(enter: EnterAs) -> None:
    orders = three_crates()
    desk = enter(worker()).go(place_of(orders[0], "carote")).type(480)
    way = next(way for way in desk.ways if way.is_principal)
    for _tap in range(2):
        assert desk.go(way.path, method="post", sends=way.sends).path == place_of(orders[0], "carote")
    assert [crates.line(order.id, "carote").weighed_grams for order in orders] == [480, None, None]


def test_a_reload_and_another_tablet_are_at_the_same_crate(enter: EnterAs) -> None:
    orders = three_crates()
    anna = worker()
    desk = weights(enter(anna).go(place_of(orders[0], "carote")), 1, 480)
    shown = [desk.heading, "700 grammi" in desk.text]
    assert [desk.go(desk.path).heading, "700 grammi" in desk.text] == shown
    other = enter(anna).go(desk.path)
    assert [other.heading, "700 grammi" in other.text] == shown


def test_crates_that_a_tutor_has_are_left_out_and_the_tutor_sees_them(enter: EnterAs, rita: Desk) -> None:
    orders = three_crates()
    bruno = worker(name="Bruno")
    crates.weigh(orders[0], "carote", 480, by=bruno)
    passing.take_over(orders[0].id, expected=bruno.id, by=make.tutor("Sandro").id)
    assert "Ancora 1 cassetta" in enter(worker()).go(place_of(orders[0], "bietole")).text
    assert "Ancora 2 cassette" in rita.go(place_of(orders[0], "bietole")).text


def test_help_says_which_crate(enter: EnterAs, rita: Desk) -> None:
    orders = three_crates()
    desk = enter(worker()).go(place_of(orders[0], "carote")).press("Aiuto")
    assert "Ho chiamato" in desk.text
    assert desk.path == place_of(orders[0], "carote")
    assert "Alla cassetta 1" in rita.go("/tutor").text


def test_what_is_scarce_and_the_bowl_are_said_here_too(enter: EnterAs) -> None:
    orders = three_crates()
    line = crates.line(orders[0].id, "carote")
    crates.bowl(line.product, 220)
    harvesting.arrive(orders[0].pickup_id, line.product_id, 900, by=None)
    table = enter(worker(0)).go(place_of(orders[0], "carote"))
    assert "Oggi ce n’è poco: mancano 1 chilo e 300 grammi." in table.text
    assert "la ciotola blu" in table.text
    desk = enter(worker(2, "Bruno")).go(place_of(orders[0], "carote"))
    assert "Oggi ce n’è poco." in desk.text
    desk.press_main().type(720).press_main()
    assert crates.line(orders[0].id, "carote").weighed_grams == 500


def test_nothing_to_take_sends_one_to_the_crates(enter: EnterAs) -> None:
    desk = enter(worker()).go(ROOM)
    assert desk.heading == "Hai preparato tutti i prodotti"
    assert desk.press_main().path == "/banco/prepara"
    assert desk.go(f"{ROOM}/1/987654").status == 404
    make.prepared(make.order())
    assert not desk.go("/banco/prepara").offers("Un prodotto alla volta")


# --- where things lie


def test_where_it_lies_is_shown_with_the_whole_guide_and_else_when_it_is_asked_for(enter: EnterAs) -> None:
    order = crates.mixed()
    with transaction() as session:
        for line in order.lines:
            session.get_one(Product, line.product_id).shelf_place = "Cella, ripiano 2"
    where = "Cella, ripiano 2"
    full = enter(worker(2, "Anna")).go(f"/banco/casse/{order.id}")
    assert where in full.text
    assert where not in full.press_main().text  # it is in the hand
    half = enter(worker(1, "Bruno")).go(f"/banco/casse/{order.id}")
    assert where not in half.text
    assert where in half.press("Come si fa?").text
    assert where in half.go(half.path).press("Non c’è").text
    listed = enter(worker(0, "Carla")).go(f"/banco/casse/{order.id}")
    assert listed.html.index("list-missing") < listed.html.index("Cella, ripiano 2")
    assert where in full.go(place_of(order, "carote")).text


def test_the_shelf_of_a_crate_follows_from_its_number() -> None:
    known = {1: ("A", 1), 12: ("A", 12), 13: ("B", 1), 24: ("B", 12), 25: ("C", 1), 60: ("E", 12)}
    assert {number: shelves.shelf(number) for number in known} == {n: shelves.Shelf(*at) for n, at in known.items()}


def test_every_crate_has_a_place_of_its_own() -> None:
    assert len({shelves.shelf(number) for number in range(1, closing.MOST_CRATES + 1)}) == closing.MOST_CRATES


def test_the_finished_crate_is_put_where_it_is_looked_for(enter: EnterAs) -> None:
    order = crates.mixed()
    desk = enter(worker(0)).go(f"/banco/casse/{order.id}").prepare({"carote": 480})
    assert "Mettila sullo scaffale A, posto 1." in desk.text
    given = crates.ready_today(make.wish(make.product()))
    both = make.person("Dario", support_level=2, can=(make.Capability.HAND_OVER,))
    assert "Scaffale A, posto 1." in enter(both).go(f"/banco/consegna/{given.id}").text


# --- the plain table by keyboard


@pytest.mark.browser
def test_the_table_is_worked_by_keyboard_alone(browser: Browser, address: str) -> None:
    orders = three_crates()
    page = enter_in_browser(browser, address, worker(0))
    page.goto(place_of(orders[0], "carote"))
    for grams in ("480", "690", "1010"):
        page.locator("input:focus").wait_for()  # it comes with the first picture, maybe after "load"
        page.keyboard.type(grams)
        with page.expect_navigation():
            page.keyboard.press("Enter")  # one key a line beyond the digits: the next field has the focus already
    assert page.locator("[data-azione=principale]").inner_text().strip() == "Miele di acacia"
    page.context.close()
    assert [crates.line(order.id, "carote").weighed_grams for order in orders] == [480, 690, 1010]
    assert working.on(crates.again(orders[2].id)) is not None
