"""Walks one path through pages, and counts on every page on the way. It does not know whose pages they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as File

from playwright.sync_api import Locator, Page

SCRIPT = File(__file__).with_name("counting.js").read_text()
LOOK = f"() => ({SCRIPT}).look()"
SIDE = f"(control) => ({SCRIPT}).side(control)"
PATIENCE = 20_000  # milliseconds for one action, on two busy cores


@dataclass(frozen=True)
class Open:
    """A click after which another page is shown. ``at`` is a selector as Playwright reads it."""

    at: str


@dataclass(frozen=True)
class Press:
    """A click that changes something on the same page."""

    at: str


@dataclass(frozen=True)
class Fill:
    """A field is emptied and written anew."""

    at: str
    text: str


@dataclass(frozen=True)
class Choose:
    """One of a list that drops down: counted as one click, though a mouse needs two."""

    at: str
    option: str


Action = Open | Press | Fill | Choose


@dataclass(frozen=True)
class Seen:
    """One page: words, sentences and controls that can be seen and used; the smallest side of a control in CSS px."""

    words: int
    in_view: int
    sentences: int
    choices: int
    choices_in_view: int
    smallest: float

    def with_more(self, later: Seen) -> Seen:
        """The same page after something was opened on it: of each figure the larger, of sizes the smaller."""
        return Seen(
            max(self.words, later.words),
            max(self.in_view, later.in_view),
            max(self.sentences, later.sentences),
            max(self.choices, later.choices),
            max(self.choices_in_view, later.choices_in_view),
            min(self.smallest, later.smallest),
        )


@dataclass
class Count:
    """What one path asked for: the pages in the order in which they were shown, and what was done on them."""

    pages: list[Seen] = field(default_factory=list)
    clicks: int = 0
    fields: int = 0
    characters: int = 0
    used: list[float] = field(default_factory=list)
    """The smaller side of each control that was used, in CSS px."""

    def total(self, figure: str) -> int:
        """Over all pages on the way."""
        return sum(getattr(page, figure) for page in self.pages)

    def most(self, figure: str) -> int:
        """On the page that has most of it."""
        return max(getattr(page, figure) for page in self.pages)

    @property
    def smallest_on_the_way(self) -> float:
        return min(page.smallest for page in self.pages)


class WrongPath(Exception):
    """A click that was said to stay on its page led to another one: the figures would be too small."""


def walk(page: Page, start: str, actions: Sequence[Action], ends_with: str, *, patience: int = PATIENCE) -> Count:
    """From ``start`` through all actions; ``ends_with`` is what only the last page shows: the task is done.

    Raises Playwright's TimeoutError where a page has not what the path names within ``patience`` milliseconds, and
    WrongPath where more pages were shown than the path says.
    """
    page.set_default_timeout(patience)
    page.goto(start)
    count, shown = Count(pages=[look(page)]), list[Page]()

    def note(each: Page) -> None:
        shown.append(each)

    page.on("domcontentloaded", note)
    for action in actions:
        act(page, action, count)
    page.locator(ends_with).first.wait_for()
    page.remove_listener("domcontentloaded", note)
    if len(shown) != len(count.pages) - 1:
        raise WrongPath(f"{len(count.pages) - 1} pages said, {len(shown)} shown: {page.url}")
    return count


def look(page: Page) -> Seen:
    page.wait_for_load_state("networkidle")
    return Seen(**page.evaluate(LOOK))


def act(page: Page, action: Action, count: Count) -> None:
    control = page.locator(action.at)
    count.used.append(_side(control))
    match action:
        case Open():
            with page.expect_event("domcontentloaded"):
                control.click()
            count.clicks += 1
        case Press():
            control.click()
            count.clicks += 1
        case Fill():
            control.fill(action.text)
            count.fields += 1
            count.characters += len(action.text)
        case Choose():
            control.select_option(action.option)
            count.clicks += 1
    seen = look(page)
    if isinstance(action, Open):
        count.pages.append(seen)
    else:
        count.pages[-1] = count.pages[-1].with_more(seen)


def _side(control: Locator) -> float:
    return round(float(control.evaluate(SIDE)), 1)
