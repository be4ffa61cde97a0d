"""Why something was called off, moved or given back: prepared phrases are kept as keys, own words as they are.

A key is said in the language of whoever reads it. What was kept before there were keys is said as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from catalog import standing
from core import inputs

LONGEST = 200
MARK = "motivo:"
"""What a key begins with. Somebody who types it has typed words all the same: see ``own``."""
OTHER = "altro"
"""What forms send for own words."""

PHRASES = {
    # calling off and moving a pick-up: whole sentences of a letter
    "gelo": _l("Il gelo ha rovinato la verdura."),
    "malattia": _l("Siamo ammalati e non riusciamo a preparare le cassette."),
    "strada": _l("La strada è chiusa e non possiamo arrivare."),
    "maltempo": _l("È previsto brutto tempo."),
    "posto": _l("Quel giorno il posto è occupato."),
    # cancelling an order by phone: only the staff read it
    "telefonata": _l("Ce l'ha chiesto al telefono"),
    "doppio": _l("È un ordine fatto due volte"),
    # cancelling an order that nobody prepared: a whole sentence of the letter
    "non-preparata": _l("Non siamo riusciti a preparare la tua cassetta, e ci dispiace."),
    # a withdrawal, after which nothing is given back: only the staff read it
    "tardi": _l("Sono passati più di 14 giorni"),
    "solo-fresco": _l("Nell'ordine c'erano solo prodotti freschi"),
    "non-trovato": _l("Non troviamo l'ordine, e non riusciamo a sentire chi ha scritto"),
    "ripensato": _l("Ci ha ripensato e tiene tutto"),
    # what comes back within 14 days
    "recesso": _l("Recesso entro 14 giorni"),
    # a complaint
    "rovinato": _l("Era rovinato"),
    "mancava": _l("Mancava qualcosa"),
    "peso": _l("Il peso non tornava"),
}
CALLING_OFF = ("gelo", "malattia", "strada")
MOVING = ("maltempo", "strada", "posto", "malattia")
CANCELLING = ("telefonata", "doppio")
OURS = ("non-preparata",)
"""Cancelling where it was us: the citizen reads why."""
GIVING_BACK = ("rovinato", "mancava", "peso", "recesso")
NOTHING_BACK = ("tardi", "solo-fresco", "non-trovato", "ripensato")

_OTHERS_WORDS = (standing.RULE, standing.WEEK, "citizen")
"""What the calendar and the shop keep as a reason of their own."""


def key(name: str) -> str:
    """How a prepared phrase is kept."""
    return f"{MARK}{name}"


def is_key(stored: str) -> bool:
    return stored.startswith(MARK) and stored.removeprefix(MARK) in PHRASES


def say(stored: str | None) -> str:
    """A prepared phrase in the language of the page or letter; anything else as it was written."""
    if not stored:
        return ""
    return str(PHRASES[stored.removeprefix(MARK)]) if is_key(stored) else stored


def is_own(stored: str | None) -> bool:
    """Whether somebody wrote it in words of their own."""
    return bool(stored) and not is_key(stored or "") and stored not in _OTHERS_WORDS


def is_ours(stored: str | None) -> bool:
    """Whether an order was cancelled for a reason of ours, which its citizen reads."""
    return stored in [key(name) for name in OURS]


def options(names: Iterable[str]) -> list[tuple[str, str]]:
    """(what a form sends, what it shows)."""
    return [(name, str(PHRASES[name])) for name in names]


def own(words: str, *, missing: str = "") -> str:
    """What somebody typed, as it is kept: never a key, nor a word of the calendar or the shop. Raises Refused."""
    line = inputs.require_line(words, LONGEST, missing=missing or _("Scrivi in poche parole perché."))
    return f"{line}." if is_key(line) or line in _OTHERS_WORDS else line


def require(reason: str) -> str:
    """A key stays a key; all else is somebody's own words. Raises Refused."""
    return reason if is_key(reason) else own(reason)
