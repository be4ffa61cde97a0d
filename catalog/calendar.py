"""The weekly round ahead: rules want pick-ups, closed weeks want none, ``plan`` makes what is wanted.

Rules keep Rome's wall time, in minutes after midnight; weeks begin on Monday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog import pickups, standing
from catalog.models import ClosedWeek, PickUp, PickUpRule, Place
from core import clock, formats, inputs, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused

LONGEST_REASON = 200
EARLIEST_CUTOFF = 7  # days before
TEN_YEARS = 3653


@dataclass(frozen=True)
class RuleEnd:
    """What ending a rule has done: ``gone`` nobody had ordered for, ``staying`` have orders and take place."""

    rule: PickUpRule
    gone: list[PickUp]
    staying: list[PickUp]


def add_rule(
    place_id: int,
    *,
    weekday: int,
    from_minute: int,
    to_minute: int,
    cutoff_days_before: int,
    cutoff_minute: int,
    capacity: int,
    from_day: date,
    to_day: date | None = None,
    by: int | None,
) -> PickUpRule:
    """Every week from ``from_day`` until ``to_day``, both included. ``weekday`` 0 is Monday.

    Raises Refused for times, days or places that cannot be, NotFound for a place that is not there.
    """
    rule = PickUpRule(
        place_id=place_id,
        weekday=weekday,
        from_minute=from_minute,
        to_minute=to_minute,
        cutoff_days_before=cutoff_days_before,
        cutoff_minute=cutoff_minute,
        capacity=capacity,
        from_day=from_day,
        to_day=to_day,
    )
    _require_sensible(rule)
    with transaction() as session:
        standing.hold(session)
        if session.get(Place, place_id) is None:
            raise NotFound(_("Questo posto non c'è."))
        session.add(rule)
        session.flush()
        journal.record("pickup_rule.added", rule, by=by)
    return rule


def end_rule(rule_id: int, last_day: date, *, by: int | None) -> RuleEnd:
    """The rule wants nothing after ``last_day``.

    Raises Conflict when it ends before that already, Refused when it begins later, NotFound.
    """
    with transaction() as session:
        rule = _get_rule(session, rule_id)
        if rule.to_day is not None and rule.to_day <= last_day:
            raise Conflict(_("Questa regola finisce già prima."))
        if (rule.from_day - last_day).days > 1:
            raise Refused(_("Questa regola comincia più tardi: guarda la data."))
        before, rule.to_day = rule.to_day, last_day
        gone, staying = standing.call_off(PickUp.rule_id == rule_id, PickUp.planned_day > last_day, why=standing.RULE)
        journal.record(
            "pickup_rule.ended",
            rule,
            by=by,
            before=before.isoformat() if before else None,
            after=last_day.isoformat(),
            pickups=[pickup.id for pickup in gone],
        )
    return RuleEnd(rule, gone, staying)


def drop_rule(rule_id: int) -> None:
    """The inverse of adding: it wants nothing at all. Raises Conflict when somebody has ordered."""
    with transaction() as session:
        rule = _get_rule(session, rule_id)
        if standing.held(PickUp.rule_id == rule_id, PickUp.taken > 0):
            raise Conflict(_("Per un ritiro di questa regola c'è già un ordine."))
        standing.call_off(PickUp.rule_id == rule_id, why=standing.RULE)
        rule.to_day = rule.from_day - timedelta(days=1)


def resume_rule(rule_id: int, *, expected: date, to_day: date | None) -> None:
    """The inverse of ending. Raises Conflict when it was ended again, or when one of its pick-ups would be over."""
    with transaction() as session:
        rule = _get_rule(session, rule_id)
        if rule.to_day != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        rule.to_day = to_day
        wanted = PickUp.planned_day <= to_day if to_day else PickUp.planned_day.is_not(None)
        ours = standing.held(PickUp.rule_id == rule_id, PickUp.cancelled_why == standing.RULE, wanted)
        standing.require_to_come(ours)
        standing.stand_again(session, ours)


def close_week(monday: date, reason: str, *, by: int | None) -> ClosedWeek:
    """The farm rests from ``monday`` to Sunday: pick-ups without orders are called off, and no rule makes others.

    Raises Refused for a day that is no Monday, Conflict while orders wait for a pick-up (``details['pickups']``).
    """
    reason = inputs.require_line(reason, LONGEST_REASON, missing=_("Scrivi in poche parole perché."))
    if monday.weekday() != 0:
        raise Refused(_("Una settimana comincia di lunedì: scegli un lunedì."))
    if monday < standing.monday_of(clock.today()):
        raise Refused(_("Questa settimana è già passata."))
    with transaction() as session:
        standing.hold(session)
        if _find_week(session, monday):
            raise Conflict(_("Questa settimana è già chiusa."))
        gone, staying = standing.call_off(standing.in_week(monday), why=standing.WEEK)
        if staying:
            raise _ordered(staying)
        week = ClosedWeek(monday=monday, reason=reason)
        session.add(week)
        session.flush()
        called_off = [pickup.id for pickup in gone]
        journal.record("week.closed", week, by=by, monday=monday.isoformat(), reason=reason, pickups=called_off)
    return week


def open_week(monday: date, *, by: int | None) -> list[PickUp]:
    """The farm works after all: the pick-ups that closing the week called off stand again, as far as they are to come.

    Returns them; ``plan`` makes what is still missing. Raises Conflict when the week is not closed.
    """
    with transaction() as session:
        standing.hold(session)
        week = _find_week(session, monday)
        if week is None:
            raise Conflict(_("Questa settimana è già aperta."))
        called_off = standing.held(
            standing.in_week(monday), PickUp.cancelled_why == standing.WEEK, PickUp.to_at > clock.now()
        )
        journal.record("week.opened", week, by=by, monday=monday.isoformat(), reason=week.reason)
        session.delete(week)
        session.flush()
        return standing.stand_again(session, called_off)


def reopen_week(week_id: int, pickup_ids: Sequence[int]) -> None:
    """The inverse of closing: exactly these pick-ups stand again. Raises Conflict when one of them would be over."""
    with transaction() as session:
        standing.hold(session)
        week = session.get(ClosedWeek, week_id)
        if week is None:
            raise Conflict(_("Questa settimana è già aperta."))
        called_off = standing.held(PickUp.id.in_(pickup_ids), PickUp.cancelled_why == standing.WEEK)
        standing.require_to_come(called_off)
        session.delete(week)
        session.flush()
        standing.stand_again(session, called_off)


def plan(weeks: int = 3) -> int:
    """Make the pick-ups that rules want from today until so many weeks ahead. Returns how many; twice changes nothing.

    None in a closed week, none whose cut-off has passed, none that was moved or called off since it was made.
    """
    if not _missing(weeks):  # looking takes no writer's turn
        return 0
    with transaction() as session:
        standing.hold(session)
        made = [standing.planned(rule, day) for rule, day in _missing(weeks)]
        session.add_all(made)
        session.flush()
        for pickup in made:
            journal.record("pickup.planned", pickup, by=None, rule=pickup.rule_id)
    return len(made)


def rules() -> list[PickUpRule]:
    """Rules that still want something, now or later, in the order of the week."""
    in_force = or_(
        PickUpRule.to_day.is_(None),
        and_(PickUpRule.to_day >= clock.today(), PickUpRule.to_day >= PickUpRule.from_day),
    )
    query = select(PickUpRule).where(in_force).options(joinedload(PickUpRule.place))
    return list(db.session.scalars(query.order_by(PickUpRule.weekday, PickUpRule.from_minute, PickUpRule.id)))


def closed_weeks() -> list[ClosedWeek]:
    """This week and later, soonest first."""
    query = select(ClosedWeek).where(ClosedWeek.monday >= standing.monday_of(clock.today()))
    return list(db.session.scalars(query.order_by(ClosedWeek.monday)))


def find_rule(rule_id: int) -> PickUpRule | None:
    return db.session.get(PickUpRule, rule_id)


def find_week(week_id: int) -> ClosedWeek | None:
    """A closed week; None as well once it was opened again."""
    return db.session.get(ClosedWeek, week_id)


def coming(days: int) -> list[PickUp]:
    """Pick-ups of today and so many days more, soonest first; closed and called-off ones too."""
    return pickups.coming(clock.today(), clock.today() + timedelta(days=days))


def is_closed(day: date) -> bool:
    """Whether the farm rests in the week of this day."""
    return db.session.scalar(select(ClosedWeek.id).where(ClosedWeek.monday == standing.monday_of(day))) is not None


def _missing(weeks: int) -> list[tuple[PickUpRule, date]]:
    today = clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(7 * weeks + 1)]
    closed = standing.closed_mondays()
    known = select(PickUp.rule_id, PickUp.planned_day).where(PickUp.rule_id.is_not(None), PickUp.planned_day >= today)
    made = {(rule_id, day) for rule_id, day in db.session.execute(known)}
    return [
        (rule, day)
        for rule in rules()
        for day in days
        if standing.wants(rule, day)
        and standing.monday_of(day) not in closed
        and (rule.id, day) not in made
        and standing.cutoff(rule, day) > clock.now()
    ]


def _require_sensible(rule: PickUpRule) -> None:
    if abs((rule.from_day - clock.today()).days) > TEN_YEARS:
        raise Refused(_("Guarda la data di inizio."))
    if not 0 <= rule.weekday <= 6:
        raise Refused(_("Scegli un giorno della settimana."))
    pickups.window(rule.from_day, rule.from_minute, rule.to_minute)
    if not 1 <= rule.capacity <= pickups.MOST_PLACES:
        raise Refused(_("Scrivi un numero di posti da 1 a %(most)d.", most=pickups.MOST_PLACES))
    if not (0 <= rule.cutoff_days_before <= EARLIEST_CUTOFF and 0 <= rule.cutoff_minute < pickups.DAY):
        raise Refused(_("Il termine per ordinare può essere fino a %(most)d giorni prima.", most=EARLIEST_CUTOFF))
    if rule.cutoff_days_before == 0 and rule.cutoff_minute >= rule.from_minute:
        raise Refused(_("Il termine per ordinare viene prima del ritiro."))
    if rule.to_day is not None and rule.to_day < rule.from_day:
        raise Refused(_("L'ultimo giorno viene dopo il primo."))


def _ordered(staying: Sequence[PickUp]) -> Conflict:
    day = formats.day(staying[0].day)
    sentence = _("Per il ritiro di %(day)s ci sono ordini: prima spostalo o disdicilo.", day=day)
    return Conflict(sentence, pickups=[pickup.id for pickup in staying])


def _get_rule(session: Session, rule_id: int) -> PickUpRule:
    standing.hold(session)
    rule = session.get(PickUpRule, rule_id, populate_existing=True)
    if rule is None:
        raise NotFound(_("Questa regola non c'è."))
    return rule


def _find_week(session: Session, monday: date) -> ClosedWeek | None:
    return session.scalar(select(ClosedWeek).where(ClosedWeek.monday == monday))
