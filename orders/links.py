"""Secret addresses of order pages: random, 192 bits, only the hash is kept (ruling 17).

Every letter carries an address of its own, made when the letter is sent, because nothing that opens the page is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.database import db, transaction
from core.errors import NotFound
from orders.models import Order, OrderLink

AFTER_HAND_OVER = timedelta(days=60)
WITHDRAWAL = timedelta(days=14)


def make(order: Order) -> str:
    """A new address for this order; its token is known only to who asked."""
    token = secrets.token_urlsafe(24)
    with transaction() as session:
        session.add(OrderLink(order_id=order.id, token_hash=_hash(token), made_at=clock.now()))
    return token


def get_order(token: str) -> Order:
    """The order behind a token. Raises NotFound for a wrong token and for one whose time is over alike."""
    link = db.session.scalar(select(OrderLink).where(OrderLink.token_hash == _hash(token)))
    if link is None or clock.now() > ends_at(link.order):
        raise NotFound(_("Questo indirizzo non porta a nessun ordine. Guarda l'ultima mail, oppure telefonaci."))
    return link.order


def ends_at(order: Order) -> datetime:
    """60 days after hand-over, or after the pick-up while nothing was handed over; never before withdrawal ends."""
    from_moment = order.handed_over_at or order.pickup.to_at
    return from_moment + max(AFTER_HAND_OVER, WITHDRAWAL)


def url(token: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}/ordini/{token}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
