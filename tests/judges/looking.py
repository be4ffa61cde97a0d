"""Every page of every face on one screen: axe and HTML_CodeSniffer in the browser, and what was sent kept for Nu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.exceptions import HTTPException

from app import create_app
from core.settings import Settings
from tests.judges import axe, htmlcs, pages, storefront
from tests.judges.chromium import chromium
from tests.judges.pages import Way, visit
from tests.judges.sending import answered
from tests.judges.server import running_shop
from tests.judges.tally import Tally

VIEWPORTS: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1280, "height": 800},
}
ENTRANCES = pages.ENTRANCES | storefront.ENTRANCES
TO_THE_END = "window.scrollTo(0, document.documentElement.scrollHeight)"
"""What sticks to the lower edge stands in its own place there, and covers nothing that would scroll out below it."""

See = Callable[[Page], str]


@dataclass
class Seen:
    """``sent``: name -> a file with the HTML as the server sent it."""

    screen: str
    folder: Path
    tally: Tally = field(default_factory=Tally)
    sent: dict[str, Path] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)  # name -> the path that was open

    def judge(self, name: str, page: Page, see: See) -> None:
        with self.tally.noting_trouble(f"{name}, {self.screen}"):
            self.sent[name] = self._keep(see(page))
            self.where[name] = urlparse(page.url).path
            page.evaluate(TO_THE_END)
            self.tally.note(f"axe         {name}, {self.screen}", axe.violations(page))
            self.tally.note(f"htmlcs      {name}, {self.screen}", htmlcs.errors(page))

    def _keep(self, html: str) -> Path:
        path = self.folder / f"{len(self.sent)}.html"
        path.write_text(html, encoding="utf-8")
        return path


def judge_screen(screen: str, folder: Path) -> Seen:
    """In shops of its own: what is done on one screen does not stand in the way of the other."""
    folder.mkdir()
    seen = Seen(screen, folder)
    with chromium() as browser:
        with running_shop(folder) as shop:
            for who, enter in ENTRANCES.items():
                with window(browser, shop, screen) as page:
                    with seen.tally.noting_trouble(f"entering as {who}, {screen}"):
                        enter(page)
                    for name, see in things_to_see(who):
                        seen.judge(name, page, see)
        judge_without_goods(browser, seen)
    judge_routes(seen)
    return seen


def things_to_see(who: str) -> Iterator[tuple[str, See]]:
    """Pages, what forms answer, and then the states that change something in the shop."""
    for name, way, whose in pages.PAGES:
        if whose == who:
            yield name, visiting(way)
    for sent in storefront.SENT:
        if sent.who == who:
            yield sent.name, lambda page, sent=sent: answered(page, sent)
    for name, way, whose in storefront.STATES:
        if whose == who:
            yield name, visiting(way)


def visiting(way: Way) -> See:
    return lambda page: visit(page, way)


def judge_without_goods(browser: Browser, seen: Seen) -> None:
    """A shop on its first day, and then one with goods and no pick-up."""
    url = f"sqlite:///{seen.folder / 'empty.sqlite3'}"
    with running_shop(seen.folder, url, DEMO="") as shop, window(browser, shop, seen.screen) as page:
        for name, way in storefront.EMPTY:
            seen.judge(name, page, visiting(way))
        put_goods_into(url)
        for name, way in storefront.NO_PICKUP:
            seen.judge(name, page, visiting(way))


def put_goods_into(url: str) -> None:
    from tests import factories as make

    with an_app(url).app_context():
        make.carrots(left=20_000)
        make.honey(left=8)


def judge_routes(seen: Seen) -> None:
    """Each name of the table of routes has led to its route."""
    routes = an_app("sqlite://").url_map.bind("")
    complaints = []
    for endpoint, names in storefront.SHOWN.items():
        for name in names:
            try:
                found = routes.match(seen.where.get(name, "/?"))[0] if name in seen.where else "nowhere"
            except HTTPException as nothing:
                found = str(nothing)
            complaints += [f"{name}: {found}, not {endpoint}"] if found != endpoint else []
    seen.tally.note(f"routes      {len(storefront.SHOWN)} pages of the shop, {seen.screen}", complaints)


def an_app(url: str) -> Flask:
    return create_app(Settings(database_url=url, secret_key="only to look, only to look, only to look"))


@contextmanager
def window(browser: Browser, shop: str, screen: str) -> Iterator[Page]:
    with browser.new_context(base_url=shop, viewport=VIEWPORTS[screen], locale="it-IT") as context:
        yield context.new_page()
