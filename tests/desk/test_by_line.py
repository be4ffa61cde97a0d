"""Each sentence of a refusal stands on its own line (criterion 28); what only looks like an end of one does not."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from desk.words import by_line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5 chili? Guarda ancora la bilancia.", "5 chili?\nGuarda ancora la bilancia."),
        ("La rete non c’è. Aspetta un momento.", "La rete non c’è.\nAspetta un momento."),
        ("Non trovo la cassetta 12. Guarda ancora.", "Non trovo la cassetta 12.\nGuarda ancora."),
        ("Pesa con la ciotola di S. Anna.", "Pesa con la ciotola di S. Anna."),
        ("Costa 3.50 euro.", "Costa 3.50 euro."),
    ],
)
def test_a_sentence_ends_its_line(said: str, shown: str) -> None:
    assert by_line(said) == shown


def test_what_was_safe_to_show_stays_so_and_nothing_else_becomes_it() -> None:
    assert isinstance(by_line(Markup("C&#39;è. Guarda.")), Markup)
    assert not isinstance(by_line("<b>. Guarda."), Markup)
