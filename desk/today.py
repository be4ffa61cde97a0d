"""The work of today: one thing first, then the choices."""

from __future__ import annotations

from flask import render_template

from orders import finding
from orders.models import Order
from people.capabilities import Capability
from people.models import Person


def show(person: Person) -> str:
    to_prepare = finding.to_prepare()
    to_hand_over = finding.to_hand_over() if person.can(Capability.HAND_OVER) else []
    return render_template(
        "desk/today.html",
        person=person,
        to_prepare=to_prepare,
        to_hand_over=to_hand_over,
        may_hand_over=person.can(Capability.HAND_OVER),
        first=_first(to_prepare),
    )


def _first(to_prepare: list[Order]) -> Order | None:
    """A crate that was begun goes before one that nobody has touched."""
    begun = [order for order in to_prepare if any(line.is_prepared for line in order.lines)]
    return next(iter(begun + to_prepare), None)
