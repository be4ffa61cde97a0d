"""Refunds, what looks like one, and disputes."""

from __future__ import annotations

import pytest
import stripe

from tests.adapters.stand_in.conftest import captured, held
from tests.adapters.stand_in.running import Panel


def test_no_more_is_given_back_than_was_captured(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel, 1950)
    first = client.v1.refunds.create(
        {"payment_intent": intent, "amount": 450, "metadata": {"refund": "3"}, "reason": "requested_by_customer"}
    )
    assert (first.status, first.amount, first.metadata and first.metadata["refund"]) == ("succeeded", 450, "3")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 1501})
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent, "amount": 1})
    assert refused.value.code == "charge_already_refunded"
    assert client.v1.refunds.retrieve(first.id).charge == client.v1.payment_intents.retrieve(intent).latest_charge


def test_a_released_remainder_is_invisible_or_looks_like_a_refund(client: stripe.StripeClient, panel: Panel) -> None:
    plain = captured(client, panel, 1950)
    panel.post("/switches", release_as_refund=True)
    trapped = captured(client, panel, 1950)
    seen = {}
    for intent in (plain, trapped):
        charge = client.v1.charges.retrieve(str(client.v1.payment_intents.retrieve(intent).latest_charge))
        refunds = client.v1.refunds.list({"payment_intent": intent}).data
        seen[intent] = (charge.amount_refunded, [(refund.amount, refund.balance_transaction) for refund in refunds])
        assert client.v1.refunds.create({"payment_intent": intent}).amount == 1950  # all of it can still be given back
    assert seen == {plain: (0, []), trapped: (350, [(350, None)])}


def test_a_cancelled_hold_is_released_the_same_way(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/switches", release_as_refund=True)
    intent = held(client, panel)
    client.v1.payment_intents.cancel(intent)
    assert [refund.amount for refund in client.v1.refunds.list({"payment_intent": intent}).data] == [2300]


def test_a_refund_may_wait_and_may_fail_days_later(client: stripe.StripeClient, panel: Panel) -> None:
    panel.post("/switches", refund_status="pending")
    intent = captured(client, panel, 1950)
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "pending"
    assert panel.post(f"/refunds/{refund.id}", status="succeeded")["status"] == "succeeded"
    panel.post("/clock", advance=5 * 86400)
    panel.post(f"/refunds/{refund.id}", status="failed", failure_reason="lost_or_stolen_card")
    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert client.v1.charges.retrieve(str(failed.charge)).amount_refunded == 0
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 1950
    types = [event.type for event in client.v1.events.list({"types": ["refund.failed", "refund.updated"]}).data]
    assert sorted(types) == ["refund.failed", "refund.updated", "refund.updated"]


def test_a_refund_of_the_dashboard_has_no_metadata_of_ours(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel)
    panel.post("/refunds", payment_intent=intent, amount=300)
    (refund,) = client.v1.refunds.list({"payment_intent": intent}).data
    assert (refund.amount, refund.metadata and refund.metadata.to_dict()) == (300, {})
    assert refund.balance_transaction


def test_nothing_is_given_back_while_the_bank_asks(client: stripe.StripeClient, panel: Panel) -> None:
    intent = captured(client, panel, 1950)
    dispute = panel.post("/disputes", payment_intent=intent)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    panel.post(f"/disputes/{dispute['id']}", status="under_review")
    panel.post(f"/disputes/{dispute['id']}", status="won")
    assert client.v1.disputes.retrieve(dispute["id"]).status == "won"
    assert [found.amount for found in client.v1.disputes.list({"payment_intent": intent}).data] == [1950]
    assert client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"
    with pytest.raises(ValueError, match="cannot become"):
        panel.post(f"/disputes/{dispute['id']}", status="lost")
    types = [event.type for event in client.v1.events.list().data if event.type.startswith("charge.dispute")]
    assert types == ["charge.dispute.closed", "charge.dispute.updated", "charge.dispute.created"]
