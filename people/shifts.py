"""Who works on which day: planned ahead, a week at a glance, taken back as one deed.

A day that nobody has planned is everybody's (ruling 16).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import Conflict, Refused
from core.seen import sign
from people.models import Person, Shift

SHIFT_LOCK = 9_061_2022
FARTHEST = timedelta(weeks=8)
WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def ticked(days: Collection[date]) -> dict[date, list[int]]:
    """Who was ticked for each of these days, by id; nobody for a day that nobody has planned. One look."""
    found: dict[date, list[int]] = {day: [] for day in days}
    query = select(Shift.day, Shift.person_id).where(Shift.day.in_(list(days))).order_by(Shift.day, Shift.person_id)
    for day, person_id in db.session.execute(query):
        found[day].append(person_id)
    return found


def seen(plan: Mapping[date, Sequence[int]]) -> str:
    """What a form has shown of these days."""
    return sign([(day, sorted(ids)) for day, ids in sorted(plan.items())])


def plan(wanted: Mapping[date, Collection[int]], *, seen_as: str | None = None, by: Person) -> int:
    """Exactly these people work on these days. Returns on how many days that changes something; one deed for all.

    ``seen_as``: what the form had shown; raises Conflict when another tutor has planned meanwhile. Raises Refused for
    days that are past or too far. Whoever is no co-resident of ours is left out.
    """
    _require_to_come(wanted)
    with transaction() as session:
        serialise(session, SHIFT_LOCK)
        before = ticked(wanted)
        if seen_as is not None and seen(before) != seen_as:
            raise Conflict(_("Intanto qualcuno ha cambiato i turni. Guarda come sono adesso."))
        after = {day: sorted(set(ids)) for day, ids in wanted.items()}
        changed = {day: {"before": before[day], "after": ids} for day, ids in after.items() if ids != before[day]}
        for day, both in changed.items():
            _write(session, day, both["after"])
        if changed:
            days = {day.isoformat(): both for day, both in sorted(changed.items())}
            journal.record("shift.planned", by, by=by.id, days=days)
    return len(changed)


def last_week_again(monday: date, *, seen_as: str, by: Person) -> int:
    """The days of this week that are still to come get whoever worked on the same days of the week before."""
    days = [day for day in days_of(monday) if day >= clock.today()]
    before = ticked([day - WEEK for day in days])
    if not any(before.values()):
        raise Refused(_("La settimana prima non ha turni da copiare."))
    return plan({day: _still_here(before[day - WEEK]) for day in days}, seen_as=seen_as, by=by)


def put_back(data: Mapping[str, Any]) -> None:
    """The inverse of a plan. Raises Conflict when a day was planned once more, or is over."""
    if "days" not in data:  # as it was kept when one day was planned at a time
        raise Conflict(_("Questo turno si cambia pianificando di nuovo."))
    days = {date.fromisoformat(day): both for day, both in data["days"].items()}
    with transaction() as session:
        serialise(session, SHIFT_LOCK)
        now = ticked(days)
        if any(day < clock.today() for day in days):
            raise Conflict(_("Uno di quei giorni è già passato."))
        if any(now[day] != both["after"] for day, both in days.items()):
            raise Conflict(_("Intanto qualcuno ha cambiato i turni. Guarda come sono adesso."))
        for day, both in days.items():
            _write(session, day, both["before"])


def _write(session: Session, day: date, ids: Collection[int]) -> None:
    session.execute(delete(Shift).where(Shift.day == day))
    session.add_all(Shift(day=day, person_id=person_id) for person_id in sorted(ids))
    session.flush()


def _still_here(ids: Collection[int]) -> list[int]:
    people = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return [person.id for person in people if person.is_active]


def _require_to_come(days: Collection[date]) -> None:
    if any(not clock.today() <= day <= clock.today() + FARTHEST for day in days):
        raise Refused(_("Si pianifica da oggi alle prossime 8 settimane."))
