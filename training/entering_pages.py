"""Coming in with e-mail and password, going out, and the one-time invitation.

Whoever was led here leaves for the page that was asked for, and a form that came too late is sent from here.
"""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import web
from core.doors import OPEN, door
from core.errors import NotAllowed, NotFound, Refused
from people import inviting, passwords, returning
from people.capabilities import Capability
from people.entering import find_me, sign_in, sign_out
from training import blueprint

Page = str | tuple[str, int] | Response


@blueprint.get("/entra")
@door(OPEN, "tutor")
def entrance() -> Page:
    """``poi`` is where to go then."""
    me, page = find_me(), returning.find_page(request.args.get("poi", ""))
    if me and me.can(Capability.SEE_PEOPLE):
        return redirect(page or returning.HOME)
    return _entrance(page=page)


@blueprint.post("/entra")
@door(OPEN, "tutor")
def enter() -> Page:
    """The e-mail is kept when it does not work, and so is where one wanted to go; whether it is known is not said."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    way = {
        "page": returning.find_page(request.form.get("poi", "")),
        "form": returning.find_form(request.form.get("modulo", "")),
        "kept": request.form.get("tenuto", ""),
    }
    try:
        person = passwords.find_by_password(email, password)
        if person is None:
            raise Refused(_("E-mail e parola d'ordine non vanno insieme. Guarda di nuovo, con calma."))
    except Refused as refused:
        return _entrance(email=email, message=refused.sentence, **way), refused.status
    sign_in(person, "password")
    if way["form"]:
        return _send_again(way["form"], returning.unfolded(way["kept"] or ""))
    return redirect(way["page"] or returning.HOME, 303)


@blueprint.post("/rientra")
@door(OPEN, "tutor")
def enter_again() -> Page:
    """A form was sent and nobody is signed in any more: all that it said waits here until somebody is."""
    form, me = returning.find_form(request.args.get("poi", "")), find_me()
    if form is None:
        return redirect(returning.ENTRANCE, 303)
    if me and me.can(Capability.SEE_PEOPLE):
        return _send_again(form, web.sent_fields())
    return _entrance(form=form, kept=returning.folded(web.sent_fields())), NotAllowed.status


@blueprint.post("/esci")
@door(OPEN, "machine")
def leave() -> Response:
    sign_out()
    return redirect(returning.ENTRANCE, 303)


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


def _entrance(*, email: str = "", message: str = "", **way: str | None) -> str:
    """``way``: page, or form and what it said (kept)."""
    return render_template("training/enter.html", email=email, message=message, **way)


def _send_again(form: str, fields: returning.Fields) -> str:
    """Nothing is done unseen: one press of the person who has come in sends it."""
    return render_template("training/send_again.html", form=form, again=fields)
