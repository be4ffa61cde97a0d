"""A second tap that was meant for the screen before does nothing on this one. Keys, and who waits, are not held up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import enter
from tests.judges.chromium import at_a_persons_pace

pytestmark = pytest.mark.browser

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FIRST, SECOND = "Prendi 2 mazzi di bietole", "Pesa: carote"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Anna has just tapped her badge's yes, at noon; then the clock of the page stands still until it is set."""
    with at_a_persons_pace(browser):
        page = enter(browser, address, make.person("Anna", support_level=1))
    page.goto(f"/banco/casse/{crates.mixed().id}")
    page.clock.set_fixed_time(NOON)
    expect(page.locator("h1")).to_have_text(FIRST)
    yield page
    page.context.close()


def main(page: Page) -> Locator:
    return page.locator("[data-azione=principale]")


def tap(page: Page) -> None:
    with page.expect_navigation():
        main(page).click()


def after(page: Page, milliseconds: int) -> None:
    page.clock.set_fixed_time(NOON + timedelta(milliseconds=milliseconds))


def sent(page: Page) -> list[str]:
    """What is asked of the server from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def test_a_tap_too_soon_on_the_next_screen_is_none_and_half_a_second_is_enough(page: Page) -> None:
    tap(page)
    expect(page.locator("h1")).to_have_text(SECOND)
    asked, screen = sent(page), page.content()
    for milliseconds in (0, 250, 499):
        after(page, milliseconds)
        main(page).click()
    page.wait_for_timeout(200)
    assert asked == []
    assert page.content() == screen
    after(page, 500)
    tap(page)
    expect(page.locator(".said")).to_be_visible()  # nothing was weighed yet, and it says so


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_right_after_is_taken(page: Page, key: str) -> None:
    tap(page)
    after(page, 1)
    main(page).focus()
    with page.expect_navigation():
        page.keyboard.press(key)
    expect(page.locator(".said")).to_be_visible()


def test_another_control_and_another_tap_on_the_same_screen_are_taken(page: Page) -> None:
    tap(page)
    after(page, 1)
    page.locator(".key-4").click()
    expect(page.locator("[data-lettura]")).to_have_text("4")
    page.context.set_offline(True)  # the screen stays
    after(page, 600)
    main(page).click()
    expect(main(page)).to_contain_text("Prova ancora")
    page.context.set_offline(False)
    after(page, 700)
    tap(page)
    expect(page.locator(".tell > .said")).to_be_visible()


def test_the_plain_list_takes_every_tap(browser: Browser, address: str) -> None:
    with at_a_persons_pace(browser):
        page = enter(browser, address, make.person("Anna", support_level=0))
    order = crates.varied()
    page.goto(f"/banco/casse/{order.id}")
    page.clock.set_fixed_time(NOON)
    for done in (1, 2):
        with page.expect_navigation():
            page.locator("form[action$='/presa'] button").first.click()
        expect(page.locator(".settled")).to_have_count(done)
    page.context.close()
