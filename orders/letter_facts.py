"""What letters may say in words that the coordinator changes: {nome}, {ritiro} and so on.

A fact that is missing leaves no hole: sentences that not every letter has ({credito}, {motivo}) are whole sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from catalog import wording
from core import clock, formats, journal
from orders import balances, explaining, paying, reasons, terms, texts
from orders.models import Order, Seller
from orders.texts import Words


def fill(words: Words, order: Order, seller: Seller, more: Mapping[str, Any]) -> Words:
    """The letter's words with everything filled in. ``more`` is what the deed kept for it."""
    filled = words.filled(facts(order, seller, more))
    return Words(_tidy(filled.title), _tidy(filled.body))


def facts(order: Order, seller: Seller, more: Mapping[str, Any]) -> dict[str, str]:
    """Everything that can be filled in, by its name: {nome}, {ritiro} and so on."""
    return {**_seller(seller), **_order(order, seller), **_deed(order, more)}


def _seller(seller: Seller) -> dict[str, str]:
    return {
        "negozio": seller.name or _("la nostra cascina"),
        "telefono": seller.phone or seller.email or texts.facts(seller)["telefono"],
        "chiamaci": _call_us(seller),
    }


def _order(order: Order, seller: Seller) -> dict[str, str]:
    begin, end = order.pickup.from_at, order.pickup.to_at
    return {
        "nome": order.first_name,
        "numero": order.number,
        "ritiro": formats.window(begin, end),
        "luogo": order.address or wording.place(order),
        "appuntamento": _meeting(order),
        "il_ritiro": pgettext("shop", "la consegna") if order.address else _("il ritiro"),
        "Il_ritiro": pgettext("shop", "La consegna") if order.address else _("Il ritiro"),
        "totale": formats.euro(order.total),
        "massimo": formats.euro(order.maximum),
        "pagare": _what_to_pay(order),
        "termine": formats.moment(order.pickup.cutoff_at),
        "cambiare": _how_to_change(order, seller),
        "credito": _credit(order),
        "tieni": formats.moment(terms.kept_until(order)),
        **_if_nobody(order),
    }


def _if_nobody(order: Order) -> dict[str, str]:
    """What happens, or happened, when citizen and crate do not meet: at a stall, or at their own door."""
    noon = formats.moment(terms.kept_until(order))
    about = {"number": order.number, "when": formats.window(order.pickup.from_at, order.pickup.to_at)}
    if order.address:
        return {
            "non_visti": _("Siamo venuti con la tua cassetta"),
            "mancato": _(
                "siamo venuti da te con il tuo ordine %(number)s %(when)s, %(where)s, e non ci siamo visti",
                where=order.address,
                **about,
            ),
            "tenuta": _("La cassetta è tornata in cascina e ti aspetta lì fino a %(moment)s.", moment=noon),
            "se_nessuno": _(
                "Se quando arriviamo non c'è nessuno, la cassetta torna in cascina e ti aspetta lì fino a %(moment)s.",
                moment=noon,
            ),
            "altra_persona": _("chiedi a un'altra persona di aprirci"),
        }
    return {
        "non_visti": _("La tua cassetta ti aspettava"),
        "mancato": _(
            "il tuo ordine %(number)s ti aspettava %(when)s, %(where)s, e non ci siamo visti",
            where=wording.place(order),
            **about,
        ),
        "tenuta": _("Teniamo la cassetta fino a %(moment)s.", moment=noon),
        "se_nessuno": _("Se non viene nessuno, teniamo la cassetta fino a %(moment)s.", moment=noon),
        "altra_persona": _("manda un'altra persona"),
    }


def _deed(order: Order, more: Mapping[str, Any]) -> dict[str, str]:
    """{motivo}, {vetrina}, {prima}, and of the refund that this letter is about {ridato}, {come} and {perche}."""
    refunds = [refund for refund in order.refunds if refund.id in (more.get("refunds") or [])]
    first = refunds[0] if refunds else None
    cents = sum(refund.amount for refund in refunds)
    return {
        "motivo": explaining.sentence(reasons.say(more.get("reason")) or terms.called_off_why(order)),
        "vetrina": _back_on_the_shelf(order, gone=more.get("gone", False)),
        "prima": _before(order, more.get("before")),
        "ridato": formats.euro(cents),
        "come": _how(first.how, cents, _counted_out(order, first.id, cents)) if first else "",
        "perche": explaining.ended(reasons.say(first.reason)) if first else "",
    }


