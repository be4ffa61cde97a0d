"""Proposals (ruling 13): a deed that somebody may not do alone waits for a tutor's yes, and only then takes effect.

Engines register under the action's name how it is carried out; `app.py` wires them. The deed is done by the same verb
as otherwise and in the name of whoever proposed it, for it is their work; the journal's context keeps the proposal and
who agreed. The way back from an agreed one is the deed's own undo. See docs/decisions/0016-proposals.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, journal, undo
from core.database import Base, db, serialise, transaction
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.journal import Entry, Subject

PROPOSAL_LOCK = 13_061_2022
OPEN, YES, NO, TAKEN_BACK = "open", "yes", "no", "taken_back"
CHANGED = "changed"
REASONS = ("together", "look", "later", CHANGED)
"""Why a tutor says no, as keys: the faces say them. ``changed``: the thing itself is another one by now."""


class Proposal(Base):
    """A deed with its arguments, waiting. ``action`` names who carries it out, as the journal names deeds."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("answer IN ('open', 'yes', 'no', 'taken_back')", name="answer"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default=OPEN, index=True)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")  # a prepared phrase's key
    told_at: Mapped[datetime | None]  # the person has seen the answer

    @property
    def is_open(self) -> bool:
        return self.answer == OPEN


class Tutor(Protocol):
    """Whoever answers: a person of the staff."""

    id: Any

    @property
    def is_staff(self) -> bool: ...

    def can(self, capability: Any, /) -> bool: ...


@dataclass(frozen=True)
class Deed:
    """What a room knows about one action that can be proposed.

    ``hold`` takes the locks of what the deed is about, in the house's order. ``stale``: those of them whose thing is
    another one now than when they were proposed, in as many statements for many as for one. ``needs``: what whoever
    would do it alone may do, and so whoever agrees. ``carry_out`` does it by its own verb, in the name of
    ``proposal.person_id``, and raises Refused as always. ``says`` names it in a few easy words; ``preload`` reads in
    one statement what the words of several are about.
    """

    hold: Callable[[Session, Proposal], object]
    stale: Callable[[Sequence[Proposal]], Sequence[Proposal]]
    needs: Callable[[Proposal], Collection[Any]]
    carry_out: Callable[[Proposal], object]
    says: Callable[[Proposal], str]
    preload: Callable[[Collection[int]], object]


class AlreadyAsked(Conflict):
    """The same deed on the same thing waits for a tutor already."""


class AlreadyAnswered(Conflict):
    """Another tutor was faster, or it was taken back."""


class Stale(Conflict):
    """What it was about has changed meanwhile: nothing happens."""


def register(deeds: Mapping[str, Deed]) -> None:
    """Wire what a room's co-residents may propose."""
    _deeds().update(deeds)


def propose(action: str, subject: Subject, *, by: int, device: int | None = None, **data: Any) -> Proposal:
    """Ask a tutor for this deed. Nothing of it happens yet.

    Raises AlreadyAsked when it waits already, Stale when it could not be done as things stand.
    """
    deed = _deeds()[action]
    with transaction() as session:
        serialise(session, PROPOSAL_LOCK)  # two tablets at once ask one question
        if any(other.action == action for other in open_on(subject)):
            raise AlreadyAsked(_("Questo è già chiesto al tutor."))
        proposal = Proposal(
            action=action,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            data=data,
            person_id=by,
            device_id=device,
            made_at=clock.now(),
            answer=OPEN,
        )
        _require_fresh(deed, proposal)
        session.add(proposal)
        session.flush()
        journal.record("proposal.made", proposal, by=by, deed=action, about=[proposal.subject_type, subject.id])
    return proposal


def agree(proposal_id: int, *, by: Tutor) -> Proposal:
    """A tutor says yes, and the deed is done: in one transaction, or neither.

    Raises AlreadyAnswered, NotAllowed for somebody who may not do it either, Stale when the thing has changed, and
    whatever the deed itself refuses.
    """
    with transaction() as session:
        proposal = _lock_open(session, proposal_id)
        deed = _deeds()[proposal.action]
        require_may(by, proposal)
        deed.hold(session, proposal)
        _require_fresh(deed, proposal)
        _answer(proposal, YES, by)
        journal.record("proposal.agreed", proposal, by=by.id)
        with journal.context(**_as_proposed(proposal), proposal=proposal.id, agreed_by=by.id):
            deed.carry_out(proposal)
    return proposal


def decline(proposal_id: int, reason: str, *, by: Tutor) -> Proposal:
    """A tutor says not now, with a prepared reason. Raises AlreadyAnswered, NotAllowed, Refused for another reason."""
    if reason not in REASONS:
        raise Refused(_("Scegli un motivo."))
    with transaction() as session:
        proposal = _lock_open(session, proposal_id)
        _require_tutor(by, ())
        _answer(proposal, NO, by)
        proposal.reason = reason
        journal.record("proposal.declined", proposal, by=by.id, reason=reason)
    return proposal


def take_back(proposal_id: int, *, by: int) -> str:
    """Whoever proposed it does not want it any more; says what it was. Raises Conflict once it is answered."""
    return undo.undo_last(get(proposal_id), by=by)


def told(proposal_id: int, *, by: int) -> None:
    """Whoever proposed it has read the answer. A second time changes nothing."""
    with transaction() as session:
        proposal = _lock(session, proposal_id)
        if proposal.person_id != by:
            raise NotAllowed(_("Questo lo fa un'altra persona."))
        if proposal.answer in (YES, NO) and proposal.told_at is None:
            proposal.told_at = clock.now()
            journal.record("proposal.told", proposal, by=by)


