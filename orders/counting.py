"""Counting what is there: a person counts all of it, what orders have been promised is taken off here (ruling 2)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from catalog import products, stock
from core.database import db, transaction
from core.errors import Refused
from orders.models import LineState, Order, OrderLine


@dataclass(frozen=True)
class Promised:
    """To orders that stand, and not in a crate yet: grams or pieces, as the product is ordered."""

    quantity: int
    orders: int


@dataclass(frozen=True)
class Counted:
    """What may still be promised now; ``short``: so much less was there than orders wait for."""

    left: int
    short: int


def promised(product_id: int) -> Promised:
    query = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0), func.count(OrderLine.order_id.distinct()))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.product_id == product_id, OrderLine.state == LineState.WAITING, Order.cancelled_at.is_(None))
    )
    quantity, orders = db.session.execute(query).one()
    return Promised(quantity, orders)


def count(product_id: int, there: int, *, by: int | None) -> Counted:
    """Somebody counted all that is there, in the shed or in the field, also what is promised already.

    While the stock is held no order is placed: one that came a moment before is counted among the promised.
    Where less is there than was promised nothing more is, and the harvest will show for whom it is short.
    Raises Refused, NotFound.
    """
    if there < 0:
        raise Refused(_("Scrivi un numero da zero in su."))
    stock.require_room(there)
    with transaction():
        product = products.get(product_id)
        stock.hold(product_id)
        waits = promised(product_id).quantity
        stock.count(product, max(0, there - waits), there=there, by=by)
    return Counted(max(0, there - waits), max(0, waits - there))
