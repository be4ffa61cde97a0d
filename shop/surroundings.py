"""What every page of ours has around it: language, seller, basket, words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request, session
from flask.blueprints import BlueprintSetupState
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from catalog import version, wording
from catalog.version import HOUSE, Versions
from core import web
from core.keeping import Keeper
from orders import texts
from shop import basket, blueprint, coming_in

CSRF_SALT = "wtf-csrf-token"  # Flask-WTF's; a test sends a form of ours to it
SOON = 3_600  # seconds
HOURS = re.compile(r"[\d:]+–[\d:]+")
COMES_BACK = ("/cassa", "/recesso")
PRIVATE = ("/ordini/", "/i-tuoi-ordini", "/ritiro/avviso/")

_sellers: Keeper[dict[str, str]] = Keeper(4)
_feet: Keeper[str] = Keeper(16)


class _Identity:
    """Who sells, looked up when a page first asks. Blank while the database does not answer: a calm page stays calm."""

    def __init__(self) -> None:
        self._facts: dict[str, str] | None = None

    def __getattr__(self, name: str) -> str:
        return self.facts().get(name, "")

    def facts(self) -> dict[str, str]:
        if self._facts is None:
            self._facts = texts.find_facts()
        return self._facts


@blueprint.app_context_processor
def _around_every_page() -> dict[str, Any]:
    return {"shop_identity": _Identity(), "basket_count": basket.count() if request else 0, "say": wording}


def for_everybody(versions: Versions) -> dict[str, Any]:
    """What of it is nobody's own. Who sells is kept, so a database that does not answer is a fault here, no blank."""
    seller = _sellers.get(version.of(versions, HOUSE), texts.facts_by_column)
    return {"shop_identity": seller, "say": wording}


@blueprint.app_template_global("foot_of")
def _foot_of(seller: _Identity | dict[str, str]) -> str:
    """What is below every page, the same on all of them."""
    facts = seller.facts() if isinstance(seller, _Identity) else seller
    key = (tuple(facts.items()), web.language(), web.static("img/eu.svg"))
    return _feet.get(key, lambda: current_app.jinja_env.get_template("shop/_foot.html").module.foot(facts))  # type: ignore[attr-defined]


@blueprint.app_template_filter("capfirst")
def capfirst(words: str) -> str:
    """The first letter large, the others as they are: 'Venerdì 27 novembre'."""
    return words[:1].upper() + words[1:]


@blueprint.app_template_filter("unbroken")
def unbroken(words: str) -> Markup:
    """Hours stay on one line, '16–18': browsers break after the dash."""
    return Markup(HOURS.sub(r'<span class="number">\g<0></span>', str(escape(words))))  # noqa: S704 - escaped before


@blueprint.before_app_request
def _switch_language() -> AnyResponse | None:
    """`?lang=en` on any page: kept for this visit, then the same page again without it.

    A form that is sent there (`azione=lingua`) is answered at once, with all that was typed in it.
    """
    wanted, is_form = request.args.get("lang"), request.method == "POST" and request.blueprint == blueprint.name
    if wanted not in web.LANGUAGES or not (request.method == "GET" or is_form):
        return None
    session["language"] = wanted
    if is_form:
        return None
    rest = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    here = quote("/" + request.path.lstrip("/"))  # never "//elsewhere"
    return redirect(f"{here}?{rest}" if rest else here, 303)


@blueprint.app_template_global("keeps_no_cookies")
def _keeps_no_cookies() -> bool:
    """Whether a form of ours came back, soon after it was made, without the cookie that had gone out with it.

    Where more time has passed, the browser may have been closed meanwhile.
    """
    signed = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=CSRF_SALT)
    try:
        signed.loads(request.form.get("csrf_token", ""), max_age=SOON)
    except BadData:
        return False
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _let_come_back(response: Response) -> Response:
    """A page that answers a form, with all that a guest typed: the browser alone has it, and back shows it (0021).

    It looks for it by the cookie too, if the answer says so, and this very answer may change that.
    """
    if request.method != "POST" or request.path not in COMES_BACK or response.location or coming_in.KEY in session:
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    current_app.session_interface.save_session(current_app, session, response)  # what else Flask would do after this
    session.modified = False
    session.accessed = False  # as the last: to look at the session is to have looked into it
    response.vary.discard("Cookie")
    return response


@blueprint.record_once
def _come_last(state: BlueprintSetupState) -> None:
    """After all others have looked into the session, Flask-Login among them."""
    state.app.after_request_funcs.setdefault(None, []).insert(0, _let_come_back)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """Pages behind a secret address are not kept, not listed, and tell nobody where one came from (ruling 17)."""
    if request.path.startswith(PRIVATE):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
