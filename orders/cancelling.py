"""Cancelling: by the citizen until the cut-off; stock and place go back in the same deed."""

from __future__ import annotations

from flask_babel import gettext as _

from catalog import pickups, stock
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, TooLate
from orders import finding, letters
from orders.models import Order


def may_cancel(order: Order) -> bool:
    """Whether the citizen may still do it alone."""
    return order.stands and order.pickup.takes_orders_at(clock.now())


def cancel(order_id: int, *, by: int | None = None, why: str = "") -> Order:
    """Take the order back. Raises TooLate after the cut-off; a second time changes nothing."""
    with transaction() as session:
        pickups.lock(finding.get(order_id).pickup_id)  # first, as in placing and closing: nobody waits in a ring
        order = finding.lock(session, order_id)
        if not order.stands:
            return order
        if not may_cancel(order):
            raise TooLate(_("Il tempo per disdire è finito: telefonaci, troviamo un modo."))
        if order.paid:
            raise Conflict(_("Questo ordine è già pagato: telefonaci, troviamo un modo."))
        order.cancelled_at, order.cancelled_why = clock.now(), why
        for line in sorted(order.lines, key=lambda line: line.product_id):
            stock.give_back(line.product_id, line.quantity, order.id)
        pickups.give_back_place(order.pickup_id)
        journal.record("order.cancelled", order, by=by, practice=order.practice)
        letters.cancelled(order)
    return order
