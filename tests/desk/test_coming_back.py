"""Reload, back and forward onto a screen that answers a form: the step and its number are there, nothing is sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from core import coins
from orders import drawers
from people.capabilities import Capability
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.test_by_product import place_of, three_crates
from tests.desk.test_meter import enter as enter_in_browser
from tests.desk.test_resuming import at_tablet, later
from tests.desk.walking import Desk

LEVELS = [2, 1, 0]


def sent(desk: Desk, field: str) -> str:
    """What the first form with this field would send."""
    return next(way.sends[field] for way in desk.ways if field in way.sends)


def come_back(desk: Desk) -> Desk:
    """As the browser does after the page has taken its address."""
    assert desk.go(desk.comes_back_to).status == 200
    assert not desk.comes_back_to
    return desk


@pytest.mark.parametrize("level", [2, 1])
@pytest.mark.parametrize("by_product", [False, True], ids=["by crate", "by product"])
def test_a_doubted_weight_stands_where_it_was_and_is_asked_about_again(
    enter: EnterAs, level: int, by_product: bool
) -> None:
    order = three_crates()[0]
    carrots = crates.line(order.id, "carote")
    here = place_of(order, "carote") if by_product else f"/banco/casse/{order.id}"
    desk = enter(make.person("Anna", support_level=level)).go(f"{here}?riga={carrots.id}").weigh(5000)
    heading = desk.heading
    assert (desk.status, sent(desk, "sure")) == (422, "5000")
    come_back(desk)
    assert (desk.path, desk.heading) == (here, heading)
    assert (sent(desk, "grams"), sent(desk, "sure")) == ("5000", "")
    assert desk.press_main().status == 422


def test_in_the_list_of_a_product_one_comes_back_to_that_list(enter: EnterAs) -> None:
    """The number itself the browser keeps: docs/decisions/0018-network-gone.md."""
    order = three_crates()[0]
    desk = enter(make.person("Anna", support_level=0)).go(place_of(order, "carote")).weigh(5000)
    assert desk.status == 422
    assert come_back(desk).path == place_of(order, "carote")


def test_pieces_that_are_not_fewer_are_chosen_again_on_the_same_way(enter: EnterAs) -> None:
    order = three_crates()[0]
    chard = crates.line(order.id, "bietole")
    here = f"/banco/casse/{order.id}/righe/{chard.id}/meno"
    desk = enter(make.person("Anna", support_level=1))
    desk.go(f"{here}?via=prodotto", method="post", sends={"pieces": "2", "version": str(order.version)})
    assert (desk.status, desk.comes_back_to) == (422, f"{here}?via=prodotto")
    come_back(desk)


@pytest.mark.parametrize("level", LEVELS)
def test_a_cash_box_that_was_counted_keeps_every_number(enter: EnterAs, level: int) -> None:
    place = crates.ready_today(make.wish(make.honey(), 1)).pickup.place
    drawers.count(place, {1000: 2}, by=None)
    counted = {f"n-{kind}": str(number) for number, kind in enumerate(coins.IN_USE)}
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=level)
    desk = enter(anna).go(f"/banco/cassa/{place.id}", method="post", sends={**counted, "vista": "0"})
    assert desk.status == 409
    come_back(desk)
    assert {name: sent(desk, name) or "0" for name in counted} == counted
    assert desk.press_main().heading == "Hai contato la cassa"


@pytest.mark.parametrize("level", LEVELS)
def test_money_that_was_given_is_not_asked_for_again(enter: EnterAs, level: int) -> None:
    order = crates.ready_today(make.wish(make.product(price=850), 1), name="Ada Fermi", collector="Leo Sala")
    drawers.count(order.pickup.place, {500: 2, 100: 2, 50: 2}, by=None)
    anna = make.person("Anna", can=(Capability.HAND_OVER, Capability.TAKE_CASH), support_level=level)
    here = f"/banco/consegna/{order.id}/resto"
    sends = {"expected": "850", "dati": "1000", "resto": "100", "chi": "altra"}
    desk = enter(anna).go(here, method="post", sends=sends)
    assert (desk.status, desk.comes_back_to) == (409, f"{here}?dati=1000&chi=altra")
    come_back(desk)
    while not desk.offers("Ho dato il resto"):
        desk.press_main()
    assert desk.press("Ho dato il resto").heading == f"Dai la cassetta {order.crate}"


@pytest.mark.parametrize(
    ("room", "field", "written"), [("conta", "number", "950"), ("prezzo", "euro", "85,00"), ("prezzo", "euro", "abc")]
)
def test_in_a_plain_list_what_was_written_stays_in_its_field(
    enter: EnterAs, room: str, field: str, written: str
) -> None:
    honey, rice = make.honey(), make.product("riso", perishable=False)
    here = f"/banco/scaffali/{room}"
    desk = enter(make.person("Anna", support_level=0))
    desk.go(f"{here}/{honey.id}", method="post", sends={field: written, "seen": "850"})
    assert desk.status == 422
    assert come_back(desk).path == here
    assert {way.path: way.sends[field] for way in desk.ways if field in way.sends} == {
        f"{here}/{honey.id}": written,
        f"{here}/{rice.id}": "",
    }


def test_who_has_to_say_who_they_are_still_finds_what_they_had_sent(app: Flask) -> None:
    """To look at the step would be another task, and the weight would be gone."""
    anna = make.person("Anna", support_level=1)
    order = crates.mixed()
    crates.take_first(order.id, anna)
    desk = at_tablet(app, anna).go(f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}&cifre=480")
    with later():
        assert desk.press_main().status == 403
        assert come_back(desk).path == "/banco"
        desk.press("Sono ancora Anna")
    assert "Hai scritto: 480 grammi." in desk.text


def test_a_page_that_was_only_looked_at_keeps_its_own_address(enter: EnterAs) -> None:
    desk = enter(make.person("Anna"))
    for path in ("/banco", "/banco/prepara", "/banco/cartellino", "/banco/niente"):
        assert not desk.go(path).comes_back_to


# --- in a browser


in_browser = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, address: str) -> Any:
    """Somebody with a line on each screen and the hint on tap, who may hand over."""
    anna = make.person("Anna", can=(Capability.HAND_OVER,), support_level=1)
    page = enter_in_browser(browser, address, anna)
    yield page
    page.context.close()


def fatto(page: Page) -> None:
    with page.expect_navigation():
        page.locator("[data-azione=principale]").click()


def posts(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.method == "POST" else None)
    return found


def numbers(page: Page) -> tuple[str, str]:
    return page.locator("[data-lettura]").inner_text(), page.locator(".principal input[type=hidden]").evaluate_all(
        "fields => fields.filter((field) => !['key', 'csrf_token', 'version', 'seen'].includes(field.name))"
        ".map((field) => `${field.name}=${field.value}`).join(' ')"
    )


def doubted_weight(page: Page) -> str:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    page.goto(f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}&cifre=5")
    return "Sono grammi o chili? Scrivi i grammi."


def unknown_crate(page: Page) -> str:
    page.goto("/banco/consegna/trova?cifre=59")
    return "Non trovo la cassetta 59. Guarda ancora il numero."


def doubted_price(page: Page) -> str:
    page.goto(f"/banco/scaffali/prezzo/{make.honey().id}?cifre=85")
    return "Guarda ancora il numero."


@in_browser
@pytest.mark.parametrize("begin", [doubted_weight, unknown_crate, doubted_price])
def test_the_browser_comes_back_to_the_number_and_sends_nothing(page: Page, begin: Any) -> None:
    said = begin(page)
    number = page.locator("[data-lettura]").inner_text()
    fatto(page)
    expect(page.locator(".tell > .said")).to_have_text(re.sub(r"\s", r" ", said), use_inner_text=False)
    assert page.locator("[data-lettura]").inner_text() == number
    later = posts(page)
    page.reload()
    first = numbers(page)
    assert first[0] == number
    page.go_back()
    assert page.locator("[data-lettura]").inner_text() == number
    page.go_forward()
    assert numbers(page) == first
    assert not page.locator(".tell > .said", has_text=said).count()
    assert later == []
    fatto(page)
    expect(page.locator(".tell > .said")).to_contain_text(said.split()[0])


@in_browser
def test_a_calm_page_comes_back_to_where_the_form_stood(page: Page) -> None:
    order = crates.mixed()
    crates.take_first(order.id, make.person("Bruno"))
    page.goto(f"/banco/casse/{order.id}?riga={crates.line(order.id, 'carote').id}&cifre=48")
    page.evaluate("path => document.querySelector('.principal form').action = path", f"/banco/casse/{order.id}/pronta")
    fatto(page)
    assert page.locator("h1").inner_text() == "Fermati un momento"
    page.reload()
    expect(page.locator("h1")).to_contain_text("Pesa")
    expect(page.locator("[data-lettura]")).to_have_text("48")


@in_browser
def test_in_the_plain_list_the_weight_is_in_its_field_again(browser: Browser, address: str) -> None:
    page = enter_in_browser(browser, address, make.person("Anna", support_level=0))
    order = crates.mixed()
    page.goto(f"/banco/casse/{order.id}")
    form = page.locator("form[action$='/peso']")
    grams = form.locator("input[name=grams]")
    grams.fill("5")
    with page.expect_navigation():
        form.locator("button").click()
    expect(page.locator(".list-said")).to_be_visible()
    later = posts(page)
    page.reload()
    expect(grams).to_have_value("5")
    page.go_back()
    page.go_forward()
    expect(grams).to_have_value("5")
    assert later == []
    page.context.close()


PLACES = """() => [...document.querySelectorAll("h1, .need, .picture, .tell > .said, .reading, .key, .main-action")]
  .map((part) => part.getBoundingClientRect())
  .map(({ x, y, width, height }) => [x, y + scrollY, width, height].map(Math.round).join())"""
"""From the top of the page."""


@in_browser
@pytest.mark.parametrize(
    ("begin", "size"), [(doubted_weight, (1024, 768)), (doubted_weight, (360, 740)), (unknown_crate, (800, 1280))]
)
def test_what_was_asked_goes_with_its_number_and_nothing_moves(page: Page, begin: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    said = begin(page)
    fatto(page)
    before = page.evaluate(PLACES)
    expect(page.locator("main")).to_contain_text(said.split()[0])
    with page.expect_response(re.compile("cifre=")):
        page.locator(".key-erase").click()
    expect(page.locator("main")).not_to_contain_text(said)
    assert page.locator(".tell > .said").inner_text() == ""
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate(PLACES) == before
    assert len(before) >= 15