def _call_us(seller: Seller) -> str:
    if seller.phone:
        return _("telefonaci al %(phone)s", phone=seller.phone)
    return _("scrivici a %(email)s", email=seller.email) if seller.email else _("rispondi a questa mail")


def _meeting(order: Order) -> str:
    if order.handed_over_at:
        return _("È già nelle tue mani: qui sotto c'è il conto.")
    when = formats.window(order.pickup.from_at, order.pickup.to_at)
    if order.address:
        return _("La consegna è %(when)s: %(where)s.", when=when, where=order.address)
    return _("Il ritiro è %(when)s: %(where)s.", when=when, where=terms.where(order))


def _what_to_pay(order: Order) -> str:
    if order.to_pay > 0:
        return _("Paghi %(sum)s quando ricevi la cassetta, in contanti o con la carta.", sum=formats.euro(order.to_pay))
    if order.held:
        return _("Paga il tuo buono.")
    return _("È già tutto pagato.") if order.payments else _("Non devi pagare nulla.")


def _how_to_change(order: Order, seller: Seller) -> str:
    if order.pickup.takes_orders_at(clock.now()):
        until = formats.moment(order.pickup.cutoff_at)
        return _("Puoi cambiare o disdire l'ordine dalla sua pagina fino a %(moment)s.", moment=until)
    return _("Se devi cambiare qualcosa, %(call_us)s.", call_us=_call_us(seller))


def _credit(order: Order) -> str:
    """What it had used of credit and vouchers and its citizen has again, since nothing is to be paid any more."""
    since = order.cancelled_at or order.not_collected_at
    if since is None:
        return ""
    said, back = [], -sum(each.amount for each in order.payments if each.kind == "credit" and each.at >= since)
    if back > 0:
        said.append(_("Il credito che avevi usato, %(sum)s, è di nuovo tuo.", sum=formats.euro(back)))
    if (on_voucher := balances.came_back(order.id, since)) > 0:
        said.append(_("Il buono ha di nuovo i suoi %(sum)s.", sum=formats.euro(on_voucher)))
    return " ".join(said)


def _back_on_the_shelf(order: Order, *, gone: bool) -> str:
    """Where the goods of an order are that we called off. ``gone``: those that do not keep are there no more."""
    keeps = [line for line in order.ordered_lines if not line.perishable]
    if not gone or len(keeps) == len(order.ordered_lines):
        return _("Quello che avevi ordinato torna in vetrina appena possiamo: puoi ordinare per un altro giorno.")
    if keeps:
        return _("Le cose fresche non ci sono più. Le altre tornano in vetrina: puoi ordinarle per un altro giorno.")
    return _("Quello che avevi ordinato non c'è più. In vetrina vedi che cosa puoi ordinare per un altro giorno.")


def _before(order: Order, before: Mapping[str, Any] | None) -> str:
    if not before:
        return ""
    when = formats.window(clock.parse(before["from_at"]), clock.parse(before["to_at"]))
    return when if order.address else f"{when}, {wording.in_language(before['place'], before.get('place_en', ''))}"


def _counted_out(order: Order, refund_id: int, cents: int) -> int:
    """What changed hands with this refund, in cents: cash without its rounding."""
    deeds = (entry for entry in journal.entries(order) if entry.action == "order.refunded")
    deed = next((entry for entry in deeds if refund_id in entry.data["refunds"]), None)
    return -paying.handed(order, deed.data["payments"]) if deed else cents


def _how(how: str, cents: int, counted: int) -> str:
    if how == "cash" and counted != cents:
        return _("in contanti: sono %(sum)s, si arrotonda ai 5 centesimi", sum=formats.euro(counted))
    return {
        "cash": _("in contanti"),
        "card_terminal": _("sulla carta"),
        "card": _("sulla carta"),
        "voucher": _("sul buono con cui avevi pagato"),
        "credit": _("come credito: lo usiamo da soli sul tuo prossimo ordine con questa e-mail"),
    }[how]


def _tidy(text: str) -> str:
    """Without the blanks around what was not there."""
    lines = [re.sub(r" +([.,;:!?])", r"\1", re.sub(r" {2,}", " ", line)).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
