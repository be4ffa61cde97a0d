"""How money, weights and times are written, in the language of the page. Used by templates and letters."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from core.clock import ROME

NO_BREAK = "\u00a0"


def euro(cents: int) -> str:
    """850 -> '8,50 €' in Italian, '€8.50' in English. Whole cents in, so nothing is rounded here."""
    sign, cents = ("−" if cents < 0 else ""), abs(cents)
    whole, rest = divmod(cents, 100)
    if _english():
        return f"{sign}€{whole:,}.{rest:02d}"
    return f"{sign}{whole:,}".replace(",", ".") + f",{rest:02d}{NO_BREAK}€"


def weight(grams: int) -> str:
    """500 -> '500 g', 1200 -> '1,2 kg'."""
    if grams < 1000:
        return f"{grams}{NO_BREAK}g"
    kilos = f"{grams / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{kilos if _english() else kilos.replace('.', ',')}{NO_BREAK}kg"


def easy_weight(grams: int) -> str:
    """For the desk: digits and whole words. 1200 -> '1 chilo e 200 grammi'."""
    kilos, rest = divmod(grams, 1000)
    parts = []
    if kilos:
        parts.append(ngettext("%(num)s chilo", "%(num)s chili", kilos))
    if rest or not kilos:
        parts.append(ngettext("%(num)s grammo", "%(num)s grammi", rest))
    return _(" e ").join(parts)


def easy_money(cents: int) -> str:
    """For the desk: 1250 -> '12 euro e 50 centesimi'."""
    whole, rest = divmod(cents, 100)
    parts = []
    if whole or not rest:
        parts.append(_("%(euro)s euro", euro=whole))
    if rest:
        parts.append(ngettext("%(num)s centesimo", "%(num)s centesimi", rest))
    return _(" e ").join(parts)


def day(moment: date | datetime) -> str:
    """'venerdì 27 novembre'."""
    return _written(_rome_day(moment), "EEEE d MMMM", _language())


def long_day(when: date) -> str:
    """'27 novembre 2026': of days that are long ago or far away."""
    return _written(when, "d MMMM y", _language())


def hour(moment: datetime) -> str:
    """'16', or '16:30' when it is not on the hour; English has '16:00' too."""
    wall = moment.astimezone(ROME)
    if wall.minute == 0 and not _english():
        return str(wall.hour)
    return f"{wall.hour}:{wall.minute:02d}"


def hours(start: datetime, end: datetime) -> str:
    """'16–18', in English '16:00–18:00'."""
    return f"{hour(start)}–{hour(end)}"


def window(start: datetime, end: datetime) -> str:
    """'venerdì 27 novembre, 16–18'."""
    return f"{day(start)}, {hours(start, end)}"


def moment(when: datetime) -> str:
    """'giovedì 26 novembre alle 12'."""
    return _("%(day)s alle %(hour)s", day=day(when), hour=hour(when))


def short_moment(when: datetime) -> str:
    """'26/11 12:05', for lists of the staff."""
    return when.astimezone(ROME).strftime("%d/%m %H:%M")


def masked(address: str | None) -> str:
    """'m•••@example.org': enough to recognise, not to read (ruling 17)."""
    if not address or "@" not in address:
        return ""
    name, host = address.rsplit("@", 1)
    return f"{name[0]}•••@{host}"


@lru_cache(2_000)
def _written(when: date, pattern: str, language: str) -> str:
    return format_date(when, pattern, locale=language)


def _english() -> bool:
    return _language() == "en"


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "it"


def _rome_day(moment: date | datetime) -> date:
    return moment.astimezone(ROME).date() if isinstance(moment, datetime) else moment


FILTERS = {
    "euro": euro,
    "weight": weight,
    "easy_weight": easy_weight,
    "day": day,
    "hour": hour,
    "moment": moment,
    "short_moment": short_moment,
    "masked": masked,
}
GLOBALS = {"window": window, "hours": hours}
