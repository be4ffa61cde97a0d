"""A desk without a browser: pages are read and buttons pressed by the words on them, as a person does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from flask import current_app
from flask.testing import FlaskClient


@dataclass
class Way:
    """A link or a form's button: where it leads and what it sends."""

    words: str = ""
    path: str = ""
    method: str = "get"
    sends: dict[str, str] = field(default_factory=dict)
    is_principal: bool = False


def _is_unticked(given: dict[str, str]) -> bool:
    return given.get("type") in ("checkbox", "radio") and "checked" not in given


class _Reader(HTMLParser):
    """Words of the page, its heading, its ways on."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.heading, self.ways = "", "", []
        self._form: Way | None = None
        self._forms: dict[str, Way] = {}  # by id: a button may stand outside its form
        self._way: Way | None = None
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Way(path=given.get("action", ""), method=given.get("method", "get"))
            self._forms[given.get("id", "")] = self._form
        elif tag == "input" and self._form is not None and "name" in given and not _is_unticked(given):
            self._form.sends[given["name"]] = given.get("value", "")
        elif (
            tag == "button"
            and "hidden" not in given
            and (form := self._forms.get(given["form"]) if "form" in given else self._form)
        ):
            own = {given["name"]: given["value"]} if "name" in given else {}
            self._way = Way("", form.path, form.method, {**form.sends, **own})
        elif tag == "a" and "href" in given:
            self._way = Way("", given["href"])
        elif tag == "h1":
            self._in_heading = True
        if self._way is not None and given.get("data-azione") == "principale":
            self._way.is_principal = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "button") and self._way is not None:
            self._way.words = " ".join(self._way.words.split())
            self.ways.append(self._way)
            self._way = None
        elif tag == "form":
            self._form = None
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"
        if self._in_heading:
            self.heading += data
        if self._way is not None:
            self._way.words += f" {data}"


class Desk:
    """What one person sees at one tablet."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path, self.status, self.html = "", 0, ""
        self.pages: list[str] = []  # all that was shown on the way
        self._read = _Reader()

    def go(self, path: str, *, method: str = "get", sends: dict[str, str] | None = None) -> Desk:
        """Look at a page, or send a form, and follow where it leads."""
        if method == "get" and sends:
            path = f"{path or self.path}?{urlencode(sends)}"
        answer = self.client.open(path, method=method, data=sends if method == "post" else None, follow_redirects=True)
        self.path, self.status, self.html = answer.request.path, answer.status_code, answer.get_data(as_text=True)
        self._read = _Reader()
        self._read.feed(self.html)
        self.pages.append(self.html)
        if answer.request.method == "POST" and '<body class="desk' in self.html:
            assert self.comes_back_to, f"nobody can come back to {self.path}"
            current_app.url_map.bind("").match(urlsplit(self.comes_back_to).path, method="GET")
        return self

    @property
    def comes_back_to(self) -> str:
        """The address that this page takes, as it answers a form: docs/design-system.md."""
        found = re.search(r'<main[^>]* data-pagina="([^"]*)"', self.html)
        return unescape(found[1]) if found else ""

    def show_badge(self, token: str) -> Desk:
        return self.go(f"/banco/cartellino/{token}").press("Sì, sono io")

    @property
    def heading(self) -> str:
        return " ".join(self._read.heading.split())

    @property
    def text(self) -> str:
        return " ".join(self._read.text.split())

    @property
    def ways(self) -> list[Way]:
        return self._read.ways

    def offers(self, words: str) -> bool:
        return any(words in way.words for way in self.ways)

    def find(self, words: str) -> Way:
        for way in self.ways:
            if words in way.words:
                return way
        raise AssertionError(f"no {words!r} on {self.path}: {[way.words for way in self.ways]}")

    def press(self, words: str) -> Desk:
        way = self.find(words)
        return self.go(way.path, method=way.method, sends=way.sends)

    def press_main(self) -> Desk:
        way = next(way for way in self.ways if way.is_principal)
        return self.go(way.path, method=way.method, sends=way.sends)

    def fill(self, words: str, **fields: str) -> Desk:
        """Write into the fields of a form and press its button."""
        way = next(way for way in self.ways if words in way.words and set(fields) <= set(way.sends))
        return self.go(way.path, method=way.method, sends={**way.sends, **fields})

    def type(self, number: int) -> Desk:
        """Tap the digits of a number on the keys, after those that stand there are gone."""
        while self._typed():
            self.press("Via uno")
        for digit in str(number):
            self._tap(digit)
        return self

    def weigh(self, grams: int) -> Desk:
        """Tap the digits, then Fatto; or, in the plain list, fill in the first field and press its Fatto."""
        if any("cifre" in way.sends for way in self.ways):
            return self.type(grams).press_main()
        way = next(way for way in self.ways if "grams" in way.sends and "Fatto" in way.words)
        return self.go(way.path, method=way.method, sends={**way.sends, "grams": str(grams)})

    def _typed(self) -> str:
        sends = next(way.sends for way in self.ways if way.is_principal)
        return next((sends[name] for name in ("grams", "arrived", "pieces", "pezzi") if name in sends), "")

    def _tap(self, digit: str) -> None:
        way = next(way for way in self.ways if way.words == digit and "cifre" in way.sends)
        self.go(way.path, method=way.method, sends=way.sends)

    def prepare(self, weights: dict[str, int]) -> Desk:
        """Go on until the crate is prepared; ``weights`` by product."""
        for _step in range(60):
            if 'data-schermo="fine"' in self.html:
                return self
            waiting = [way for way in self.ways if "grams" in way.sends and "Fatto" in way.words]
            if waiting:
                self.weigh(
                    next(weights[slug] for slug in weights if f"products/{slug}.svg" in self._around(waiting[0]))
                )
            elif any(way.is_principal for way in self.ways):
                self.press_main()
            else:
                self.press("Fatto")
        raise AssertionError("the crate never ends")

    def _around(self, way: Way) -> str:
        """The part of the page that this way stands in: the line of a list, else all of it."""
        for part in self.html.split("<li"):
            if f'action="{way.path}"' in part and "list-form" in part:
                return part
        return self.html
