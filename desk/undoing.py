"""Torna indietro: one tap, names what it takes back, only if that is still the last deed (ruling 8)."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import pickups
from catalog.models import PickUp
from core import journal, keys, undo
from core.doors import door
from core.journal import Entry
from core.web import form_key_given
from desk import blueprint, on_the_way
from desk.answering import do_and_say, go, number
from desk.handing_over import DEEDS
from orders import drawers, finding
from orders.drawers import Drawer
from orders.models import Order
from people import entering
from people.capabilities import Capability

DOORS = {
    "order.cash_taken": Capability.TAKE_CASH,
    "order.card_taken": Capability.TAKE_CASH,
    "order.handed_over": Capability.HAND_OVER,
    "order.not_collected": Capability.HAND_OVER,
    "order.refunded": Capability.GIVE_BACK,
    "order.receipt_noted": Capability.KEEP_ORDERS,
    "harvest.arrived": Capability.NOTE_HARVEST,
    "drawer.counted": Capability.TAKE_CASH,
}
"""Whoever takes a deed back needs the door of the deed; what is not named here belongs to the subject's keepers."""


@blueprint.post("/torna-indietro")
@door(Capability.WORK_AT_DESK, "passo")
def undo_last() -> Response:
    subject, expected, by = _subject(), number("deed"), entering.me().id
    deed = _find(subject, expected)
    elsewhere = entering.keep_door(_door(subject, deed))
    if elsewhere is not None:
        return elsewhere
    do_and_say(lambda: _("Tolto: %(what)s.", what=undo.undo_last(subject, expected=expected, by=by)))
    return go(_place_of(subject, deed))


def _subject() -> Order | PickUp | Drawer:
    """A crate, the pick-up that a harvest came in for, or a cash box."""
    if "cassa" in request.form:
        return drawers.get(number("cassa"))
    return pickups.get(number("ritiro")) if "ritiro" in request.form else finding.get(number("ordine"))


def _find(subject: Order | PickUp | Drawer, expected: int) -> Entry | None:
    """The last one; for the second tap of a double tap the one that the first has taken back: it leads there too."""
    if keys.find_answer(form_key_given()) is None:
        return undo.newest(subject)
    return next((entry for entry in journal.entries(subject) if entry.id == expected), None)


def _door(subject: Order | PickUp | Drawer, deed: Entry | None) -> Capability:
    keepers = Capability.KEEP_PICKUPS if isinstance(subject, PickUp) else Capability.PREPARE
    return DOORS.get(deed.action, keepers) if deed else Capability.WORK_AT_DESK


def _place_of(subject: Order | PickUp | Drawer, deed: Entry | None) -> str:
    """Where the deed that was taken back can be done again."""
    if isinstance(subject, Drawer):
        return f"/banco/cassa/{subject.place_id}"
    if isinstance(subject, PickUp):
        product = deed.data.get("product") if deed else None
        return f"/banco/raccolto/{subject.id}/{product}" if product else "/banco"
    line = next((line for line in subject.lines if deed and line.id == deed.data.get("line")), None)
    if line is not None and on_the_way.is_by_product():
        return on_the_way.screen_of(line)
    room = "consegna" if deed and deed.action in DEEDS else "casse"
    return f"/banco/{room}/{subject.id}"
