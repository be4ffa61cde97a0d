"""What goes wrong on the way, on demand: the answer that is lost after the work was done is the one to fear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

KINDS = ("drop_before", "drop_after", "hang_after", "status")
STATUSES = {409: "idempotency_error", 429: "invalid_request_error", 500: "api_error", 503: "api_error"}
"""Status -> Stripe's error type. The work is not begun."""


@dataclass
class Fault:
    """The next ``times`` requests of this method whose whole path matches ``path`` (a regular expression)."""

    kind: Literal["drop_before", "drop_after", "hang_after", "status"]
    method: str = "POST"
    path: str = ".*"
    times: int = 1
    seconds: float = 5.0  # hang_after: how long the answer waits once the work is done
    status: int = 500

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.status not in STATUSES:
            raise ValueError(f"a fault is one of {KINDS}, a status one of {tuple(STATUSES)}")
        re.compile(self.path)

    def meets(self, method: str, path: str) -> bool:
        return self.times > 0 and method == self.method and re.fullmatch(self.path, path) is not None


def next_fault(faults: list[Fault], method: str, path: str) -> Fault | None:
    """The first fault that meets this request; one of its times is used up."""
    for fault in faults:
        if fault.meets(method, path):
            fault.times -= 1
            return fault
    return None
