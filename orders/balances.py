"""The ledger of vouchers: each move with the balance that it makes, and the look at it in the books. Cents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from core import clock
from core.database import db, rows_changed, transaction
from core.errors import Conflict
from orders.models import Order, Payment, Voucher, VoucherHold, VoucherMove


def move(voucher_id: int, cents: int, *, order_id: int | None = None, days_left: int | None = None) -> None:
    """+ issued or come back, - held or paid. ``days_left``: of a hold (`VoucherMove`).

    Raises Conflict where there is not so much on it: it is never below zero.
    """
    with transaction() as session:
        enough = update(Voucher).where(Voucher.id == voucher_id, Voucher.balance + cents >= 0)
        if rows_changed(enough.values(balance=Voucher.balance + cents)) != 1:
            raise Conflict(_("Questo buono è già stato usato."))
        session.add(
            VoucherMove(voucher_id=voucher_id, order_id=order_id, amount=cents, at=clock.now(), days_left=days_left)
        )
        session.flush()
        if (known := session.get(Voucher, voucher_id)) is not None:
            session.refresh(known, ["balance"])


def came_back(order_id: int, since: datetime) -> int:
    """Cents that this order has given back to its vouchers since then."""
    moved = select(func.sum(VoucherMove.amount)).where(VoucherMove.order_id == order_id, VoucherMove.at >= since)
    return db.session.scalar(moved) or 0


def look(session: Session) -> Iterator[list[str]]:
    """A balance is the sum of its moves. What went to an order is what it holds and what the voucher has paid of it."""
    moved = func.coalesce(func.sum(VoucherMove.amount), 0).label("moved")
    query = select(Voucher.id, Voucher.balance, moved).outerjoin(VoucherMove, VoucherMove.voucher_id == Voucher.id)
    for row in session.execute(query.group_by(Voucher.id, Voucher.balance).order_by(Voucher.id)):
        wrong = f"voucher {row.id}: the balance is {row.balance}, its moves add up to {row.moved}"
        yield [wrong] if row.balance != row.moved else []
    for row in session.execute(_between_orders_and_vouchers()):
        wrong = f"order id {row.order_id}: {row.cents} too many or too few went from voucher {row.voucher_id}"
        yield [wrong] if row.cents else []
    yield from _holds(session)


def _between_orders_and_vouchers() -> Select[*tuple[Any, ...]]:
    """(order, voucher) -> what went to the order, less what it holds and what was paid: nothing."""
    parts = union_all(
        select(VoucherMove.order_id, VoucherMove.voucher_id, (-VoucherMove.amount).label("cents")).where(
            VoucherMove.order_id.is_not(None)
        ),
        select(VoucherHold.order_id, VoucherHold.voucher_id, -VoucherHold.amount),
        select(Payment.order_id, Payment.voucher_id, -Payment.amount).where(Payment.voucher_id.is_not(None)),
    ).subquery()
    total = func.sum(parts.c.cents).label("cents")
    query = select(parts.c.order_id, parts.c.voucher_id, total).group_by(parts.c.order_id, parts.c.voucher_id)
    return query.order_by(parts.c.order_id, parts.c.voucher_id)


def _holds(session: Session) -> Iterator[list[str]]:
    """An order says how much it holds, and holds nothing once its price is known or nothing is to be paid."""
    held = func.coalesce(func.sum(VoucherHold.amount), 0).label("rows")
    columns = (Order.number, Order.held, Order.ready_at, Order.cancelled_at, Order.not_collected_at)
    query = select(*columns, held).outerjoin(VoucherHold, VoucherHold.order_id == Order.id)
    query = query.group_by(Order.id, *columns).having(or_(Order.held > 0, held > 0)).order_by(Order.id)
    for row in session.execute(query):
        about, problems = f"order {row.number}", []
        if row.held != row.rows:
            problems.append(f"{about}: it says that it holds {row.held} of vouchers, and holds {row.rows}")
        if row.ready_at or row.cancelled_at or row.not_collected_at:
            problems.append(f"{about}: its price is known, and it still holds {row.held} of vouchers")
        yield problems
