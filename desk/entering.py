"""Coming in: a tile says who, a badge or a tutor proves it. Nobody types or remembers (cognitive-accessibility C)."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, throttle
from core.doors import OPEN, door
from core.errors import NotFound, TooManyTries
from desk import blueprint, today
from desk.answering import HOME, go, inside
from desk.paging import page_of
from people import badges, entering, staff
from people.capabilities import Capability
from people.models import Device, Person

MOST_FAILURES = 5
WITHIN = timedelta(minutes=15)


@blueprint.before_request
def _forget_lost_tablets() -> None:
    """A tablet that was taken out of use shows nothing any more, whoever is signed in on it."""
    person = entering.find_me()
    if person is not None and not person.is_staff:
        _known_device()


@blueprint.get("")
@door(OPEN, "scelta")
def home() -> str:
    """Who are you; and, for somebody who came in, the work of today."""
    person = entering.find_me()
    if person is not None:
        return today.show(person)
    _known_device()
    people = page_of(staff.on_shift(clock.today()), all_at_once=False)
    return render_template("desk/who.html", people=people)


@blueprint.post("/chi-sei/<int:person_id>")
@door(OPEN, "machine")
def come_in(person_id: int) -> Response:
    _known_device()
    for person in staff.on_shift(clock.today()):
        if person.id == person_id and not person.is_staff:
            return _let_in(person, "tile", HOME)
    raise NotFound(_("Oggi questa persona non lavora qui."))


@blueprint.get("/cartellino")
@door(OPEN, "passo")
def ask_badge() -> str:
    """The badge is shown to the tablet; where one wanted to go is kept for after."""
    _known_device()
    if "poi" in request.args:
        session["poi"] = inside(request.args["poi"])
    return render_template("desk/badge.html", person=entering.find_me(), poi=session.get("poi", HOME))


@blueprint.get("/cartellino/<token>")
@door(OPEN, "passo")
def show_badge(token: str) -> str:
    return render_template("desk/badge_yes.html", person=_of_badge(token))


@blueprint.post("/cartellino/<token>")
@door(OPEN, "machine")
def come_in_with_badge(token: str) -> Response:
    person = _of_badge(token)
    throttle.forget(_tries())
    return _let_in(person, "badge", inside(session.get("poi", HOME)))


@blueprint.post("/esci")
@door(Capability.WORK_AT_DESK, "machine")
def go_out() -> Response:
    entering.sign_out()
    return go(HOME)


def _let_in(person: Person, proof: str, path: str) -> Response:
    spoken = person.language
    entering.sign_in(person, proof)
    session["language"] = spoken
    return redirect(path, 303)


def _known_device() -> Device:
    device = entering.this_device()
    if device is None:
        raise NotFound(_("Qui lavora solo chi è della cascina."))
    return device


def _of_badge(token: str) -> Person:
    """Whose badge this is. Failures are counted by device; a full count says so kindly and stops nobody for long."""
    _known_device()
    if throttle.is_full(_tries(), MOST_FAILURES, WITHIN):
        raise TooManyTries(_("Facciamo una pausa. Chiama il tutor."))
    person = badges.find_person(token)
    if person is None or person.is_staff:
        throttle.note(_tries())
        raise NotFound(_("Non conosco questo cartellino. Prova ancora, o chiama il tutor."))
    return person


def _tries() -> str:
    return f"badge:device:{_known_device().id}"
