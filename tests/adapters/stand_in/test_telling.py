"""Events: listed in pages for 30 days, and sent to the shop, signed, until it says yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from tests.adapters.stand_in.conftest import captured, held, wish
from tests.adapters.stand_in.running import SECRET, Panel, Shop, listening, soon

DAY = 86400


@pytest.fixture
def shop(panel: Panel) -> Iterator[Shop]:
    with listening() as shop:
        panel.post("/webhook", url=shop.url, secret=SECRET)
        yield shop
        panel.delete("/deliveries")


def test_the_shop_hears_of_every_step_under_stripes_names(
    client: stripe.StripeClient, panel: Panel, shop: Shop
) -> None:
    intent = captured(client, panel)
    client.v1.refunds.create({"payment_intent": intent})
    soon(lambda: not panel.get("/deliveries")["waiting"])
    assert shop.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "checkout.session.completed",
        "charge.captured",
        "payment_intent.succeeded",
        "refund.created",
        "charge.refunded",
    ]
    event: Any = stripe.Webhook.construct_event(*shop.heard[3], SECRET)
    assert event.data.object.metadata["order"] == "12"
    assert event.api_version == stripe.api_version


def test_an_event_tells_of_its_own_moment(client: stripe.StripeClient, panel: Panel) -> None:
    captured(client, panel)
    (event,) = client.v1.events.list({"type": "payment_intent.amount_capturable_updated"}).data
    told: Any = event.data.object
    assert told.status == "requires_capture"


def test_the_end_of_a_session_is_told_without_anybody_asking(
    client: stripe.StripeClient, panel: Panel, shop: Shop
) -> None:
    client.v1.checkout.sessions.create(wish())
    panel.post("/clock", advance=DAY)
    soon(lambda: shop.types() == ["checkout.session.expired"])


def test_a_shop_that_says_no_is_told_again(client: stripe.StripeClient, panel: Panel, shop: Shop) -> None:
    shop.statuses = [500]
    panel.post("/switches", held=True)
    held(client, panel)
    assert len(client.v1.events.list({"delivery_success": False}).data) == 4
    panel.post("/switches", held=False)
    soon(lambda: not panel.get("/deliveries")["waiting"])
    assert sorted(shop.types()).count("payment_intent.created") == 2
    assert [done["status"] for done in panel.get("/deliveries")["done"]] == [500, 200, 200, 200, 200]
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_what_is_held_can_be_lost_or_told_in_another_order(
    client: stripe.StripeClient, panel: Panel, shop: Shop
) -> None:
    panel.post("/switches", held=True)
    captured(client, panel)
    panel.delete("/deliveries")
    panel.post("/switches", held=False)
    newest_first = client.v1.events.list({"types": ["payment_intent.succeeded", "checkout.session.completed"]}).data
    for event in newest_first:
        assert panel.post(f"/events/{event.id}/deliver", times=2) == {"statuses": [200, 200]}
    assert shop.types() == ["payment_intent.succeeded"] * 2 + ["checkout.session.completed"] * 2


def test_a_shop_may_ask_back_before_it_answers(client: stripe.StripeClient, panel: Panel, shop: Shop) -> None:
    intent = held(client, panel)
    soon(lambda: not panel.get("/deliveries")["waiting"])
    shop.asks_back = lambda: client.v1.payment_intents.cancel(intent)
    event = client.v1.events.list({"type": "payment_intent.amount_capturable_updated"}).data[0]
    panel.post("/switches", held=True)
    assert panel.post(f"/events/{event.id}/deliver") == {"statuses": [200]}
    shop.asks_back = lambda: client.v1.payment_intents.retrieve(intent)
    panel.post("/switches", held=False)
    soon(lambda: shop.types()[-1] == "payment_intent.canceled")
    soon(lambda: not panel.get("/deliveries")["waiting"])
    assert {done["status"] for done in panel.get("/deliveries")["done"]} == {200}


@pytest.mark.parametrize("wrong", [{"secret": "whsec_of_somebody_else"}, {"age": 301}, {"mutate": True}])
def test_what_is_badly_signed_old_or_changed_does_not_verify(
    client: stripe.StripeClient, panel: Panel, shop: Shop, wrong: dict[str, Any]
) -> None:
    panel.post("/switches", held=True)
    held(client, panel)
    panel.post(f"/events/{client.v1.events.list().data[0].id}/deliver", **wrong)
    with pytest.raises(stripe.SignatureVerificationError):
        shop.types()


def test_events_come_in_pages_newest_first(client: stripe.StripeClient, panel: Panel) -> None:
    captured(client, panel)
    first = client.v1.events.list({"limit": 4})
    assert first.has_more
    every = list(first.auto_paging_iter())
    assert len({event.id for event in every}) == len(every) == 6
    assert every[-1].type == "payment_intent.created"
    before = client.v1.events.list({"ending_before": every[3].id, "limit": 2})
    assert [event.id for event in before.data] == [every[1].id, every[2].id]
    assert before.has_more


def test_events_are_remembered_for_30_days(client: stripe.StripeClient, panel: Panel) -> None:
    held(client, panel)
    event = client.v1.events.list({"type": "checkout.session.completed"}).data[0]
    panel.post("/clock", advance=30 * DAY)
    assert client.v1.events.retrieve(event.id).type == "checkout.session.completed"
    assert client.v1.events.list({"created": {"gte": event.created + DAY}, "type": event.type}).data == []
    panel.post("/clock", advance=DAY)
    assert client.v1.events.list({"type": event.type}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.retrieve(event.id)
