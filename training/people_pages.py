"""One person at a time: what they do, what they may do, how much the desk shows them, and who looked."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, keys
from core.doors import door
from core.errors import NotFound, Refused
from core.journal import Entry
from core.web import form_key_given
from people import pauses, staff, staying
from people.capabilities import GRANTABLE, Capability
from people.entering import me
from people.models import Grant, Person
from training import blueprint, path, words

Page = str | tuple[str, int] | Response

AS_ELSEWHERE = "resto"
"""What the form sends where a task has no guide of its own any more."""


@blueprint.get("/persone")
@door(Capability.SEE_PEOPLE, "tutor")
def people() -> str:
    """By name; nothing else about anybody, so that nobody is compared (privacy rule P5)."""
    working = {person.id for person in staff.planned(clock.today())}
    return render_template(
        "training/people.html", people=staff.co_residents(), left=staying.who_left(), working=working
    )


@blueprint.get("/persone/<int:person_id>")
@door(Capability.SEE_PEOPLE, "tutor")
def person(person_id: int) -> str:
    return _page(staff.get_co_resident(person_id))


@blueprint.post("/persone/<int:person_id>/permessi")
@door(Capability.GRANT, "tutor")
def give(person_id: int) -> Page:
    about, reason = staff.get_co_resident(person_id), request.form.get("reason", "")
    try:
        capability = _capability(request.form.get("capability", ""))
        keys.once(form_key_given(), lambda: staff.give(about, capability, reason, by=me()))
    except Refused as refused:
        return _page(about, refused, form="give", reason=reason), refused.status
    flash(_("Il permesso vale da adesso."))
    return _back(about)


@blueprint.post("/persone/<int:person_id>/permessi/<int:grant_id>/togli")
@door(Capability.GRANT, "tutor")
def withdraw(person_id: int, grant_id: int) -> Page:
    about, reason = staff.get_co_resident(person_id), request.form.get("reason", "")
    if grant_id not in {grant.id for grant in about.grants}:
        raise NotFound(_("Questo permesso non c'è."))
    try:
        keys.once(form_key_given(), lambda: staff.withdraw(grant_id, reason, by=me()))
    except Refused as refused:
        return _page(about, refused, form=f"withdraw-{grant_id}", reason=reason), refused.status
    flash(_("Il permesso non vale più, da adesso."))
    return _back(about)


@blueprint.post("/persone/<int:person_id>/sostegno")
@door(Capability.GRANT, "tutor")
def support(person_id: int) -> Page:
    """For everything, or, with ``task``, for one kind of work only; "resto" there takes that back."""
    about, reason = staff.get_co_resident(person_id), request.form.get("reason", "")
    task, chosen = request.form.get("task", ""), request.form.get("level", "")
    form = f"support-{task}" if task in staff.TASKS else "support"
    try:
        level = _level(chosen, task)
        keys.once(form_key_given(), lambda: staff.set_support(about, level, task=task, reason=reason, by=me()))
    except Refused as refused:
        return _page(about, refused, form=form, reason=reason, level=chosen), refused.status
    flash(_("La guida cambia alla prossima schermata."))
    return _back(about)


def _level(chosen: str, task: str) -> int | None:
    """What -1 says is refused by the verb."""
    if task and chosen == AS_ELSEWHERE:
        return None
    return next((level for level in staff.SUPPORT_LEVELS if str(level) == chosen), -1)


def _page(about: Person, refused: Refused | None = None, **kept: Any) -> str:
    """Whoever opens the page leaves their name there first (privacy rule P2)."""
    path.note_look(me(), about, "view", "support")
    today = clock.today()
    grants = sorted(about.grants, key=lambda grant: grant.id, reverse=True)
    return render_template(
        "training/person.html",
        person=about,
        works_today=about.id in {somebody.id for somebody in staff.planned(today)},
        skills=path.skills_seen(about),
        occasions=words.tell(path.occasions(about)),
        held=[grant for grant in grants if grant.holds_on(today)],
        ended=[grant for grant in grants if not grant.holds_on(today)],
        givers=_givers(grants),
        grantable=sorted(GRANTABLE - {Capability(grant.capability) for grant in grants if grant.holds_on(today)}),
        support_story=_story(about),
        looks=path.who_looked(about),
        own_guides={own.task: own.level for own in about.settings},
        as_elsewhere=AS_ELSEWHERE,
        message=refused.sentence if refused else "",
        has_pause=pauses.has_one(about),
        kept=kept,
    )


def _givers(grants: list[Grant]) -> dict[int, str]:
    ids = {grant.given_by_id for grant in grants} | {grant.withdrawn_by_id for grant in grants if grant.withdrawn_by_id}
    return staff.names(ids)


def _story(about: Person) -> list[tuple[Entry, str]]:
    changes = path.support_story(about)
    names = staff.names({change.person_id for change in changes if change.person_id})
    return [(change, names.get(change.person_id or 0, "")) for change in changes]


def _capability(value: str) -> Capability:
    try:
        return Capability(value)
    except ValueError:
        raise Refused(_("Scegli un permesso.")) from None


def _back(about: Person) -> Response:
    return redirect(f"/tutor/persone/{about.id}", 303)
