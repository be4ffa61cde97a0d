"""An order as it would be after a change, kept nowhere, and every difference from what it is in words.

Both faces show it before they ask for the deed: a citizen's page, and the staff's for somebody who rings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from catalog import pickups, products, wording
from catalog.models import Kind, PickUp, Product
from core import clock
from core.errors import NoPlaceLeft, Refused
from core.formats import euro, weight, window
from orders import lines
from orders.models import Order, OrderLine
from orders.placing import Wish

MOST_LINES = 60  # different things in one order


@dataclass
class Wanted:
    """What was chosen on the page: product id -> grams or pieces, and -> the price that was shown, in cents."""

    quantities: dict[int, int]
    prices: dict[int, int]
    pickup_id: int | None
    may_substitute: bool
    address: str = ""  # where a round brings it; empty where that stays
    unread: bool = False  # some quantity was no number


@dataclass
class Draft:
    """``surprises``: what differs from the page on which it was chosen. ``differences``: from the order as it is."""

    order: Order
    pickup: PickUp
    may_substitute: bool
    products: dict[int, Product] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)  # ids of what is taken out
    surprises: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def wishes(self) -> list[Wish]:
        return [Wish(line.product_id, line.quantity, line.price, self.may_substitute) for line in self.order.lines]


def draft(order: Order, wanted: Wanted, where: Sequence[PickUp]) -> Draft:
    """``where``: the pick-ups that may be chosen. The discount stays, and the fee of a pick-up that stays.

    Raises Refused for what no order can be, NoPlaceLeft for a pick-up that cannot be chosen.
    """
    if wanted.unread:
        raise Refused(_("Una quantità non si è capita: sceglila di nuovo."))
    pickup = _pickup(order, wanted, where)
    fee = order.fee if pickup.id == order.pickup_id else pickup.place.fee
    address = (wanted.address or order.address) if pickup.place.kind == "round" else ""
    new = Order(fee=fee, discount_percent=order.discount_percent, address=address)
    made = Draft(new, pickup, wanted.may_substitute)
    rates = products.vat_rates(clock.today())
    for product, had, quantity in _goods(order, wanted):
        quantity = _possible(product, had, quantity, made)
        if quantity:
            line = _line(product, quantity, had, rates, len(new.lines) + 1)
            new.lines.append(line)
            made.products[product.id] = product
            if had is None or not _keeps_price(product, had, quantity):
                _note_price(line, wanted, made)
        else:
            made.gone.append(product.id)
    _require_some(new)
    made.differences = [*_differences_in_goods(order, new), *_other_differences(order, made)]
    return made


def stalls(order: Order) -> list[PickUp]:
    """Where a citizen may take the order: from stall to stall. A round is another contract, with its address."""
    if order.pickup.place.kind != "stall":
        return []
    return [pickup for pickup in pickups.open_now(practice=order.practice) if pickup.place.kind == "stall"]


def most(product: Product, had: OrderLine | None) -> int:
    """As much of it as this order may hold: what it holds and what is left, in whole steps."""
    mine = had.quantity if had else 0
    if not product.on_sale or product.practice:
        return mine
    return max(mine, (mine + product.left) // product.step * product.step)


def option(product: Product, had: OrderLine | None, quantity: int, say: Callable[[Product, int], str]) -> str:
    """So much of it in a list of what can be chosen, as the page says it; no price where the agreed one stays."""
    return say(product, quantity) if had is None or product.on_sale else briefly(lines.fewer(had, quantity))


def briefly(line: OrderLine) -> str:
    """How much of it there is now, short enough for a list on a phone."""
    return weight(line.quantity) if line.kind == Kind.BY_WEIGHT else wording.pieces(line, line.quantity)


def _pickup(order: Order, wanted: Wanted, where: Sequence[PickUp]) -> PickUp:
    if wanted.pickup_id in (None, order.pickup_id):
        return order.pickup
    chosen = next((pickup for pickup in where if pickup.id == wanted.pickup_id), None)
    if chosen is None:
        raise NoPlaceLeft(_("Questo ritiro non prende più ordini. Scegline un altro."))
    if chosen.places_left <= 0:
        raise NoPlaceLeft(_("I posti per questo ritiro sono finiti. Scegline un altro."))
    return chosen


def _goods(order: Order, wanted: Wanted) -> Iterator[tuple[Product, OrderLine | None, int]]:
    """(product, its line, how much is wanted): as they stand on the order, what is added after them."""
    had = {line.product_id: line for line in order.lines}
    found = products.by_ids([key for key, quantity in wanted.quantities.items() if quantity or key in had])
    for product_id in [*had, *(key for key in wanted.quantities if key not in had)]:
        if product_id in found:
            yield found[product_id], had.get(product_id), wanted.quantities[product_id]


def _possible(product: Product, had: OrderLine | None, quantity: int, made: Draft) -> int:
    """No more than can be had, with a sentence where it is less than was chosen."""
    mine = had.quantity if had else 0
    if quantity in (0, mine):
        return quantity
    if quantity % product.step:
        raise Refused(_("Una quantità non si è capita: sceglila di nuovo."))
    possible = min(quantity, most(product, had))
    if possible != quantity:
        made.surprises.append(_shortage(product, quantity, possible))
    return possible


def _shortage(product: Product, quantity: int, possible: int) -> str:
    name, wanted = wording.name(product), wording.amount(product, quantity)
    if not possible:
        return _("%(name)s: finito. L'abbiamo tolto da questo ordine.", name=name)
    now = wording.amount(product, possible)
    if not product.on_sale:
        return _("%(name)s: adesso non si vende. Puoi tenere %(now)s, o di meno.", name=name, now=now)
    return _("%(name)s: invece di %(wanted)s possiamo dare %(now)s.", name=name, wanted=wanted, now=now)


def _line(product: Product, quantity: int, had: OrderLine | None, rates: dict[str, int], position: int) -> OrderLine:
    """What stays keeps what was said when it was ordered, and so does less of what is not sold any more."""
    line = lines.snapshot(product, quantity, rates[product.vat_category], position=position)
    if had is not None and _keeps_price(product, had, quantity):
        lines.copy_quote(had if had.quantity == quantity else lines.fewer(had, quantity), line)
    return line


def _keeps_price(product: Product, had: OrderLine, quantity: int) -> bool:
    return had.quantity == quantity or not product.on_sale


def _note_price(line: OrderLine, wanted: Wanted, made: Draft) -> None:
    shown = wanted.prices.get(line.product_id, line.price)
    if shown == line.price:
        return
    now = f"{euro(line.price)} {wording.per(line)}"
    made.surprises.append(
        _("%(name)s: prima %(before)s, ora %(now)s.", name=wording.name(line), before=euro(shown), now=now)
    )


def _require_some(order: Order) -> None:
    if not order.lines:
        raise Refused(_("Così non resta niente. Se non serve più, disdici l'ordine."))
    if len(order.lines) > MOST_LINES:
        raise Refused(_("Più di %(most)d cose diverse non ci stanno in un ordine: fanne due.", most=MOST_LINES))


def _differences_in_goods(order: Order, new: Order) -> Iterator[str]:
    before = {line.product_id: line for line in order.lines}
    after = {line.product_id: line for line in new.lines}
    for product_id, line in before.items():
        if product_id not in after:
            amount = wording.amount(line, line.quantity)
            yield _("In meno: %(name)s, %(amount)s.", name=wording.name(line), amount=amount)
        elif after[product_id].quantity != line.quantity:
            was, now = wording.amount(line, line.quantity), wording.amount(line, after[product_id].quantity)
            yield _("%(name)s: prima %(before)s, ora %(now)s.", name=wording.name(line), before=was, now=now)
    for product_id, line in after.items():
        if product_id not in before:
            amount = wording.amount(line, line.quantity)
            yield _("In più: %(name)s, %(amount)s.", name=wording.name(line), amount=amount)


def _other_differences(order: Order, made: Draft) -> Iterator[str]:
    pickup, address = made.pickup, made.order.address
    if pickup.id != order.pickup_id:
        when = window(pickup.from_at, pickup.to_at)
        yield _("Ritiro: %(when)s, %(place)s.", when=when, place=wording.place(pickup.place))
    if address and address != order.address:
        yield _("Indirizzo: %(address)s.", address=address)
    if made.may_substitute != any(line.may_substitute for line in order.lines):
        if made.may_substitute:
            yield _("Se qualcosa manca: una cosa simile, mai più cara.")
        else:
            yield _("Se qualcosa manca: niente al suo posto.")
