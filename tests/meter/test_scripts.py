"""What no script of ours does: gestures (11), questions in windows of their own (20), things by the clock (24)."""

from __future__ import annotations

import re

import pytest

from core.settings import ROOT

SCRIPTS = sorted(ROOT.glob("static/js/*.js"))
GESTURE = re.compile(
    r"touchmove|touchstart|touchend|pointermove|mousemove|dblclick|contextmenu|dragstart|wheel|gesture|mouseover"
)
QUESTION = re.compile(r"(?<![\w.$])(?:window\.)?(alert|confirm|prompt)\s*\(")
BY_THE_CLOCK = re.compile(r"setInterval\s*\(|location\.reload\s*\(|\.animate\s*\(|behavior:\s*[\"']smooth")


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text)]


def test_no_script_listens_for_a_gesture() -> None:
    assert {path.name: found(GESTURE, path.read_text()) for path in SCRIPTS if found(GESTURE, path.read_text())} == {}


def test_no_script_asks_in_a_window_of_its_own() -> None:
    assert {path.name: found(QUESTION, path.read_text()) for path in SCRIPTS if found(QUESTION, path.read_text())} == {}


def test_no_script_runs_by_the_clock_or_moves_anything() -> None:
    wrong = {path.name: found(BY_THE_CLOCK, path.read_text()) for path in SCRIPTS}
    assert {name: words for name, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    ("pattern", "script"),
    [
        (GESTURE, 'key.addEventListener("dblclick", twice)'),
        (QUESTION, 'if (confirm("Sicuro?")) send();'),
        (QUESTION, "window.alert(words)"),
        (BY_THE_CLOCK, "setInterval(look, 5000)"),
    ],
)
def test_a_script_that_does_is_noticed(pattern: re.Pattern[str], script: str) -> None:
    assert found(pattern, script)
