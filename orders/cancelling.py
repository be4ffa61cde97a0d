"""Cancelling: by the citizen until the cut-off, by the staff until hand-over. What it held goes back at once."""

from __future__ import annotations

from flask_babel import gettext as _

from catalog import pickups
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, TooLate
from orders import finding, letters, releasing
from orders.models import Order


def may_cancel(order: Order) -> bool:
    """Whether the citizen may still do it alone: until the cut-off, or until it begins if it was moved meanwhile."""
    if not order.stands or order.handed_over_at is not None or order.not_collected_at is not None:
        return False
    moment, pickup = clock.now(), order.pickup
    return pickup.takes_orders_at(moment) or (pickup.moved_at is not None and moment < pickup.from_at)


def cancel(order_id: int, *, by: int | None = None, why: str = "", as_staff: bool = False) -> Order:
    """Take the order back. Raises TooLate after the citizen's time; a second time changes nothing.

    ``as_staff``: somebody rang after the cut-off. The crate's number is never given again (ruling 14).
    """
    with transaction() as session:
        pickups.lock(finding.get(order_id).pickup_id)  # first, as in placing and closing: nobody waits in a ring
        order = finding.lock(session, order_id)
        if not order.stands:
            return order
        _require_time(order, as_staff)
        releasing.require_unpaid(order)
        order.cancelled_at, order.cancelled_why = clock.now(), why
        releasing.give_back_all([order], by)
        journal.record("order.cancelled", order, by=by, practice=order.practice)
        letters.cancelled(order)
    return order


def _require_time(order: Order, as_staff: bool) -> None:
    if order.handed_over_at is not None or order.not_collected_at is not None:
        raise Conflict(_("Questa cassetta non si può più disdire."))
    if not as_staff and not may_cancel(order):
        raise TooLate(_("Il tempo per disdire è finito: telefonaci, troviamo un modo."))
