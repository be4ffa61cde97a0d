"""What an order holds (promised goods, a place, credit that it used) goes back, and comes again with an undo.

Goods are grams or pieces, as they are ordered. Stock is always moved by product id and credit by its
holder, so that nobody waits in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import update

from catalog import pickups, stock
from catalog.models import PickUp
from core.database import rows_changed, transaction
from core.errors import Conflict, NoPlaceLeft
from orders import paying, redeeming
from orders.models import Order, OrderLine


def require_unpaid(order: Order) -> None:
    """Only credit and vouchers go back by themselves; for other money a person decides. Raises Conflict."""
    if order.settled != paying.goes_back_by_itself(order):
        raise Conflict(_("Questo ordine è già pagato: telefonaci, troviamo un modo."))


def give_back_all(orders: Sequence[Order], by: int | None) -> None:
    """Goods, place, vouchers and credit of orders of one pick-up."""
    with transaction():
        for line in _by_product(orders):
            stock.give_back(line.product_id, line.quantity, line.order_id)
        for order in orders:
            pickups.give_back_place(order.pickup_id)
        redeeming.lock_of(orders)
        for order in orders:
            redeeming.give_back(order, by)
        for order in paying.by_holder(orders):
            give_back_credit(order, by)


def lose_all(orders: Sequence[Order], by: int | None) -> dict[int, int]:
    """What these orders have given back and does not keep is there no more: product id -> how much that is."""
    lost = perishable(orders)
    with transaction():
        for product_id, quantity in lost.items():
            stock.lose(product_id, quantity, by=by)
    return lost


def perishable(orders: Sequence[Order]) -> dict[int, int]:
    """Of the goods promised to these orders what does not keep, by product id. Jars and bags keep."""
    found: Counter[int] = Counter()
    for line in _by_product(orders):
        if line.perishable:
            found[line.product_id] += line.quantity
    return dict(found)


def take_all_again(
    orders: Sequence[Order],
    credits: Mapping[str, int],
    by: int | None,
    *,
    of_vouchers: Mapping[str, int] | None = None,
    lost: Mapping[int, int] | None = None,
) -> None:
    """The inverse; ``credits`` and ``of_vouchers`` (cents) are by order; ``lost`` is there after all.

    Raises OutOfStock or Conflict when something has gone to somebody else meanwhile.
    """
    lost = lost or {}
    with transaction():
        for product_id, lines in groupby(_by_product(orders), key=lambda line: line.product_id):
            if product_id in lost:
                stock.refill(product_id, lost[product_id], by=by)
            for line in lines:
                stock.take(product_id, line.quantity, line.order_id)
        for order in orders:
            _take_place_again(order.pickup_id)
        redeeming.lock_of(orders)
        for order in orders:
            redeeming.take_again(order, (of_vouchers or {}).get(str(order.id), 0), by)
        for order in paying.by_holder(orders):
            cents = credits.get(str(order.id), 0)
            if cents:
                paying.book(order, "credit", cents, by)


def give_back_credit(order: Order, by: int | None) -> int:
    """Cents of credit that the order had used and its citizen has again."""
    used = [payment for payment in paying.standing(order, "credit") if payment.amount > 0]
    paying.counter(order, [payment.id for payment in used], by)
    return sum(payment.amount for payment in used)


def keeping_lines(order: Order) -> list[OrderLine]:
    """Packed goods that keep (jars, bags): what nobody collects can be promised again."""
    return [
        line
        for line in sorted(order.lines, key=lambda line: line.product_id)
        if not line.perishable and not line.is_weighed and line.state != "missing"
    ]


def _take_place_again(pickup_id: int) -> None:
    """Whatever the hour: the order had it before."""
    free = update(PickUp).where(PickUp.id == pickup_id, PickUp.taken < PickUp.capacity)
    if rows_changed(free.values(taken=PickUp.taken + 1)) != 1:
        raise NoPlaceLeft(_("Il posto è già di qualcun altro."))


def _by_product(orders: Sequence[Order]) -> list[OrderLine]:
    lines = [line for order in orders for line in order.lines]
    return sorted(lines, key=lambda line: (line.product_id, line.order_id, line.id))
