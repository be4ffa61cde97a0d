"""What every page shares: doors, security headers, calm pages, formats, pictures, form keys."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
from functools import cache
from posixpath import normpath
from types import TracebackType

from flask import Flask, Response, current_app, g, has_request_context, render_template, request, session
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as AnyResponse

from core import doors, edge, formats, inputs, keys, packing
from core.errors import Busy, Refused
from core.gate import be_patient, is_busy
from core.settings import ROOT

log = logging.getLogger("chilometrico.web")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LANGUAGES = ("it", "en")
STATIC = str(ROOT / "static")
A_WHILE = 300  # seconds: while the pages that named an older file are still open
A_DAY = 86_400
A_YEAR = 365 * A_DAY
LARGEST_FORM = 256 * 1024
NEVER_SENT_BACK = {"csrf_token", "password", "again"}
MOST_FIELDS = 500

Fault = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]

csrf = CSRFProtect()


class Site(Flask):
    """Flask, but what it writes of a fault never names the path: paths carry secrets."""

    def log_exception(self, exc_info: Fault) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        g.reference = _note_fault(exc_info[1])


def install(app: Flask) -> None:
    """Wire the shared parts into an application."""
    csrf.init_app(app)
    inputs.install(app)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)
    app.before_request(_stop_at_the_door)
    app.after_request(_add_headers)
    app.register_error_handler(Refused, show_refused)
    app.register_error_handler(OperationalError, _show_busy)
    app.register_error_handler(TimeoutError, _show_busy)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Exception, _show_fault)
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(
        formats.GLOBALS, static=static, icon=icon, form_key=keys.new, lang=_Language(), settings=app.config["SETTINGS"]
    )


def shelter(app: Flask) -> None:
    """Put the last resort around all of it: call this when nothing more is put around the application."""
    closed = ", ".join(f"{feature}=()" for feature in doors.FEATURES)
    headers = {**HEADERS, "Permissions-Policy": closed, **_only_secure(app)}
    app.wsgi_app = edge.Edge(app.wsgi_app, headers)  # type: ignore[method-assign, assignment]


class _Language:
    """`lang` in templates: the language of this page, 'it' or 'en'."""

    def __str__(self) -> str:
        return language()

    def __eq__(self, other: object) -> bool:
        return str(self) == other

    def __hash__(self) -> int:
        return hash(str(self))


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "it"


def choose_language() -> str:
    """Flask-Babel's selector: what the citizen chose, else what the browser prefers, else Italian."""
    if not has_request_context():
        return "it"
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else language_of(request.headers.get("Accept-Language", ""))


def language_of(accepted: str) -> str:
    """What a browser prefers of what we speak."""
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def static(path: str, otherwise: str = "") -> str:
    """The address of a file of ours, with its fingerprint, so that it may be kept for a year.

    ``otherwise`` is shown where nobody has made that file yet, as for the picture of a new product.
    """
    try:
        return f"/static/{path}?v={_version(path)}"
    except FileNotFoundError:
        if not otherwise:
            raise
        return static(otherwise)


def _version(path: str) -> str:
    """Of a file below `static`, as it is now. Raises FileNotFoundError."""
    return _fingerprint(path, os.stat(f"{STATIC}/{path}").st_mtime_ns)


@cache
def _fingerprint(path: str, _changed: int) -> str:
    return hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:10]


