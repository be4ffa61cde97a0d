"""Coming in without a badge: the person asks, a tutor says yes or not now (cognitive-accessibility, part C 3b).

Always possible, so nobody depends on a thing that can be forgotten. A yes is good once, at the device that asked, for
15 minutes, and opens what a badge opens.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from people import pauses
from people.models import Device, EntryRequest, Person

GOOD_FOR = timedelta(minutes=15)


class Answer(StrEnum):
    """How it stands with what somebody has asked."""

    WAITING = "waiting"
    YES = "yes"
    NOT_NOW = "not_now"
    OVER = "over"  # used, or 15 minutes have gone by


def ask(person: Person, device: Device) -> EntryRequest:
    """Whoever waits for an answer, or has a yes, waits on: two taps are one question. Raises Refused for the staff."""
    if person.is_staff:
        raise Refused(_("Tu entri con la parola d’ordine."))
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        asked = find_newest(person, device)
        if asked is None or answer_to(asked) in (Answer.NOT_NOW, Answer.OVER):
            asked = EntryRequest(person_id=person.id, device_id=device.id, asked_at=clock.now())
            session.add(asked)
            session.flush()
            journal.record("entry.asked", person, by=person.id, request=asked.id, device=device.id)
    return asked


def answer(request_id: int, *, yes: bool, by: Person) -> EntryRequest:
    """A tutor's tap. Raises NotFound, or Conflict when another tutor was faster or the question is over."""
    with transaction() as session:
        asked = session.get(EntryRequest, request_id, with_for_update={"of": EntryRequest}, populate_existing=True)
        if asked is None:
            raise NotFound(_("Questa richiesta non c’è."))
        if asked.answered_at is not None:
            raise Conflict(_("Ha già risposto qualcuno."))
        if answer_to(asked) != Answer.WAITING:
            raise Conflict(_("Sono passati 15 minuti. Se serve, la persona chiede di nuovo."))
        asked.answered_at, asked.answered_by_id, asked.granted = clock.now(), by.id, yes
        if yes:
            pauses.end_here(asked.person, asked.device_id)
        journal.record("entry.granted" if yes else "entry.put_off", asked.person, by=by.id, request=asked.id)
    return asked


def use(person: Person, device: Device) -> bool:
    """Take the yes that this person has at this device; False when there is none, and the second time."""
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        asked = find_newest(person, device)
        if asked is None or answer_to(asked) != Answer.YES:
            return False
        asked.used_at = clock.now()
    return True


def find_newest(person: Person, device: Device) -> EntryRequest | None:
    """The last question of this person at this device."""
    query = select(EntryRequest).where(EntryRequest.person_id == person.id, EntryRequest.device_id == device.id)
    found = query.order_by(EntryRequest.id.desc()).limit(1)
    return db.session.scalar(found.execution_options(populate_existing=True))


def answer_to(asked: EntryRequest) -> Answer:
    """As it stands now: the question waits for 15 minutes, the yes is good for 15 minutes more."""
    since = asked.answered_at or asked.asked_at
    if asked.granted is False:
        return Answer.NOT_NOW
    if asked.used_at is not None or clock.now() - since > GOOD_FOR:
        return Answer.OVER
    return Answer.YES if asked.granted else Answer.WAITING


def waiting() -> list[EntryRequest]:
    """What no tutor has answered yet, oldest first; of people who work here, at devices that are in use."""
    now = clock.now()
    unanswered = (EntryRequest.answered_at.is_(None), EntryRequest.asked_at >= now - GOOD_FOR)
    query = (
        select(EntryRequest)
        .where(*unanswered)
        .options(joinedload(EntryRequest.person), joinedload(EntryRequest.device))
    )
    found = db.session.scalars(query.order_by(EntryRequest.id))
    return [asked for asked in found if asked.person.is_active and asked.device.is_good_at(now)]
