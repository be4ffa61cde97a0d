"""When what is told of a pick-up to everybody last changed: for a feed, whose readers show only what is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from catalog.models import PickUp
from core.database import db
from core.journal import Entry
from orders.models import Order

UNDONE = ".undone"
OF_PICKUP = ("pickup.scheduled", "pickup.planned", "pickup.moved", "pickup.called_off", "pickup.capacity_set")
OF_PLACE = ("place.added", "place.changed")


def changed_at(those: Sequence[PickUp]) -> dict[int, datetime]:
    """Pick-up id -> the newest moment of: planned, moved, other places, another name of its place, full, not full.

    Not there for a pick-up of which the journal says nothing. Two statements, however many.
    """
    deeds, turns = _deeds(those), _turns(those)
    told = {
        each.id: (deeds.get(("pickup", each.id)), deeds.get(("place", each.place_id)), turns.get(each.id))
        for each in those
    }
    moments = {number: [moment for moment in found if moment] for number, found in told.items()}
    return {number: max(found) for number, found in moments.items() if found}


def _deeds(those: Iterable[PickUp]) -> Mapping[tuple[str, int], datetime]:
    ids = {"pickup": {each.id for each in those}, "place": {each.place_id for each in those}}
    about = [
        and_(Entry.subject_type == kind, Entry.subject_id.in_(ids[kind]), Entry.action.in_(_with_undone(actions)))
        for kind, actions in (("pickup", OF_PICKUP), ("place", OF_PLACE))
    ]
    newest = select(Entry.subject_type, Entry.subject_id, func.max(Entry.at)).where(or_(*about))
    rows = db.session.execute(newest.group_by(Entry.subject_type, Entry.subject_id))
    return {(kind, number): moment for kind, number, moment in rows}


def _with_undone(actions: Iterable[str]) -> list[str]:
    return [each + more for each in actions for more in ("", UNDONE)]


def _turns(those: Sequence[PickUp]) -> Mapping[int, datetime]:
    """When the last place went, or one came back where none had been left."""
    query = select(Order.pickup_id, Order.placed_at, Order.cancelled_at)
    query = query.where(Order.pickup_id.in_([each.id for each in those]))
    steps: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for number, placed_at, cancelled_at in db.session.execute(query):
        steps[number] += [(placed_at, 1), *([(cancelled_at, -1)] if cancelled_at else [])]
    turns = {each.id: _last_turn(sorted(steps[each.id]), each.capacity) for each in those}
    return {number: moment for number, moment in turns.items() if moment}


def _last_turn(steps: Iterable[tuple[datetime, int]], capacity: int) -> datetime | None:
    taken, turn = 0, None
    for moment, step in steps:
        was_full, taken = taken >= capacity, taken + step
        turn = moment if was_full != (taken >= capacity) else turn
    return turn
