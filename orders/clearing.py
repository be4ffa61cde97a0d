"""What nobody needs any more, cleared away by the worker: the times are settings, printed in the page on privacy.

Nothing here is of the accounts, and nothing of an open order. A few rows at a time, so that nobody waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from adapters.models import KeptMail
from catalog.models import PickUp
from core import clock
from core.database import db, rows_changed, transaction
from core.keys import FormKey
from core.outbox import Item
from core.throttle import Failure
from orders import cooling_off, departures, forgetting, links, lost_links, signing_in, waiting
from orders.citizens import CitizenAccount, CitizenAddress
from orders.models import LineState, Order, OrderLine, OrderLink
from orders.signing_in import SignInLink

AT_ONCE = 500
A_DAY = timedelta(days=1)  # a link for coming in is good for half an hour
LONGEST_WITHDRAWAL = timedelta(days=400)  # 14 days and 12 months, and the feasts between (art. 53 Consumer Code)
SURELY_TOLD = timedelta(days=45)  # 14 days and the feasts


def clear() -> int:
    """The worker's chore. Returns how many rows went; whatever is left goes the next time."""
    return sum(_remove(table, *_what) for table, *_what in _traces()) + _accounts()


def _traces() -> list[tuple[Any, Any, ColumnElement[bool]]]:
    """(table, its key, which rows)."""
    oldest = clock.now() - timedelta(days=current_app.config["SETTINGS"].trace_days)
    return [
        (SignInLink, SignInLink.id, SignInLink.asked_at < clock.now() - A_DAY),
        (OrderLink, OrderLink.id, OrderLink.order_id.in_(_closed())),
        (FormKey, FormKey.key, FormKey.at < oldest),
        (Failure, Failure.id, Failure.at < oldest),
        (KeptMail, KeptMail.id, KeptMail.at < oldest),
        (Item, Item.id, _ended_before(oldest)),
    ]


def _ended_before(oldest: datetime) -> ColumnElement[bool]:
    """Letters that belong to no order: those of orders are what the books compare them with."""
    by_themselves = Item.order_id.is_(None), Item.kind.in_((signing_in.KIND, lost_links.NOBODY, waiting.LETTER))
    return and_(*by_themselves, Item.ended_at < oldest, Item.words != departures.STOPPED)


def _closed() -> Any:
    """Ids of orders whose page is over (`links.ends_at`), by what the database can tell: never one too early."""
    moment = clock.now()
    last = func.coalesce(Order.handed_over_at, PickUp.to_at)
    keeps = exists().where(
        OrderLine.order_id == Order.id, OrderLine.perishable.is_(False), OrderLine.state != LineState.MISSING
    )
    told = exists().where(
        Item.order_id == Order.id,
        Item.payload["letter"].as_string().in_(cooling_off.NOTICES),
        Item.state == "sent",
        Item.ended_at < moment - SURELY_TOLD,
    )
    is_over = or_(~keeps, told, Order.handed_over_at.is_(None), last < moment - LONGEST_WITHDRAWAL)
    return select(Order.id).join(PickUp).where(last < moment - links.AFTER_HAND_OVER, is_over)


def _remove(table: Any, key: Any, which: ColumnElement[bool]) -> int:
    with transaction():
        return rows_changed(delete(table).where(key.in_(select(key).where(which).limit(AT_ONCE))))


def _accounts() -> int:
    """Of whoever has not come in for so long. Their orders stay what they are: orders of a guest."""
    oldest = forgetting.months_ago(current_app.config["SETTINGS"].account_months)
    with transaction():
        old = select(CitizenAccount.id).where(CitizenAccount.last_seen_at < oldest).limit(AT_ONCE)
        ids = list(db.session.scalars(old.with_for_update()))
        rows_changed(delete(CitizenAddress).where(CitizenAddress.account_id.in_(ids)))
        return rows_changed(delete(CitizenAccount).where(CitizenAccount.id.in_(ids)))
