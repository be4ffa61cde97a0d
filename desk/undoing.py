"""Torna indietro: one tap, names what it takes back, only if that is still the last deed (ruling 8)."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import undo
from core.doors import door
from core.journal import Entry
from desk import blueprint
from desk.answering import do_once, go, number
from desk.handing_over import DEEDS
from orders import finding
from orders.models import Order
from people import entering
from people.capabilities import Capability

DOORS = {
    "order.cash_taken": Capability.TAKE_CASH,
    "order.handed_over": Capability.HAND_OVER,
    "order.not_collected": Capability.HAND_OVER,
}
"""Whoever takes a deed back needs the door of the deed; everything else is preparing."""


@blueprint.post("/torna-indietro")
@door(Capability.WORK_AT_DESK, "passo")
def undo_last() -> Response:
    order, expected, by = finding.get(number("ordine")), number("deed"), entering.me().id
    deed = undo.newest(order)
    action = deed.action if deed else ""
    elsewhere = entering.keep_door(DOORS.get(action, Capability.PREPARE))
    if elsewhere is not None:
        return elsewhere
    said: list[str] = []
    do_once(lambda: said.append(undo.undo_last(order, expected=expected, by=by)))
    for words in said:
        flash(_("Tolto: %(what)s.", what=words))
    return go(_place_of(order, deed))


def _place_of(order: Order, deed: Entry | None) -> str:
    """Where the deed that was taken back can be done again."""
    room = "consegna" if deed and deed.action in DEEDS else "casse"
    return f"/banco/{room}/{order.id}"
