"""Somebody at a tile who has no badge at hand asks a tutor. Nothing moves by itself: one taps "Guarda"."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import door
from core.errors import Refused
from desk import blueprint
from desk.answering import HOME, do_once, go
from desk.entering import known_device, let_in
from people import asking
from people.asking import Answer
from people.capabilities import Capability
from people.entering import me

HERE = f"{HOME}/chiedi"


@blueprint.get("/chiedi")
@door(Capability.WORK_AT_DESK, "passo")
def how_it_stands() -> str | Response:
    """What was asked and what the tutor said; looking lets nobody in."""
    if me().is_staff:
        return redirect(HOME)
    asked = asking.find_newest(me(), known_device())
    if asked is None:
        return redirect(f"{HOME}/cartellino")
    looked = "guardato" in request.args
    return render_template("desk/asked.html", answer=str(asking.answer_to(asked)), looked=looked)


@blueprint.post("/chiedi")
@door(Capability.WORK_AT_DESK, "passo")
def ask() -> Response:
    """Raises Refused for the staff, who have a password."""
    person, device = me(), known_device()
    do_once(lambda: asking.ask(person, device), about_me=True)
    return go(HERE)


@blueprint.post("/chiedi/guarda")
@door(Capability.WORK_AT_DESK, "machine")
def look() -> Response:
    """In, if the tutor has said yes; else how it stands."""
    person, device = me(), known_device()
    if person.is_staff:
        raise Refused(_("Tu entri con la parola d’ordine."))
    if asking.use(person, device):
        return let_in(person, "tutor")
    asked = asking.find_newest(person, device)
    if asked is not None and asking.answer_to(asked) == Answer.WAITING:
        return go(f"{HERE}?guardato=1")
    return go(HERE)