def get(proposal_id: int) -> Proposal:
    """Raises NotFound."""
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None:
        raise _not_there()
    return proposal


def waiting() -> list[Proposal]:
    """What tutors are asked, the oldest first."""
    return _all(Proposal.answer == OPEN)


def untold(person_id: int) -> list[Proposal]:
    """Answers that this person has not read yet, the oldest first."""
    return _all(Proposal.person_id == person_id, Proposal.answer.in_((YES, NO)), Proposal.told_at.is_(None))


def open_on(subject: Subject) -> list[Proposal]:
    """What waits for a tutor and is about this order or product."""
    return [proposal for proposal in about(subject) if proposal.is_open]


def open_about(table: str) -> list[Proposal]:
    """What waits for a tutor and is about any of these. ``table`` as the subjects call theirs."""
    return _all(Proposal.answer == OPEN, Proposal.subject_type == table)


def about(subject: Subject) -> list[Proposal]:
    """All that was ever proposed about it, the oldest first."""
    return _all(Proposal.subject_type == subject.__tablename__, Proposal.subject_id == subject.id)


def says(proposal: Proposal) -> str:
    """The deed in a few easy words: 'carote, 3 euro e 20 centesimi'."""
    return _deeds()[proposal.action].says(proposal)


def say_all(proposals: Sequence[Proposal]) -> list[tuple[Proposal, str]]:
    """Each with its words. Statements do not grow with how many there are."""
    _preload(proposals)
    return [(proposal, says(proposal)) for proposal in proposals]


def stale(proposals: Sequence[Proposal]) -> set[int]:
    """The ids of those to which a yes would come too late."""
    _preload(proposals)
    found = [_deeds()[action].stale(those) for action, those in _by_action(proposals).items()]
    return {proposal.id for those in found for proposal in those}


def needs(proposal: Proposal) -> Collection[Any]:
    """The capabilities of whoever would do it alone."""
    return _deeds()[proposal.action].needs(proposal)


def require_may(by: Tutor, proposal: Proposal) -> None:
    """Raises NotAllowed for somebody who may not do it, and so neither agree to it nor take it back."""
    _require_tutor(by, needs(proposal))


def known_actions() -> set[str]:
    return set(_deeds())


def _as_proposed(proposal: Proposal) -> dict[str, Any]:
    """On which tablet and with how much guide the work was done: as the journal kept it when it was proposed."""
    made = next(entry for entry in journal.entries(proposal, newest_first=False) if entry.action == "proposal.made")
    return {name: made.context.get(name) for name in ("device", "support_shown")}


def _answer(proposal: Proposal, answer: str, by: Tutor) -> None:
    proposal.answer, proposal.answered_at, proposal.answered_by_id = answer, clock.now(), by.id


def _require_tutor(by: Tutor, needs: Iterable[Any]) -> None:
    """A yes is worth as much as the deed of whoever says it: nobody agrees to what they may not do."""
    if not by.is_staff or not all(by.can(capability) for capability in needs):
        raise NotAllowed(_("Questo lo fa un'altra persona. Parlane con chi coordina."))


def _require_fresh(deed: Deed, proposal: Proposal) -> None:
    if deed.stale([proposal]):
        raise Stale(_("Intanto è cambiato qualcosa. Guarda di nuovo."))


def _lock(session: Session, proposal_id: int) -> Proposal:
    proposal = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if proposal is None:
        raise _not_there()
    return proposal


def _lock_open(session: Session, proposal_id: int) -> Proposal:
    proposal = _lock(session, proposal_id)
    _require_open(proposal)
    return proposal


def _require_open(proposal: Proposal) -> None:
    if proposal.answer == TAKEN_BACK:
        raise AlreadyAnswered(_("Chi l'ha chiesto è tornato indietro: non serve più."))
    if not proposal.is_open:
        raise AlreadyAnswered(_("A questa proposta c'è già una risposta."))


def _not_there() -> NotFound:
    return NotFound(_("Questa proposta non c'è."))


def _all(*those: Any) -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).where(*those).order_by(Proposal.id)))


def _preload(proposals: Sequence[Proposal]) -> None:
    for action, those in _by_action(proposals).items():
        _deeds()[action].preload([proposal.subject_id for proposal in those])


def _by_action(proposals: Sequence[Proposal]) -> dict[str, list[Proposal]]:
    found: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.action, []).append(proposal)
    return found


def _deeds() -> dict[str, Deed]:
    return current_app.extensions.setdefault("proposals", {})


def _undo_made(entry: Entry, by: int | None) -> None:
    """The lock is undo's. ``by`` None is the shop itself: no face ever sends it."""
    proposal = get(entry.subject_id)
    if by not in (None, proposal.person_id):
        raise NotAllowed(_("Questo lo fa un'altra persona."))
    _require_open(proposal)
    proposal.answer, proposal.answered_at = TAKEN_BACK, clock.now()


INVERSES = {"proposal.made": undo.Inverse(_undo_made, lambda entry: says(get(entry.subject_id)))}

WITHOUT = {
    "proposal.agreed": "The deed itself was done with it: its own undo is the way back.",
    "proposal.declined": "The person can propose it again; the answer was read as it was.",
    "proposal.told": "What was read was read.",
}

WALLS = ("proposal.agreed", "proposal.declined")
"""Once it is answered nobody takes it back."""
