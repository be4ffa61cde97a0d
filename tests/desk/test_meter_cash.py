"""Cash is measured in a browser as every desk screen is: money given, change, no change, the box that is counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from core import coins
from orders import drawers
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import STEPS, a_walk, finished

pytestmark = pytest.mark.browser
ALL_KINDS = dict.fromkeys(coins.IN_USE, 1)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_money_and_its_change_keep_the_criteria(browser: Browser, address: str, level: int) -> None:
    order = crates.ready_today(make.wish(make.product(price=1115)), name="Mariangela Abbondanza")
    many = crates.ready_today(make.wish(make.product(price=19_995)), name="Mariangela Abbondanza")
    drawers.count(order.pickup.place, {1000: 3, 100: 9, 50: 9, 20: 9, 5: 9}, by=None)
    drawers.count(many.pickup.place, ALL_KINDS, by=None)
    walk, here = a_walk(browser, address, level), f"/banco/consegna/{order.id}"
    walk.see("cash", f"{here}?passo=soldi")
    walk.tap(".tell a", "given")
    for note in ("500", "500,500", "500,500,2000"):
        walk.tap(f".key-money[value='{note}']", "given")
    walk.go_on("change")
    for number in range(2, 5 if level == 2 else 1):
        walk.go_on(f"change {number}")
    walk.see("given", f"/banco/consegna/{many.id}/contanti?dati={','.join(['1000'] * 20)}")
    walk.see("all right", f"/banco/consegna/{many.id}/resto?dati=5000,5000,5000,2000,2000,500,200,200,50,20,20,5")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_much_change_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    few = crates.ready_today(make.wish(make.product(price=1115)), name="Mariangela Abbondanza")
    coppers = crates.ready_today(make.wish(make.product(price=800)), name="Mariangela Abbondanza")
    drawers.count(few.pickup.place, ALL_KINDS, by=None)
    drawers.count(coppers.pickup.place, {5: 50}, by=None)
    walk = a_walk(browser, address, level)
    walk.see("ten kinds", f"/banco/consegna/{few.id}/resto?dati=5000,5000")
    for number in range(2, 5 if level == 2 else 1):
        walk.go_on(f"ten kinds {number}")
    walk.headings = {"ten kinds": walk.headings["ten kinds"]}
    walk.see("forty coins", f"/banco/consegna/{coppers.id}/resto?dati=1000")
    walk.headings.pop("forty coins")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_change_that_is_not_there_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    order = crates.ready_today(make.wish(make.product(price=850)), name="Mariangela Abbondanza")
    drawers.count(order.pickup.place, {1000: 1, 200: 1}, by=None)
    walk, here = a_walk(browser, address, level), f"/banco/consegna/{order.id}"
    walk.see("no change", f"{here}/resto?dati=2000")
    walk.go_on("no change")  # called
    walk.go_on("given")
    drawers.count(order.pickup.place, {}, by=None)
    walk.see("no change", f"{here}/resto?dati=1000,500")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_counting_the_box_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    walk = a_walk(browser, address, level)
    walk.see("to hand over", "/banco/consegna")
    walk.tap(".beside a", "5000")
    walk.go_on("5000")  # nothing was tapped
    for number, kind in enumerate(coins.IN_USE[1:]):
        if number % 2:
            walk.tap(".beside a", str(kind))
        else:
            for digit in "128":
                walk.page.locator(f".key-{digit}").click()
            walk.see(str(coins.IN_USE[number]))
            walk.go_on(str(kind))
    walk.tap(".beside a", "check")
    drawers.count(order.pickup.place, {1000: 1}, by=None)
    walk.go_on("check")  # somebody else counted it meanwhile
    walk.go_on("counted")
    walk.see("no box", "/banco/cassa")
    walk.headings.pop("no box")  # one place alone is opened at once
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_choosing_the_box_and_many_crates_beside_it_keep_the_criteria(
    browser: Browser, address: str, level: int
) -> None:
    walk = a_walk(browser, address, level)
    walk.see("closed", "/banco/cassa")
    for number in range(6):
        crates.ready_today(make.wish(make.product(f"vasetto-{number}"), 1))
    walk.see("boxes", "/banco/cassa")
    walk.see("to hand over", "/banco/consegna")
    finished(walk)


def test_what_is_tapped_with_the_script_is_what_is_counted(browser: Browser, address: str) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    walk = a_walk(browser, address, 1)
    page = walk.page
    page.goto(f"/banco/cassa/{order.pickup.place_id}")
    for digit in "1234":
        page.locator(f".key-{digit}").click()
    assert page.locator("[data-lettura]").inner_text() == "123"
    page.locator("[data-azione=principale]").click()
    page.wait_for_load_state()
    assert "5000:123" in page.url
    assert page.locator("h1").inner_text() == "Conta le banconote da 20 euro"
    page.context.close()
