"""Finding orders. `find_` may return None, `get_` raises NotFound."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.models import PickUp
from core import clock
from core.database import db
from core.errors import Conflict, NotFound
from orders.models import Order, OrderLine


def get(order_id: int) -> Order:
    order = db.session.get(Order, order_id)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def get_line(order: Order, line_id: int) -> OrderLine:
    for line in order.lines:
        if line.id == line_id:
            return line
    raise NotFound(_("Questa riga non c'è."))


def lock(session: Session, order_id: int) -> Order:
    """The order as it is now, held until the transaction ends."""
    order = session.get(Order, order_id, with_for_update={"of": Order}, populate_existing=True)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def require_standing(order: Order) -> None:
    if not order.stands:
        raise Conflict(_("Questo ordine è stato tolto. Chiama il tutor."))


def of_pickup(pickup_id: int) -> list[Order]:
    """Standing orders of a pick-up by crate number, then by placing."""
    query = select(Order).where(Order.pickup_id == pickup_id, Order.cancelled_at.is_(None))
    return list(db.session.scalars(query.order_by(Order.crate, Order.id)))


def to_prepare(*, practice: bool = False) -> list[Order]:
    """Crates with a number that are not ready or have no label yet, the earliest pick-up first."""
    unfinished = or_(Order.ready_at.is_(None), Order.labelled_at.is_(None))
    return _standing(practice, unfinished, PickUp.closed_at.is_not(None), PickUp.to_at > clock.now())


def to_hand_over(*, practice: bool = False) -> list[Order]:
    """Ready crates of today's pick-ups."""
    return _standing(practice, Order.ready_at.is_not(None), PickUp.day == clock.today())


def done_on(day: date, *, practice: bool = False) -> list[Order]:
    query = (
        select(Order)
        .join(PickUp)
        .where(PickUp.practice.is_(practice), PickUp.day == day, Order.handed_over_at.is_not(None))
    )
    return list(db.session.scalars(query.order_by(Order.crate)))


def _standing(practice: bool, *conditions: object) -> list[Order]:
    query = (
        select(Order)
        .join(PickUp)
        .where(
            PickUp.practice.is_(practice),
            PickUp.cancelled_at.is_(None),
            Order.cancelled_at.is_(None),
            Order.handed_over_at.is_(None),
            Order.not_collected_at.is_(None),
            *conditions,  # type: ignore[arg-type]
        )
    )
    return list(db.session.scalars(query.order_by(PickUp.from_at, Order.crate, Order.id)))
