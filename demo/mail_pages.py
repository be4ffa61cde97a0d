"""The letters of the demo: those that "left" and stayed in the house, and those that still wait for undo."""

from __future__ import annotations

import email
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from adapters.models import KeptMail
from core.database import db
from core.doors import OPEN, door
from core.errors import NotFound
from core.outbox import Item
from core.web import CSP
from demo import blueprint
from orders.models import Order

LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""A letter is somebody else's page: its own inline style, nothing that runs, only inside our frame."""

MOST = 200
NAMES = {
    "received": _l("Ordine ricevuto"),
    "changed": _l("Ordine cambiato"),
    "ready": _l("Cassetta pronta"),
    "reminder": _l("Il ritiro è domani"),
    "cancelled": _l("Ordine disdetto"),
    "called_off": _l("Il ritiro non si fa"),
    "moved": _l("Ritiro spostato"),
    "refund": _l("Soldi ridati"),
    "not_collected": _l("Cassetta non ritirata"),
}
HEADERS = {"From": _l("Da"), "To": _l("A"), "Date": _l("Partita"), "Message-ID": _l("Numero")}


@dataclass(frozen=True)
class Letter:
    """A kept mail, taken apart."""

    kept: KeptMail
    headers: list[tuple[LazyString, str]]
    text: str
    html: str


@blueprint.get("/posta")
@door(OPEN, "tutor")
def mails() -> str:
    kept = db.session.scalars(select(KeptMail).order_by(KeptMail.at.desc(), KeptMail.id.desc()).limit(MOST))
    waiting = select(Item, Order).outerjoin(Order, Order.id == Item.order_id)
    waiting = waiting.where(Item.state.in_(("waiting", "claimed"))).order_by(Item.try_after).limit(MOST)
    return render_template(
        "demo/mails.html",
        mails=list(kept),
        waiting=db.session.execute(waiting).all(),
        names=NAMES,
        here="mail",
    )


@blueprint.get("/posta/<int:mail_id>")
@door(OPEN, "tutor")
def mail(mail_id: int) -> Response:
    answer = make_response(render_template("demo/mail.html", letter=_letter(mail_id), here="mail"))
    answer.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return answer


@blueprint.get("/posta/<int:mail_id>/html")
@door(OPEN, "machine")
def mail_html(mail_id: int) -> Response:
    answer = make_response(_letter(mail_id).html)
    answer.headers["Content-Security-Policy"] = LETTER_CSP
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _letter(mail_id: int) -> Letter:
    kept = db.session.get(KeptMail, mail_id)
    if kept is None:
        raise NotFound(_("Questa lettera non c'è."))
    message = email.message_from_string(kept.raw, policy=modern)
    headers = [(words, str(message[name])) for name, words in HEADERS.items() if message[name]]
    return Letter(kept, headers, _part(message, "plain"), _part(message, "html"))


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""
