"""The network goes in the middle of weighing: the screen stays, says so, keeps what was entered, and sends it once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from core import undo
from core.database import db
from core.journal import Entry
from people import badges
from tests import factories as make
from tests.desk import crates
from tests.desk.test_meter import enter

pytestmark = pytest.mark.browser

GONE = "La rete non c’è. Il peso è qui."
AGAIN = "Prova ancora"
POSTS = "**/banco/casse/**"


def at_carrots(browser: Browser, address: str, level: int) -> tuple[Page, int]:
    """Somebody before the carrots of a crate, their weight not written yet."""
    anna = make.person("Anna", support_level=level)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    page = enter(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}")
    return page, order.id


def write(page: Page, grams: str) -> None:
    field = page.locator(".list-do > .list-form .list-grams")
    if field.count():
        field.first.fill(grams)
    else:
        for digit in grams:
            page.locator(f".key-{digit}").click()


def fatto(page: Page, words: str = "Fatto") -> Locator:
    """The button that sends the weight: the main action, or that of the line in the list."""
    if page.locator(".list").count():
        return page.locator(".list-do > .list-form button").filter(has_text=words).first
    return page.locator("[data-azione=principale]").filter(has_text=words)


def all_is_done(page: Page, level: int = 1) -> None:
    """The screen that follows: every line is settled."""
    if level == 0:
        expect(page.locator(".settled")).to_have_count(2)
    else:
        expect(page.locator("h1")).to_contain_text("Controlla")


def nothing_is_kept(page: Page) -> None:
    expect(page.locator("main")).to_be_visible()
    for _look in range(50):
        if not page.evaluate("Object.keys(localStorage)"):
            return
        page.wait_for_timeout(100)
    assert page.evaluate("Object.keys(localStorage)") == []


def weighed(order_id: int) -> list[int]:
    """Grams of every time that something of this crate was weighed: what was sent twice would stand here twice."""
    db.session.rollback()
    told = select(Entry).where(Entry.action == "line.weighed", Entry.subject_id == order_id)
    return [entry.data["grams"] for entry in db.session.scalars(told)]


@pytest.mark.parametrize("level", [2, 1, 0])
def test_without_a_network_the_screen_stays_and_the_weight_is_sent_once_after_a_tap(
    browser: Browser, address: str, level: int
) -> None:
    page, order_id = at_carrots(browser, address, level)
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(page.locator("[role=status] .said-network, .said-network[role=status]", has_text=GONE)).to_be_visible()
    expect(fatto(page, AGAIN)).to_be_visible()
    fatto(page, AGAIN).click()  # still nothing: the same calm screen
    expect(page.locator("[role=status] .said-network, .said-network[role=status]", has_text=GONE)).to_have_count(1)
    page.context.set_offline(False)
    page.wait_for_timeout(300)
    assert weighed(order_id) == []  # nothing is sent by itself
    fatto(page, AGAIN).click()
    all_is_done(page, level)
    expect(page.locator(".notes")).to_contain_text("Messo: 480 grammi di carote")
    assert weighed(order_id) == [480]
    nothing_is_kept(page)
    page.context.close()


@pytest.mark.parametrize("level", [1, 0])
def test_an_answer_that_was_lost_after_the_work_was_done_changes_nothing_the_second_time(
    browser: Browser, address: str, level: int
) -> None:
    page, order_id = at_carrots(browser, address, level)
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(POSTS, lose_the_answer)
    write(page, "480")
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    assert (lost, weighed(order_id)) == ([303], [480])
    fatto(page, AGAIN).click()
    all_is_done(page, level)
    assert weighed(order_id) == [480]
    nothing_is_kept(page)
    page.context.close()


def test_an_answer_that_was_lost_shows_the_line_done_after_a_reload_too(browser: Browser, address: str) -> None:
    page, order_id = at_carrots(browser, address, 1)
    page.route(POSTS, _after_the_work(lambda route: route.abort()))
    write(page, "480")
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    page.unroute(POSTS)
    page.goto(f"/banco/casse/{order_id}")
    all_is_done(page)
    nothing_is_kept(page)
    page.context.close()


def _after_the_work(lose: Callable[[Route], None]) -> Callable[[Route], None]:
    def handle(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        route.fetch(max_redirects=0)
        return lose(route)

    return handle


@pytest.mark.parametrize("status", [502, 503, 504])
def test_something_on_the_way_that_answers_for_the_server_is_no_answer(
    browser: Browser, address: str, status: int
) -> None:
    page, order_id = at_carrots(browser, address, 1)
    page.route(POSTS, lambda route: route.fulfill(status=status, body="Bad Gateway"))
    write(page, "480")
    fatto(page).click()
    expect(page.locator("[role=status] .said-network, .said-network[role=status]", has_text=GONE)).to_be_visible()
    page.unroute(POSTS)
    fatto(page, AGAIN).click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order_id) == [480]
    page.context.close()


@pytest.mark.parametrize("level", [2, 1, 0])
def test_the_weight_survives_a_reload_and_a_tab_that_was_closed(browser: Browser, address: str, level: int) -> None:
    page, order_id = at_carrots(browser, address, level)
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    key = _key(page)
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"/banco/casse/{order_id}")
    if level == 2:  # first the scale, then the number
        page.locator("[data-azione=principale]").click()
    expect(page.locator(".said-network", has_text="Il peso è qui.")).to_be_visible()
    if level == 0:
        expect(page.locator(".list-do > .list-form .list-grams")).to_have_value("480")
    else:
        expect(page.locator("[data-lettura]")).to_have_text("480")
    assert _key(page) == key
    fatto(page).click()
    all_is_done(page, level)
    assert weighed(order_id) == [480]
    context.close()


def _key(page: Page) -> str:
    return page.locator("main form[action*='/peso'] input[name=key]").input_value()


def test_only_numbers_and_the_key_of_the_form_are_kept_on_the_tablet(browser: Browser, address: str) -> None:
    page, order_id = at_carrots(browser, address, 1)
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    kept = page.evaluate("Object.entries(localStorage).map(([name, value]) => [name, JSON.parse(value)])")
    page.context.close()
    line = crates.line(order_id, "carote")
    [[name, value]] = kept
    assert name == f"peso:/banco/casse/{order_id}/righe/{line.id}/peso"
    assert set(value) == {"numbers", "key", "at"}
    assert value["numbers"] == [["grams", "480"]]


def test_a_session_that_ended_meanwhile_leads_to_the_badge_and_back_to_the_number(
    browser: Browser, address: str
) -> None:
    page, order_id = at_carrots(browser, address, 1)
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    page.context.set_offline(False)
    page.context.clear_cookies(name="chilometrico")
    fatto(page, AGAIN).click()
    expect(page.locator("h1")).not_to_contain_text("Pesa")
    assert weighed(order_id) == []
    page.goto(f"/banco/cartellino/{badges.make(make.person('Bruno', support_level=1), by=None)}")
    page.locator("[data-azione=principale]").click()
    page.wait_for_url("**/banco**")
    page.goto(f"/banco/casse/{order_id}")
    expect(page.locator("[data-lettura]")).to_have_text("480")
    fatto(page).click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order_id) == [480]
    page.context.close()


def test_a_key_that_was_answered_is_no_trap_when_the_line_waits_again(browser: Browser, address: str) -> None:
    """The answer was lost, and at another tablet somebody has gone back: the key is spent, the line waits."""
    page, order_id = at_carrots(browser, address, 1)
    page.route(POSTS, _after_the_work(lambda route: route.abort()))
    write(page, "480")
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    undo.undo_last(crates.again(order_id))
    page.unroute(POSTS)
    page.goto(f"/banco/casse/{order_id}")
    expect(page.locator("[data-lettura]")).to_have_text("480")
    with page.expect_navigation():
        fatto(page).click()  # a repeat of what has been done: it changes nothing
    expect(page.locator("[data-lettura]")).to_have_text("480")
    assert weighed(order_id) == [480]
    with page.expect_navigation():
        fatto(page).click()
    all_is_done(page)
    assert weighed(order_id) == [480, 480]
    page.context.close()


def test_after_going_back_the_number_of_before_is_no_trap(browser: Browser, address: str) -> None:
    """The line waits again: the key of before has been answered, so it must not be sent any more."""
    page, order_id = at_carrots(browser, address, 1)
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    page.context.set_offline(False)
    fatto(page, AGAIN).click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    page.get_by_role("button", name="Torna indietro").click()
    expect(page.locator("h1")).to_contain_text("Pesa")
    assert page.locator("[data-lettura]").inner_text() == "0"
    write(page, "510")
    fatto(page).click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order_id) == [480, 510]
    page.context.close()


def test_a_double_tap_and_a_weight_that_is_doubted_are_answered_as_ever(browser: Browser, address: str) -> None:
    page, order_id = at_carrots(browser, address, 1)
    write(page, "5000")
    fatto(page).dblclick()
    expect(page.locator(".said")).to_have_text("5 chili? Guarda ancora la bilancia.")
    expect(page.locator("[data-lettura]")).to_have_text("5000")
    fatto(page).click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order_id) == [5000]
    page.context.close()


def test_what_is_only_taken_waits_for_the_network_too(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    page = enter(browser, address, anna)
    page.goto(f"/banco/casse/{order.id}")
    page.context.set_offline(True)
    fatto(page).click()
    expect(page.locator(".said-network", has_text="La rete non c’è.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []  # there is no number to keep
    page.context.set_offline(False)
    fatto(page, AGAIN).click()
    expect(page.locator("h1")).to_contain_text("Pesa")
    page.context.close()
    assert crates.line(order.id, "bietole").state == "taken"


def test_a_slow_network_is_said_and_waited_for(browser: Browser, address: str) -> None:
    page, order_id = at_carrots(browser, address, 1)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        if held != [route]:
            route.continue_()

    page.route(POSTS, hold_the_first)
    write(page, "480")
    fatto(page).click()
    expect(page.locator(".said-network")).to_have_text("Aspetta un momento.", timeout=2000)
    fatto(page).click()  # a second tap meanwhile sends nothing more
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order_id) == [480]
    page.context.close()


def test_a_number_of_more_than_a_day_ago_is_forgotten(browser: Browser, address: str) -> None:
    page, order_id = at_carrots(browser, address, 1)
    line = crates.line(order_id, "carote")
    name = f"peso:/banco/casse/{order_id}/righe/{line.id}/peso"
    old = '{"numbers": [["grams", "480"]], "key": "", "at": 0}'
    page.evaluate("([name, old]) => localStorage.setItem(name, old)", [name, old])
    page.goto(f"/banco/casse/{order_id}")
    nothing_is_kept(page)
    assert page.locator("[data-lettura]").inner_text() == "0"
    page.context.close()


def test_without_a_script_everything_is_sent_as_the_browser_sends_it(browser: Browser, address: str) -> None:
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    page = enter(browser, address, anna, script=False)
    page.goto(f"/banco/casse/{order.id}")
    page.locator("[data-azione=principale]").click()
    write(page, "480")
    page.locator("[data-azione=principale]").click()
    expect(page.locator("h1")).to_contain_text("Controlla")
    assert weighed(order.id) == [480]
    page.context.close()


@pytest.mark.parametrize("level", [2, 1, 0])
def test_by_product_too_the_weight_waits_for_the_network(browser: Browser, address: str, level: int) -> None:
    anna = make.person("Anna", support_level=level)
    order = crates.mixed()
    line = crates.line(order.id, "carote")
    page = enter(browser, address, anna)
    page.goto(f"/banco/prodotti-in-mano/{order.pickup_id}/{line.product_id}?riga={line.id}")
    write(page, "480")
    page.context.set_offline(True)
    fatto(page).click()
    expect(fatto(page, AGAIN)).to_be_visible()
    page.context.set_offline(False)
    with page.expect_navigation():
        fatto(page, AGAIN).click()
    nothing_is_kept(page)
    assert "/prodotti-in-mano/" in page.url
    assert weighed(order.id) == [480]
    page.context.close()
