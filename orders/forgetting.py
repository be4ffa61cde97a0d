"""Orders that are over forget whose they were; what the accounts need stays ten years (17(3)(b) GDPR, 2220 civil code).

What goes: name, e-mail, phone, address, note, who collects and who took the crate, words of the staff about why, links,
thanks, letters that wait. What stays: number, days, goods, prices, VAT, payments, refunds, the invoice that was asked
for, and what was declared as a withdrawal. Nobody brings it back: there is nothing left to bring it back from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from catalog.models import PickUp
from core import clock, journal, outbox
from core.database import db, transaction
from orders import finding, reasons, terms, thanking, withdrawing
from orders.models import Credit, CreditMove, Order, OrderLink, Payment
from orders.withdrawing import Withdrawal, WithdrawalAnswer

NOBODY = "Dati cancellati"
"""Stands where a name must stand: on the page of the staff, in the lists of a past pick-up."""

FORGOTTEN = "forgotten"
"""Why a letter was dropped."""

AT_ONCE = 50  # orders of one transaction


def is_over(order: Order) -> bool:
    """Nothing is to be done with it any more, by nobody: no crate, no money, no keeping time."""
    if order.not_collected_at is not None:
        return clock.now() >= terms.kept_until(order) and order.due == 0
    return (order.handed_over_at is not None or order.cancelled_at is not None) and order.due == 0


def still_open(orders: Collection[Order]) -> list[Order]:
    """Those of them that must be finished first, also for a withdrawal that nobody has settled. One statement more."""
    declared = _declared({order.id for order in orders})
    return [order for order in orders if not is_over(order) or order.id in declared]


def forget(order_ids: Collection[int], *, why: str) -> list[Order]:
    """Take the citizen's own data out of these orders, but for those that are open. Returns those that forgot.

    ``why``: 'asked' by the citizen, or 'age'. A second time changes nothing. As many statements for many as for few,
    but for the journal.
    """
    with transaction() as session:
        held = [order for order in finding.lock_all(session, order_ids) if order.forgotten_at is None]
        waiting = {order.id for order in still_open(held)}
        over = [order for order in held if order.id not in waiting]
        if over:
            _drop_letters(over)
            _close_links(session, over)
            _let_go_of_credit(session, over)
            thanking.forget([order.id for order in over])
        for order in over:
            _empty(order)
        for order in over:
            journal.record("order.forgotten", order, practice=order.practice, why=why)
    return over


def forget_old() -> int:
    """The worker's chore: what is older than the setting says. Looks at all that might be, a few at a time."""
    done, after = 0, 0
    while not done:
        ids = _old(after)
        if not ids:
            break
        done, after = len(forget(ids, why="age")), ids[-1]
    return done


def months_ago(months: int) -> datetime:
    """This moment of that month; the 28th where it would be later."""
    now = clock.now()
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))


def _old(after: int) -> list[int]:
    """Ids of real orders whose pick-up is that long ago, and that somebody has ended."""
    oldest = months_ago(current_app.config["SETTINGS"].order_months)
    ended = or_(Order.handed_over_at.is_not(None), Order.not_collected_at.is_not(None), Order.cancelled_at.is_not(None))
    query = select(Order.id).join(PickUp).where(PickUp.practice.is_(False), PickUp.to_at < oldest, ended)
    query = query.where(Order.forgotten_at.is_(None), Order.id > after)
    return list(db.session.scalars(query.order_by(Order.id).limit(AT_ONCE)))


def _declared(order_ids: Collection[int]) -> set[int | None]:
    """Those of them with a withdrawal that a person must still look at."""
    query = select(Withdrawal).outerjoin(WithdrawalAnswer).where(WithdrawalAnswer.id.is_(None))
    found = db.session.scalars(query.where(Withdrawal.order_id.in_(order_ids)))
    return {each.order_id for each in found if not withdrawing.is_settled(each)}


def _empty(order: Order) -> None:
    order.customer, order.email, order.phone, order.collector = NOBODY, None, None, None
    order.note, order.address = "", ""
    if order.handed_to:
        order.handed_to = NOBODY
    if reasons.is_own(order.cancelled_why):
        order.cancelled_why = ""
    order.forgotten_at = clock.now()


def _drop_letters(orders: Sequence[Order]) -> None:
    """Nobody is left to be written to. What is on its way right now is on its way."""
    moment = clock.now()
    for item in outbox.hold([order.id for order in orders]):
        if item.kind == "letter" and item.state == "waiting":
            item.state, item.words, item.ended_at = "dropped", FORGOTTEN, moment


def _close_links(session: Session, orders: Sequence[Order]) -> None:
    session.execute(delete(OrderLink).where(OrderLink.order_id.in_([order.id for order in orders])))


def _let_go_of_credit(session: Session, orders: Sequence[Order]) -> None:
    """The moves of such an order stand under its number from now on. Their holder keeps every cent, carried forward."""
    moves = _moves(session, {order.id for order in orders})
    holders = sorted({move.holder for move, _order_id in moves})
    held = select(Credit).where(Credit.holder.in_(holders)).order_by(Credit.holder)
    credit = {each.holder: each for each in session.scalars(held.with_for_update())}
    sums: dict[int, int] = {}
    for move, order_id in moves:
        sums[order_id] = sums.get(order_id, 0) + move.amount
        credit[move.holder].carried += move.amount
    session.add_all(Credit(holder=holder_of(order_id), balance=0, carried=-cents) for order_id, cents in sums.items())
    session.flush()
    for move, order_id in moves:
        move.holder = holder_of(order_id)
    session.flush()


def _moves(session: Session, order_ids: Collection[int]) -> list[tuple[CreditMove, int]]:
    query = select(CreditMove, Payment.order_id).join(Payment, Payment.id == CreditMove.payment_id)
    return [(row[0], row[1]) for row in session.execute(query.where(Payment.order_id.in_(order_ids)))]


def holder_of(order_id: int) -> str:
    """Under which name the books keep the credit of an order that was forgotten."""
    return f"order:{order_id}"
