"""Crates to work on, and what "the same state" of one means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import clock, journal
from core.database import db
from orders import finding, preparing
from orders.models import Order
from orders.placing import Wish
from people.models import Person
from tests import factories as make

WEIGHTS = {"carote": 480}


def mixed(**citizen: Any) -> Order:
    """Two bunches of chard and half a kilo of carrots, closed: to be prepared."""
    return make.closed(make.order(make.wish(make.chard(), 2), make.wish(make.carrots(), 500), **citizen))


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
