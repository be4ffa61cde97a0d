"""What a tutor is asked at the desk, and what the tutor has answered: told once, and it stays until it was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from catalog.models import Product
from core import proposing
from core.doors import door
from core.errors import Refused
from core.proposing import NO, YES, AlreadyAsked, Proposal
from desk import blueprint
from desk.answering import do_once, go, inside, number, surroundings
from orders import finding, proposals
from orders.models import Order
from people import entering, staff
from people.capabilities import Capability
from people.entering import me

ROOMS = {proposals.COUNT: "scaffali/conta", proposals.PRICE: "scaffali/prezzo"}
HANDING = "consegna"


@dataclass(frozen=True)
class Answer:
    """What a tutor said to one proposal."""

    proposal: Proposal
    sentence: str
    what: str
    slug: str  # of the product, or empty
    picture: str  # its photograph, if it has one
    crate: int | None

    @property
    def is_yes(self) -> bool:
        return self.proposal.answer == YES


@blueprint.post("/consegna/<int:order_id>/chiedi")
@door(Capability.WORK_AT_DESK, "fine")
def ask_for_crate(order_id: int) -> Response:
    """``deed``: what is asked for; ``pagato``: how it was paid, where the money comes with the crate."""
    who, expected = {"by": me().id, "device": entering.device_id()}, number("expected")
    paid, other = request.form.get("pagato", ""), request.form.get("chi") == "altra"
    asks: dict[str, Callable[[Order], Proposal]] = {
        "data": lambda order: proposals.hand_over(
            order, to_collector=other, paid=paid if paid in ("cash", "card") else "", cents=expected, **who
        ),
        "soldi": lambda order: proposals.take_money(order, "cash", cents=expected, **who),
        "carta": lambda order: proposals.take_money(order, "card", cents=expected, **who),
        "non-ritirata": lambda order: proposals.put_away(order, **who),
    }
    ask = asks.get(request.form.get("deed", ""))
    if ask is None:
        raise Refused(_("Torna indietro e scegli di nuovo."))
    ask_once(lambda: ask(finding.get(order_id)))
    return go(f"/banco/{HANDING}/{order_id}")


@blueprint.post("/proposte/<int:proposal_id>/torna-indietro")
@door(Capability.WORK_AT_DESK, "passo")
def take_back(proposal_id: int) -> Response:
    by = me().id
    do_once(lambda: proposing.take_back(proposal_id, by=by))
    return go(address(proposing.get(proposal_id)))


@blueprint.post("/proposte/<int:proposal_id>/letta")
@door(Capability.WORK_AT_DESK, "passo")
def have_read(proposal_id: int) -> Response:
    by = me().id
    do_once(lambda: proposing.told(proposal_id, by=by))
    return go(inside(request.form.get("da", "")))


def ask_once(ask: Callable[[], object]) -> None:
    """One question; that somebody else has just asked it is an answer too: the next page shows it."""
    try:
        do_once(ask)
    except AlreadyAsked:
        return


def badge_first(capability: Capability) -> Response | None:
    """Where a deed needs the badge of whoever may do it alone; whoever asks a tutor needs none."""
    with surroundings():
        return entering.keep_door(capability) if me().can(capability) else None


def show_question(subject: Order | Product, *actions: str) -> str | None:
    """The screen that waits for the tutor, or that says why not; None where this person can simply go on."""
    person = me()
    for proposal in proposing.open_on(subject):
        if proposal.action in actions and not all(person.can(needed) for needed in proposing.needs(proposal)):
            return _show_waiting(subject, proposal)
    for proposal in proposing.untold(person.id):
        if proposal.answer == NO and proposal.action in actions and _is_about(proposal, subject):
            return _show_no(subject, proposal)
    return None


def address(proposal: Proposal) -> str:
    """Where the deed that was proposed can be done."""
    return f"/banco/{ROOMS.get(proposal.action, HANDING)}/{proposal.subject_id}"


def answers() -> list[Answer]:
    """What tutors have answered this person and was not read yet, the oldest first."""
    person = entering.find_me()
    return _told(proposing.untold(person.id)) if person else []


def _show_waiting(subject: Order | Product, proposal: Proposal) -> str:
    own = proposal.person_id == me().id
    return render_template(
        "desk/proposed.html",
        **_about(subject),
        proposal=proposal,
        what=proposing.says(proposal),
        who="" if own else staff.get(proposal.person_id).name,
        here=address(proposal),
        others=f"/banco/{ROOMS.get(proposal.action, HANDING)}",
    )


def _show_no(subject: Order | Product, proposal: Proposal) -> str:
    return render_template(
        "desk/proposal_answer.html", **_about(subject), answer=_told([proposal])[0], here=address(proposal)
    )


def _about(subject: Order | Product) -> dict[str, object]:
    return {"order": subject} if isinstance(subject, Order) else {"product": subject}


def _is_about(proposal: Proposal, subject: Order | Product) -> bool:
    return (proposal.subject_type, proposal.subject_id) == (subject.__tablename__, subject.id)


def _told(those: Sequence[Proposal]) -> list[Answer]:
    names = staff.names({proposal.answered_by_id for proposal in those if proposal.answered_by_id})
    return [_answer(proposal, what, names) for proposal, what in proposing.say_all(those)]


def _answer(proposal: Proposal, what: str, names: dict[int, str]) -> Answer:
    name = names.get(proposal.answered_by_id or 0, _("Il tutor")).split()[0]
    reason = str(proposals.REASONS.get(proposal.reason, ""))
    sentence = (
        _("%(name)s ha detto sì.", name=name)
        if proposal.answer == YES
        else _("%(name)s dice: %(reason)s", name=name, reason=reason[:1].lower() + reason[1:])
    )
    subject = proposals.subject(proposal)
    if isinstance(subject, Order):
        return Answer(proposal, sentence, what, "", "", subject.crate)
    return Answer(proposal, sentence, what, subject.slug, subject.picture, None)


@blueprint.context_processor
def _what_was_answered() -> dict[str, object]:
    """Asked only by the screen that shows it."""
    return {"tutor_answers": LocalProxy(answers)}
