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
from orders.models import Credit, CreditMove, Order, Payment


def book(
    order: Order, kind: str, cents: int, by: int | None, *, counters: int | None = None, reference: str = ""
) -> Payment:
    """One entry; negative gives back. Raises Conflict when there is not so much credit."""
    payment = Payment(kind=kind, amount=cents, at=clock.now(), by_id=by, counters_id=counters, reference=reference)
    with transaction() as session:
        order.payments.append(payment)
        session.flush()
        if kind == "credit":
            _move_credit(order, payment)
    return payment


def counter(order: Order, payment_ids: Iterable[int], by: int | None) -> None:
    """Counter entries for these payments, each once."""
    wanted = set(payment_ids)
    for payment in [payment for payment in order.payments if payment.id in wanted]:
        book(order, payment.kind, -payment.amount, by, counters=payment.id)


def holder_of(order: Order) -> str | None:
    """Whose credit this order may use: the e-mail that was given, else the phone. None where there is neither.

    Practice has no credit (ruling 15).
    """
    if order.practice:
        return None
    if order.email:
        return f"email:{order.email.lower()}"
    return f"tel:{order.phone}" if order.phone else None


def credit_of(order: Order) -> int:
    """Cents of credit that this order's citizen has."""
    holder = holder_of(order)
    found = db.session.get(Credit, holder) if holder else None
    return found.balance if found else 0


def use_credit(order: Order, by: int | None) -> list[int]:
    """As much credit as there is pays what is due. Returns the entries' ids; practice has none (ruling 15)."""
    holder = holder_of(order)
    if order.practice or holder is None or order.due <= 0:
        return []
    with transaction() as session:
        credit = session.get(Credit, holder, with_for_update=True, populate_existing=True)
        cents = min(order.due, credit.balance) if credit else 0
        return [book(order, "credit", cents, by).id] if cents > 0 else []


def credit_paid(order: Order) -> int:
    """Cents of what was paid that came from credit."""
    return sum(payment.amount for payment in order.payments if payment.kind == "credit")


def standing(order: Order, kind: str) -> list[Payment]:
    """Entries of this kind that no counter entry has taken back."""
    taken_back = {payment.counters_id for payment in order.payments}
    return [
        payment
        for payment in order.payments
        if payment.kind == kind and payment.counters_id is None and payment.id not in taken_back
    ]


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
