"""A tutor's voice for words of the desk: kept by what is said, replaced, taken away for good."""

from __future__ import annotations

import pytest

from core.errors import NotFound, Refused
from people import voices
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("written", "said"),
    [("Pesa: ", "pesa"), ("C'è già", "c’è già"), ("  500   grammi.", "500 grammi"), ("Sì, sono io", "sì sono io")],
)
def test_capitals_marks_and_spaces_do_not_change_how_words_are_said(written: str, said: str) -> None:
    assert voices.normal(written) == said


def test_words_have_one_voice_and_the_last_one_counts() -> None:
    rita, sandro = make.tutor("Rita"), make.tutor("Sandro")
    first = voices.record("Pesa:", "audio/webm;codecs=opus", b"first", by=rita)
    again = voices.record("pesa", "audio/ogg", b"second", by=sandro)
    assert voices.known() == {"pesa": first.id}
    assert (again.id, again.sound, again.kind, again.by_id) == (first.id, b"second", "audio/ogg", sandro.id)


def test_a_voice_that_is_taken_away_is_gone_and_stays_gone() -> None:
    rita = make.tutor("Rita")
    kept = voices.record("Fatto", "audio/ogg", b"sound", by=rita)
    number = kept.id
    for _time in range(2):
        voices.remove(number, by=rita)
    assert voices.known() == {}
    with pytest.raises(NotFound):
        voices.get(number)


@pytest.mark.parametrize(
    ("words", "kind", "sound"),
    [
        ("", "audio/ogg", b"x"),
        ("...", "audio/ogg", b"x"),
        ("Fatto", "text/html", b"x"),
        ("Fatto", "image/svg+xml", b"x"),
        ("Fatto", "audio/ogg", b""),
        ("Fatto", "audio/ogg", b"x" * (voices.LARGEST + 1)),
        ("Fatto" * 40, "audio/ogg", b"x"),
    ],
)
def test_what_is_no_voice_is_not_kept(words: str, kind: str, sound: bytes) -> None:
    with pytest.raises(Refused):
        voices.record(words, kind, sound, by=make.tutor())
    assert voices.known() == {}


def test_the_version_changes_with_every_voice() -> None:
    rita = make.tutor("Rita")
    versions = [voices.version()]
    for words in ("Fatto", "Casa"):
        voices.record(words, "audio/ogg", b"x", by=rita)
        versions.append(voices.version())
    assert versions[0] == ""
    assert len(set(versions)) == 3
