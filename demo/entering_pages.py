"""The three faces and how to enter each, and the two short cuts of the demo: a tablet and a badge without a tutor."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import clock
from core.database import db
from core.doors import OPEN, door
from core.errors import NotFound
from demo import blueprint, world
from people import devices, staff
from people.entering import keep_on_device, sign_in, this_device
from people.models import Device, Person


@blueprint.get("")
@door(OPEN, "tutor")
def welcome() -> str:
    emails = [email for _name, _role, email, _picture in world.STAFF]
    return render_template(
        "demo/welcome.html",
        people=staff.co_residents(),
        staff=list(db.session.scalars(select(Person).where(Person.email.in_(emails)).order_by(Person.id))),
        password=world.DEMO_PASSWORD,
        tablet=this_device(),
        now=clock.now(),
        here="welcome",
    )


@blueprint.post("/tablet")
@door(OPEN, "machine")
def tablet() -> Response:
    """This browser becomes a tablet of the farm."""
    answer = redirect("/banco", 303)
    keep_tablet(answer)
    return answer


@blueprint.post("/cartellini/<int:person_id>")
@door(OPEN, "machine")
def show_badge(person_id: int) -> Response:
    """As if this person's badge had been shown to the tablet."""
    person = staff.get(person_id)
    if not person.is_active:
        raise NotFound(_("Questa persona non lavora qui adesso."))
    answer = redirect(_wanted(), 303)
    keep_tablet(answer)
    sign_in(person, "badge")
    return answer


def keep_tablet(answer: Response) -> Device:
    """This browser's tablet; one of the farm from now on, if it was none."""
    device = this_device()
    if device is None:
        device, secret = devices.enrol("Tablet di prova", by=None)
        keep_on_device(answer, secret)
    return device


def _wanted() -> str:
    """Where the badge was asked for, if that is at the desk."""
    wanted = request.values.get("poi", "")
    inside = wanted == "/banco" or wanted.startswith(("/banco/", "/banco?"))
    return wanted if inside and wanted.isprintable() and "\\" not in wanted else "/banco"
