"""Which pick-ups of the calendar stand: what rules want, what closed weeks forbid, and calling off what nobody ordered.

What the calendar calls off by itself has one of its two words as the reason, so that it can stand again later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import pickups
from catalog.models import ClosedWeek, PickUp, PickUpRule
from core import clock
from core.database import db, serialise
from core.errors import Conflict

CALENDAR_LOCK = 10_061_2022
RULE, WEEK = "regola", "settimana"  # ``cancelled_why`` of what the calendar called off


def hold(session: Session) -> None:
    """One at a time: nobody plans a week that somebody else is closing."""
    serialise(session, CALENDAR_LOCK)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def in_week(monday: date) -> Any:
    return PickUp.day.between(monday, monday + timedelta(days=6))


def closed_mondays() -> set[date]:
    """Of this week and later ones."""
    return set(db.session.scalars(select(ClosedWeek.monday).where(ClosedWeek.monday >= monday_of(clock.today()))))


def wants(rule: PickUpRule, day: date) -> bool:
    return rule.weekday == day.weekday() and rule.from_day <= day and (rule.to_day is None or day <= rule.to_day)


def cutoff(rule: PickUpRule, day: date) -> datetime:
    """Until when one can order for this rule's pick-up on ``day``; never after it begins."""
    wall = clock.rome(day - timedelta(days=rule.cutoff_days_before), *divmod(rule.cutoff_minute, 60))
    return min(wall, pickups.window(day, rule.from_minute, rule.to_minute)[0])


def planned(rule: PickUpRule, day: date) -> PickUp:
    """What the rule wants on ``day``, not stored yet."""
    from_at, to_at = pickups.window(day, rule.from_minute, rule.to_minute)
    return PickUp(
        place_id=rule.place_id,
        rule_id=rule.id,
        planned_day=day,
        day=day,
        from_at=from_at,
        to_at=to_at,
        cutoff_at=cutoff(rule, day),
        capacity=rule.capacity,
        taken=0,
    )


def held(*those: Any) -> list[PickUp]:
    """Real pick-ups, by id, held until the transaction ends."""
    query = select(PickUp).where(PickUp.practice.is_(False), *those).order_by(PickUp.id).with_for_update(of=PickUp)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def call_off(*those: Any, why: str) -> tuple[list[PickUp], list[PickUp]]:
    """Of the pick-ups to come: those that nobody has ordered for do not take place, the others are left as they are."""
    standing = held(*those, PickUp.cancelled_at.is_(None), PickUp.to_at > clock.now())
    gone = [pickup for pickup in standing if not pickup.taken]
    for pickup in gone:
        pickup.cancelled_at, pickup.cancelled_why = clock.now(), why
    return gone, [pickup for pickup in standing if pickup.taken]


def stand_again(session: Session, called_off: Sequence[PickUp]) -> list[PickUp]:
    """Each takes place, unless something else of the calendar is against it: then that is the reason from now on."""
    ids = {pickup.rule_id for pickup in called_off}
    rules = {rule.id: rule for rule in session.scalars(select(PickUpRule).where(PickUpRule.id.in_(ids)))}
    closed = closed_mondays()
    for pickup in called_off:
        rule = rules.get(pickup.rule_id or 0)
        if rule and pickup.planned_day and not wants(rule, pickup.planned_day):
            pickup.cancelled_why = RULE
        elif monday_of(pickup.day) in closed:
            pickup.cancelled_why = WEEK
        else:
            pickup.cancelled_at, pickup.cancelled_why = None, ""
    return [pickup for pickup in called_off if pickup.cancelled_at is None]


def require_to_come(called_off: Sequence[PickUp]) -> None:
    if any(pickup.to_at <= clock.now() for pickup in called_off):
        raise Conflict(_("Uno di questi ritiri sarebbe già passato."))
