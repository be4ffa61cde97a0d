"""The outside of every letter: from whom, to whom, when, and by which name a mail server knows it again."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from flask import current_app

from core import clock
from orders.models import Seller


def envelope(seller: Seller, subject: str, to: tuple[str, str], message_id: str) -> EmailMessage:
    """A letter without its words. ``to``: name and address; ``message_id`` is the same for every attempt (ruling 9)."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = formataddr((seller.name or "chilometrico", seller.email or f"ordini@{host()}"))
    message["To"] = formataddr(to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def host() -> str:
    """Under which name citizens know us; an invented one while the shop has none."""
    found = current_app.config["SETTINGS"].base_url.split("://")[-1].split("/")[0].split(":")[0]
    return found if "." in found else "chilometrico.example"
