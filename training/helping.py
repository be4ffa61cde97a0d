"""Help calls: one tap, no form; the tutor sees who, on which screen, with which order (criterion 37)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import Conflict
from core.journal import Entry
from people.models import Person

SHOWN_FOR = timedelta(hours=12)
HELP_LOCK = 4_061_2022


def call(person: Person, *, screen: str, order_id: int | None = None) -> None:
    """Ask for a tutor. Somebody who waits already waits on: nothing changes."""
    with transaction() as session:
        serialise(session, HELP_LOCK)  # two taps at once are one call
        if person.id not in {caller.id for caller, _entry in waiting()}:
            journal.record("help.called", person, by=person.id, screen=screen, order=order_id)


def answer(call_id: int, *, by: Person) -> None:
    """A tutor has come. Raises Conflict when another one was faster, or the call is of another day."""
    with transaction():
        person = next((person for person, entry in waiting() if entry.id == call_id), None)
        if person is None:
            raise Conflict(_("A questa chiamata ha già risposto qualcuno."))
        journal.record("help.answered", person, by=by.id, call=call_id)


def waiting() -> list[tuple[Person, Entry]]:
    """Calls of today that no tutor has answered, oldest first. Whoever was erased meanwhile waits no more."""
    since = clock.now() - SHOWN_FOR
    recent = list(
        db.session.scalars(
            select(Entry).where(Entry.action.in_(("help.called", "help.answered")), Entry.at > since).order_by(Entry.id)
        )
    )
    answered = {entry.data["call"] for entry in recent if entry.action == "help.answered"}
    calls = [entry for entry in recent if entry.action == "help.called" and entry.id not in answered]
    people = {p.id: p for p in db.session.scalars(select(Person).where(Person.id.in_({e.subject_id for e in calls})))}
    return [(people[entry.subject_id], entry) for entry in calls if entry.subject_id in people]


WITHOUT_INVERSE = {
    "help.called": "Asking for help is never taken back; a tutor answers it.",
    "help.answered": "A tutor who came has come.",
}
