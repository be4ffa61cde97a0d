"""A complaint after the pick-up: money back, or credit for the next time, line by line at the VAT of the sale.

Cents. Nothing is recomputed: what was sold at 4 % goes back at 4 %, also when the rate has changed (italian-rules C10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from flask_babel import gettext as _

from core import clock, inputs, journal
from core.database import transaction
from core.errors import Conflict, Refused
from core.formats import euro
from core.money import cash_total, spread
from orders import finding, letters, paying, redeeming, vat
from orders.models import Order, Payment, Refund

How = Literal["cash", "card_terminal", "voucher", "credit"]
FEE = 0
"""Among the parts of a refund: the delivery fee, which is no line."""
LONGEST_REASON = 200


def possible(order: Order) -> dict[int, int]:
    """Line id (FEE for the delivery) -> cents that can still be given back."""
    most = {**vat.paid_for_lines(order), FEE: order.fee}
    for refund in order.refunds:
        most[refund.line_id or FEE] -= refund.amount
    return {part: cents for part, cents in most.items() if cents > 0}


def ways(order: Order) -> dict[How, int]:
    """How something can go back, and how many cents at most: cash and card no more than came in so and stands.

    Credit is for whoever can be known again by it.
    """
    all_of_it = sum(possible(order).values())
    most: dict[How, int] = {
        "cash": paying.in_cash(order) if paying.cash_left(order) > 0 else 0,
        "card_terminal": paying.by_card(order),
        "voucher": paying.voucher_paid(order),
        "credit": all_of_it if paying.holder_of(order) else 0,
    }
    return {how: min(cents, all_of_it) for how, cents in most.items() if min(cents, all_of_it) > 0}


def give_back(order_id: int, parts: Mapping[int, int], *, how: How, reason: str, by: int | None) -> Order:
    """``parts``: line id (or FEE) -> cents. Cash is rounded by an entry of its own (`counted_out`).

    Raises Conflict before hand-over, Refused for more than was paid, or was paid in that way. A letter follows; it
    waits, so that undo can win.
    """
    reason = inputs.require_line(reason, LONGEST_REASON, missing=_("Scrivi in poche parole perché."))
    with transaction() as session:
        order = finding.lock(session, order_id)
        _require_sold(order)
        _require_possible(order, parts)
        require_way(order, how, sum(parts.values()))
        refunds = [_refund(order, *row, how, reason, by) for row in _rows(order, parts)]
        cents = sum(refund.amount for refund in refunds)
        payments = _pay_back(order, how, cents, by)
        session.flush()
        entry = journal.record(
            "order.refunded",
            order,
            by=by,
            practice=order.practice,
            refunds=[refund.id for refund in refunds],
            payments=[payment.id for payment in payments],
            cents=cents,
        )
        letters.refund(order, refunds=[refund.id for refund in refunds], deed=entry.key)
    return order


def take_back(order_id: int, refund_ids: Sequence[int], payment_ids: Sequence[int], *, by: int | None) -> None:
    """The inverse: counter entries. Raises Conflict when the credit was used."""
    with transaction() as session:
        order = finding.lock(session, order_id)
        for refund in [refund for refund in order.refunds if refund.id in refund_ids]:
            _counter(order, refund, by)
        paying.counter(order, payment_ids, by)
        session.flush()


def _require_sold(order: Order) -> None:
    finding.require_standing(order)
    if order.handed_over_at is None:
        raise Conflict(_("Questa cassetta non è ancora stata consegnata."))


def _require_possible(order: Order, parts: Mapping[int, int]) -> None:
    most = possible(order)
    if not parts or any(cents <= 0 for cents in parts.values()):
        raise Refused(_("Scegli almeno una riga e quanto ridare."))
    if any(cents > most.get(part, 0) for part, cents in parts.items()):
        raise Refused(_("È più di quello che è stato pagato."))


def require_way(order: Order, how: How, cents: int) -> None:
    """Raises Refused where so much was not paid in this way, Conflict where there is nobody to have credit."""
    most = ways(order).get(how, 0)
    if cents <= most:
        return
    if how == "credit":
        raise Conflict(_("Senza e-mail e senza telefono non c'è un credito."))
    raise Refused(_why_not_so(order, how, most), field="come")


def counted_out(order: Order, how: How, cents: int) -> int:
    """What really changes hands for ``cents`` that go back now: of cash never more than came in, and at last all of it.

    Cash is rounded to 5 cents each time it is taken or given; the last refund puts right what that has added up to.
    """
    if how != "cash":
        return cents
    left = paying.cash_left(order)
    return left if cents == paying.in_cash(order) else min(cash_total(cents), left)


def _why_not_so(order: Order, how: How, most: int) -> str:
    if how == "voucher":
        if most:
            return _("Sul buono si possono ridare ancora %(most)s.", most=euro(most))
        return _("Non è stato pagato con un buono.")
    by_card = how == "card_terminal"
    if most and by_card:
        return _("Sulla carta si possono ridare ancora %(most)s.", most=euro(most))
    if most:
        return _("In contanti si possono ridare ancora %(most)s.", most=euro(most))
    if any(payment.amount > 0 for payment in paying.standing(order, how)):
        if by_card:
            return _("Quello che è stato pagato con la carta è già tornato.")
        return _("Quello che è stato pagato in contanti è già tornato.")
    return _("Non è stato pagato con la carta.") if by_card else _("Non è stato pagato in contanti.")


def _rows(order: Order, parts: Mapping[int, int]) -> list[tuple[int | None, int, int]]:
    """(line, rate, cents): a line has one rate, the fee is spread as it was when it was sold."""
    rates = {line.id: line.vat_rate for line in order.lines}
    rows: list[tuple[int | None, int, int]] = [
        (part, rates[part], cents) for part, cents in sorted(parts.items()) if part != FEE
    ]
    return rows + _fee_rows(order, parts.get(FEE, 0))


def _fee_rows(order: Order, cents: int) -> list[tuple[int | None, int, int]]:
    """Largest part first where it was largest: never more of a rate than there is left of it."""
    left = Counter({rate: fee for rate, fee in sorted(vat.fee_by_rate(order).items()) if fee > 0})
    for refund in order.refunds:
        if refund.line_id is None:
            left[refund.vat_rate] -= refund.amount
    if not cents:
        return []
    shares = spread(cents, list(left.values()))
    return [(None, rate, share) for rate, share in zip(left, shares, strict=True) if share]


def _refund(order: Order, line_id: int | None, rate: int, cents: int, how: str, reason: str, by: int | None) -> Refund:
    refund = Refund(line_id=line_id, vat_rate=rate, amount=cents, how=how, reason=reason, at=clock.now(), by_id=by)
    order.refunds.append(refund)
    return refund


def _counter(order: Order, refund: Refund, by: int | None) -> None:
    order.refunds.append(
        Refund(
            line_id=refund.line_id,
            vat_rate=refund.vat_rate,
            amount=-refund.amount,
            how=refund.how,
            reason=refund.reason,
            at=clock.now(),
            by_id=by,
            counters_id=refund.id,
        )
    )


def _pay_back(order: Order, how: How, cents: int, by: int | None) -> list[Payment]:
    if how == "voucher":
        return redeeming.refund(order, cents, by)
    if how != "cash":
        return [paying.book(order, how, -cents, by)]
    counted = counted_out(order, how, cents)
    back = [paying.book(order, "cash", -counted, by)] if counted else []
    return [*back, *([paying.book(order, "rounding", counted - cents, by)] if counted != cents else [])]
