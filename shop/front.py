"""The quickest way to a kept page: in front of Flask, for a visitor who has nothing on it but the form's token.

Whoever asks for the first time, has something in the basket or was just told something goes through to Flask, and what
comes back from there for everybody is what is kept here, headers and all. Nothing is decided here that is not decided
there: the same versions, the same pick-up, the same session, read by Flask's own means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import monotonic
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.sansio.utils import host_is_trusted

from core import web
from core.database import NoAnswer
from core.gaps import TOKEN, Page
from core.keeping import Keeper
from shop import basket, choosing, surroundings, visit

CSRF = "csrf_token"
SIGNED = "signed"
AGAIN_AFTER = 600  # seconds
KNOWN = {CSRF, basket.KEY, choosing.KEY, "language", "taken_out"}
"""What a session may hold here. Whoever has more goes through to Flask."""
OWN_HEADERS = {"Set-Cookie", "Content-Length", "Content-Encoding"}

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


@dataclass(frozen=True)
class Ready:
    """A page for everybody and the headers that Flask sent with it."""

    page: Page
    headers: list[tuple[str, str]]


class Front:
    def __init__(self, app: Flask, through: Wsgi) -> None:
        self._app, self._through = app, through
        self._ready: Keeper[Ready] = Keeper(500)
        self._verified: Keeper[dict[str, Any]] = Keeper(2_000)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or not _is_kept(environ["PATH_INFO"]):
            return self._through(environ, start)
        if not self._is_for_us(environ):
            return self._through(environ, start)
        session = self._session(environ.get("HTTP_COOKIE", ""))
        found = self._find(environ, session) if session else None
        return self._answer(environ, start, found, session) if session and found else self._ask(environ, start)

    def _is_for_us(self, environ: dict[str, Any]) -> bool:
        """Whoever comes by another name is answered by Flask, with the page that says so."""
        hosts = self._app.config["TRUSTED_HOSTS"]
        return hosts is None or host_is_trusted(environ.get("HTTP_HOST"), hosts)

    def _find(self, environ: dict[str, Any], session: dict[str, Any]) -> Ready | None:
        language = session.get("language") or _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        with self._app.app_context():
            try:
                here = visit.begin(session.get(choosing.KEY))
                environ[visit.BEGAN] = here.versions
            except NoAnswer:
                return None  # Flask will meet the same and say so calmly
            if here.choice.lost:
                return None
            return self._ready.find((environ["PATH_INFO"], visit.known(here, language)))

    def _ask(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Flask's answer; kept where it says that it is everybody's."""
        sent: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sent[:] = [status, headers]
            return start(status, headers, *more)

        body = self._through(environ, note)
        made = environ.get(visit.MADE)
        if made and sent and sent[0] == "200 OK":
            headers = [(name, value) for name, value in sent[1] if name not in OWN_HEADERS]
            self._ready.keep((environ["PATH_INFO"], made[0]), Ready(made[1], headers))
        return body

    def _answer(self, environ: dict[str, Any], start: Start, found: Ready, session: dict[str, Any]) -> Iterable[bytes]:
        fill = {**visit.EMPTY, TOKEN: session[SIGNED]}
        packs = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = found.page.filled_and_packed(fill) if packs else found.page.filled(fill)
        own = [("Content-Length", str(len(body)))] + ([("Content-Encoding", "gzip")] if packs else [])
        start("200 OK", found.headers + own)
        return [body]

    def _session(self, cookies: str) -> dict[str, Any] | None:
        """Of a visitor whom this front may answer, with the form's token. A cookie is verified again after a while."""
        name = self._app.config["SESSION_COOKIE_NAME"] + "="
        cookie = next((each[len(name) :] for each in cookies.split("; ") if each.startswith(name)), "")
        return (
            self._verified.get((cookie, monotonic() // AGAIN_AFTER), lambda: self._verify(cookie)) if cookie else None
        )

    def _verify(self, cookie: str) -> dict[str, Any]:
        """Empty for everybody else."""
        try:
            lifetime = int(self._app.permanent_session_lifetime.total_seconds())
            found = self._sessions.loads(cookie, max_age=lifetime) if self._sessions else {}
        except BadSignature:
            found = {}
        is_plain = found.get(CSRF) and found.keys() <= KNOWN and not found.get(basket.KEY)
        return {**found, SIGNED: self._tokens.dumps(found[CSRF])} if is_plain else {}

    @cached_property
    def _sessions(self) -> URLSafeTimedSerializer | None:
        return SecureCookieSessionInterface().get_signing_serializer(self._app)

    @cached_property
    def _tokens(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._app.config["SECRET_KEY"], salt=surroundings.CSRF_SALT)


def install(app: Flask) -> None:
    app.wsgi_app = Front(app, app.wsgi_app)  # type: ignore[method-assign, assignment]


def _is_kept(path: str) -> bool:
    return path == "/" or path.startswith("/prodotti/")


@lru_cache(1_000)
def _language(accepted: str) -> str:
    return web.language_of(accepted)
