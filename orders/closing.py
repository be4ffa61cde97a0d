"""When a pick-up closes its crates get their numbers, 1..n in the order of placing (ruling 14)."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from catalog import pickups
from catalog.models import PickUp
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, NoPlaceLeft
from orders.models import Order

MOST_CRATES = 60  # as many as there are pictures (ruling 14)


def close(pickup_id: int, *, by: int | None = None) -> int:
    """Number the crates of a pick-up whose cut-off has passed. Returns how many; a second time changes nothing."""
    with transaction() as session:
        pickup = pickups.lock(pickup_id)
        if pickup.closed_at is not None:
            return 0
        if clock.now() < pickup.cutoff_at:
            raise Conflict(_("Fino al termine si può ancora ordinare."))
        standing = select(Order).where(Order.pickup_id == pickup_id, Order.cancelled_at.is_(None)).order_by(Order.id)
        orders = list(session.scalars(standing))
        for order in orders:
            pickup.crates_given += 1
            order.crate = pickup.crates_given
        pickup.closed_at = clock.now()
        journal.record("pickup.closed", pickup, by=by, practice=pickup.practice, crates=len(orders))
    return len(orders)


def next_number(pickup: PickUp) -> int | None:
    """The number of a late crate; None while the pick-up is still open, when closing will give it.

    Numbers are never given again: not those of cancelled orders, nor of orders that went to another pick-up. That is
    why the pick-up keeps the last one. Raises NoPlaceLeft after the sixtieth picture.
    """
    with transaction() as session:
        held = pickups.lock(pickup.id)
        if held.closed_at is None:
            return None
        if held.crates_given >= MOST_CRATES:
            raise NoPlaceLeft(_("Le figure delle cassette sono finite: scegli un altro ritiro."))
        held.crates_given += 1
        session.flush()
        return held.crates_given


def close_due() -> int:
    """Close every pick-up whose cut-off has passed. The worker calls it. Returns how many."""
    due = pickups.past_cutoff()
    for pickup_id in due:
        close(pickup_id)
    return len(due)
