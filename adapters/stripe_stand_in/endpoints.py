"""The part of Stripe's API that the shop uses: who may ask, what may be asked, and who answers."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params as typed
from stripe.params import checkout

from adapters.stripe_stand_in import disputes, events, intents, refunds, sessions
from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.asked import checked, decoded
from adapters.stripe_stand_in.faults import STATUSES, Fault
from adapters.stripe_stand_in.keys import Answer, answer_once
from adapters.stripe_stand_in.listing import expanded
from adapters.stripe_stand_in.refusals import Refusal

ONE = "expand"
PAGE = "created ending_before expand limit starting_after"
SESSION = """
adaptive_pricing allowed_payment_method_types billing_address_collection cancel_url client_reference_id custom_text
customer_creation customer_email expand expires_at line_items.price_data.currency line_items.price_data.product_data
line_items.price_data.unit_amount line_items.quantity locale metadata mode payment_intent_data.capture_method
payment_intent_data.description payment_intent_data.metadata submit_type success_url ui_mode
"""


@dataclass(frozen=True)
class Endpoint:
    """``kind`` is the SDK's class of parameters, ``understood`` those that mean something here (``asked.checked``)."""

    method: str
    path: str
    kind: Any
    verb: Callable[..., Thing]
    understood: str


ENDPOINTS = (
    Endpoint("POST", "/v1/checkout/sessions", checkout.SessionCreateParams, sessions.create, SESSION),
    Endpoint(
        "GET",
        "/v1/checkout/sessions",
        checkout.SessionListParams,
        sessions.list_all,
        f"{PAGE} payment_intent status",
    ),
    Endpoint("GET", "/v1/checkout/sessions/{id}", checkout.SessionRetrieveParams, sessions.retrieve, ONE),
    Endpoint("POST", "/v1/checkout/sessions/{id}/expire", checkout.SessionExpireParams, sessions.expire, ONE),
    Endpoint("GET", "/v1/payment_intents", typed.PaymentIntentListParams, intents.list_all, PAGE),
    Endpoint("GET", "/v1/payment_intents/{id}", typed.PaymentIntentRetrieveParams, intents.retrieve, ONE),
    Endpoint(
        "POST",
        "/v1/payment_intents/{id}/capture",
        typed.PaymentIntentCaptureParams,
        intents.capture,
        "amount_to_capture expand final_capture metadata",
    ),
    Endpoint(
        "POST",
        "/v1/payment_intents/{id}/cancel",
        typed.PaymentIntentCancelParams,
        intents.cancel,
        "cancellation_reason expand",
    ),
    Endpoint("GET", "/v1/charges/{id}", typed.ChargeRetrieveParams, intents.retrieve_charge, ONE),
    Endpoint(
        "POST",
        "/v1/refunds",
        typed.RefundCreateParams,
        refunds.create,
        "amount charge expand metadata payment_intent reason",
    ),
    Endpoint("GET", "/v1/refunds", typed.RefundListParams, refunds.list_all, f"{PAGE} charge payment_intent"),
    Endpoint("GET", "/v1/refunds/{id}", typed.RefundRetrieveParams, refunds.retrieve, ONE),
    Endpoint("GET", "/v1/disputes", typed.DisputeListParams, disputes.list_all, f"{PAGE} charge payment_intent"),
    Endpoint("GET", "/v1/disputes/{id}", typed.DisputeRetrieveParams, disputes.retrieve, ONE),
    Endpoint("GET", "/v1/events", typed.EventListParams, events.list_all, f"{PAGE} delivery_success type types"),
    Endpoint("GET", "/v1/events/{id}", typed.EventRetrieveParams, events.retrieve, ONE),
)


@dataclass(frozen=True)
class Request:
    """``form`` is the query of a GET and the body of a POST, both form-encoded."""

    method: str
    path: str
    form: str
    key: str | None
    authorization: str


def answer(account: Account, request: Request, fault: Fault | None = None) -> Answer:
    """Stripe's answer, noted in the journal; status 0 where a fault stops the request on its way. Only ``at_work``."""
    note: Thing = {"at": account.now(), "method": request.method, "path": request.path, "key": request.key}
    note["fault"] = fault.kind if fault else None
    account.journal.append(note)
    try:
        note["params"] = asked = decoded(request.form)
        if fault and fault.kind == "status":
            raise Refusal("Something went wrong on the way", status=fault.status, kind=STATUSES[fault.status])
        if fault and fault.kind == "drop_before":
            said = Answer(0, "")
        else:
            _admit(request.authorization)
            said = _answer(account, request, asked)
    except Refusal as refusal:
        said = Answer(refusal.status, json.dumps(refusal.body))
    note.update(status=said.status, replayed=said.replayed)
    if said.status >= 400:
        note["error"] = json.loads(said.body)["error"]
    return said


def _admit(authorization: str) -> None:
    """Only test keys; a live key has no business here, and is not repeated in the answer."""
    scheme, _, key = authorization.partition(" ")
    if scheme != "Bearer" or not re.fullmatch(r"sk_test_\w+", key):
        raise Refusal("Invalid API Key provided: only test keys (sk_test_…) are admitted", status=401)


def _answer(account: Account, request: Request, asked: Thing) -> Answer:
    endpoint, ids = _find(request)

    def work() -> Thing:
        params = checked(endpoint.kind, asked, endpoint.understood)
        return expanded(account, endpoint.verb(account, params, *ids), params.get("expand", []))

    if request.method == "GET":
        return Answer(200, json.dumps(work()))
    what = hashlib.sha256(json.dumps([request.path, asked], sort_keys=True).encode()).hexdigest()
    return answer_once(account, request.key or secrets.token_hex(16), what, work)


def _find(request: Request) -> tuple[Endpoint, tuple[str, ...]]:
    for endpoint in ENDPOINTS:
        met = re.fullmatch(endpoint.path.replace("{id}", "([^/]+)"), request.path)
        if met and endpoint.method == request.method:
            return endpoint, met.groups()
    raise Refusal(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
