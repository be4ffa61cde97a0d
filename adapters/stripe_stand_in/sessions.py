"""Checkout Sessions: made by the shop, paid by a person on our page, over after at most a day (stripe.md 3.1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from adapters.stripe_stand_in import intents
from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.clock import HOUR, MINUTE
from adapters.stripe_stand_in.events import happened
from adapters.stripe_stand_in.listing import page
from adapters.stripe_stand_in.refusals import Refusal, amount_too_small

SHORTEST, LONGEST = 30 * MINUTE, 24 * HOUR  # Stripe: Checkout Session, `expires_at`
ECHOED = ("success_url", "cancel_url", "client_reference_id", "customer_email", "locale", "custom_text")
OUTCOMES = {
    "declined": intents.decline,
    "3ds_required": intents.ask_for_3ds,
    "3ds_failed": intents.fail_3ds,
}
"""What else than `ok` can come of a try to pay; the session stays open."""


def create(account: Account, params: Thing) -> Thing:
    """Only ``mode=payment`` on Stripe's hosted page, the only way in which the shop sells."""
    _check_kind(params)
    cents, currency = _total(params.get("line_items", []))
    session = account.add(
        "checkout.session",
        mode="payment",
        ui_mode="hosted_page",
        status="open",
        payment_status="unpaid",
        amount_subtotal=cents,
        amount_total=cents,
        currency=currency,
        expires_at=_expiry(account, params),
        payment_intent=None,
        customer=None,
        customer_details=None,
        metadata=params.get("metadata", {}),
        payment_method_types=["card"],
        **{name: params.get(name) for name in ECHOED},
    )
    session["url"] = f"{account.base}/pay/{session['id']}"
    account.wishes[session["id"]] = params
    return session


def retrieve(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("checkout.session", id_)


def list_all(account: Account, params: Thing) -> Thing:
    where = {name: params[name] for name in ("payment_intent", "status") if name in params}
    return page(account.all("checkout.session", **where), params, "/v1/checkout/sessions")


def expire(account: Account, _params: Thing, id_: str) -> Thing:
    session = account.get("checkout.session", id_)
    _needs_open(session, "expired")
    _close(account, session)
    return session


def pay(
    account: Account,
    id_: str,
    *,
    outcome: str = "ok",
    amount: int | None = None,
    currency: str | None = None,
    livemode: bool = False,
) -> Thing:
    """What the customer does on the page. Another ``amount`` (cents), ``currency`` or ``livemode`` than the shop asked
    for is what the shop must notice. Such wishes count at the first try, when the intent is made."""
    session = account.get("checkout.session", id_)
    _needs_open(session, "paid")
    if outcome not in ("ok", *OUTCOMES):
        raise Refusal(f"outcome is ok or one of {', '.join(OUTCOMES)}", param="outcome")
    if session["payment_intent"] is None:
        wish = account.wishes[id_].get("payment_intent_data", {})
        cents = session["amount_total"] if amount is None else amount
        intent = intents.begin(account, wish, cents, currency or session["currency"])
        intent["livemode"] = livemode
        session["payment_intent"] = intent["id"]
    intent = account.things[session["payment_intent"]]
    if outcome == "ok":
        intents.authorise(account, intent)
        _complete(account, session, intent)
    else:
        OUTCOMES[outcome](account, intent)
    return session


def lapse(account: Account) -> None:
    """Sessions that nobody paid in time are over."""
    for session in account.all("checkout.session", status="open"):
        if session["expires_at"] <= account.now():
            _close(account, session)


def _complete(account: Account, session: Thing, intent: Thing) -> None:
    paid = "paid" if intent["status"] == "succeeded" else account.switches.payment_status
    session.update(status="complete", payment_status=paid, url=None)
    session["customer_details"] = {"email": session["customer_email"], "name": None, "phone": None, "address": None}
    happened(account, "checkout.session.completed", session)


def _close(account: Account, session: Thing) -> None:
    """With its intent, if a try had failed: an open session's intent ends with the session."""
    session.update(status="expired", url=None)
    if session["payment_intent"]:
        intents.close(account, account.things[session["payment_intent"]], "automatic")
    happened(account, "checkout.session.expired", session)


def _needs_open(session: Thing, deed: str) -> None:
    if session["status"] != "open":
        words = f'Only Checkout Sessions with a status in ["open"] can be {deed}. This one is {session["status"]}.'
        raise Refusal(words, kept=True)


def _check_kind(params: Thing) -> None:
    if params.get("mode") != "payment" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise Refusal("The stand-in knows mode=payment on the hosted page", param="mode")
    if not params.get("success_url"):
        raise Refusal("Missing required param: success_url.", code="parameter_missing", param="success_url")
    for name in ("success_url", "cancel_url"):
        address = urlsplit(params.get(name, "http://shop.example"))
        if address.scheme not in ("http", "https") or not address.hostname:
            raise Refusal(f"Not a valid URL: {params[name]}", code="url_invalid", param=name)


def _total(items: list[dict[str, Any]]) -> tuple[int, str]:
    """Cents and currency of all line items."""
    if not items:
        raise Refusal("Missing required param: line_items.", code="parameter_missing", param="line_items")
    cents, currencies = 0, set()
    for place, item in enumerate(items):
        price = item.get("price_data", {})
        for name, there in (
            ("[price_data][unit_amount]", "unit_amount" in price),
            ("[price_data][product_data]", "product_data" in price),
            ("[quantity]", item.get("quantity", 0) > 0),
        ):
            if not there:
                param = f"line_items[{place}]{name}"
                raise Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)
        cents += price["unit_amount"] * item["quantity"]
        currencies.add(price["currency"].lower())
    if len(currencies) > 1:
        raise Refusal("All prices of a session must have one currency", param="line_items")
    if cents < intents.LEAST:
        raise amount_too_small(cents, intents.LEAST)
    return cents, currencies.pop()


def _expiry(account: Account, params: Thing) -> int:
    """Unix seconds; within half an hour and a day from now."""
    now = account.now()
    moment = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST <= moment <= now + LONGEST:
        words = "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from session creation."
        raise Refusal(words, param="expires_at")
    return moment
