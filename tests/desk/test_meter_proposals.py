"""The screens at which a tutor is asked keep the criteria, at both levels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from core import proposing
from orders import proposals
from people.capabilities import Capability
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import STEPS, Walk, enter, finished

pytestmark = pytest.mark.browser

LONGEST = "Passata di pomodoro datterino"


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_every_screen_that_asks_a_tutor_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    rita = make.tutor("Rita Maddalena")
    order = crates.ready_today(make.wish(make.honey(), 2), name="Mariangela Abbondanza", collector="Luca Verdi")
    sauce = make.product("passata", name=LONGEST, perishable=False, unit="bottiglia", unit_plural="bottiglie")
    beans = make.product(
        "fagioli", name="Fagioli borlotti secchi", kind="by_weight", price=650, perishable=False, left=40_000
    )
    for number in range(5):
        make.product(f"riso-{number}", name=f"Riso Carnaroli {number}", perishable=False)
    page = enter(browser, address, make.person("Anna", support_level=level))
    walk = Walk(page)
    walk.see("today", "/banco")

    walk.see("cash", f"/banco/consegna/{order.id}?passo=soldi")
    walk.see("card", f"/banco/consegna/{order.id}?passo=carta")
    walk.see("cash", f"/banco/consegna/{order.id}?passo=soldi")
    walk.go_on("give")
    walk.go_on("asked")
    page.get_by_role("heading", name="Aspetta il tutor").wait_for()
    make.fresh(None)
    asked = proposing.waiting()[0]
    assert asked.action == proposals.HAND_OVER
    proposing.decline(asked.id, "look", by=rita)
    walk.go_on("answer")

    walk.see("shelves", "/banco/scaffali")
    for room, product in (("conta", sauce), ("conta", beans), ("prezzo", sauce)):
        walk.see(f"choose {room}", f"/banco/scaffali/{room}")
        if level == 2:
            walk.see(f"look {product.slug} {room}", f"/banco/scaffali/{room}/{product.id}")
        walk.see(f"write {product.slug} {room}", f"/banco/scaffali/{room}/{product.id}?scrivi=1&cifre=99999")
        walk.go_on(f"write {product.slug} {room}")  # doubted
        walk.go_on("asked")
    page.get_by_role("heading", name="Aspetta il tutor").wait_for()
    make.fresh(None)
    for waiting in proposing.waiting():
        proposing.agree(waiting.id, by=rita)
    walk.see("today", "/banco")
    expect(page.get_by_role("button", name="Ho letto")).to_be_visible()
    walk.see("done", f"/banco/scaffali/conta/{sauce.id}")
    walk.headings.pop("done")
    finished(walk)


@pytest.mark.parametrize("level", STEPS)
def test_who_may_do_it_alone_sees_what_was_done(browser: Browser, address: str, level: int) -> None:
    sauce = make.product("passata", name=LONGEST, perishable=False, unit="bottiglia", unit_plural="bottiglie")
    both = (Capability.COUNT_STOCK, Capability.SET_PRICE)
    walk = Walk(enter(browser, address, make.person("Anna", can=both, support_level=level)))
    for room, number in (("conta", 120), ("prezzo", 890)):
        walk.see(f"write {room}", f"/banco/scaffali/{room}/{sauce.id}?scrivi=1&cifre={number}")
        walk.go_on(f"done {room}")
    finished(walk)


def test_a_price_is_written_from_its_cents_up_with_and_without_a_script(browser: Browser, address: str) -> None:
    sauce = make.product("passata", perishable=False)
    anna = make.person("Anna", support_level=1)
    for script in (True, False):
        page = enter(browser, address, anna, script=script)
        page.goto(f"/banco/scaffali/prezzo/{sauce.id}")
        for key, shown in (("3", "0,03"), ("2", "0,32"), ("0", "3,20"), ("erase", "0,32"), ("5", "3,25")):
            page.locator(f".key-{key}").click()
            assert page.locator("[data-lettura]").inner_text() == shown
        assert page.locator(".principal input[name=number]").input_value() == "325"
        page.context.close()
