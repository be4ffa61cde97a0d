"""What Stripe would keep of one shop: its objects in Stripe's own JSON, and what is still to be delivered."""

from __future__ import annotations

import json
import os
import secrets
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, RLock
from typing import Any, Literal

from adapters.stripe_stand_in.clock import DAY, Clock
from adapters.stripe_stand_in.faults import Fault
from adapters.stripe_stand_in.refusals import Refusal

Thing = dict[str, Any]
"""One of Stripe's objects as JSON: amounts in cents, moments in Unix seconds."""

LONGEST_JOURNAL = 20_000  # requests
PREFIXES = {
    "checkout.session": "cs_test_",
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "dispute": "du_",
    "event": "evt_",
}


@dataclass
class Switches:
    """Where Stripe's behaviour is not surely known, or differs from card to card."""

    release_as_refund: bool = False  # the released remainder counts as refunded and has a Refund (stripe.md 3.3)
    payment_status: Literal["unpaid", "paid"] = "unpaid"  # of a session whose card is authorised, not captured
    refund_status: Literal["succeeded", "pending"] = "succeeded"  # of a new refund
    hold_seconds: int = 7 * DAY  # from authorisation to `capture_before`
    held: bool = False  # webhooks wait
    down: bool = False  # every connection but the control plane's is closed without an answer

    def __post_init__(self) -> None:
        if self.payment_status not in ("unpaid", "paid") or self.refund_status not in ("succeeded", "pending"):
            raise ValueError("payment_status is unpaid or paid, refund_status succeeded or pending")


class Account:
    """Whoever reads or changes it holds ``lock`` (``lapsing.at_work``). Objects know each other by id, as at Stripe."""

    def __init__(self, *, webhook: str = "", secret: str = "", store: Path | None = None) -> None:
        self.webhook, self.secret, self.store = webhook, secret, store
        self.base = ""  # our own address, for people who pay
        self.lock, self.awake = RLock(), Event()
        self.empty()
        if store and store.exists():
            self._load(json.loads(store.read_text()))

    def empty(self) -> None:
        self.clock, self.switches = Clock(), Switches()
        self.things: dict[str, Thing] = {}  # id -> object, oldest first
        self.wishes: dict[str, Thing] = {}  # session -> the parameters that it was made with
        self.answers: dict[str, Thing] = {}  # idempotency key -> what was asked and answered
        self.waiting: list[Thing] = []  # deliveries: event, tries, and when next in the machine's seconds
        self.faults: list[Fault] = []
        self.journal: deque[Thing] = deque(maxlen=LONGEST_JOURNAL)
        self.deliveries: deque[Thing] = deque(maxlen=LONGEST_JOURNAL)
        self._written = ""

    def now(self) -> int:
        """Unix seconds by the stand-in's own clock."""
        return self.clock.now()

    def add(self, kind: str, **fields: Any) -> Thing:
        """A new object of this kind, kept."""
        thing = {"id": new_id(PREFIXES[kind]), "object": kind, "created": self.now(), "livemode": False, **fields}
        self.things[thing["id"]] = thing
        return thing

    def get(self, kind: str, id_: str) -> Thing:
        """Raises the 404 that Stripe gives for an id that it does not know."""
        thing = self.things.get(id_)
        if thing is None or thing["object"] != kind:
            raise Refusal(f"No such {kind}: '{id_}'", status=404, code="resource_missing", param="id")
        return thing

    def all(self, kind: str, **where: Any) -> list[Thing]:
        """Objects of this kind with these values, oldest first."""
        wanted = {"object": kind, **where}
        return [
            thing for thing in self.things.values() if all(thing.get(name) == value for name, value in wanted.items())
        ]

    def save(self) -> None:
        """To the file, if anything changed: whole and on the disk before it takes the old one's place."""
        if not self.store:
            return
        text = json.dumps(self._state())
        if text == self._written:
            return
        beside = self.store.with_name(f"{self.store.name}.new")
        with beside.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.store)
        self._written = text

    def _state(self) -> Thing:
        """Without journal and faults, which end with the process, and without the secret."""
        return {
            "things": self.things,
            "wishes": self.wishes,
            "answers": self.answers,
            "waiting": self.waiting,
            "switches": asdict(self.switches),
            "offset": self.clock.offset,
        }

    def _load(self, state: Thing) -> None:
        self.things, self.wishes = state["things"], state["wishes"]
        self.answers, self.waiting = state["answers"], state["waiting"]
        self.switches = Switches(**state["switches"])
        self.clock.offset = state["offset"]


def new_id(prefix: str) -> str:
    return prefix + secrets.token_hex(12)
