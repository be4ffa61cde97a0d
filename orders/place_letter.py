"""The letter that says that a place is free at a pick-up that was full: it says too that nobody keeps that place."""

from __future__ import annotations

from email.message import EmailMessage

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from adapters.mail import NoSuchAddress, postman
from catalog import wording
from core import formats
from core.database import db
from core.outbox import Answer, Dropped, Item
from orders import envelopes, letters, terms, texts, waiting
from orders.waiting import Waiting


def send(item: Item) -> Answer:
    """The outbox's handler: dropped where the place is gone again, and then told of the next one."""
    row = db.session.get(Waiting, item.payload["of"], populate_existing=True)
    why = waiting.why_not(row, item.payload["told_at"])
    if row is None or why:
        if why == "full again":
            waiting.wait_again(item.payload["of"])
        return Dropped(why)
    try:
        postman().deliver(write(row, item.message_id))
    except NoSuchAddress:
        return Dropped(letters.REFUSED)
    return None


def write(row: Waiting, message_id: str) -> EmailMessage:
    """Text and HTML, in the language of the page on which somebody asked for it."""
    with force_locale(row.language):
        seller, home = texts.seller(), current_app.config["SETTINGS"].base_url
        when = formats.window(row.pickup.from_at, row.pickup.to_at)
        about = {
            "title": _("Si è liberato un posto: %(when)s", when=when),
            "sentences": sentences(row),
            "order_url": f"{home}/ritiro",
            "leave_url": f"{home}/ritiro/avviso/{waiting.token_of(row)}",
            "seller": seller,
            "identity": terms.identity(seller),
        }
        message = envelopes.envelope(seller, about["title"], ("", row.email), message_id)
        message.set_content(render_template("letters/place_free.txt", **about))
        message.add_alternative(render_template("letters/place_free.html", **about), subtype="html")
    return message


def sentences(row: Waiting) -> list[str]:
    """What there is, and that it is kept for nobody."""
    pickup = row.pickup
    what = {"when": formats.window(pickup.from_at, pickup.to_at), "place": wording.place(pickup.place)}
    return [
        _("volevi sapere se si libera un posto per la consegna di %(when)s, %(place)s: adesso c'è.", **what)
        if pickup.place.kind == "round"
        else _("volevi sapere se si libera un posto per il ritiro di %(when)s, %(place)s: adesso c'è.", **what),
        _(
            "Non lo teniamo da parte per nessuno: è di chi ordina per primo. Si ordina fino a %(moment)s.",
            moment=formats.moment(pickup.cutoff_at),
        ),
        _("Se quando arrivi è di nuovo al completo, puoi chiederci un altro avviso."),
    ]
