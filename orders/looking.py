"""An order as its own page shows it: read in four short statements, for whoever only looks.

What has a deed in mind takes `links.get_order`: this one belongs to no session and knows no more than a page needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.orm import Session

from catalog.models import PickUp, Place, Product
from core import plain
from core.database import Base, db, table
from core.plain import Kind, Part, Question, Row
from orders import links
from orders.models import InvoiceRequest, Order, OrderLine, OrderLink, Payment, Refund


@dataclass(frozen=True)
class Looked:
    """``invoice``: in whose name it is asked for, where it is."""

    order: Order
    invoice: InvoiceRequest | None


def get(token: str) -> Looked:
    """The order behind a token. Raises NotFound as `links.get_order` does."""
    session, parts = db.session(), _parts(db.engine.dialect)
    found = _FIRST.rows(session, token=links.digest(token))
    if not found:
        raise links.leads_nowhere()
    row = found[0]
    order = parts.order.read(row, pickup=parts.pickup.read(row, place=parts.place.read(row)))
    plain.values_of(order).update(_lists(session, order, parts))
    links.require_open(order)
    return Looked(order, parts.invoice.find(row))


def _lists(session: Session, order: Order, parts: _Parts) -> dict[str, list[Any]]:
    lines = [_line(order, row, parts) for row in _LINES.rows(session, order=order.id)]
    found: dict[str, list[Any]] = {"lines": lines}
    for name, question, part in (("payments", _PAYMENTS, parts.payment), ("refunds", _REFUNDS, parts.refund)):
        found[name] = [part.read(row, order=order) for row in question.rows(session, order=order.id)]
    return found


def _line(order: Order, row: Row, parts: _Parts) -> OrderLine:
    product = plain.as_loaded(Product, dict(zip(OF_A_PRODUCT, row[-len(OF_A_PRODUCT) :], strict=True)))
    return parts.line.read(row, order=order, product=product)


@dataclass(frozen=True)
class _Parts:
    order: Part[Order]
    pickup: Part[PickUp]
    place: Part[Place]
    invoice: Part[InvoiceRequest]
    line: Part[OrderLine]
    payment: Part[Payment]
    refund: Part[Refund]


@cache
def _parts(dialect: Dialect) -> _Parts:
    def at(kind: type[Kind], *before: type[Base]) -> Part[Kind]:
        return plain.part(kind, table(kind).c, sum(len(table(each).c) for each in before), dialect)

    return _Parts(
        order=at(Order),
        pickup=at(PickUp, Order),
        place=at(Place, Order, PickUp),
        invoice=at(InvoiceRequest, Order, PickUp, Place),
        line=at(OrderLine),
        payment=at(Payment),
        refund=at(Refund),
    )


FIRST: Sequence[type[Base]] = (Order, PickUp, Place, InvoiceRequest)
OF_A_PRODUCT = ("id", "shelf", "picture")

_FIRST = Question(
    lambda: (
        select(*plain.told(*[column for kind in FIRST for column in table(kind).c]))
        .select_from(table(OrderLink))
        .join(table(Order), Order.id == OrderLink.order_id)
        .join(table(PickUp), PickUp.id == Order.pickup_id)
        .join(table(Place), Place.id == PickUp.place_id)
        .outerjoin(table(InvoiceRequest), InvoiceRequest.order_id == Order.id)
        .where(OrderLink.token_hash == bindparam("token"))
    )
)
_LINES = Question(
    lambda: (
        select(*plain.told(*table(OrderLine).c, *[table(Product).c[name] for name in OF_A_PRODUCT]))
        .select_from(table(OrderLine))
        .join(table(Product), Product.id == OrderLine.product_id)
        .where(OrderLine.order_id == bindparam("order"))
        .order_by(OrderLine.position)
    )
)
_PAYMENTS = Question(
    lambda: select(*table(Payment).c).where(Payment.order_id == bindparam("order")).order_by(Payment.id)
)
_REFUNDS = Question(lambda: select(*table(Refund).c).where(Refund.order_id == bindparam("order")).order_by(Refund.id))
