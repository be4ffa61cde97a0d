"""What watches the day can find fault: each watch has one bad page that it must reject."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.day.disturbing import SCREEN, difference
from tests.day.hands import WHAT_IS_WRONG, Finger, Keys
from tests.day.test_trouble import HALF_AN_HOUR, POINTED, dom_after

pytestmark = pytest.mark.browser

GOOD = "outline: 4px solid rgb(20, 60, 20)"
COVER = "<div class='cover' style='position: fixed; inset: 0; background: rgb(255, 255, 255)'></div>"


@pytest.mark.parametrize(
    ("style", "more", "says"),
    [
        (GOOD, "", ""),
        ("outline: 2px solid rgb(20, 60, 20)", "", "Fatto: outline solid 2px"),
        ("outline: none", "", "Fatto: outline none"),
        ("outline: 4px solid rgb(220, 225, 220)", "", "Fatto: outline rgb(220, 225, 220) on rgb(255, 255, 255)"),
        (GOOD, COVER, "Fatto: covered by cover"),
    ],
    ids=["good", "thin", "none", "pale", "covered"],
)
def test_a_stop_that_cannot_be_seen_is_found(browser: Browser, style: str, more: str, says: str) -> None:
    page = _page(browser, f"<style>:focus {{ {style} }}</style><button>Fatto</button>{more}")
    keys = Keys(page)
    keys.press(page.locator("button"))
    assert page.evaluate(WHAT_IS_WRONG).startswith(says)
    assert bool(keys.faults) == bool(says)
    assert page.evaluate("sessionStorage.getItem('pointed')") is None
    page.context.close()


def test_a_finger_is_noticed(browser: Browser) -> None:
    page = _page(browser, "<button>Fatto</button>")
    Finger().press(page.locator("button"))
    assert page.evaluate("sessionStorage.getItem('pointed')") == "2"  # pointerdown and mousedown
    page.context.close()


def test_a_page_that_counts_down_is_found(browser: Browser) -> None:
    page = _page(browser, "<p>12</p>")
    page.clock.install()
    page.evaluate("setTimeout(() => { document.querySelector('p').textContent = '11'; }, 600000)")
    assert dom_after(page, HALF_AN_HOUR // 6) == dom_after(page, 0)
    assert dom_after(page, 0) != dom_after(page, HALF_AN_HOUR)
    page.context.close()


def test_another_number_on_the_screen_or_in_the_books_is_found(browser: Browser) -> None:
    page = _page(
        browser, "<main><h1>Scrivi il peso</h1><form action='/peso'><input name=grams value=480></form></main>"
    )
    before = page.evaluate(SCREEN, False), {"left": 3, "places": 8}
    assert difference(before, (page.evaluate(SCREEN, False), {"left": 3, "places": 8})) == ""
    page.evaluate("document.querySelector('input').value = ''")
    found = difference(before, (page.evaluate(SCREEN, False), {"left": 2, "places": 8}))
    assert found == "'/peso grams=480' became '/peso grams='; left: 3 became 2"
    page.context.close()


def _page(browser: Browser, content: str) -> Page:
    """With an origin of its own, so that it can keep something."""
    page = browser.new_context().new_page()
    page.add_init_script(POINTED)
    page.route("**/*", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=content))
    page.goto("http://watched.example/")
    return page
