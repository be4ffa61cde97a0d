"""What a form of the staff has sent: days, times and numbers, or a sentence at the field that is not there yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext as _

from core import inputs, keys
from core.database import transaction
from core.errors import Refused
from core.web import form_key_given
from desk.answering import surroundings

Given = Mapping[str, str]


def day(given: Given, field: str) -> date:
    """A day as browsers send it, '2026-11-27'. Raises Refused, naming the field."""
    try:
        return date.fromisoformat(given.get(field, ""))
    except ValueError:
        raise Refused(_("Scegli un giorno."), field=field) from None


def find_day(given: Given, field: str) -> date | None:
    """None where nothing was written."""
    return day(given, field) if given.get(field, "").strip() else None


def minute(given: Given, field: str) -> int:
    """A time as browsers send it, '16:30', in minutes after midnight. Raises Refused, naming the field."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", given.get(field, "").strip(), re.ASCII)
    if found is None:
        raise Refused(_("Scrivi l'ora, per esempio 16:30."), field=field)
    return int(found[1]) * 60 + int(found[2])


def number(given: Given, field: str) -> int:
    """Raises Refused, naming the field."""
    found = inputs.whole_number(given.get(field, "").strip())
    if found is None:
        raise Refused(_("Scrivi un numero."), field=field)
    return found


def answer_once(deed: Callable[[], str]) -> str:
    """Where the deed of the form that was sent has led. A repeat of it does nothing and leads to the same place."""
    key = form_key_given()
    with surroundings(), transaction():
        if keys.claim(key):
            keys.answer(key, deed())
    return keys.find_answer(key) or ""
