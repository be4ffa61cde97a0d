"""Who somebody is here, and how long: name, picture, how the desk looks for them; a last day, and a way back.

Nothing about a person is deleted: whoever leaves keeps their page, and may come back. Each deed can be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock, journal, seen
from core.database import db, serialise, transaction
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.inputs import require_line
from people import pictures
from people.capabilities import Role
from people.models import Badge, Person

STAYING_LOCK = 9_065_2022
LONGEST_NAME = 60
LOOKS = ("text_size", "reads_aloud", "large_pictures")
"""What everybody chooses for themselves."""
COLUMNS = ("name", "picture", "language", *LOOKS)
TEXT_SIZES = (0, 1, 2)
LANGUAGES = ("it", "en")
FARTHEST = timedelta(days=366)


def change(person_id: int, given: Mapping[str, Any], *, seen_as: str, by: Person) -> Person:
    """A tutor writes down how somebody is called and what their screens are like. ``given``: every one of COLUMNS.

    ``seen_as``: `seen.of(person, COLUMNS)` of the page. Raises Refused, naming the ``field``, and Conflict when
    somebody else has changed it meanwhile.
    """
    clean = _clean(given)
    with transaction() as session:
        person = _lock(session, person_id)
        elsewhere = _("Intanto qualcuno ha cambiato questa pagina. Guarda com'è adesso.")
        seen.require(person, COLUMNS, seen_as, elsewhere)
        _set(person, clean, by=by)
    return person


def choose(person: Person, column: str, value: int | bool) -> Person:
    """Somebody chooses for themselves how the desk looks (criterion 38). Raises NotAllowed for the rest."""
    if column not in LOOKS:
        raise NotAllowed(_("Questo lo fa un'altra persona. Chiama il tutor."))
    if column == "text_size" and value not in TEXT_SIZES:
        raise Refused(_("Scegli una grandezza."))
    with transaction() as session:
        _set(_lock(session, person.id), {column: int(value) if column == "text_size" else bool(value)}, by=person)
    return person


def restore(person_id: int, after: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """The inverse of both. Raises Conflict when it was changed once more."""
    with transaction() as session:
        person = _lock(session, person_id)
        seen.require_standing(person, after)
        seen.put(person, before)


def leave(person_id: int, last_day: date | None, *, by: Person) -> Person:
    """``last_day`` is the last one here; None: it is over now, sessions and badge with it. Nothing is deleted.

    Raises Refused for oneself, for the last one who coordinates, for a day that is past or too far.
    """
    with transaction() as session:
        serialise(session, STAYING_LOCK)  # two coordinators who send each other away: the second one stays
        person = _lock(session, person_id)
        _require_may_leave(person, by)
        before, after = person.active_to, clock.yesterday() if last_day is None else _possible(person, last_day)
        if before == after:
            return person
        person.active_to = after
        voided = _void_badges(session, person) if last_day is None else []
        if last_day is None:
            person.session_number += 1
        journal.record("person.left", person, by=by.id, before=_iso(before), after=after.isoformat(), badges=voided)
    return person


def come_back(person_id: int, *, by: Person) -> Person:
    """Somebody whose last day was set works here again, with none. Their old badge stays shut: a new one is printed."""
    with transaction() as session:
        person = _lock(session, person_id)
        if person.active_to is None:
            raise Conflict(_("Questa persona lavora già qui."))
        before, person.active_to = person.active_to, None
        voided = _void_badges(session, person) if before < clock.today() else []
        journal.record("person.returned", person, by=by.id, before=before.isoformat(), badges=voided)
    return person


def set_end(person_id: int, *, expected: str | None, end: str | None, badges: Collection[int]) -> None:
    """The inverse of leaving and of coming back: the end as it was, and the badges that opened then."""
    with transaction() as session:
        person = _lock(session, person_id)
        if _iso(person.active_to) != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        in_use = select(Badge.id).where(Badge.person_id == person.id, Badge.voided_at.is_(None))
        if badges and session.scalar(in_use) is not None:
            raise Conflict(_("Intanto c'è un cartellino nuovo. Guarda di nuovo."))
        person.active_to = date.fromisoformat(end) if end else None
        session.execute(update(Badge).where(Badge.id.in_(badges)).values(voided_at=None))


def who_left() -> list[Person]:
    """Co-residents whose time here is over, by name."""
    query = select(Person).where(Person.role == Role.CO_RESIDENT, Person.active_to < clock.today())
    return list(db.session.scalars(query.order_by(Person.name, Person.id)))


def of_the_staff() -> list[Person]:
    """Tutors and coordinators, by name, those whose time is over last."""
    query = select(Person).where(Person.role != Role.CO_RESIDENT).order_by(Person.name, Person.id)
    found = list(db.session.scalars(query))
    return [each for each in found if each.is_active] + [each for each in found if not each.is_active]


def _clean(given: Mapping[str, Any]) -> dict[str, Any]:
    name = require_line(given.get("name", ""), LONGEST_NAME, missing=_("Scrivi il nome."))
    chosen = {"name": name, "reads_aloud": bool(given["reads_aloud"]), "large_pictures": bool(given["large_pictures"])}
    chosen["picture"] = _one_of("picture", given["picture"], pictures.names(), _("Scegli una figura."))
    chosen["language"] = _one_of("language", given["language"], LANGUAGES, _("Scegli una lingua."))
    chosen["text_size"] = _one_of("text_size", given["text_size"], TEXT_SIZES, _("Scegli una grandezza."))
    return chosen


def _one_of(field: str, value: Any, choices: Collection[Any], sentence: str) -> Any:
    if value not in choices:
        raise Refused(sentence, field=field)
    return value


def _set(person: Person, values: Mapping[str, Any], *, by: Person) -> None:
    before, after = seen.differences(person, values)
    seen.put(person, after)
    if after:
        journal.record("person.changed", person, by=by.id, before=before, after=after)


def _require_may_leave(person: Person, by: Person) -> None:
    if person.id == by.id:
        raise Refused(_("Per te lo decide un'altra persona che coordina."))
    if person.role == Role.COORDINATOR and by.role != Role.COORDINATOR:
        raise NotAllowed(_("Questo lo fa un'altra persona. Parlane con chi coordina."))
    if person.role == Role.COORDINATOR and not any(True for _other in _other_coordinators(person)):
        raise Refused(_("È l'ultima persona che coordina: prima invitane un'altra."))


def _other_coordinators(person: Person) -> Iterator[Person]:
    query = select(Person).where(Person.role == Role.COORDINATOR, Person.id != person.id)
    return (other for other in db.session.scalars(query) if other.is_active and other.active_to is None)


def _possible(person: Person, day: date) -> date:
    if not clock.today() <= day <= clock.today() + FARTHEST or day < person.active_from:
        raise Refused(_("Scegli un giorno da oggi in poi, entro un anno."), field="ultimo")
    return day


def _void_badges(session: Session, person: Person) -> list[int]:
    in_use = list(session.scalars(select(Badge.id).where(Badge.person_id == person.id, Badge.voided_at.is_(None))))
    session.execute(update(Badge).where(Badge.id.in_(in_use)).values(voided_at=clock.now()))
    return in_use


def _lock(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update={"of": Person}, populate_existing=True)
    if person is None:
        raise NotFound(_("Questa persona non c'è."))
    return person


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
