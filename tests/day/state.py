"""What the verbs derive of a day: no ids, no journal, no outbox, no times (ruling 8)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from catalog import harvest
from catalog.models import PickUp, Product
from core import journal
from core.database import db
from orders import books, drawers, finding
from orders.models import Order
from tests.day.world import World


def state_of(world: World) -> dict[str, Any]:
    """The crates by their number, what came in, what may still be promised, what lies in the cash box."""
    with world.books():
        pickup = db.session.scalars(select(PickUp)).one()
        drawer = drawers.find(pickup.place_id)
        products = {product.id: product for product in db.session.scalars(select(Product)).unique()}
        return {
            "crates": {order.crate: _crate(order) for order in finding.of_pickup(pickup.id)},
            "arrived": {
                products[product_id].slug: (arrival.arrived, arrival.lot)
                for product_id, arrival in harvest.arrivals(pickup.id).items()
            },
            "left": {product.slug: product.left for product in products.values()},
            "box": +drawer.holds if drawer else None,
            "places": pickup.taken,
        }


def problems_of(world: World) -> list[str]:
    """What does not balance in the books."""
    with world.books():
        return books.look().problems


def deeds_of(world: World, crate: int) -> Counter[str]:
    """How often each thing happened to a crate, as the journal says."""
    with world.books():
        return Counter(entry.action for entry in journal.entries(finding.get(world.orders[crate])))


def _crate(order: Order) -> dict[str, Any]:
    return {
        "customer": order.customer,
        "status": str(order.status),
        "lines": [
            (line.slug, str(line.state), line.packed, line.weighed_grams, line.tare_grams, line.lot, line.final)
            for line in order.lines
        ],
        "crates": order.crates,
        "labelled": order.labelled_at is not None,
        "total": order.total,
        "payments": [(payment.kind, payment.amount) for payment in order.payments],
        "due": order.due,
        "to": order.handed_to,
    }
