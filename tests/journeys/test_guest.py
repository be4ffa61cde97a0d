"""A guest from the search to the pick-up: on a phone, without JavaScript, narrow, zoomed, dark, by keyboard alone.

The farm's own part of the day (closing, weighing, handing over) is done by its verbs: the desk has its own journeys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from core import clock
from core.database import db
from orders import handing_over
from orders.models import Order
from tests import factories as make
from tests.judges import axe
from tests.meter.seeing import served

pytestmark = [pytest.mark.browser, pytest.mark.on_sqlite]

PHONE, NARROW, HALF = (360, 740), (320, 640), (640, 384)
MOST_TABS = 200


@dataclass(frozen=True)
class Way:
    """How somebody looks at the shop. ``is_dark``: the contrast is measured too; the judges see the light colours."""

    name: str
    size: tuple[int, int] = PHONE
    window: dict[str, Any] = field(default_factory=dict)
    by_keyboard: bool = False
    is_dark: bool = False


WAYS = [
    Way("phone"),
    Way("phone without JavaScript", window={"java_script_enabled": False}),
    Way("320 px", NARROW),
    Way("zoom of 200 %", HALF, {"device_scale_factor": 2}),
    Way("forced colours", window={"forced_colors": "active"}),
    Way("dark", window={"color_scheme": "dark"}, is_dark=True),
    Way("keyboard only", by_keyboard=True),
]


class Guest:
    """Somebody who looks at each page before going on: nothing hangs over its edge."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page, self.way = page, way

    def look(self) -> None:
        self.page.wait_for_load_state()
        if self.way.window.get("java_script_enabled", True):
            over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{self.page.url} is {over} px too wide"
        if self.way.is_dark:
            assert axe.violations(self.page, only=["color-contrast"]) == []

    def press(self, thing: Locator) -> None:
        with self.page.expect_navigation():
            self._press(thing)
        self.look()

    def open(self, thing: Locator) -> None:
        """What opens on the same page."""
        self._press(thing)

    def write(self, thing: Locator, words: str) -> None:
        if self.way.by_keyboard:
            self._go_to(thing)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(words)
        else:
            thing.fill(words)

    def choose(self, thing: Locator, value: str) -> None:
        if not self.way.by_keyboard:
            thing.select_option(value)
            return
        self._go_to(thing)
        for _ in range(20):
            if thing.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen by keyboard")

    def _press(self, thing: Locator) -> None:
        if self.way.by_keyboard:
            self._go_to(thing)
            self.page.keyboard.press("Enter")
        else:
            thing.click()

    def _go_to(self, thing: Locator) -> None:
        for _ in range(MOST_TABS):
            if thing.evaluate("it => it === document.activeElement"):
                shown = thing.evaluate("it => getComputedStyle(it).outlineStyle !== 'none'")
                assert shown, "one does not see where one is"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not come to {thing}")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def goods(app: Flask) -> None:
    """A pick-up and four things in the middle of their season."""
    make.pickup()
    field = make.field("Campo lungo")
    make.carrots(field_id=field.id, description="Dolci e croccanti.")
    make.chard(field_id=field.id)
    make.honey(field_id=field.id)
    make.product("zucchine", name="Zucchine", field_id=field.id)


@pytest.mark.usefixtures("goods")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_guest_goes_from_the_search_to_the_pickup(browser: Browser, address: str, way: Way) -> None:
    width, height = way.size
    window = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="it-IT", **way.window
    )
    guest = Guest(window.new_page(), way)
    _fill_the_basket(guest)
    _order(guest)
    _follow(guest, guest.page.url.partition("#")[0])
    window.close()


def _fill_the_basket(guest: Guest) -> None:
    page = guest.page
    page.goto("/")
    guest.look()
    guest.write(page.get_by_label("Che cosa cerchi?"), "carotte")
    guest.press(page.get_by_role("button", name="Cerca"))
    expect(page.locator(".card")).to_have_count(1)
    guest.press(page.locator("#carote .card-link"))
    expect(page.locator("h1")).to_have_text("Carote")
    guest.choose(page.get_by_label("Quanto ne vuoi?"), "500")
    guest.press(page.get_by_role("button", name="Aggiungi al carrello"))
    page.goto("/")
    guest.press(page.locator("#bietole").get_by_role("button", name="Aggiungi"))
    guest.press(page.get_by_role("link", name=re.compile("^Carrello")))
    expect(page.locator(".lines > li")).to_have_count(2)
    guest.press(page.locator("#bietole").get_by_role("button", name="Più"))
    expect(page.locator("#bietole")).to_contain_text("2 mazzi")


def _order(guest: Guest) -> None:
    page = guest.page
    guest.press(page.get_by_role("link", name="Vai alla cassa"))
    button = page.get_by_role("button", name="Ordine con obbligo di pagare")
    guest.write(page.get_by_label("E-mail"), "ada.neri@posta.example")
    page.locator("form.checkout").evaluate("it => it.noValidate = true")
    guest.press(button)
    expect(page.locator("main")).to_contain_text("Scrivi il tuo nome")
    assert page.get_by_label("E-mail").input_value() == "ada.neri@posta.example"
    guest.write(page.get_by_label("Nome e cognome"), "Ada Neri")
    guest.press(button)
    expect(page.locator("h1")).to_contain_text("Ordine")


def _follow(guest: Guest, address: str) -> None:
    """The farm works; the page of the order says so each time somebody looks."""
    page = guest.page
    said: list[tuple[Callable[[Order], object], str]] = [
        (make.closed, "Stiamo preparando la tua cassetta."),
        (make.prepared, "La tua cassetta è pronta"),
        (_hand_over, "Buon appetito!"),
    ]
    expect(page.locator("main")).to_contain_text("abbiamo ricevuto il tuo ordine")
    for deed, words in said:
        deed(_the_order())
        page.goto(address)
        guest.look()
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator(".crate")).to_contain_text(str(_the_order().crate))


def _the_order() -> Order:
    make.fresh(None)
    return db.session.scalars(select(Order)).unique().one()


def _hand_over(order: Order) -> None:
    with clock.at(order.pickup.from_at):
        handing_over.take_card(order.id, by=None, expected=order.due)
        handing_over.hand_over(order.id, by=None)
