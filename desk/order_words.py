"""How orders, what was paid for them and what was written about them are said to the staff."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import wording
from catalog.models import Product
from core import clock, formats
from core.formats import easy_weight, euro, weight
from core.outbox import Item
from desk import text_words
from orders import reasons
from orders.models import Order, OrderLine, Payment, Source, Status

RING_FROM = 2  # crates that nobody came for: from here on somebody rings before preparing


def source(order: Order) -> str:
    return {Source.WEB: _("sito"), Source.PHONE: _("telefono"), Source.STALL: _("banco")}[Source(order.source)]


def payment(entry: Payment) -> str:
    """Which way money came in, or went back."""
    paid, back = {
        "cash": (_("Pagato in contanti"), _("Ridato in contanti")),
        "card_terminal": (_("Pagato con la carta"), _("Ridato sulla carta")),
        "card": (_("Pagato con la carta, dal sito"), _("Ridato sulla carta")),
        "voucher": (_("Pagato con un buono"), _("Ridato come buono")),
        "credit": (_("Pagato con il credito"), _("Ridato come credito")),
        "rounding": (_("Arrotondamento dei contanti"), _("Arrotondamento dei contanti")),
    }[entry.kind]
    return paid if entry.amount >= 0 else back


def how(kind: str) -> str:
    """How money went back."""
    return {
        "cash": _("in contanti"),
        "card_terminal": _("sulla carta, con il terminale"),
        "card": _("sulla carta"),
        "voucher": _("sul buono"),
        "credit": _("come credito"),
    }[kind]


def why(stored: str | None) -> str:
    """Why it was called off, or why money went back."""
    return reasons.say(stored)


def due(order: Order) -> str:
    """What is still to be paid, in the fewest words."""
    if order.due < 0:
        return _("da ridare %(sum)s", sum=euro(-order.due))
    if not order.is_owed:
        return _("nulla")
    if order.to_pay == 0:
        return _("paga il buono") if order.held else _("pagato")
    return euro(order.to_pay) if order.is_prepared else _("circa %(sum)s", sum=euro(order.to_pay))


def marks(order: Order, *, is_late: bool) -> list[str]:
    """What one should know before one takes the crate. ``is_late``: as `finding.late` says."""
    found = [
        (bool(order.note), _("nota")),
        (bool(order.collector), _who_else(order)),
        (any(line.may_substitute and not line.is_prepared for line in order.lines), _("si può sostituire")),
        (order.crates > 1, ngettext("%(num)s cassetta", "%(num)s cassette", order.crates)),
        (is_late, _("in ritardo")),
    ]
    return [words for is_so, words in found if is_so]


def _who_else(order: Order) -> str:
    return _("apre un'altra persona") if order.pickup.place.kind == "round" else _("ritira un'altra persona")


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
        told.append(wording.lot(line))
    return told


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
    return text_words.letter(item.payload.get("letter", ""))


def letter_state(item: Item) -> str:
    """Where it is now, and why it did not leave."""
    if item.state == "sent":
        return _("partita %(moment)s", moment=formats.short_moment(item.ended_at or item.due_at))
    if item.state == "dropped":
        why = {
            "undone": _("qualcuno è tornato indietro"),
            "no longer true": _("non era più vero"),
            "no address": _("manca l'e-mail"),
            "stopped": _("l'abbiamo fermata noi"),
            "full again": _("il posto era già preso"),
            "closed again": _("non si ordinava più"),
            "waits no more": _("non aspettava più"),
            "has ordered": _("aveva già ordinato"),
            "no such address": _("la posta dice che l'indirizzo non esiste"),
            "forgotten": _("i dati di chi ha ordinato sono stati tolti"),
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
