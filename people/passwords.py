"""Staff passwords: argon2id, long, pasted if one likes; failures are counted in the database."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _
from sqlalchemy import select

from core import throttle
from core.database import db
from core.errors import Refused, TooManyTries
from people.inviting import LONGEST_EMAIL
from people.models import Person

SHORTEST = 12
MOST_FAILURES = 5
WITHIN = timedelta(minutes=15)

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Raises Refused when it is too short."""
    if len(password) < SHORTEST:
        raise Refused(_("La parola d'ordine deve avere almeno %(number)s caratteri.", number=SHORTEST))
    return _hasher.hash(password)


def find_by_password(email: str, password: str) -> Person | None:
    """Who of the staff this is, or None: co-residents have no password. Takes as long for a name that nobody has.

    Raises TooManyTries.
    """
    email = email.strip().lower()[:LONGEST_EMAIL]
    name = f"password:{email}"
    if not throttle.take(name, MOST_FAILURES, WITHIN):
        raise TooManyTries(_("Troppe prove di seguito. Aspetta un quarto d'ora, oppure chiama chi coordina."))
    person = db.session.scalar(select(Person).where(Person.email == email))
    fits = matches(person.password_hash if person else None, password)
    if fits and person and person.is_active and person.is_staff:
        throttle.forget(name)
        return person
    return None


@cache
def _nobody() -> str:
    """A hash to compare with when the name is unknown, so that the answer takes as long."""
    return _hasher.hash("nobody has this password")


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is this password. Without a hash the answer is no, and takes as long."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except VerificationError:
        return False
