"""The screens of a tablet with a scale, and those of a network that has gone, keep the criteria too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from people.devices import Scale
from tests import factories as make
from tests.desk import crates
from tests.desk.scale import at_scale, is_heard, lies_on_it, says
from tests.desk.test_meter import STEPS, Walk

pytestmark = pytest.mark.browser

SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts.push(shift.value);
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("bowl", [True, False], ids=["bowl", "bare"])
def test_a_scale_on_a_cable_keeps_the_criteria(browser: Browser, address: str, level: int, bowl: bool) -> None:
    page, order_id = at_carrots(browser, address, level, Scale.SERIAL, bowl=bowl)
    walk = Walk(page)
    line = crates.line(order_id, "carote")
    if level == 2:
        walk.see("on the scale", f"/banco/casse/{order_id}")
    page.goto(f"/banco/casse/{order_id}?riga={line.id}")
    expect(page.get_by_role("button", name="Collega la bilancia")).to_be_visible()
    walk.see("not connected")
    page.get_by_role("button", name="Collega la bilancia").click()
    expect(page.get_by_role("button", name="Collega la bilancia")).to_be_hidden()
    walk.see("connected")
    says(page, "US,GS,+  1.455kg")
    walk.see("swinging")
    lies_on_it(page, 700 if bowl else 480)
    expect(page.locator(".reading .say")).to_have_text("Va bene")
    walk.see("still")
    lies_on_it(page, 12_345)  # takes many words
    expect(page.locator(".reading .say")).to_have_text("Togli qualcosa")
    walk.go_on("doubted")
    is_heard(page)
    says(page, "OL,GS,+ 99.999kg")
    expect(page.locator(".say-scale")).to_be_visible()
    walk.see("overload")
    walk.see("less", f"/banco/casse/{order_id}/righe/{line.id}/meno?cifre=300")
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.slow  # every screen of it is measured in tests/meter, too
@pytest.mark.parametrize("level", STEPS)
def test_a_scale_that_writes_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    page, order_id = at_carrots(browser, address, level, Scale.KEYBOARD)
    walk = Walk(page)
    walk.see("weigh", f"/banco/casse/{order_id}?riga={crates.line(order_id, 'carote').id}")
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("bowl", [True, False], ids=["bowl", "bare"])
def test_a_network_that_has_gone_keeps_the_criteria(browser: Browser, address: str, level: int, bowl: bool) -> None:
    page, order_id = at_carrots(browser, address, level, Scale.NONE, bowl=bowl)
    walk = Walk(page)
    line = crates.line(order_id, "carote")
    page.goto(f"/banco/casse/{order_id}?riga={line.id}&cifre=480")
    boxes = _boxes(page)
    page.context.set_offline(True)
    page.locator("[data-azione=principale]").click()
    expect(page.get_by_text("Prova ancora")).to_be_visible()
    assert _boxes(page) == boxes  # what is there stays where it is
    walk.see("no network")
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


def _boxes(page: Page) -> list[FloatRect]:
    parts = page.locator("h1, .tell .picture, .need, .reading, .key, [data-azione=principale], .bar .control").all()
    return [box for part in parts if (box := part.bounding_box())]


@pytest.mark.parametrize("level", [2, 1, 0])
def test_nothing_moves_while_the_scale_swings_and_stands(browser: Browser, address: str, level: int) -> None:
    page, order_id = at_carrots(browser, address, level, Scale.SERIAL)
    page.goto(f"/banco/casse/{order_id}?riga={crates.line(order_id, 'carote').id}")
    page.get_by_role("button", name="Collega la bilancia").click()
    page.wait_for_timeout(600)  # what follows a tap at once may move
    page.evaluate(SHIFTS)
    page.evaluate("window.shifts.length = 0")
    for grams in (100, 480, 1480, 480):
        lies_on_it(page, grams)
        page.wait_for_timeout(250)
    says(page, "OL,GS,+ 99.999kg")
    page.wait_for_timeout(250)
    shifts = page.evaluate("window.shifts")
    page.context.close()
    assert shifts == []


def at_carrots(browser: Browser, address: str, level: int, scale: Scale, *, bowl: bool = False) -> tuple[Page, int]:
    """Somebody before half a kilo of carrots, the second thing of a crate."""
    anna = make.person("Anna", support_level=level)
    order = crates.mixed()
    if bowl:
        crates.bowl(crates.line(order.id, "carote").product, name="Ciotola grande gialla")
    crates.take_first(order.id, anna)
    return at_scale(browser, address, anna, scale), order.id
