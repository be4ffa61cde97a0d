"""Pick-ups and their places. The cut-off is decided by server time inside the placing transaction (ruling 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select, update
from sqlalchemy.orm import selectinload

from catalog.models import PickUp, Place
from core import clock, journal
from core.database import db, rows_changed, transaction
from core.errors import Conflict, NoPlaceLeft, NotFound, Refused, TooLate

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
    in_time = [PickUp.to_at > moment] if late else [PickUp.cutoff_at > moment, PickUp.closed_at.is_(None)]
    free = update(PickUp).where(
        PickUp.id == pickup_id, PickUp.taken < PickUp.capacity, PickUp.cancelled_at.is_(None), *in_time
    )
    with transaction():
        if rows_changed(free.values(taken=PickUp.taken + 1)) != 1:
            raise _why_not(pickup_id, moment, late=late)


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


def not_closed() -> Select[PickUp]:
    """Every pick-up that takes orders now or may do so later: what `open_now` finds at any moment until one changes."""
    query = select(PickUp).where(PickUp.practice.is_(False), PickUp.closed_at.is_(None), PickUp.cancelled_at.is_(None))
    return query.order_by(PickUp.from_at, PickUp.id)


def is_offered(pickup: PickUp, moment: datetime) -> bool:
    """Whether `open_now` would find it at this moment."""
    return pickup.takes_orders_at(moment) and pickup.from_at <= moment + OFFERED_AHEAD


def load_zones(those: Sequence[PickUp]) -> None:
    """Where the rounds among them go, in two statements however many; none where there is no round."""
    ids = {pickup.place_id for pickup in those if pickup.place.kind == "round"}
    if ids:
        query = select(Place).where(Place.id.in_(ids)).options(selectinload(Place.zones))
        db.session.scalars(query).all()


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
