"""Pick-ups and their places. The cut-off is decided by server time inside the placing transaction (ruling 4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from catalog.models import PickUp, Place
from core import clock, journal
from core.database import db, rows_changed, transaction
from core.errors import NoPlaceLeft, NotFound, TooLate


def schedule(
    place: Place,
    day: date,
    *,
    hours: tuple[int, int],
    cutoff: datetime | None = None,
    capacity: int = 30,
    practice: bool = False,
    by: int | None = None,
) -> PickUp:
    """A new pick-up on ``day`` between two whole hours of Rome's wall time.

    The cut-off is noon of the day before unless given.
    """
    pickup = PickUp(
        place_id=place.id,
        day=day,
        from_at=clock.rome(day, hours[0]),
        to_at=clock.rome(day, hours[1]),
        cutoff_at=cutoff or clock.rome(day - timedelta(days=1), 12),
        capacity=capacity,
        taken=0,
        practice=practice,
    )
    with transaction() as session:
        session.add(pickup)
        journal.record("pickup.scheduled", _flushed(pickup), by=by, practice=practice)
    return pickup


def take_place(pickup_id: int) -> None:
    """One place for one order, in one step with the check. Raises TooLate or NoPlaceLeft."""
    moment = clock.now()
    free = update(PickUp).where(
        PickUp.id == pickup_id,
        PickUp.taken < PickUp.capacity,
        PickUp.cutoff_at > moment,
        PickUp.closed_at.is_(None),
        PickUp.cancelled_at.is_(None),
    )
    with transaction():
        if rows_changed(free.values(taken=PickUp.taken + 1)) != 1:
            raise _why_not(pickup_id, moment)


def give_back_place(pickup_id: int) -> None:
    with transaction() as session:
        session.execute(update(PickUp).where(PickUp.id == pickup_id).values(taken=PickUp.taken - 1))


def get(pickup_id: int) -> PickUp:
    """Raises NotFound."""
    pickup = db.session.get(PickUp, pickup_id)
    if pickup is None:
        raise NotFound(_("Questo ritiro non c'è."))
    return pickup


def lock(pickup_id: int) -> PickUp:
    """The pick-up as it is now, held until the transaction ends. Pick-up, order, stock: always in this order."""
    return db.session().get_one(PickUp, pickup_id, with_for_update={"of": PickUp}, populate_existing=True)


def open_now(*, practice: bool = False) -> list[PickUp]:
    """Pick-ups that still take orders, soonest first; full ones too, so that they can be shown as full."""
    query = select(PickUp).where(
        PickUp.practice.is_(practice),
        PickUp.cutoff_at > clock.now(),
        PickUp.closed_at.is_(None),
        PickUp.cancelled_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(PickUp.from_at, PickUp.id)))


def past_cutoff() -> list[int]:
    """Ids of pick-ups whose cut-off has passed and whose crates have no numbers yet."""
    query = select(PickUp.id).where(
        PickUp.cutoff_at <= clock.now(), PickUp.closed_at.is_(None), PickUp.cancelled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(PickUp.cutoff_at, PickUp.id)))


def _why_not(pickup_id: int, moment: datetime) -> NoPlaceLeft | TooLate:
    pickup = get(pickup_id)
    if pickup.takes_orders_at(moment):
        return NoPlaceLeft(_("I posti per questo ritiro sono finiti. Scegli un altro ritiro."))
    return TooLate(_("Per questo ritiro il tempo per ordinare è finito. Scegli un altro ritiro."))


def _flushed(pickup: PickUp) -> PickUp:
    db.session.flush()
    return pickup
