"""Pages in words that the coordinator may change: terms, withdrawal, data, accessibility, who we are."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from core import web
from core.doors import OPEN, door
from core.errors import NotFound
from orders import texts
from shop import blueprint


@blueprint.get("/pagine/<slug>")
@door(OPEN, "shop")
def text_page(slug: str) -> str:
    if slug not in texts.PAGES:
        raise NotFound(_("Questa pagina non c'è."))
    words = texts.get("page", slug, web.language()).filled(texts.facts())
    return render_template("shop/text.html", words=words, slug=slug)
