"""Practice at the desk: the same screens on invented orders, unmistakably marked (ruling 15).

Who practises sees nothing real and can change nothing real: the journal refuses it, whatever screen it comes from.
What needs a grant may be tried here without one.
"""

from __future__ import annotations

import re

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import door
from desk import blueprint
from desk.answering import HOME, do_once, go
from orders import practising
from people import entering
from people.capabilities import Capability
from people.entering import me
from people.models import Person

REAL_ROOMS = re.compile(r"/banco/(?:cassa|raccolto|scaffali)(?:/|$)")
"""Rooms without a practice of their own: what lies in them is real."""


@blueprint.before_request
def _stay_out_of_real_rooms() -> Response | None:
    """A form from there is refused by the journal."""
    if request.method == "POST" or not REAL_ROOMS.match(request.path):
        return None
    person = entering.find_me()
    return go(HOME) if person is not None and person.practises else None


@blueprint.post("/prova")
@door(Capability.WORK_AT_DESK, "scelta")
def begin() -> Response:
    """New crates, and from now on only they are shown."""
    person = me()
    do_once(lambda: practising.begin(person))
    entering.practise()
    return go(HOME)


@blueprint.post("/prova/basta")
@door(Capability.WORK_AT_DESK, "scelta")
def end() -> Response:
    entering.practise(on=False)
    flash(_("La prova è finita. Adesso è lavoro vero."))
    return go(HOME)


def show(person: Person) -> str:
    """What can be tried."""
    about = {"to_prepare": practising.to_prepare(person), "to_hand_over": practising.to_hand_over(person)}
    return render_template("desk/practice.html", person=person, **about)
