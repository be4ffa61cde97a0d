"""The stand-in's own clock: the machine's, moved ahead by whoever tests what a week does to a hold."""

from __future__ import annotations

import time

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


class Clock:
    """Whole Unix seconds, as in Stripe's JSON."""

    def __init__(self) -> None:
        self.offset = 0  # seconds ahead of the machine

    def now(self) -> int:
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        self.offset += seconds

    def set(self, moment: int) -> None:
        """``moment`` in Unix seconds: for a demo whose own clock stands at another day."""
        self.offset = moment - int(time.time())
