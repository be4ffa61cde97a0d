"""The other side of the stand-in: what customers, banks, the network and time do. JSON, loopback only, no key.

An argument that a deed does not have is refused with status 400, like everything else that was not meant.
"""

from __future__ import annotations

import inspect
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from adapters.stripe_stand_in import disputes, intents, refunds, sessions, webhooks
from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.faults import Fault
from adapters.stripe_stand_in.lapsing import at_work
from adapters.stripe_stand_in.refusals import Refusal


def overview(account: Account) -> Thing:
    """The ledger of the other side, whole: objects by id, the clock, the switches."""
    return {"now": account.now(), "switches": asdict(account.switches), "things": account.things}


def move_clock(account: Account, *, advance: int = 0, now: int | None = None) -> Thing:
    """``advance`` in seconds, or ``now`` in Unix seconds. What lapses by it lapses at once."""
    if now is not None:
        account.clock.set(now)
    account.clock.advance(advance)
    with at_work(account):
        return {"now": account.now()}


def switch(account: Account, **changes: Any) -> Thing:
    account.switches = replace(account.switches, **changes)
    account.awake.set()
    return asdict(account.switches)


def set_webhook(account: Account, *, url: str, secret: str) -> Thing:
    account.webhook, account.secret = url, secret
    return {"url": url}


def capture(account: Account, id_: str, *, amount: int | None = None) -> Thing:
    """By hand in the dashboard: without a key, and without telling the shop but by a webhook. Cents."""
    return intents.capture(account, {} if amount is None else {"amount_to_capture": amount}, id_)


def cancel(account: Account, id_: str) -> Thing:
    return intents.cancel(account, {"cancellation_reason": "requested_by_customer"}, id_)


def refund(account: Account, *, payment_intent: str, amount: int | None = None) -> Thing:
    """By hand in the dashboard: a refund that carries none of the shop's metadata. Cents."""
    wish: Thing = {"payment_intent": payment_intent}
    return refunds.create(account, wish if amount is None else {**wish, "amount": amount})


def show_deliveries(account: Account) -> Thing:
    return {"waiting": account.waiting, "done": list(account.deliveries)}


def forget_deliveries(account: Account) -> Thing:
    """What waits is lost on the way."""
    account.waiting.clear()
    return show_deliveries(account)


def deliver(
    account: Account, id_: str, *, times: int = 1, secret: str | None = None, age: int = 0, mutate: bool = False
) -> Thing:
    """An event now, again, late (``age`` in seconds), signed by somebody else, or changed on the way."""
    with account.lock:
        event = account.get("event", id_)
    return {"statuses": [webhooks.send(account, event, secret=secret, age=age, mutate=mutate) for _ in range(times)]}


def add_fault(account: Account, **fault: Any) -> Thing:
    account.faults.append(Fault(**fault))
    return show_faults(account)


def show_faults(account: Account) -> Thing:
    return {"faults": [asdict(fault) for fault in account.faults if fault.times > 0]}


def clear_faults(account: Account) -> Thing:
    account.faults.clear()
    return show_faults(account)


def show_journal(account: Account) -> Thing:
    """Every request to the API in order: method, path, parameters, key, status, replayed, error, fault."""
    return {"requests": list(account.journal)}


def reset(account: Account) -> Thing:
    """As on the first day; webhook address, secret and file stay."""
    account.empty()
    return {"now": int(time.time())}


CONTROLS: dict[tuple[str, str], Callable[..., Thing]] = {
    ("GET", ""): overview,
    ("POST", "/clock"): move_clock,
    ("POST", "/switches"): switch,
    ("POST", "/webhook"): set_webhook,
    ("POST", "/sessions/{id}/pay"): sessions.pay,
    ("POST", "/intents/{id}/capture"): capture,
    ("POST", "/intents/{id}/cancel"): cancel,
    ("POST", "/refunds"): refund,
    ("POST", "/refunds/{id}"): refunds.change,
    ("POST", "/disputes"): disputes.open_dispute,
    ("POST", "/disputes/{id}"): disputes.change,
    ("POST", "/events/{id}/deliver"): deliver,
    ("GET", "/deliveries"): show_deliveries,
    ("DELETE", "/deliveries"): forget_deliveries,
    ("GET", "/faults"): show_faults,
    ("POST", "/faults"): add_fault,
    ("DELETE", "/faults"): clear_faults,
    ("GET", "/journal"): show_journal,
    ("POST", "/reset"): reset,
}
ASKED_BACK = {deliver}
"""Not under the lock: the shop that gets an event asks us back before it answers."""


def perform(account: Account, method: str, path: str, wishes: Thing) -> str:
    """Does what ``path`` says, below ``/_control``, and tells it as JSON. Raises Refusal for what is not known."""
    verb, ids = _find(method, path)
    try:
        inspect.signature(verb).bind(account, *ids, **wishes)
        if verb in ASKED_BACK:
            return json.dumps(verb(account, *ids, **wishes))
        with at_work(account):
            return json.dumps(verb(account, *ids, **wishes))  # inside: the objects go on changing
    except (TypeError, ValueError, re.error) as wrong:
        raise Refusal(str(wrong)) from wrong


def _find(method: str, path: str) -> tuple[Callable[..., Thing], tuple[str, ...]]:
    for (known, form), verb in CONTROLS.items():
        met = re.fullmatch(form.replace("{id}", "([^/]+)"), path)
        if met and known == method:
            return verb, met.groups()
    raise Refusal(f"No such control: {method} {path}", status=404)
