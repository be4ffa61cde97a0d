"""A visitor with a browser's memory: cookies, forms, redirects. Cheap, because it works beside what is measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
PATIENCE = 60  # seconds for one answer


class Visitor:
    """``requests`` counts every one, those that a redirect asks for too."""

    def __init__(self, port: int) -> None:
        self.requests, self._port, self._cookies = 0, port, dict[str, str]()
        self.form, self.carries = (
            dict[str, str](),
            False,
        )  # what a deed that is done many times keeps from the first time
        self._line: HTTPConnection | None = None

    def get(self, path: str, *, packed: bool = False) -> str:
        """The page; of one that is asked for compressed nothing is read."""
        return self._ask("GET", path, None, packed=packed)

    def post(self, path: str, form: Mapping[str, str] | list[tuple[str, str]], *, follow: bool = True) -> str:
        """The page that it leads to."""
        return self._ask("POST", path, urlencode(form), follow=follow)

    def forget(self) -> None:
        """As somebody who has never been here."""
        self._cookies.clear()

    def close(self) -> None:
        if self._line:
            self._line.close()

    def _ask(self, method: str, path: str, body: str | None, *, packed: bool = False, follow: bool = True) -> str:
        for _redirect in range(4):
            status, where, text = self._once(method, path.partition("#")[0], body, packed)
            if status in (301, 302, 303):
                if not follow:
                    return ""
                method, path, body = "GET", where, None
                continue
            if status != 200:
                raise RuntimeError(f"{status} at {method} {path}: {text[:2000]}")
            return text
        raise RuntimeError(f"{path} leads nowhere")

    def _once(self, method: str, path: str, body: str | None, packed: bool) -> tuple[int, str, str]:
        self.requests += 1
        headers = {"Accept-Language": "it"} | ({"Accept-Encoding": "gzip"} if packed else {})
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._send(method, path, body, headers)
        sent = answer.read()
        text = "" if packed else sent.decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location", ""), text

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]):  # type: ignore[no-untyped-def]
        """On the line that is open; gunicorn hangs up after two idle seconds, and then on a new one."""
        try:
            return self._try(method, path, body, headers)
        except (HTTPException, OSError):
            self.close()
            self._line = None
            return self._try(method, path, body, headers)

    def _try(self, method: str, path: str, body: str | None, headers: dict[str, str]):  # type: ignore[no-untyped-def]
        self._line = self._line or HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        self._line.request(method, path, body, headers)
        return self._line.getresponse()


def hidden(page: str) -> list[tuple[str, str]]:
    """What the page's forms send without being asked."""
    return [(name, unescape(value)) for name, value in HIDDEN.findall(page)]


def token(page: str) -> dict[str, str]:
    return {name: value for name, value in hidden(page) if name == "csrf_token"}
