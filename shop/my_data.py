"""All that we keep about whoever has come in: to read, to print, to take along (art. 15 and 20 GDPR)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response as FileResponse
from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import OPEN, door
from core.outbox import Item
from orders import explaining, own_data, withdrawal_receipt
from shop import blueprint, coming_in, my_orders

Answer = Response | str


@blueprint.get("/i-tuoi-ordini/dati")
@door(OPEN, "shop")
def my_data() -> Answer:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    own = own_data.collect(account)
    return render_template(
        "shop/my_data.html",
        own=own,
        lines={order.id: explaining.lines(order) for order in own.orders},
        bills={order.id: explaining.bill(order) for order in own.orders},
        state=my_orders.state,
        when=my_orders.when,
        moment=withdrawal_receipt.when,
        letter=letter,
    )


@blueprint.get("/i-tuoi-ordini/dati.json")
@door(OPEN, "machine")
def my_data_file() -> Response:
    account = coming_in.find()
    if account is None:
        return coming_in.to_entrance()
    return FileResponse(
        own_data.as_json(own_data.collect(account)),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="i-tuoi-dati.json"'},
    )


def letter(item: Item) -> str:
    """What it was about."""
    words: Mapping[str, str] = {
        "received": _("Ordine ricevuto"),
        "changed": _("Ordine cambiato"),
        "ready": _("Cassetta pronta, con il prezzo vero"),
        "reminder": _("Il ritiro è domani"),
        "cancelled": _("Ordine disdetto"),
        "called_off": _("Il ritiro non si fa"),
        "moved": _("Ritiro spostato"),
        "refund": _("Soldi ridati"),
        "not_collected": _("Cassetta non ritirata"),
        "link": _("Il link dell'ordine, di nuovo"),
        "withdrawal": _("Ricevuta di un recesso"),
    }
    return words.get(item.payload.get("letter", ""), _("Lettera"))
