"""What every page of ours has around it: language, seller, basket, words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from catalog import version, wording
from catalog.version import HOUSE, Versions
from core import web
from core.keeping import Keeper
from orders import texts
from shop import basket, blueprint

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


@blueprint.before_app_request
def _switch_language() -> AnyResponse | None:
    """`?lang=en` on any page: kept for this visit, then the same page again without it."""
    wanted = request.args.get("lang")
    if request.method != "GET" or wanted not in ("it", "en"):
        return None
    session["language"] = wanted
    rest = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    here = quote("/" + request.path.lstrip("/"))  # never "//elsewhere"
    return redirect(f"{here}?{rest}" if rest else here, 303)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """Pages behind a secret address are not kept, not listed, and tell nobody where one came from (ruling 17)."""
    if request.path.startswith(PRIVATE):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
