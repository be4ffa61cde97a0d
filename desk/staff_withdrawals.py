"""Withdrawals that citizens have declared: what is to go back and until when, and the answer where nothing is to.

The money goes back on the page of the order, as for a complaint; here it shows as settled once it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import wording
from core import clock, journal, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.formats import euro
from core.journal import Entry
from desk import blueprint, order_words
from desk.answering import do_and_say, go, number
from orders import reasons, withdrawal_receipt, withdrawing
from orders.giving_back import FEE
from orders.models import Order
from orders.withdrawing import Withdrawal
from people import staff
from people.capabilities import Capability
from people.entering import me

HERE = "/banco/recessi"
LATELY = timedelta(days=92)

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Shown:
    """One declaration, with what is left to do about it."""

    found: Withdrawal
    rows: list[tuple[str, str]]  # what is still to go back: name, sum
    sum: int  # cents
    paid: str  # in which way it was paid, so that it goes back the same way
    warnings: list[str]
    back: Entry | None = None  # the answer that can be taken back

    @property
    def is_late(self) -> bool:
        return self.found.due_at < clock.now()


@blueprint.get("/recessi")
@door(Capability.KEEP_ORDERS, "tutor")
def withdrawals() -> str:
    return _page()


@blueprint.post("/recessi/<int:withdrawal_id>/risposta")
@door(Capability.KEEP_ORDERS, "tutor")
def answer_withdrawal(withdrawal_id: int) -> Page:
    by = me().id

    def deed() -> str:
        withdrawing.answer(withdrawal_id, _reason(), by=by)
        return _("Segnato. Adesso dillo a chi ha scritto, per telefono o per mail.")

    return _do(deed, withdrawal_id)


@blueprint.post("/recessi/<int:withdrawal_id>/torna-indietro")
@door(Capability.KEEP_ORDERS, "tutor")
def undo_answer(withdrawal_id: int) -> Page:
    by = me().id

    def deed() -> str:
        undo.undo_last(withdrawing.get(withdrawal_id), expected=number("deed"), by=by)
        return _("Tornato indietro: il recesso aspetta di nuovo.")

    return _do(deed, withdrawal_id)


def _do(deed: Callable[[], str], withdrawal_id: int) -> Page:
    try:
        do_and_say(deed)
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused, withdrawal_id), refused.status
    return go(HERE)


def _reason() -> str:
    """A prepared phrase, by its key, or own words."""
    chosen = request.form.get("motivo", "")
    if chosen in reasons.NOTHING_BACK:
        return reasons.key(chosen)
    if chosen != reasons.OTHER:
        raise Refused(_("Scegli un motivo."), field="motivo")
    try:
        return reasons.own(request.form.get("parole", ""))
    except Refused as refused:
        raise Refused(refused.sentence, field="parole") from None


def _page(refused: Refused | None = None, about: int = 0) -> str:
    waiting, done = withdrawing.unsettled(), withdrawing.settled_since(clock.now() - LATELY)
    late, deeds = withdrawing.too_late(waiting), _deeds(done)
    open_ones = [_shown(found, _warnings(found, is_late=found.id in late)) for found in waiting]
    settled = [_shown(found, [], deeds.get(found.id)) for found in done]
    return render_template(
        "desk/staff/withdrawals.html",
        open=open_ones,
        settled=settled,
        names=staff.names(
            {each.found.answer.by_id for each in settled if each.found.answer and each.found.answer.by_id}
        ),
        reasons=[*reasons.options(reasons.NOTHING_BACK), (reasons.OTHER, _("Altro: lo scrivo qui sotto"))],
        why=reasons.say,
        when=withdrawal_receipt.when,
        message=refused.sentence if refused else "",
        field=refused.details.get("field", "") if refused else "",
        about=about,
        kept=request.form,
        longest=reasons.LONGEST,
    )


def _deeds(answered: Sequence[Withdrawal]) -> dict[int, Entry]:
    """The answer of each that can be taken back: one look, however many."""
    found: dict[int, list[Entry]] = {}
    entries = journal.entries_of_several(Withdrawal.__tablename__, [each.id for each in answered if each.answer])
    for entry in reversed(entries):
        found.setdefault(entry.subject_id, []).append(entry)
    return {key: deed for key, some in found.items() if (deed := undo.newest_of(some))}


def _shown(found: Withdrawal, warnings: list[str], back: Entry | None = None) -> Shown:
    left = withdrawing.to_give_back(found)
    rows = [(_part(found.order, part), euro(cents)) for part, cents in left.items()] if found.order else []
    return Shown(found, rows, sum(left.values()), _paid(found.order), warnings, back)


def _part(order: Order | None, part: int) -> str:
    if part == FEE or order is None:
        return _("La consegna")
    return next(wording.name(line) for line in order.lines if line.id == part)


def _paid(order: Order | None) -> str:
    kinds = {payment.kind for payment in order.payments if payment.amount > 0} if order else set()
    said = [order_words.how(kind) for kind in ("cash", "card_terminal", "card", "credit") if kind in kinds]
    return ", ".join(said)


def _warnings(found: Withdrawal, *, is_late: bool) -> list[str]:
    """What a tutor should know before anything goes back."""
    if found.order is None:
        return [_("Non c'è un ordine con questo numero e questa e-mail: cercalo, o chiedi a chi ha scritto.")]
    told = [_("Sono passati più di 14 giorni dalla consegna.")] if is_late else []
    if not withdrawing.covered(found):
        told.append(_("In questo ordine non c'è niente che ha il recesso."))
    if found.order.handed_over_at is None and found.order.stands:
        told.append(_("La cassetta non è ancora consegnata: disdici l'ordine, o togli queste cose."))
    return told
