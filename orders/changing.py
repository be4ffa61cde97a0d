"""Changing an order until the cut-off. What stays as it was keeps its price; what is changed takes today's."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from catalog import pickups, products, stock
from catalog.models import Product
from core import clock, inputs, journal, keys
from core.database import transaction
from core.errors import Conflict, Refused, TooLate
from orders import finding, letters, lines, placing
from orders.models import Order, OrderLine
from orders.placing import Wish


def may_change(order: Order) -> bool:
    """Whether the citizen may still do it alone."""
    return order.stands and order.pickup.takes_orders_at(clock.now())


def change(
    order_id: int,
    wishes: Sequence[Wish],
    *,
    version: int,
    key: str,
    pickup_id: int | None = None,
    by: int | None = None,
) -> Order:
    """The order is now this. ``version`` is what the page showed; a repeat of the same form changes nothing.

    Raises TooLate after the cut-off, Conflict when it was changed meanwhile, OutOfStock, NoPlaceLeft, PriceChanged:
    nothing happened then.
    """
    with transaction() as session:
        if not keys.claim(key, str(order_id)):
            return finding.get(order_id)
        known = finding.get(order_id).pickup_id
        for each in sorted({known, pickup_id or known}):
            pickups.lock(each)
        order = finding.lock(session, order_id)
        _require_open(order, version)
        before = _facts_of(order)
        _go_to(order, pickup_id or known)
        _put_lines(order, wishes)
        placing.require_sensible(order)
        if _facts_of(order) != before:
            order.version += 1
            session.flush()
            agreed = lines.agreed(order)
            journal.record("order.changed", order, by=by, practice=order.practice, before=before, agreed=agreed)
            letters.changed(order)
    return order


def set_collector(order_id: int, name: str, *, by: int | None = None) -> Order:
    """Somebody else comes for the crate; empty takes it back. Until the crate is handed over."""
    name = inputs.require_line(name, 100)
    with transaction() as session:
        order = finding.lock(session, order_id)
        finding.require_standing(order)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata consegnata."))
        if (order.collector or "") != name:
            order.collector = name or None
            journal.record("order.collector_changed", order, by=by, practice=order.practice)
    return order


def _require_open(order: Order, version: int) -> None:
    if not may_change(order):
        raise TooLate(_("Il tempo per cambiare è finito: telefonaci, troviamo un modo."))
    if order.version != version:
        raise Conflict(_("Intanto l'ordine è cambiato. Guarda com'è adesso."))


def _facts_of(order: Order) -> dict[str, object]:
    return {
        "pickup": order.pickup_id,
        "lines": [[line.product_id, line.quantity, line.price, line.may_substitute] for line in order.lines],
    }


def _go_to(order: Order, pickup_id: int) -> None:
    if pickup_id == order.pickup_id:
        return
    pickup = pickups.get(pickup_id)
    if pickup.practice != order.practice or pickup.place.kind != "stall" or order.pickup.place.kind != "stall":
        raise Refused(_("Per cambiare tra ritiro e consegna a casa disdici e ordina di nuovo, o telefonaci."))
    pickups.take_place(pickup_id)
    pickups.give_back_place(order.pickup_id)
    order.pickup_id, order.pickup = pickup_id, pickup
    order.place_name, order.fee = pickup.place.name, pickup.place.fee


def _put_lines(order: Order, wishes: Sequence[Wish]) -> None:
    """Every difference in goods is taken or given back, by product id; a line is never short of what it says."""
    if not wishes:
        raise Refused(_("Così non resta niente: se non ti serve più, disdici l'ordine."))
    wanted = {wish.product_id: wish for wish in wishes}
    if len(wanted) != len(wishes):
        raise Refused(_("Una quantità non va bene. Guarda il carrello."))
    had = {line.product_id: line for line in order.lines}
    touched = [w for w in wishes if w.product_id not in had or had[w.product_id].quantity != w.quantity]
    found = products.by_ids([wish.product_id for wish in touched])
    placing.require_offered(touched, found, order.pickup, {key: line.quantity for key, line in had.items()})
    placing.require_known_prices(touched, found)
    _move_stock(order, had, wanted)
    rates = products.vat_rates(clock.today())
    after = max(line.position for line in order.lines)  # numbers of lines that go are free only after the deed
    for line in [line for line in order.lines if line.product_id not in wanted]:
        order.lines.remove(line)
    for nth, wish in enumerate(touched, start=after + 1):
        product = found[wish.product_id]
        _quote(order, had.get(wish.product_id), product, wish, rates[product.vat_category], nth)
    for line in order.lines:
        line.may_substitute = wanted[line.product_id].may_substitute


def _move_stock(order: Order, had: dict[int, OrderLine], wanted: dict[int, Wish]) -> None:
    for product_id in sorted({*had, *wanted}):
        before = had[product_id].quantity if product_id in had else 0
        after = wanted[product_id].quantity if product_id in wanted else 0
        if after > before:
            stock.take(product_id, after - before, order.id)
        elif after < before:
            stock.give_back(product_id, before - after, order.id)


def _quote(order: Order, line: OrderLine | None, product: Product, wish: Wish, rate: int, position: int) -> None:
    """A new line at today's price; one that is there keeps its place in the list."""
    fresh = lines.snapshot(product, wish.quantity, rate, position=position, may_substitute=wish.may_substitute)
    if line is None:
        order.lines.append(fresh)
    else:
        lines.copy_quote(fresh, line)
