"""What a browser takes from a page: its forms with everything that would be sent, and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser


@dataclass
class Form:
    """``fields`` are sent whatever is pressed; ``buttons`` are the (name, value) pairs that pressing would add."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **words: str) -> dict[str, list[str]]:
        """The body that is sent when these fields were typed in."""
        return self.fields | {name: [word] for name, word in words.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(said.get("action", ""), said.get("method", "get"))
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "button"):
            self._field(self._open, tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    @staticmethod
    def _field(form: Form, tag: str, said: dict[str, str]) -> None:
        name, value, kind = said.get("name", ""), said.get("value", ""), said.get("type", "text")
        if not name or "disabled" in said:
            return
        if tag == "button":
            form.buttons.append((name, value))
        elif kind not in ("radio", "checkbox") or "checked" in said:
            form.fields.setdefault(name, []).append(value)


def forms(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def words(page: str) -> str:
    """What one reads, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S)))
