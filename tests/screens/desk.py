"""The desk as co-residents see it: the screens of the meter's worlds at each level of support, tablet and phone."""

from __future__ import annotations

from collections import defaultdict

from playwright.sync_api import Browser, Page

from tests.meter.screens import (
    ASKING,
    BY_PRODUCT,
    CALM,
    ENTERING,
    FINISHING,
    HANDING,
    HARVEST,
    LISTS,
    LOOKING,
    MISSING,
    OWN_LOOKS,
    SCREENS,
    TAKING,
    TODAY,
    WEIGHING,
)
from tests.meter.seeing import LANDSCAPE, PHONE, Size, by_world, farm, walk_world

SIZES: dict[str, Size] = {"tablet": LANDSCAPE, "phone": PHONE}
ROOMS = {
    "entering": [*ENTERING, *LOOKING, *CALM],
    "today": [*TODAY, *HARVEST],
    "crates": [*TAKING, *WEIGHING, *LISTS],
    "less": [*MISSING, *FINISHING, *BY_PRODUCT],
    "giving": HANDING,
    "asking": [*ASKING, *OWN_LOOKS],
}
"""Room of work -> its screens: one sheet each, so that a screen can still be read on it."""

STAY = """() => {
  for (const edge of document.querySelectorAll(".bar, .action")) edge.style.position = "static";
  window.scrollTo(0, 0);
}"""

Sheet = tuple[str, int, str]
Shot = tuple[str, bytes]


def take(browser: Browser) -> dict[Sheet, list[Shot]]:
    """(room, level, size) -> its pictures; one load of a page serves both sizes."""
    room_of = {screen.name: room for room, screens in ROOMS.items() for screen in screens}
    shots: dict[Sheet, list[Shot]] = defaultdict(list)
    with farm() as (app, address):
        for screens in by_world(SCREENS):
            for world, screen, level in walk_world(app, browser, address, screens):
                page = world.open(screen, LANDSCAPE)
                for name, size in SIZES.items():
                    shots[room_of[screen.name], level, name].append((screen.name, _picture(page, size)))
    return {sheet: _in_order(sheet, found) for sheet, found in shots.items()}


def _picture(page: Page, size: Size) -> bytes:
    """The whole page: what sticks to the edges of a screen would cover what a longer page has there."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(STAY)
    return page.screenshot(full_page=True)


def _in_order(sheet: Sheet, shots: list[Shot]) -> list[Shot]:
    """As the list of screens has them, whatever world they are of."""
    places = [screen.name for screen in ROOMS[sheet[0]]]
    return sorted(shots, key=lambda shot: places.index(shot[0]))
