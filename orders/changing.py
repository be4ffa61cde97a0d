"""Changing an order: the citizen until the cut-off, the staff for somebody who rings until something of it is packed.

What stays as it was keeps its price; what is changed takes today's. Of what is not sold any more there can only be
less, at the price that was agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from catalog import pickups, products, stock
from catalog.models import PickUp, Product
from core import clock, inputs, journal, keys, outbox
from core.database import transaction
from core.errors import Conflict, NotFound, Refused, TooLate, TooManyTries
from orders import closing, finding, letters, lines, mailboxes, placing, redeeming
from orders.models import Order, OrderLine
from orders.placing import Wish


class FeeChanged(Conflict):
    """The page showed another delivery fee than the order would have."""


def may_change(order: Order) -> bool:
    """Whether the citizen may still do it alone."""
    return order.stands and order.pickup.takes_orders_at(clock.now())


def may_change_as_staff(order: Order) -> bool:
    """Whether the staff may still do it for them."""
    return _obstacle(order) is None


def require_open_for_staff(order: Order) -> None:
    """Raises Conflict or TooLate, with the sentence that says why it cannot be changed any more."""
    if obstacle := _obstacle(order):
        raise obstacle


def change(
    order_id: int,
    wishes: Sequence[Wish],
    *,
    version: int,
    key: str,
    pickup_id: int | None = None,
    address: str = "",
    seen_fee: int | None = None,
    seen_held: int = 0,
    by: int | None = None,
    as_staff: bool = False,
    guest: bool = False,
) -> Order:
    """The order is now this. ``version`` is what the page showed; a repeat of the same form changes nothing.

    ``as_staff``: also after the cut-off, and to any pick-up that is not over. ``address``: where a round brings it,
    empty where that stays. ``seen_fee``: the delivery fee that the page showed, in cents. ``guest``: by the order's
    link, so its letters go where nobody may have asked for them, and are counted.
    ``seen_held``: what it said that vouchers pay at most.
    Raises TooLate when its time is over, Conflict when it was changed meanwhile or is being packed, FeeChanged,
    OutOfStock, NoPlaceLeft, PriceChanged, TooManyTries, Refused: nothing happened then.
    """
    with transaction() as session:
        if not keys.claim(key, str(order_id)):
            return finding.get(order_id)
        known = finding.get(order_id).pickup_id
        for each in sorted({known, pickup_id or known}):
            pickups.lock(each)
        order = finding.lock(session, order_id)
        _require_open(order, version, as_staff=as_staff)
        before, at_home, had = _facts_of(order), order.address, order.goods
        _go_to(order, pickup_id or known, address, as_staff=as_staff)
        if seen_fee is not None and order.fee != seen_fee:
            raise FeeChanged(_("Il prezzo della consegna è cambiato: guarda il nuovo conto."))
        _put_lines(order, wishes)
        placing.require_sensible(order)
        if not as_staff:
            placing.require_minimum(order, order.pickup.place, had=had)
        if (_facts_of(order), order.address) != (before, at_home):
            if guest:
                _require_few(order)
            redeeming.fit(order)
            if order.covered < seen_held:
                raise Conflict(_("Sul buono c'è di meno di prima: guarda il conto, poi decidi tu."))
            _note(order, before, by)
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


def _obstacle(order: Order) -> Refused | None:
    """Why the staff cannot change it: what is in a crate already was packed for the order as it is."""
    if not order.stands:
        return Conflict(_("Questo ordine è già disdetto."))
    if order.handed_over_at is not None:
        return Conflict(_("La cassetta è già stata consegnata."))
    if order.not_collected_at is not None:
        return Conflict(_("Questa cassetta è segnata come non ritirata."))
    if order.ready_at is not None and _ready_letter_has_left(order):
        return Conflict(_("La lettera «pronta» è già partita: l'ordine non si cambia più."))
    if order.ready_at is not None or any(line.is_prepared for line in order.lines):
        return Conflict(_("Questa cassetta si sta già preparando. Per cambiare l'ordine, prima torna indietro."))
    if order.refunds:  # the ledger speaks of its lines for ever, also when all of it was taken back
        return Conflict(_("Per questo ordine è già stato ridato qualcosa: non si cambia più."))
    if order.settled:
        return Conflict(_("È già pagato: prima torna indietro con i soldi."))
    if order.pickup.to_at <= clock.now():
        return TooLate(_("Questo ritiro è già passato."))
    return None


def _ready_letter_has_left(order: Order) -> bool:
    """Then nobody takes "pronta" back any more."""
    deed = finding.newest_deed(order, "order.ready")
    return deed is not None and not outbox.is_open(deed.key)


def _require_open(order: Order, version: int, *, as_staff: bool) -> None:
    if as_staff:
        require_open_for_staff(order)
    elif not may_change(order):
        raise TooLate(_("Il tempo per cambiare è finito: telefonaci, troviamo un modo."))
    if order.version != version:
        raise Conflict(_("Intanto l'ordine è cambiato. Guarda com'è adesso."))


def _require_few(order: Order) -> None:
    """Each change is confirmed by a letter, to an address that nobody may have asked (decision 5)."""
    if order.email and not mailboxes.take_change(order.email):
        raise TooManyTries(_("Oggi hai già cambiato molte volte: telefonaci, lo facciamo insieme."))


def _facts_of(order: Order) -> dict[str, Any]:
    """For the journal: which crate of which pick-up it is, and what is in it. Never where somebody lives."""
    pickup = order.pickup
    return {
        "pickup": order.pickup_id,
        "crate": order.crate,
        "place": order.place_name,
        "place_en": order.place_name_en,
        "from_at": pickup.from_at.isoformat(),
        "to_at": pickup.to_at.isoformat(),
        "lines": [[line.product_id, line.quantity, line.price, line.may_substitute] for line in order.lines],
    }


def _note(order: Order, before: dict[str, Any], by: int | None) -> None:
    """A screen at the desk that shows a line as it was is answered with the line as it is: its version is another."""
    order.version += 1
    for line in order.lines:
        line.version += 1
    after = {name: fact for name, fact in _facts_of(order).items() if name != "lines"}
    agreed = lines.agreed(order)
    journal.record("order.changed", order, by=by, practice=order.practice, before=before, after=after, agreed=agreed)
    letters.changed(order)


def _go_to(order: Order, pickup_id: int, address: str, *, as_staff: bool) -> None:
    """To another pick-up: a place there, and the next crate number where numbers are given already (ruling 14)."""
    is_elsewhere = pickup_id != order.pickup_id
    if is_elsewhere:
        pickup = pickups.get(pickup_id)
        _require_reachable(order, pickup, as_staff=as_staff)
        pickups.take_place(pickup_id, late=as_staff)
        number = closing.next_number(pickup)
        pickups.give_back_place(order.pickup_id)
        order.pickup_id, order.pickup, order.crate = pickup_id, pickup, number
        order.place_name, order.place_name_en = pickup.place.name, pickup.place.name_en
        order.fee = pickup.place.fee
    at_home = (address or order.address) if order.pickup.place.kind == "round" else ""
    if is_elsewhere and order.pickup.place.kind == "round" and not at_home:
        raise Refused(_("Scrivi la via e il numero: veniamo lì."), field="indirizzo")
    order.address = at_home


def _require_reachable(order: Order, pickup: PickUp, *, as_staff: bool) -> None:
    """A round is another contract, with an address: the citizen makes it by ordering, or on the phone."""
    if as_staff:
        if pickup.practice != order.practice:
            raise NotFound(_("Questo ritiro non c'è."))
    elif pickup.practice != order.practice or pickup.place.kind != "stall" or order.pickup.place.kind != "stall":
        raise Refused(_("Per cambiare tra ritiro e consegna a casa disdici e ordina di nuovo, o telefonaci."))


def _put_lines(order: Order, wishes: Sequence[Wish]) -> None:
    """Every difference in goods is taken or given back, by product id; a line is never short of what it says."""
    if not wishes:
        raise Refused(_("Così non resta niente. Se non serve più, disdici l'ordine."))
    wanted = {wish.product_id: wish for wish in wishes}
    if len(wanted) != len(wishes):
        raise Refused(_("Una quantità non va bene. Guarda il carrello."))
    had = {line.product_id: line for line in order.lines}
    touched = [w for w in wishes if w.product_id not in had or had[w.product_id].quantity != w.quantity]
    found = products.by_ids([wish.product_id for wish in touched])
    fewer = {wish.product_id for wish in touched if _is_less(wish, had, found)}
    others = [wish for wish in touched if wish.product_id not in fewer]
    placing.require_offered(others, found, order.pickup, {key: line.quantity for key, line in had.items()})
    placing.require_known_prices(others, found)
    _move_stock(order, had, wanted)
    rates = products.vat_rates(clock.today())
    after = max(line.position for line in order.lines)  # numbers of lines that go are free only after the deed
    for line in [line for line in order.lines if line.product_id not in wanted]:
        order.lines.remove(line)
    for line in [line for line in order.lines if line.product_id in fewer]:
        lines.copy_quote(lines.fewer(line, wanted[line.product_id].quantity), line)
    for nth, wish in enumerate(others, start=after + 1):
        product = found[wish.product_id]
        _quote(order, had.get(wish.product_id), product, wish, rates[product.vat_category], nth)
    for line in order.lines:
        line.may_substitute = wanted[line.product_id].may_substitute


def _is_less(wish: Wish, had: dict[int, OrderLine], found: dict[int, Product]) -> bool:
    """Whole steps, and less than there was, of something that is not sold any more."""
    line, product = had.get(wish.product_id), found.get(wish.product_id)
    if line is None or product is None or product.on_sale:
        return False
    return 0 < wish.quantity < line.quantity and wish.quantity % product.step == 0


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
