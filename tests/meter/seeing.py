"""Goes to every screen of the list in one browser and measures it: one page load, then the sizes one after another."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Flask, request, template_rendered
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError
from werkzeug.serving import make_server

from app import create_app
from core import clock, doors
from core.database import transaction
from core.settings import ROOT, Settings
from people import badges, devices, staff
from people.entering import COOKIE
from people.models import Person
from tests.conftest import empty_database, of_tests
from tests.desk.walking import Desk
from tests.meter.screens import Screen
from tests.meter.worlds import NOW, WORLDS, Ids, put_level, tablet

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

RULES, BEFORE = ((Path(__file__).parent / name).read_text() for name in ("rules.js", "before.js"))
VERBS = ["Scegli", "Mostra", "Sei", "Prendi", "Metti", "Pesa", "Scrivi", "Controlla", "Stampa", "Hai", "Guarda"]
VERBS += ["Trova", "Chiedi", "Dai", "Fermati", "Paga", "Tocca", "Conta", "Aspetta", "Prepara", "Lascia"]
KINDS = ("scelta", "passo", "numero", "soldi", "fine")

TROUBLED = "desk.choose_crate"
WRONG: dict[str, Exception] = {"fault": RuntimeError("on purpose"), "busy": TimeoutError("on purpose")}
"""What goes wrong inside the page of that name, if it should."""

SAYS_NOTHING = {2, 4, 14, 37}
"""What the calm page of a browser that is none of ours does not have: a bar, a task, an action (ruling 16)."""

Size = tuple[int, int]
LANDSCAPE, PORTRAIT, WIDE, PHONE, NARROW = (1024, 768), (800, 1280), (1366, 768), (360, 740), (320, 640)
SHAPES = {PHONE: "phone", NARROW: "narrow"}
"""How rules.js calls a size: what is none of these is a tablet or a PC."""
ZOOM = 2
"""200 %: half as many pixels of CSS on the same glass (criterion 36)."""

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

CAMERA = """(how) => {
  const canvas = document.createElement("canvas");
  const film = () => {
    const stream = canvas.captureStream(5);
    canvas.getContext("2d").fillRect(0, 0, 640, 480);
    return stream;
  };
  navigator.mediaDevices.getUserMedia = async () => {
    if (how === "on") return film();
    throw new DOMException("", how === "closed" ? "NotAllowedError" : "NotFoundError");
  };
}"""
"""A camera that sees nothing, one that nobody may use ("closed"), or none."""


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


def look(page: Page, size: Size, *, level: int, shows: Sequence[str] = (), zoomed: bool = True) -> dict[str, Any]:
    """What rules.js finds on the page that is open, at this size; of a tablet also at 200 % unless told otherwise."""
    resize(page, size)
    found = measure(page, level=level, size=SHAPES.get(size, "tablet"), shows=shows)
    if zoomed and size not in SHAPES:
        _zoom(page, size, found)
    return found


def stays(page: Page) -> bool:
    """Half an hour later the same things stand there (criterion 24). The page is of no use afterwards."""
    return page.evaluate("halfAnHourLater()")


def measure(page: Page, *, level: int = 2, size: str = "tablet", shows: Sequence[str] = ()) -> dict[str, Any]:
    """What rules.js finds on the page that is open."""
    given = {"level": level, "size": size, "shows": list(shows), "verbs": VERBS}
    return page.evaluate(f"given => {{ const found = ({RULES})(given); delete window.metered; return found; }}", given)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The shop on a port of the loopback interface."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _closing_what_it_sends(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _closing_what_it_sends(app: Flask) -> WSGIApplication:
    """Werkzeug's server leaves a file open when the browser hangs up in the middle of it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        sent = app(environ, start_response)
        try:
            yield from sent
        finally:
            getattr(sent, "close", bool)()

    return answer


@contextmanager
def having(app: Flask, trouble: str) -> Iterator[None]:
    """What can happen to any screen: "stale" (a form from yesterday), "fault" (ours), "busy" (too many at once)."""
    if trouble == "stale":
        app.config["WTF_CSRF_ENABLED"] = True
    view = app.view_functions[TROUBLED]
    if trouble in WRONG:
        app.view_functions[TROUBLED] = wraps(view)(partial(_fail, WRONG[trouble]))
    try:
        yield
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
        app.view_functions[TROUBLED] = view


