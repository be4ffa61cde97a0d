"""What the record says about one person, and who looked at it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import clock, journal
from core.clock import ROME
from core.database import db, transaction
from core.journal import Entry
from people.models import Person
from training.models import AccessLog, StepEvent

OFTEN = 8
MOST_LOOKS = 500


@dataclass(frozen=True)
class Occasion:
    """One run of one task on one real thing."""

    name: str
    day: date
    steps: list[StepEvent]


@dataclass(frozen=True)
class SkillSeen:
    """How often real work showed a skill: ``times`` occasions on ``days`` days."""

    code: str
    times: int
    days: int

    @property
    def is_seen_often(self) -> bool:
        """Fewer than eight occasions say too little (training-progress B, GOAL)."""
        return self.times >= OFTEN


def occasions(person: Person, *, most: int = 200) -> list[Occasion]:
    """The last steps, grouped by occasion, newest first; within one, in the order of doing."""
    query = (
        select(StepEvent)
        .where(StepEvent.person_id == person.id)
        .order_by(StepEvent.at.desc(), StepEvent.id.desc())
        .limit(most)
    )
    grouped: dict[tuple[str, date], list[StepEvent]] = defaultdict(list)
    for step in db.session.scalars(query):
        grouped[step.occasion, step.at.astimezone(ROME).date()].append(step)
    return [Occasion(name, day, steps[::-1]) for (name, day), steps in grouped.items()]


def skills_seen(person: Person) -> list[SkillSeen]:
    """What standing real steps have shown, in the order of the tree. One thing done on one day counts once a skill.

    Practice and what was undone are left out; nothing here says how well, or how anybody else does.
    """
    query = select(StepEvent).where(
        StepEvent.person_id == person.id, StepEvent.undone.is_(False), StepEvent.practice.is_(False)
    )
    seen: dict[str, set[tuple[date, str]]] = defaultdict(set)
    for step in db.session.scalars(query):
        seen[step.skill].add((step.at.astimezone(ROME).date(), step.occasion))
    return [SkillSeen(code, len(times), len({day for day, _ in times})) for code, times in sorted(seen.items())]


def support_story(person: Person) -> list[Entry]:
    """Every change of the guide that stands, newest first, with who and why."""
    entries = journal.entries(person)
    undone = {entry.undoes_id for entry in entries}
    return [entry for entry in entries if entry.action == "support.changed" and entry.id not in undone]


def note_look(who: Person, about: Person, what: str, purpose: str) -> None:
    """Whoever opens somebody's record leaves their name there (privacy rule P2)."""
    with transaction() as session:
        session.add(AccessLog(who_id=who.id, about_id=about.id, what=what, purpose=purpose, at=clock.now()))


@dataclass(frozen=True)
class Look:
    """Somebody looked at the record on one day, ``times`` times, for this purpose."""

    who: Person
    day: date
    purpose: str
    times: int


def who_looked(about: Person) -> list[Look]:
    """Newest day first; several looks of one day by the same person are told as one."""
    query = (
        select(Person, AccessLog)
        .join(AccessLog, AccessLog.who_id == Person.id)
        .where(AccessLog.about_id == about.id)
        .order_by(AccessLog.id.desc())
        .limit(MOST_LOOKS)
    )
    looks = [(who, look.at.astimezone(ROME).date(), look.purpose) for who, look in db.session.execute(query)]
    return [Look(who, day, purpose, times) for (who, day, purpose), times in Counter(looks).items()]
