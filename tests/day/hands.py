"""Two ways of touching a tablet: a finger, or nothing but Tab, Shift+Tab, Enter and Space (criterion 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_STOPS = 60
IS_MAIN = "element => element.matches('[data-azione=principale], .bar-undo button')"
STILL_TOO_SOON = "() => Number(sessionStorage.getItem('tocco')) + 550 - Date.now()"
"""Milliseconds until the desk takes another tap at this place (static/js/desk.js), and a little."""
IS_FOCUSED = "element => element === document.activeElement"
IS_BEFORE = """element => {
  const at = document.activeElement;
  return !!at && at !== document.body && !!(element.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
WHAT_IS_WRONG = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return "";
  const name = at.innerText?.trim().slice(0, 30) || at.id || at.tagName;
  const { outlineStyle: style, outlineWidth: width, outlineColor: colour } = getComputedStyle(at);
  if (style === "none" || parseFloat(width) < 3) return `${name}: outline ${style} ${width}`;
  const light = (paint) => {
    const part = (value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = paint.match(/[\\d.]+/g).map(Number);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const isClear = (paint) => /^(transparent|rgba\\(.*, 0\\))$/.test(paint);
  let around = at.parentElement;
  while (around && isClear(getComputedStyle(around).backgroundColor)) around = around.parentElement;
  const ground = around ? getComputedStyle(around).backgroundColor : "rgb(255, 255, 255)";
  const [high, low] = [light(colour), light(ground)].sort((one, other) => other - one);
  if ((high + 0.05) / (low + 0.05) < 3) return `${name}: outline ${colour} on ${ground}`;
  const box = at.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!seen || !(at.contains(seen) || seen.contains(at))) return `${name}: covered by ${seen?.className ?? "nothing"}`;
  return "";
}"""
"""What is wrong with the stop that the focus stands on: an outline under 3 px or under 3:1, or something over it."""


class Hands(Protocol):
    def press(self, what: Locator) -> None:
        """One tap, or what is one tap with the keyboard."""
        ...


def look_first(what: Locator) -> None:
    """Between two taps at the same place a person sees what has come."""
    if what.evaluate(IS_MAIN) and (soon := what.page.evaluate(STILL_TOO_SOON)) > 0:
        what.page.wait_for_timeout(soon)


class Finger:
    """One tap."""

    def press(self, what: Locator) -> None:
        look_first(what)
        what.click()


class TwoTaps(Finger):
    """Somebody who taps the main action twice (criterion 11): both fall on one screen."""

    doubled = 0

    def press(self, what: Locator) -> None:
        if not what.evaluate(IS_MAIN):
            super().press(what)
            return
        self.doubled += 1
        self._tap_twice(what)
        what.page.wait_for_timeout(300)  # the second answer too
        what.page.wait_for_load_state("networkidle")

    def _tap_twice(self, what: Locator) -> None:
        what.dblclick()


class TwoSlowTaps(TwoTaps):
    """The second tap comes a quarter of a second later, to the same place of the next screen.

    The clock of the page stands still in between: how fast this machine shows the next screen is no matter.
    """

    PAUSE, NEXT = timedelta(milliseconds=250), timedelta(seconds=5)

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 1, 15, 40, tzinfo=UTC)

    def _tap_twice(self, what: Locator) -> None:
        box = what.bounding_box()
        assert box
        page, place = what.page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.clock.set_fixed_time(self.now)
        with page.expect_navigation():
            page.mouse.click(*place)
        page.clock.set_fixed_time(self.now + self.PAUSE)
        page.mouse.click(*place)
        self.now += self.NEXT


class Keys:
    """Walks the focus to where it is wanted, there and back, and looks at every stop on the way."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0
        self.faults: list[str] = []
        self.used: set[str] = set()

    def press(self, what: Locator) -> None:
        handle = what.element_handle()
        back = handle.evaluate(IS_BEFORE)
        for _stop in range(MOST_STOPS):
            if handle.evaluate(IS_FOCUSED):
                break
            self._key("Shift+Tab" if back else "Tab")
            self.stops += 1
            if wrong := self.page.evaluate(WHAT_IS_WRONG):
                self.faults.append(f"{self.page.url}: {wrong}")
        else:
            raise AssertionError(f"the keyboard does not come to {handle.inner_text()!r} on {self.page.url}")
        is_link = handle.evaluate("element => element.tagName === 'A'")
        self._key("Enter" if is_link or self.stops % 2 else "Space")

    def _key(self, name: str) -> None:
        self.used.add(name)
        self.page.keyboard.press(name)
