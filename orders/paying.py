"""The payments ledger of an order: entries and counter entries, never a change. Amounts in cents.

Credit is one kind of payment: what is paid with it leaves the holder's credit, what is given back as credit goes there.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import update

from core import clock
from core.database import db, insert, rows_changed, transaction
from core.errors import Conflict
from core.money import cash_total, payable
from orders import balances
from orders.models import Credit, CreditMove, Order, Payment

IN_CASH = ("cash", "rounding")
"""Cash, and what its rounding adds to it or takes off it: together what was settled in cash, to the cent."""


def book(
    order: Order, kind: str, cents: int, by: int | None, *, counters: int | None = None, voucher: int | None = None
) -> Payment:
    """One entry; negative gives back. ``voucher``: the id of the one that pays.

    Raises Conflict when there is not so much credit, or not so much on the voucher.
    """
    payment = Payment(kind=kind, amount=cents, at=clock.now(), by_id=by, counters_id=counters, voucher_id=voucher)
    with transaction() as session:
        order.payments.append(payment)
        session.flush()
        if kind == "credit":
            _move_credit(order, payment)
        elif voucher is not None:
            balances.move(voucher, -cents, order_id=order.id)
    return payment


def counter(order: Order, payment_ids: Iterable[int], by: int | None) -> None:
    """Counter entries for these payments, each once."""
    wanted = set(payment_ids)
    for payment in [payment for payment in order.payments if payment.id in wanted]:
        book(order, payment.kind, -payment.amount, by, counters=payment.id, voucher=payment.voucher_id)


def holder_of(order: Order) -> str | None:
    """Whose credit this order may use: the e-mail that was given, else the phone. None where there is neither.

    Practice has no credit (ruling 15).
    """
    if order.practice:
        return None
    if order.email:
        return of_email(order.email)
    return f"tel:{order.phone}" if order.phone else None


def of_email(email: str) -> str:
    """The holder whose credit orders with this e-mail use."""
    return f"email:{email.lower()}"


def by_holder(orders: Iterable[Order]) -> list[Order]:
    """As their credit is touched: two deeds about the same citizens never wait for each other in a ring."""
    return sorted(orders, key=lambda order: (holder_of(order) or "", order.id))


def credit_of(order: Order) -> int:
    """Cents of credit that this order's citizen has."""
    holder = holder_of(order)
    found = db.session.get(Credit, holder) if holder else None
    return found.balance if found else 0


def use_credit(order: Order, by: int | None) -> list[int]:
    """Credit pays what is due, or a part of it (`payable`). Returns the entries' ids; practice has none (ruling 15)."""
    holder = holder_of(order)
    if order.practice or holder is None or order.due <= 0:
        return []
    with transaction() as session:
        credit = session.get(Credit, holder, with_for_update=True, populate_existing=True)
        cents = payable(order.due, credit.balance) if credit else 0
        return [book(order, "credit", cents, by).id] if cents > 0 else []


def cash_due(order: Order) -> int:
    """What to take in cash: to the nearest 5 cents where nothing was paid otherwise, else what is due, to the cent.

    Art. 13-quater DL 50/2017: only a sum that is paid wholly in cash is rounded.
    """
    return order.due if paid_otherwise(order) else cash_total(order.due)


def paid_otherwise(order: Order) -> int:
    """Cents that were paid in any way but cash."""
    return order.settled - in_cash(order)


def in_cash(order: Order) -> int:
    """Cents that were settled in cash, rounding included."""
    return sum(payment.amount for payment in order.payments if payment.kind in IN_CASH)


def cash_left(order: Order) -> int:
    """Cents of cash as it was counted, in less out: what may still be counted out for this order."""
    return sum(payment.amount for payment in order.payments if payment.kind == "cash")


def by_card(order: Order) -> int:
    """Cents that were paid on the card terminal and have not gone back there."""
    return sum(payment.amount for payment in order.payments if payment.kind == "card_terminal")


def handed(order: Order, payment_ids: Iterable[int]) -> int:
    """Cents of these entries as they were counted out: without the rounding of cash. Negative where they went back."""
    wanted = set(payment_ids)
    return sum(each.amount for each in order.payments if each.id in wanted and each.kind != "rounding")


def credit_paid(order: Order) -> int:
    """Cents of what was paid that came from credit."""
    return _of_kind(order, "credit")


def voucher_paid(order: Order) -> int:
    """Cents of what was paid that came from vouchers."""
    return _of_kind(order, "voucher")


def goes_back_by_itself(order: Order) -> int:
    """Cents of what was paid that no person has to give back: credit and vouchers are ours to fill again."""
    return credit_paid(order) + voucher_paid(order)


def _of_kind(order: Order, kind: str) -> int:
    return sum(payment.amount for payment in order.payments if payment.kind == kind)


def standing(order: Order, *kinds: str) -> list[Payment]:
    """Entries of these kinds, or of all, that no counter entry has taken back."""
    off = {payment.counters_id for payment in order.payments}
    firsts = [payment for payment in order.payments if payment.counters_id is None and payment.id not in off]
    return [payment for payment in firsts if not kinds or payment.kind in kinds]


def taken_back(order: Order) -> list[Payment]:
    """Entries that a counter entry has taken back, as they were; the counter entries are not among them."""
    off = {payment.counters_id for payment in order.payments}
    return [payment for payment in order.payments if payment.id in off]


def _move_credit(order: Order, payment: Payment) -> None:
    holder = holder_of(order)
    if holder is None:
        raise Conflict(_("Senza e-mail e senza telefono non c'è un credito."))
    session = db.session()
    session.execute(insert(Credit).values(holder=holder, balance=0).on_conflict_do_nothing())
    enough = update(Credit).where(Credit.holder == holder, Credit.balance >= payment.amount)
    if rows_changed(enough.values(balance=Credit.balance - payment.amount)) != 1:
        raise Conflict(_("Questo credito è già stato usato."))
    session.add(CreditMove(holder=holder, amount=-payment.amount, payment_id=payment.id, at=clock.now()))
    session.flush()
