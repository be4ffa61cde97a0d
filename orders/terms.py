"""What stays with the citizen in writing, not behind a link (art. 51(7) and 54-bis Consumer Code), and who sells."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from catalog import wording
from core import clock, formats
from core.clock import ROME
from orders import links, reasons
from orders.models import Order, Seller


def of(order: Order, seller: Seller) -> list[tuple[str, str]]:
    """The terms as far as this order needs them: (title, text)."""
    terms = [(_("Le condizioni in breve"), _in_short(seller)), (_("Se qualcosa manca"), substitution(order))]
    if order.pickup.takes_orders_at(clock.now()):
        terms.append((_("Cambiare o disdire"), _until(formats.moment(order.pickup.cutoff_at))))
    terms.append((_("Se in casa non c'è nessuno") if order.address else _("Se non vieni"), _not_collected(order)))
    if any(line.perishable for line in order.lines):
        terms.append((_("Prodotti deperibili"), _perishable()))
    if not all(line.perishable for line in order.lines):
        terms.append((_("Recesso entro 14 giorni"), _withdrawal(order, seller)))
    return terms


def identity(seller: Seller) -> list[str]:
    """Who sells, line by line; what nobody has filled in is left out."""
    named = [
        ("", seller.address),
        ("", seller.email),
        ("", seller.phone),
        (_("PEC"), seller.pec),
        (_("Partita IVA"), seller.vat_number),
        (_("REA"), seller.rea),
        (_("Albo cooperative"), seller.cooperative_register),
    ]
    return [f"{name} {value}".strip() for name, value in named if value]


def substitution(order: Order) -> str:
    """What was agreed about things that are missing (italian-rules 3: a replacement only with prior consent)."""
    if any(line.may_substitute for line in order.ordered_lines):
        return _("Possiamo mettere una cosa simile al suo posto, mai più cara: lo hai scelto tu.")
    return _("Non mettiamo altro al suo posto, e non lo paghi.")


def where(order: Order) -> str:
    """Where the crate is handed over: the door of a round, else the place with its address."""
    return order.address or wording.where(wording.place(order), order.pickup.place.address)


def kept_until(order: Order) -> datetime:
    """A crate that nobody collected waits until noon of the next day (docs/decisions/0010)."""
    day = order.pickup.day
    if order.not_collected_at:
        day = max(day, order.not_collected_at.astimezone(ROME).date())
    return end_of_keeping(day)


def end_of_keeping(day: date) -> datetime:
    """Until when a crate of this day waits."""
    return clock.rome(day + timedelta(days=1), 12)


def is_called_off(order: Order) -> bool:
    """Whether it was us: its whole pick-up did not take place. Else the citizen cancelled, or somebody for them."""
    return order.cancelled_at is not None and order.cancelled_at == order.pickup.cancelled_at


def called_off_why(order: Order) -> str:
    """In the language of whoever reads it; empty where it was not us."""
    is_us = is_called_off(order) or reasons.is_ours(order.cancelled_why)
    return reasons.say(order.cancelled_why) if is_us else ""


def _in_short(seller: Seller) -> str:
    weight = _(
        "I prezzi sono con l'IVA. Le cose da pesare si pagano a peso vero, senza la tara, e mai più del massimo "
        "scritto qui sopra. Se qualcosa manca non si paga."
    )
    who = _("Vende %(negozio)s.", negozio=seller.name) if seller.name else ""
    guarantee = _("Vale la garanzia legale di conformità.")
    return " ".join(part for part in (who, weight, _complaints(seller), guarantee) if part)


def _complaints(seller: Seller) -> str:
    if seller.email and seller.phone:
        return _("Per un reclamo scrivi a %(email)s o telefona al %(phone)s.", email=seller.email, phone=seller.phone)
    if seller.email:
        return _("Per un reclamo scrivi a %(email)s.", email=seller.email)
    return _("Per un reclamo telefona al %(phone)s.", phone=seller.phone) if seller.phone else ""


def _until(moment: str) -> str:
    return _(
        "Fino a %(moment)s puoi cambiare o disdire dalla pagina del tuo ordine, senza dire perché. "
        "Se disdici non paghi nulla.",
        moment=moment,
    )


def _not_collected(order: Order) -> str:
    """The same for a stall and for a door (docs/decisions/0010); from a door the crate comes back first."""
    if order.address:
        return _(
            "Se quando arriviamo non c'è nessuno, la cassetta torna in cascina e ti aspetta lì fino a mezzogiorno del "
            "giorno dopo: telefonaci. Poi la verdura va a chi ne ha bisogno. Non paghi nulla."
        )
    return _(
        "Teniamo la cassetta fino a mezzogiorno del giorno dopo: telefonaci. Poi la verdura va a chi ne ha bisogno. "
        "Non paghi nulla."
    )


def _perishable() -> str:
    return _(
        "Per i prodotti freschi, segnati qui sopra, la legge esclude il recesso (art. 59 del Codice del consumo). "
        "Se qualcosa non va bene dillo subito: troviamo un modo."
    )


def _withdrawal(order: Order, seller: Seller) -> str:
    return _(
        "Per gli altri prodotti hai 14 giorni dal ritiro per cambiare idea, senza dire perché. "
        "Usa la pagina «Recedere dal contratto qui» (%(page)s): la ricevuta arriva subito. "
        "Oppure per mail o per lettera. Scrivi a %(who)s queste parole: «Recedo dal contratto per l'ordine "
        "%(number)s», con il tuo nome, i prodotti "
        "e la data. Ti rispondiamo subito per scritto. Ti ridiamo i soldi entro 14 giorni, nello stesso modo in cui "
        "hai pagato.",
        number=order.number,
        page=links.withdrawal_url(),
        who=seller.email or seller.address or _("noi"),
    )
