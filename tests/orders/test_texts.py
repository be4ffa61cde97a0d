"""Letters and pages in words that the coordinator may change."""

from __future__ import annotations

import pytest

from core.errors import NotFound, Refused
from core.journal import Entry
from orders import rewriting, texts
from orders.texts import Words
from people.capabilities import Role
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def test_until_somebody_changes_them_the_words_of_the_house_hold() -> None:
    for kind, slugs in (("letter", texts.LETTERS), ("page", texts.PAGES)):
        for slug in slugs:
            for language in ("it", "en"):
                assert len(texts.get(kind, slug, language).body) > 40


def test_changed_words_hold_at_once_and_the_old_ones_are_kept() -> None:
    teresa = make.person("Teresa", Role.COORDINATOR)
    old = texts.get("letter", "ready", "it")
    rewriting.change("letter", "ready", "it", Words("È pronta, {nome}", "Vieni {ritiro}. {pagare}"), by=teresa.id)
    assert texts.get("letter", "ready", "it").filled({"nome": "Maria"}).title == "È pronta, Maria"
    assert texts.get("letter", "ready", "en").title != "È pronta, {nome}"
    rewriting.change("letter", "ready", "it", Words("Pronta", "Vieni {ritiro}. {totale}"), by=teresa.id)
    first, second = make.db.session.query(Entry).filter_by(action="text.changed").order_by(Entry.id)
    assert first.data["before"] == rewriting.OURS
    assert second.data["before"] == first.data["after"] == ["È pronta, {nome}", "Vieni {ritiro}. {pagare}"]
    rewriting.back_to_ours("letter", "ready", "it", by=teresa.id)
    assert texts.get("letter", "ready", "it") == old


def test_words_that_cannot_be_are_refused() -> None:
    teresa = make.person("Teresa", Role.COORDINATOR)
    for words in (Words("", "x"), Words("x", " "), Words("x", "y" * (texts.LONGEST + 1))):
        with pytest.raises(Refused):
            rewriting.change("page", "privacy", "it", words, by=teresa.id)
    with pytest.raises(NotFound):
        rewriting.change("page", "segreta", "it", Words("x", "y"), by=teresa.id)
    with pytest.raises(NotFound):
        texts.get("page", "segreta", "it")


def test_headings_and_paragraphs_are_told_apart() -> None:
    assert Words("t", "Uno.\n\n## Due\n\nTre.").blocks == [("p", "Uno."), ("h2", "Due"), ("p", "Tre.")]


@pytest.mark.parametrize("language", ["it", "en"])
def test_what_the_farm_must_still_check_is_told_to_the_farm_and_to_nobody_else(language: str) -> None:
    to_check = 0
    for slug in texts.PAGES:
        words = texts.get("page", slug, language)
        to_check += len(words.to_check)
        read = words.filled(texts.facts())
        assert "[" not in read.body, slug
        assert "  " not in read.body, slug
        assert all(text for _kind, text in read.blocks)
    assert to_check == 8


def test_brackets_of_the_farms_own_stay() -> None:
    words = Words(
        "t", "Aperti [da lunedì a venerdì]. [Da giugno anche di sera.] [Da controllare: gli orari.] Ciao [a tutti]."
    )
    assert words.to_check == ["Da controllare: gli orari."]
    assert words.filled({}).body == "Aperti [da lunedì a venerdì]. [Da giugno anche di sera.] Ciao [a tutti]."
