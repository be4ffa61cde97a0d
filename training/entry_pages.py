"""Letting people in from the tutors' pages: an answer to who asks, one more on today's shift, the end of a pause."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, keys
from core.doors import door
from core.errors import Conflict
from core.web import form_key_given
from people import asking, pauses, staff
from people.capabilities import Capability
from people.entering import me
from people.models import Person
from training import blueprint


@blueprint.post("/chiede/<int:request_id>/si")
@door(Capability.ENROL_DEVICE, "machine")
def say_yes(request_id: int) -> Response:
    """What a badge opens, a tutor's yes opens: the same capability prints the one and gives the other."""
    return _answer(request_id, yes=True)


@blueprint.post("/chiede/<int:request_id>/adesso-no")
@door(Capability.ENROL_DEVICE, "machine")
def say_not_now(request_id: int) -> Response:
    return _answer(request_id, yes=False)


@blueprint.post("/oggi-anche/<int:person_id>")
@door(Capability.KEEP_SHIFTS, "machine")
def let_work(person_id: int) -> Response:
    """One tap: this person has a tile today too."""
    person = staff.get_co_resident(person_id)
    keys.once(form_key_given(), lambda: staff.let_work(person, clock.today(), by=me()))
    flash(_("Oggi lavora anche %(name)s.", name=person.name))
    return redirect("/tutor#turno", 303)


@blueprint.post("/persone/<int:person_id>/pausa")
@door(Capability.ENROL_DEVICE, "machine")
def end_pause(person_id: int) -> Response:
    person = staff.get_co_resident(person_id)
    keys.once(form_key_given(), lambda: pauses.end(person, by=me()))
    flash(_("%(name)s può mostrare di nuovo il cartellino.", name=person.name))
    return redirect(f"/tutor/persone/{person.id}", 303)


def others(day: date) -> list[Person]:
    """Who could work today too, by name; nobody where the shift is not planned, since everybody works then."""
    planned = {person.id for person in staff.planned(day)}
    return [person for person in staff.co_residents() if person.id not in planned] if planned else []


def _answer(request_id: int, *, yes: bool) -> Response:
    """When another tutor was faster, or the question is over, the page says so and nothing else happens."""
    try:
        keys.once(form_key_given(), lambda: _note(request_id, yes=yes))
    except Conflict as refused:
        flash(refused.sentence)
    return redirect("/tutor", 303)


def _note(request_id: int, *, yes: bool) -> None:
    name = asking.answer(request_id, yes=yes, by=me()).person.name
    flash(
        _("%(name)s può entrare: sul tablet tocca «Guarda».", name=name)
        if yes
        else _("Detto a %(name)s: adesso no.", name=name)
    )
