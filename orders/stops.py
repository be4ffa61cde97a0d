"""The order in which a delivery round is ridden: by postcode and municipality, then street, then house number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from orders.models import Order

ADDRESS = re.compile(r"(?P<street>.*?)[\s,]*\b(?P<postcode>[0-9]{5})\b[\s,]*(?P<town>.*)", re.DOTALL)
LAST = "~"  # after every postcode: an address that nobody can place comes at the end, where it is seen


def in_order(orders: Iterable[Order]) -> list[Order]:
    """'Via Roma 2' before 'Via Roma 10', whatever accents, commas and capitals it was written with."""
    return sorted(orders, key=_where)


def _where(order: Order) -> tuple[Any, ...]:
    found = ADDRESS.fullmatch(order.address)
    if found is None:
        return LAST, "", _natural(order.address), order.crate or 0
    return found["postcode"], _plain(found["town"]), _natural(found["street"]), order.crate or 0


def _natural(street: str) -> list[tuple[str, int]]:
    """'via roma 12/b' -> [('via roma', 12), ('/b', 0)]: numbers compare as numbers."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", _plain(street))
    return [(words.strip(), int(digits or 0)) for words, digits in parts if words or digits]


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.replace(",", " ").split())
