"""What comes in from outside, before any view reads it: whole numbers that fit a column, words that can be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask_babel import gettext as _
from werkzeug.routing import IntegerConverter, ValidationError

from core.errors import Refused

View = TypeVar("View", bound=Callable[..., Any])

LARGEST = 2**31 - 1
"""What an Integer column of PostgreSQL holds."""

PLAIN = frozenset("\t\n\r")
"""The control characters that people do type."""

NOT_SPOKEN = re.compile("[\u0300-\u036f'’`]")  # accents that stand alone, apostrophes


class Unreadable(Refused):
    """Something was sent that no page of ours can send, such as NUL."""

    status = 400


class TooLarge(Refused):
    """A file that nobody reads to its end."""

    status = 413


class ColumnConverter(IntegerConverter):
    """`<int:…>` in addresses: a number that no row can have is an address that nobody has."""

    def to_python(self, value: str) -> Any:
        number = whole_number(value)
        if number is None:
            raise ValidationError
        return super().to_python(value)


def install(app: Flask) -> None:
    """Before any blueprint is registered: rules keep the converter that they find."""
    app.url_map.converters["int"] = ColumnConverter
    app.before_request(_refuse_hidden_signs)
    app.url_value_preprocessor(lambda _endpoint, _values: _let_files_in())  # before anybody reads the form


def takes_file(most: int) -> Callable[[View], View]:
    """For a view whose form brings a file: the whole form may have ``most`` bytes, other forms no more than usual.

    Only of whoever is signed in: what a stranger sends is not even read.
    """

    def declare(view: View) -> View:
        view.takes_file = most  # type: ignore[attr-defined]
        return view

    return declare


def reads_raw(view: View) -> View:
    """For a view whose form says by itself which field has a sign that cannot be kept."""
    view.reads_raw = True  # type: ignore[attr-defined]
    return view


def whole_number(text: str | None) -> int | None:
    """A number from 0 to LARGEST in plain digits, or None for everything else."""
    if not text or len(text) > len(str(LARGEST)) or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if int(text) <= LARGEST else None


def cents_of(text: str) -> int | None:
    """'2,50', '2.5', '2', '€ 2,50' as cents; None for everything else. Nothing is rounded: '2,505' is no sum."""
    return _decimal(text.replace("€", ""), places=2, digits=5)


def grams_of(kilos: str) -> int | None:
    """'12,5', '12.5', '12 kg' as grams; None for everything else. Nothing is rounded: '0,0005' is no weight."""
    return _decimal(re.sub(r"(?i)\s*kg\s*$", "", kilos), places=3, digits=5)


def degrees_of(text: str) -> float | None:
    """'45,31', '-8.85': degrees as people copy them from a map; None for everything else."""
    found = re.fullmatch(r"-?\d{1,3}(?:[.,]\d{1,12})?", text.replace("°", "").strip(), re.ASCII)
    return float(found[0].replace(",", ".")) if found else None


def folded(text: str) -> str:
    """'D’Agostàro' and 'dagostaro' are the same to whoever spells a name aloud."""
    return NOT_SPOKEN.sub("", unicodedata.normalize("NFKD", text)).casefold()


def has_control_signs(text: str) -> bool:
    """NUL, which no database keeps, and its kin, which end a mail's header or a printer's line."""
    return any(unicodedata.category(sign) == "Cc" and sign not in PLAIN for sign in text)


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: blanks of every width, joiners, direction marks."""
    return all(unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp") for sign in text)


def one_line(text: str | None) -> str:
    """White space of every kind becomes one blank; words that nobody can see are no words."""
    line = " ".join((text or "").split())
    return "" if is_blank(line) else line


def require_line(text: str, most: int, *, missing: str = "") -> str:
    """One line of at most ``most`` signs. Raises Refused, saying ``missing`` where there is nothing to see."""
    line = one_line(text)
    if missing and not line:
        raise Refused(missing)
    if has_control_signs(line):
        raise Refused(_("Qui c'è un segno che non riusciamo a scrivere: toglilo e riprova."))
    if len(line) > most:
        raise Refused(_("È troppo lungo: scrivi al massimo %(max)d lettere.", max=most))
    return line


def is_unwritable(text: str, most: int) -> bool:
    """Whether it is too long or has signs that nobody can write: the sentence about that names no field."""
    return len(text) > most or has_control_signs(text)


def named(label: str, sentence: str) -> str:
    """'Nome: è troppo lungo': for a list of sentences in which the same one may stand twice."""
    return f"{label}: {sentence[:1].lower()}{sentence[1:]}"


def _let_files_in() -> None:
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "takes_file", 0)
    if not most or "_user_id" not in session:  # Flask-Login's name for who is signed in
        return
    if (request.content_length or 0) > most:
        raise TooLarge(_("Il file è troppo grande: al massimo %(most)d MB.", most=most // 1024 // 1024))
    request.max_content_length = most


def _decimal(text: str, *, places: int, digits: int) -> int | None:
    """A decimal with a comma or a point, in units of its last place, never through a float."""
    found = re.fullmatch(rf"(\d{{1,{digits}}})(?:[.,](\d{{1,{places}}}))?", text.strip(), re.ASCII)
    return int(found[1]) * 10**places + int((found[2] or "").ljust(places, "0")) if found else None


def _refuse_hidden_signs() -> None:
    if request.endpoint is None or getattr(current_app.view_functions[request.endpoint], "reads_raw", False):
        return
    if any(has_control_signs(text) for text in _sent()):
        raise Unreadable(_("C'è un segno che non riusciamo a scrivere. Torna indietro, toglilo e riprova."))


def _sent() -> Iterator[str]:
    """Every name and value of the query and the form. Addresses are looked up by views, which find nothing there."""
    for fields in (request.args, request.form):
        for name, value in fields.items(multi=True):
            yield name
            yield value
