"""An order's own page behind its secret address: where it is, what it costs and why, and taking it back."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import web
from core.doors import OPEN, door
from core.errors import Conflict
from orders import cancelling, crates, handing_over, links, vat
from orders.models import Order, Status
from shop import blueprint

STEPS = (Status.RECEIVED, Status.PREPARING, Status.READY, Status.HANDED_OVER)


@blueprint.get("/ordini/<token>")
@door(OPEN, "shop")
def order_page(token: str) -> str:
    order = links.get_order(token)
    return render_template(
        "shop/order.html",
        order=order,
        token=token,
        steps=_steps(),
        done=STEPS.index(order.status) + 1 if order.status in STEPS else 0,
        crate=_crate(order),
        cash=handing_over.cash_due(order),
        vat=vat.rows(order),
        payments=[(_payment_words(payment.kind), payment.amount) for payment in order.payments],
        may_cancel=cancelling.may_cancel(order),
    )


@blueprint.get("/ordini/<token>/disdici")
@door(OPEN, "shop")
def cancel_page(token: str) -> str | Response:
    order = links.get_order(token)
    if not cancelling.may_cancel(order):
        return redirect(url_for("shop.order_page", token=token), 303)
    return render_template("shop/cancel.html", order=order, token=token, sentence="")


@blueprint.post("/ordini/<token>/disdici")
@door(OPEN, "shop")
def cancel_order(token: str) -> Response | tuple[str, int]:
    order = links.get_order(token)
    try:
        cancelling.cancel(order.id, why="citizen")
    except Conflict as refused:
        page = render_template("shop/cancel.html", order=order, token=token, sentence=refused.sentence)
        return page, refused.status
    return redirect(url_for("shop.order_page", token=token), 303)


def _steps() -> list[str]:
    return [_("Ricevuto"), _("In preparazione"), _("Pronto"), _("Consegnato")]


def _crate(order: Order) -> tuple[int, str] | None:
    """Number and picture's name, from ready on (ruling 14)."""
    if order.crate is None or order.status not in (Status.READY, Status.HANDED_OVER):
        return None
    return order.crate, crates.picture_name(order.crate, web.language())


def _payment_words(kind: str) -> str:
    words = {
        "cash": _("In contanti"),
        "card_terminal": _("Con la carta, al ritiro"),
        "card": _("Con la carta"),
        "voucher": _("Con un buono"),
        "credit": _("Con un credito"),
        "rounding": _("Arrotondamento dei contanti"),
    }
    return words[kind]
