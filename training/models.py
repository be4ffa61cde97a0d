"""Projections of the journal: everything here can be thrown away and read again (ruling 6), except who looked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class StepEvent(Base):
    """One step of real work that a person did, seen from one skill. Unique per entry, step and skill.

    ``help_rank`` runs from 0 (alone) to 5 (together), None while nobody has said (training-progress 1.2).
    """

    __tablename__ = "step_event"
    __table_args__ = (
        UniqueConstraint("entry_id", "step", "skill"),
        CheckConstraint("help_rank IS NULL OR help_rank BETWEEN 0 AND 5", name="help_rank"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    skill: Mapped[str]
    step: Mapped[str]
    at: Mapped[datetime]
    occasion: Mapped[str] = mapped_column(index=True)  # one run of one task on one real thing: "prepare:order:7"
    outcome: Mapped[str]
    guidance_level: Mapped[int | None]
    help_rank: Mapped[int | None]
    practice: Mapped[bool] = mapped_column(default=False)
    undone: Mapped[bool] = mapped_column(default=False)


class Opportunity(Base):
    """One occasion seen from one skill and target: y is 1, 0 or unknown (training-progress B.1). Derived."""

    __tablename__ = "opportunity"
    __table_args__ = (UniqueConstraint("person_id", "skill", "target", "occasion"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    skill: Mapped[str]
    target: Mapped[str]
    occasion: Mapped[str]
    day: Mapped[date]
    y: Mapped[int | None]
    evidence: Mapped[str]
    max_rank: Mapped[int | None]
    variation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SkillState(Base):
    """Where a person stands with a skill, by the published rule; only a Decision confirms (progress B). Derived."""

    __tablename__ = "skill_state"
    __table_args__ = (UniqueConstraint("person_id", "skill", "target"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    skill: Mapped[str]
    target: Mapped[str]
    state: Mapped[str]
    points: Mapped[int]
    days: Mapped[list[str]] = mapped_column(JSON, default=list)
    nearly_on: Mapped[date | None]
    next_check_on: Mapped[date | None]
    rule_version: Mapped[str]
    because: Mapped[list[int]] = mapped_column(JSON, default=list)


class AccessLog(Base):
    """Who looked at whose record, when and why. The person can read it (privacy rules P2 and P3). Append-only."""

    __tablename__ = "access_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    who_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    about_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str]
    purpose: Mapped[str]
    at: Mapped[datetime]
