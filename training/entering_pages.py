"""Coming in with e-mail and password, going out, and the one-time invitation."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import OPEN, door
from core.errors import NotFound, Refused
from people import inviting, passwords
from people.capabilities import Capability
from people.entering import find_me, sign_in, sign_out
from training import blueprint

Page = str | tuple[str, int] | Response


@blueprint.get("/entra")
@door(OPEN, "tutor")
def entrance() -> Page:
    me = find_me()
    if me and me.can(Capability.SEE_PEOPLE):
        return redirect("/tutor")
    return render_template("training/enter.html", email="", message="")


@blueprint.post("/entra")
@door(OPEN, "tutor")
def enter() -> Page:
    """The e-mail is kept when it does not work; whether it is known is not said."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        person = passwords.find_by_password(email, password)
        if person is None:
            raise Refused(_("E-mail e parola d'ordine non vanno insieme. Guarda di nuovo, con calma."))
    except Refused as refused:
        return render_template("training/enter.html", email=email, message=refused.sentence), refused.status
    sign_in(person, "password")
    return redirect("/tutor", 303)


@blueprint.post("/esci")
@door(OPEN, "machine")
def leave() -> Response:
    sign_out()
    return redirect("/tutor/entra", 303)


@blueprint.get("/invito/<token>")
@door(OPEN, "tutor")
def invitation(token: str) -> Page:
    """Raises NotFound for a link that is unknown, used or too old alike."""
    found = inviting.get(token)
    return render_template("training/invitation.html", invitation=found, values={}, message="")


@blueprint.post("/invito/<token>")
@door(OPEN, "tutor")
def accept(token: str) -> Page:
    given = {name: request.form.get(name, "") for name in ("name", "email")}
    try:
        person = inviting.accept(token, **given, password=request.form.get("password", ""))
    except NotFound:
        raise
    except Refused as refused:
        page = {"invitation": inviting.get(token), "values": given, "message": refused.sentence}
        return render_template("training/invitation.html", **page), refused.status
    sign_in(person, "password")
    return redirect("/tutor", 303)
