"""What stays with the citizen in writing, not behind a link (art. 51(7) and 54-bis Consumer Code), and who sells."""

from __future__ import annotations

from flask_babel import gettext as _

from core import clock, formats
from orders import texts
from orders.models import Order, Seller


def of(order: Order, seller: Seller) -> list[tuple[str, str]]:
    """The terms as far as this order needs them: (title, text)."""
    facts = texts.facts(seller)
    terms = [(_("Le condizioni in breve"), _in_short(facts))]
    if order.pickup.takes_orders_at(clock.now()):
        terms.append((_("Disdire l'ordine"), _until(formats.moment(order.pickup.cutoff_at))))
    if any(line.perishable for line in order.lines):
        terms.append((_("Prodotti deperibili"), _perishable()))
    if not all(line.perishable for line in order.lines):
        terms.append((_("Recesso entro 14 giorni"), _withdrawal(order, facts["email"])))
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


def _in_short(facts: dict[str, str]) -> str:
    return _(
        "Vende %(negozio)s. I prezzi sono con l'IVA. Le cose da pesare si pagano a peso vero, senza la tara, "
        "e mai più del massimo scritto qui sopra. Se qualcosa manca non si paga. "
        "Per un reclamo scrivi a %(email)s o telefona al %(telefono)s. Vale la garanzia legale di conformità.",
        **facts,
    )


def _until(moment: str) -> str:
    return _(
        "Fino a %(moment)s puoi disdire dalla pagina del tuo ordine, senza dire perché e senza pagare.", moment=moment
    )


def _perishable() -> str:
    return _(
        "Per i prodotti freschi, segnati qui sopra, la legge esclude il recesso (art. 59 del Codice del consumo). "
        "Se qualcosa non va bene dillo subito: troviamo un modo."
    )


def _withdrawal(order: Order, email: str) -> str:
    return _(
        "Per gli altri prodotti hai 14 giorni dal ritiro per cambiare idea, senza dire perché. "
        "Scrivi a %(email)s queste parole: «Recedo dal contratto per l'ordine %(number)s», con il tuo nome, i prodotti "
        "e la data. Ti rispondiamo subito per scritto. Ti ridiamo i soldi entro 14 giorni, nello stesso modo in cui "
        "hai pagato.",
        number=order.number,
        email=email,
    )
