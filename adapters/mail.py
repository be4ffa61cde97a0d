"""The postman: SMTP, or a stand-in that keeps letters in the house. Chosen by SMTP_URL."""

from __future__ import annotations

import re
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
NO_SUCH_ADDRESS = {550, 551, 553}
"""RFC 5321 4.2.3. 552 is a mailbox that is full today, 554 has nothing to do with the address."""


class NoSuchAddress(Exception):
    """The mail server knows that nobody has this address: another try would hear the same."""


class Postman(Protocol):
    def deliver(self, message: EmailMessage) -> None:
        """Returns when the letter has been taken over; raises OSError or smtplib.SMTPException when it was not.

        Raises NoSuchAddress where it never will be.
        """
        ...


class SmtpPostman:
    """Speaks to the server named by SMTP_URL; STARTTLS whenever the server offers it."""

    def __init__(self, url: str) -> None:
        self.address = urlsplit(url)

    def deliver(self, message: EmailMessage) -> None:
        server = self._connect()
        try:
            _send(server, message)  # returns with the server's yes: what follows can no longer undo it
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


def _send(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        answers = refused.recipients.values()
        if answers and all(_is_about_the_address(code, words) for code, words in answers):
            raise NoSuchAddress from None  # without its words: they repeat the address
        raise


def _is_about_the_address(code: int, words: bytes) -> bool:
    """Many servers say 550 for what they think of us too: the enhanced code tells (5.7 is policy, RFC 3463)."""
    enhanced = re.match(rb"5\.(\d{1,3})\.\d{1,3}\b", words)
    return code in NO_SUCH_ADDRESS and (enhanced is None or enhanced[1] == b"1")


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
