"""Paying with vouchers: an order that is placed holds what it may cost, pays what it does cost, gives the rest back.

Amounts in cents. Vouchers are always taken by id, so that nobody waits in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.database import db, transaction
from core.errors import Conflict, Refused
from core.money import payable
from orders import balances, paying, vouchers
from orders.models import Order, Payment, Voucher, VoucherHold, VoucherMove


def would_cover(order_id: int, maximum: int) -> int:
    """Cents of ``maximum`` that the vouchers of this order would hold if it cost so much."""
    order = db.session.get_one(Order, order_id)
    if not order.held:
        return 0
    free = [voucher.balance for voucher in vouchers.by_ids(_of([order_id])) if not vouchers.what_is_wrong(voucher)]
    return payable(maximum, order.held + sum(free))


def hold(order: Order, codes: Sequence[str]) -> int:
    """These vouchers hold what the order may cost, the one that ends first before the others.

    Returns the cents of it that they will pay at most. Within the transaction that places it.
    Raises Refused for a code that pays nothing.
    """
    if not codes:
        return 0
    if order.practice:
        raise Refused(_("In prova non si usano buoni veri."), field="buono")
    with transaction():
        _hold(order, [voucher.id for voucher in vouchers.find_usable(codes)], order.maximum)
    return order.covered


def fit(order: Order) -> None:
    """The order was changed: its vouchers hold what it may cost now, no more and, as far as they go, no less."""
    if not order.held:
        return
    with transaction():
        its = lock_of([order])
        if order.held > order.maximum:
            _let_go(order, order.held - order.maximum)
        else:
            _hold(order, _usable(its), order.maximum - order.held)


def pay(order: Order, by: int | None) -> int:
    """The price is known: vouchers pay it, what they held beyond it goes back to them. Returns the cents paid.

    As with credit, a part leaves no cents that only coins could pay (`money.payable`).
    """
    if not order.held:
        return 0
    with transaction():
        session = db.session()
        left = paid = payable(max(0, order.due), order.held)
        order.held = 0  # before anything is flushed: a row that changes twice asks for its pick-up (PostgreSQL)
        lock_of([order])
        for held in _holds(order):
            balances.move(held.voucher_id, held.amount, order_id=order.id)
            if cents := min(left, held.amount):
                paying.book(order, "voucher", cents, by, voucher=held.voucher_id)
            if held.amount > cents:
                _extend(held.voucher_id, order)
            left -= cents
            session.delete(held)
        session.flush()
    return paid


def unpay(order: Order, by: int | None) -> None:
    """The inverse of paying: the price may change again, so vouchers hold what they had paid and what it may cost."""
    with transaction():
        its = lock_of([order])
        for voucher_id, cents in _take_back(order, by).items():
            _hold(order, [voucher_id], cents)
        _hold(order, _usable(its), order.maximum - order.held)


def give_back(order: Order, by: int | None) -> int:
    """All that the order holds of vouchers and has paid with them goes back to them. Returns those cents."""
    if not order.held and not paid_by(order):
        return 0
    with transaction():
        lock_of([order])
        cents = _let_go(order, order.held) if order.held else 0
        return cents + sum(_take_back(order, by).values())


def take_what_is_left(order: Order, by: int | None) -> None:
    """They come after all: what its vouchers have now pays what is due, as far as it goes."""
    with transaction():
        _hold(order, _usable(lock_of([order])), max(0, order.due))
        pay(order, by)


def take_again(order: Order, cents: int, by: int | None) -> None:
    """The inverse: its vouchers hold so much again, or pay it where the price is known. Raises Conflict: it is used."""
    if not cents:
        return
    with transaction():
        _hold(order, [voucher.id for voucher in lock_of([order]) if voucher.voided_at is None], cents)
        if order.held < cents:
            raise Conflict(_("Questo buono è già stato usato."))
        if order.ready_at is not None:
            pay(order, by)


def lock_of(orders: Sequence[Order]) -> list[Voucher]:
    """The vouchers of all these orders, as they are now, held by id before the first of them moves."""
    with transaction():
        ids = _of([order.id for order in orders])
        return vouchers.lock(ids) if ids else []


def paid_by(order: Order) -> dict[int, int]:
    """Voucher id -> cents of this order that it has paid, less what has gone back to it."""
    found: Counter[int] = Counter()
    for payment in order.payments:
        if payment.voucher_id is not None:
            found[payment.voucher_id] += payment.amount
    return {voucher_id: cents for voucher_id, cents in sorted(found.items()) if cents}


def refund(order: Order, cents: int, by: int | None) -> list[Payment]:
    """So much of what vouchers have paid goes back to them. Returns the entries."""
    booked = []
    with transaction():
        lock_of([order])
        for voucher_id, paid in paid_by(order).items():
            back = min(paid, cents)
            if back > 0:
                booked.append(paying.book(order, "voucher", -back, by, voucher=voucher_id))
                _extend(voucher_id, order)
                cents -= back
        if cents:
            raise Conflict(_("È più di quello che è stato pagato."))
    return booked


def _hold(order: Order, voucher_ids: Sequence[int], most: int) -> None:
    """Up to ``most`` cents more, of these vouchers."""
    session = db.session()
    for voucher in sorted(vouchers.lock(voucher_ids), key=lambda voucher: (voucher.expires_on, voucher.id)):
        cents = min(most, voucher.balance)
        if cents <= 0:
            continue
        left = max(0, (voucher.expires_on - clock.today()).days)
        balances.move(voucher.id, -cents, order_id=order.id, days_left=left)
        held = session.get(VoucherHold, (order.id, voucher.id), populate_existing=True)
        if held is None:
            session.add(VoucherHold(order_id=order.id, voucher_id=voucher.id, amount=cents))
        else:
            held.amount += cents
        order.held += cents
        most -= cents
        session.flush()


def _let_go(order: Order, cents: int) -> int:
    """So many of the cents that are held go back, those of the voucher that ends last first."""
    session, left = db.session(), cents
    for held in reversed(_holds(order)):
        back = min(left, held.amount)
        if back <= 0:
            continue
        balances.move(held.voucher_id, back, order_id=order.id)
        _extend(held.voucher_id, order)
        held.amount -= back
        if not held.amount:
            session.delete(held)
        order.held -= back
        left -= back
        session.flush()
    return cents - left


def _take_back(order: Order, by: int | None) -> dict[int, int]:
    """Counter entries for what vouchers have paid. Returns voucher id -> cents."""
    found: Counter[int] = Counter()
    with transaction():
        for payment in [each for each in paying.standing(order, "voucher") if each.amount > 0]:
            if payment.voucher_id is None:
                continue
            paying.counter(order, [payment.id], by)
            _extend(payment.voucher_id, order)
            found[payment.voucher_id] += payment.amount
    return dict(found)


def _holds(order: Order) -> list[VoucherHold]:
    """Of the voucher that ends first first."""
    query = select(VoucherHold).join(Voucher, Voucher.id == VoucherHold.voucher_id)
    query = query.where(VoucherHold.order_id == order.id).order_by(Voucher.expires_on, Voucher.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _usable(some: Sequence[Voucher]) -> list[int]:
    return [voucher.id for voucher in some if not vouchers.what_is_wrong(voucher)]


def _of(order_ids: Collection[int]) -> list[int]:
    """Vouchers that these orders ever held or were paid with, by id."""
    query = select(VoucherMove.voucher_id).where(VoucherMove.order_id.in_(order_ids)).distinct()
    return sorted(db.session.scalars(query))


def _extend(voucher_id: int, order: Order) -> None:
    """What an order had kept for itself is good again for as many days as it had left when it was held first."""
    its = (VoucherMove.order_id == order.id, VoucherMove.voucher_id == voucher_id, VoucherMove.days_left.is_not(None))
    days = db.session.scalar(select(VoucherMove.days_left).where(*its).order_by(VoucherMove.id).limit(1))
    voucher = vouchers.get(voucher_id)
    voucher.expires_on = max(voucher.expires_on, clock.today() + timedelta(days=days or 0))
