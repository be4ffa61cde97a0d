"""A pause after badges that did not fit: it stops one person and nobody else, and a tutor ends it with one tap.

Who is known by tile: 5 within 15 minutes at one device, 10 within a day anywhere. Where nobody is known: 20 within an
hour at one device (cognitive-accessibility, part C 5). The counts are in the database and hold in every process.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from core import journal, throttle
from core.database import transaction
from core.errors import TooManyTries
from people.models import Device, Person

MOST_AT_DEVICE, WITHIN = 5, timedelta(minutes=15)
MOST_A_DAY, DAY = 10, timedelta(days=1)
MOST_OF_NOBODY, HOUR = 20, timedelta(hours=1)


def require_none(person: Person | None, device: Device) -> None:
    """Raises TooManyTries while ``person``, or this device where nobody is known, has a pause."""
    full = _has_pause(person, device) if person else throttle.is_full(_of_nobody(device.id), MOST_OF_NOBODY, HOUR)
    if full:
        raise TooManyTries(_("Facciamo una pausa. Chiama il tutor."))


def note(person: Person | None, device: Device) -> None:
    """A badge did not fit."""
    for name in (_at(person, device), _of(person)) if person else (_of_nobody(device.id),):
        throttle.note(name)


def forget(person: Person, device: Device) -> None:
    """The right badge after some others: those of here and now count no more; the day's do."""
    throttle.forget(_at(person, device))


def has_one(person: Person) -> bool:
    """Whether this person has a pause at any device: the tutor's page offers to end it."""
    return throttle.is_full(_of(person), MOST_A_DAY, DAY) or throttle.any_full_under(
        _of(person), MOST_AT_DEVICE, WITHIN
    )


def end(person: Person, *, by: Person) -> None:
    """A tutor's tap: this person may show a badge again, everywhere."""
    with transaction():
        throttle.forget_under(_of(person))
        journal.record("pause.ended", person, by=by.id)


def end_here(person: Person, device_id: int) -> None:
    """A tutor has let this person in here: neither of them waits any longer."""
    with transaction():
        throttle.forget_under(_of(person))
        throttle.forget(_of_nobody(device_id))


def _has_pause(person: Person, device: Device) -> bool:
    return throttle.is_full(_at(person, device), MOST_AT_DEVICE, WITHIN) or throttle.is_full(
        _of(person), MOST_A_DAY, DAY
    )


def _of(person: Person) -> str:
    return f"badge:person:{person.id}"


def _at(person: Person, device: Device) -> str:
    return f"{_of(person)}:device:{device.id}"


def _of_nobody(device_id: int) -> str:
    return f"badge:device:{device_id}"
