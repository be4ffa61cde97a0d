"""Each rule of the meter rejects what breaches.py does to the good screen, and none the good screen itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.meter.breaches import BREACHES, GOOD, Breach
from tests.meter.criteria import MEASURED
from tests.meter.seeing import BEFORE, LANDSCAPE, look, measure, stays

FREE = {1, 2, 3, 5, 7, 9, 12}
"""From these the plain list is free (ruling 11), or a key of 100 px is large enough there."""
MOVES = 14  # is seen by comparing two screens

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    found.add_init_script(BEFORE)
    yield found
    found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good screen with all that belongs to it, to lay broken ones beside."""
    return Path(shutil.copytree(GOOD.parent, tmp_path_factory.mktemp("meter") / "good"))


def open_screen(page: Page, folder: Path, html: str) -> None:
    (folder / "broken.html").write_text(html)
    page.set_viewport_size({"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    page.goto((folder / "broken.html").as_uri())


def numbers(found: dict[str, Any]) -> set[int]:
    return {number for number, _words in found["faults"]}


def test_the_good_screen_keeps_every_rule(page: Page, folder: Path) -> None:
    open_screen(page, folder, GOOD.read_text())
    assert look(page, LANDSCAPE, level=2, shows=_shows(page))["faults"] == []
    assert stays(page)


@pytest.mark.parametrize("breach", [breach for breach in BREACHES if breach.criterion != MOVES], ids=str)
def test_a_breach_is_noticed_by_its_own_rule_and_by_no_other(page: Page, folder: Path, breach: Breach) -> None:
    """And with the plain list by the same rules but those that it is free from, and by those all the same."""
    open_screen(page, folder, breach.page())
    if breach.criterion == 25:
        page.locator("#late").wait_for()
        page.wait_for_timeout(50)  # and has been counted
    broken = numbers(look(page, LANDSCAPE, level=2, shows=_shows(page)))
    of_list = numbers(look(page, LANDSCAPE, level=0, shows=_shows(page)))
    if not stays(page):
        broken, of_list = broken | {24}, of_list | {24}
    assert broken == {breach.criterion}
    assert (breach.criterion in of_list) == (breach.criterion not in FREE | {25})  # what moved is counted once


def test_a_bar_that_moves_is_noticed(page: Page, folder: Path) -> None:
    places = []
    for html in (GOOD.read_text(), next(breach.page() for breach in BREACHES if breach.criterion == MOVES)):
        open_screen(page, folder, html)
        places.append(measure(page)["places"])
    good, bad = places
    for name in ("home", "principal"):
        assert max(abs(one - other) for one, other in zip(good[name], bad[name], strict=True)) > 1


def test_every_rule_has_its_breach() -> None:
    assert sorted({breach.criterion for breach in BREACHES}) == MEASURED


def _shows(page: Page) -> list[str]:
    return page.locator("meta[name=shows]").get_attribute("content", timeout=1000).split("|")  # type: ignore[union-attr]
