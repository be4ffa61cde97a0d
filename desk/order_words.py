"""How orders, what was paid for them and what was written about them are said to the staff."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import wording
from catalog.models import Product
from core import clock, formats
from core.formats import easy_weight, euro, weight
from core.outbox import Item
from orders.models import Order, OrderLine, Source, Status

RING_FROM = 2  # crates that nobody came for: from here on somebody rings before preparing


def source(order: Order) -> str:
    return {Source.WEB: _("sito"), Source.PHONE: _("telefono"), Source.STALL: _("banco")}[Source(order.source)]


def payment(kind: str) -> str:
    words = {
        "cash": _("contanti"),
        "card_terminal": _("carta, con il terminale"),
        "card": _("carta, dal sito"),
        "voucher": _("buono"),
        "credit": _("credito"),
        "rounding": _("arrotondamento dei contanti"),
    }
    return words[kind]


def how(kind: str) -> str:
    """How money went back."""
    words = {
        "cash": _("in contanti"),
        "card_terminal": _("sulla carta, con il terminale"),
        "card": _("sulla carta"),
        "credit": _("come credito"),
    }
    return words[kind]


def due(order: Order) -> str:
    """What is still to be paid, in the fewest words."""
    if order.due < 0:
        return _("da ridare %(sum)s", sum=euro(-order.due))
    if not order.is_owed:
        return _("nulla")
    if order.due == 0:
        return _("pagato")
    return euro(order.due) if order.is_prepared else _("circa %(sum)s", sum=euro(order.due))


def is_late(order: Order) -> bool:
    """Added after the cut-off: its goods are on no list that was printed before."""
    return order.placed_at >= order.pickup.cutoff_at


def marks(order: Order) -> list[str]:
    """What one should know before one takes the crate."""
    found = [
        (bool(order.note), _("nota")),
        (bool(order.collector), _("ritira un'altra persona")),
        (any(line.may_substitute and not line.is_prepared for line in order.lines), _("si può sostituire")),
        (order.crates > 1, ngettext("%(num)s cassetta", "%(num)s cassette", order.crates)),
        (is_late(order), _("in ritardo")),
    ]
    return [words for is_so, words in found if is_so]


def why_price(line: OrderLine) -> list[str]:
    """Why a line costs what it costs, a sentence each."""
    if line.state == "missing":
        return [_("Non c'era: non si paga.")]
    told = [_counted(line)]
    if line.tare_grams:
        told.append(_("Tara tolta: %(weight)s.", weight=easy_weight(line.tare_grams)))
    if line.state == "short":
        told.append(_("Chiesto: %(amount)s.", amount=wording.amount(line, line.quantity)))
    if line.gift:
        told.append(_("Il massimo era %(sum)s: %(gift)s sono un regalo.", sum=euro(line.maximum), gift=euro(line.gift)))
    if line.lot and line.is_prepared:
        told.append(_lot(line.lot))
    return told


def _lot(lot: str) -> str:
    """The day of the harvest, or the number that somebody wrote down."""
    try:
        return _("Raccolto %(day)s.", day=formats.day(date.fromisoformat(lot)))
    except ValueError:
        return _("Lotto: %(lot)s.", lot=lot)


def _counted(line: OrderLine) -> str:
    price = f"{euro(line.price)} {wording.per(line)}"
    if line.final is None:
        asked = _("%(amount)s, %(price)s.", amount=wording.amount(line, line.quantity), price=price)
        most = _("Al massimo %(sum)s.", sum=euro(line.maximum))
        return f"{asked} {most}" if line.is_weighed else asked
    if line.is_weighed:
        return _("%(weight)s × %(price)s.", weight=wording.scale_weight(line.weighed_grams or 0), price=price)
    packed = line.packed if line.packed is not None else line.quantity
    return _("%(amount)s, %(price)s.", amount=wording.amount(line, packed), price=price)


def option(product: Product, quantity: int) -> str:
    """'500 g, 1,45 €', '2 mazzi, 3,60 €': short enough for a list on a phone."""
    return f"{_how_much(product, quantity)}, {euro(product.estimate(quantity))}"


def left(product: Product) -> str:
    """'ancora 23,5 kg', 'ancora 4 mazzi': whole steps that can still be promised."""
    whole = product.left // product.step * product.step
    return _("ancora %(how_much)s", how_much=_how_much(product, whole)) if whole else _("finito per ora")


def _how_much(product: Product, quantity: int) -> str:
    if product.is_ordered_in_grams:
        return weight(quantity)
    return wording.pieces(product, quantity)


def letter(item: Item) -> str:
    """What it is about."""
    words = {
        "received": _("Ordine ricevuto"),
        "changed": _("Ordine cambiato"),
        "ready": _("Cassetta pronta, con il prezzo vero"),
        "reminder": _("Il ritiro è domani"),
        "cancelled": _("Ordine disdetto"),
        "called_off": _("Il ritiro non si fa"),
        "moved": _("Ritiro spostato"),
        "refund": _("Soldi ridati"),
        "not_collected": _("Cassetta non ritirata"),
    }
    return words.get(item.payload.get("letter", ""), _("Lettera"))


def letter_state(item: Item) -> str:
    """Where it is now, and why it did not leave."""
    if item.state == "sent":
        return _("partita %(moment)s", moment=formats.short_moment(item.ended_at or item.due_at))
    if item.state == "dropped":
        why = {
            "undone": _("qualcuno è tornato indietro"),
            "no longer true": _("non era più vero"),
            "no address": _("manca l'e-mail"),
        }
        return _("non è partita: %(why)s", why=why.get(item.words, _("non serviva più")))
    if item.attempts and item.state == "waiting":
        return _("la posta non risponde, riproviamo")
    if item.state == "claimed" or item.due_at <= clock.now():
        return _("sta partendo")
    return _("parte %(moment)s", moment=formats.short_moment(item.due_at))


def status_tag(order: Order) -> str:
    """Which look the state has: what is still to be done stands out."""
    return "tag-wait" if order.status in (Status.RECEIVED, Status.PREPARING) else ""
