"""Who works here: adding people, shifts, grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.inputs import require_line
from people import shifts
from people.capabilities import GRANTABLE, Capability, Role
from people.models import Grant, Person, Shift, SupportSetting

SUPPORT_LEVELS = (2, 1, 0)
TASKS = ("harvest", "prepare", "hand_over")
"""Work that may have a guide of its own."""
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


def find(person_id: int) -> Person | None:
    """Somebody whose time here has begun and is not over."""
    person = db.session.get(Person, person_id)
    return person if person and person.is_active else None


def get_co_resident(person_id: int) -> Person:
    """Somebody who has a path. Raises NotFound for everybody else: nothing is kept about tutors."""
    person = get(person_id)
    if person.role != Role.CO_RESIDENT:
        raise NotFound(_("Questa persona non c'è."))
    return person


def names(ids: set[int]) -> dict[int, str]:
    """Id -> first name, for "given by"."""
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def by_ids(ids: set[int]) -> dict[int, Person]:
    """Id -> person, for a picture beside the name; whoever was erased is not among them."""
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}


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
    shifts.plan({day: [person.id for person in people]}, by=by)


def let_work(person: Person, day: date, *, by: Person) -> None:
    """One more on the list of ``day``. Where nobody has planned it everybody works, so nothing is to be done."""
    with transaction() as session:
        serialise(session, shifts.SHIFT_LOCK)
        there = planned(day)
        if there and person.id not in {somebody.id for somebody in there}:
            plan_shift(day, [*there, person], by=by)


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


def set_support(person: Person, level: int | None, *, task: str = "", reason: str = "", by: Person) -> Person:
    """From now on the desk shows this much: 2 full guide, 1 hint on tap, 0 plain list (rulings 11 and 12).

    ``task`` ("harvest", "prepare", "hand_over"): only there; ``level`` None: there as everywhere else again. The person
    may take more at once and without a reason; less, or for somebody else, is a tutor's deed with one.
    """
    if (level not in SUPPORT_LEVELS and not (task and level is None)) or (task and task not in TASKS):
        raise Refused(_("Scegli una delle tre guide."))
    own = person.id == by.id
    if not own:
        reason = _require_reason(reason)
    with transaction() as session:
        held = _hold(session, person)
        before = find_support(held, task)
        if before == level:
            return person
        if own and (level is None or level < held.support_for(task)):
            raise NotAllowed(_("Per avere meno guida, parlane con il tutor."))
        _put_support(session, held, task, level)
        set_by = "person" if own else "tutor"
        about: dict[str, Any] = {"task": task} if task else {}
        journal.record(
            "support.changed", held, by=by.id, before=before, level=level, set_by=set_by, reason=reason, **about
        )
    return person


def ask_for_more(person: Person) -> int:
    """One step more guide everywhere, for oneself and at once (ruling 12). Returns the new level.

    Where a task has a guide of its own that is less than that, it follows. Raises Refused where there is no more.
    """
    with transaction() as session:
        held = _hold(session, person)
        level = min(held.support_level + 1, max(SUPPORT_LEVELS))
        less = [own.task for own in held.settings if own.level < level]
        if level == held.support_level and not less:
            raise Refused(_("Hai già tutta la guida."))
        for task in less:
            set_support(held, level, task=task, by=held)
        set_support(held, level, by=held)
    return level


def restore_support(person_id: int, task: str, expected: int | None, level: int | None) -> None:
    """The inverse. Raises Conflict when it was changed once more."""
    with transaction() as session:
        held = _hold(session, get(person_id))
        if find_support(held, task) != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        _put_support(session, held, task, level)


def find_support(person: Person, task: str) -> int | None:
    """What is set for the task itself, or, without one, for the person; None: as everywhere else."""
    if not task:
        return person.support_level
    return next((own.level for own in person.settings if own.task == task), None)


def _put_support(session: Session, person: Person, task: str, level: int | None) -> None:
    if not task:
        person.support_level = level if level is not None else person.support_level
        return
    own = session.get(SupportSetting, (person.id, task))
    if own is not None and level is None:
        session.delete(own)
    elif own is not None and level is not None:
        own.level = level
    elif level is not None:
        session.add(SupportSetting(person_id=person.id, task=task, level=level))
    session.flush()
    session.expire(person, ["settings"])


def _hold(session: Session, person: Person) -> Person:
    """As it is now, until the transaction ends."""
    return session.get_one(Person, person.id, with_for_update={"of": Person}, populate_existing=True)


def _require_reason(reason: str) -> str:
    return require_line(reason, LONGEST_REASON, missing=_("Scrivi perché."))
