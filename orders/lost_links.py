"""Somebody has lost the address of their order: its number and its e-mail bring a new one, by mail (ruling 17).

Whether there is such an order is told to nobody: the answer is the same, and so is the work that is done for it. What
failed is counted for each address of the network; where that is full nothing is sent any more, and the answer is still
the same. Whoever succeeds is not counted, so that forty buyers behind one address pass.
"""

from __future__ import annotations

from datetime import timedelta

from core import keys, outbox, throttle
from core.database import serialise, transaction
from core.outbox import Dropped, Item
from orders import finding, letters
from people import tokens

HOUR = timedelta(hours=1)
MOST_FAILURES = 20
MOST_LETTERS = 3
NOBODY = "nobody"


def ask(number: str, email: str, *, key: str, origin: str) -> None:
    """``origin``: from which address of the network; kept as a hash. A repeat of the same form does nothing.

    Both ways one look, one note and one row for the worker, which sends a letter or drops the row.
    """
    with transaction() as session:
        if not keys.claim(key):
            return
        serialise(session, throttle.THROTTLE_LOCK)
        order_id = finding.find_id(number, email)
        failed, sent = f"lost link:{tokens.hashed(origin)}", f"lost link to:{tokens.hashed(email.strip().lower())}"
        full = [throttle.is_full(failed, MOST_FAILURES, HOUR), throttle.is_full(sent, MOST_LETTERS, HOUR)]
        throttle.note(sent if order_id else failed)
        if order_id is not None and not any(full):
            letters.link(order_id, again=key)
        else:
            outbox.put(NOBODY, f"lost link:{key}")


def send_to_nobody(_item: Item) -> Dropped:
    """The outbox's handler: there was no such order, or too many tries."""
    return Dropped(NOBODY)
