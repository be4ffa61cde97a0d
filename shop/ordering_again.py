"""The same order once more: what is still on sale goes into the basket, as much as is left; the rest is said."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import wording
from core.doors import OPEN, door
from orders import links
from orders.models import Order, Status
from shop import basket, blueprint
from shop.basket import Line

OVER = (Status.HANDED_OVER, Status.CANCELLED, Status.NOT_COLLECTED)


def may_order_again(order: Order) -> bool:
    return order.status in OVER


@blueprint.post("/ordini/<token>/ancora")
@door(OPEN, "shop")
def order_again(token: str) -> Response:
    """What is in the basket already stays; of the same product there is then the larger quantity, so twice is once."""
    order = links.get_order(token)
    if not may_order_again(order):
        return redirect(url_for("shop.order_page", token=token), 303)
    had, wanted = basket.quantities(), {line.product_id: line.quantity for line in order.ordered_lines}
    lines = {line.product.id: line for line in basket.lines_of(wanted)}
    for product_id, line in lines.items():
        basket.put(product_id, max(had.get(product_id, 0), min(line.quantity, line.most)))
    for sentence in (_gone(order, lines), _fewer(lines)):
        if sentence:
            flash(sentence)
    flash(_("Nel carrello c'è di nuovo quello che avevi ordinato. Guarda le quantità.") if _any(lines) else _none())
    return redirect(url_for("shop.basket_page"), 303)


def _any(lines: dict[int, Line]) -> bool:
    return any(line.most for line in lines.values())


def _none() -> str:
    return _("Di quello che avevi ordinato adesso non c'è niente. Guarda che cosa c'è questa settimana.")


def _gone(order: Order, lines: dict[int, Line]) -> str:
    names = [
        wording.name(line)
        for line in order.ordered_lines
        if line.product_id not in lines or not lines[line.product_id].most
    ]
    return _("Adesso non c'è: %(names)s.", names=", ".join(names)) if names and _any(lines) else ""


def _fewer(lines: dict[int, Line]) -> str:
    fewer = [
        f"{wording.name(line.product)} {wording.amount(line.product, line.most)}"
        for line in lines.values()
        if 0 < line.most < line.quantity
    ]
    return _("Ne resta di meno: %(names)s.", names=", ".join(fewer)) if fewer else ""
