"""Names go into letters as they were typed: people's pass, and nothing in them leads anywhere."""

from __future__ import annotations

import pytest

from core import names
from core.errors import Refused

PEOPLE = [
    "Maria Rossi",
    "D'Agostino Pina",
    "Niccolò D’Agostà",
    "Anna-Maria De Luca",
    "M. Rossi",
    "G. B. Vico",
    "Rossi S.r.l.",
    "Rossi S.p.A.",
    "Cascina Nuova S.r.l.s.",
    "Bianchi & Figli S.n.c.",
    "F.lli Bianchi",
    "Dott.ssa Ada Negri",
    "Prof.ssa Levi Montalcini",
    "Sig.ra Pina",
    "Sig. Ugo Ferri",
    "Giovanni Paolo II",
    'Ada "la rossa" 🥕',
    "Zoë 👩🏽‍🌾 Łukasiewicz-D'Angelò",
    "Nguyễn Thị Hoa",
    "José María Peña y Gómez",
    "Martin Luther King Jr.",
    "O'Brien, Seán",
    "Жанна Петрова",
    "王小明",
    "محمد العلي",
    "Sant'Angelo Lodi (Pia)",
    "Jean-Luc van der Meer",
    "Nonna Pia...",
]

ATTACKS = [
    "www.premi",
    "Vinci su evil.com",
    "evil.it",
    "Sig.ra.evil.com",
    "dott.ssa.com",
    "http evil",
    "HTTPS://evil.com/x",
    "evil.com/premio",
    "t.co/abc",
    "chi@evil.com",
    "hxxp:\\\\evil",
    "javascript:alert",
    "Chiama 899 123456",
    "Chiama ٨٩٩",
    "ｅｖｉｌ．ｃｏｍ",
    "evil。com",
    "evil․com",
    "evil.\u200bcom",
    "ev\u00adil.c\u2060om",
    "пример.рф",
    "chi＠evil",
]

IN_A_LINE = [
    "Via Roma 12/A",
    "V.le dei Mille 3",
    "P.zza Ducale 1, int. 2",
    "C.so Cavour 101/B",
    "F.lli Rossi S.r.l.",
    "Officina 2000 S.a.s.",
    "n.ro 1001",
    "nr.1001/2026",
    "ordine: 1001",
    "Via S.Martino 5",
]

LINKS = [
    "Via Roma 1 www.evil",
    "evil.com",
    "Via t.me/premi 5",
    "chi@evil",
    "https:premi",
    "//premi",
    "Via １６３．ｃｏｍ",
]


@pytest.mark.parametrize("typed", PEOPLE)
def test_a_name_passes_as_it_was_typed(typed: str) -> None:
    assert names.require(typed) == typed


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("typed", ATTACKS)
def test_what_a_letter_would_make_a_link_of_or_a_telephone_is_no_name(typed: str) -> None:
    with pytest.raises(Refused, match="solo il nome"):
        names.require(typed)


@pytest.mark.parametrize("typed", IN_A_LINE)
def test_a_street_a_firm_and_a_number_pass_as_they_were_typed(typed: str) -> None:
    assert names.require_line(typed) == typed


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("typed", LINKS)
def test_a_link_passes_for_none_of_them(typed: str) -> None:
    with pytest.raises(Refused, match="un link non va"):
        names.require_line(typed)


@pytest.mark.usefixtures("app")
def test_a_dot_without_a_blank_is_asked_for_one() -> None:
    with pytest.raises(Refused, match="uno spazio dopo il punto"):
        names.require("M.Rossi")