def _fail(reason: Exception, **_given: object) -> NoReturn:
    raise reason


@contextmanager
def farm() -> Iterator[tuple[Flask, str]]:
    """The shop in a database of its own, for those who look at all worlds; and where it answers."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{Path(folder)}/meter.sqlite3", secret_key="m" * 40))
        of_tests(app)
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
        with app.app_context(), served(app) as address:
            yield app, address


def by_world(screens: Sequence[Screen]) -> Iterator[list[Screen]]:
    """The screens of one world after another, each time with a database that is empty."""
    for name in dict.fromkeys(screen.world for screen in screens):
        empty_database()
        yield [screen for screen in screens if screen.world == name]


def see_world(
    app: Flask,
    browser: Browser,
    address: str,
    screens: Sequence[Screen],
    *,
    sizes: Sequence[Size],
    levels: Sequence[int] = (2, 1, 0),
    zoomed: Sequence[Size] | None = None,
) -> Iterator[Seen]:
    """Every screen of one world, whose database is empty until now, at every level that it has.

    ``zoomed``: at which of the sizes of tablets also at 200 %; at all of them unless told otherwise.
    """
    for world, screen, level in walk_world(app, browser, address, screens, levels):
        yield from world.see(screen, level, sizes, sizes if zoomed is None else zoomed)


def walk_world(
    app: Flask, browser: Browser, address: str, screens: Sequence[Screen], levels: Sequence[int] = (2, 1, 0)
) -> Iterator[tuple[World, Screen, int]]:
    """Builds the world and goes through its screens, level by level: whoever asks looks in their own way."""
    clock.set_once(NOW)
    app.extensions.pop("metered tablet", None)
    world = World(app, browser, address, WORLDS[screens[0].world]())
    with world.watched():
        for level in levels:
            put_level(level)
            for screen in screens:
                if level in screen.levels:
                    yield world, screen, level
    world.close()


class World:
    """The people of one world at one tablet, one after another: pages in one browser, cookies of their own."""

    def __init__(self, app: Flask, browser: Browser, address: str, ids: Ids) -> None:
        self.app, self.address, self.ids = app, address, ids
        self.answered: list[tuple[str, str, str]] = []  # template, rule and method of what was shown
        self.device_id, self.scale = _tablet_of_world(), ""
        self.cookies: dict[str, list[Any]] = {}  # of those who are not at the tablet now
        self.who = ""
        self.page = browser.new_context(base_url=address, locale="it-IT").new_page()
        self.page.context.add_init_script(BEFORE)
        self.page.goto("/banco")  # a form is sent from somewhere

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Which template was shown last."""

        def note(_app: Flask, template: Any, **_more: object) -> None:
            rule = request.url_rule.rule if request.url_rule else ""
            self.answered.append((template.name or "", rule, request.method))

        with template_rendered.connected_to(note, self.app):
            yield

    def open(self, screen: Screen, size: Size) -> Page:
        """The page of this screen, as whoever works there sees it."""
        self._change_to(screen.who)
        self._put_scale(screen.scale)
        resize(self.page, size)
        with having(self.app, screen.trouble):
            self._go(screen)
        return self.page

    def see(self, screen: Screen, level: int, sizes: Sequence[Size], zoomed: Sequence[Size]) -> list[Seen]:
        page = self.open(screen, sizes[0])
        template, rule, method = self.answered[-1]
        shows = [words.format(**self.ids) for words in screen.shows]
        free = SAYS_NOTHING if screen.who == "stranger" else set()
        seen = []
        for size in sizes:
            found = look(page, size, level=level, shows=shows, zoomed=size in zoomed)
            faults = [(int(number), words) for number, words in found["faults"] if number not in free]
            about = (found["figures"], found["places"], found["heading"], found["kind"])
            seen.append(Seen(screen, level, size, template, rule, method, faults, *about))
        seen[0].figures["24 later"] = 0 if stays(page) else 1
        if seen[0].figures["24 later"]:
            seen[0].faults.append((24, "half an hour later something else is there"))
        return seen

    def close(self) -> None:
        self._put_scale("")
        self.page.context.close()

    def _go(self, screen: Screen) -> None:
        page, at = self.page, screen.at.format(**self.ids)
        self.answered.clear()
        page.evaluate("localStorage.clear(); sessionStorage.clear()")  # what one screen has kept belongs to no other
        if screen.sends is None:
            page.goto(at)
        else:
            fields = {name: value.format(**self.ids) for name, value in screen.sends.items()}
            with page.expect_navigation():
                page.evaluate(SEND, {"address": at, "fields": fields})
        for selector in screen.presses:
            with page.expect_navigation():
                page.locator(selector.format(**self.ids)).first.click()
        if screen.camera:
            page.evaluate(CAMERA, screen.camera)
        if screen.opens:
            page.locator(screen.opens).first.click()
        if screen.camera:
            page.locator(screen.opens).wait_for(state="hidden")
        page.wait_for_load_state()
        if screen.scale == "serial":
            page.evaluate("async () => { await navigator.serial?.getPorts(); }")  # what its script asks first
        page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    def _change_to(self, who: str) -> None:
        if who == self.who:
            return
        context = self.page.context
        self.cookies[self.who] = context.cookies()
        context.clear_cookies()
        if found := self.cookies.get(who) or self._enter(who):
            context.add_cookies(found)
        self.who = who

    def _enter(self, who: str) -> list[Any]:
        """'Anna' has shown her badge, 'Anna al posto' tapped her tile, 'tablet' is nobody, 'stranger' no tablet."""
        client = self.app.test_client()
        if who == "stranger":
            return []
        client.set_cookie(COOKIE, tablet())
        if who != "tablet":
            _sign_in(client, who)
        names = (COOKIE, self.app.config["SESSION_COOKIE_NAME"])
        kept = [(name, cookie.value) for name in names if (cookie := client.get_cookie(name))]
        return [{"name": name, "value": value, "url": self.address} for name, value in kept]

    def _put_scale(self, scale: str) -> None:
        if self.scale != scale:
            devices.set_scale(self.device_id, scale, by=None)
            self.scale = scale


