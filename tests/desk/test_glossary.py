"""The closed glossary of the desk: few words, all known; one word and one picture for one thing (criteria 29, 30)."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest

from core.settings import ROOT
from tests.desk import words

COMMON = 3.9
"""Zipf frequency (wordfreq 3.1.1, Italian): a word that is rarer is explained."""
MOST = 170
PAIRS = (
    re.compile(r"_\('([^']+)'(?:, [^()]*)?\), '([a-z-]+)'"),
    re.compile(r"label=_\('([^']+)'\), icon_name='([a-z-]+)'"),
    re.compile(r"tile\(_\('([^']+)'(?:, [^()]*)?\), icon\('([a-z-]+)'\)"),
)


def rows() -> list[dict[str, str]]:
    with (ROOT / "desk/glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unknown(sentences: Iterable[str]) -> set[str]:
    known = {form for row in rows() for form in row["forms"].split()}
    return {word for sentence in sentences for word in words.words(sentence)} - known


def pictures(sources: Iterable[str]) -> dict[str, set[str]]:
    """Words of a control -> the pictures that stand beside them."""
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        for pair in PAIRS:
            for label, icon in pair.findall(source):
                found[label].add(icon)
    return found


def test_the_desk_says_only_words_of_the_glossary() -> None:
    assert unknown(words.sentences()) == set()


def test_a_word_that_nobody_taught_is_noticed() -> None:
    assert unknown(["Conferma la giacenza"]) == {"conferma", "giacenza"}


def test_the_glossary_has_no_word_that_the_desk_does_not_say() -> None:
    said = {word for sentence in words.sentences() for word in words.words(sentence)}
    assert {form for row in rows() for form in row["forms"].split()} - said == set()


def test_it_is_short_and_every_form_belongs_to_one_word() -> None:
    assert len(rows()) <= MOST
    forms = Counter(form for row in rows() for form in row["forms"].split())
    assert [form for form, times in forms.items() if times > 1] == []


def test_words_are_common_or_there_is_a_reason() -> None:
    for row in rows():
        assert float(row["zipf"]) >= COMMON or len(row["why"]) > 5, row["word"]


def test_a_picture_belongs_to_one_word() -> None:
    named = [row["picture"] for row in rows() if row["picture"]]
    assert [picture for picture, times in Counter(named).items() if times > 1] == []
    for picture in named:
        assert (ROOT / f"static/img/icons/{picture}.svg").is_file(), picture


def test_the_same_words_have_the_same_picture_on_every_screen() -> None:
    found = pictures(path.read_text() for path in words.sources() if path.suffix == ".html")
    assert len(found) > 40
    assert {label: icons for label, icons in found.items() if len(icons) > 1} == {}


@pytest.mark.parametrize("second", ["coins", "help"])
def test_two_pictures_for_the_same_words_are_noticed(second: str) -> None:
    screens = ["desk.second_link(url, _('Altri'), 'more')", f"desk.second_link(url, _('Altri'), '{second}')"]
    assert pictures(screens)["Altri"] == {"more", second}
