"""One stand-in for all of them, as on the first day before each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from tests.adapters.stand_in.running import Panel, client_of, stand_in


@pytest.fixture(scope="session")
def one_stand_in() -> Iterator[Panel]:
    with stand_in() as panel:
        yield panel


@pytest.fixture
def panel(one_stand_in: Panel) -> Panel:
    one_stand_in.post("/webhook", url="", secret="")
    one_stand_in.post("/reset")
    return one_stand_in


@pytest.fixture
def client(panel: Panel) -> stripe.StripeClient:
    return client_of(panel)


def wish(cents: int = 2300, **more: Any) -> Any:
    """What the shop asks for (stripe.md 3.1): a hold of ``cents``."""
    return {
        "mode": "payment",
        "locale": "it",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": cents,
                    "product_data": {"name": "Ordine 12 - importo massimo"},
                },
            }
        ],
        "payment_intent_data": {"capture_method": "manual", "metadata": {"order": "12", "payment": "7"}},
        "metadata": {"order": "12", "payment": "7"},
        "client_reference_id": "12",
        "customer_email": "anna@posta.example",
        "allowed_payment_method_types": ["card"],
        "adaptive_pricing": {"enabled": False},
        "custom_text": {"submit": {"message": "Blocchiamo 23 euro e prendiamo il peso vero."}},
        "success_url": "http://shop.example/ritorno?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/cassa",
        **more,
    }


def held(client: stripe.StripeClient, panel: Panel, cents: int = 2300, **more: Any) -> str:
    """The intent of a session that was paid by card: a hold."""
    session = client.v1.checkout.sessions.create(wish(cents, **more))
    return panel.pay(session.id)["payment_intent"]


def captured(client: stripe.StripeClient, panel: Panel, cents: int = 1950) -> str:
    intent = held(client, panel)
    client.v1.payment_intents.capture(intent, {"amount_to_capture": cents})
    return intent
