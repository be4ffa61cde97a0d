"""The work of today: one thing first, then the choices."""

from __future__ import annotations

from flask import render_template

from core import clock
from desk import harvesting
from orders import finding
from orders.models import Order
from people.capabilities import Capability
from people.models import Person


def show(person: Person) -> str:
    to_prepare = finding.to_prepare()
    to_hand_over = finding.to_hand_over() if person.can(Capability.HAND_OVER) else []
    to_note = harvesting.to_note() if person.can(Capability.NOTE_HARVEST) else []
    return render_template(
        "desk/today.html",
        person=person,
        to_prepare=to_prepare,
        to_hand_over=to_hand_over,
        may_hand_over=person.can(Capability.HAND_OVER),
        to_note=sum(len(rows) for _pickup, rows in to_note),
        first=_first(to_prepare, person),
    )


def _first(to_prepare: list[Order], person: Person) -> Order | None:
    """What this person has begun, then what others have begun for a pick-up still to come, then the next."""
    begun = [order for order in to_prepare if any(line.is_prepared for line in order.lines)]
    touched = finding.touched_by(person.id, begun)
    own = [order for order in begun if order.id in touched]
    of_others = [order for order in begun if order.pickup.to_at > clock.now()]
    return next(iter(own + of_others + to_prepare), None)
