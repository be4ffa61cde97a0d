"""Thanks from those who ordered, on the page of whoever worked on their crate: one at a time, until it was read.

Only a tutor has read them before. Nothing is counted, and that one was read is a deed of no journal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import render_template
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from core import clock
from core.doors import door
from desk import blueprint
from desk.answering import HOME, do_once, go
from orders import thanking
from people.capabilities import Capability
from people.entering import find_me, me

HERE = f"{HOME}/io/grazie"
OWN_PAGE = f"{HOME}/io"
TAKEN_OUT_WITHIN = timedelta(minutes=15)
"""How long one that was read can be had back: as long as somebody is there."""


@blueprint.get("/io/grazie")
@door(Capability.WORK_AT_DESK, "fine")
def my_thanks() -> str | Response:
    """The oldest that was not read; once all are, that they are, as long as the last can be had back."""
    person = me()
    if not _sees_them():
        return go(HOME)
    waiting = thanking.for_person(person.id)
    last = thanking.last_read(person.id, since=clock.now() - TAKEN_OUT_WITHIN)
    if waiting:
        return render_template("desk/thanks.html", thanks=waiting[0], last=last)
    return render_template("desk/thanks_read.html", last=last) if last else go(OWN_PAGE)


@blueprint.post("/io/grazie/<int:thanks_id>/letto")
@door(Capability.WORK_AT_DESK, "fine")
def put_thanks_away(thanks_id: int) -> Response:
    return _do(lambda person_id: thanking.put_away(thanks_id, person_id))


@blueprint.post("/io/grazie/<int:thanks_id>/torna-indietro")
@door(Capability.WORK_AT_DESK, "fine")
def take_thanks_out(thanks_id: int) -> Response:
    return _do(lambda person_id: thanking.take_out(thanks_id, person_id))


def are_there() -> bool:
    """Whether something waits to be read by whoever is here."""
    return _sees_them() and thanking.are_there(me().id)


def _do(deed: Callable[[int], None]) -> Response:
    if not _sees_them():
        return go(HOME)
    person_id = me().id
    do_once(lambda: deed(person_id), about_me=True)
    return go(HERE)


def _sees_them() -> bool:
    """The staff have no page of their own here; who practises has no real crate in hand."""
    person = find_me()
    return person is not None and not person.is_staff and not person.practises


@blueprint.context_processor
def _what_waits() -> dict[str, object]:
    """Asked only by the screens that show it."""
    return {"thanks_wait": LocalProxy(are_there)}
