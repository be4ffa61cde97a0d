"""Persons, what they may do, how they come in, when they work. No field for health exists (GDPR art. 9)."""

from __future__ import annotations

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.database import Base
from people.capabilities import BY_ROLE, GRANTABLE, Capability, Role


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
    large_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())
    session_number: Mapped[int] = mapped_column(default=0)  # raised by going out: cookies of before open nothing
    active_from: Mapped[date]
    active_to: Mapped[date | None]

    settings: Mapped[list[SupportSetting]] = relationship()
    practises = False  # as long as somebody tries things out: set by the signed-in session, never kept

    grants: Mapped[list[Grant]] = relationship(back_populates="person", foreign_keys="Grant.person_id", lazy="selectin")

    @property
    def is_active(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]
        """Flask-Login signs in nobody whose time here has not begun or is over."""
        return self.works_on(clock.today())

    def works_on(self, day: date) -> bool:
        """Whether their time here has begun by then and is not over."""
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)

    @property
    def is_staff(self) -> bool:
        return self.role in (Role.TUTOR, Role.COORDINATOR)

    def support_for(self, task: str) -> int:
        """How much the desk guides in ``task`` ("harvest", "prepare", "hand_over"): set for it, or for the person."""
        return next((own.level for own in self.settings if own.task == task), self.support_level)

    def can(self, capability: Capability) -> bool:
        """By role, or by a grant that holds today. In practice everything that could be granted may be tried."""
        if self.practises and capability in GRANTABLE:
            return True
        return capability in BY_ROLE[Role(self.role)] or any(
            grant.capability == capability and grant.holds_on(clock.today()) for grant in self.grants
        )


class SupportSetting(Base):
    """Another guide for one task than the person's own (ruling 11); decided by people, never by the rule."""

    __tablename__ = "support_setting"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 2", name="level"),
        CheckConstraint("task IN ('harvest', 'prepare', 'hand_over')", name="task"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int]


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
    scale: Mapped[str] = mapped_column(default="", server_default="")  # "serial", "keyboard" or none: what weighs here

    def is_good_at(self, moment: datetime) -> bool:
        return self.voided_at is None and moment < self.expires_at


class EntryRequest(Base):
    """Somebody without a badge asks a tutor to be let in, on one device. Used once, within its time."""

    __tablename__ = "entry_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    device: Mapped[Device] = relationship()


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


class Recording(Base):
    """A tutor's voice saying these words of the desk, as they stand on the screen. Sound as the browser recorded it."""

    __tablename__ = "recording"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # media type
    sound: Mapped[bytes] = mapped_column(deferred=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
