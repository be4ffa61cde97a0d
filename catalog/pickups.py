"""Pick-ups and their places. The cut-off is decided by server time inside the placing transaction (ruling 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Column, ColumnElement, Dialect, Executable, Select, bindparam, select, update
from sqlalchemy.orm import Session

from catalog.models import PickUp, Place, Zone
from core import clock, database, journal, plain
from core.database import Base, Prepared, db, run, table, transaction
from core.errors import Conflict, NoPlaceLeft, NotFound, Refused, TooLate
from core.plain import Part, Question, part

MOST_PLACES = 60  # as many as there are crate pictures (ruling 14)
DAY = 24 * 60  # minutes
OFFERED_AHEAD = timedelta(days=10)


def schedule(
    place: Place,
    day: date,
    *,
    hours: tuple[int, int] | None = None,
    from_minute: int = 0,
    to_minute: int = 0,
    cutoff: datetime | None = None,
    capacity: int = 30,
    practice: bool = False,
    practice_for: int | None = None,
    by: int | None = None,
) -> PickUp:
    """A new pick-up on ``day``, between two whole ``hours`` or two minutes after midnight of Rome's wall time.

    The cut-off is noon of the day before unless given. ``practice_for``: the person whose practice it is (ruling 15).
    Raises Refused for times that cannot be.
    """
    start, end = (hour * 60 for hour in hours) if hours else (from_minute, to_minute)
    from_at, to_at = window(day, start, end)
    cutoff_at = cutoff or clock.rome(day - timedelta(days=1), 12)
    if cutoff_at > from_at:
        raise Refused(_("Il termine per ordinare viene prima del ritiro."))
    _require_capacity(capacity)
    pickup = PickUp(
        place_id=place.id,
        day=day,
        from_at=from_at,
        to_at=to_at,
        cutoff_at=cutoff_at,
        capacity=capacity,
        taken=0,
        practice=practice,
        practice_for_id=practice_for,
    )
    with transaction() as session:
        session.add(pickup)
        session.flush()
        journal.record("pickup.scheduled", pickup, by=by, practice=practice)
    return pickup


def window(day: date, from_minute: int, to_minute: int) -> tuple[datetime, datetime]:
    """Two minutes after midnight of Rome's wall time as moments, the first before the second on every day of the year.

    Raises Refused for times that are not in this order or not of one day.
    """
    if not 0 <= from_minute < to_minute < DAY:
        raise Refused(_("Guarda le ore: l'inizio viene prima della fine, nello stesso giorno."))
    from_at, to_at = clock.rome(day, *divmod(from_minute, 60)), clock.rome(day, *divmod(to_minute, 60))
    if to_at <= from_at:  # it began in the hour that does not exist and moved past its end: the end moves too
        to_at = from_at + timedelta(minutes=to_minute - from_minute)
    return from_at, to_at


def set_capacity(pickup_id: int, capacity: int, *, by: int | None) -> PickUp:
    """More or fewer places. Raises Refused for a number that cannot be, Conflict below the places that are taken."""
    _require_capacity(capacity)
    with transaction():
        pickup = lock(pickup_id)
        if pickup.cancelled_at is not None:
            raise Conflict(_("Questo ritiro non si fa più."))
        before = _resize(pickup, capacity)
        if before != capacity:
            journal.record(
                "pickup.capacity_set", pickup, by=by, practice=pickup.practice, before=before, after=capacity
            )
    return pickup


def restore_capacity(pickup_id: int, expected: int, capacity: int) -> None:
    """The inverse. Raises Conflict when it was changed again, or when the places are taken by now."""
    with transaction():
        pickup = lock(pickup_id)
        if pickup.capacity != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        _resize(pickup, capacity)


def take_place(pickup_id: int, *, late: bool = False) -> None:
    """One place for one order, in one step with the check. Raises TooLate or NoPlaceLeft.

    ``late``: staff may add an order after the cut-off and after the numbering, until the pick-up is over (ruling 14).
    """
    moment = clock.now()
    with transaction() as session:
        session.flush()
        if run(_TAKE_LATE() if late else _TAKE(), {"of": pickup_id, "moment": moment}).rowcount != 1:
            raise _why_not(pickup_id, moment, late=late)
        database.look_again(PickUp, pickup_id, "taken")


def give_back_place(pickup_id: int) -> None:
    with transaction() as session:
        session.execute(update(PickUp).where(PickUp.id == pickup_id).values(taken=PickUp.taken - 1))


def get(pickup_id: int) -> PickUp:
    """Raises NotFound."""
    pickup = db.session.get(PickUp, pickup_id)
    if pickup is None:
        raise NotFound(_("Questo ritiro non c'è."))
    return pickup


def get_now(pickup_id: int) -> PickUp:
    """The same as it is in the open transaction, read past the session where that holds nothing of it yet."""
    row = run(_NOW(), {"of": pickup_id}).first()
    session = db.session()
    if row is None or _is_held(session, PickUp, pickup_id) or _is_held(session, Place, row.told_1):
        return get(pickup_id)
    many = len(_PICKUP.c)
    place = plain.as_loaded(Place, dict(zip(table(Place).c.keys(), row[many:], strict=True)))
    pickup = plain.as_loaded(PickUp, {**dict(zip(_PICKUP.c.keys(), row, strict=False)), "place": place})
    session.add(pickup)
    return pickup


def _is_held(session: Session, kind: type[Base], key: int) -> bool:
    return session.identity_key(kind, key) in session.identity_map


def lock(pickup_id: int) -> PickUp:
    """The pick-up as it is now, held until the transaction ends.

    Always in this order: form key, calendar, counter, pick-up, order, stock, credit.

    Raises NotFound.
    """
    pickup = db.session().get(PickUp, pickup_id, with_for_update={"of": PickUp}, populate_existing=True)
    if pickup is None:
        raise NotFound(_("Questo ritiro non c'è."))
    return pickup


def open_now(*, practice: bool = False) -> list[PickUp]:
    """Pick-ups that still take orders, soonest first; full ones too, so that they can be shown as full.

    Only those that this harvest is for: what is promised today is not what the fields give in three weeks.
    """
    moment = clock.now()
    query = select(PickUp).where(
        PickUp.practice.is_(practice),
        PickUp.cutoff_at > moment,
        PickUp.from_at <= moment + OFFERED_AHEAD,
        PickUp.closed_at.is_(None),
        PickUp.cancelled_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(PickUp.from_at, PickUp.id)))


@dataclass(frozen=True)
class Told:
    """A pick-up as the database keeps it. Two whose ``mark`` is equal say the same, but for how many have ordered."""

    mark: tuple[Any, ...]  # its row and its place's, then the zones
    taken: int


def not_closed() -> list[Told]:
    """Every pick-up that takes orders now or may do so later: what `open_now` finds at any moment until one changes.

    One statement; where a round goes to several zones it has a row for each.
    """
    zones = dict[tuple[Any, ...], list[tuple[Any, ...]]]()
    for row in _NOT_CLOSED.glance():
        of_it = zones.setdefault(tuple(row[: -len(ZONE)]), [])
        if row[-1] is not None:
            of_it.append(tuple(row[-len(ZONE) :]))
    return [Told((*row[:-1], tuple(there)), row[-1]) for row, there in zones.items()]


def read(row: Told) -> PickUp:
    """With its place and where that goes. Its objects are read-only and belong to no session."""
    pickup, place = _parts(db.engine.dialect)
    zones = [plain.as_loaded(Zone, dict(zip(ZONE, zone, strict=True))) for zone in row.mark[-1]]
    return pickup.read(row.mark, place=place.read(row.mark, zones=zones), taken=row.taken)


def is_offered(pickup: PickUp, moment: datetime) -> bool:
    """Whether `open_now` would find it at this moment."""
    return pickup.takes_orders_at(moment) and pickup.from_at <= moment + OFFERED_AHEAD


def coming(from_day: date, to_day: date, practice: bool = False) -> list[PickUp]:
    """For lists of the staff: every pick-up of these days, both included, soonest first; closed and called-off too."""
    query = select(PickUp).where(PickUp.practice.is_(practice), PickUp.day.between(from_day, to_day))
    return list(db.session.scalars(query.order_by(PickUp.from_at, PickUp.id)))


def past_cutoff() -> list[int]:
    """Ids of pick-ups whose cut-off has passed and whose crates have no numbers yet."""
    query = select(PickUp.id).where(
        PickUp.cutoff_at <= clock.now(), PickUp.closed_at.is_(None), PickUp.cancelled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(PickUp.cutoff_at, PickUp.id)))


def _resize(pickup: PickUp, capacity: int) -> int:
    """Returns how many places there were."""
    if capacity < pickup.taken:
        raise Conflict(
            ngettext("C'è già %(num)s ordine.", "Ci sono già %(num)s ordini.", pickup.taken), taken=pickup.taken
        )
    before, pickup.capacity = pickup.capacity, capacity
    return before


def _require_capacity(capacity: int) -> None:
    if not 0 <= capacity <= MOST_PLACES:
        raise Refused(_("Scrivi un numero di posti da 0 a %(most)d.", most=MOST_PLACES))


def _why_not(pickup_id: int, moment: datetime, *, late: bool) -> NoPlaceLeft | TooLate:
    pickup = get(pickup_id)
    if late and pickup.cancelled_at is not None:
        return TooLate(_("Questo ritiro non si fa più. Scegli un altro ritiro."))
    if late and pickup.to_at <= moment:
        return TooLate(_("Questo ritiro è già passato. Scegli un altro ritiro."))
    if late or pickup.takes_orders_at(moment):
        return NoPlaceLeft(_("I posti per questo ritiro sono finiti. Scegli un altro ritiro."))
    return TooLate(_("Per questo ritiro il tempo per ordinare è finito. Scegli un altro ritiro."))


def _taking(*in_time: ColumnElement[bool]) -> Executable:
    free = (_PICKUP.c.id == bindparam("of"), _PICKUP.c.taken < _PICKUP.c.capacity, _PICKUP.c.cancelled_at.is_(None))
    return update(_PICKUP).where(*free, *in_time).values(taken=_PICKUP.c.taken + 1)


_PICKUP = table(PickUp)
_NOW = Prepared(
    lambda: (
        select(*plain.told(*_PICKUP.c, *table(Place).c))
        .select_from(_PICKUP.join(table(Place)))
        .where(_PICKUP.c.id == bindparam("of"))
    )
)
_TAKE = Prepared(lambda: _taking(_PICKUP.c.cutoff_at > bindparam("moment"), _PICKUP.c.closed_at.is_(None)))
_TAKE_LATE = Prepared(lambda: _taking(_PICKUP.c.to_at > bindparam("moment")))


def _telling() -> Select[Any]:
    """How many places are taken comes after all else of the pick-up and its place, then the zone."""
    pickup, place, zone = _PICKUP, table(Place), table(Zone)
    told = [*_but_taken(), *place.c, pickup.c.taken, *[zone.c[name] for name in ZONE]]
    return (
        select(*plain.told(*told))
        .select_from(pickup.join(place).outerjoin(zone, zone.c.place_id == place.c.id))
        .where(pickup.c.practice.is_(False), pickup.c.closed_at.is_(None), pickup.c.cancelled_at.is_(None))
        .order_by(pickup.c.from_at, pickup.c.id, zone.c.id)
    )


def _but_taken() -> list[Column[Any]]:
    return [column for column in _PICKUP.c if column.name != "taken"]


@cache
def _parts(dialect: Dialect) -> tuple[Part[PickUp], Part[Place]]:
    columns = _but_taken()
    return part(PickUp, columns, 0, dialect), part(Place, table(Place).c, len(columns), dialect)


_NOT_CLOSED = Question(_telling)
ZONE = ("place_id", "municipality", "postcode", "id")
"""What is told of a zone. Its id comes last: there is none where the row has no zone."""
