"""Who works here: adding people, shifts, grants."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.inputs import require_line
from people.capabilities import GRANTABLE, Capability, Role
from people.models import Grant, Person, Shift

SUPPORT_LEVELS = (2, 1, 0)
SHIFT_LOCK = 9_061_2022
LONGEST_NAME, LONGEST_REASON = 60, 280


def add(name: str, role: Role, *, picture: str = "fiore", by: Person | None = None, **more: object) -> Person:
    """Somebody starts to work here today (or on ``active_from``). Raises Refused for a name that cannot be read."""
    name = require_line(name, LONGEST_NAME, missing=_("Scrivi il nome."))
    more.setdefault("active_from", clock.today())
    with transaction() as session:
        person = Person(name=name, role=role, picture=picture, **more)
        session.add(person)
        session.flush()
        journal.record("person.added", person, by=by.id if by else None)
    return person


def get(person_id: int) -> Person:
    """Raises NotFound."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound(_("Questa persona non c'è."))
    return person


def get_co_resident(person_id: int) -> Person:
    """Somebody who has a path. Raises NotFound for everybody else: nothing is kept about tutors."""
    person = get(person_id)
    if person.role != Role.CO_RESIDENT:
        raise NotFound(_("Questa persona non c'è."))
    return person


def names(ids: set[int]) -> dict[int, str]:
    """Id -> first name, for "given by"."""
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def co_residents() -> list[Person]:
    """Everybody who works at the desk now, by name: never by anything that could rank them."""
    query = select(Person).where(Person.role == Role.CO_RESIDENT).order_by(Person.name)
    return [person for person in db.session.scalars(query) if person.is_active]


def planned(day: date) -> list[Person]:
    """Who was ticked for ``day``, by name. Empty when nobody has planned it."""
    query = select(Person).join(Shift, Shift.person_id == Person.id).where(Shift.day == day).order_by(Person.name)
    return [person for person in db.session.scalars(query) if person.is_active]


def on_shift(day: date) -> list[Person]:
    """Who works on ``day``; without a shift every active co-resident (ruling 16)."""
    return planned(day) or co_residents()


def plan_shift(day: date, people: list[Person], *, by: Person) -> None:
    """Exactly these people work on ``day``. Of two tutors at once, the second one's list is the list."""
    with transaction() as session:
        serialise(session, SHIFT_LOCK)
        for shift in session.scalars(select(Shift).where(Shift.day == day)):
            session.delete(shift)
        session.flush()
        for person in people:
            session.add(Shift(day=day, person_id=person.id))
        journal.record("shift.planned", by, by=by.id, day=day.isoformat(), people=[person.id for person in people])


def give(person: Person, capability: Capability, reason: str, *, by: Person) -> Grant:
    """Open a door for one person from today on, with a reason (ruling 13)."""
    if capability not in GRANTABLE:
        raise NotAllowed(_("Questo permesso viene dal ruolo."))
    reason = _require_reason(reason)
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # one giver at a time
        if person.can(capability):
            raise Conflict(_("Questo permesso c'è già."))
        grant = Grant(
            person_id=person.id, capability=capability, given_by_id=by.id, reason=reason, from_day=clock.today()
        )
        session.add(grant)
        session.flush()
        journal.record("grant.given", person, by=by.id, grant=grant.id, capability=capability)
    return grant


def withdraw(grant_id: int, reason: str, *, by: Person) -> None:
    """Close the door again, with a reason. It is closed at once; one that is closed stays as it is."""
    reason = _require_reason(reason)
    with transaction() as session:
        grant = session.get(Grant, grant_id, with_for_update=True)
        if grant is None:
            raise NotFound(_("Questo permesso non c'è."))
        if not grant.holds_on(clock.today()):
            return
        grant.to_day, grant.withdrawn_at = clock.today(), clock.now()
        grant.withdrawn_by_id, grant.withdrawn_reason = by.id, reason
        journal.record("grant.withdrawn", grant.person, by=by.id, grant=grant.id, capability=grant.capability)


def set_support(person: Person, level: int, *, reason: str = "", by: Person) -> Person:
    """From now on the desk shows this much: 2 full guide, 1 hint on tap, 0 plain list (rulings 11 and 12).

    The person may take more at once and without a reason; less, or for somebody else, is a tutor's deed with one.
    """
    if level not in SUPPORT_LEVELS:
        raise Refused(_("Scegli una delle tre guide."))
    own = person.id == by.id
    if own and level < person.support_level:
        raise NotAllowed(_("Per avere meno guida, parlane con il tutor."))
    if not own:
        reason = _require_reason(reason)
    with transaction():
        before = person.support_level
        if before != level:
            person.support_level = level
            set_by = "person" if own else "tutor"
            journal.record(
                "support.changed", person, by=by.id, before=before, level=level, set_by=set_by, reason=reason
            )
    return person


def _require_reason(reason: str) -> str:
    return require_line(reason, LONGEST_REASON, missing=_("Scrivi perché."))
