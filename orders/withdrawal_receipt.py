"""The receipt of a withdrawal: what was declared, on which day and at which time, by mail and at once (art. 54-bis).

Its words are ours and not the coordinator's: the law says what stands in it.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from adapters.mail import NoSuchAddress, postman
from core import formats
from core.clock import ROME
from core.outbox import Answer, Dropped, Item
from orders import envelopes, letters, terms, texts, withdrawing
from orders.withdrawing import Withdrawal


def send(item: Item) -> Answer:
    """The outbox's handler. It is true for ever: what was declared was declared."""
    try:
        postman().deliver(write(withdrawing.get(item.payload["of"]), item.message_id))
    except NoSuchAddress:
        return Dropped(letters.REFUSED)
    return None


def write(found: Withdrawal, message_id: str) -> EmailMessage:
    """Text and HTML, in the language of the page on which it was declared."""
    with force_locale(found.language):
        seller = texts.seller()
        about = {
            "title": _("Ricevuta del tuo recesso, ordine %(number)s", number=found.number),
            "found": found,
            "when": when(found.declared_at),
            "what_now": what_now(found),
            "seller": seller,
            "identity": terms.identity(seller),
        }
        message = envelopes.envelope(seller, about["title"], (found.name, found.email), message_id)
        message.set_content(render_template("letters/withdrawal.txt", **about))
        message.add_alternative(render_template("letters/withdrawal.html", **about), subtype="html")
    return message


def when(moment: datetime) -> str:
    """'27 novembre 2026 alle 16:05', in Rome."""
    wall = moment.astimezone(ROME)
    return _("%(day)s alle %(time)s", day=formats.long_day(wall.date()), time=f"{wall:%H:%M}")


def what_now(found: Withdrawal) -> list[str]:
    """What happens next, the same for everybody: nothing here says whether there is such an order."""
    return [
        _("Lo legge una persona. Se serve qualcosa ti scriviamo, o ti telefoniamo."),
        _(
            "Ti ridiamo i soldi entro il %(day)s, nello stesso modo in cui hai pagato. Se recedi da tutto l'ordine, "
            "anche quelli della consegna.",
            day=formats.long_day(found.due_at.astimezone(ROME).date()),
        ),
        _("Riporta i prodotti a un nostro ritiro entro 14 giorni. Se non hai ancora la cassetta, non devi fare nulla."),
        excluded_words(),
    ]


def excluded_words() -> str:
    """Calmly, and why."""
    return _(
        "Frutta, verdura, erbe e uova fresche restano fuori: durano poco, e la legge non dà il recesso (articolo 59 "
        "del Codice del consumo). Se una cosa fresca non era buona, diccelo: troviamo un modo."
    )
