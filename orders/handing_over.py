"""Handing over: what is due is taken, the crate goes to whoever may have it. Amounts in cents."""

from __future__ import annotations

from flask_babel import gettext as _

from core import clock, journal
from core.database import transaction
from core.errors import Conflict
from core.money import cash_total
from orders import finding
from orders.models import Order, Payment


def cash_due(order: Order) -> int:
    """What to take in cash: the whole rest, to the nearest 5 cents (art. 13-quater DL 50/2017)."""
    return cash_total(order.due)


def take_cash(order_id: int, *, by: int | None, expected: int) -> Order:
    """The rest is taken in cash. ``expected`` is the sum that the screen showed. Raises Conflict if it changed.

    The rounding is an entry of its own, outside maximum, VAT and takings (ruling 1).
    """
    with transaction() as session:
        order = finding.lock(session, order_id)
        _require_ready(order)
        due, cash = order.due, cash_due(order)
        if cash != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        if due > 0:
            paid = _book(order, "cash", cash, by)
            rounding = _book(order, "rounding", due - cash, by) if due != cash else None
            session.flush()
            journal.record(
                "order.cash_taken",
                order,
                by=by,
                practice=order.practice,
                payments=[payment.id for payment in (paid, rounding) if payment],
                cents=cash,
            )
    return order


def hand_over(order_id: int, *, by: int | None, to: str | None = None) -> Order:
    """The crate is with the citizen, or with whoever collects for them (art. 63 Consumer Code: who and when)."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        _require_ready(order)
        if order.due > 0:
            raise Conflict(_("Prima prendi i soldi."))
        order.handed_over_at = clock.now()
        order.handed_to = to or order.customer
        journal.record("order.handed_over", order, by=by, practice=order.practice)
    return order


def mark_not_collected(order_id: int, *, by: int | None) -> Order:
    """Nobody came within the hours of the pick-up."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        _require_ready(order)
        if clock.now() < order.pickup.to_at:
            raise Conflict(_("C'è ancora tempo per il ritiro."))
        order.not_collected_at = clock.now()
        journal.record("order.not_collected", order, by=by, practice=order.practice)
    return order


def give_cash_back(order_id: int, payment_ids: list[int], *, by: int | None) -> None:
    """The inverse of taking cash: counter entries, never a deletion. Raises Conflict when the crate has gone."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.handed_over_at is not None:
            raise Conflict(_("La cassetta è già stata data."))
        for payment in [payment for payment in order.payments if payment.id in payment_ids]:
            _book(order, payment.kind, -payment.amount, by, counters=payment.id)
        session.flush()


def take_crate_back(order_id: int) -> None:
    """The inverse of handing over."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        order.handed_over_at, order.handed_to = None, None


def wait_again(order_id: int) -> None:
    """The inverse of not collected: they came after all."""
    with transaction() as session:
        finding.lock(session, order_id).not_collected_at = None


def _require_ready(order: Order) -> None:
    finding.require_standing(order)
    if order.ready_at is None:
        raise Conflict(_("La cassetta non è ancora pronta."))
    if order.handed_over_at is not None or order.not_collected_at is not None:
        raise Conflict(_("Questo è già fatto."))


def _book(order: Order, kind: str, cents: int, by: int | None, *, counters: int | None = None) -> Payment:
    payment = Payment(kind=kind, amount=cents, at=clock.now(), by_id=by, counters_id=counters, reference="")
    order.payments.append(payment)
    return payment
