"""Coming in: a tile says who, a badge or a tutor proves it. Nobody types or remembers (cognitive-accessibility C)."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock
from core.doors import OPEN, door
from core.errors import NotFound, Refused, TooManyTries
from desk import blueprint, resuming, today
from desk.answering import HOME, go
from people import badges, entering, keeping, staff
from people.capabilities import Capability
from people.models import Device, Person

Page = str | tuple[str, int] | Response


@blueprint.before_request
def _forget_lost_tablets() -> None:
    """A tablet that was taken out of use shows nothing any more, whoever is signed in on it."""
    person = entering.find_me()
    if person is not None and not person.is_staff:
        known_device()


@blueprint.get("")
@door(OPEN, "scelta")
def home() -> str | Response:
    """Who are you; and, for somebody who came in, the work of today."""
    person = entering.find_me()
    if person is None:
        known_device()
        return resuming.ask_who()
    if person.is_staff and keeping.find(session, person.id):  # they came in with their password, elsewhere
        return redirect(resuming.way_back(person))
    return today.show(person)


@blueprint.post("/chi-sei/<int:person_id>")
@door(OPEN, "machine")
def come_in(person_id: int) -> Response:
    known_device()
    for person in staff.on_shift(clock.today()):
        if person.id == person_id and not person.is_staff:
            return let_in(person, "tile")
    raise NotFound(_("Oggi questa persona non lavora qui."))


@blueprint.get("/cartellino")
@door(OPEN, "passo", uses={"camera"})
def ask_badge() -> str:
    """The badge is shown to the camera or to a reader; where one wanted to go is kept for after."""
    known_device()
    return _badge_page()


@blueprint.post("/cartellino")
@door(OPEN, "passo", uses={"camera"})
def read_badge() -> Page:
    """What the camera or the reader has read. The token travels in the form, so no address keeps it."""
    device = known_device()
    try:
        person = badges.show(badges.token_in(request.form.get("codice", "")), device=device, known=_at_tile())
    except TooManyTries as refused:
        return _pause(refused)
    except Refused as refused:
        return _badge_page(refused.sentence), refused.status
    return let_in(person, "badge")


@blueprint.get("/cartellino/<token>")
@door(OPEN, "passo")
def show_badge(token: str) -> Page:
    """The address on the badge, as a tablet's own camera opens it: looking lets nobody in."""
    return _with_badge(token, lambda person: render_template("desk/badge_yes.html", person=person))


@blueprint.post("/cartellino/<token>")
@door(OPEN, "machine")
def come_in_with_badge(token: str) -> Page:
    return _with_badge(token, lambda person: let_in(person, "badge"))


@blueprint.post("/esci")
@door(Capability.WORK_AT_DESK, "machine")
def go_out() -> Response:
    name = entering.me().name
    entering.sign_out()
    flash(_("Hai finito. Ciao %(name)s.", name=name))
    return go(HOME)


def let_in(person: Person, proof: str) -> Response:
    """In the person's own language, to the task that waits or to the work of today."""
    spoken = person.language
    entering.sign_in(person, proof)
    session["language"] = spoken
    return redirect(resuming.way_back(person), 303)


def known_device() -> Device:
    """Raises NotFound, which is all that a strange browser ever learns."""
    device = entering.this_device()
    if device is None:
        raise NotFound(_("Qui lavora solo chi è della cascina."))
    return device


def _with_badge(token: str, then: Callable[[Person], Page]) -> Page:
    device = known_device()
    try:
        person = badges.show(token, device=device, known=_at_tile())
    except TooManyTries as refused:
        return _pause(refused)
    return then(person)


def _at_tile() -> Person | None:
    """Who is here by a tile alone: another one's badge does not fit them."""
    person = entering.find_me()
    return person if person is not None and session.get("proof") not in entering.PROOFS else None


def _badge_page(said: str = "") -> str:
    return render_template("desk/badge.html", person=_at_tile(), said=said)


def _pause(refused: TooManyTries) -> tuple[str, int]:
    return render_template("desk/pause.html", person=_at_tile(), said=refused.sentence), refused.status
