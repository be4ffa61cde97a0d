"""How places and lots are said, in the language of whoever reads."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale

from catalog import wording
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

BICYCLE = {"name": "A casa tua, in bicicletta", "name_en": "To your home, by bicycle", "kind": "round"}


@pytest.mark.parametrize(("language", "said"), [("it", BICYCLE["name"]), ("en", BICYCLE["name_en"])])
def test_a_place_is_said_in_the_language_of_the_page(language: str, said: str) -> None:
    place = make.place(**BICYCLE)
    order = make.order(at=make.pickup(place), address="Via Roma 1, 27029 Vigevano")
    with force_locale(language):
        assert (wording.place(place), wording.place(order)) == (said, said)


def test_a_place_without_an_english_name_keeps_its_own() -> None:
    place = make.place(name="Piazza Ducale")
    with force_locale("en"):
        assert wording.place(place) == wording.place(make.order(at=make.pickup(place))) == "Piazza Ducale"


def test_a_place_that_is_called_like_its_street_is_said_once_in_english_too() -> None:
    with force_locale("en"):
        assert wording.where("Piazza Ducale", "Piazza Ducale, Vigevano") == "Piazza Ducale, Vigevano"
        assert wording.where("Market arcade", "Piazza Repubblica 8") == "Market arcade, Piazza Repubblica 8"


@pytest.mark.parametrize(
    ("lot", "perishable", "said"),
    [
        ("2026-11-24", True, "Raccolto martedì 24 novembre."),
        ("2026-11-24", False, "Lotto di martedì 24 novembre."),
        ("L-17", True, "Lotto: L-17."),
        ("L-17", False, "Lotto: L-17."),
        (None, True, ""),
    ],
)
def test_only_what_was_in_the_field_is_called_harvested(
    app: Flask, lot: str | None, perishable: bool, said: str
) -> None:
    with app.test_request_context(), force_locale("it"):
        assert wording.lot(SimpleNamespace(lot=lot, perishable=perishable)) == said


@pytest.mark.parametrize(
    ("season", "italian", "english"),
    [
        ("10-3", "da ottobre a marzo", "October"),
        ("10-4", "da ottobre ad aprile", "April"),
        ("7-8", "da luglio ad agosto", "August"),
        ("8-10", "da agosto a ottobre", "October"),
        ("", "tutto l'anno", ""),
    ],
)
def test_two_letters_a_do_not_stand_side_by_side(season: str, italian: str, english: str) -> None:
    chard = make.chard(season=season)
    with force_locale("it"):
        assert wording.season(chard) == italian
    with force_locale("en"):
        assert english in wording.season(chard)
