"""Who received what: from a product and its lot to the crates that hold it (art. 18 Regulation (EC) 178/2002)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload

from catalog.models import PickUp
from core.database import db
from orders.models import Order, OrderLine

MOST_LOTS = 60


@dataclass(frozen=True)
class Lot:
    """A harvest day (ISO) or a lot of one product, and how many orders have something of it."""

    lot: str
    orders: int


def lots(product_id: int) -> Sequence[Lot]:
    """The newest first; as many as somebody may ask about."""
    query = (
        select(OrderLine.lot, func.count(OrderLine.order_id.distinct()))
        .join(Order, Order.id == OrderLine.order_id)
        .join(PickUp)
        .where(OrderLine.product_id == product_id, OrderLine.lot.is_not(None), PickUp.practice.is_(False))
        .group_by(OrderLine.lot)
        .order_by(OrderLine.lot.desc())
        .limit(MOST_LOTS)
    )
    return [Lot(lot or "", orders) for lot, orders in db.session.execute(query)]


def received(product_id: int, lot: str) -> Sequence[OrderLine]:
    """The lines that were packed of it, by pick-up and crate, also of orders that are over. Each knows its order."""
    query = (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(PickUp)
        .options(selectinload(OrderLine.order).options(lazyload(Order.lines), lazyload(Order.payments)))
        .where(OrderLine.product_id == product_id, OrderLine.lot == lot, PickUp.practice.is_(False))
        .order_by(PickUp.from_at, Order.crate, Order.id, OrderLine.position)
    )
    return list(db.session.scalars(query).unique())
