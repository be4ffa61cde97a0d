"""What one order came to, as the staff read it: the rows of the citizen's bill, and who moved money and when.

Cents. What somebody took back again stands apart, so that the rows add up as they do in the letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from core.formats import euro, short_moment
from desk import order_words
from orders import explaining, paying, receipts
from orders.models import Order, Payment, Refund


@dataclass(frozen=True)
class Row:
    """``cents`` is None where nothing is to be paid. ``receipt``: the payment that may carry a document's number."""

    words: str
    cents: int | None
    note: str = ""
    is_total: bool = False
    receipt: Payment | None = None


def rows(order: Order, names: Mapping[int, str]) -> list[Row]:
    """From the total to what is due. ``names``: of whoever moved money, by id."""
    return [*_costs(order), *_given_back(order, names), *_paid(order, names), *_held(order), _due(order)]


def taken_back(order: Order, names: Mapping[int, str]) -> list[Row]:
    """Money that somebody took back again, as it had been moved."""
    return [_payment(each, names) for each in paying.taken_back(order) if each.kind != "rounding"]


def cash_note(order: Order) -> str:
    """What to ask for in cash, where that is not what is due to the cent."""
    if not order.is_prepared or order.due <= 0 or order.held or paying.cash_due(order) == order.due:
        return ""
    return _("In contanti: %(sum)s.", sum=euro(paying.cash_due(order)))


def _costs(order: Order) -> list[Row]:
    found = [Row(_("Sconto %(percent)s%%", percent=order.discount_percent), -order.discount)] if order.discount else []
    found += [Row(_("Consegna"), order.fee)] if order.fee else []
    if order.is_prepared or order.total == order.maximum:
        return [*found, Row(_("Totale"), order.total, is_total=True)]
    return [*found, Row(_("Totale stimato"), order.total, is_total=True), Row(_("Al massimo"), order.maximum)]


def _given_back(order: Order, names: Mapping[int, str]) -> list[Row]:
    refunds = explaining.standing_refunds(order)
    told = zip(explaining.refund_rows(order, refunds), refunds, strict=True)
    found = [Row(row.words, row.cents, f"{row.note} {_moved(refund, names)}") for row, refund in told]
    left = Row(_("Totale dopo il rimborso"), order.total - order.refunded, is_total=True)
    return [*found, left] if found else []


def _paid(order: Order, names: Mapping[int, str]) -> list[Row]:
    """Rounding comes first: it is what cash adds to the total, or takes off it."""
    rounding = -sum(payment.amount for payment in order.payments if payment.kind == "rounding")
    found = [Row(_("Arrotondamento dei contanti"), rounding)] if rounding else []
    numbered = receipts.takes_number(order)
    standing = [payment for payment in paying.standing(order) if payment.kind != "rounding"]
    return [*found, *(_payment(each, names, each if each in numbered else None) for each in standing)]


def _payment(payment: Payment, names: Mapping[int, str], receipt: Payment | None = None) -> Row:
    return Row(order_words.payment(payment), payment.amount, _moved(payment, names), receipt=receipt)


def _moved(entry: Payment | Refund, names: Mapping[int, str]) -> str:
    """'ven 27 nov 16:20, Rita'."""
    who = names.get(entry.by_id or 0)
    return f"{short_moment(entry.at)}, {who}" if who else short_moment(entry.at)


def _held(order: Order) -> list[Row]:
    return [Row(_("Paga il buono, al massimo"), order.covered)] if order.held else []


def _due(order: Order) -> Row:
    if order.due < 0:
        return Row(_("Da ridare"), -order.due, is_total=True)
    if order.to_pay == 0:
        return Row(_("Da pagare"), None, is_total=True)
    is_known = order.is_prepared or order.total == order.maximum
    return Row(_("Da pagare") if is_known else _("Da pagare, circa"), order.to_pay, is_total=True)
