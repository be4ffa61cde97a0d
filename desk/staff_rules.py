"""What happens every week, and the weeks in which nothing does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import calendar, pickups, places, standing
from catalog.models import ClosedWeek, PickUp, PickUpRule
from core import clock, formats, undo
from core.doors import door
from core.errors import NotFound, Refused
from desk import blueprint, given, pickup_words
from desk.answering import go
from desk.answering import number as number_of
from desk.staff_pickups import Page, place_given
from people.capabilities import Capability
from people.entering import me

ROOM = "/banco/ritiri/regole"
WEEKS_AHEAD = 52  # that can be closed


@blueprint.get("/ritiri/regole")
@door(Capability.KEEP_PICKUPS, "tutor")
def pickup_rules() -> str:
    return _page()


@blueprint.post("/ritiri/regole")
@door(Capability.KEEP_PICKUPS, "tutor")
def add_rule() -> Page:
    """What it wants is in the calendar at once."""
    return _do("rule", _add)


@blueprint.post("/ritiri/regole/<int:rule_id>/fine")
@door(Capability.KEEP_PICKUPS, "tutor")
def end_rule(rule_id: int) -> Page:
    return _do(f"end-{rule_id}", lambda by: _end(rule_id, by))


@blueprint.post("/ritiri/regole/<int:rule_id>/torna-indietro")
@door(Capability.KEEP_PICKUPS, "tutor")
def undo_rule(rule_id: int) -> Page:
    return _do("undo", lambda by: _undo(calendar.find_rule(rule_id), by))


@blueprint.post("/ritiri/settimane")
@door(Capability.KEEP_PICKUPS, "tutor")
def close_week() -> Page:
    return _do("week", _close)


@blueprint.post("/ritiri/settimane/apri")
@door(Capability.KEEP_PICKUPS, "tutor")
def open_week() -> Page:
    return _do("open", _open)


@blueprint.post("/ritiri/settimane/<int:week_id>/torna-indietro")
@door(Capability.KEEP_PICKUPS, "tutor")
def undo_week(week_id: int) -> Page:
    return _do("undo", lambda by: _undo(calendar.find_week(week_id), by))


def _do(form: str, deed: Callable[[int], str]) -> Page:
    """Once, by whom; it answers with the address to look at next. What was refused stays in its form."""
    by = me().id
    try:
        return go(given.answer_once(lambda: deed(by)))
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused, form), refused.status


def _add(by: int) -> str:
    fields = request.form
    rule = calendar.add_rule(
        place_given(fields).id,
        weekday=given.number(fields, "giorno"),
        from_minute=given.minute(fields, "dalle"),
        to_minute=given.minute(fields, "alle"),
        cutoff_days_before=given.number(fields, "giorni_prima"),
        cutoff_minute=given.minute(fields, "termine"),
        capacity=given.number(fields, "posti"),
        from_day=given.day(fields, "dal"),
        to_day=given.find_day(fields, "al"),
        by=by,
    )
    made = calendar.plan()
    new = ngettext("%(num)s ritiro nuovo è in calendario.", "%(num)s ritiri nuovi sono in calendario.", made)
    later = _("I suoi ritiri arrivano in calendario più avanti.")
    flash(" ".join((_("La regola vale da adesso."), new if made else later)))
    return f"{ROOM}?regola={rule.id}"


def _end(rule_id: int, by: int) -> str:
    ended = calendar.end_rule(rule_id, given.day(request.form, "ultimo"), by=by)
    flash(_("La regola finisce %(day)s.", day=pickup_words.long_day(ended.rule.to_day or clock.today())))
    _say_gone(len(ended.gone))
    if ended.staying:
        flash(_("Hanno già degli ordini e si fanno: %(days)s.", days=_days(ended.staying)))
    return f"{ROOM}?regola={rule_id}"


def _close(by: int) -> str:
    week = calendar.close_week(given.day(request.form, "settimana"), request.form.get("motivo", ""), by=by)
    flash(_("Settimana chiusa: %(days)s.", days=pickup_words.week(week.monday)))
    return f"{ROOM}?settimana={week.id}"


def _open(by: int) -> str:
    monday = given.day(request.form, "settimana")
    again = len(calendar.open_week(monday, by=by)) + calendar.plan()
    flash(_("Settimana aperta: %(days)s.", days=pickup_words.week(monday)))
    if again:
        flash(ngettext("%(num)s ritiro è in calendario.", "%(num)s ritiri sono in calendario.", again))
    return ROOM


def _undo(subject: PickUpRule | ClosedWeek | None, by: int) -> str:
    if subject is None:
        raise NotFound(_("Questa pagina non c'è."))
    flash(_("Tolto: %(what)s.", what=undo.undo_last(subject, expected=number_of("deed"), by=by)))
    calendar.plan()
    return ROOM


def _page(refused: Refused | None = None, form: str = "") -> str:
    weeks = calendar.closed_weeks()
    return render_template(
        "desk/staff/rules.html",
        rules=calendar.rules(),
        closed=weeks,
        open_mondays=_open_mondays(weeks),
        places=places.every(),
        today=clock.today(),
        back=_offer(),
        refused=refused,
        refused_form=form,
        in_the_way=_in_the_way(refused),
        kept=request.form,
        say=pickup_words,
    )


def _offer() -> tuple[str, Any, str] | None:
    """(where to take it back, the entry, its words) of the rule or week that was just dealt with."""
    rule_id, week_id = (request.args.get(name, 0, type=int) for name in ("regola", "settimana"))
    rule, week = calendar.find_rule(rule_id), calendar.find_week(week_id)
    for row, room in ((rule, ROOM), (week, "/banco/ritiri/settimane")):
        found = undo.offer(row) if row else None
        if row and found:
            return f"{room}/{row.id}/torna-indietro", *found
    return None


def _in_the_way(refused: Refused | None) -> Sequence[PickUp]:
    """Pick-ups with orders that keep a week from being closed."""
    ids = refused.details.get("pickups", ()) if refused else ()
    return [pickups.get(pickup_id) for pickup_id in ids]  # type: ignore[attr-defined]


def _open_mondays(closed: Sequence[ClosedWeek]) -> list[tuple[str, str]]:
    first, taken = standing.monday_of(clock.today()), {week.monday for week in closed}
    mondays = [first + timedelta(weeks=n) for n in range(WEEKS_AHEAD)]
    return [(monday.isoformat(), pickup_words.week(monday)) for monday in mondays if monday not in taken]


def _say_gone(how_many: int) -> None:
    if how_many:
        flash(ngettext("%(num)s ritiro senza ordini non si fa.", "%(num)s ritiri senza ordini non si fanno.", how_many))


def _days(some: Sequence[PickUp]) -> str:
    return ", ".join(formats.day(pickup.day) for pickup in some)
