"""Tablets and PCs that a tutor has put to work. An unknown one sees nothing (ruling 16)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, journal
from core.database import db, transaction
from core.errors import NotFound
from core.inputs import require_line
from people import tokens
from people.models import Device, Person

GOOD_FOR = timedelta(days=90)
LONGEST_NAME = 60


def enrol(name: str, *, place: str = "", by: Person | None) -> tuple[Device, str]:
    """Put a device to work. Returns it with its secret, which is shown to the browser once and never kept."""
    name = require_line(name, LONGEST_NAME, missing=_("Scrivi come si chiama questo dispositivo."))
    place = require_line(place, LONGEST_NAME)
    secret = tokens.new()
    with transaction() as session:
        device = Device(
            name=name,
            place=place,
            secret_hash=tokens.hashed(secret),
            enrolled_by_id=by.id if by else None,
            enrolled_at=clock.now(),
            expires_at=clock.now() + GOOD_FOR,
        )
        session.add(device)
        session.flush()
        journal.record("device.enrolled", device, by=by.id if by else None)
    return device, secret


def void(device_id: int, *, by: Person) -> None:
    """One tap: from now on this device is unknown."""
    with transaction() as session:
        device = session.get(Device, device_id)
        if device is None:
            raise NotFound(_("Questo dispositivo non c'è."))
        if device.voided_at is None:
            device.voided_at = clock.now()
            journal.record("device.voided", device, by=by.id)


def in_use() -> list[Device]:
    """Devices that work now, by name."""
    query = select(Device).where(Device.voided_at.is_(None), Device.expires_at > clock.now())
    return list(db.session.scalars(query.order_by(Device.name, Device.id)))


def find_by_secret(secret: str) -> Device | None:
    """The device that holds this secret, if it is in use."""
    if not secret:
        return None
    device = db.session.scalar(select(Device).where(Device.secret_hash == tokens.hashed(secret)))
    return device if device and device.is_good_at(clock.now()) else None
