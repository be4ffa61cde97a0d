"""Level 0: a whole crate on one screen by keyboard, at most 5 keys a line plus digits, for whoever needs no guide."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog.models import Product
from orders.models import Order
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import enter
from tests.meter.seeing import LANDSCAPE, NARROW, PORTRAIT

pytestmark = pytest.mark.browser

MOST_KEYS = 5  # a line, beside its digits
COUNT = """
(() => {
  addEventListener("keydown", ({ key }) => {
    const kind = /^\\d$/.test(key) ? "digits" : "keys";
    sessionStorage[kind] = Number(sessionStorage[kind] ?? 0) + 1;
  }, true);
})();
"""
WHERE = """() => {
  const at = document.activeElement.closest("li");
  const { top, bottom } = at.getBoundingClientRect();
  const bar = document.querySelector(".bar").getBoundingClientRect();
  const inSight = top >= 0 && bottom <= innerHeight;
  return { line: at.id, inSight, underTheBar: bar.bottom > top + 1 && bar.top < bottom };
}"""


def six_lines() -> Order:
    """Four that are weighed, one of them by the piece, and two that are counted."""
    return make.closed(
        make.order(
            make.wish(make.chard(), 2),
            make.wish(make.carrots(), 500),
            make.wish(_weighed("zucchine", "Zucchine chiare"), 700),
            make.wish(make.honey(), 1),
            make.wish(_weighed("cipolle", "Cipolle dorate"), 1000),
            make.wish(
                make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800), 1
            ),
        )
    )


def _weighed(slug: str, name: str) -> Product:
    return make.product(slug, name=name, kind="by_weight", price=240, left=9000)


def where(page: Page) -> dict[str, object]:
    _has_focus(page)
    return page.evaluate(WHERE)


def _has_focus(page: Page) -> None:
    """The browser gives it with its first picture of a page, which may come after "load"; a person sees it first."""
    page.locator(":focus").wait_for()


def press(page: Page, keys: str) -> None:
    _has_focus(page)
    for key in keys:
        page.keyboard.press("Enter" if key == "⏎" else key)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, NARROW], ids=["landscape", "portrait", "phone"])
def test_a_crate_of_six_lines_takes_one_key_a_line_beside_the_digits(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    anna = make.person("Anna", support_level=0)
    order = six_lines()
    page = enter(browser, address, anna, before=COUNT)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/banco/casse/{order.id}")
    page.evaluate("sessionStorage.clear()")
    weights = {"carote": "480", "zucchine": "715", "cipolle": "1000", "zucca": "1850"}
    for done, line in enumerate(order.lines):
        expect(page.locator(".settled")).to_have_count(done)
        seen = where(page)
        assert (seen["line"], seen["inSight"], seen["underTheBar"]) == (f"riga-{line.position}", True, False)
        press(page, f"{weights.get(line.slug, '')}⏎")
    expect(page.locator(".settled")).to_have_count(6)
    counted = page.evaluate("({ keys: Number(sessionStorage.keys), digits: Number(sessionStorage.digits) })")
    page.context.close()
    assert [line.weighed_grams for line in crates.again(order.id).lines] == [None, 480, 715, None, 1000, 1850]
    assert counted == {"keys": 6, "digits": 14}
    assert counted["keys"] <= MOST_KEYS * 6


def test_a_doubt_costs_one_key_more_and_the_focus_stays_in_its_field(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=0)
    order = six_lines()
    page = enter(browser, address, anna, before=COUNT)
    page.goto(f"/banco/casse/{order.id}")
    press(page, "⏎")
    expect(page.locator(".settled")).to_have_count(1)
    press(page, "5000⏎")
    expect(page.locator(".list-said")).to_contain_text("5 chili? Guarda ancora la bilancia.")
    expect(page.locator(":focus")).to_have_value("5000")
    press(page, "⏎")
    expect(page.locator(".settled")).to_have_count(2)
    assert where(page)["line"] == "riga-3"
    page.context.close()
    assert crates.line(order.id, "carote").weighed_grams == 5000


def test_the_focus_goes_on_after_the_line_that_was_done_and_undo_brings_it_back(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=0)
    order = six_lines()
    page = enter(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}")
    page.locator("#riga-5 .list-do > .list-form .list-grams").fill("1000")  # the first ones later
    page.keyboard.press("Enter")
    expect(page.locator(".settled")).to_have_count(1)
    assert where(page)["line"] == "riga-6"
    press(page, "1850⏎")
    expect(page.locator(".settled")).to_have_count(2)
    assert where(page)["line"] == "riga-1"  # round to what was left out
    page.get_by_role("button", name="Torna indietro").click()
    expect(page.locator(".settled")).to_have_count(1)
    assert where(page)["line"] == "riga-6"
    page.context.close()


def test_nobody_finishes_a_crate_by_one_enter_too_many(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=0)
    order = make.closed(make.order(make.wish(make.chard(), 2)))
    page = enter(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}")
    press(page, "⏎")
    expect(page.locator(".settled")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.context.close()
    assert crates.again(order.id).ready_at is None
