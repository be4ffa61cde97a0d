"""Placing an order: stock, place, number, journal and letter in one transaction, once per form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import pickups, products, stock, wording
from catalog.models import PickUp, Place, Product
from core import clock, journal, keys, plain
from core.database import Prepared, db, insert, run, table, transaction
from core.errors import Conflict, NotFound, OutOfStock, Refused, TooManyTries
from orders import closing, invoicing, letters, lines, mailboxes, redeeming
from orders.invoicing import Holder
from orders.models import Counter, Order, OrderLine, Source

MOST_CENTS = 500_000  # cash of 5,000 euro or more may not be taken (art. 49 D.Lgs. 231/2007)

MOST_DISCOUNT = 50  # percent of the goods


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
    invoice: Holder | None = None  # None: a receipt will do


def place(
    wishes: Sequence[Wish],
    citizen: Citizen,
    pickup_id: int,
    *,
    key: str,
    source: Source = Source.WEB,
    by: int | None = None,
    late: bool = False,
    discount_percent: int = 0,
    seen_fee: int | None = None,
    guest: bool = False,
    codes: Sequence[str] = (),
    seen_held: int = 0,
) -> Order:
    """Place an order, or give back the one that this form placed before.

    ``late``: staff may add one after the cut-off; its crate has the next number (ruling 14). ``seen_fee``: the delivery
    fee that the page showed, in cents; another one is shown and asked again. ``guest``: nobody knows whether the e-mail
    is theirs, so its orders are counted. ``codes``: vouchers that are to pay (`vouchers.read_codes`); ``seen_held``:
    cents of them that the page showed, less than that is shown and asked again.
    Raises OutOfStock (with every product short), NoPlaceLeft, TooLate, PriceChanged, TooManyTries, Refused: nothing
    happened.
    """
    with transaction() as session:
        if not keys.claim(key):
            return _placed_before(key)
        pickup = pickups.get_now(pickup_id)
        if seen_fee is not None and seen_fee != pickup.place.fee:
            raise Conflict(_("Con questo ritiro il totale cambia: guardalo, poi ordina."))
        if pickup.place.kind == "round" and not citizen.address:
            raise Refused(_("Scrivi la via e il numero: veniamo lì."), field="indirizzo")
        number = _next_number(practice=pickup.practice)
        if guest and citizen.email:
            _require_few(citizen.email)
        order = _new_order(number, citizen, pickup, source)
        order.discount_percent = _possible_discount(discount_percent)
        order.lines = _lines(wishes, pickup)
        require_sensible(order)
        if source == Source.WEB:
            require_minimum(order, pickup.place)
        _take(order, pickup, late=late)
        if redeeming.hold(order, codes) < seen_held:
            raise Conflict(_("Sul buono c'è di meno di prima: guarda il totale, poi ordina."))
        facts = {"source": source, "pickup": pickup.id, "agreed": lines.agreed(order)}
        journal.record("order.placed", order, by=by, practice=pickup.practice, **facts)
        if citizen.invoice:
            invoicing.request(order.id, citizen.invoice)
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
        address=citizen.address if pickup.place.kind == "round" else "",
        language=citizen.language,
        place_name=pickup.place.name,
        place_name_en=pickup.place.name_en,
        fee=pickup.place.fee,
        discount_percent=0,
        placed_at=clock.now(),
    )


def _lines(wishes: Sequence[Wish], pickup: PickUp) -> list[OrderLine]:
    if not wishes:
        raise Refused(_("Il carrello è vuoto."))
    if len({wish.product_id for wish in wishes}) != len(wishes):
        raise Refused(_("Una quantità non va bene. Guarda il carrello."))
    found = products.as_they_are([wish.product_id for wish in wishes])
    require_offered(wishes, found, pickup)
    require_known_prices(wishes, found)
    rates = products.vat_rates(clock.today())
    return [
        lines.snapshot(
            found[wish.product_id],
            wish.quantity,
            rates[found[wish.product_id].vat_category],
            position=position,
            may_substitute=wish.may_substitute,
        )
        for position, wish in enumerate(wishes, start=1)
    ]


def require_offered(
    wishes: Sequence[Wish], found: dict[int, Product], pickup: PickUp, had: Mapping[int, int] | None = None
) -> None:
    """``had``: what this order holds of each product already. Raises OutOfStock naming every product, Refused."""
    had = had or {}
    gone = [
        wish.product_id
        for wish in wishes
        if wish.product_id not in found
        or not found[wish.product_id].on_sale
        or found[wish.product_id].practice != pickup.practice
    ]
    short = [
        wish.product_id
        for wish in wishes
        if wish.product_id not in gone and found[wish.product_id].left < wish.quantity - had.get(wish.product_id, 0)
    ]
    if gone or short:
        raise OutOfStock(_("Qualcosa è finito prima che tu finissi. Guarda il carrello."), product_ids=gone + short)
    for wish in wishes:
        step = found[wish.product_id].step
        if wish.quantity <= 0 or wish.quantity % step:
            raise Refused(_("Una quantità non va bene. Guarda il carrello."), product_ids=[wish.product_id])


def require_known_prices(wishes: Sequence[Wish], found: dict[int, Product]) -> None:
    """Raises PriceChanged where the page showed another price."""
    changes = {
        wish.product_id: (wish.seen_price, found[wish.product_id].price)
        for wish in wishes
        if wish.seen_price != found[wish.product_id].price
    }
    if changes:
        raise PriceChanged(_("Un prezzo è cambiato. Guarda il nuovo totale e decidi tu."), changes=changes)


def require_sensible(order: Order) -> None:
    """Raises Refused for sums that are not for a web page."""
    if order.maximum >= MOST_CENTS:
        raise Refused(_("Un ordine così grande lo facciamo insieme: telefonaci."))


def require_minimum(order: Order, place: Place, *, had: int = 0) -> None:
    """``had``: cents of goods that it was before; what was small already may stay small. Raises Refused."""
    short = wording.missing_to_minimum(order.goods, place)
    if short and order.goods < (had or place.minimum):
        raise Refused(short)


def _require_few(email: str) -> None:
    """Those who order at the same instant have queued for their numbers, so the count is right. Raises TooManyTries."""
    if not mailboxes.take_order(email):
        raise TooManyTries(
            _(
                "Con questa e-mail abbiamo già %(most)d ordini in un giorno. Per un altro telefonaci, oppure entra in "
                "«I tuoi ordini» con il link che ti mandiamo: il carrello resta.",
                most=mailboxes.MOST_ORDERS,
            )
        )


def _take(order: Order, pickup: PickUp, *, late: bool) -> None:
    """The place, then the stock by product id: always the same order, so two baskets can never wait for each other."""
    session = db.session()
    pickups.take_place(pickup.id, late=late)
    if late:
        order.crate = closing.next_number(pickup)
    _write(session, order)
    for line in sorted(order.lines, key=lambda line: line.product_id):
        stock.take(line.product_id, line.quantity, order.id)


def _write(session: Session, order: Order) -> None:
    """The order and all its lines in two statements."""
    written = list(order.lines)
    plain.write([order])
    for line in written:
        line.order_id = order.id
    plain.write(written)
    session.add(order)


def _possible_discount(percent: int) -> int:
    if not 0 <= percent <= MOST_DISCOUNT:
        raise Refused(_("Lo sconto può essere da 0 a %(most)d per cento.", most=MOST_DISCOUNT))
    return percent


def _next_number(*, practice: bool) -> str:
    """Real orders are numbered from 1001 on; practice has numbers of its own.

    It comes first: those who place at the same instant queue here on PostgreSQL, so each then reads what is really left
    and can be told everything that is short, not only the line it stumbled on.
    """
    name = "practice" if practice else "order"
    value = run(_COUNT(), {"name": name, "value": 1}).scalar_one()
    return f"P{value}" if practice else str(1000 + value)


_COUNT = Prepared(
    lambda: (
        insert(Counter)
        .on_conflict_do_update(index_elements=["name"], set_={"value": table(Counter).c.value + 1})
        .returning(table(Counter).c.value)
    )
)
