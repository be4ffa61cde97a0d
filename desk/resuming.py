"""Back to the task in the middle of which somebody was asked who they are: the same screen, with what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core import clock, doors
from core.doors import OPEN, door
from core.formats import easy_weight
from desk import blueprint
from desk.answering import HOME, inside
from desk.paging import Page, page_of
from people import entering, keeping, staff
from people.capabilities import NEEDS_BADGE, Capability
from people.models import Person

BADGE, AGAIN = f"{HOME}/cartellino", f"{HOME}/ancora"


@dataclass(frozen=True)
class Face:
    """Somebody to choose from. ``is_last``: who was here until just now, offered first."""

    person: Person
    is_last: bool


@blueprint.errorhandler(entering.WhoIsIt)
def _ask_over_the_task(refused: entering.WhoIsIt) -> tuple[str, int]:
    """In place of what was asked for, under its address; the status says to a script that it was not done."""
    return ask_who(), refused.status


def ask_who() -> str:
    """After a form one comes back to the first page: to look at the step would take the place of what the form said."""
    last = staff.find(keeping.whose(session))
    about = {"help_from": HOME} if request.method == "POST" else {}
    return render_template("desk/who.html", faces=_faces(last), last=last if last and last.is_staff else None, **about)


def way_back(person: Person) -> str:
    """Where somebody goes who has just come in: to the task that waits, if they may; else to the work of today."""
    task = keeping.find(session, person.id)
    page = inside(task.address) if task else HOME
    if task is None or not _may(person, page):
        keeping.forget(session)
        return HOME
    if task.is_form:  # it goes on waiting until it is sent
        return BADGE if _wants_badge(task.address) and session["proof"] not in entering.PROOFS else AGAIN
    keeping.forget(session)
    return page


@blueprint.get("/ancora")
@door(Capability.WORK_AT_DESK, "passo")
def look_again() -> str | Response:
    """A form of the desk that came too late: nothing is done unseen, one press sends it."""
    task = keeping.find(session, entering.me().id)
    if task is None or not task.is_form:
        return redirect(HOME)
    return render_template("desk/send_again.html", task=task, typed=_typed(task), page=inside(task.address))


def _faces(last: Person | None) -> Page[Face]:
    """Who works today, whoever was here last before the others."""
    people = staff.on_shift(clock.today())
    faces = [Face(person, last is not None and person.id == last.id) for person in people]
    return page_of(sorted(faces, key=lambda face: not face.is_last), all_at_once=False)


def _may(person: Person, page: str) -> bool:
    declared = _door(page, "GET")
    return declared is not None and (declared.capability == OPEN or person.can(Capability(declared.capability)))


def _wants_badge(address: str) -> bool:
    declared = _door(address, "POST")
    return declared is not None and declared.capability in {str(capability) for capability in NEEDS_BADGE}


def _door(address: str, method: str) -> doors.Door | None:
    path = address.partition("?")[0]
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(path, method=method)
    except HTTPException:
        return None
    return doors.of(current_app.view_functions[str(endpoint)])


def _typed(task: keeping.Task) -> str:
    """'480 grammi', '3': the number that somebody had typed; empty where there was none."""
    said = {name: value for name, value in task.form if value.isdigit() and len(value) < 8}
    if "grams" in said:
        return easy_weight(int(said["grams"]))
    return next((said[name] for name in ("arrived", "pieces") if name in said), "")
