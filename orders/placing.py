"""Placing an order: stock, place, number, journal and letter in one transaction, once per form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from catalog import pickups, products, stock
from catalog.models import PickUp, Product
from core import clock, journal, keys
from core.database import db, insert, transaction
from core.errors import Conflict, NotFound, OutOfStock, Refused
from core.money import maximum_of
from orders import letters
from orders.models import Counter, Order, OrderLine, Source

MOST_CENTS = 500_000  # cash of 5,000 euro or more may not be taken (art. 49 D.Lgs. 231/2007)


class PriceChanged(Conflict):
    """``details['changes']``: product id -> (cents shown, cents now)."""


@dataclass(frozen=True)
class Wish:
    """What a citizen wants of one product: grams or pieces, and the price that the page showed, in cents."""

    product_id: int
    quantity: int
    seen_price: int
    may_substitute: bool = False


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """Who orders. Nothing about a person that the crate does not need."""

    name: str
    email: str | None = None
    phone: str | None = None
    collector: str | None = None
    note: str = ""
    address: str = ""
    language: str = "it"


def place(
    wishes: Sequence[Wish],
    citizen: Citizen,
    pickup_id: int,
    *,
    key: str,
    source: Source = Source.WEB,
    by: int | None = None,
) -> Order:
    """Place an order, or give back the one that this form placed before.

    Raises OutOfStock (with every product short), NoPlaceLeft, TooLate, PriceChanged, Refused: nothing happened.
    """
    with transaction() as session:
        if not keys.claim(key):
            return _placed_before(key)
        pickup = pickups.get(pickup_id)
        number = _next_number(practice=pickup.practice)
        order = _new_order(number, citizen, pickup, source)
        order.lines = _lines(wishes, pickup)
        _require_sensible(order)
        _take(order, pickup)
        journal.record("order.placed", order, by=by, practice=pickup.practice, source=source)
        letters.received(order)
        keys.answer(key, str(order.id))
        session.flush()
    return order


def find_placed(key: str) -> Order | None:
    """The order that this form placed, if it did."""
    answer = keys.find_answer(key)
    return db.session.get(Order, int(answer)) if answer and answer.isdigit() else None


def _placed_before(key: str) -> Order:
    order = find_placed(key)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def _new_order(number: str, citizen: Citizen, pickup: PickUp, source: Source) -> Order:
    return Order(
        number=number,
        pickup_id=pickup.id,
        pickup=pickup,
        source=source,
        customer=citizen.name,
        email=citizen.email,
        phone=citizen.phone,
        collector=citizen.collector,
        note=citizen.note,
        address=citizen.address,
        language=citizen.language,
        place_name=pickup.place.name,
        fee=pickup.place.fee,
        placed_at=clock.now(),
    )


def _lines(wishes: Sequence[Wish], pickup: PickUp) -> list[OrderLine]:
    if not wishes:
        raise Refused(_("Il carrello è vuoto."))
    found = products.by_ids([wish.product_id for wish in wishes])
    _require_offered(wishes, found, pickup)
    _require_known_prices(wishes, found)
    rates = products.vat_rates(clock.today())
    return [
        _line(position, wish, found[wish.product_id], rates[found[wish.product_id].vat_category])
        for position, wish in enumerate(wishes, start=1)
    ]


def _line(position: int, wish: Wish, product: Product, vat_rate: int) -> OrderLine:
    estimate = product.estimate(wish.quantity)
    tolerance = product.tolerance_percent if product.is_weighed else 0
    return OrderLine(
        position=position,
        product_id=product.id,
        slug=product.slug,
        name=product.name,
        name_en=product.name_en,
        kind=product.kind,
        unit=product.unit,
        unit_plural=product.unit_plural,
        unit_en=product.unit_en,
        unit_plural_en=product.unit_plural_en,
        price=product.price,
        vat_rate=vat_rate,
        piece_grams=product.piece_grams,
        perishable=product.perishable,
        quantity=wish.quantity,
        estimate=estimate,
        tolerance_percent=tolerance,
        maximum=maximum_of(estimate, tolerance),
        may_substitute=wish.may_substitute,
    )


def _require_offered(wishes: Sequence[Wish], found: dict[int, Product], pickup: PickUp) -> None:
    gone = [
        wish.product_id
        for wish in wishes
        if wish.product_id not in found
        or not found[wish.product_id].on_sale
        or found[wish.product_id].practice != pickup.practice
    ]
    short = [w.product_id for w in wishes if w.product_id not in gone and found[w.product_id].left < w.quantity]
    if gone or short:
        raise OutOfStock(_("Qualcosa è finito prima che tu finissi. Guarda il carrello."), product_ids=gone + short)
    for wish in wishes:
        step = found[wish.product_id].step
        if wish.quantity <= 0 or wish.quantity % step:
            raise Refused(_("Una quantità non va bene. Guarda il carrello."), product_ids=[wish.product_id])


def _require_known_prices(wishes: Sequence[Wish], found: dict[int, Product]) -> None:
    changes = {
        wish.product_id: (wish.seen_price, found[wish.product_id].price)
        for wish in wishes
        if wish.seen_price != found[wish.product_id].price
    }
    if changes:
        raise PriceChanged(_("Un prezzo è cambiato. Guarda il nuovo totale e decidi tu."), changes=changes)


def _require_sensible(order: Order) -> None:
    if order.maximum >= MOST_CENTS:
        raise Refused(_("Un ordine così grande lo facciamo insieme: telefonaci."))


def _take(order: Order, pickup: PickUp) -> None:
    """The place, then the stock by product id: always the same order, so two baskets can never wait for each other."""
    session = db.session()
    pickups.take_place(pickup.id)
    session.add(order)
    session.flush()
    for line in sorted(order.lines, key=lambda line: line.product_id):
        stock.take(line.product_id, line.quantity, order.id)


def _next_number(*, practice: bool) -> str:
    """Real orders are numbered from 1001 on; practice has numbers of its own.

    It comes first: those who place at the same instant queue here on PostgreSQL, so each then reads what is really left
    and can be told everything that is short, not only the line it stumbled on.
    """
    name = "practice" if practice else "order"
    first = insert(Counter).values(name=name, value=1)
    next_one = first.on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + 1})
    value = db.session.execute(next_one.returning(Counter.value)).scalar_one()
    return f"P{value}" if practice else str(1000 + value)
