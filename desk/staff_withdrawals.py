"""Withdrawals that citizens have declared: what is to go back and until when, and the answer where nothing is to.

The money goes back on the page of the order, as for a complaint; here it shows as settled once it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import wording
from core import clock, inputs, journal, undo
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
ON_A_PAGE = 20

Group = list[Withdrawal]  # the same, declared more than once
Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Shown:
    """One declaration, with what is left to do about it. ``times``: how often the same was declared."""

    found: Withdrawal
    times: int
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
    waiting = withdrawing.once(withdrawing.unsettled())
    done = withdrawing.once(withdrawing.settled_since(clock.now() - LATELY))
    page, pages = _turned(waiting, done, about)
    here = slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    open_ones, settled = _open(waiting[here]), _settled(done[here])
    return render_template(
        "desk/staff/withdrawals.html",
        open=open_ones,
        settled=settled,
        page=page,
        pages=pages,
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


def _turned(waiting: Sequence[Group], done: Sequence[Group], about: int) -> tuple[int, int]:
    """Which page, of how many: that of the one that an answer was ``about``, else the one asked for, else the first."""
    pages = max(1, -(-max(len(waiting), len(done)) // ON_A_PAGE))
    at = next((nth for nth, group in enumerate(waiting) if group[0].id == about), None)
    asked = inputs.whole_number(request.args.get("pagina")) if at is None else at // ON_A_PAGE + 1
    return (asked if asked and asked <= pages else 1), pages


def _open(groups: Sequence[Group]) -> list[Shown]:
    firsts = [group[0] for group in groups]
    late, unmailed = withdrawing.too_late(firsts), withdrawing.without_receipt(firsts)
    return [
        _shown(group, _warnings(found, is_late=found.id in late, has_receipt=found.id not in unmailed))
        for found, group in zip(firsts, groups, strict=True)
    ]


def _settled(groups: Sequence[Group]) -> list[Shown]:
    deeds = _deeds([group[0] for group in groups])
    return [_shown(group, [], deeds.get(group[0].id)) for group in groups]


def _deeds(answered: Sequence[Withdrawal]) -> dict[int, Entry]:
    """The answer of each that can be taken back: one look, however many."""
    found: dict[int, list[Entry]] = {}
    entries = journal.entries_of_several(Withdrawal.__tablename__, [each.id for each in answered if each.answer])
    for entry in reversed(entries):
        found.setdefault(entry.subject_id, []).append(entry)
    return {key: deed for key, some in found.items() if (deed := undo.newest_of(some))}


def _shown(group: Group, warnings: list[str], back: Entry | None = None) -> Shown:
    found = group[0]
    left = withdrawing.to_give_back(found)
    rows = [(_part(found.order, part), euro(cents)) for part, cents in left.items()] if found.order else []
    return Shown(found, len(group), rows, sum(left.values()), _paid(found.order), warnings, back)


def _part(order: Order | None, part: int) -> str:
    if part == FEE or order is None:
        return _("La consegna")
    return next(wording.name(line) for line in order.lines if line.id == part)


def _paid(order: Order | None) -> str:
    kinds = {payment.kind for payment in order.payments if payment.amount > 0} if order else set()
    said = [order_words.how(kind) for kind in ("cash", "card_terminal", "card", "voucher", "credit") if kind in kinds]
    return ", ".join(said)


def _warnings(found: Withdrawal, *, is_late: bool, has_receipt: bool) -> list[str]:
    """What a tutor should know before anything goes back."""
    told = (
        [] if has_receipt else [_("La ricevuta non è partita: a questa e-mail ne erano già andate molte. Mandala tu.")]
    )
    if found.order is None:
        return [_("Non c'è un ordine con questo numero e questa e-mail: cercalo, o chiedi a chi ha scritto."), *told]
    if not _is_same_person(found.name, found.order.customer):
        told.append(
            _(
                "L'ordine è a nome di %(name)s. Prima di ridare i soldi senti chi ha ordinato.",
                name=found.order.customer,
            )
        )
    if is_late:
        told.append(_("Sono passati più di 14 giorni dalla consegna."))
    if not withdrawing.covered(found):
        told.append(_("In questo ordine non c'è niente che ha il recesso."))
    if found.order.handed_over_at is None and found.order.stands:
        told.append(_("La cassetta non è ancora consegnata: disdici l'ordine, o togli queste cose."))
    return told


def _is_same_person(declared: str, ordered: str) -> bool:
    """'ROSSI maria' and 'Maria Rossi' are; whoever signs with one of two names is asked nothing either."""
    one, other = [set(re.findall(r"\w+", inputs.folded(name))) for name in (declared, ordered)]
    return one <= other or other <= one
