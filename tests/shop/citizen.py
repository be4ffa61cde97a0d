"""A citizen at the keyboard: fills the basket, reads the hidden fields of a page, sends the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog.models import PickUp, Product
from core import database
from core.database import db

BUTTON = "Ordine con obbligo di pagare"


def put(client: FlaskClient, product: Product, quantity: int | None = None) -> TestResponse:
    return client.post("/carrello", data={"prodotto": product.id} | ({"quantita": quantity} if quantity else {}))


def hidden(page: str) -> MultiDict[str, str]:
    """What the page sends along without being asked."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return MultiDict([(name, unescape(value)) for name, value in found])


def form(client: FlaskClient, pickup: PickUp | None = None, **typed: str) -> MultiDict[str, str]:
    """The checkout as the page shows it now, filled in."""
    sent = hidden(client.get("/cassa").text)
    sent.update({"nome": "Maria Rossi", "email": "maria.rossi@posta.example"})
    if pickup is not None:
        sent["ritiro"] = str(pickup.id)
    for name, words in typed.items():
        sent.setlist(name, [words])
    return sent


class _Form(HTMLParser):
    """What a browser would send of the one form whose address ends so."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self._action, self._inside, self._select = action, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = (given.get("action") or "").split("#")[0].endswith(self._action)
        elif not self._inside:
            return
        elif tag == "select":
            self._select = given.get("name") or ""
        elif tag == "option" and "selected" in given:
            self.sent[self._select] = given.get("value") or ""
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.sent[given.get("name") or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def sent_by(page: str, action: str, **chosen: str) -> MultiDict[str, str]:
    """The page's form as it stands, with what one chooses; a button is ``azione``."""
    form = _Form(action)
    form.feed(page)
    for name, value in chosen.items():
        form.sent[name] = value
    return form.sent


HOURS = re.compile(r'<span class="number">([^<]*)</span>')  # stands in the middle of a sentence


def words(page: str) -> str:
    """What one reads: no tags, single blanks."""
    page = HOURS.sub(r"\1", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement inside, without BEGIN and the demo's clock."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN") and "FROM clock" not in statement.replace("\n", " "):
            seen.append(statement)

    def note_plain(connection: Any, statement: str, facts: Any) -> list[Any]:
        seen.append(statement)
        return ask(connection, statement, facts)

    ask = database.ask
    database.ask = note_plain  # what goes past SQLAlchemy counts too
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        database.ask = ask
