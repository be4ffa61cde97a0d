"""A pick-up outside the rules: one day, one place, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import calendar, pickups, places, standing
from core import clock
from core.database import db
from core.doors import door
from core.errors import Conflict, Refused
from desk import blueprint, given
from desk.answering import go
from desk.staff_pickups import Page, address, place_given
from people.capabilities import Capability
from people.entering import me

FARTHEST = 366  # days ahead


@blueprint.get("/ritiri/nuovo")
@door(Capability.KEEP_PICKUPS, "tutor")
def new_pickup() -> str:
    return _form()


@blueprint.post("/ritiri/nuovo")
@door(Capability.KEEP_PICKUPS, "tutor")
def schedule() -> Page:
    """One outside the rules."""
    by = me().id
    try:
        return go(given.answer_once(lambda: _schedule(by)))
    except Refused as refused:
        return _form(refused), refused.status


def _form(refused: Refused | None = None) -> str:
    day = clock.today() + timedelta(days=7)
    first = {
        "giorno": day.isoformat(),
        "dalle": "16:00",
        "alle": "18:00",
        "termine_giorno": (day - timedelta(days=1)).isoformat(),
        "termine_ora": "12:00",
        "posti": "25",
    }
    return render_template(
        "desk/staff/pickup_new.html",
        places=places.every(),
        kept=request.form or first,
        refused=refused,
        today=clock.today(),
        farthest=clock.today() + timedelta(days=FARTHEST),
    )


def _schedule(by: int) -> str:
    fields = request.form
    place, day = place_given(fields), given.day(fields, "giorno")
    start, end = given.minute(fields, "dalle"), given.minute(fields, "alle")
    cutoff = clock.rome(given.day(fields, "termine_giorno"), *divmod(given.minute(fields, "termine_ora"), 60))
    capacity = given.number(fields, "posti")
    standing.hold(db.session())  # nobody closes its week between the look and the deed
    _require_to_come(day, cutoff)
    made = pickups.schedule(place, day, from_minute=start, to_minute=end, cutoff=cutoff, capacity=capacity, by=by)
    flash(_("Il ritiro è in calendario."))
    return address(made.id)


def _require_to_come(day: date, cutoff: datetime) -> None:
    if not clock.today() <= day <= clock.today() + timedelta(days=FARTHEST):
        raise Refused(_("Scegli un giorno che deve ancora venire, entro un anno."), field="giorno")
    if cutoff <= clock.now():
        raise Refused(
            _("Per ordinare ci vuole ancora un po' di tempo: scegli un termine più avanti."), field="termine_giorno"
        )
    if calendar.is_closed(day):
        raise Conflict(
            _("In quella settimana la cascina riposa: prima riaprila, o scegli un altro giorno."), field="giorno"
        )
