"""Finding an order by what somebody says on the phone: its number, a name, an e-mail, a phone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from sqlalchemy import select

from catalog.models import PickUp
from core import inputs
from core.database import db
from orders.models import Order

FEWEST_LETTERS = 2
FEWEST_DIGITS = 5  # of a phone: less would find half the town
WRITES_NUMBERS = frozenset("0123456789+()/.- ")


def search(said: str, *, most: int) -> list[Order]:
    """Real orders that fit everything that was ``said``, whatever its case and accents, the newest first.

    As many statements for many as for few. Every order is looked at (20,000 take 40 ms): no two databases fold letters
    alike.
    """
    fits = _what_fits(said)
    if fits is None:
        return []
    columns = (Order.id, Order.number, Order.customer, Order.collector, Order.email, Order.phone)
    rows = db.session.execute(select(*columns).join(PickUp).where(PickUp.practice.is_(False)).order_by(Order.id.desc()))
    found = [row.id for row in islice(filter(fits, rows), most)]
    return list(db.session.scalars(select(Order).where(Order.id.in_(found)).order_by(Order.id.desc())))


def _what_fits(said: str) -> Callable[[Any], bool] | None:
    digits = _digits(said)
    if digits and set(said) <= WRITES_NUMBERS:
        return lambda row: row.number == digits or (len(digits) >= FEWEST_DIGITS and digits in _digits(row.phone))
    wanted = inputs.folded(said).split()
    return (lambda row: _has_all(wanted, row)) if len("".join(wanted)) >= FEWEST_LETTERS else None


def _has_all(wanted: list[str], row: Any) -> bool:
    told = inputs.folded(" ".join((row.number, row.customer, row.collector or "", row.email or "")))
    return all(word in told for word in wanted)


def _digits(text: str | None) -> str:
    """0039 is +39."""
    digits = "".join(sign for sign in text or "" if sign in "0123456789")
    return digits.removeprefix("00") if digits.startswith("0039") else digits
