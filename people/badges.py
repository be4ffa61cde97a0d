"""Badges: a printed QR that says who somebody is. Printing a new one voids the old."""

from __future__ import annotations

from sqlalchemy import select, update

from core import clock, journal
from core.database import db, transaction
from people import tokens
from people.models import Badge, Person


def make(person: Person, *, by: Person | None) -> str:
    """A new badge; returns its token, to be printed now and never shown again."""
    token = tokens.new()
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())  # one badge in use, always
        session.execute(
            update(Badge).where(Badge.person_id == person.id, Badge.voided_at.is_(None)).values(voided_at=clock.now())
        )
        session.add(Badge(person_id=person.id, token_hash=tokens.hashed(token), printed_at=clock.now()))
        journal.record("badge.made", person, by=by.id if by else None)
    return token


def find_person(token: str) -> Person | None:
    """Whose badge this is, if it is in use and its owner's time here has begun and is not over, on shift or not."""
    badge = db.session.scalar(select(Badge).where(Badge.token_hash == tokens.hashed(token), Badge.voided_at.is_(None)))
    return badge.person if badge and badge.person.is_active else None
