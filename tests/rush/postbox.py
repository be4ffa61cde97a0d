"""A mail server on the loopback address that keeps what it took over, and can be in a bad mood."""

from __future__ import annotations

import email
import socket
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

YES = "250 OK"
LATER = "451 Not now, try again later"
NO = "554 Never"


def free_port() -> int:
    """One that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Postbox:
    """`with Postbox() as box:` then SMTP_URL is ``box.url``. ``answer`` is what it says to a whole letter."""

    port: int = field(default_factory=free_port)
    answer: str = YES
    letters: list[Message] = field(default_factory=list)
    asked: int = 0
    """How often somebody offered it a letter."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of everything that it took over, in order."""
        return [str(letter["Message-ID"]) for letter in self.letters]

    def open(self) -> None:
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def close(self) -> None:
        self._server.stop(no_assert=True)

    def __enter__(self) -> Postbox:
        self.open()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.close()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.asked += 1
        if self.answer == YES:
            self.letters.append(email.message_from_bytes(envelope.content))
        return self.answer
