"""Something else in place of what is missing: only where it was allowed, and never for more money (ruling 1)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from catalog import products, stock
from catalog.models import Product
from core import clock, journal
from core.database import transaction
from core.errors import Conflict, NotFound, Refused
from orders import finding, harvesting, lines, preparing
from orders.models import LineState, Order, OrderLine


def choices(line: OrderLine) -> list[Product]:
    """What may come in its place: of the same shelf, enough of it left to promise, and no allergen more.

    Not what is short itself today, nor what is in this crate already.
    """
    return choices_of([line])[line.id]


def choices_of(waiting: Iterable[OrderLine]) -> dict[int, list[Product]]:
    """The same for many lines: line id -> products. As many statements as there are pick-ups and shelves."""
    waiting = list(waiting)
    pickups = {line.order.pickup_id for line in waiting}
    short = {pickup_id: {row.product.id for row in harvesting.short(pickup_id)} for pickup_id in pickups}
    shelves = {(line.product.shelf, line.order.practice) for line in waiting}
    goods = {(shelf, practice): products.on_shelf(shelf, practice=practice) for shelf, practice in shelves}
    return {
        line.id: [
            product
            for product in goods[line.product.shelf, line.order.practice]
            if product.id not in short[line.order.pickup_id] and _may_come_for(line, product)
        ]
        for line in waiting
    }


def quantity_for(line: OrderLine, product: Product) -> int:
    """As much as the same money buys: whole steps, in grams or pieces; 0 where one step costs more."""
    return line.maximum // max(1, product.estimate(product.step)) * product.step


def substitute(
    order_id: int, line_id: int, product_id: int, quantity: int | None = None, *, version: int, by: int | None
) -> OrderLine:
    """The line is missing and ``product_id`` comes in its place, at most at its price; it is then packed like others.

    Raises Refused where the citizen did not allow it, OutOfStock when too little of the other is left.
    """
    with transaction() as session:
        order, line = preparing.open_line(session, order_id, line_id, version)
        _require_allowed(order, line)
        product = _get(product_id, line)
        most = max(product.step, quantity_for(line, product))
        quantity = most if quantity is None else quantity
        if not 0 < quantity <= most or quantity % product.step:
            raise Refused(_("Scrivi quanto ne metti: non più di quello che serve, in passi interi."))
        rate = products.vat_rates(clock.today())[product.vat_category]
        other = lines.snapshot(product, quantity, rate, position=max(each.position for each in order.lines) + 1)
        other.substitutes_id = line.id
        other.estimate, other.maximum = min(other.estimate, line.maximum), line.maximum
        stock.take(product.id, quantity, order.id)
        order.lines.append(other)
        preparing.pack(line, LineState.MISSING)
        session.flush()
        journal.record("line.substituted", order, by=by, practice=order.practice, line=line.id, other=other.id)
    return other


def take_back(order_id: int, line_id: int, other_id: int) -> None:
    """The inverse: the other line goes, its goods may be promised again, the first one waits."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        other = finding.get_line(order, other_id)
        if other.is_prepared:
            raise Conflict(_("Questo è già nella cassetta."))
        if any(refund.line_id == other_id for refund in order.refunds):  # the ledger speaks of it for ever
            raise Conflict(
                _("Qui non si può più tornare indietro. Chiama il tutor."),
                without_tutor=_("Per questa riga è già stato ridato qualcosa: qui non si torna più indietro."),
            )
        stock.give_back(other.product_id, other.quantity, order.id)
        order.lines.remove(other)
        session.flush()
        preparing.reopen_line(order_id, line_id)


def _may_come_for(line: OrderLine, product: Product) -> bool:
    return (
        product.id not in {each.product_id for each in line.order.lines}
        and 0 < quantity_for(line, product) <= product.left
        and _allergens(product) <= _allergens(line.product)
    )


def _require_allowed(order: Order, line: OrderLine) -> None:
    if line.substitutes_id is not None:
        raise Refused(_("Questo è già al posto di un altro."))
    if not line.may_substitute:
        raise Refused(_("Qui non si cambia: %(name)s vuole solo questo.", name=order.first_name))


def _get(product_id: int, line: OrderLine) -> Product:
    product = products.by_ids([product_id]).get(product_id)
    if product is None or product.practice != line.order.practice or not product.on_sale:
        raise NotFound(_("Questo prodotto non c'è."))
    if product.id in {each.product_id for each in line.order.lines}:
        raise Refused(_("Questo è già nella cassetta: scegli un altro."))
    if not _allergens(product) <= _allergens(line.product):
        raise Refused(_("Questo ha un allergene in più: scegli un altro."))
    return product


def _allergens(product: Product) -> set[str]:
    """Annex II of Regulation (EU) 1169/2011, as the catalogue writes them."""
    return {word.strip().lower() for word in product.allergens.split(",")} - {"nessuno", ""}
