"""What Stripe would not understand is refused, what it was asked before is answered as before."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe_stand_in.asked import decoded
from tests.adapters.stand_in.conftest import captured, held, wish
from tests.adapters.stand_in.running import Panel, client_of

PRICE = {"currency": "eur", "unit_amount": 2300, "product_data": {"name": "Ordine 12"}}


def _item(**price: Any) -> dict[str, Any]:
    return {"line_items": [{"quantity": 1, "price_data": {**PRICE, **price}}]}


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        ({"ui_mode": "hosted"}, "ui_mode"),
        ({"mode": "paiement"}, "mode"),
        ({"allowed_payment_method_types": ["carta"]}, "allowed_payment_method_types[0]"),
        ({"payment_intent_data": {"capture_methods": "manual"}}, "payment_intent_data[capture_methods]"),
        ({"payment_intent_data": {"capture_method": "later"}}, "payment_intent_data[capture_method]"),
        (_item(unit_amount=23.0), "line_items[0][price_data][unit_amount]"),
        (_item(unit_price=2300), "line_items[0][price_data][unit_price]"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 2300}}]}, "line_items[0][price_data][currency]"),
        ({"adaptive_pricing": {"enabled": "no"}}, "adaptive_pricing[enabled]"),
        ({"custom_text": {"submit": {"text": "Grazie"}}}, "custom_text[submit][text]"),
        ({"metadata": {"order": {"id": "12"}}}, "metadata[order]"),
        ({"expires_at": "domani"}, "expires_at"),
        ({"idempotency_key": "in the wrong place"}, "idempotency_key"),
        ({"line_items": "verdure"}, "line_items"),
    ],
)
def test_a_session_that_the_sdk_has_no_type_for_is_refused(
    client: stripe.StripeClient, more: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(wish(**more))
    assert (refused.value.http_status, refused.value.param) == (400, param)
    assert refused.value.code != "unknown_to_stand_in"


@pytest.mark.parametrize(
    ("more", "param"),
    [
        (_item(unit_amount=49), None),
        ({"line_items": []}, "line_items"),
        ({"mode": "subscription"}, "mode"),
        ({"success_url": ""}, "success_url"),
        ({"cancel_url": "/cassa"}, "cancel_url"),
        ({"expires_at": 1}, "expires_at"),
        ({"tax_id_collection": {"enabled": True}}, "tax_id_collection"),
    ],
)
def test_a_session_that_stripe_or_its_stand_in_cannot_make_is_refused(
    client: stripe.StripeClient, more: dict[str, Any], param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(wish(**more))
    assert refused.value.param == param


def test_the_code_of_a_parameter_that_stripe_took_away_is_its_own(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(wish(payment_method_types=["card"]))
    assert refused.value.code == "payment_method_types_no_longer_supported"


def test_wrong_captures_refunds_and_questions_are_refused(client: stripe.StripeClient, panel: Panel) -> None:
    intent: Any = held(client, panel)
    wrong: list[tuple[Any, tuple[Any, ...]]] = [
        (client.v1.payment_intents.capture, (intent, {"amount": 1950})),
        (client.v1.payment_intents.capture, (intent, {"amount_to_capture": 19.5})),
        (client.v1.payment_intents.capture, (intent, {"final_capture": False})),
        (client.v1.payment_intents.cancel, (intent, {"cancellation_reason": "rain"})),
        (client.v1.payment_intents.retrieve, (intent, {"expand": ["status"]})),
        (client.v1.payment_intents.retrieve, (intent, {"expand": ["payment_intent"]})),
        (client.v1.refunds.create, ({"payment_intent": intent, "reason": "rotten"},)),
        (client.v1.refunds.create, ({"amount": 100},)),
        (client.v1.events.list, ({"created": {"since": 1}},)),
        (client.v1.events.list, ({"limit": 101},)),
    ]
    for deed, arguments in wrong:
        with pytest.raises(stripe.InvalidRequestError):
            deed(*arguments)
    assert panel.get("")["things"][intent]["status"] == "requires_capture"


def test_good_requests_pass_and_read_as_stripes(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish(ui_mode="hosted_page", submit_type="pay"))
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.livemode) == (2300, "eur", False)
    assert session.metadata
    assert session.metadata["order"] == "12"
    assert session.url == f"{panel.url}/pay/{session.id}"
    captured(client, panel)
    client.v1.events.list({"types": ["refund.created"], "created": {"gte": 1}, "limit": 100})
    client.v1.events.list({"created": 1, "delivery_success": False})


def test_what_is_not_there_is_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.retrieve("pi_nobody")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.payouts.list()


@pytest.mark.parametrize("key", ["sk_live_only_for_tests", "pk_test_only_for_tests", "rk_test_only_for_tests"])
def test_only_test_keys_are_admitted_and_no_key_is_repeated(panel: Panel, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        client_of(panel, key=key).v1.events.list()
    assert key not in str(refused.value.user_message)


def test_the_same_key_does_the_work_once_and_says_so(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel)
    first, second = [
        client.v1.refunds.create({"payment_intent": intent, "amount": 100}, {"idempotency_key": "refund-1"})
        for _ in range(2)
    ]
    assert first.id == second.id
    assert len(client.v1.refunds.list({"payment_intent": intent}).data) == 1
    assert [_is_replay(answer) for answer in (first, second)] == [False, True]


def test_the_same_key_with_other_parameters_is_refused(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel)
    client.v1.refunds.create({"payment_intent": intent, "amount": 100}, {"idempotency_key": "refund-1"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 101}, {"idempotency_key": "refund-1"})


def test_a_no_is_kept_once_the_work_had_begun(client: stripe.StripeClient, panel: Panel) -> None:
    """The refund comes too early; the same key hears the same no although it would be right by then."""
    intent, key = held(client, panel), {"idempotency_key": "refund-1"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
            client.v1.refunds.create({"payment_intent": intent}, key)  # type: ignore[arg-type]
        if client.v1.payment_intents.retrieve(intent).status == "requires_capture":
            client.v1.payment_intents.capture(intent)
    assert client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"


def test_wrong_parameters_do_not_use_up_the_key(client: stripe.StripeClient) -> None:
    key: Any = {"idempotency_key": "session-1"}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(wish(payment_method_types=["card"]), key)
    assert client.v1.checkout.sessions.create(wish(), key).status == "open"


def test_a_key_lives_for_a_day(client: stripe.StripeClient, panel: Panel) -> None:
    key: Any = {"idempotency_key": "session-1"}
    first = client.v1.checkout.sessions.create(wish(), key)
    panel.post("/clock", advance=24 * 3600 - 60)
    assert client.v1.checkout.sessions.create(wish(), key).id == first.id
    panel.post("/clock", advance=60)
    assert client.v1.checkout.sessions.create(wish(), key).id != first.id


def test_the_journal_has_every_request_with_its_key(client: stripe.StripeClient, panel: Panel) -> None:
    client.v1.checkout.sessions.create(wish(), {"idempotency_key": "session-1"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.retrieve("pi_nobody")
    first, second = panel.get("/journal")["requests"]
    assert (first["method"], first["path"], first["key"], first["status"]) == (
        "POST",
        "/v1/checkout/sessions",
        "session-1",
        200,
    )
    assert first["params"]["line_items"]["0"]["price_data"]["unit_amount"] == "2300"
    assert (second["status"], second["error"]["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("expand[]=a&expand[]=b", {"expand": {"0": "a", "1": "b"}}),
        ("expand[0]=a", {"expand": {"0": "a"}}),
        ("metadata[order]=", {"metadata": {"order": ""}}),
        ("a%5Bb%5D%5Bc%5D=x+y", {"a": {"b": {"c": "x y"}}}),
    ],
)
def test_forms_are_read_as_stripe_reads_them(form: str, read: dict[str, Any]) -> None:
    assert decoded(form) == read


def _is_replay(answer: stripe.Refund) -> bool:
    assert answer.last_response
    return answer.last_response.headers.get("Idempotent-Replayed") == "true"
