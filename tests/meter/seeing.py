"""Goes to every screen of the list in one browser and measures it: one page load, then the sizes one after another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request, template_rendered
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from core import clock, doors
from core.database import transaction
from people import badges, devices, staff
from people.entering import COOKIE
from people.models import Person
from tests.meter.screens import Screen
from tests.meter.worlds import NOW, WORLDS, Ids, put_level, tablet

RULES = (Path(__file__).parent / "rules.js").read_text()
VERBS = ["Scegli", "Mostra", "Sei", "Prendi", "Metti", "Pesa", "Scrivi", "Controlla", "Stampa", "Hai", "Guarda"]
VERBS += ["Trova", "Chiedi", "Dai", "Fermati", "Paga", "Tocca", "Conta", "Aspetta", "Prepara", "Lascia"]
KINDS = ("scelta", "passo", "numero", "soldi", "fine")

SAYS_NOTHING = {2, 4, 14, 37}
"""What the calm page of a browser that is none of ours does not have: a bar, a task, an action (ruling 16)."""

Size = tuple[int, int]
LANDSCAPE, PORTRAIT, WIDE, PHONE, NARROW = (1024, 768), (800, 1280), (1366, 768), (360, 740), (320, 640)
SHAPES = {PHONE: "phone", NARROW: "narrow"}
"""How rules.js calls a size: what is none of these is a tablet or a PC."""

BEFORE = """
window.metered = { shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (window.metered && !entry.hadRecentInput) window.metered.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
const voices = [{ name: "prova", lang: "it-IT", localService: true, default: true }];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, speak: () => {}, cancel: () => {}, addEventListener: () => {},
} });
"""
"""What has moved since the page was there; and a voice of this tablet, so that the bar has all its controls."""

SEND = """({ address, fields }) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True)
class Seen:
    """One screen at one level and size. ``faults``: (criterion, words); ``figures``: as rules.js names them.

    ``rule`` and ``method``: what answered, empty where no route did.
    """

    screen: Screen
    level: int
    size: Size
    template: str
    rule: str
    method: str
    faults: list[tuple[int, str]]
    figures: dict[str, float]
    places: dict[str, Any]
    heading: str
    kind: str

    def __str__(self) -> str:
        return f"{self.screen.name}, level {self.level}, {self.size[0]} x {self.size[1]}"


def measure(page: Page, *, level: int = 2, size: str = "tablet", shows: Sequence[str] = ()) -> dict[str, Any]:
    """What rules.js finds on the page that is open."""
    given = {"level": level, "size": size, "shows": list(shows), "verbs": VERBS}
    return page.evaluate(f"given => ({RULES})(given)", given)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The shop on a port of the loopback interface."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def see_world(
    app: Flask,
    browser: Browser,
    address: str,
    screens: Sequence[Screen],
    *,
    sizes: Sequence[Size],
    levels: Sequence[int] = (2, 1, 0),
) -> Iterator[Seen]:
    """Every screen of one world, whose database is empty until now, at every level that it has."""
    clock.set_once(NOW)
    app.extensions.pop("metered tablet", None)
    world = World(app, browser, address, WORLDS[screens[0].world]())
    with world.watched():
        for level in levels:
            put_level(level)
            for screen in screens:
                if level in screen.levels:
                    yield from world.see(screen, level, sizes)
    world.close()


