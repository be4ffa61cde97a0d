"""All that we keep about a citizen, for them to read and to take along (art. 15 and 20 GDPR).

Plain facts, as JSON has them: cents and grams as whole numbers, moments in UTC, days as ISO. Nothing about who worked.
As many statements for many orders as for few.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from core import clock
from core.database import db
from core.outbox import Item
from orders import citizens, paying, reasons
from orders.citizens import CitizenAccount
from orders.models import Credit, CreditMove, InvoiceRequest, Order, OrderLine, Payment, Refund
from orders.signing_in import SignInLink
from orders.thanking import Thanks
from orders.waiting import Waiting
from orders.withdrawing import Withdrawal

FORMAT = 1
"""Goes up when a name in the file changes its meaning."""

Facts = dict[str, Any]

OF_ORDER = (
    *("number", "source", "customer", "email", "phone", "collector", "note", "address", "language", "place_name"),
    *("placed_at", "ready_at", "handed_over_at", "handed_to", "not_collected_at", "cancelled_at", "crate"),
    *("estimate", "maximum", "fee", "discount", "total", "paid", "refunded"),
)
OF_LINE = (
    *("name", "kind", "unit", "quantity", "price", "vat_rate", "estimate", "maximum", "final", "state"),
    *("weighed_grams", "lot", "may_substitute", "perishable"),
)
OF_INVOICE = (
    *("name", "tax_code", "vat_number", "address", "postcode", "municipality", "province", "recipient_code", "pec"),
)


@dataclass(frozen=True)
class Own:
    """Rows, as they are kept."""

    account: CitizenAccount
    orders: Sequence[Order]
    letters: Mapping[int, Sequence[Item]]  # by order: what was written, and what waits to be
    invoices: Mapping[int, InvoiceRequest]  # by order
    withdrawals: Sequence[Withdrawal]
    thanks: Sequence[Thanks]
    waiting: Sequence[Waiting]
    credit: Credit | None
    moves: Sequence[Any]  # amount, at, number of the order
    links: Sequence[SignInLink]


def collect(account: CitizenAccount) -> Own:
    """The newest order first."""
    orders = citizens.orders_of(account)
    ids = {order.id for order in orders}
    holder = paying.of_email(account.email)
    return Own(
        account=account,
        orders=orders,
        letters=_letters(ids),
        invoices=_invoices(ids),
        withdrawals=_withdrawals(account.email, ids),
        thanks=_all(select(Thanks).where(Thanks.order_id.in_(ids)).order_by(Thanks.id)),
        waiting=_all(select(Waiting).where(func.lower(Waiting.email) == account.email).order_by(Waiting.id)),
        credit=db.session.get(Credit, holder),
        moves=_moves(holder),
        links=_all(select(SignInLink).where(SignInLink.email == account.email).order_by(SignInLink.id)),
    )


def as_json(own: Own) -> str:
    """The file to take along."""
    return json.dumps(facts(own), ensure_ascii=False, indent=2)


def facts(own: Own) -> Facts:
    """The same in plain facts."""
    numbers = {order.id: order.number for order in own.orders}
    return {
        "format": FORMAT,
        "made_at": _said(clock.now()),
        "units": {"money": "EUR cents", "weight": "grams", "moments": "UTC"},
        "account": _account(own.account),
        "orders": [_order(order, own) for order in own.orders],
        "withdrawals": [_facts(each, ("declared_at", "name", "number", "email", "text")) for each in own.withdrawals],
        "thanks": [
            {"order": numbers[each.order_id], **_facts(each, ("words", "shows_name", "at"))} for each in own.thanks
        ],
        "waiting_for_a_place": [
            {**_facts(each.pickup, ("from_at", "to_at")), **_facts(each, ("asked_at", "told_at"))}
            for each in own.waiting
        ],
        "credit": {
            "balance": own.credit.balance if own.credit else 0,
            "carried": own.credit.carried if own.credit else 0,
            "moves": [{"order": row.number, **_facts(row, ("amount", "at"))} for row in own.moves],
        },
        "sign_in_links": [_facts(each, ("asked_at", "used_at")) for each in own.links],
        "consents": [],
    }


def _account(account: CitizenAccount) -> Facts:
    return {
        **_facts(account, ("email", "name", "phone", "created_at", "last_seen_at")),
        "addresses": [_facts(each, ("street", "postcode", "municipality")) for each in account.addresses],
    }


def _order(order: Order, own: Own) -> Facts:
    invoice = own.invoices.get(order.id)
    return {
        **_facts(order, OF_ORDER),
        "status": order.status.value,
        "cancelled_why": reasons.say(order.cancelled_why),
        "pick_up": _facts(order.pickup, ("from_at", "to_at")),
        "lines": [_facts(line, OF_LINE) for line in order.lines],
        "payments": [_facts(each, ("kind", "amount", "at", "reference")) for each in order.payments],
        "refunds": [_refund(order.lines, each) for each in order.refunds],
        "invoice": _facts(invoice, OF_INVOICE) if invoice else None,
        "letters": [_letter(item) for item in own.letters.get(order.id, ())],
    }


def _refund(lines: Iterable[OrderLine], refund: Refund) -> Facts:
    names = {line.id: line.name for line in lines}
    return {
        **_facts(refund, ("amount", "vat_rate", "how", "at")),
        "of": names.get(refund.line_id or 0),
        "reason": reasons.say(refund.reason),
    }


def _letter(item: Item) -> Facts:
    return {"kind": item.payload.get("letter", item.kind), "state": item.state, "at": _said(item.ended_at)}


def _letters(order_ids: Collection[int]) -> Mapping[int, Sequence[Item]]:
    query = select(Item).where(Item.order_id.in_(order_ids), Item.state != "dropped").order_by(Item.id)
    found: dict[int, list[Item]] = {}
    for item in db.session.scalars(query):
        found.setdefault(item.order_id or 0, []).append(item)
    return found


def _invoices(order_ids: Collection[int]) -> Mapping[int, InvoiceRequest]:
    found = db.session.scalars(select(InvoiceRequest).where(InvoiceRequest.order_id.in_(order_ids)))
    return {each.order_id: each for each in found}


def _withdrawals(email: str, order_ids: Collection[int]) -> Sequence[Withdrawal]:
    """For their orders, and with their address for no order that we know."""
    theirs = or_(Withdrawal.order_id.in_(order_ids), func.lower(Withdrawal.email) == email)
    return _all(select(Withdrawal).where(theirs).order_by(Withdrawal.id))


def _moves(holder: str) -> Sequence[Any]:
    query = select(CreditMove.amount, CreditMove.at, Order.number)
    query = query.join(Payment, Payment.id == CreditMove.payment_id).join(Order, Order.id == Payment.order_id)
    return db.session.execute(query.where(CreditMove.holder == holder).order_by(CreditMove.id)).all()


def _all(query: Select[Any]) -> Sequence[Any]:
    return db.session.scalars(query).all()


def _facts(row: Any, names: Iterable[str]) -> Facts:
    return {name: _said(getattr(row, name)) for name in names}


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
