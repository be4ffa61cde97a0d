"""What citizens wrote to those who prepared their crate: a tutor reads it first, and says whether they see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, journal, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.journal import Entry
from desk import blueprint
from desk.answering import do_and_say, go, number
from orders import thanking
from orders.thanking import Thanks
from people import staff
from people.capabilities import Capability
from people.entering import me

HERE = "/banco/grazie"
LATELY = timedelta(days=14)
MOST = 40  # of those that were decided

Page = str | tuple[str, int] | Response


@blueprint.get("/grazie")
@door(Capability.KEEP_ORDERS, "tutor")
def thanks_page() -> str:
    return _page()


@blueprint.post("/grazie/<int:thanks_id>/vedere")
@door(Capability.KEEP_ORDERS, "tutor")
def let_thanks_through(thanks_id: int) -> Page:
    return _do(lambda: _decide(thanks_id, let_through=True))


@blueprint.post("/grazie/<int:thanks_id>/non-vedere")
@door(Capability.KEEP_ORDERS, "tutor")
def keep_thanks_back(thanks_id: int) -> Page:
    return _do(lambda: _decide(thanks_id, let_through=False))


@blueprint.post("/grazie/<int:thanks_id>/torna-indietro")
@door(Capability.KEEP_ORDERS, "tutor")
def undo_thanks(thanks_id: int) -> Page:
    return _do(lambda: _take_back(thanks_id, number("deed")))


def _decide(thanks_id: int, *, let_through: bool) -> str:
    thanking.decide(thanks_id, let_through=let_through, by=me().id)
    if let_through:
        return _("Adesso lo vede chi ha preparato la cassetta.")
    return _("Va bene: non lo vede nessuno.")


def _take_back(thanks_id: int, deed: int) -> str:
    undo.undo_last(thanking.get(thanks_id), expected=deed, by=me().id)
    return _("Tornato indietro: il grazie aspetta di nuovo.")


def _do(deed: Callable[[], str]) -> Page:
    try:
        do_and_say(deed)
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused), refused.status
    return go(HERE)


def _page(refused: Refused | None = None) -> str:
    waiting, decided = thanking.waiting(), thanking.decided_since(clock.now() - LATELY, most=MOST)
    return render_template(
        "desk/staff/thanks.html",
        waiting=waiting,
        decided=decided,
        deeds=_deeds(decided),
        read=thanking.read_ids([each.id for each in decided]),
        thanked=thanking.thanked([each.order_id for each in (*waiting, *decided)]),
        names=staff.names({each.decided_by_id for each in decided if each.decided_by_id}),
        message=refused.sentence if refused else "",
    )


def _deeds(decided: Sequence[Thanks]) -> dict[int, Entry]:
    """The decision about each of them that stands."""
    entries = journal.entries_of_several(Thanks.__tablename__, [each.id for each in decided])
    undone = {entry.undoes_id for entry in entries}
    standing = [entry for entry in entries if entry.action == "thanks.decided" and entry.id not in undone]
    return {entry.subject_id: entry for entry in standing}
