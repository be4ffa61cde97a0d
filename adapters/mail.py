"""The postman: SMTP, or a stand-in that keeps letters in the house. Chosen by SMTP_URL."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from adapters.models import KeptMail
from core import clock
from core.database import transaction

PATIENCE = 20  # seconds for each step of a conversation with the mail server


class Postman(Protocol):
    def deliver(self, message: EmailMessage) -> None:
        """Returns when the letter has been taken over; raises OSError or smtplib.SMTPException when it was not."""
        ...


class SmtpPostman:
    """Speaks to the server named by SMTP_URL; STARTTLS whenever the server offers it."""

    def __init__(self, url: str) -> None:
        self.address = urlsplit(url)

    def deliver(self, message: EmailMessage) -> None:
        server = self._connect()
        try:
            server.send_message(message)  # returns with the server's yes: what follows can no longer undo it
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self.address.hostname or "localhost", self.address.port
        if self.address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=PATIENCE, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port or 25, timeout=PATIENCE)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if self.address.username:
            server.login(unquote(self.address.username), unquote(self.address.password or ""))
        return server


class KeepingPostman:
    """Keeps letters in the database, once per Message-ID, where `/demo/posta` shows them."""

    def deliver(self, message: EmailMessage) -> None:
        with transaction() as session:
            known = session.scalar(select(KeptMail.id).where(KeptMail.message_id == message["Message-ID"]))
            if known is None:
                session.add(
                    KeptMail(
                        message_id=message["Message-ID"],
                        to=message["To"],
                        subject=message["Subject"],
                        raw=message.as_string(),
                        at=clock.now(),
                    )
                )


def postman() -> Postman:
    url = current_app.config["SETTINGS"].smtp_url
    return SmtpPostman(url) if url else KeepingPostman()
