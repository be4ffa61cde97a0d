"""The whole day, told once: three people, two tablets, eight crates. The guide changes how, never what."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from people.entering import COOKIE
from tests.day import world as day
from tests.day.tablet import Tablet
from tests.day.world import World
from tests.desk.fake_camera import ALLOWED, camera_that_sees, film

SIZES = {1: (1024, 768), 2: (800, 1280)}
PHONE = (360, 740)


@dataclass
class Day:
    """Two tablets and a tutor's phone. ``told``: what was seen on the way that a test wants to look at."""

    world: World
    one: Tablet
    two: Tablet
    phone: Page
    told: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def steps(self) -> list[str]:
        return [*self.one.steps, *self.two.steps]


@contextmanager
def opened_day(browser: Browser, world: World, folder: Path) -> Iterator[Day]:
    """In a Chromium whose camera sees Carla's badge."""
    seen = film(folder / "badge.y4m", f"https://cascina.example/banco/cartellino/{world.badges['Carla']}")
    with camera_that_sees(browser, seen, ALLOWED) as own:
        one, two = (Tablet(window(own, world, number).new_page(), world.level) for number in (1, 2))
        yield Day(world, one, two, _context(own, world, PHONE).new_page())


def window(browser: Browser, world: World, number: int) -> BrowserContext:
    """A browser that a tutor has put to work."""
    context = _context(browser, world, SIZES[number])
    context.add_cookies([{"name": COOKIE, "value": world.tablets[number], "url": world.shop.address}])
    return context


def _context(browser: Browser, world: World, size: tuple[int, int]) -> BrowserContext:
    viewport = {"width": size[0], "height": size[1]}
    return browser.new_context(base_url=world.shop.address, viewport=viewport, locale="it-IT")  # type: ignore[arg-type]


def work_the_day(it: Day) -> Day:
    """From the first "Ciao Anna" to "Hai finito. Ciao Carla.\""""
    began = time.monotonic()
    come_in(it)
    bring_in_the_harvest(it.one)
    prepare_in_turn(it)
    weigh_twice(it)
    it.one.opens(8)
    it.one.takes("cavolo nero")
    it.one.finishes(8)
    lose_a_tablet(it)
    go_on_at_the_other(it)
    hand_over(it)
    put_away_and_leave(it)
    it.seconds = time.monotonic() - began
    return it


def come_in(it: Day) -> None:
    it.one.comes_by_tile("Anna")
    it.two.comes_by_reader("Bruno", it.world.badges["Bruno"])


def bring_in_the_harvest(tablet: Tablet) -> None:
    """Everything came, but one bunch of kale less than was sold."""
    came = {"Bietole": None, "Carote": None, "Cavolo nero": 1, "Spinaci": None, "Zucca": None, "Miele": None}
    tablet.notes_harvest(came)


def prepare_in_turn(it: Day) -> None:
    """The honey by product, then crates one and the other; a line that is not there, a weight in kilos."""
    one, two = it.one, it.two
    one.opens_product("Miele")
    for crate in (2, 5, 7, 8):
        one.takes("miele", row=f"Cassetta {crate}")
    two.opens(1)
    two.weighs("carote", 480)
    two.takes("bietole")
    two.finishes(1, looks_for="480 grammi")
    one.opens(2)
    one.weighs("zucca", 1750)
    one.finishes(2)
    two.opens(3)
    two.weighs("spinaci", 520)  # with the bowl
    two.takes("bietole")
    two.finishes(3, looks_for="300 grammi")
    one.opens(4)
    one.weighs("carote", 1010)
    one.finds_none("cavolo nero")
    one.finishes(4)
    two.opens(5)
    write_kilos_first(it, two)
    two.finishes(5)


def write_kilos_first(it: Day, tablet: Tablet) -> None:
    """5 for half a kilo: the screen asks, and the right number goes on."""
    tablet.begins_to_weigh("carote")
    tablet.writes("carote", 5)
    answer = tablet.says_done("carote")
    said = " ".join(tablet.page.locator(".said").first.inner_text().split())
    it.told["kilos"] = f"{answer.status if answer else 0} {said}"
    tablet.writes("carote", 510)
    tablet.says_done("carote")


def weigh_twice(it: Day) -> None:
    """Both have crate 6 before them. Anna is faster; Bruno's weight is kept too, and he chooses."""
    one, two = it.one, it.two
    for tablet in (one, two):
        tablet.opens(6)
        tablet.begins_to_weigh("carote")
        tablet.writes("carote", 620 if tablet is one else 640)
    one.says_done("carote")
    two.says_done("carote")
    two.sees("^Scegli il peso$")
    it.told["which"] = " | ".join(two.page.locator(".tile").all_inner_texts())
    two.touch(two.tile("^Tu: 640 grammi"))
    two.takes("bietole")
    two.finishes(6, looks_for="640 grammi")


def lose_a_tablet(it: Day) -> None:
    """In the middle of crate 7, two digits of the weight already there: one tap of the tutor."""
    it.two.opens(7)
    it.two.takes("bietole")
    it.two.begins_to_weigh("spinaci")
    it.two.writes("spinaci", 63)
    _void_the_second(it)
    answer = it.two.says_done("spinaci")
    it.told["stolen"] = f"{answer.status if answer else 0} {it.two.page.locator('body').inner_text()}"


def _void_the_second(it: Day) -> None:
    phone = it.phone
    phone.goto("/tutor/entra")
    phone.get_by_label("E-mail").fill(day.EMAIL)
    phone.get_by_label("Parola d'ordine").fill(day.PASSWORD)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Entra", exact=True).click()
    phone.goto("/tutor/squadra")
    row = phone.locator("form[action$='/togli']").filter(has_text="Tablet 2")
    with phone.expect_navigation():
        row.get_by_role("button").click()  # the one tap
    it.told["voided"] = phone.locator("main").inner_text()


def go_on_at_the_other(it: Day) -> None:
    """Bruno goes on where he was: the crate is the one thing first, its spinach the line."""
    tablet = it.one
    tablet.goes("Anna")
    tablet.comes_by_tile("Bruno")
    tablet.main("Cassetta 7")
    it.told["same place"] = f"{tablet.heading} / {tablet.page.locator('main').inner_text()}"
    tablet.weighs("spinaci", 630)
    tablet.finishes(7)
    tablet.goes("Bruno")


def hand_over(it: Day) -> None:
    """Five past four: Carla shows her badge to the camera. Cash with change, card, exact money."""
    it.world.move_clock(day.TO_THE_WINDOW)
    carla = it.one
    carla.comes_by_camera("Carla")
    pay = {
        1: lambda: carla.takes_with_change(2000),
        2: carla.takes_card,
        3: carla.takes_exact_money,
        4: carla.takes_card,
        5: carla.takes_exact_money,
        6: lambda: carla.takes_with_change(500),
        7: carla.takes_card,
    }
    for crate, customer in enumerate(list(day.WISHES)[:7], start=1):
        carla.finds(crate, customer)
        pay[crate]()
        carla.gives(crate)


def put_away_and_leave(it: Day) -> None:
    """Two hours later the tablet asks who is there, over the task; then the crate that nobody came for."""
    it.world.move_clock(day.TO_ITS_END)
    carla = it.one
    carla.main("Un’altra")
    carla.sees("^Scegli chi sei$")
    it.told["who"] = carla.page.locator("main").inner_text()
    carla.link("^Cartellino").click()
    carla.sees("^Trova la cassetta da dare$")
    carla.puts_away(8)
    carla.goes("Carla")
    expect(carla.page.locator("main")).not_to_contain_text(re.compile("Sono ancora"))
