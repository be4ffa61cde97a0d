"""The harvest for a pick-up: what was sold, what really arrived, what is short and for whom.

Grams for products ordered in grams, pieces otherwise. A shortfall is derived, never booked: what was sold less what
arrived, as long as crates wait for it (ruling 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from catalog import harvest, pickups, stock
from catalog.models import Arrival, Kind, PickUp, Product
from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from orders.models import LineState, Order, OrderLine

MOST = 10_000_000  # grams or pieces of one product for one pick-up


@dataclass
class Row:
    """One product for one pick-up."""

    product: Product
    arrival: Arrival | None = None
    sold: int = 0
    packed: int = 0
    waiting: list[OrderLine] = field(default_factory=list)
    crates: int = 0

    @property
    def still_needed(self) -> int:
        return sum(line.quantity for line in self.waiting)

    @property
    def shortfall(self) -> int:
        """What the waiting crates ask for and is not there."""
        if self.arrival is None:
            return 0
        return max(0, self.still_needed - max(0, self.arrival.arrived - self.packed))

    @property
    def was_less(self) -> bool:
        return self.arrival is not None and self.arrival.arrived < self.sold


def rows(pickup_id: int) -> list[Row]:
    """Every product that somebody ordered for this pick-up, by shelf and name. Three statements, however many."""
    query = (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.pickup_id == pickup_id, Order.cancelled_at.is_(None))
        .order_by(Order.crate, Order.id, OrderLine.position)
    )
    arrived, found = harvest.arrivals(pickup_id), {}
    for line in db.session.scalars(query).unique():
        row = found.setdefault(line.product_id, Row(line.product, arrived.get(line.product_id)))
        _count(row, line)
    return sorted(found.values(), key=lambda row: (row.product.shelf, row.product.name))


def short(pickup_id: int) -> list[Row]:
    """Products of which the waiting crates ask for more than there is."""
    return [row for row in rows(pickup_id) if row.shortfall]


def to_harvest(*, practice: bool = False) -> list[PickUp]:
    """Pick-ups whose goods are to be brought in: closed, not over, the next one first."""
    query = select(PickUp).where(
        PickUp.practice.is_(practice),
        PickUp.closed_at.is_not(None),
        PickUp.cancelled_at.is_(None),
        PickUp.to_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(PickUp.from_at, PickUp.id)))


def arrive(
    pickup_id: int,
    product_id: int,
    arrived: int,
    *,
    by: int | None,
    lot: str | None = None,
    nothing_left: bool = False,
) -> Arrival:
    """So much came in. ``nothing_left``: there is no more of it, so what could still be promised goes to zero.

    Another number for the same product and pick-up replaces the first. Raises Refused, Conflict when it was called off.
    """
    if not 0 <= arrived <= MOST:
        raise Refused(_("Scrivi un numero da zero in su."))
    with transaction() as session:
        pickup = pickups.lock(pickup_id)
        _require_work(pickup)
        product = session.get(Product, product_id)
        if product is None or product.practice != pickup.practice:
            raise NotFound(_("Questo prodotto non c'è."))
        arrival = harvest.find_arrival(product_id, pickup_id)
        before = [arrival.arrived, arrival.lot] if arrival else None
        arrival = arrival or Arrival(product_id=product_id, pickup_id=pickup_id)
        arrival.arrived, arrival.lot = arrived, lot or harvest.lot_of(clock.today())
        arrival.at, arrival.by_id = clock.now(), by
        session.add(arrival)
        session.flush()
        emptied = stock.empty(product_id, by=by) if nothing_left else 0
        journal.record(
            "harvest.arrived",
            pickup,
            by=by,
            practice=pickup.practice,
            product=product_id,
            arrived=arrived,
            before=before,
            emptied=emptied,
        )
    return arrival


def take_back_arrival(
    pickup_id: int, product_id: int, *, expected: int, before: list | None, emptied: int, by: int | None
) -> None:
    """The inverse: the number from before, and what could be promised comes back. Conflict when it was noted again."""
    with transaction() as session:
        pickups.lock(pickup_id)
        arrival = harvest.find_arrival(product_id, pickup_id)
        if arrival is None or arrival.arrived != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        if before is None:
            session.delete(arrival)
        else:
            arrival.arrived, arrival.lot = before
        if emptied:
            stock.refill(product_id, emptied, by=by)


def _count(row: Row, line: OrderLine) -> None:
    row.sold += line.quantity
    row.crates += 1
    if line.state == LineState.WAITING:
        row.waiting.append(line)
    elif line.state != LineState.MISSING:
        row.packed += _in_crate(line)


def _in_crate(line: OrderLine) -> int:
    if line.kind == Kind.BY_WEIGHT:
        return line.weighed_grams or 0
    return line.packed if line.packed is not None else line.quantity


def _require_work(pickup: PickUp) -> None:
    if pickup.cancelled_at is not None:
        raise Conflict(_("Questo ritiro non si fa più."))
