"""Today, passing on, one product at a time, shelves: these screens keep the criteria too, at both levels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from catalog.models import Product
from core import clock
from core.database import transaction
from orders import harvesting, passing, preparing
from orders.models import Order
from people import staff
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import STEPS, a_walk, finished

pytestmark = pytest.mark.browser

ROOM = "/banco/prodotti-in-mano"


def lies_somewhere(order: Order) -> None:
    with transaction() as session:
        for line in order.lines:
            session.get_one(Product, line.product_id).shelf_place = "Cella grande, ripiano 12"


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_today_with_everything_at_once_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    """Crates to give, a later harvest, one begun, one passed on by somebody, and one given to somebody else."""
    bruno = make.person("Mariangela")
    for number in range(5):
        make.person(f"Collega {number}")
    with clock.at(clock.now() - timedelta(days=2)):
        later = make.closed(make.order(make.wish(make.chard(), 2), at=make.pickup(days=3)))
        orders = [make.closed(make.order(make.wish(make.product(), 2), make.wish(make.product()))) for _ in range(3)]
    crates.ready_today(make.wish(make.honey(), 1))
    walk = a_walk(browser, address, level)
    anna = next(person for person in staff.co_residents() if person.name == "Anna")
    for order in orders[:2]:
        crates.take_first(order.id, anna)
    crates.take_first(orders[2].id, bruno)
    passing.pass_on(orders[2].id, anna.id, by=bruno.id)
    passing.pass_on(orders[1].id, bruno.id, by=anna.id)
    assert later.crate
    walk.see("today", "/banco")
    assert walk.page.locator(".passed").inner_text().startswith("Mariangela ti passa")
    expect(walk.page.locator(".bar-undo button")).to_have_count(1)
    walk.see("to prepare", "/banco/prepara")
    assert walk.page.locator(".news").inner_text().startswith("1")
    walk.see("to whom", f"/banco/passa/{orders[0].id}")
    passing.take_over(orders[0].id, expected=anna.id, by=make.tutor("Rita", picture="chitarra").id)
    walk.see("taken over", f"/banco/casse/{orders[0].id}")
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("bowl", [True, False], ids=["bowl", "bare"])
def test_one_product_at_a_time_keeps_the_criteria(browser: Browser, address: str, level: int, bowl: bool) -> None:
    pickup, carrots, chard = make.pickup(), make.carrots(), make.chard()
    goods = [make.product(f"erba-{number}", name=f"Erba cipollina {number}") for number in range(5)]
    wishes = [make.wish(carrots, 1500), make.wish(chard, 6), *(make.wish(product, 2) for product in goods)]
    orders = [make.order(*wishes, at=pickup) for _ in range(12)]
    other = make.closed(make.order(make.wish(goods[0], 3), at=make.pickup(make.place(name="Casa del Parco"), days=4)))
    make.closed(orders[0])
    order = crates.again(orders[0].id)
    lies_somewhere(order)
    if bowl:
        crates.bowl(carrots, name="Ciotola grande gialla")
    harvesting.arrive(pickup.id, chard.id, 1, by=None)
    walk = a_walk(browser, address, level)
    here = {product.slug: f"{ROOM}/{pickup.id}/{product.id}" for product in (carrots, chard)}
    walk.see("pick-ups", ROOM)
    walk.see("products", f"{ROOM}/{pickup.id}")
    walk.page.goto(here["carote"])
    if level == 2:
        walk.see("crate")
        walk.page.locator("[data-azione=principale]").click()
        walk.page.locator(".keys").wait_for()
    walk.weigh("1480")
    walk.see("weigh")
    if level == 1:
        with walk.page.expect_navigation():
            walk.page.locator(".control-hint").click()
        walk.see("weigh")
    with walk.page.expect_navigation():
        walk.page.locator("[data-azione=principale]").click()
    walk.see("crate" if level == 2 else "weigh")  # the next one, with what was just done
    walk.see("weigh", f"{here['carote']}?riga={crates.line(orders[1].id, 'carote').id}&cifre=9")
    walk.go_on("weigh")  # doubted
    walk.see("weigh", f"{here['carote']}?riga={crates.line(orders[1].id, 'carote').id}&cifre=5000")
    walk.go_on("weigh")
    walk.page.goto(here["bietole"])
    if level == 2:
        walk.see("crate")
        assert walk.headings.pop("crate").startswith("Prendi la cassetta")
        walk.go_on("put")
    else:
        walk.see("take")
        with walk.page.expect_navigation():
            walk.page.locator(".control-hint").click()
        walk.see("take")
    line = crates.line(orders[0].id, "bietole")
    walk.see("not there", f"/banco/casse/{orders[0].id}/righe/{line.id}/manca?via=prodotto")
    walk.see("how many", f"/banco/casse/{orders[0].id}/righe/{line.id}/meno?via=prodotto")
    carrot = crates.line(orders[3].id, "carote")
    walk.see("how much", f"/banco/casse/{orders[3].id}/righe/{carrot.id}/meno?via=prodotto&cifre=900")
    for line in crates.again(other.id).lines:
        make.pack(line)
    for each in orders:
        for line in crates.again(each.id).lines:
            if line.slug in ("carote", "bietole") and not line.is_prepared:
                make.pack(line)
    walk.see("done", here["bietole"])
    for each in orders:
        for line in crates.again(each.id).lines:
            if not line.is_prepared:
                make.pack(line)
    walk.see("done", here["carote"])
    walk.see("nothing", ROOM)
    finished(walk)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("bowl", [True, False], ids=["bowl", "bare"])
def test_where_it_lies_and_where_it_goes_keep_the_criteria(
    browser: Browser, address: str, level: int, bowl: bool
) -> None:
    order = crates.varied()
    lies_somewhere(order)
    if bowl:
        for slug in ("carote", "zucca"):
            crates.bowl(crates.line(order.id, slug).product, name=f"Ciotola grande {slug}")
    for line in order.lines:
        harvesting.arrive(order.pickup_id, line.product_id, 1, by=None)
    ready = crates.ready_today(make.wish(make.product(), 1))
    walk = a_walk(browser, address, level)
    for number, line in enumerate(crates.again(order.id).lines):
        come = "" if level == 2 else f"?riga={line.id}&come=1"
        walk.see(f"line {number}", f"/banco/casse/{order.id}{come}")
        make.pack(line)
    preparing.finish(order.id, by=None)
    preparing.label(order.id, by=None)
    walk.see("prepared", f"/banco/casse/{order.id}")
    if level == 2:
        walk.see("find", f"/banco/consegna/{ready.id}")
    finished(walk)
