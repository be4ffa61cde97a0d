"""Shifts of a week at a glance: ticked, copied from the week before, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core import clock, inputs, keys, undo
from core.doors import door
from core.errors import Conflict, Refused
from core.web import form_key_given
from people import shifts, staff
from people.capabilities import Capability
from people.entering import me
from training import blueprint

HERE = "/tutor/squadra/turni"
FIELD = "giorno-"
PLANNED = "shift.planned"

Page = str | tuple[str, int] | Response


@blueprint.get("/squadra/turni")
@door(Capability.KEEP_SHIFTS, "tutor")
def week_of_shifts() -> str:
    return _page(_monday(request.args.get("settimana", "")))


@blueprint.post("/squadra/turni")
@door(Capability.KEEP_SHIFTS, "tutor")
def plan_week() -> Page:
    """Exactly those who were ticked, on each day of this week that is still to come."""
    monday = _monday(request.form.get("settimana", ""))
    return _do(monday, lambda: shifts.plan(_ticked(monday), seen_as=request.form.get("visto", ""), by=me()))


@blueprint.post("/squadra/turni/copia")
@door(Capability.KEEP_SHIFTS, "tutor")
def copy_week() -> Page:
    monday = _monday(request.form.get("settimana", ""))
    return _do(monday, lambda: shifts.last_week_again(monday, seen_as=request.form.get("visto", ""), by=me()))


@blueprint.post("/squadra/turni/torna-indietro")
@door(Capability.KEEP_SHIFTS, "tutor")
def undo_shifts() -> Page:
    """One's own last plan; another tutor's stands in the diary."""
    monday = _monday(request.form.get("settimana", ""))
    deed = inputs.whole_number(request.form.get("deed")) or 0
    try:
        keys.once(form_key_given(), lambda: _say_undone(deed))
    except Refused as refused:
        return _page(monday, refused), refused.status
    return redirect(_address(monday), 303)


def _say_undone(deed: int) -> None:
    newest = undo.newest(me())
    if newest is not None and newest.action != PLANNED:
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    flash(_("Tornato indietro: %(what)s.", what=undo.undo_last(me(), expected=deed, by=me().id)))


def _do(monday: date, deed: Callable[[], int]) -> Page:
    try:
        keys.once(form_key_given(), lambda: _say(deed()))
    except Refused as refused:
        return _page(monday, refused), refused.status
    return redirect(_address(monday), 303)


def _say(changed: int) -> None:
    if changed:
        flash(ngettext("Cambiato %(num)s giorno.", "Cambiati %(num)s giorni.", changed))
    else:
        flash(_("Era già così: non è cambiato niente."))


def _ticked(monday: date) -> dict[date, list[int]]:
    known = {person.id for person in staff.co_residents()}
    return {
        day: [
            number
            for number in map(inputs.whole_number, request.form.getlist(FIELD + day.isoformat()))
            if number in known
        ]
        for day in shifts.days_of(monday)
        if day >= clock.today()
    }


def _monday(raw: str) -> date:
    """The Monday of a week that can be looked at; this week for everything else."""
    this = shifts.monday_of(clock.today())
    try:
        asked = shifts.monday_of(date.fromisoformat(raw))
    except (ValueError, OverflowError):
        return this
    return asked if this - shifts.FARTHEST <= asked <= this + shifts.FARTHEST - shifts.WEEK else this


def _address(monday: date) -> str:
    return f"{HERE}?settimana={monday.isoformat()}"


def _page(monday: date, refused: Refused | None = None) -> str:
    days, today = shifts.days_of(monday), clock.today()
    plan = shifts.ticked(days)
    to_come = {day: ids for day, ids in plan.items() if day >= today}
    last = undo.offer(me())
    return render_template(
        "training/shifts.html",
        monday=monday,
        days=days,
        today=today,
        people=staff.co_residents(),
        plan=_ticked(monday) | {day: ids for day, ids in plan.items() if day < today} if refused else plan,
        seen=shifts.seen(to_come),
        may_plan=bool(to_come),
        back=last if last and last[0].action == PLANNED else None,
        before=_address(monday - shifts.WEEK),
        after=_address(monday + shifts.WEEK) if monday + shifts.WEEK <= today + shifts.FARTHEST - shifts.WEEK else "",
        field=FIELD,
        message=refused.sentence if refused else "",
    )
