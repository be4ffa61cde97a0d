"""The shop as it is stored next to its twin, thing by thing, and the sums that must hold whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from catalog.models import Arrival, PickUp, Product, StockMove
from core.database import db
from core.outbox import Item
from orders import books, finding, giving_back, takings, vat
from orders.drawers import Drawer
from orders.models import Credit, CreditMove, Order, OrderLine
from tests import factories as make
from tests.orders import rounds
from tests.orders.rounds import Crate, Line, Twin

Things = dict[tuple[str, Any], Any]

EVER = date(2026, 1, 1), date(2028, 12, 31)


def what_is_wrong(twin: Twin) -> list[str]:
    """What is not as the twin has it, and what does not add up. Read anew from the database."""
    make.fresh(twin)
    orders = db.session.scalars(select(Order)).unique().all()
    shop, right = _shop(orders), _twin(twin)
    unlike = [key for key in {*shop, *right} if shop.get(key) != right.get(key)]
    wrong = [
        f"{kind} {number}: {shop.get((kind, number))}, right is {right.get((kind, number))}" for kind, number in unlike
    ]
    for order in orders:
        wrong += [f"order {order.id}: not so: {what}" for what, is_so in _sums(order).items() if not is_so]
    return wrong


def what_the_books_say(twin: Twin) -> list[str]:
    """The shop's own look through its books, and the takings of all days together."""
    make.fresh(twin)
    wrong, days = list(books.look().problems), takings.between(*EVER)
    gone = [crate for crate in twin.crates if crate.gone]
    figures = {
        "orders": (sum(day.orders for day in days), len(gone)),
        "gross": (sum(day.total for day in days), sum(crate.total - crate.refunded for crate in gone)),
        "means": (_means_of(days), _means_of_twin(twin)),
    }
    wrong += [
        f"takings: {name}: {shop}, it must be {right}" for name, (shop, right) in figures.items() if shop != right
    ]
    db.session.rollback()
    return wrong


def _shop(orders: Sequence[Order]) -> Things:
    session = db.session
    ledger = _by_first(select(StockMove.product_id, func.sum(StockMove.quantity)).group_by(StockMove.product_id))
    credit = _by_first(select(CreditMove.holder, func.sum(CreditMove.amount)).group_by(CreditMove.holder))
    asked_for = select(func.count()).select_from(Item).where(Item.key.not_like("%#stopped-%"))
    shop: Things = {("letters", "asked for"): session.scalar(asked_for)}
    for product in session.scalars(select(Product)).unique():
        shop["goods", product.id] = (product.left, ledger.get(product.id, 0), product.price)
    for row in session.scalars(select(Credit).where(Credit.balance != 0)):
        shop["credit", row.holder] = (row.balance, credit.get(row.holder))
    for pickup in session.scalars(select(PickUp)).unique():
        shop["pick-up", pickup.id] = _pickup(pickup)
    for arrival in session.scalars(select(Arrival)):
        shop["arrival", (arrival.pickup_id, arrival.product_id)] = (arrival.arrived, arrival.lot)
    for box in session.scalars(select(Drawer).where(Drawer.practice.is_(False))):
        if box.is_known or box.pieces:
            shop["box", box.place_id] = (box.is_known, dict(box.holds))
    lists = {"to prepare": finding.to_prepare(), "to hand over": finding.to_hand_over()}
    for name, found in (lists | {"left over": finding.left_over()}).items():
        shop["list", name] = sorted(order.id for order in found)
    shop["how many", "left over"] = finding.how_many_left_over()
    held = _held()
    for order in orders:
        shop["order", order.id] = _order(order)
        shop["promised to", order.id] = held.get(order.id, {})
        for line in order.lines:
            shop["line", line.id] = _line(line)
    return shop


def _twin(twin: Twin) -> Things:
    right: Things = {("letters", "asked for"): len(twin.letters)}
    for goods in twin.goods:
        right["goods", goods.id] = (goods.left, goods.left, goods.price)
    right |= {("credit", holder): (cents, cents) for holder, cents in twin.credit.items() if cents}
    for pickup in twin.pickups:
        right["pick-up", pickup.id] = _twin_pickup(twin, pickup)
        right |= {("arrival", (pickup.id, goods_id)): arrived for goods_id, arrived in pickup.arrived.items()}
    boxes = [box for box in twin.boxes.values() if box.known or box.holds]
    right |= {("box", box.place_id): (box.known, dict(box.holds)) for box in boxes}
    right |= _twin_lists(twin)
    for crate in twin.crates:
        right["order", crate.id] = _crate(crate)
        right["promised to", crate.id] = _promised(crate)
        right |= {("line", line.id): _twin_line(crate, line) for line in crate.lines}
    return right


def _twin_lists(twin: Twin) -> Things:
    """Whatever stands and is not settled is on a list of the desk until noon of the next day, then on the staff's."""
    here = [crate for crate in twin.crates if not (crate.off or crate.gone or crate.not_collected)]
    kept = [crate for crate in here if twin.now < crate.pickup.kept_until]
    lists = {
        "to prepare": [crate for crate in kept if crate.number and not (crate.ready and crate.labelled)],
        "to hand over": [crate for crate in kept if crate.ready and crate.pickup.day <= twin.today],
        "left over": [crate for crate in here if crate not in kept],
    }
    right: Things = {("list", name): sorted(crate.id for crate in those) for name, those in lists.items()}
    return right | {("how many", "left over"): len(lists["left over"])}


