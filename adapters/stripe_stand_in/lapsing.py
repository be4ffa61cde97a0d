"""One at a time: what the clock has ended comes first, then the work, then the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.stripe_stand_in import events, intents, keys, sessions
from adapters.stripe_stand_in.account import Account


@contextmanager
def at_work(account: Account) -> Iterator[None]:
    """Everything that reads or changes the account happens inside. It is on the disk before anybody hears of it."""
    with account.lock:
        sessions.lapse(account)
        intents.lapse_holds(account)
        events.forget_old(account)
        keys.forget_old(account)
        try:
            yield
        finally:
            account.save()
