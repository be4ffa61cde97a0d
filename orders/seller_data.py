"""Who sells, as the coordinator writes it down: it stands on every page, in every letter and on every paper.

Sources: art. 7 D.Lgs. 70/2003 (name, seat, e-mail, register, VAT number), art. 35 DPR 633/1972; the last digit of a VAT
number checks the others (Luhn's sum, DM 23 December 1976).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from stdnum.it import iva

from core import clock, inputs, journal, seen
from core.database import serialise, transaction
from core.errors import Refused
from orders import texts
from orders.models import Seller
from orders.texts import FACTS

SELLER_LOCK = 5_062_2022
LOOK_AGAIN_AFTER = timedelta(days=335)  # a month before the year is over
LONGEST = {"name": 120, "address": 200, "email": 200, "pec": 200, "phone": 40}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[\d ./-]{5,}")
REA = re.compile(r"[A-Z]{2}[ -]?\d{3,7}")
COOPERATIVES = re.compile(r"[A-Z]\d{4,7}")


def change(given: Mapping[str, str], *, seen_as: str | None = None, by: int) -> Seller:
    """Write it down. ``given``: each of FACTS. Raises Refused, naming the ``field``, or Conflict for two at once.

    ``seen_as``: `seen.of(seller, FACTS)` of the page.
    """
    clean = {name: _clean(name, given.get(name, "")) for name in FACTS}
    with transaction() as session:
        serialise(session, SELLER_LOCK)
        seller = texts.seller()
        elsewhere = _("Intanto qualcuno ha cambiato questi dati. Quello che hai scritto è ancora qui sotto.")
        seen.require(seller, FACTS, seen_as, elsewhere)
        before, after = seen.differences(seller, clean)
        if after:
            seen.put(seller, after)
            session.add(seller)
            session.flush()
            journal.record("seller.changed", seller, by=by, before=before, after=after)
    return seller


def restore(after: Mapping[str, str], before: Mapping[str, str]) -> None:
    """The inverse. Raises Conflict when it was changed once more."""
    with transaction() as session:
        serialise(session, SELLER_LOCK)
        seller = texts.seller()
        seen.require_standing(seller, after)
        seen.put(seller, before)
        session.add(seller)


def is_vat_number(digits: str) -> bool:
    """Eleven digits: an office that there is, and the last one makes Luhn's sum a multiple of ten."""
    return len(digits) == 11 and digits.isascii() and digits.isdecimal() and iva.is_valid(digits)


def _clean(name: str, raw: str) -> str:
    """Each as it is kept; empty where it may be left out."""
    line = inputs.one_line(raw)
    if inputs.is_unwritable(line, LONGEST.get(name, 40)):
        raise Refused(_("Scrivilo più corto, senza segni strani."), field=name)
    if not line:
        return _nothing(name)
    match name:
        case "email" | "pec" if not EMAIL.fullmatch(line):
            raise Refused(_("Scrivi un indirizzo e-mail, come nome@esempio.it."), field=name)
        case "phone" if not PHONE.fullmatch(line):
            raise Refused(_("Scrivi un numero di telefono, con le sole cifre e gli spazi."), field=name)
        case "vat_number":
            return _vat_number(line)
        case "rea" if not REA.fullmatch(line.upper()):
            raise Refused(_("Scrivi la sigla e il numero, come PV-123456."), field=name)
        case "cooperative_register" if not COOPERATIVES.fullmatch(line.upper()):
            raise Refused(_("Scrivi la lettera e il numero, come A123456."), field=name)
        case "rea" | "cooperative_register":
            return line.upper()
        case "accessibility_checked":
            return _checked_on(line)
        case _:
            return line


def _nothing(name: str) -> str:
    """What the law wants on the first page cannot be left out."""
    wanted = {
        "name": _("Scrivi il nome di chi vende."),
        "address": _("Scrivi l'indirizzo della sede."),
        "email": _("Scrivi l'e-mail: la legge vuole che si possa scrivere."),
        "vat_number": _("Scrivi la partita IVA."),
    }
    if name in wanted:
        raise Refused(wanted[name], field=name)
    return ""


def accessibility_is_old(seller: Seller) -> bool:
    """Whether somebody should look again: what the page says must be younger than a year (criterion 43)."""
    checked = seller.accessibility_checked
    return not checked or clock.today() - date.fromisoformat(checked) > LOOK_AGAIN_AFTER


def _checked_on(line: str) -> str:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        raise Refused(_("Scegli il giorno."), field="accessibility_checked") from None
    if day > clock.today():
        raise Refused(_("Quel giorno non è ancora venuto."), field="accessibility_checked")
    return day.isoformat()


def _vat_number(line: str) -> str:
    digits = line.upper().removeprefix("IT").replace(" ", "")
    if not is_vat_number(digits):
        raise Refused(_("Le 11 cifre della partita IVA non tornano: guarda se ce n'è una diversa."), field="vat_number")
    return digits
