"""A complaint after the crate was given: what to give back, looked over once in words, then done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from catalog import wording
from core.database import db
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.formats import euro
from core.inputs import cents_of
from desk import blueprint, order_words, words
from desk.answering import do_once, go
from desk.staff_orders import address, get_real
from orders import finding, giving_back, paying, reasons, vat
from orders.giving_back import FEE, How
from orders.models import Order
from people.capabilities import Capability
from people.entering import me

Answer = Response | str | tuple[str, int]
HOWS: tuple[How, ...] = ("cash", "card_terminal", "voucher", "credit")


@dataclass(frozen=True)
class Part:
    """A line of the order, or its delivery: cents that were paid, and that can still be given back."""

    id: int
    name: str
    paid: int
    possible: int


@dataclass(frozen=True)
class Wanted:
    """What somebody has asked to give back, complete and readable. ``parts``: line id (or FEE) -> cents.

    ``given``: cents that really change hands; cash has no smaller coin than 5 cents.
    """

    parts: Mapping[int, int]
    how: How
    reason: str
    given: int

    @property
    def cents(self) -> int:
        return sum(self.parts.values())


@blueprint.get("/ordini/<int:order_id>/reclamo")
@door(Capability.GIVE_BACK, "tutor")
def complaint_about_order(order_id: int) -> str:
    return _form(_get_given(order_id), MultiDict())


@blueprint.post("/ordini/<int:order_id>/reclamo")
@door(Capability.GIVE_BACK, "tutor")
def give_back_for_order(order_id: int) -> Answer:
    """First the sum is looked at in words; "Ridai" on that page does the deed."""
    order, sent = _get_given(order_id), request.form
    if sent.get("azione") == "cambia":
        return _form(order, sent)
    try:
        wanted = _read(order, sent)
        if sent.get("azione") != "ridai":
            return _review(order, wanted, sent)
        if do_once(lambda: _give_back(order_id, wanted, sent.get("ridato", ""))):
            flash(_("Ridati %(sum)s %(how)s.", sum=euro(wanted.given), how=order_words.how(wanted.how)))
    except NotFound:
        raise
    except Refused as refused:
        return _form(finding.get(order_id), sent, refused), refused.status
    return go(address(order_id))


def _give_back(order_id: int, wanted: Wanted, seen: str) -> None:
    """``seen``: what had been given back before, as the page showed it; two tutors do not answer the same call."""
    order = finding.lock(db.session(), order_id)
    if str(order.refunded) != seen:
        raise Conflict(_("Intanto è già stato ridato qualcosa. Guarda di nuovo."))
    giving_back.give_back(order_id, wanted.parts, how=wanted.how, reason=wanted.reason, by=me().id)


def _get_given(order_id: int) -> Order:
    """Raises Conflict before hand-over: until then the crate itself is put right."""
    order = get_real(order_id)
    if not order.stands or order.handed_over_at is None:
        raise Conflict(_("Questa cassetta non è ancora stata consegnata."))
    return order


def parts_of(order: Order) -> list[Part]:
    """Everything that cost something, in the order of the crate; the delivery last."""
    possible, paid = giving_back.possible(order), vat.paid_for_lines(order)
    parts = [
        Part(line.id, wording.name(line), paid[line.id], possible.get(line.id, 0))
        for line in order.lines
        if paid[line.id]
    ]
    return [*parts, Part(FEE, _("La consegna"), order.fee, possible.get(FEE, 0))] if order.fee else parts


def hows(order: Order) -> list[tuple[str, ...]]:
    """As it was paid, and as credit where somebody can be known again by it; how much where that is not all of it."""
    said = {
        "cash": _("In contanti"),
        "card_terminal": _("Sulla carta, con il terminale"),
        "voucher": _("Sul buono con cui è stato pagato"),
        "credit": _("Come credito per il prossimo ordine"),
    }
    all_of_it = sum(giving_back.possible(order).values())
    return [
        (how, said[how]) if most == all_of_it else (how, said[how], _("Al massimo %(most)s.", most=euro(most)))
        for how, most in giving_back.ways(order).items()
    ]


def _read(order: Order, sent: MultiDict[str, str]) -> Wanted:
    parts = {part.id: cents for part in parts_of(order) if (cents := _cents(part, sent))}
    if not parts:
        raise Refused(_("Scegli almeno una riga e quanto ridare."), field="righe")
    how: How | None = next((each for each in HOWS if each == sent.get("come")), None)
    if how is None or (how == "credit" and not paying.holder_of(order)):
        raise Refused(_("Scegli come ridarli."), field="come")
    cents = sum(parts.values())
    wanted = Wanted(parts, how, _reason(sent), giving_back.counted_out(order, how, cents))
    giving_back.require_way(order, how, cents)
    if not wanted.given:
        raise Refused(_("È meno di 5 centesimi: in contanti non si può."), field="come")
    return wanted


def _cents(part: Part, sent: Mapping[str, str]) -> int:
    """All that is left of it, or what was written; 0 where it was left alone."""
    field, whole = f"parte-{part.id}", f"tutto-{part.id}" in sent
    typed = sent.get(field, "").strip()
    if not typed:
        return part.possible if whole else 0
    cents = cents_of(typed)
    if cents is None:
        raise Refused(_("%(name)s: scrivi quanti euro, per esempio 2,50.", name=part.name), field=field)
    if whole and cents != part.possible:
        raise Refused(_("%(name)s: tutto, o solo una parte? Lascia una delle due.", name=part.name), field=field)
    if not 0 < cents <= part.possible:
        most = euro(part.possible)
        raise Refused(_("%(name)s: si può ridare da 1 centesimo a %(most)s.", name=part.name, most=most), field=field)
    return cents


def _reason(sent: Mapping[str, str]) -> str:
    """A prepared phrase, by its key, or own words: the citizen reads it in the letter. Raises Refused."""
    chosen = sent.get("motivo", "")
    if chosen in reasons.GIVING_BACK:
        return reasons.key(chosen)
    if chosen != reasons.OTHER:
        raise Refused(_("Scegli un motivo."), field="motivo")
    try:
        return reasons.own(sent.get("parole", ""))
    except Refused as refused:
        raise Refused(refused.sentence, field="parole") from None


def _form(order: Order, sent: MultiDict[str, str], refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/order_refund.html",
        order=order,
        parts=parts_of(order),
        hows=hows(order),
        reasons=[*reasons.options(reasons.GIVING_BACK), (reasons.OTHER, _("Altro: lo scrivo qui sotto"))],
        kept=sent,
        field=refused.details.get("field", "righe") if refused else "",
        message=refused.sentence if refused else "",
        longest=reasons.LONGEST,
    )


def _review(order: Order, wanted: Wanted, sent: MultiDict[str, str]) -> str:
    names = {part.id: part.name for part in parts_of(order)}
    return render_template(
        "desk/staff/order_refund_review.html",
        order=order,
        wanted=wanted,
        reason=reasons.say(wanted.reason),
        rows=[(names[part], cents) for part, cents in wanted.parts.items()],
        sum_in_words=words.money(wanted.given),
        how=order_words.how(wanted.how),
        credit=paying.credit_of(order),
        sent=[(name, value) for name, value in sent.items() if name not in ("csrf_token", "key", "azione")],
    )
