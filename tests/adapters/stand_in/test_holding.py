"""Sessions, holds, captures and what the clock does to them."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.adapters.stand_in.conftest import captured, held, wish
from tests.adapters.stand_in.running import Panel

DAY = 86400


def test_a_paid_session_holds_the_sum_until_capture_before(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish())
    panel.pay(session.id)
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    intent: Any = session.payment_intent
    card = intent.latest_charge.payment_method_details.card
    assert (session.status, session.payment_status, session.url) == ("complete", "unpaid", None)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 2300, 0)
    assert intent.metadata["payment"] == "7"
    assert not intent.latest_charge.captured
    assert card.capture_before == intent.latest_charge.created + 7 * DAY


def test_the_other_reading_of_payment_status(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/switches", payment_status="paid")
    session = client.v1.checkout.sessions.create(wish())
    assert panel.pay(session.id)["payment_status"] == "paid"


def test_a_link_after_weighing_charges_at_once(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish(1870, payment_intent_data={"metadata": {"payment": "8"}}))
    intent = client.v1.payment_intents.retrieve(panel.pay(session.id)["payment_intent"])
    assert (intent.status, intent.amount_received) == ("succeeded", 1870)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ("declined", "requires_payment_method", "card_declined"),
        ("3ds_failed", "requires_payment_method", "payment_intent_authentication_failure"),
        ("3ds_required", "requires_action", None),
    ],
)
def test_a_try_that_comes_to_nothing_leaves_the_session_open_for_another(
    client: stripe.StripeClient, panel: Panel, outcome: str, status: str, code: str | None
) -> None:
    session = client.v1.checkout.sessions.create(wish())
    tried = panel.pay(session.id, outcome)
    intent = client.v1.payment_intents.retrieve(tried["payment_intent"])
    error = intent.last_payment_error
    assert (tried["status"], intent.status, error.code if error else None) == ("open", status, code)
    assert panel.pay(session.id)["payment_intent"] == intent.id
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_the_exact_sum_is_captured_once(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel, 1950)
    now = client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]})
    charge: Any = now.latest_charge
    assert (now.status, now.amount, now.amount_received, now.amount_capturable) == ("succeeded", 2300, 1950, 0)
    assert (charge.captured, charge.amount_captured) == (True, 1950)
    assert client.v1.charges.retrieve(charge.id).balance_transaction
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(intent, {"amount_to_capture": 100})
    assert refused.value.code == "payment_intent_unexpected_state"


def test_more_than_was_held_or_less_than_50_cents_is_not_captured(client: stripe.StripeClient, panel: Panel) -> None:
    intent = held(client, panel)
    for cents, code in ((2301, "amount_too_large"), (49, "amount_too_small")):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.payment_intents.capture(intent, {"amount_to_capture": cents})
        assert refused.value.code == code


def test_a_cancelled_hold_cannot_be_captured(client: stripe.StripeClient, panel: Panel) -> None:
    intent = held(client, panel)
    given_back = client.v1.payment_intents.cancel(intent, {"cancellation_reason": "requested_by_customer"})
    assert (given_back.status, given_back.amount_capturable) == ("canceled", 0)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(intent)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.json_body["error"]["payment_intent"]["status"] == "canceled"  # type: ignore[index]


def test_before_there_is_a_hold_the_session_is_expired_instead(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish())
    intent = panel.pay(session.id, "declined")["payment_intent"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.cancel(intent)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert client.v1.payment_intents.retrieve(intent).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)
    with pytest.raises(ValueError, match="expired"):
        panel.pay(session.id)


def test_a_session_expires_by_the_clock(client: stripe.StripeClient, panel: Panel) -> None:
    now = panel.get("")["now"]
    session = client.v1.checkout.sessions.create(wish(expires_at=now + 45 * 60))
    panel.post("/clock", advance=44 * 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    panel.post("/clock", advance=60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_hold_lapses_at_capture_before(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/switches", hold_seconds=5 * DAY)
    intent = held(client, panel)
    panel.post("/clock", advance=5 * DAY - 60)
    assert client.v1.payment_intents.retrieve(intent).status == "requires_capture"
    panel.post("/clock", advance=60)
    lapsed = client.v1.payment_intents.retrieve(intent)
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")
    assert {"charge.expired", "payment_intent.canceled"} <= {event.type for event in client.v1.events.list().data}


def test_the_customer_may_have_paid_something_else(client: stripe.StripeClient, panel: Panel) -> None:
    session = client.v1.checkout.sessions.create(wish())
    paid = panel.pay(session.id, amount=100, currency="usd", livemode=True)
    intent = client.v1.payment_intents.retrieve(paid["payment_intent"], {"expand": ["latest_charge"]})
    assert (intent.amount_capturable, intent.currency, intent.livemode) == (100, "usd", True)


def test_the_dashboard_captures_and_cancels_too(client: stripe.StripeClient, panel: Panel) -> None:
    one, other = held(client, panel), held(client, panel)
    panel.post(f"/intents/{one}/capture", amount=1000)
    panel.post(f"/intents/{other}/cancel")
    found = {intent.id: intent for intent in client.v1.payment_intents.list().data}
    assert (found[one].amount_received, found[other].status) == (1000, "canceled")
    sessions = client.v1.checkout.sessions.list({"payment_intent": one}).data
    assert [session.status for session in sessions] == ["complete"]
