"""Coming in and going out, and the keeper of every door. The one room besides the faces that knows the browser."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from flask import Response, redirect, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import update
from werkzeug.wrappers import Response as AnyResponse

from core import clock, journal
from core.database import db, transaction
from core.errors import NotAllowed, NotFound
from people import devices, returning
from people.capabilities import NEEDS_BADGE, STAFF_ONLY, Capability
from people.models import Device, Person

COOKIE = "tablet"
SHIFT = timedelta(hours=12)

login_manager = LoginManager()


@login_manager.user_loader
def _load(person_id: str) -> Person | None:
    person = db.session.get(Person, int(person_id))
    return person if person and person.is_active and _is_their_session(person) and not _shift_is_over() else None


def me() -> Person:
    """Who is signed in. Only behind a door that needs somebody."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def find_me() -> Person | None:
    return me() if current_user.is_authenticated else None


def sign_in(person: Person, proof: str) -> None:
    """``proof`` is how it was shown: tile, badge or password. The old session is thrown away, language kept."""
    language = session.get("language")
    session.clear()
    login_user(person)
    session["proof"] = proof
    session["since"] = clock.now().isoformat()
    session["number"] = person.session_number
    if language:
        session["language"] = language
    with transaction(), _surroundings(person):
        journal.record("person.signed_in", person, by=person.id, proof=proof, device=device_id())


def sign_out() -> None:
    """The number goes up: a cookie that was copied or kept opens nothing any more, wherever it is."""
    person = find_me()
    if person:
        with transaction() as database, _surroundings(person):
            database.execute(
                update(Person).where(Person.id == person.id).values(session_number=Person.session_number + 1)
            )
            journal.record("person.signed_out", person, by=person.id, device=device_id())
    logout_user()
    session.clear()


def this_device() -> Device | None:
    return devices.find_by_secret(request.cookies.get(COOKIE, ""))


def device_id() -> int | None:
    device = this_device()
    return device.id if device else None


def keep_on_device(response: Response | AnyResponse, secret: str) -> None:
    """Give the browser the device's secret: out of reach of scripts, never sent from elsewhere."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(devices.GOOD_FOR.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
        path="/",
    )


def keep_door(capability: str) -> AnyResponse | None:
    """None lets in; otherwise the way to where one shows who one is. Raises NotAllowed, or NotFound for strangers."""
    person = find_me()
    if person is None:
        return _show_the_way(Capability(capability))
    if not person.can(Capability(capability)):
        raise NotAllowed(_somebody_else_does(person))
    if capability in NEEDS_BADGE and session.get("proof") == "tile":
        return redirect(f"/banco/cartellino?poi={request.path}")
    return None


def _show_the_way(capability: Capability) -> AnyResponse:
    """The staff's pages say where the staff come in, wherever they are; the desk says nothing to a strange device.

    Of the staff's pages a stranger learns only what is public anyway: the address is looked at no further.
    """
    if capability in STAFF_ONLY or request.path.startswith("/tutor"):
        return returning.to_entrance(request.method, request.full_path.rstrip("?"))
    if this_device() is None:
        raise NotFound(_("Qui lavora solo chi è della cascina."))
    return redirect("/banco")


def _somebody_else_does(person: Person) -> str:
    if person.is_staff:
        return _("Questo lo fa un'altra persona. Parlane con chi coordina.")
    return _("Questo lo fa un'altra persona. Chiama il tutor.")


def _surroundings(person: Person) -> AbstractContextManager[None]:
    """As at the desk: on which tablet, and with how much guide. The staff have none."""
    return journal.context(device=device_id(), support_shown=0 if person.is_staff else person.support_level)


def _is_their_session(person: Person) -> bool:
    return session.get("number", 0) == person.session_number


def _shift_is_over() -> bool:
    since = session.get("since")
    return since is None or clock.now() - clock.parse(since) > SHIFT
