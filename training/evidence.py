"""The reader that sees steps in the journal (ruling 6). Unique per entry, step and skill; to repeat it changes nothing.

A step says that it was done, not that it was done alone: the help stays unknown (None) until somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import readers
from core.database import db, transaction
from core.journal import Entry
from people.models import Person
from training.models import StepEvent
from training.skills import STEPS, UNDO_SKILL

NAME = "training.evidence"


def read(entry: Entry) -> Iterable[readers.Save]:
    """What this entry shows about somebody, as rows to keep."""
    if entry.is_undo:
        yield partial(_mark_undone, entry.undoes_id)  # whoever took it back
    if entry.person_id is None or not _is_learning(entry.person_id):
        return
    if entry.is_undo:
        task, _skill = STEPS.get(entry.action.removesuffix(".undone"), ("undo", ""))
        yield partial(_keep, _row(entry, entry.action, task, UNDO_SKILL))
    elif entry.action in STEPS:
        task, skill = STEPS[entry.action]
        yield partial(_keep, _row(entry, entry.action, task, skill))


def rebuild() -> None:
    """Throw the projection away and let the worker read the journal again."""
    with transaction() as session:
        session.execute(delete(StepEvent))
    readers.rewind(NAME)


def _is_learning(person_id: int) -> bool:
    """Steps are kept about co-residents only; nobody watches tutors."""
    person = db.session.get(Person, person_id)
    return person is not None and not person.is_staff


def _row(entry: Entry, step: str, task: str, skill: str) -> dict[str, Any]:
    return {
        "entry_id": entry.id,
        "person_id": entry.person_id,
        "skill": skill,
        "step": step,
        "at": entry.at,
        "occasion": f"{task}:{entry.subject_type}:{entry.subject_id}",
        "outcome": "done",
        "guidance_level": entry.context.get("support_shown"),
        "help_rank": None,
        "practice": entry.practice,
    }


def _keep(row: dict[str, Any], session: Session) -> None:
    known = select(StepEvent.id).where(
        StepEvent.entry_id == row["entry_id"], StepEvent.step == row["step"], StepEvent.skill == row["skill"]
    )
    if session.scalar(known) is None:
        session.add(StepEvent(**row))


def _mark_undone(entry_id: int | None, session: Session) -> None:
    session.execute(update(StepEvent).where(StepEvent.entry_id == entry_id).values(undone=True))
