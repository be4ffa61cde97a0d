"""Each rule of the meter rejects its page in tests/desk/bad, and none of them the good one beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.meter.criteria import MEASURED
from tests.meter.seeing import BEFORE, measure

FOLDER = Path(__file__).resolve().parent.parent / "desk/bad"
PAGES = {int(path.stem.rpartition("-")[2]): path for path in sorted(FOLDER.glob("criterion-*.html"))}

pytestmark = pytest.mark.browser


def look(browser: Browser, path: Path, level: int = 2) -> dict[str, Any]:
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.add_init_script(BEFORE)
    page.goto(path.as_uri())
    page.wait_for_timeout(200)  # what comes late has come
    found = measure(page, level=level, shows=_shows(page))
    page.close()
    return found


def test_the_good_page_keeps_every_rule(browser: Browser) -> None:
    assert look(browser, FOLDER / "good.html")["faults"] == []


@pytest.mark.parametrize("criterion", [criterion for criterion in PAGES if criterion != 14])
def test_a_bad_page_is_rejected_by_its_own_rule(browser: Browser, criterion: int) -> None:
    """And by no other: where one fault is two, the comment of the page says so."""
    broken = {number for number, _words in look(browser, PAGES[criterion])["faults"]}
    also = {int(number) for number in re.findall(r"Also breaks (\d+)", PAGES[criterion].read_text())}
    assert broken == {criterion} | also


def test_a_bar_that_moves_is_noticed(browser: Browser) -> None:
    good, bad = look(browser, FOLDER / "good.html")["places"], look(browser, PAGES[14])["places"]
    for name in ("home", "principal"):
        assert max(abs(one - other) for one, other in zip(good[name], bad[name], strict=True)) > 1


def test_the_plain_list_is_free_from_what_the_ruling_says_and_from_nothing_else(browser: Browser) -> None:
    for criterion, path in PAGES.items():
        broken = {number for number, _words in look(browser, path, level=0)["faults"]}
        assert (criterion in broken) == (criterion not in {1, 2, 3, 5, 7, 9, 12, 14}), criterion


def test_every_rule_has_its_bad_page() -> None:
    assert list(PAGES) == MEASURED


def _shows(page: Page) -> list[str]:
    return page.locator("meta[name=shows]").get_attribute("content", timeout=1000).split("|")  # type: ignore[union-attr]
