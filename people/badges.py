"""Badges: a printed QR that says who somebody is. Printing a new one voids the old."""

from __future__ import annotations

import re
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select, update

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import NotAllowed, NotFound, Refused
from people import pauses, tokens
from people.models import Badge, Device, Person

BADGE_LOCK = 9_064_2022
TOKEN = re.compile(r"(?:^|/banco/cartellino/)([A-Za-z0-9_-]{20,100})$")
"""What a camera or a reader gives: the address on the badge, or its token alone."""


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


def void(person: Person, *, by: Person) -> None:
    """It is lost: from now on it opens nothing. Nobody prints another one yet. Raises Refused where there is none."""
    with transaction() as session:
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        in_use = list(session.scalars(select(Badge).where(Badge.person_id == person.id, Badge.voided_at.is_(None))))
        if not in_use:
            raise Refused(_("Questa persona non ha un cartellino che apre."))
        for badge in in_use:
            badge.voided_at = clock.now()
        journal.record("badge.voided", person, by=by.id)


def in_use(ids: Collection[int]) -> set[int]:
    """Those of these people who have a badge that opens."""
    query = select(Badge.person_id).where(Badge.person_id.in_(ids), Badge.voided_at.is_(None))
    return set(db.session.scalars(query))


def find_person(token: str) -> Person | None:
    """Whose badge this is, if it is in use and its owner's time here has begun and is not over, on shift or not."""
    badge = db.session.scalar(select(Badge).where(Badge.token_hash == tokens.hashed(token), Badge.voided_at.is_(None)))
    return badge.person if badge and badge.person.is_active else None


def token_in(read: str) -> str:
    """The token in what was read. Raises NotFound for a code that is of no badge at all; that is no try."""
    found = TOKEN.search(read.strip())
    if found is None:
        raise NotFound(_("Questo non è un cartellino. Mostra il cartellino."))
    return found[1]


def show(token: str, *, device: Device, known: Person | None) -> Person:
    """Whose badge was shown to this device. ``known``: who is at it already, by tile; only their own fits then.

    Raises TooManyTries in a pause, NotFound for a badge that opens nothing, NotAllowed for another person's. Tries that
    come at once queue here. A hash is looked up, so how long it takes says nothing of the token.
    """
    with transaction() as session:
        serialise(session, BADGE_LOCK)
        pauses.require_none(known, device)
        person = find_person(token)
        if person is not None:  # going out, or another tile, ends nobody's pause
            pauses.require_none(person, device)
        refused = _what_is_wrong(person, known)
        if refused is not None:
            pauses.note(known, device)
        elif person is not None:
            pauses.forget(person, device)
    if refused is not None or person is None:
        raise refused or NotFound(_("Non conosco questo cartellino. Prova ancora, o chiama il tutor."))
    return person


def _what_is_wrong(person: Person | None, known: Person | None) -> Refused | None:
    """The staff have a password and no badge."""
    if person is None or person.is_staff:
        return NotFound(_("Non conosco questo cartellino. Prova ancora, o chiama il tutor."))
    if known is not None and person.id != known.id:
        return NotAllowed(_("Questo è di un’altra persona. Mostra il tuo."))
    return None
