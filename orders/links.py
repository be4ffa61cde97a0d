"""Secret addresses of order pages: random, 192 bits, only the hash is kept (ruling 17).

Every letter carries an address of its own, made when the letter is sent, because nothing that opens the page is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from core import clock
from core.database import Prepared, db, run, table, transaction
from core.errors import NotFound
from orders import cooling_off
from orders.models import Order, OrderLink

AFTER_HAND_OVER = timedelta(days=60)


def make(order: Order, *, mailed: bool = False) -> str:
    """A new address for this order; its token is known only to who asked, or to who reads the mail (``mailed``)."""
    token = secrets.token_urlsafe(24)
    with transaction():
        run(_NEW(), {"order_id": order.id, "token_hash": digest(token), "made_at": clock.now(), "mailed": mailed})
    return token


_NEW = Prepared(lambda: insert(table(OrderLink)))


def close_mailed(order: Order, *, but: str) -> None:
    """What went to an address that was not the citizen's opens nothing any more. ``but``: the token in use now."""
    with transaction() as session:
        mailed = OrderLink.order_id == order.id, OrderLink.mailed.is_(True)
        session.execute(delete(OrderLink).where(*mailed, OrderLink.token_hash != digest(but)))


def get_order(token: str) -> Order:
    """The order behind a token. Raises NotFound for a wrong token and for one whose time is over alike."""
    found = select(OrderLink).options(joinedload(OrderLink.order)).where(OrderLink.token_hash == digest(token))
    link = db.session.scalar(found)
    if link is None:
        raise leads_nowhere()
    require_open(link.order)
    return link.order


def leads_nowhere() -> NotFound:
    return NotFound(_("Questo indirizzo non porta a nessun ordine. Guarda l'ultima mail, oppure telefonaci."))


def require_open(order: Order) -> None:
    """Raises NotFound once its addresses lead there no more."""
    if _is_over(order):
        raise leads_nowhere()


def ends_at(order: Order) -> datetime:
    """60 days after hand-over, or after the pick-up while nothing was handed over; never before withdrawal ends."""
    soonest = _soonest_end(order)
    return max(soonest, cooling_off.ends_at(order) or soonest)


def surely_open(order: Order) -> bool:
    """For lists: whether a new address leads there, by what the order itself says."""
    return clock.now() <= _soonest_end(order)


def _soonest_end(order: Order) -> datetime:
    return (order.handed_over_at or order.pickup.to_at) + AFTER_HAND_OVER


def _is_over(order: Order) -> bool:
    """Only an old order asks when its citizen was told of the right to withdraw."""
    moment = clock.now()
    return moment > _soonest_end(order) and moment > ends_at(order)


def url(token: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}/ordini/{token}"


def withdrawal_url() -> str:
    """Where the withdrawal function is (art. 54-bis Consumer Code)."""
    return f"{current_app.config['SETTINGS'].base_url}/recesso"


def digest(token: str) -> str:
    """All that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()
