"""How pick-ups, their rules and what happened to them are said to the staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from catalog import pickups, standing, wording
from catalog.models import ClosedWeek, Kind, PickUp, PickUpRule
from core import clock, formats
from core.formats import easy_weight
from orders import reasons
from orders.models import Status

WEEKDAYS = range(7)


def state(pickup: PickUp) -> str:
    """Where it stands now, in two or three words."""
    moment = clock.now()
    if pickup.cancelled_at is not None:
        return _("non si fa")
    if is_over(pickup):
        return _("passato")
    if not is_offered(pickup):
        return _("più avanti")
    if pickup.takes_orders_at(moment):
        return _("si ordina") if pickup.places_left > 0 else _("al completo")
    return _("oggi") if pickup.day == clock.today() else _("chiuso: si prepara")


def is_over(pickup: PickUp) -> bool:
    return pickup.to_at <= clock.now()


def is_offered(pickup: PickUp) -> bool:
    """Whether it is near enough for citizens to see it; the staff see it from the start."""
    return pickup.from_at <= clock.now() + pickups.OFFERED_AHEAD


def cutoff(pickup: PickUp) -> str:
    """Until when one can order, or that one cannot any more."""
    if not is_offered(pickup):
        first = formats.day(pickup.from_at - pickups.OFFERED_AHEAD)
        return _("In vetrina da %(day)s, fino a %(moment)s", day=first, moment=formats.moment(pickup.cutoff_at))
    if pickup.takes_orders_at(clock.now()):
        return _("Si ordina fino a %(moment)s", moment=formats.moment(pickup.cutoff_at))
    return _("Si ordinava fino a %(moment)s", moment=formats.moment(pickup.cutoff_at))


def places(pickup: PickUp) -> str:
    """'14 posti presi su 25'."""
    return ngettext(
        "%(num)s posto preso su %(all)s", "%(num)s posti presi su %(all)s", pickup.taken, all=pickup.capacity
    )


def places_left(pickup: PickUp) -> str:
    if pickup.places_left <= 0:
        return _("nessuno libero")
    return ngettext("%(num)s libero", "%(num)s liberi", pickup.places_left)


def why_not(pickup: PickUp) -> str:
    """Why it does not take place: what somebody wrote, or what the calendar did by itself."""
    own = {standing.RULE: _("La sua regola è finita."), standing.WEEK: _("Quella settimana la cascina è chiusa.")}
    return own.get(pickup.cancelled_why) or reasons.say(pickup.cancelled_why)


def status(of: Status) -> str:
    words = {
        Status.RECEIVED: _("ricevuto"),
        Status.PREPARING: _("da preparare"),
        Status.READY: _("pronto"),
        Status.HANDED_OVER: _("consegnato"),
        Status.NOT_COLLECTED: _("non ritirato"),
        Status.CANCELLED: _("disdetto"),
    }
    return words[of]


def papers() -> dict[str, tuple[str, str]]:
    """Kind of paper -> its name, and what it is for."""
    return {
        "harvest": (_("Lista del raccolto"), _("che cosa portare dai campi")),
        "crates": (_("Lista delle cassette"), _("riga per riga, per un giorno senza tablet")),
        "round": (_("Foglio del giro"), _("le case, una dopo l'altra")),
        "labels": (_("Etichette"), _("una per ogni cassetta")),
    }


def weekday(number: int) -> str:
    """0 is Monday: 'lunedì'."""
    return get_day_names("wide", locale=get_locale() or "it")[number % 7]


def rule(of: PickUpRule) -> str:
    """'Ogni venerdì 16–18, Piazza Ducale. Si ordina fino a giovedì alle 12. 25 posti.'"""
    when = _("Ogni %(day)s %(hours)s, %(place)s.", day=weekday(of.weekday), hours=rule_hours(of), place=of.place.name)
    room = ngettext("%(num)s posto.", "%(num)s posti.", of.capacity)
    return f"{when} {rule_cutoff(of)} {room}"


def rule_hours(of: PickUpRule) -> str:
    return f"{_wall(of.from_minute)}–{_wall(of.to_minute)}"


def rule_cutoff(of: PickUpRule) -> str:
    hour, ago = _wall(of.cutoff_minute), of.cutoff_days_before
    if ago == 0:
        return _("Si ordina fino alle %(hour)s dello stesso giorno.", hour=hour)
    if ago == 7:
        return _("Si ordina fino a 7 giorni prima, alle %(hour)s.", hour=hour)
    return _("Si ordina fino a %(day)s alle %(hour)s.", day=weekday(of.weekday - ago), hour=hour)


def rule_days(of: PickUpRule) -> str:
    """The first and the last of it, where that is worth saying: 'La prima volta: venerdì 4 dicembre 2026.'"""
    parts = []
    if of.from_day > clock.today():
        first = of.from_day + timedelta(days=(of.weekday - of.from_day.weekday()) % 7)
        parts.append(_("La prima volta: %(day)s.", day=long_day(first)))
    if of.to_day is not None:
        last = of.to_day - timedelta(days=(of.to_day.weekday() - of.weekday) % 7)
        parts.append(_("L'ultima volta: %(day)s.", day=long_day(last)))
    return " ".join(parts)


def week(monday: date) -> str:
    """'30 novembre – 6 dicembre', '7–13 dicembre': no preposition, which would change before 8 and 11."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day}–{short_day(sunday)}"
    return f"{short_day(monday)} – {short_day(sunday)}"


def week_name(monday: date) -> str:
    this = standing.monday_of(clock.today())
    if monday == this:
        return _("Questa settimana")
    if monday == this + timedelta(days=7):
        return _("La settimana prossima")
    return _("Settimana %(days)s", days=week(monday))


def short_day(day: date) -> str:
    return format_date(day, "d MMMM", locale=get_locale() or "it")


def long_day(day: date) -> str:
    """With the year: for days that may be far."""
    return format_date(day, "EEEE d MMMM yyyy", locale=get_locale() or "it")


def quantity(goods: Any, how_much: int) -> str:
    """'4 chili e 500 grammi', '3 mazzi'."""
    if goods.kind == Kind.BY_WEIGHT:
        return easy_weight(how_much)
    return wording.pieces(goods, how_much)


def closed_reason(weeks: Sequence[ClosedWeek], monday: date) -> str | None:
    """Why the farm rests in the week of this Monday; None when it works."""
    return next((week.reason for week in weeks if week.monday == monday), None)


def _wall(minute: int) -> str:
    """990 -> '16:30', 960 -> '16'; English writes both parts."""
    hour, rest = divmod(minute, 60)
    english = (locale := get_locale()) is not None and locale.language == "en"
    return f"{hour}:{rest:02d}" if rest or english else str(hour)
