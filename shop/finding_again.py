"""Somebody has lost the link of their order: its number and the e-mail bring a new one, by mail (ruling 17)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import inputs, keys, web
from core.doors import OPEN, door
from core.errors import Refused
from orders import lost_links
from shop import asking_who, blueprint
from shop.asking_who import Said

Answer = Response | str | tuple[str, int]


@blueprint.get("/ordini/ritrova")
@door(OPEN, "shop")
def lost_link_page() -> str:
    return _page(Said())


@blueprint.post("/ordini/ritrova")
@door(OPEN, "shop")
@inputs.reads_raw
def find_order_again() -> Answer:
    """The answer is the same for an order that is there and for one that is not."""
    said = asking_who.read(request.form, "ordine", "email")
    if not said.is_complete:
        return _page(said), Refused.status
    lost_links.ask(said.typed["ordine"], said.typed["email"], key=web.form_key_given(), origin=asking_who.origin())
    return redirect(url_for("shop.lost_link_sent"), 303)


@blueprint.get("/ordini/ritrova/inviato")
@door(OPEN, "shop")
def lost_link_sent() -> str:
    return render_template("shop/lost_link_sent.html")


def _page(said: Said) -> str:
    return render_template(
        "shop/lost_link.html",
        said=said,
        messages=list(said.messages.items()),
        key=keys.new(),
        longest=asking_who.LONGEST,
    )
