"""What co-residents ask: a tutor reads it, one tap agrees, and what was done can be taken back (ruling 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from catalog import wording
from catalog.models import Product
from core import keys, proposing, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.formats import euro
from core.inputs import whole_number
from core.journal import Entry
from core.proposing import CHANGED, Proposal
from core.web import form_key_given
from orders import proposals
from orders.models import Order
from people import staff
from people.capabilities import Capability
from people.entering import find_me, me
from people.models import Person
from training import blueprint

ROOM = "/tutor/proposte"


@dataclass(frozen=True)
class Asked:
    """One question, as a tutor reads it."""

    proposal: Proposal
    person: Person
    sentences: Sequence[str]
    may_agree: bool
    is_stale: bool


@dataclass(frozen=True)
class Done:
    """What the last yes has done, and the deed that can be taken back now."""

    proposal: Proposal
    name: str
    what: str
    back: tuple[Entry, str] | None


@blueprint.get("/proposte/<int:proposal_id>")
@door(Capability.GRANT, "tutor")
def answered(proposal_id: int) -> Response | str:
    """What a yes has done; of everything else today's page says what there is."""
    proposal = proposing.get(proposal_id)
    if proposal.answer != proposing.YES:
        return redirect("/tutor")
    return render_template("training/proposal.html", done=_done(proposal))


@blueprint.post("/proposte/<int:proposal_id>/si")
@door(Capability.GRANT, "tutor")
def agree(proposal_id: int) -> Response:
    """One tap. When something has changed meanwhile nothing happens, and the page says so."""
    try:
        keys.once(form_key_given(), lambda: proposing.agree(proposal_id, by=me()))
    except NotFound:
        raise
    except Refused as refused:
        flash(refused.without_tutor)
        return _back()
    return redirect(f"{ROOM}/{proposal_id}", 303)


@blueprint.post("/proposte/<int:proposal_id>/no")
@door(Capability.GRANT, "tutor")
def decline(proposal_id: int) -> Response:
    reason = request.form.get("motivo", "")
    try:
        first = keys.once(form_key_given(), lambda: proposing.decline(proposal_id, reason, by=me()))
    except NotFound:
        raise
    except Refused as refused:
        flash(refused.without_tutor)
        return _back()
    if first:
        name = staff.get(proposing.get(proposal_id).person_id).name
        flash(_("%(name)s lo legge alla prossima schermata di oggi.", name=name))
    return _back()


@blueprint.post("/proposte/<int:proposal_id>/torna-indietro")
@door(Capability.GRANT, "tutor")
def take_deed_back(proposal_id: int) -> Response:
    """The deed that the yes has done, the newest first; only by who may do it."""
    proposal, expected = proposing.get(proposal_id), whole_number(request.form.get("deed"))
    proposing.require_may(me(), proposal)
    try:
        keys.once(form_key_given(), lambda: flash(_("Tolto: %(what)s.", what=_take_back(proposal, expected))))
    except Conflict as refused:
        flash(refused.without_tutor)
    return redirect(f"{ROOM}/{proposal_id}", 303)


def waiting() -> list[Asked]:
    """Every question, the oldest first. Empty for whoever does not answer them."""
    person = find_me()
    if person is None or not person.can(Capability.GRANT):
        return []
    open_ones = proposing.waiting()
    stale = proposing.stale(open_ones)
    people = staff.by_ids({proposal.person_id for proposal in open_ones})
    return [
        Asked(
            proposal,
            people[proposal.person_id],
            _sentences(proposal),
            all(person.can(needed) for needed in proposing.needs(proposal)),
            proposal.id in stale,
        )
        for proposal in open_ones
    ]


def _take_back(proposal: Proposal, expected: int | None) -> str:
    found = _own_deed(proposal)
    if found is None or found[0].id != expected:
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    return undo.undo_last(proposals.subject(proposal), expected=expected, by=me().id)


def _done(proposal: Proposal) -> Done:
    name = staff.get(proposal.person_id).name
    return Done(proposal, name, proposing.says(proposal), _own_deed(proposal))


def _own_deed(proposal: Proposal) -> tuple[Entry, str] | None:
    """The newest deed on the thing, if this proposal has done it."""
    found = undo.offer(proposals.subject(proposal))
    return found if found and found[0].context.get("proposal") == proposal.id else None


def _sentences(proposal: Proposal) -> list[str]:
    subject = proposals.subject(proposal)
    return _of_order(proposal, subject) if isinstance(subject, Order) else _of_product(proposal, subject)


def _of_order(proposal: Proposal, order: Order) -> list[str]:
    data, number = proposal.data, order.crate
    match proposal.action:
        case proposals.HAND_OVER:
            who = order.collector if data["collector"] and order.collector else order.customer
            said = [_("Vuole dare la cassetta %(number)s a %(who)s.", number=number, who=who)]
            return said + ([_paid(data["paid"], data["cents"])] if data["paid"] else [])
        case proposals.NOT_COLLECTED:
            return [_("Per la cassetta %(number)s non è venuto nessuno: vuole metterla via.", number=number)]
        case _:
            how = "card" if proposal.action == proposals.CARD else "cash"
            return [_("Cassetta %(number)s, %(who)s.", number=number, who=order.customer), _paid(how, data["cents"])]


def _paid(how: str, cents: int) -> str:
    if how == "card":
        return _("Pagato con la carta: %(sum)s.", sum=euro(cents))
    return _("Ha preso %(sum)s in contanti.", sum=euro(cents))


def _of_product(proposal: Proposal, product: Product) -> list[str]:
    data, name = proposal.data, wording.name(product)
    if proposal.action == proposals.PRICE:
        prices = {"after": euro(data["after"]), "before": euro(data["before"]), "per": wording.per(product)}
        return [_("%(name)s: %(after)s %(per)s (adesso %(before)s).", name=name, **prices)]
    found, should_be = data["found"], data["found"] - data["difference"]
    said = _("%(name)s: ne ha contati %(found)s.", name=name, found=proposals.so_much(product, found))
    if found == should_be:
        return [said, _("Il conto torna.")]
    return [said, _("Dovrebbero essere %(number)s.", number=proposals.so_much(product, should_be))]


def _back() -> Response:
    return redirect("/tutor#proposte", 303)


@blueprint.context_processor
def _what_waits() -> dict[str, object]:
    """Asked only by the page that shows it."""
    reasons = [(key, words) for key, words in proposals.REASONS.items() if key != CHANGED]
    return {"proposals_asked": LocalProxy(waiting), "proposal_reasons": reasons, "PROPOSAL_CHANGED": CHANGED}
