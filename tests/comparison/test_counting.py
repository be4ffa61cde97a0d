"""The counter of the comparison gives known figures on small known pages, and never counts what nobody sees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.comparison import shops
from tests.comparison.__main__ import HEAD, count_all, figures, table
from tests.comparison.counting import Choose, Count, Fill, Open, Press, Seen, WrongPath, look, walk
from tests.comparison.paths import FIND, OSCAR, OURS
from tests.comparison.paths import Path as Way

pytestmark = pytest.mark.browser

FIRST = """<!DOCTYPE html><title>Not counted</title><meta charset="utf-8">
<style>body{margin:0;font:16px/20px sans-serif} button,a,input,select{box-sizing:border-box}</style>
<h1>Gli ordini di oggi</h1>
<p>Sono pronti in otto. Scegli quello giusto!</p>
<p>Totale 12,50</p>
<p hidden>Nobody sees these words</p>
<p style="position:absolute;width:1px;height:1px;overflow:hidden;margin:0">Nor sees anybody these</p>
<a href="#" style="position:absolute;clip-path:inset(50%)">Skip to these words</a>
<a href="#" style="position:absolute;left:-9999px">Or to these</a>
<p style="opacity:0">Nor these here</p>
<script>const nor = "these, which are a program";</script>
<a href="second.html" style="display:inline-block;width:200px;height:60px">Ordine 1005</a>
<button style="width:100px;height:40px" type="button" onclick="more.hidden = false">Di più</button>
<button style="width:9px;height:9px" disabled></button>
<a href="#" style="pointer-events:none;display:inline-block;width:8px;height:8px">x</a>
<label style="display:inline-block;width:90px;height:44px"><input type="checkbox" style="width:13px;height:13px">
Pronto</label>
<input style="width:200px;height:36px" placeholder="Cerca qui">
<select style="width:200px;height:50px"><option>Uno solo<option>Due o più parole</select>
<div id="more" hidden>Ecco altre quattro parole. <button style="width:30px;height:30px">Sì</button></div>
<p style="margin-top:3000px">Queste parole stanno molto in basso</p>
"""
SECOND = """<!DOCTYPE html><meta charset="utf-8"><h1>Ordine 1005</h1><p>Fatto.</p>"""
# h1 4, two sentences 4 + 3, "Totale 12,50" 2, link 2, "Di più" 2, "x" 1, label 1, placeholder 2, option 2, below 6.
WORDS, BELOW = 29, 6


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text(SECOND)
    with browser.new_context(viewport={"width": 1024, "height": 768}) as context:
        found = context.new_page()
        found.goto((tmp_path / "first.html").as_uri())
        yield found


def test_words_choices_and_sizes_of_a_known_page(page: Page) -> None:
    seen = look(page)
    assert (seen.words, seen.in_view) == (WORDS, WORDS - BELOW)
    assert seen.sentences == 4  # the heading, two in a paragraph, one below; "Totale 12,50" is too short to be one
    assert (seen.choices, seen.choices_in_view) == (5, 5)  # nothing hidden, disabled or dead is a choice
    assert seen.smallest == 36  # the field: the small box is ticked by its label of 44 px too


def test_what_is_opened_on_a_page_is_counted_on_it_and_gives_no_new_page(page: Page) -> None:
    count = walk(
        page, page.url, (Press("button:text-is('Di più')"), Open("a:text-is('Ordine 1005')")), "p:text-is('Fatto.')"
    )
    assert [each.words for each in count.pages] == [WORDS + 5, 3]
    assert [each.choices for each in count.pages] == [6, 0]
    assert [each.smallest for each in count.pages] == [
        30,
        math.inf,
    ]  # none at all is not the smallest one
    assert (count.clicks, count.fields, count.characters) == (2, 0, 0)
    assert count.used == [40, 60]


def test_what_is_typed_and_chosen_is_counted_and_the_words_of_the_choice_are_those_that_show(page: Page) -> None:
    count = walk(page, page.url, (Fill("input[placeholder]", "1005"), Choose("select", "Due o più parole")), "h1")
    assert (count.clicks, count.fields, count.characters) == (1, 1, 4)
    assert [each.words for each in count.pages] == [WORDS + 1]  # "1005" for "Cerca qui", then two words more
    assert count.used == [36, 50]


def test_a_path_that_does_not_reach_its_end_is_no_count(page: Page) -> None:
    with pytest.raises(Error):
        walk(page, page.url, (Open("a:text-is('Ordine 1006')"),), "h1", patience=500)
    with pytest.raises(Error):
        walk(page, page.url, (), "p:text-is('Fatto.')", patience=500)


def test_a_click_that_leads_on_without_saying_so_is_found_out(page: Page) -> None:
    with pytest.raises(WrongPath):
        walk(page, page.url, (Press("a:text-is('Ordine 1005')"),), "p:text-is('Fatto.')")


def test_the_table_sums_pages_and_names_the_worst_of_them() -> None:
    pages = [Seen(10, 8, 2, 3, 3, 44), Seen(30, 20, 5, 9, 8, 13.3)]
    count = Count(pages, clicks=3, fields=1, characters=2, used=[96, 38.4])
    row = figures(OSCAR, count)
    assert row == (OSCAR, 2, 3, 1, 2, 28, 40, 30, 7, 12, 9, "38", "13")
    assert len(row) == len(HEAD)
    assert "| " + " | ".join(str(cell) for cell in row) + " |" in table([(Way(FIND, OSCAR, "/", (), "h1"), count)])


@pytest.mark.slow
def test_each_of_our_paths_still_leads_to_its_end(browser: Browser, tmp_path: Path) -> None:
    with shops.our_shop(tmp_path) as address:
        rows = count_all(browser, address, OURS, "1024x768")
    assert [path for path, _count in rows] == OURS


def test_without_oscar_there_is_no_version_to_compare_with(tmp_path: Path) -> None:
    assert shops.oscar_versions(str(tmp_path / "no-python")) == ""
    assert shops.oscar_versions("false") == ""
