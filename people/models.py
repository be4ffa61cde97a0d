"""Persons, what they may do, how they come in, when they work. No field for health exists (GDPR art. 9)."""

from __future__ import annotations

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.database import Base
from people.capabilities import BY_ROLE, Capability, Role


class Person(UserMixin, Base):
    """Somebody who works here: co-resident, tutor or coordinator."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("role IN ('co_resident', 'tutor', 'coordinator')", name="role"),
        CheckConstraint("support_level BETWEEN 0 AND 2", name="support_level"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    picture: Mapped[str] = mapped_column(default="fiore")  # a slug of static/img/people
    email: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="it")
    support_level: Mapped[int] = mapped_column(default=2)  # 2 full guide, 1 hint on tap, 0 plain list (ruling 11)
    reads_aloud: Mapped[bool] = mapped_column(default=True)
    text_size: Mapped[int] = mapped_column(default=0)  # 0 as designed, 1 larger, 2 largest
    session_number: Mapped[int] = mapped_column(default=0)  # raised by going out: cookies of before open nothing
    active_from: Mapped[date]
    active_to: Mapped[date | None]

    grants: Mapped[list[Grant]] = relationship(back_populates="person", foreign_keys="Grant.person_id", lazy="selectin")

    @property
    def is_active(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]
        """Flask-Login signs in nobody whose time here has not begun or is over."""
        day = clock.today()
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)

    @property
    def is_staff(self) -> bool:
        return self.role in (Role.TUTOR, Role.COORDINATOR)

    def can(self, capability: Capability) -> bool:
        """By role, or by a grant that holds today."""
        return capability in BY_ROLE[Role(self.role)] or any(
            grant.capability == capability and grant.holds_on(clock.today()) for grant in self.grants
        )


class Grant(Base):
    """A door opened for one person, from a day on, by a named tutor, with a reason (ruling 13)."""

    __tablename__ = "grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capability: Mapped[str]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str | None]

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])

    def holds_on(self, day: date) -> bool:
        """Never once it was withdrawn: the door closes at once, also on the day on which it was opened."""
        dated = self.from_day <= day and (self.to_day is None or day <= self.to_day)
        return dated and self.withdrawn_at is None


class Device(Base):
    """A tablet or PC that a tutor has put to work. Only the hash of its secret is kept."""

    __tablename__ = "device"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    secret_hash: Mapped[str] = mapped_column(unique=True)
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a demo tablet
    enrolled_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]

    def is_good_at(self, moment: datetime) -> bool:
        return self.voided_at is None and moment < self.expires_at


class Badge(Base):
    """A printed QR that says who somebody is. Only its token's hash is kept; printing again voids the old one."""

    __tablename__ = "badge"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    printed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Invitation(Base):
    """A one-time link by which somebody of the staff chooses a password."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Shift(Base):
    """Who works on a day. Edited by tutors."""

    __tablename__ = "shift"
    __table_args__ = (UniqueConstraint("day", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()
