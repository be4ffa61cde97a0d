"""What the staff's pages about goods and land share: one form is one deed, and the last one can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import undo
from core.errors import NotAllowed, NotFound, Refused
from core.journal import Entry, Subject
from desk import given
from desk.answering import go, number
from people.capabilities import Capability
from people.entering import me

Page = str | tuple[str, int] | Response
Show = Callable[[Refused, str], str]

DOORS: Mapping[str, Capability] = dict.fromkeys(("product.described", "product.picture_set"), Capability.KEEP_CATALOG)
"""Whoever takes a deed back needs the door of the deed; what is not named here belongs to whoever sees the page."""


def do(form: str, deed: Callable[[int], str], show: Show) -> Page:
    """The deed of the form that was sent, once, by whom; it answers with the address to look at next.

    What was refused stays in its form: ``show(refused, form)``.
    """
    by = me().id
    try:
        return go(given.answer_once(lambda: deed(by)))
    except NotFound:
        raise
    except Refused as refused:
        return show(refused, form), refused.status


def find_undo(subject: Subject) -> tuple[Entry, str] | None:
    """What "Torna indietro" would take back here, for whoever has the door of that deed."""
    found = undo.offer(subject)
    return found if found and me().can(DOORS.get(found[0].action, Capability.WORK_AT_DESK)) else None


def take_back(subject: Subject, address: str, show: Show) -> Page:
    """The last deed on this, if it is still the one that the page named. Raises NotAllowed for another one's deed."""
    newest = undo.newest(subject)
    if newest and not me().can(DOORS.get(newest.action, Capability.WORK_AT_DESK)):
        raise NotAllowed(_("Questo lo fa un'altra persona. Parlane con chi coordina."))

    def deed(by: int) -> str:
        flash(_("Tornato indietro: %(what)s.", what=undo.undo_last(subject, expected=number("deed"), by=by)))
        return address

    return do("torna-indietro", deed, show)
