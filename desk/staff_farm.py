"""One calm page with the doors to everything about the farm that is not today's work."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from core.doors import door
from desk import blueprint
from people.capabilities import Capability
from people.entering import me


@dataclass(frozen=True)
class Way:
    """A door: where it leads, its words, its picture, what one finds there, and who may go in."""

    address: str
    words: str
    icon: str
    what: str
    capability: Capability


@blueprint.get("/cascina")
@door(Capability.KEEP_STOCK, "tutor")
def farm() -> str:
    """Only the doors that this person may open."""
    ways = [(title, [way for way in some if me().can(way.capability)]) for title, some in _ways()]
    return render_template("desk/staff/farm.html", groups=[(title, some) for title, some in ways if some])


def _ways() -> list[tuple[str, list[Way]]]:
    """What is sold and where comes first; whoever builds a door adds its line to the group where one looks for it."""
    return [
        (_("Che cosa e dove"), _of_goods()),
        (_("Soldi e carte"), _of_papers()),
        (_("Parole e memoria"), _of_words()),
    ]


def _of_goods() -> list[Way]:
    stock, land = Capability.KEEP_STOCK, Capability.KEEP_CATALOG
    return [
        Way("/banco/prodotti", _("Prodotti"), "jar", _("prezzi, quanti ne abbiamo, la vetrina"), stock),
        Way("/banco/iva", _("IVA"), "price", _("le voci e le aliquote, con il giorno da cui valgono"), land),
        Way("/banco/campi", _("Campi"), "harvest", _("da dove viene la verdura, e quanti chilometri fa"), land),
        Way("/banco/luoghi", _("Luoghi"), "place", _("i banchi, i giri a domicilio e le loro zone"), land),
        Way("/banco/ciotole", _("Ciotole"), "scale", _("che cosa sta sulla bilancia, e quanto pesa vuoto"), land),
    ]


def _of_papers() -> list[Way]:
    return [
        Way("/banco/incassi", _("Incassi"), "coins", _("giorno per giorno, con l'IVA"), Capability.SEE_TAKINGS),
        Way("/banco/buoni", _("Buoni spesa"), "price", _("farli, stamparli, fermarli"), Capability.KEEP_VOUCHERS),
        Way(
            "/banco/recessi", _("Recessi"), "swap", _("chi ha cambiato idea, e che cosa ridare"), Capability.KEEP_ORDERS
        ),
    ]


def _of_words() -> list[Way]:
    letters, texts = Capability.KEEP_ORDERS, Capability.KEEP_TEXTS
    return [
        Way(
            "/banco/partenze", _("Che cosa parte"), "mail", _("le lettere che aspettano, e quelle da fermare"), letters
        ),
        Way("/banco/grazie", _("Grazie"), "thanks", _("che cosa scrive chi ha ordinato, prima che si veda"), letters),
        Way("/banco/diario", _("Diario"), "look", _("che cosa è successo, e come si torna indietro"), letters),
        Way("/banco/testi", _("Testi"), "label", _("le parole delle lettere e delle pagine"), texts),
        Way(
            "/banco/dati",
            _("I nostri dati"),
            "farm",
            _("nome, indirizzo, partita IVA, e come è messa la bottega"),
            texts,
        ),
    ]