def _pickup(pickup: PickUp) -> tuple[Any, ...]:
    moments = pickup.from_at, pickup.to_at, pickup.cutoff_at
    is_so = pickup.closed_at is not None, pickup.moved_at is not None, pickup.cancelled_at is not None
    return (pickup.place_id, pickup.day, *moments, pickup.capacity, pickup.taken, pickup.crates_given, *is_so)


def _twin_pickup(twin: Twin, pickup: rounds.PickUp) -> tuple[Any, ...]:
    moments, is_so = (pickup.start, pickup.end, pickup.cutoff), (pickup.closed, pickup.moved is not None, pickup.off)
    return (pickup.place.id, pickup.day, *moments, pickup.capacity, twin.taken(pickup), pickup.last_number, *is_so)


def _order(order: Order) -> dict[str, Any]:
    means = Counter[str]()
    for payment in order.payments:
        means[payment.kind] += payment.amount
    return {
        "pick-up": order.pickup_id,
        "place": order.place_name,
        "address": order.address,
        "status": str(order.status),
        "labelled": order.labelled_at is not None,
        "number": order.crate,
        "crates": order.crates,
        "version": order.version,
        "money": (order.fee, order.total, order.maximum, order.refunded, order.due),
        "means": {kind: cents for kind, cents in means.items() if cents},
        "receipt": _receipt(order),
        "may be given back": giving_back.possible(order) if order.handed_over_at else {},
    }


def _receipt(order: Order) -> str | None:
    """The number beside the cash or card that stands, None where there is none."""
    off = {payment.counters_id for payment in order.payments}
    stands = [each for each in order.payments if each.counters_id is None and each.id not in off]
    paid = [each for each in stands if each.kind in ("cash", "card_terminal") and each.amount > 0]
    return paid[0].reference if paid else None


def _crate(crate: Crate) -> dict[str, Any]:
    return {
        "pick-up": crate.pickup.id,
        "place": crate.place_name,
        "address": crate.address,
        "status": crate.status,
        "labelled": crate.labelled,
        "number": crate.number,
        "crates": crate.crates,
        "version": crate.version,
        "money": (crate.fee, crate.total, crate.maximum, crate.refunded, crate.due),
        "means": crate.means,
        "receipt": crate.receipt,
        "may be given back": crate.possible() if crate.gone else {},
    }


def _line(line: OrderLine) -> tuple[Any, ...]:
    asked = line.order_id, line.product_id, line.quantity, line.price, line.may_substitute, line.substitutes_id
    packed = line.state, line.packed, line.weighed_grams, line.tare_grams, line.lot
    return (*asked, *packed, line.estimate, line.maximum, line.price_now, line.version)


def _twin_line(crate: Crate, line: Line) -> tuple[Any, ...]:
    instead_of = line.instead_of.id if line.instead_of else None
    asked = crate.id, line.goods.id, line.quantity, line.price, line.may_swap, instead_of
    packed = line.state, line.pieces, line.grams, line.tare, line.lot
    return (*asked, *packed, line.estimate, line.maximum, line.costs, line.version)


def _held() -> dict[int, dict[int, int]]:
    """What the stock ledger says that each order has: product id -> grams or pieces."""
    moves = select(StockMove.order_id, StockMove.product_id, func.sum(StockMove.quantity))
    moves = moves.where(StockMove.order_id.is_not(None)).group_by(StockMove.order_id, StockMove.product_id)
    held: dict[int, dict[int, int]] = {}
    for order_id, product_id, quantity in db.session.execute(moves):
        if order_id and quantity:
            held.setdefault(order_id, {})[product_id] = -quantity
    return held


def _promised(crate: Crate) -> dict[int, int]:
    held = Counter[int]()
    for line in crate.lines if not crate.off else []:
        held[line.goods.id] += line.quantity
        if crate.not_collected and line.goods.keeps and line.state != "missing":
            held[line.goods.id] -= line.quantity if line.pieces is None else line.pieces
    return {goods_id: quantity for goods_id, quantity in held.items() if quantity}


def _sums(order: Order) -> dict[str, bool]:
    rows, costs = vat.rows(order), vat.paid_for_lines(order)
    prices = {line.id: line.price_now for line in order.lines}
    near = [abs(Fraction(row.gross * 100, 100 + row.rate) - row.taxable) <= Fraction(1, 2) for row in rows]
    return {
        "the VAT table adds up to the total": sum(row.gross for row in rows) == order.total,
        "taxable and VAT make the gross": all(row.taxable + row.vat == row.gross for row in rows) and all(near),
        "lines less discount and fee make the total": order.goods - order.discount + order.fee == order.total,
        "what each line cost adds up to the goods": sum(costs.values()) == order.total - order.fee,
        "no line costs more than its price": all(0 <= costs[line_id] <= price for line_id, price in prices.items()),
        "the fee is spread to the cent": sum(vat.fee_by_rate(order).values()) == order.fee,
        "never more than the maximum": order.total <= order.maximum,
        "no line above its maximum": all(line.price_now <= line.maximum for line in order.lines),
        "no rate gives back more than it took": all(cents >= 0 for cents in vat.remaining_by_rate(order).values()),
        "what has gone is settled": order.handed_over_at is None or order.due == 0,
    }


def _means_of(days: list[takings.Day]) -> dict[str, int]:
    means = Counter[str]()
    for day in days:
        means.update(day.means)
    return {kind: cents for kind, cents in means.items() if cents}


def _means_of_twin(twin: Twin) -> dict[str, int]:
    means = Counter[str]()
    for crate in twin.crates:
        means.update(crate.means)
    return {kind: cents for kind, cents in means.items() if cents}


def _by_first(query: Any) -> dict[Any, Any]:
    return dict(tuple(row) for row in db.session.execute(query))
