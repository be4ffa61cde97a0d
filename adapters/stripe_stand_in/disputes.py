"""A customer who asks the bank instead of the shop (Stripe: "How disputes work")."""

from __future__ import annotations

from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.events import happened
from adapters.stripe_stand_in.listing import page
from adapters.stripe_stand_in.refusals import Refusal

CLOSED = ("won", "lost")


def open_dispute(
    account: Account, *, payment_intent: str, amount: int | None = None, reason: str = "fraudulent"
) -> Thing:
    """``amount`` in cents; all that was captured unless it is given."""
    intent = account.get("payment_intent", payment_intent)
    charge = account.things.get(intent["latest_charge"] or "", {})
    if not charge.get("captured") or charge["disputed"]:
        raise Refusal("Only a captured charge without a dispute can be disputed")
    charge["disputed"] = True
    dispute = account.add(
        "dispute",
        amount=charge["amount_captured"] if amount is None else amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=intent["id"],
        reason=reason,
        status="needs_response",
        is_charge_refundable=False,
        balance_transactions=[],
        metadata={},
    )
    happened(account, "charge.dispute.created", dispute)
    return dispute


def change(account: Account, id_: str, *, status: str) -> Thing:
    """`under_review`, or the bank's word: `won` (the shop keeps the money) or `lost`."""
    dispute = account.get("dispute", id_)
    if status not in ("under_review", *CLOSED) or dispute["status"] in CLOSED:
        raise Refusal(f"A dispute that is {dispute['status']} cannot become {status}")
    dispute["status"] = status
    if status == "won":
        account.things[dispute["charge"]]["disputed"] = False
    happened(account, "charge.dispute.closed" if status in CLOSED else "charge.dispute.updated", dispute)
    return dispute


def retrieve(account: Account, _params: Thing, id_: str) -> Thing:
    return account.get("dispute", id_)


def list_all(account: Account, params: Thing) -> Thing:
    where = {name: params[name] for name in ("payment_intent", "charge") if name in params}
    return page(account.all("dispute", **where), params, "/v1/disputes")