def resize(page: Page, size: Size) -> None:
    """As if the tablet were another one, or held the other way."""
    wanted: ViewportSize = {"width": size[0], "height": size[1]}
    if page.viewport_size != wanted:
        page.set_viewport_size(wanted)


def _zoom(page: Page, size: Size, found: dict[str, Any]) -> None:
    """The same screen at 200 %: what can no longer be read there, or is gone, is a fault of it."""
    resize(page, (size[0] // ZOOM, size[1] // ZOOM))
    zoomed = measure(page, size="zoomed")
    wrong = [words for _number, words in zoomed["faults"]]
    if zoomed["words"] != found["words"]:
        wrong.append(f"at 200 % other words stand there: {_difference(found['words'], zoomed['words'])}")
    found["figures"]["36 read"] = found["figures"].get("36 read", 0) + len(wrong)
    found["faults"] += [(36, words) for words in wrong]


def _difference(one: Sequence[str], other: Sequence[str]) -> str:
    return " ".join(((Counter(one) - Counter(other)) + (Counter(other) - Counter(one))).elements())


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


def _sign_in(client: FlaskClient, who: str) -> None:
    name, _, how = who.partition(" ")
    person = _person(name)
    if how in ("", "in prova"):
        Desk(client).show_badge(badges.make(person, by=None))
    else:
        _tap_tile(client, person)
    if how == "in prova":
        client.post("/banco/prova")
    if how == "tornato":
        _come_back(client, person)


def _tap_tile(client: FlaskClient, person: Person) -> None:
    client.post(f"/banco/chi-sei/{person.id}")


def _come_back(client: FlaskClient, person: Person) -> None:
    """A form of theirs was sent when their session was over; then they tapped their tile again."""
    with transaction() as session:
        session.execute(update(Person).where(Person.id == person.id).values(session_number=Person.session_number + 1))
    client.post("/banco/casse/1/righe/1/peso", data={"grams": "480", "version": "1", "key": "k" * 43})
    _tap_tile(client, person)
