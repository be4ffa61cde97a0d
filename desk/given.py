"""What a form of the staff has sent: days, times and numbers, or a sentence at the field that is not there yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from flask import request
from flask_babel import gettext as _

from catalog.models import Product
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


def find_number(given: Given, field: str) -> int | None:
    """None where nothing was written. Raises Refused, naming the field."""
    return number(given, field) if given.get(field, "").strip() else None


def cents(given: Given, field: str) -> int:
    """'3,20' or '3.20' in cents. Raises Refused, naming the field."""
    found = inputs.cents_of(given.get(field, ""))
    if found is None:
        raise Refused(_("Scrivi quanti euro, per esempio 3,20."), field=field)
    return found


def amount(given: Given, field: str, product: Product) -> int:
    """Kilos with a comma as grams for what is ordered in grams, pieces otherwise. Raises Refused, naming the field."""
    if not product.is_ordered_in_grams:
        return number(given, field)
    found = inputs.grams_of(given.get(field, ""))
    if found is None:
        raise Refused(_("Scrivi i chili, per esempio 12,5."), field=field)
    return found


def degrees(given: Given, field: str) -> float:
    """'45,31' or '45.31'. Raises Refused, naming the field."""
    found = inputs.degrees_of(given.get(field, ""))
    if found is None:
        raise Refused(_("Scrivi i gradi, per esempio 45,31."), field=field)
    return found


def file(field: str, missing: str) -> bytes:
    """What is in the file that was chosen. Raises Refused, naming the field and saying ``missing`` without one."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise Refused(missing, field=field)
    with sent.stream as stream:  # a large one lies on the disk until it is closed
        return stream.read()


def line(given: Given, field: str, clean: Callable[[str], str]) -> str:
    """What ``clean`` keeps of it. Raises Refused, naming the field."""
    try:
        return clean(given.get(field, ""))
    except Refused as refused:
        raise Refused(refused.sentence, field=field) from None


def answer_once(deed: Callable[[], str]) -> str:
    """Where the deed of the form that was sent has led. A repeat of it does nothing and leads to the same place."""
    key = form_key_given()
    with surroundings(), transaction():
        if keys.claim(key):
            keys.answer(key, deed())
    return keys.find_answer(key) or ""
