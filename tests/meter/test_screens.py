"""Every screen keeps the criteria at every level, held either way; and no screen of the desk is missing from the list.

Here the two ways to hold a tablet, and one of them at 200 %; `make meter` also looks at a PC and at phones, at 200 % of
all but these, and writes the figures down.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from flask import Flask
from playwright.sync_api import Browser

from core.settings import ROOT
from tests.meter.criteria import ELSEWHERE, MEASURED, NOT_SHOWN, how_far_things_move
from tests.meter.screens import SCREENS
from tests.meter.seeing import LANDSCAPE, PORTRAIT, Seen, routes, see_world, served

CONFIRMATIONS = {"give", "card", "badge_yes"}
"""Of a hand-over and of money (criterion 20); of the third, who one is, nothing is done by it."""


@pytest.fixture(scope="module")
def looked() -> dict[str, list[Seen]]:
    return {}


@pytest.mark.browser
@pytest.mark.parametrize("world", list(dict.fromkeys(screen.world for screen in SCREENS)))
def test_every_screen_keeps_the_criteria(
    app: Flask, browser: Browser, looked: dict[str, list[Seen]], world: str
) -> None:
    screens = [screen for screen in SCREENS if screen.world == world]
    with served(app) as address:
        seen = list(see_world(app, browser, address, screens, sizes=(LANDSCAPE, PORTRAIT), zoomed=(LANDSCAPE,)))
    looked[world] = seen
    assert [f"{each}: {words}" for each in seen for words in each.faults] == []
    wrong = {str(each): each.template for each in seen if each.template != _file(each.screen.template)}
    assert wrong == {}


@pytest.mark.browser
def test_every_screen_that_there_is_was_looked_at(app: Flask, looked: dict[str, list[Seen]]) -> None:
    """Every route that shows a page, and every template: also those that only answer a form."""
    seen = [each for world in looked.values() for each in world]
    assert len(looked) == len({screen.world for screen in SCREENS}), "runs after the others, in one go"
    assert routes(app) - {each.rule for each in seen} == set()
    templates = {f"desk/{path.name}" for path in ROOT.glob("templates/desk/[!_]*.html")} - {"desk/screen.html"}
    assert templates - {each.template for each in seen} == set()


@pytest.mark.browser
def test_bar_and_main_action_never_move(looked: dict[str, list[Seen]]) -> None:
    seen = [each for world in looked.values() for each in world]
    assert seen
    for level in (2, 1, 0):
        assert how_far_things_move(each for each in seen if each.level == level) <= 1


@pytest.mark.browser
def test_only_hand_over_and_money_are_confirmed(looked: dict[str, list[Seen]]) -> None:
    seen = [each for world in looked.values() for each in world]
    assert {each.screen.template for each in seen if each.figures.get("20")} == CONFIRMATIONS


@pytest.mark.browser
def test_one_heading_belongs_to_one_screen(looked: dict[str, list[Seen]]) -> None:
    whose: dict[tuple[int, str], set[str]] = defaultdict(set)
    for each in (each for world in looked.values() for each in world):
        if each.screen.template != "core/calm_desk":
            whose[(each.level, each.heading)].add(each.screen.template)
    assert {heading: names for heading, names in whose.items() if len(names) > 1} == {}


def test_every_criterion_is_measured_or_shown() -> None:
    assert sorted([*MEASURED, *ELSEWHERE, *NOT_SHOWN]) == list(range(1, 41))


def test_the_tests_that_show_the_others_are_there() -> None:
    for _what, tests in ELSEWHERE.values():
        for test in tests:
            path, _, name = test.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text(), test


def test_every_name_is_given_once() -> None:
    names = [screen.name for screen in SCREENS]
    assert sorted(names) == sorted(set(names))


def _file(template: str) -> str:
    return f"{template}.html" if "/" in template else f"desk/{template}.html"