@cache
def icon(name: str) -> Markup:
    """An action picture as inline SVG: it follows the colour of the text; the words beside it are its name."""
    if not re.fullmatch(r"[a-z-]+", name):
        raise ValueError(name)
    svg = (ROOT / "static/img/icons" / f"{name}.svg").read_text(encoding="utf-8")
    svg = re.sub(r"<\?xml.*?\?>", "", svg).strip()
    return Markup(svg.replace("<svg ", '<svg class="icon" aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - our own file


def form_key_given() -> str:
    """The key of the form that was sent; a form without a good one gets a key that was never answered."""
    key = request.form.get("key", "")
    return key if keys.is_well_formed(key) else keys.new()


def show_refused(refused: Refused, looks: str = "") -> tuple[str, int]:
    """The sentence on a calm page of the same face. Views that have a form catch Refused and keep the input instead.

    ``looks``: another face, for whoever has no business on this one. Only the desk has a tutor to call.
    """
    looks = looks or face()
    return _calm_page(refused.sentence if looks == "desk" else refused.without_tutor, refused.status, looks=looks)


def _stop_at_the_door() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # 404 and 405 answer for themselves
    if request.endpoint == "static":
        return None
    declared = doors.of(current_app.view_functions[request.endpoint])
    if declared is None:
        raise RuntimeError(f"{request.endpoint} does not declare its door")
    if declared.capability == doors.OPEN:
        return None
    return current_app.extensions["doorkeeper"](declared.capability)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Permissions-Policy", _permissions())
    if request.endpoint == "static" or "kept_for" in g:
        _let_keep(response)
        packing.pack(response)
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    for name, value in _only_secure(current_app).items():
        response.headers.setdefault(name, value)
    return response


def _only_secure(app: Flask) -> dict[str, str]:
    """For an address that begins with https."""
    return {"Strict-Transport-Security": f"max-age={A_YEAR}"} if app.config["SESSION_COOKIE_SECURE"] else {}


def _permissions() -> str:
    """Camera, microphone and the like: closed, but for this site itself where door or view name them."""
    declared = doors.of(current_app.view_functions.get(request.endpoint or ""))
    uses = (declared.uses if declared else frozenset()) | g.get("uses", frozenset())
    return ", ".join(f"{feature}=({'self' if feature in uses else ''})" for feature in doors.FEATURES)


def let_use(feature: str) -> None:
    """For the page that is being answered, where not the route decides but what was found, as a tablet's own scale."""
    if feature not in doors.FEATURES:
        raise ValueError(feature)
    g.uses = g.get("uses", frozenset()) | {feature}


def never_changes() -> None:
    """For an answer that is the same for everybody and for ever, since its address says what is in it."""
    g.kept_for = A_YEAR


def seldom_changes() -> None:
    """For an answer that is the same for everybody, at an address that does not say what is in it."""
    g.kept_for = A_DAY


def _let_keep(response: Response) -> None:
    """A file of ours is the same for everybody. What is missing is not kept."""
    session.accessed = False  # Flask-Login has looked into it; without this the file would vary by cookie
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        return
    if response.status_code == 304:
        response.close()  # Flask has opened the file that need not be sent, and leaves it so
    seconds = g.kept_for if "kept_for" in g else _kept_for()
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.cache_control.immutable = seconds == A_YEAR


def _kept_for() -> int:
    """Seconds. With its own fingerprint a file never changes; with that of another one it is soon asked for again."""
    asked = request.args.get("v")
    if asked is None or request.method not in ("GET", "HEAD"):
        return A_DAY
    path = normpath((request.view_args or {})["filename"])  # the same file has many names, and each would be kept
    return A_YEAR if asked == _version(path) else A_WHILE


def _show_busy(fault: OperationalError | TimeoutError) -> tuple[str, int]:
    """Only for a database that did not come free in time; anything else that it says is a fault."""
    if not is_busy(fault):
        return _show_fault(fault)
    reference = _note_fault(fault)
    return _calm_page(be_patient(), Busy.status, reference)


def _show_stale_form(_fault: CSRFError) -> tuple[str, int]:
    """What was typed is kept: one press of ours sends it again, with a good token.

    Never for a deed of the staff that came without our cookie: that is what a form on somebody else's page looks like.
    """
    if face() != "shop" and not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return _calm_page(_("Questa pagina è rimasta aperta a lungo. Torna indietro, ricaricala e riprova."), 400)
    sentence = _("Questa pagina è rimasta aperta a lungo. Quello che hai scritto c'è ancora: mandalo di nuovo.")
    return _calm_page(sentence, 400, again=sent_fields())


def sent_fields() -> list[tuple[str, str]]:
    """All that the form said, without its old token and without passwords."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_SENT_BACK]
    return kept[:MOST_FIELDS]


def _show_http(answer: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    code = answer.code or 500
    if code < 400 or answer.response is not None:
        return answer
    if isinstance(answer, SecurityError | BadHost):
        return _show_elsewhere(code)
    if isinstance(answer, InternalServerError) and "reference" in g:
        return (*_fault_page(g.reference), {})
    sentences = {
        404: _("Questa pagina non c'è."),
        405: _("Da qui non si può. Torna alla prima pagina."),
        413: _("È troppo grande: scrivi qualcosa di più corto."),
    }
    page, status = _calm_page(sentences.get(code, _("Questo non si è capito. Torna indietro e riprova.")), code)
    return page, status, {"Allow": ", ".join(sorted(answer.valid_methods or ()))} if code == 405 else {}  # pyright: ignore[reportAttributeAccessIssue]


def _show_elsewhere(code: int) -> tuple[str, int, dict[str, str]]:
    """Somebody has come by another name than ours: no address of ours can be built from it."""
    ours = current_app.config["SETTINGS"].public_url.rstrip("/")
    return edge.elsewhere(request.headers.get("Host", ""), ours), code, {}


def _show_fault(fault: Exception) -> tuple[str, int]:
    return _fault_page(_note_fault(fault))


def _fault_page(reference: str) -> tuple[str, int]:
    sentence = _("Qualcosa da noi non ha funzionato. Non hai sbagliato tu, e nulla è andato perso.")
    if face() == "desk":  # its words are few and blame nobody, not even to say so (criterion 22)
        sentence = _("Qualcosa non va. Il lavoro di prima c’è ancora.")
    return _calm_page(sentence, 500, reference)


def _note_fault(fault: BaseException | None) -> str:
    reference = secrets.token_hex(4)
    where = request.url_rule or "an address of nobody"  # the rule, never the path: paths carry secrets
    log.error("fault %s at %s", reference, where, exc_info=fault)
    return reference


def _calm_page(
    sentence: str, status: int, reference: str = "", again: list[tuple[str, str]] | None = None, looks: str = ""
) -> tuple[str, int]:
    """One sentence and one way on. After a fault, which has a reference, nothing on it asks the database."""
    about = {"sentence": sentence, "reference": reference, "status": status, "again": again}
    about |= {"rooms": [], "who": ""} if reference else {}
    return render_template(f"core/calm_{looks or face()}.html", **about), status


def face() -> str:
    """Whose page this is, by its address; at the desk's addresses the staff's pages are those of the kind "tutor".

    Nobody is looked up for it: the database may be what does not answer.
    """
    first = request.path.split("/")[1] if request.path.count("/") else ""
    found = {"banco": "desk", "tutor": "tutor"}.get(first, "shop")
    declared = doors.of(current_app.view_functions.get(request.endpoint or "")) if found == "desk" else None
    return "tutor" if declared and declared.screen == "tutor" else found
