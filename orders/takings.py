"""Takings: per day and rate, gross, as the daily register keeps them (art. 24 DPR 633/1972; italian-rules C9).

A sale counts on the day on which the crate was handed over, a refund, negative, on its own day. VAT is taken out of a
period's totals, once per rate. Practice, donations and the 5-cent rounding of cash are no takings.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from catalog.models import PickUp
from core import clock
from core.clock import ROME
from core.database import db
from core.money import VatRow, vat_rows
from orders import vat
from orders.models import InvoiceRequest, Order, Payment, Refund


@dataclass
class Day:
    """``sold`` and ``refunded``: rate -> cents. ``means``: kind of payment -> cents in less out.

    ``invoiced``: what of it, less refunds, is on invoices and so is no business of the register.
    """

    day: date
    orders: int = 0
    sold: Counter[int] = field(default_factory=Counter)
    refunded: Counter[int] = field(default_factory=Counter)
    means: Counter[str] = field(default_factory=Counter)
    invoiced: Counter[int] = field(default_factory=Counter)

    @property
    def gross(self) -> dict[int, int]:
        """Rate -> cents: what goes into the register. Negative on a day on which more was given back than sold."""
        rates = sorted({*self.sold, *self.refunded})
        return {rate: self.sold[rate] - self.refunded[rate] for rate in rates}

    @property
    def total(self) -> int:
        return sum(self.gross.values())

    @property
    def is_empty(self) -> bool:
        """Whatever happened on it was taken back: every figure is zero."""
        figures = (self.orders, *self.gross.values(), *self.refunded.values(), *self.means.values())
        return not any(figures)


def between(first: date, last: date) -> list[Day]:
    """Every day from ``first`` to ``last`` on which something was sold, given back or paid. Both are included.

    A day on which all of it was taken back again is like one on which nothing happened.
    """
    days: dict[date, Day] = {}
    start, end = clock.rome(first, 0), clock.rome(last + timedelta(days=1), 0)
    invoiced = set(db.session.scalars(select(InvoiceRequest.order_id)))
    for order in _handed_over(start, end):
        day = _day_of(days, order.handed_over_at)
        day.orders += 1
        gross = vat.gross_by_rate(order)
        day.sold.update(gross)
        if order.id in invoiced:
            day.invoiced.update(gross)
    for refund in _refunds(start, end):
        day = _day_of(days, refund.at)
        day.refunded[refund.vat_rate] += refund.amount
        if refund.order_id in invoiced:
            day.invoiced[refund.vat_rate] -= refund.amount
    for payment in _payments(start, end):
        _day_of(days, payment.at).means[payment.kind] += payment.amount
    return [days[day] for day in sorted(days) if not days[day].is_empty]


def vat_of(days: list[Day]) -> list[VatRow]:
    """The VAT of a period, once per rate on its total."""
    total: Counter[int] = Counter()
    for day in days:
        total.update(day.gross)
    return vat_rows(total)


def _handed_over(start: datetime, end: datetime) -> list[Order]:
    query = (
        select(Order)
        .join(PickUp)
        .where(PickUp.practice.is_(False), Order.handed_over_at >= start, Order.handed_over_at < end)
    )
    return list(db.session.scalars(query.order_by(Order.handed_over_at)).unique())


def _refunds(start: datetime, end: datetime) -> list[Refund]:
    query = select(Refund).join(Order).join(PickUp)
    return list(db.session.scalars(query.where(PickUp.practice.is_(False), Refund.at >= start, Refund.at < end)))


def _payments(start: datetime, end: datetime) -> list[Payment]:
    query = select(Payment).join(Order).join(PickUp)
    return list(db.session.scalars(query.where(PickUp.practice.is_(False), Payment.at >= start, Payment.at < end)))


def _day_of(days: dict[date, Day], moment: datetime | None) -> Day:
    day = (moment or clock.now()).astimezone(ROME).date()
    return days.setdefault(day, Day(day))
