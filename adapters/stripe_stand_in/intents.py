"""PaymentIntents and their charges: the hold, its one capture, its end (stripe.md 3.2)."""

from __future__ import annotations

from adapters.stripe_stand_in.account import Account, Thing, new_id
from adapters.stripe_stand_in.events import happened
from adapters.stripe_stand_in.listing import page
from adapters.stripe_stand_in.refunds import release
from adapters.stripe_stand_in.refusals import Refusal, amount_too_small, unexpected_state

LEAST = 50  # cents: Stripe, "Minimum and maximum charge amounts"
CARD = {"brand": "visa", "last4": "4242", "country": "IT", "exp_month": 12, "exp_year": 2034, "funding": "debit"}


def begin(account: Account, wish: Thing, cents: int, currency: str) -> Thing:
    """The intent of a session: there is none before the customer's first try to pay."""
    intent = account.add(
        "payment_intent",
        amount=cents,
        amount_capturable=0,
        amount_received=0,
        currency=currency,
        capture_method=wish.get("capture_method", "automatic_async"),
        status="requires_payment_method",
        description=wish.get("description"),
        metadata=wish.get("metadata", {}),
        latest_charge=None,
        last_payment_error=None,
        next_action=None,
        canceled_at=None,
        cancellation_reason=None,
        payment_method_types=["card"],
    )
    happened(account, "payment_intent.created", intent)
    return intent


def authorise(account: Account, intent: Thing) -> None:
    """The card said yes: held where the capture is manual, else charged at once."""
    charge = _charge(account, intent, status="succeeded", paid=True)
    card = charge["payment_method_details"]["card"]
    intent.update(latest_charge=charge["id"], last_payment_error=None, next_action=None)
    if intent["capture_method"] == "manual":
        card["capture_before"] = account.now() + account.switches.hold_seconds
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        happened(account, "charge.succeeded", charge)
        happened(account, "payment_intent.amount_capturable_updated", intent)
    else:
        _take(intent, charge, intent["amount"])
        happened(account, "charge.succeeded", charge)
        happened(account, "payment_intent.succeeded", intent)


def decline(account: Account, intent: Thing) -> None:
    """The bank said no. A failed charge stays as the intent's latest one; another try is open."""
    words = {"failure_code": "card_declined", "failure_message": "Your card was declined."}
    charge = _charge(account, intent, status="failed", paid=False, **words)
    intent["latest_charge"] = charge["id"]
    happened(account, "charge.failed", charge)
    _fail(account, intent, "card_error", "card_declined", "Your card was declined.")


def ask_for_3ds(account: Account, intent: Thing) -> None:
    """The bank asks who is there; until somebody answers nothing is held."""
    intent.update(status="requires_action", next_action={"type": "use_stripe_sdk"})
    happened(account, "payment_intent.requires_action", intent)


def fail_3ds(account: Account, intent: Thing) -> None:
    words = "The provided PaymentMethod has failed authentication."
    _fail(account, intent, "invalid_request_error", "payment_intent_authentication_failure", words)


def retrieve(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("payment_intent", id_)


def list_all(account: Account, params: Thing) -> Thing:
    return page(account.all("payment_intent"), params, "/v1/payment_intents")


def retrieve_charge(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("charge", id_)


def capture(account: Account, params: Thing, id_: str) -> Thing:
    """Once, and never more than is held; what is not taken is released at once.

    Below 50 cents it is refused here; what Stripe does then is not surely known.
    """
    intent = account.get("payment_intent", id_)
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "captured", "requires_capture")
    held, cents = intent["amount_capturable"], params.get("amount_to_capture", intent["amount_capturable"])
    if params.get("final_capture") is False:
        raise Refusal("Multicapture is not available to this account", param="final_capture", kept=True)
    if cents > held:
        words = "The amount to capture is greater than the amount you can capture for this charge"
        raise Refusal(words, code="amount_too_large", param="amount_to_capture", kept=True)
    if cents < LEAST:
        raise amount_too_small(cents, LEAST, "amount_to_capture")
    charge = account.things[intent["latest_charge"]]
    intent["metadata"].update(params.get("metadata") or {})
    _take(intent, charge, cents)
    release(account, charge, held - cents)
    happened(account, "charge.captured", charge)
    happened(account, "payment_intent.succeeded", intent)
    return intent


def cancel(account: Account, params: Thing, id_: str) -> Thing:
    """Gives a hold back. Before there is one, the session has to be expired instead (stripe.md 3.2)."""
    intent = account.get("payment_intent", id_)
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "canceled", "requires_capture (expire the Checkout Session before that)")
    close(account, intent, params.get("cancellation_reason"))
    return intent


def close(account: Account, intent: Thing, reason: str | None) -> None:
    held = intent["amount_capturable"]
    intent.update(status="canceled", amount_capturable=0, next_action=None)
    intent.update(canceled_at=account.now(), cancellation_reason=reason)
    if held:
        release(account, account.things[intent["latest_charge"]], held)
    happened(account, "payment_intent.canceled", intent)


def lapse_holds(account: Account) -> None:
    """Holds whose `capture_before` is over go back to the customer."""
    for intent in account.all("payment_intent", status="requires_capture"):
        charge = account.things[intent["latest_charge"]]
        if charge["payment_method_details"]["card"]["capture_before"] <= account.now():
            happened(account, "charge.expired", charge)
            close(account, intent, "automatic")


def _charge(account: Account, intent: Thing, **fields: object) -> Thing:
    charge = account.add(
        "charge",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        captured=False,
        refunded=False,
        disputed=False,
        currency=intent["currency"],
        payment_intent=intent["id"],
        metadata=dict(intent["metadata"]),
        balance_transaction=None,
        payment_method_details={"type": "card", "card": dict(CARD)},
        **fields,
    )
    charge["livemode"] = intent["livemode"]
    return charge


def _take(intent: Thing, charge: Thing, cents: int) -> None:
    intent.update(status="succeeded", amount_capturable=0, amount_received=cents)
    charge.update(captured=True, amount_captured=cents, balance_transaction=new_id("txn_"))


def _fail(account: Account, intent: Thing, kind: str, code: str, words: str) -> None:
    error = {"type": kind, "code": code, "message": words}
    intent.update(status="requires_payment_method", next_action=None, last_payment_error=error)
    happened(account, "payment_intent.payment_failed", intent)
