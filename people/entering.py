"""Coming in and going out, and the keeper of every door. The one room besides the faces that knows the browser."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from flask import Response, redirect, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import update
from werkzeug.wrappers import Response as AnyResponse

from core import clock, journal, web
from core.database import db, transaction
from core.errors import NotAllowed, NotFound
from people import devices, keeping, returning
from people.capabilities import NEEDS_BADGE, STAFF_ONLY, Capability
from people.models import Device, Person

COOKIE = "tablet"
SHIFT = timedelta(hours=12)
AWAY = timedelta(minutes=15)  # without a request, after which a shared tablet asks who is there
A_MINUTE = timedelta(minutes=1)
PROOFS = {"badge", "tutor", "password"}
"""What opens NEEDS_BADGE. A tile says who somebody is and proves nothing."""
CARRIED = ("language", keeping.NAME, "practice")  # over a signing in

login_manager = LoginManager()


class WhoIsIt(NotAllowed):
    """At a tablet of ours, and nobody is there as far as we know: the desk asks "Chi sei?" over what was asked for."""


@login_manager.user_loader
def _load(person_id: str) -> Person | None:
    person = db.session.get(Person, int(person_id))
    if person is None or not person.is_active or not _is_their_session(person) or _shift_is_over():
        return None
    if not (person.is_staff or _is_their_device()):
        return None
    was_away = _was_away()
    if was_away and not _is_left_in_peace(person):
        return None
    if not was_away:
        _note_presence(person)
    person.practises = session.get("practice") == _practice_of(person)
    return person


def me() -> Person:
    """Who is signed in. Only behind a door that needs somebody."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def find_me() -> Person | None:
    return me() if current_user.is_authenticated else None


def sign_in(person: Person, proof: str) -> None:
    """``proof`` is how it was shown: tile, badge, tutor or password.

    The old session is thrown away; the language stays, and the task that waits for whoever shows who they are.
    """
    carried = {name: session[name] for name in CARRIED if session.get(name)}
    session.clear()
    login_user(person)
    session["proof"] = proof
    session["since"] = session["seen"] = clock.now().isoformat()
    session["number"] = person.session_number
    session["device"] = device_id()
    session.update(carried)
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


def practise(*, on: bool = True) -> None:
    """From now on whoever is signed in sees and touches practice alone; or real work again (ruling 15)."""
    person = me()
    session["practice"] = _practice_of(person) if on else None
    person.practises = on


def _practice_of(person: Person) -> str:
    """It ends with the day: who comes in the morning after finds real work."""
    return f"{person.id} {clock.today().isoformat()}"


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
    if capability in NEEDS_BADGE and session.get("proof") not in PROOFS and not person.practises:
        _keep_task()
        return redirect("/banco/cartellino")
    return None


def _show_the_way(capability: Capability) -> AnyResponse:
    """The staff's pages say where the staff come in, wherever they are; the desk says nothing to a strange device.

    A tablet of ours asks who is there, over the task, which is kept. Of the staff's pages a stranger learns only what
    is public anyway: the address is looked at no further.
    """
    if capability in STAFF_ONLY or request.path.startswith("/tutor"):
        return returning.to_entrance(request.method, request.full_path.rstrip("?"))
    if this_device() is None:
        raise NotFound(_("Qui lavora solo chi è della cascina."))
    _keep_task()
    raise WhoIsIt(_("Scegli chi sei"))


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


def _keep_task() -> None:
    looks = request.method in ("GET", "HEAD")
    address = request.full_path.rstrip("?") if looks else request.path
    keeping.keep(session, address, None if looks else web.sent_fields())


def _is_their_device() -> bool:
    """A co-resident is signed in at one device: a session that was carried to another one is nobody's there."""
    here = device_id()
    return here is not None and session.get("device") in (None, here)


def _was_away() -> bool:
    return clock.now() - clock.parse(session.get("seen") or session["since"]) > AWAY


def _is_left_in_peace(person: Person) -> bool:
    """The staff are asked again only where others could take their place: on the desk of a shared tablet."""
    at_the_desk = f"{request.path}/".startswith("/banco/")
    return person.is_staff and not (at_the_desk and this_device() is not None)


def _note_presence(person: Person) -> None:
    """When somebody was last here. What a script asks for notes it once a minute: answers that cross change nothing."""
    now, seen = clock.now(), session.get("seen")
    in_the_background = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    if not (in_the_background and seen and now - clock.parse(seen) < A_MINUTE):
        session["seen"] = now.isoformat()
    if not person.is_staff and session.get("device") is None:
        session["device"] = device_id()
