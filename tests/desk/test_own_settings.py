"""One's own page: more guide, larger letters and pictures, voice; chosen by a tap, taken back by a tap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.database import db
from core.errors import NotAllowed
from core.journal import Entry
from people import staff, staying
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.staff_desk import at_work
from tests.desk.test_meter import STEPS, Walk, hand_over, prepare
from tests.desk.test_meter import enter as come_in
from tests.desk.walking import Desk
from tests.meter.seeing import LANDSCAPE, PORTRAIT

CAN = (Capability.HAND_OVER, Capability.TAKE_CASH)


def again(person: Person) -> Person:
    make.fresh(person)
    return db.session.get_one(Person, person.id)


def mine(person: Person) -> tuple[int, int, bool, bool]:
    found = again(person)
    return found.support_level, found.text_size, found.large_pictures, found.reads_aloud


def tiles(desk: Desk) -> list[str]:
    return [way.words for way in desk.ways if way.path.startswith("/banco/io/") and "torna-indietro" not in way.path]


# --- choices


def test_ones_own_picture_on_today_leads_to_ones_own_page(enter: EnterAs) -> None:
    desk = enter(make.person("Anna", support_level=1)).press("Anna")
    assert desk.path == "/banco/io"
    assert desk.heading == "Scegli come lavorare"
    assert tiles(desk) == ["Più guida", "Lettere più grandi", "Figure più grandi", "Senza voce"]
    assert desk.offers("Scaffali")


@pytest.mark.parametrize(
    ("tile", "expected", "said"),
    [
        ("Più guida", (2, 0, False, True), "Adesso hai più guida."),
        ("Lettere più grandi", (1, 1, False, True), "Adesso le lettere sono grandi."),
        ("Figure più grandi", (1, 0, True, True), "Adesso le figure sono grandi."),
        ("Senza voce", (1, 0, False, False), "Adesso la voce non c’è."),
    ],
)
def test_a_tap_is_a_choice_and_a_tap_takes_it_back(
    enter: EnterAs, tile: str, expected: tuple[int, int, bool, bool], said: str
) -> None:
    anna = make.person("Anna", support_level=1)
    before = mine(anna)
    desk = enter(anna).go("/banco/io").press(tile)
    assert said in desk.text
    assert mine(anna) == expected
    desk.press("Torna indietro")
    assert "Tutto è come prima." in desk.text
    assert mine(anna) == before
    assert not desk.offers("Torna indietro:")


def test_letters_grow_twice_and_are_normal_again(enter: EnterAs) -> None:
    anna = make.person("Anna")
    desk = enter(anna).go("/banco/io")
    seen = []
    for tile in ("Lettere più grandi", "Lettere più grandi", "Lettere normali"):
        desk.press(tile)
        seen.append(again(anna).text_size)
    assert seen == [1, 2, 0]


def test_whoever_has_the_whole_guide_is_not_offered_more(enter: EnterAs) -> None:
    desk = enter(make.person("Anna", support_level=2)).go("/banco/io")
    assert "Più guida" not in tiles(desk)
    assert desk.client.post("/banco/io/guida", data={"key": "own-guide-0123456789"}).status_code == 422


def test_more_guide_reaches_every_task(enter: EnterAs) -> None:
    """A task with a guide of its own that is less than what was asked for follows."""
    anna, rita = make.person("Anna", support_level=1), make.tutor()
    staff.set_support(anna, 0, task="prepare", reason="Lo sa fare", by=rita)
    enter(anna).go("/banco/io").press("Più guida")
    found = again(anna)
    assert [found.support_for(task) for task in ("prepare", "hand_over")] == [2, 2]


def test_less_guide_is_not_for_oneself(enter: EnterAs) -> None:
    anna = make.person("Anna", support_level=2)
    desk = enter(anna)
    for wish in ("0", "1", "-1", "x"):
        desk.client.post("/banco/io/guida", data={"key": f"own-guide-{wish}-0123456", "vuole": wish, "level": wish})
    assert again(anna).support_level == 2


def test_what_a_tutor_has_decided_is_not_taken_back_by_oneself(enter: EnterAs) -> None:
    anna, rita = make.person("Anna"), make.tutor()
    desk = enter(anna)
    staff.set_support(anna, 1, reason="Lo fa da sola", by=rita)
    entry = db.session.scalars(db.select(Entry).where(Entry.action == "support.changed")).one()
    assert not desk.go("/banco/io").offers("Torna indietro:")
    sent = {"key": "own-undo-0123456789", "deed": str(entry.id)}
    assert desk.client.post("/banco/io/torna-indietro", data=sent).status_code == 409
    assert again(anna).support_level == 1


@pytest.mark.parametrize("wish", ["3", "-1", "99999", "x", ""])
def test_letters_of_no_size_change_nothing(enter: EnterAs, wish: str) -> None:
    anna = make.person("Anna", text_size=1)
    answer = enter(anna).client.post("/banco/io/lettere", data={"key": "own-size-0123456789", "vuole": wish})
    assert answer.status_code == 422
    assert again(anna).text_size == 1


def test_a_double_tap_is_one_choice(enter: EnterAs) -> None:
    anna = make.person("Anna")
    desk = enter(anna).go("/banco/io")
    way = desk.find("Lettere più grandi")
    for _tap in range(2):
        desk.client.post(way.path, data=way.sends)
    assert again(anna).text_size == 1


@pytest.mark.usefixtures("app")
def test_only_looks_are_for_oneself() -> None:
    anna = make.person("Anna")
    for column in ("name", "picture", "language", "role", "support_level"):
        with pytest.raises(NotAllowed):
            staying.choose(anna, column, 1)


def test_the_staff_have_their_own_pages(enter: EnterAs) -> None:
    desk = at_work(enter(make.person("Anna")).client.application, make.tutor("Rita"))
    assert desk.go("/banco/io").path == "/banco"
    assert not desk.offers("Scegli come lavorare")


# --- screens


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("level", STEPS)
def test_with_larger_letters_every_screen_keeps_the_criteria(browser: Browser, address: str, level: int) -> None:
    anna = make.person("Anna", can=CAN, support_level=level, text_size=1)
    to_give = crates.ready_today(make.wish(make.honey(), 3), name="Mariangela Abbondanza", collector="Luca Verdi")
    to_prepare = crates.mixed()
    page = come_in(browser, address, anna)
    walk = Walk(page)
    walk.see("today", "/banco")
    walk.see("oneself", "/banco/io")
    prepare(walk, level, to_prepare.id)
    hand_over(walk, level, to_give.id)
    page.context.close()
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.browser
def test_ones_own_page_keeps_the_criteria_whatever_was_chosen(browser: Browser, address: str) -> None:
    faults = []
    for number, looks in enumerate(LOOKS):
        anna = make.person(f"Anna {number}", support_level=1, **looks)
        page = come_in(browser, address, anna)
        walk = Walk(page)
        walk.see("oneself", "/banco/io")
        page.get_by_role("button", name="voce").click()
        walk.see("oneself, after a choice")
        faults += [f"{looks}: {fault}" for fault in walk.faults]
        page.context.close()
    assert not faults, "\n".join(faults)


LOOKS: tuple[dict[str, Any], ...] = ({}, {"text_size": 1}, {"large_pictures": True})
CUT = """() => [...document.querySelectorAll("main *, .bar *")]
  .filter((part) => part.checkVisibility() && part.innerText?.trim() && !part.closest(".unseen, svg, .control-me"))
  .filter((part) => getComputedStyle(part).overflow !== "visible"
    && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1)
    || part.getBoundingClientRect().right > innerWidth + 1)
  .map((part) => part.outerHTML.slice(0, 80))"""
SIZE = "selector => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
WIDTH = "selector => document.querySelector(selector).getBoundingClientRect().width"


def every_screen(to_prepare: int, to_give: int) -> list[str]:
    paths = ["/banco", "/banco/io", "/banco/prepara", f"/banco/casse/{to_prepare}", "/banco/consegna"]
    return paths + [f"/banco/consegna/{to_give}{step}" for step in ("", "?passo=nome", "?passo=soldi")]


@pytest.mark.browser
@pytest.mark.slow
def test_the_largest_letters_may_scroll_but_nothing_is_cut(browser: Browser, address: str) -> None:
    to_give = crates.ready_today(make.wish(make.honey(), 3), name="Mariangela Abbondanza", collector="Luca Verdi")
    to_prepare = crates.mixed()
    cut = []
    for level in (2, 1, 0):
        anna = make.person(f"Anna {level}", can=CAN, support_level=level, text_size=2, large_pictures=True)
        page = come_in(browser, address, anna)
        for width, height in (LANDSCAPE, PORTRAIT, (1366, 768), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            for path in every_screen(to_prepare.id, to_give.id):
                page.goto(path)
                found = page.evaluate(CUT)
                found += ["sideways"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
                cut += [f"{path} at {width}, level {level}: {part}" for part in found]
        page.context.close()
    assert not cut, "\n".join(cut)


@pytest.mark.browser
def test_the_choice_really_changes_the_screens(browser: Browser, address: str) -> None:
    to_prepare = crates.mixed()
    measure: Callable[[Page, str, str], float] = lambda page, script, part: page.evaluate(script, part)  # noqa: E731
    sizes, widths = [], []
    for size in (0, 1, 2):
        page = come_in(browser, address, make.person(f"Anna {size}", support_level=1, text_size=size))
        page.goto(f"/banco/casse/{to_prepare.id}")
        sizes.append([measure(page, SIZE, part) for part in ("h1", ".need", ".bar .control", ".main-action")])
        page.context.close()
    assert all(one < other for one, other in zip(sizes[0][:3], sizes[1][:3], strict=True)), sizes
    assert all(one < other for one, other in zip(sizes[1], sizes[2], strict=True))
    for large in (False, True):
        page = come_in(browser, address, make.person(f"Bruno {large}", support_level=1, large_pictures=large))
        page.goto(f"/banco/casse/{to_prepare.id}")
        widths.append(measure(page, WIDTH, ".tell > .picture > img"))
        page.context.close()
    assert widths[1] > widths[0] * 1.2
