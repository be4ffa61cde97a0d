"""Events on their way to the shop: signed by the SDK's own helper, at least once, again until it answers 2xx."""

from __future__ import annotations

import json
import logging
import time
from threading import Thread

import requests
import stripe

from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.lapsing import at_work

PATIENCE = 20  # seconds that a shop may take to answer
RETRIES = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
"""Seconds of the machine before the next try. Stripe tries for three days; a demo is over before."""


class Postman(Thread):
    """Delivers what waits, one event after another. Looks once a second, for what the clock ends by itself."""

    def __init__(self, account: Account) -> None:
        super().__init__(name="postman", daemon=True)
        self.account = account

    def run(self) -> None:
        while True:
            self.account.awake.wait(1.0)
            self.account.awake.clear()
            try:
                while self._deliver_next():
                    pass
            except Exception:  # the next round may go better; without a postman nothing would ever arrive
                logging.exception("a delivery went wrong")

    def _deliver_next(self) -> bool:
        """False when nothing is due. The account is free while the shop is asked: the shop will ask back."""
        with at_work(self.account):
            delivery = self._next_due()
            event = self.account.things.get(delivery["event"]) if delivery else None
        if delivery is None:
            return False
        status = send(self.account, event) if event else 200  # forgotten after 30 days
        with at_work(self.account):
            if delivery in self.account.waiting:  # or it was emptied meanwhile
                self._settle(delivery, delivered=200 <= status < 300)
        return True

    def _next_due(self) -> Thing | None:
        if self.account.switches.held:
            return None
        return next((delivery for delivery in self.account.waiting if delivery["at"] <= time.time()), None)

    def _settle(self, delivery: Thing, *, delivered: bool) -> None:
        tries = delivery["tries"]
        if delivered or tries >= len(RETRIES):
            self.account.waiting.remove(delivery)
        else:
            delivery.update(tries=tries + 1, at=time.time() + RETRIES[tries])
        if delivered and delivery["event"] in self.account.things:
            self.account.things[delivery["event"]]["pending_webhooks"] = 0


def send(account: Account, event: Thing, *, secret: str | None = None, age: int = 0, mutate: bool = False) -> int:
    """Posts one event and gives the shop's status, 0 where nobody answered.

    The signature's moment is the machine's, ``age`` seconds ago: the SDK compares it with the machine's clock.
    ``mutate`` changes one byte after signing.
    """
    payload = json.dumps(event, indent=2)
    header = stripe.WebhookSignature.generate_signature_header(
        payload, account.secret if secret is None else secret, int(time.time()) - age
    )
    body = payload.replace("event", "evenT", 1) if mutate else payload
    try:
        with requests.Session() as line:
            line.trust_env = False  # no proxy on the way to our own machine
            answer = line.post(
                account.webhook,
                data=body.encode(),
                headers={"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header},
                timeout=PATIENCE,
                allow_redirects=False,
            )
        status = answer.status_code
    except requests.RequestException:
        status = 0
    account.deliveries.append({"event": event["id"], "type": event["type"], "at": time.time(), "status": status})
    return status
