"""Why an order costs what it costs, in words: the same on its page and in its letters. Cents, VAT included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext

from catalog import wording
from catalog.models import Kind
from core.formats import euro
from core.money import SMALLEST_COIN
from orders import paying, reasons, receipts
from orders.models import LineState, Order, OrderLine, Payment, Refund


@dataclass(frozen=True)
class Told:
    """One thing that was ordered: how its price comes about, what was different, what came in its place."""

    line: OrderLine
    name: str
    how: str
    why: list[str]
    instead: Told | None = None


@dataclass(frozen=True)
class Sum:
    """A row of the bill. ``part``: '', 'total', 'most' or 'due'. ``cents`` is None where nothing is to be paid."""

    words: str
    cents: int | None
    part: str = ""
    note: str = ""


def lines(order: Order) -> list[Told]:
    """What was ordered, in the order of the list; what came in place of something stands with it."""
    came = {line.substitutes_id: line for line in order.lines if line.substitutes_id}
    return [_tell(line, came.get(line.id)) for line in order.ordered_lines]


def bill(order: Order) -> list[Sum]:
    """From the goods to what is still due. Empty where nothing is to be paid: called off, or nobody came."""
    if not order.is_owed:
        return []
    return [*_goods(order), *_total(order), *_given_back(order), *_paid(order), *_held(order), *_due(order)]


def cash_note(order: Order) -> str:
    """Says so where cash is not the sum to the cent (art. 13-quater DL 50/2017), or why cents of credit are left."""
    if not order.is_prepared or order.due <= 0 or order.held:
        return ""
    if (cash := paying.cash_due(order)) != order.due:
        return _("In contanti sono %(sum)s: si arrotonda ai 5 centesimi.", sum=euro(cash))
    left = paying.credit_of(order) if paying.credit_paid(order) else 0
    if not 0 < left < SMALLEST_COIN:
        return ""
    return _("Del tuo credito restano %(sum)s per la prossima volta: così ora non servono monetine.", sum=euro(left))


def standing_refunds(order: Order) -> list[Refund]:
    """What was given back and not taken back again."""
    taken_back = {refund.counters_id for refund in order.refunds}
    return [each for each in order.refunds if each.counters_id is None and each.id not in taken_back]


def refund_rows(order: Order, refunds: Iterable[Refund]) -> list[Sum]:
    """One row for each part that was given back, with the reason and the VAT that it was sold with."""
    names = {line.id: wording.name(line) for line in order.lines}
    return [
        Sum(
            _("%(name)s, ridato", name=names[each.line_id] if each.line_id else pgettext("shop", "Consegna")),
            -each.amount,
            note=" ".join(
                (sentence(reasons.say(each.reason)), sentence(_("IVA %(rate)s%%, compresa", rate=each.vat_rate)))
            ),
        )
        for each in refunds
    ]


def sentence(words: str) -> str:
    """What somebody typed, as a sentence: 'gelata' becomes 'Gelata.'."""
    words = ended(words)
    return words[:1].upper() + words[1:]


def ended(words: str) -> str:
    """With the stop that ends a sentence, unless it has one: 'era rotto!' stays as it is."""
    words = words.strip()
    return words + ("" if not words or words[-1] in ".!?…" else ".")


def _tell(line: OrderLine, other: OrderLine | None) -> Told:
    instead = Told(other, wording.name(other), _how(other), _why_instead(line, other)) if other else None
    return Told(line, wording.name(line), _how(line), _why(line, instead), instead)


def _how(line: OrderLine) -> str:
    """'1,420 kg × 2,90 €', or '2 mazzi, 1,80 € al mazzo'; what was asked for where there is none."""
    if line.state == LineState.MISSING:
        return wording.amount(line, line.quantity)
    pieces = line.packed if line.packed is not None else line.quantity
    computed = f" = {euro(line.computed or 0)}" if line.gift else ""
    if line.weighed_grams is None:
        return f"{wording.amount(line, pieces)}, {euro(line.price)} {wording.per(line)}{computed}"
    weighed = f"{wording.scale_weight(line.weighed_grams)} × {euro(line.price)}{computed}"
    if line.kind != Kind.PIECE_BY_WEIGHT:
        return weighed
    return f"{wording.pieces(line, pieces)}, {weighed}"


def _why(line: OrderLine, instead: Told | None) -> list[str]:
    if line.state == LineState.MISSING:
        if instead:
            return [_("Non c'era. Al suo posto: %(name)s.", name=instead.name)]
        return [_("Questa volta non c'era: non la paghi.")]
    if line.state == LineState.SHORT:
        asked = wording.amount(line, line.quantity)
        return [
            _("Avevi chiesto %(asked)s, ma ce n'era di meno: paghi solo quello che c'è.", asked=asked),
            *_gift(line),
        ]
    return [*_asked(line), *_gift(line)] if line.is_weighed else []


def _asked(line: OrderLine) -> list[str]:
    """What was said when it was ordered, for what has to be weighed."""
    if line.state == LineState.WAITING:
        return [_("Stima; al massimo %(sum)s", sum=euro(line.maximum)) + "."]
    asked, estimate = wording.amount(line, line.quantity), euro(line.estimate)
    if line.gift:
        return [_("Avevi chiesto %(asked)s: stima %(estimate)s.", asked=asked, estimate=estimate)]
    return [
        _(
            "Avevi chiesto %(asked)s: stima %(estimate)s, al massimo %(maximum)s.",
            asked=asked,
            estimate=estimate,
            maximum=euro(line.maximum),
        )
    ]


def _gift(line: OrderLine) -> list[str]:
    if not line.gift:
        return []
    return [_("Il tuo massimo era %(sum)s: il resto è un regalo.", sum=euro(line.maximum))]


def _why_instead(line: OrderLine, other: OrderLine) -> list[str]:
    place = _("Al posto di: %(name)s.", name=wording.name(line))
    if other.state == LineState.MISSING:
        return [place, _("Non c'era neanche questo: non paghi nulla.")]
    return [place, *(_gift(other) or [_("Mai più caro: al massimo %(sum)s.", sum=euro(other.maximum))])]


def _goods(order: Order) -> list[Sum]:
    if not order.discount and not order.fee:
        return []
    rows = [Sum(_("Prodotti") if order.is_prepared else _("Prodotti, stima"), order.goods)]
    if order.discount:
        rows.append(Sum(_("Sconto %(percent)s%%", percent=order.discount_percent), -order.discount))
    if order.fee:
        rows.append(Sum(pgettext("shop", "Consegna"), order.fee))
    return rows


def _total(order: Order) -> list[Sum]:
    if _is_all_due(order):
        return [Sum(_("Totale da pagare"), order.total, "total")]
    if order.is_prepared or order.total == order.maximum:
        return [Sum(_("Totale"), order.total, "total")]
    return [Sum(_("Totale stimato"), order.total, "total"), Sum(_("Al massimo paghi"), order.maximum, "most")]


def _given_back(order: Order) -> list[Sum]:
    rows = refund_rows(order, standing_refunds(order))
    return [*rows, Sum(_("Totale dopo il rimborso"), order.total - order.refunded, "total")] if rows else []


def _paid(order: Order) -> list[Sum]:
    """Payments that stand. Rounding comes first: it is what cash adds to the total, or takes off it."""
    rounding = -sum(payment.amount for payment in order.payments if payment.kind == "rounding")
    rows = [
        Sum(_payment_words(payment), payment.amount, note=_receipt(payment)) for payment in _standing_payments(order)
    ]
    return [Sum(_("Arrotondamento dei contanti"), rounding), *rows] if rounding else rows


def _standing_payments(order: Order) -> list[Payment]:
    return [payment for payment in paying.standing(order) if payment.kind != "rounding"]


def _receipt(payment: Payment) -> str:
    number = receipts.number_of(payment)
    return sentence(_("Scontrino %(number)s", number=number)) if number else ""


def _payment_words(payment: Payment) -> str:
    paid, back = {
        "cash": (_("Pagato in contanti"), _("Ridato in contanti")),
        "card_terminal": (_("Pagato con la carta"), _("Ridato sulla carta")),
        "card": (_("Pagato con la carta"), _("Ridato sulla carta")),
        "voucher": (_("Pagato con un buono"), _("Ridato come buono")),
        "credit": (_("Pagato con il tuo credito"), _("Ridato come credito")),
    }[payment.kind]
    return paid if payment.amount >= 0 else back


def _held(order: Order) -> list[Sum]:
    """Vouchers wait for the real price: the most that they pay, and the most that is left to pay then."""
    if not order.held:
        return []
    left = order.most_to_pay
    return [
        Sum(_("Paga il buono, al massimo"), order.covered),
        Sum(_("Poi paghi tu, al massimo"), left or None, "due"),
    ]


def _is_all_due(order: Order) -> bool:
    """Ready and nothing paid yet: the total is the sum to pay, said once."""
    return order.is_prepared and order.due == order.total > 0 and not order.held


def _due(order: Order) -> list[Sum]:
    if _is_all_due(order):
        return []
    if order.due < 0:
        return [Sum(_("Ti dobbiamo ancora"), -order.due, "due")]
    if order.due > 0:
        return [Sum(_("Da pagare"), order.due, "due")] if order.is_prepared else []
    return [Sum(_("Da pagare"), None, "due")] if order.is_prepared or order.payments else []
