"""All orders of one address on one page, the newest first; each leads to its own page by a link of its own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, formats, inputs
from core.doors import OPEN, door
from core.errors import NotFound
from orders import citizens, links
from orders.models import Order, Status
from shop import blueprint, coming_in

ON_A_PAGE = 20

Answer = Response | str


@blueprint.get("/i-tuoi-ordini")
@door(OPEN, "shop")
def my_orders() -> Answer:
    """Whoever has not come in is asked for their address here."""
    account = coming_in.find()
    if account is None:
        return coming_in.entrance()
    skip = inputs.whole_number(request.args.get("dopo")) or 0
    found = citizens.orders_of(account, skip=skip, most=ON_A_PAGE + 1)
    return render_template(
        "shop/my_orders.html",
        account=account,
        orders=found[:ON_A_PAGE],
        when=when,
        states={order.id: state(order) for order in found},
        opens=links.surely_open,
        skip=skip,
        newer=max(0, skip - ON_A_PAGE),
        older=skip + ON_A_PAGE if len(found) > ON_A_PAGE else 0,
        credit=citizens.credit_of(account),
    )


@blueprint.post("/i-tuoi-ordini/apri/<int:order_id>")
@door(OPEN, "shop")
def open_order(order_id: int) -> Answer:
    """By a new secret address, as every letter has one (ruling 17)."""
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    order = citizens.get_order(account, order_id)
    if not links.surely_open(order):
        raise NotFound(_("Questo ordine è vecchio: la sua pagina è chiusa. Quello che c'era lo trovi tra i tuoi dati."))
    return redirect(url_for("shop.order_page", token=links.make(order)), 303)


def when(order: Order) -> str:
    """'sabato 14 novembre, 16–18'; with its year where it is another one."""
    pickup = order.pickup
    if pickup.day.year == clock.today().year:
        return formats.window(pickup.from_at, pickup.to_at)
    return f"{formats.long_day(pickup.day)}, {formats.hours(pickup.from_at, pickup.to_at)}"


def state(order: Order) -> str:
    """In one or two words."""
    words: Mapping[Status, str] = {
        Status.RECEIVED: _("Ricevuto"),
        Status.PREPARING: _("In preparazione"),
        Status.READY: _("Pronto"),
        Status.HANDED_OVER: _("Consegnato"),
        Status.NOT_COLLECTED: _("Non ritirato"),
        Status.CANCELLED: _("Disdetto"),
    }
    return words[order.status]
