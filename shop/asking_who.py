"""Who somebody is and which order they mean, where nobody has to sign in: name, number, e-mail. What is typed stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from flask import request
from flask_babel import gettext as _

from core import inputs, names
from core.errors import Refused
from orders import contacts

LOOPBACK = ("127.0.0.1", "::1")
LONGEST_ORIGIN = 100
LONGEST = {"nome": 100, "ordine": 60, "email": 200}


@dataclass(frozen=True)
class Said:
    """``typed``: as it was written, or as it is kept where it can be; ``messages``: field -> what to do."""

    typed: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return bool(self.typed) and not self.messages


def read(form: Mapping[str, str], *fields: str, known: str = "") -> Said:
    """These fields of the form that was sent. ``known``: a name that stands in the order already may stay as it is."""
    typed, messages = {}, {}
    for name in fields:
        raw = form.get(name, "")
        try:
            typed[name] = raw if name == "nome" and known and raw == known else _READ[name](raw)
        except Refused as refused:
            typed[name], messages[name] = raw, refused.sentence
    return Said(typed, messages)


def _line(name: str, raw: str, missing: str) -> str:
    return inputs.require_line(raw, LONGEST[name], missing=missing)


def _email(raw: str) -> str:
    return contacts.email(_line("email", raw, _("Scrivi la tua e-mail.")))


_READ: dict[str, Callable[[str], str]] = {
    "nome": lambda raw: names.require(_line("nome", raw, _("Scrivi il tuo nome e cognome."))),
    "ordine": lambda raw: names.require_line(
        _line("ordine", raw, _("Scrivi il numero dell'ordine: è nella mail di conferma."))
    ),
    "email": _email,
}


def origin() -> str:
    """From where somebody asks, for the counts of tries: what the proxy in front of us has seen, where there is one.

    The last of the addresses that it passes on is its own word, those before are the visitor's. A house or a phone has
    a whole range of IPv6 addresses: it counts as one.
    """
    seen = request.remote_addr or ""
    if seen in LOOPBACK and request.access_route:
        seen = request.access_route[-1]
    try:
        address = ip_address(seen)
    except ValueError:
        return seen[:LONGEST_ORIGIN]
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))
