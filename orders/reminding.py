"""The day before a pick-up: a reminder for those who ordered, once for each time that the pick-up is set to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from catalog.models import PickUp
from core import clock, outbox
from core.database import db, transaction
from orders import finding, letters
from orders.models import Order

BEFORE = timedelta(hours=24)


def remind_due() -> int:
    """Put a reminder into the outbox for every order whose pick-up begins within a day. The worker calls it."""
    moment = clock.now()
    undo_time = outbox.after_undo_time() - moment
    query = (
        select(Order.id)
        .join(PickUp)
        .where(
            PickUp.practice.is_(False),
            PickUp.cancelled_at.is_(None),
            PickUp.from_at > moment,
            PickUp.from_at <= moment + BEFORE,
            or_(PickUp.moved_at.is_(None), PickUp.moved_at <= moment - undo_time),  # a slip is taken back first
            Order.cancelled_at.is_(None),
            Order.handed_over_at.is_(None),
            Order.email.is_not(None),
            or_(Order.reminded_for.is_(None), Order.reminded_for != PickUp.from_at),
        )
    )
    due = list(db.session.scalars(query.order_by(Order.id)))
    for order_id in due:
        _remind(order_id)
    return len(due)


def _remind(order_id: int) -> None:
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.reminded_for != order.pickup.from_at:
            order.reminded_for = order.pickup.from_at
            letters.reminder(order)
