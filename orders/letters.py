"""Letters to citizens: put into the outbox with the deed, rendered when sent, dropped when no longer true."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from adapters.mail import postman
from catalog import wording
from core import clock, formats, outbox
from core.outbox import Dropped, Item
from orders import finding, links, terms, texts, vat
from orders.models import Order


def received(order: Order) -> None:
    """Answers the citizen's own deed: leaves at once."""
    _put("received", order)


def cancelled(order: Order) -> None:
    """Answers the citizen's own deed: leaves at once."""
    _put("cancelled", order)


def ready(order: Order, *, deed: str) -> None:
    """Follows a deed at the desk: waits, so that undo can win."""
    _put("ready", order, deed=deed)


def send(item: Item) -> Dropped | None:
    """The outbox's handler for letters."""
    order = finding.get(item.order_id or 0)
    name = item.payload["letter"]
    if not _is_still_true(name, order):
        return Dropped("no longer true")
    if not order.email:
        return Dropped("no address")
    postman().deliver(write(name, order, links.make(order), item.message_id))
    return None


def write(name: str, order: Order, token: str, message_id: str) -> EmailMessage:
    """The whole letter, text and HTML, in the citizen's language."""
    with force_locale(order.language):
        seller = texts.seller()
        words = texts.get("letter", name, order.language).filled(_facts(order))
        about = {
            "order": order,
            "words": words,
            "seller": seller,
            "url": links.url(token),
            "letter": name,
            "say": wording,
            "vat": vat.rows(order),
            "terms": terms.of(order, seller),
            "identity": terms.identity(seller),
        }
        message = EmailMessage()
        message["Subject"] = words.title
        message["From"] = formataddr((seller.name or "chilometrico", seller.email or _own_address()))
        message["To"] = formataddr((order.customer, order.email or ""))
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(render_template("letters/order.txt", **about))
        message.add_alternative(render_template("letters/order.html", **about), subtype="html")
    return message


def _put(name: str, order: Order, *, deed: str | None = None) -> None:
    """Practice sends nothing (ruling 15), nor does an order without an address."""
    if order.practice or not order.email:
        return
    outbox.put(
        "letter",
        f"letter:{name}:{order.id}",
        order_id=order.id,
        deed=deed,
        not_before=outbox.after_undo_time() if deed else None,
        letter=name,
    )


def _is_still_true(name: str, order: Order) -> bool:
    match name:
        case "cancelled":
            return not order.stands
        case "ready":
            return order.stands and order.ready_at is not None
        case _:
            return order.stands


def _facts(order: Order) -> dict[str, str]:
    return {
        "nome": order.first_name,
        "numero": order.number,
        "ritiro": formats.window(order.pickup.from_at, order.pickup.to_at),
        "luogo": order.place_name,
        "totale": formats.euro(order.total),
        "massimo": formats.euro(order.maximum),
        "termine": formats.moment(order.pickup.cutoff_at),
        "negozio": texts.seller().name or _("la nostra cascina"),
    }


def _own_address() -> str:
    host = current_app.config["SETTINGS"].base_url.split("://")[-1].split("/")[0].split(":")[0]
    return f"ordini@{host if '.' in host else 'chilometrico.example'}"
