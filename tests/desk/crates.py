"""Crates to work on, and what "the same state" of one means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from catalog import places
from catalog.models import Product
from core import clock, journal
from core.database import db, transaction
from orders import finding, preparing
from orders.models import Order, OrderLine
from orders.placing import Wish
from people.models import Person
from tests import factories as make

WEIGHTS = {"carote": 480}


def mixed(**citizen: Any) -> Order:
    """Two bunches of chard and half a kilo of carrots, closed: to be prepared."""
    return make.closed(make.order(make.wish(make.chard(), 2), make.wish(make.carrots(), 500), **citizen))


def varied(*, may_swap: bool = True, **citizen: Any) -> Order:
    """Three bunches, half a kilo, two squashes and a jar, closed; beside them kale that could come instead."""
    make.product("cavolo-nero", name="Cavolo nero", price=220, unit="mazzo", unit_plural="mazzi")
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    goods = [(make.chard(), 3), (make.carrots(), 500), (squash, 2), (make.honey(shelf="dispensa"), 1)]
    wishes = [Wish(product.id, quantity, product.price, may_swap) for product, quantity in goods]
    return make.closed(make.order(*wishes, **citizen))


def bowl(product: Product, tare: int = 220, name: str = "Ciotola blu") -> None:
    """From now on this is weighed in a bowl."""
    container = places.add_container(name, tare, by=None)
    with transaction() as session:
        session.get_one(Product, product.id).container_id = container.id


def line(order_id: int, slug: str) -> OrderLine:
    return next(line for line in again(order_id).lines if line.slug == slug)


def ready_today(*wishes: Wish, **citizen: Any) -> Order:
    """Prepared and labelled, to be handed over today."""
    with clock.at(clock.now() - timedelta(days=3)):
        order = make.order(*wishes, **citizen)
        return make.prepared(order)


def again(order_id: int) -> Order:
    """The order as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return finding.get(order_id)


def state(order_id: int) -> dict[str, Any]:
    """What the verbs derive of an order: ledger, journal and outbox rows are not part of it (ruling 8)."""
    order = again(order_id)
    return {
        "status": order.status,
        "lines": [(line.slug, line.state, line.weighed_grams, line.packed, line.lot) for line in order.lines],
        "tares": [line.tare_grams for line in order.lines],
        "crates": order.crates,
        "labelled": order.labelled_at is not None,
        "total": order.total,
        "due": order.due,
    }


def deeds(order_id: int) -> list[str]:
    return [entry.action for entry in journal.entries(again(order_id), newest_first=False)]


def weigh(order: Order, slug: str, grams: int, by: Person) -> None:
    line = next(line for line in order.lines if line.slug == slug)
    preparing.weigh_line(order.id, line.id, grams, version=line.version, by=by.id)


def take_first(order_id: int, by: Person) -> None:
    line = again(order_id).lines[0]
    preparing.take_line(order_id, line.id, version=line.version, by=by.id)
