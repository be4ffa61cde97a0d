"""How much whoever orders as a guest makes us write to one mailbox, which may be anybody's (decision 5).

Counted is what was done, in the transaction that did it: what was refused counts for nothing. Letters that nobody asks
for (ready, reminder, moved) follow an order, so they are as few. Who has come in by a link in a letter is not counted.
"""

from __future__ import annotations

from datetime import timedelta

from core import throttle
from people import tokens

DAY = timedelta(days=1)
MOST_ORDERS = 5  # placed with this e-mail, or brought there by another one: a family orders twice
MOST_CHANGES = 10  # of all its orders


def take_order(email: str) -> bool:
    """Whether one order more may write there today. It counts whoever may have placed the others."""
    return throttle.count(f"orders to:{_hashed(email)}", MOST_ORDERS, DAY)


def take_change(email: str) -> bool:
    """Whether one change more may be confirmed there today."""
    return throttle.count(f"changes to:{_hashed(email)}", MOST_CHANGES, DAY)


def _hashed(email: str) -> str:
    return tokens.hashed(email.lower())
