"""The codes of vouchers that somebody types at the checkout: what they cover, and no guessing."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from core import throttle
from core.errors import Refused, TooManyTries
from orders import vouchers
from orders.models import Voucher
from shop import asking_who

MOST_SLIPS, WITHIN = 10, timedelta(hours=1)
"""Codes that opened nothing, from one place: a family with a paper that is hard to read has far fewer."""


def read(typed: str) -> list[Voucher]:
    """Those that can pay now, in cents of ``balance``. Raises Refused, TooManyTries."""
    if not typed.strip():
        return []
    name = f"voucher from:{asking_who.origin()}"
    if throttle.is_full(name, MOST_SLIPS, WITHIN):
        raise TooManyTries(_("Troppi codici che non tornano: aspetta un'ora, o telefonaci."), field="buono")
    try:
        return vouchers.find_usable(vouchers.read_codes(typed))
    except Refused:
        throttle.note(name)
        raise