class World:
    """The people of one world, each at the same tablet in a browser of their own."""

    def __init__(self, app: Flask, browser: Browser, address: str, ids: Ids) -> None:
        self.app, self.browser, self.address, self.ids = app, browser, address, ids
        self.pages: dict[str, Page] = {}
        self.answered: list[tuple[str, str, str]] = []  # template, rule and method of what was shown
        self.device_id, self.scale = _tablet_of_world(), ""

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Which template was shown last."""

        def note(_app: Flask, template: Any, **_more: object) -> None:
            rule = request.url_rule.rule if request.url_rule else ""
            self.answered.append((template.name or "", rule, request.method))

        with template_rendered.connected_to(note, self.app):
            yield

    def see(self, screen: Screen, level: int, sizes: Sequence[Size]) -> Iterator[Seen]:
        page = self._page_of(screen.who)
        self._put_scale(screen.scale)
        page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        self._go(page, screen)
        template, rule, method = self.answered[-1]
        shows = [words.format(**self.ids) for words in screen.shows]
        for size in sizes:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            found = measure(page, level=level, size=SHAPES.get(size, "tablet"), shows=shows)
            page.evaluate("delete window.metered")  # what follows a change of size is no shift
            free = SAYS_NOTHING if screen.who == "stranger" else set()
            faults = [(int(number), words) for number, words in found["faults"] if number not in free]
            about = (found["figures"], found["places"], found["heading"], found["kind"])
            yield Seen(screen, level, size, template, rule, method, faults, *about)

    def close(self) -> None:
        self._put_scale("")
        for page in self.pages.values():
            page.context.close()

    def _go(self, page: Page, screen: Screen) -> None:
        at = screen.at.format(**self.ids)
        self.answered.clear()
        page.evaluate("localStorage.clear()")  # what one screen has kept for the next belongs to neither
        if screen.sends is None:
            page.goto(at)
        else:
            fields = {name: value.format(**self.ids) for name, value in screen.sends.items()}
            with page.expect_navigation():
                page.evaluate(SEND, {"address": at, "fields": fields})
        for selector in screen.presses:
            with page.expect_navigation():
                page.locator(selector.format(**self.ids)).first.click()
        if screen.opens:
            page.locator(screen.opens).first.click()
        page.wait_for_load_state()
        page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    def _page_of(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self._enter(who)
        return self.pages[who]

    def _enter(self, who: str) -> Page:
        """'Anna' has shown her badge, 'Anna al posto' tapped her tile, 'tablet' is nobody, 'stranger' no tablet."""
        context = self.browser.new_context(base_url=self.address, locale="it-IT")
        context.add_init_script(BEFORE)
        page = context.new_page()
        if who == "stranger":
            page.goto("/banco")
            return page
        context.add_cookies([{"name": COOKIE, "value": tablet(), "url": self.address}])
        page.goto("/banco")
        if who == "tablet":
            return page
        name, _, how = who.partition(" ")
        person = _person(name)
        if how in ("", "in prova"):
            page.goto(f"/banco/cartellino/{badges.make(person, by=None)}")
            with page.expect_navigation():
                page.locator("[data-azione=principale]").click()
        else:
            _tap_tile(context, person)
        if how == "in prova":
            context.request.post("/banco/prova")
        if how == "tornato":
            _come_back(context, person)
        page.goto("/banco")
        return page

    def _put_scale(self, scale: str) -> None:
        if self.scale != scale:
            devices.set_scale(self.device_id, scale, by=None)
            self.scale = scale


def routes(app: Flask) -> set[str]:
    """Every rule of the url map that shows a co-resident a page when it is looked at."""
    found = set()
    for rule in app.url_map.iter_rules():
        door = doors.of(app.view_functions[rule.endpoint])
        if door and door.screen in KINDS and "GET" in (rule.methods or ()):
            found.add(rule.rule)
    return found


def _person(name: str) -> Person:
    return next(person for person in staff.co_residents() if person.name == name)


def _tablet_of_world() -> int:
    device = devices.find_by_secret(tablet())
    if device is None:
        raise LookupError("the tablet of this world")
    return device.id


def _tap_tile(context: BrowserContext, person: Person) -> None:
    context.request.post(f"/banco/chi-sei/{person.id}")


def _come_back(context: BrowserContext, person: Person) -> None:
    """A form of theirs was sent when their session was over; then they tapped their tile again."""
    with transaction() as session:
        session.execute(update(Person).where(Person.id == person.id).values(session_number=Person.session_number + 1))
    context.request.post("/banco/casse/1/righe/1/peso", form={"grams": "480", "version": "1", "key": "k" * 43})
    _tap_tile(context, person)
