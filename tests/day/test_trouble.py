"""Keys alone, two taps, half an hour of waiting, reload, back, and the power that goes: the work is where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import transaction
from orders import finding
from tests.day.disturbing import Trouble, losing_the_answer, walk_once
from tests.day.hands import Keys, TwoSlowTaps, TwoTaps, look_first
from tests.day.state import deeds_of, problems_of, state_of
from tests.day.tablet import MAIN, Tablet
from tests.day.test_day import EXPECTED
from tests.day.walk import window
from tests.day.world import World, running_day
from tests.judges.chromium import at_a_persons_pace
from tests.rush.world import Databases

pytestmark = pytest.mark.browser

HALF_AN_HOUR = 30 * 60 * 1000
ONE_CRATE = {
    "order.placed": 1,
    "line.weighed": 1,
    "line.taken": 1,
    "order.ready": 1,
    "order.labelled": 1,
    "order.cash_taken": 1,
    "order.handed_over": 1,
}
"""Everything that happens to a crate, once."""
POINTED = """for (const kind of ["pointerdown", "mousedown", "touchstart"]) addEventListener(kind, () => {
  sessionStorage.setItem("pointed", String(Number(sessionStorage.getItem("pointed")) + 1));
}, true);"""


@contextmanager
def at_a_tablet(browser: Browser, databases: Databases, level: int) -> Iterator[tuple[World, Page]]:
    """Carla, who may do everything, before the work of today. A tap too soon is none; the day is hurried through."""
    with running_day(databases, level) as world, at_a_persons_pace(browser):
        context = window(browser, world, 1)
        page = context.new_page()
        Tablet(page, level).comes_by_reader("Carla", world.badges["Carla"])
        yield world, page
        context.close()


@pytest.mark.on_sqlite
def test_two_crates_and_a_hand_over_by_tab_enter_and_space_alone(browser: Browser, databases: Databases) -> None:
    """Criterion 13."""
    with at_a_tablet(browser, databases, 2) as (world, page):
        page.add_init_script(POINTED)
        keys = Keys(page)
        tablet = Tablet(page, 2, hands=keys)
        tablet.home()
        tablet.opens(1)
        tablet.weighs("carote", 480)
        tablet.takes("bietole")
        tablet.finishes(1)
        tablet.opens(4)
        tablet.weighs("carote", 1010)
        tablet.finds_none("cavolo nero")
        tablet.finishes(4)
        tablet.finds(1, "Maria Rossi")
        tablet.takes_with_change(2000)
        tablet.gives(1)
        assert keys.used == {"Tab", "Shift+Tab", "Enter", "Space"}
        assert page.evaluate("sessionStorage.getItem('pointed')") is None
        assert not keys.faults, "\n".join(keys.faults)
        assert keys.stops > 100
        found = state_of(world)["crates"]
        assert found[1] == EXPECTED["crates"][1]
        assert found[4]["lines"] == EXPECTED["crates"][4]["lines"]


@pytest.mark.on_postgresql
@pytest.mark.slow
def test_two_taps_write_one_row_and_half_an_hour_changes_no_screen(browser: Browser, databases: Databases) -> None:
    """Criteria 11 and 24."""
    changed: list[str] = []

    def wait(step: str) -> None:
        page.wait_for_load_state("networkidle")
        if dom_after(page, 0) != dom_after(page, HALF_AN_HOUR):
            changed.append(step)

    with at_a_tablet(browser, databases, 1) as (world, page):
        page.clock.install()
        hands = TwoTaps()
        walk_once(tablet := Tablet(page, 1, hands=hands, after=wait))
        assert changed == []
        assert deeds_of(world, 1) == ONE_CRATE
        assert hands.doubled >= 8
        assert len(tablet.steps) >= 20
        assert state_of(world)["crates"][1] == EXPECTED["crates"][1]
        assert problems_of(world) == []


@pytest.mark.on_sqlite
def test_a_slow_second_tap_on_the_next_screen_does_nothing_there(browser: Browser, databases: Databases) -> None:
    """A quarter of a second: the next screen is there and has its main action at the same place."""
    with at_a_tablet(browser, databases, 1) as (world, page):
        hands = TwoSlowTaps()
        walk_once(Tablet(page, 1, hands=hands))
        assert deeds_of(world, 1) == ONE_CRATE
        assert hands.doubled >= 8
        assert state_of(world)["crates"][1] == EXPECTED["crates"][1]
        assert problems_of(world) == []


def dom_after(page: Page, milliseconds: int) -> str:
    """The whole page, when so much time has gone by for it."""
    page.clock.run_for(milliseconds)
    return page.evaluate("document.documentElement.outerHTML")


@pytest.mark.slow
@pytest.mark.on_sqlite
def test_reload_back_and_forward_after_every_step_change_nothing(browser: Browser, databases: Databases) -> None:
    """Criterion 17, without the power cuts."""
    assert disturbed(browser, databases, kills=False) == undisturbed(browser, databases)


@pytest.mark.on_postgresql
@pytest.mark.slow
def test_reload_back_and_sigkill_after_every_step_change_nothing(browser: Browser, databases: Databases) -> None:
    """Criterion 17 in full: after every step the server is killed and started again."""
    assert disturbed(browser, databases, kills=True) == undisturbed(browser, databases)


def undisturbed(browser: Browser, databases: Databases) -> tuple[dict[str, Any], Counter[str]]:
    with at_a_tablet(browser, databases, 2) as (world, page):
        walk_once(Tablet(page, 2))
        return state_of(world), deeds_of(world, 1)


def disturbed(browser: Browser, databases: Databases, *, kills: bool) -> tuple[dict[str, Any], Counter[str]]:
    with at_a_tablet(browser, databases, 2) as (world, page):
        trouble = Trouble(world, page, kills=kills)
        walk_once(Tablet(page, 2, after=trouble.strike))
        assert not trouble.faults, "\n".join(trouble.faults)
        assert trouble.steps >= 20
        assert trouble.answered == 1  # the 5 grams
        assert world.shop.starts == 1 + (trouble.steps if kills else 0)
        assert problems_of(world) == []
        return state_of(world), deeds_of(world, 1)


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "written",
    [True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["written, and the answer lost", "not written yet"],
)
def test_a_sigkill_between_sending_and_answer_leaves_the_deed_done_once(
    browser: Browser, databases: Databases, written: bool
) -> None:
    """Weigh, take, cash: right after the kill it is there once, or not at all; after one more tap it is there once."""
    with at_a_tablet(browser, databases, 2) as (world, page):
        tablet = Tablet(page, 2)
        kill = kill_when_written if written else kill_before_it_is_written
        tablet.opens(1)
        tablet.begins_to_weigh("carote")
        tablet.writes("carote", 480)
        kill(world, page, "peso")
        require_deeds(world, {"line.weighed": int(written)})
        world.shop.start()
        try_again(page)
        tablet.sees("^Prendi 2 mazzi di bietole$")
        tablet.main("Fatto")
        kill(world, page, "presa")
        require_deeds(world, {"line.weighed": 1, "line.taken": int(written)})
        world.shop.start()
        try_again(page)
        tablet.finishes(1)
        tablet.finds(1, "Maria Rossi")
        tablet.begins_to_take(2000)
        kill(world, page, "resto")
        require_deeds(world, {"line.taken": 1, "order.cash_taken": int(written)})
        world.shop.start()
        page.reload()
        tablet.gives(1)
        assert deeds_of(world, 1) == ONE_CRATE
        assert state_of(world)["crates"][1] == EXPECTED["crates"][1]
        assert problems_of(world) == []


def kill_when_written(world: World, page: Page, form: str) -> None:
    """The server has answered; the answer does not come home."""
    with losing_the_answer(page, f"/{form}", world.shop.kill) as lost:
        send(page, until=lambda: bool(lost))
    assert lost == [303]


def kill_before_it_is_written(world: World, page: Page, form: str) -> None:
    """Somebody else holds the order: the deed waits for it, and dies waiting."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    with world.books(), ExitStack() as held:
        session = held.enter_context(transaction())
        finding.lock(session, world.orders[1])
        send(page, until=lambda: bool(asked))
        page.wait_for_timeout(800)
        assert world.shop.kill() >= 5
    assert asked[0].endswith(f"/{form}")


def send(page: Page, *, until: Callable[[], bool]) -> None:
    look_first(page.locator(MAIN))
    page.locator(MAIN).click(no_wait_after=True)
    for _look in range(100):
        if until():
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was sent")


def try_again(page: Page) -> None:
    """The screen has stayed, says what happened, and one tap sends it again."""
    expect(page.locator(".said-network")).to_contain_text("La rete non c’è")
    with page.expect_navigation():
        page.locator(MAIN).filter(has_text="Prova ancora").click()


def require_deeds(world: World, wanted: dict[str, int]) -> None:
    found = deeds_of(world, 1)
    assert {name: found[name] for name in wanted} == wanted
