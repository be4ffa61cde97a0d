"""What a deed on a whole pick-up would do, shown before it is done; and the deed only if that is still so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from flask import request
from flask_babel import gettext as _

from catalog import pickups, standing
from catalog.models import PickUp
from core import inputs
from core.database import db, transaction
from core.errors import Conflict, Refused
from desk import given, pickup_words
from desk.staff_pickups import wait_of_letters
from orders import explaining, finding, reasons
from orders.models import Order

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Told:
    """Who gets a letter, and who has to be rung because there is no e-mail."""

    letters: int
    to_ring: Sequence[Order]
    after: timedelta


class _Rehearsed(Exception):
    """The end of a rehearsal."""


def get_to_come(pickup_id: int) -> PickUp:
    """Raises Conflict for one that is over or was called off: there is nothing to change any more."""
    pickup = pickups.get(pickup_id)
    if pickup.cancelled_at is not None:
        raise Conflict(_("Questo ritiro non si fa più."))
    if pickup_words.is_over(pickup):
        raise Conflict(_("Questo ritiro è già passato."))
    return pickup


def rehearse(deed: Callable[[], Answer]) -> Answer:
    """Do a deed with every check that it makes, and take it back before anybody sees: what would it do?"""
    found: list[Answer] = []
    try:
        with transaction():
            found.append(deed())
            raise _Rehearsed
    except _Rehearsed:
        return found[0]


def as_seen(pickup_id: int, deed: Callable[[], object]) -> None:
    """The deed, if the pick-up is still as the review showed it. Raises Conflict.

    Calendar, then pick-up, in the order in which the deeds hold them: two of them never wait for each other.
    """
    standing.hold(db.session())
    if version(pickups.lock(pickup_id)) != request.form.get("version"):
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    deed()


def version(pickup: PickUp) -> str:
    """What a review was about: when, where, which orders with what in them, whether it still stands."""
    facts = (pickup.from_at, pickup.to_at, pickup.place_id, pickup.taken, pickup.closed_at, pickup.cancelled_at)
    orders = sorted((order.id, order.version) for order in finding.of_pickup(pickup.id) if order.stands)
    return "|".join(map(str, (*facts, *orders)))


def told(pickup: PickUp) -> Told:
    orders = [order for order in finding.of_pickup(pickup.id) if order.stands]
    if pickup.practice:
        return Told(0, [], wait_of_letters())
    without = [order for order in orders if not order.email]
    return Told(len(orders) - len(without), without, wait_of_letters())


def reason(fields: given.Given, prepared: Sequence[str]) -> str:
    """A prepared phrase, by its key, or own words. Raises Refused."""
    chosen = fields.get("motivo", "")
    if chosen == reasons.OTHER:
        return own_words(fields, "parole")
    if chosen not in prepared:
        raise Refused(_("Scegli perché."), field="motivo-1")
    return reasons.key(chosen)


def own_words(fields: given.Given, field: str) -> str:
    """As a sentence of the letter. Raises Refused."""
    words = explaining.sentence(inputs.one_line(fields.get(field)))
    if not words:
        raise Refused(_("Scrivi in poche parole perché."), field=field)
    return words
