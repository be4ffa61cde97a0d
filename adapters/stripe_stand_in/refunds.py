"""Money given back: never more than was captured, and not while the customer's bank is asking for it too."""

from __future__ import annotations

from adapters.stripe_stand_in.account import Account, Thing, new_id
from adapters.stripe_stand_in.events import happened
from adapters.stripe_stand_in.listing import page
from adapters.stripe_stand_in.refusals import Refusal

COUNTED = ("succeeded", "pending")


def create(account: Account, params: Thing) -> Thing:
    """Of a charge, or of a PaymentIntent's latest one; all that is left of it unless ``amount`` says less."""
    charge = _refundable_charge(account, params)
    left = _left(account, charge)
    cents = params.get("amount", left)
    if left <= 0:
        words = f"Charge {charge['id']} has already been refunded."
        raise Refusal(words, code="charge_already_refunded", kept=True)
    if not 0 < cents <= left:
        words = f"Refund amount ({cents} cents) is greater than unrefunded amount on charge ({left} cents)"
        raise Refusal(words, param="amount", kept=True)
    return _give_back(
        account,
        charge,
        cents,
        status=account.switches.refund_status,
        reason=params.get("reason"),
        metadata=params.get("metadata") or {},
        balance_transaction=new_id("txn_"),
    )


def release(account: Account, charge: Thing, cents: int) -> None:
    """What a capture or a cancel lets go. With the switch on it looks like a refund that moved no balance, which is
    the trap of stripe.md 3.3: it is not money given back."""
    if cents and account.switches.release_as_refund:
        released = {"status": "succeeded", "reason": None, "metadata": {}, "balance_transaction": None}
        _give_back(account, charge, cents, **released)


def change(account: Account, id_: str, *, status: str, failure_reason: str = "expired_or_canceled_card") -> Thing:
    """What becomes of a refund later: `succeeded`, `failed` (the card is gone; days later too) or `canceled`."""
    refund = account.get("refund", id_)
    if status not in ("succeeded", "failed", "canceled") or refund["status"] not in COUNTED:
        raise Refusal(f"A refund that is {refund['status']} cannot become {status}")
    refund["status"] = status
    if status != "succeeded":
        refund.update(failure_reason=failure_reason, failure_balance_transaction=new_id("txn_"))
        _count(account, account.things[refund["charge"]], -refund["amount"])
    if status == "failed":
        happened(account, "refund.failed", refund)
    happened(account, "refund.updated", refund)
    return refund


def retrieve(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("refund", id_)


def list_all(account: Account, params: Thing) -> Thing:
    """Released remainders stand among them when the switch is on."""
    where = {name: params[name] for name in ("payment_intent", "charge") if name in params}
    return page(account.all("refund", **where), params, "/v1/refunds")


def _refundable_charge(account: Account, params: Thing) -> Thing:
    if ("charge" in params) == ("payment_intent" in params):
        raise Refusal("One of these parameters: payment_intent, charge", code="parameter_missing", param="charge")
    if "charge" in params:
        charge = account.get("charge", params["charge"])
    else:
        intent = account.get("payment_intent", params["payment_intent"])
        charge = account.things.get(intent["latest_charge"] or "", {})
    if not charge.get("captured"):
        raise Refusal("This PaymentIntent does not have a successful charge to refund.", kept=True)
    if charge["disputed"]:
        words = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise Refusal(words, code="charge_disputed", kept=True)
    return charge


def _left(account: Account, charge: Thing) -> int:
    """Cents that were captured and not given back; released remainders were never captured."""
    given = account.all("refund", charge=charge["id"])
    moved = [refund for refund in given if refund["status"] in COUNTED and refund["balance_transaction"]]
    return charge["amount_captured"] - sum(refund["amount"] for refund in moved)


def _give_back(account: Account, charge: Thing, cents: int, **fields: object) -> Thing:
    refund = account.add(
        "refund",
        amount=cents,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        **fields,
    )
    refund["livemode"] = charge["livemode"]
    _count(account, charge, cents)
    happened(account, "refund.created", refund)
    happened(account, "charge.refunded", charge)
    return refund


def _count(account: Account, charge: Thing, cents: int) -> None:
    charge["amount_refunded"] += cents
    charge["refunded"] = _left(account, charge) == 0
