"""After hand-over: a few words to those who prepared the crate, on the page of the order. A tutor reads them first."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import inputs, keys, web
from core.doors import OPEN, door
from core.errors import Refused
from orders import links, thanking
from orders.models import Order
from shop import blueprint

Answer = Response | str | tuple[str, int]


@blueprint.get("/ordini/<token>/grazie")
@door(OPEN, "shop")
def thanks_page(token: str) -> Answer:
    order = links.get_order(token)
    return _page(order, token) if thanking.may_write(order) else _to_order(token)


@blueprint.post("/ordini/<token>/grazie")
@door(OPEN, "shop")
@inputs.reads_raw
def write_thanks(token: str) -> Answer:
    order = links.get_order(token)
    try:
        keys.once(web.form_key_given(), lambda: thanking.write(order.id, *_given()))
    except Refused as refused:
        return _page(order, token, refused.sentence), refused.status
    flash(_("Grazie: lo legge prima un tutor, poi chi ha preparato la tua cassetta."))
    return _to_order(token)


@blueprint.post("/ordini/<token>/grazie/togli")
@door(OPEN, "shop")
def take_thanks_back(token: str) -> Answer:
    order = links.get_order(token)
    thanking.take_back(order.id)
    flash(_("Va bene: l'abbiamo tolto."))
    return _to_order(token)


def _given() -> tuple[str, bool]:
    return request.form.get("grazie", ""), bool(request.form.get("firma"))


def _to_order(token: str) -> Response:
    return redirect(url_for("shop.order_page", token=token), 303)


def _page(order: Order, token: str, message: str = "") -> str:
    typed, signed = _given()
    about = {"typed": typed, "signed": signed, "message": message, "key": keys.new()}
    return render_template("shop/thanks.html", order=order, token=token, **about)


@blueprint.context_processor
def _what_was_written() -> dict[str, object]:
    """Asked only where the page of an order shows it."""
    return {"thanks_of": thanking.find, "LONGEST_THANKS": thanking.LONGEST}
