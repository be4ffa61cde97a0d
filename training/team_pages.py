"""The team: who works today, who is new, and the invitation of staff."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, inputs, keys
from core.doors import door
from core.errors import Refused
from core.web import form_key_given, language
from people import devices, inviting, pictures, staff, staying
from people.capabilities import Capability, Role
from people.entering import me, this_device
from training import blueprint

Page = str | tuple[str, int] | Response


@blueprint.get("/squadra")
@door(Capability.KEEP_SHIFTS, "tutor")
def team() -> str:
    return show()


@blueprint.post("/squadra/turno")
@door(Capability.KEEP_SHIFTS, "tutor")
def plan_shift() -> Page:
    """Exactly those who were ticked; nobody ticked means that everybody's tile is shown."""
    ticked = set(map(inputs.whole_number, request.form.getlist("person")))
    people = [person for person in staff.co_residents() if person.id in ticked]
    keys.once(form_key_given(), lambda: staff.plan_shift(clock.today(), people, by=me()))
    flash(_("Il turno di oggi è pronto."))
    return redirect("/tutor/squadra", 303)


@blueprint.post("/squadra/persone")
@door(Capability.KEEP_SHIFTS, "tutor")
def add_person() -> Page:
    given = {name: request.form.get(name, "") for name in ("name", "picture", "level")}
    try:
        keys.once(form_key_given(), lambda: _add(**given))
    except Refused as refused:
        return show(refused, form="person", **given), refused.status
    flash(_("%(name)s è nella squadra. Adesso puoi stampare il cartellino.", name=inputs.one_line(given["name"])))
    return redirect("/tutor/squadra", 303)


@blueprint.post("/squadra/inviti")
@door(Capability.INVITE, "tutor")
def invite() -> Page:
    role = Role.COORDINATOR if request.form.get("role") == Role.COORDINATOR else Role.TUTOR
    keys.once(form_key_given(), lambda: session.update(invited=inviting.invite(role, by=me())))
    return redirect("/tutor/squadra/invito", 303)


@blueprint.get("/squadra/invito")
@door(Capability.INVITE, "tutor")
def invited() -> Page:
    """The link, once: only its hash is kept."""
    token = session.pop("invited", None)
    if token is None:
        flash(_("L'invito si vede una volta sola. Se serve, fanne un altro."))
        return redirect("/tutor/squadra")
    url = f"{current_app.config['SETTINGS'].base_url}/tutor/invito/{token}"
    return render_template("training/invited.html", url=url, good_for=inviting.GOOD_FOR)


def show(refused: Refused | None = None, **kept: Any) -> str:
    """The whole page; ``kept`` is what somebody had written in the form that was refused."""
    today = clock.today()
    return render_template(
        "training/team.html",
        day=today,
        people=staff.co_residents(),
        planned={person.id for person in staff.planned(today)},
        devices=devices.in_use(),
        here=this_device(),
        colleagues=staying.of_the_staff() if me().can(Capability.INVITE) else [],
        pictures_to_choose=pictures.choices(language()),
        levels=staff.SUPPORT_LEVELS,
        message=refused.sentence if refused else "",
        kept=kept,
    )


def _add(name: str, picture: str, level: str) -> None:
    if picture not in pictures.names():
        raise Refused(_("Scegli una figura."))
    if level not in map(str, staff.SUPPORT_LEVELS):
        raise Refused(_("Scegli una delle tre guide."))
    staff.add(name, Role.CO_RESIDENT, picture=picture, by=me(), support_level=int(level))
