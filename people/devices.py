"""Tablets and PCs that a tutor has put to work. An unknown one sees nothing (ruling 16)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from core.inputs import require_line
from people import tokens
from people.models import Device, Person

GOOD_FOR = timedelta(days=90)
LONGEST_NAME = 60


class Scale(StrEnum):
    """What weighs beside a device."""

    NONE = ""
    SERIAL = "serial"  # on a cable, read by the browser
    KEYBOARD = "keyboard"  # it writes what it weighs, as a keyboard does


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


def rename(device_id: int, name: str, place: str, *, by: Person) -> None:
    """What it is called and where it stands."""
    name = require_line(name, LONGEST_NAME, missing=_("Scrivi come si chiama questo dispositivo."))
    place = require_line(place, LONGEST_NAME)
    with transaction() as session:
        device = session.get(Device, device_id, with_for_update=True, populate_existing=True)
        if device is None or not device.is_good_at(clock.now()):
            raise NotFound(_("Questo dispositivo non c'è."))
        before, after = [device.name, device.place], [name, place]
        if before != after:
            device.name, device.place = after
            journal.record("device.renamed", device, by=by.id, before=before, after=after)


def name_back(device_id: int, expected: list[str], before: list[str]) -> None:
    """The inverse. Raises Conflict when somebody has renamed it again."""
    with transaction() as session:
        device = session.get_one(Device, device_id, with_for_update=True, populate_existing=True)
        if [device.name, device.place] != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        device.name, device.place = before


def set_scale(device_id: int, scale: str, *, by: Person | None) -> None:
    """What weighs beside this device from now on."""
    if scale not in set(Scale):
        raise Refused(_("Scegli una delle tre bilance."))
    with transaction() as session:
        device = session.get(Device, device_id, with_for_update=True, populate_existing=True)
        if device is None or not device.is_good_at(clock.now()):
            raise NotFound(_("Questo dispositivo non c'è."))
        if device.scale != scale:
            before, device.scale = device.scale, scale
            journal.record("device.scale_set", device, by=by.id if by else None, before=before, after=scale)


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
