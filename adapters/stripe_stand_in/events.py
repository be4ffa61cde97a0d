"""What happened, under Stripe's names (stripe.md 3.4, and the ones around them that a shop must be able to ignore)."""

from __future__ import annotations

import copy
import time

import stripe

from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.clock import DAY
from adapters.stripe_stand_in.listing import page
from adapters.stripe_stand_in.refusals import Refusal

REMEMBERED = 30 * DAY  # Stripe: "List all events": going back up to 30 days
MOST_TYPES = 20


def happened(account: Account, type_: str, thing: Thing) -> None:
    """Keeps the event with the object as it is now, and puts it among the deliveries."""
    event = account.add(
        "event",
        type=type_,
        api_version=stripe.api_version,
        data={"object": copy.deepcopy(thing)},
        pending_webhooks=int(bool(account.webhook)),
        request={"id": None, "idempotency_key": None},
    )
    event["livemode"] = thing["livemode"]
    if account.webhook:
        account.waiting.append({"event": event["id"], "tries": 0, "at": time.time()})
        account.awake.set()


def retrieve(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("event", id_)


def list_all(account: Account, params: Thing) -> Thing:
    """By ``type`` or ``types``, ``created``, ``delivery_success``; newest first."""
    types = params.get("types", [params["type"]] if "type" in params else None)
    if types is not None and len(types) > MOST_TYPES:
        raise Refusal(f"At most {MOST_TYPES} types", param="types")
    found = account.all("event")
    if types is not None:
        found = [event for event in found if event["type"] in types]
    if "delivery_success" in params:
        found = [event for event in found if (event["pending_webhooks"] == 0) == params["delivery_success"]]
    return page(found, params, "/v1/events")


def forget_old(account: Account) -> None:
    for event in account.all("event"):
        if event["created"] < account.now() - REMEMBERED:
            del account.things[event["id"]]
