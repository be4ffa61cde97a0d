"""Pages in words that the coordinator may change: terms, withdrawal, data, accessibility, who we are."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _

from core import web
from core.doors import OPEN, door
from core.errors import NotFound
from orders import documents, texts
from shop import blueprint


@blueprint.get("/pagine/<slug>")
@door(OPEN, "shop")
def text_page(slug: str) -> str:
    if slug not in texts.PAGES:
        raise NotFound(_("Questa pagina non c'è."))
    words = texts.get("page", slug, web.language()).filled(texts.facts())
    return render_template("shop/text.html", words=words, slug=slug)


@blueprint.get("/pagine/condizioni.pdf")
@door(OPEN, "paper")
def terms_paper() -> Response:
    """The terms that are in force now, in the language of the page."""
    return Response(
        documents.terms_of_sale(),
        mimetype="application/pdf",
        headers={"Content-Disposition": 'inline; filename="condizioni-di-vendita.pdf"'},
    )
