"""Frost, illness, a closed road: a whole pick-up is called off or moved, with every letter and release in one deed.

The letters wait like all that follow a deed of the staff, so that undo can win (ruling 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import calendar, pickups, standing
from catalog.models import PickUp, Place
from core import clock, journal, outbox
from core.clock import ROME
from core.database import transaction
from core.errors import Conflict, NotFound, Refused
from orders import letters, paying, reasons, releasing
from orders.models import Order


def call_off(pickup_id: int, reason: str, *, by: int | None, gone: bool = False) -> int:
    """The pick-up does not take place. Goods, places and credit go back. Returns how many orders were told.

    ``gone``: what does not keep is there no more (frost), so it is promised to nobody else; jars go back all the same.
    Raises Conflict once crates were handed over or paid: then it did take place.
    """
    reason = reasons.require(reason)
    with transaction() as session:
        standing.hold(session)
        pickup = _lock_to_come(pickup_id)
        orders = _standing(session, pickup_id)
        for order in orders:
            releasing.require_unpaid(order)
        credits = {str(order.id): _credit_used(order) for order in orders if _credit_used(order)}
        held = {str(order.id): cents for order in orders if (cents := order.held + paying.voucher_paid(order))}
        pickup.cancelled_at, pickup.cancelled_why = clock.now(), reason
        releasing.give_back_all(orders, by)
        lost = releasing.lose_all(orders, by) if gone else {}
        for order in orders:
            order.cancelled_at, order.cancelled_why = pickup.cancelled_at, reason
        entry = journal.record(
            "pickup.called_off",
            pickup,
            by=by,
            practice=pickup.practice,
            orders=[order.id for order in orders],
            credits=credits,
            **({"vouchers": held} if held else {}),
            lost={str(product_id): quantity for product_id, quantity in lost.items()},
        )
        for order in orders:
            letters.called_off(order, gone=gone, deed=entry.key)
    return len(orders)


def call_on(
    pickup_id: int,
    order_ids: Sequence[int],
    credits: Mapping[str, int],
    *,
    by: int | None,
    of_vouchers: Mapping[str, int] | None = None,
    lost: Mapping[str, int] | None = None,
) -> None:
    """The inverse: the pick-up takes place after all. Raises OutOfStock when its goods were promised to others.

    ``credits`` and ``of_vouchers`` (cents by order) and ``lost`` (goods by product) are as the journal keeps them: with
    ids as words.
    """
    with transaction() as session:
        standing.hold(session)
        pickup = pickups.lock(pickup_id)
        _require_in_time(pickup.to_at, pickup.cancelled_at)
        if calendar.is_closed(pickup.day):
            raise Conflict(_("In quella settimana adesso la cascina riposa."))
        orders = [order for order in _all(session, pickup_id) if order.id in order_ids]
        pickup.cancelled_at, pickup.cancelled_why = None, ""
        for order in orders:
            order.cancelled_at, order.cancelled_why = None, None
        back = {int(product_id): quantity for product_id, quantity in (lost or {}).items()}
        releasing.take_all_again(orders, credits, by, of_vouchers=of_vouchers, lost=back)


def move(
    pickup_id: int,
    *,
    day: date,
    from_minute: int,
    to_minute: int,
    place_id: int | None = None,
    reason: str,
    by: int | None,
) -> int:
    """To another day, hours (minutes of Rome's wall clock) or stall. Returns how many orders were told.

    Whoever does not like it may cancel until it begins. Crates keep their numbers.
    """
    reason = reasons.require(reason)
    with transaction() as session:
        standing.hold(session)
        pickup = _lock_to_come(pickup_id)
        times = _times(pickup, day, from_minute, to_minute)
        place = _stall(session, pickup, place_id)
        before = _facts_of(pickup)
        if (times["from_at"], times["to_at"], place.id) == (pickup.from_at, pickup.to_at, pickup.place_id):
            raise Refused(_("È già così: scegli un altro giorno, un'altra ora o un altro posto."))
        _put(pickup, place, {**times, "moved_at": clock.now()})
        orders = _standing(session, pickup_id)
        names = {str(order.id): order.place_name for order in orders}
        names_en = {str(order.id): order.place_name_en for order in orders}
        for order in orders:
            order.place_name, order.place_name_en = place.name, place.name_en
        entry = journal.record(
            "pickup.moved",
            pickup,
            by=by,
            practice=pickup.practice,
            before=before,
            after=_facts_of(pickup),
            names=names,
            names_en=names_en,
        )
        for order in orders:
            letters.moved(order, before=before, after=_facts_of(pickup), reason=reason, deed=entry.key)
    return len(orders)


def move_back(
    pickup_id: int, before: dict[str, Any], after: dict[str, Any], names: dict[str, str], names_en: dict[str, str]
) -> None:
    """The inverse of moving. Raises Conflict when it was moved again, or when somebody has ordered since."""
    with transaction() as session:
        standing.hold(session)
        pickup = pickups.lock(pickup_id)
        if not _is_at(pickup, after) or pickup.cancelled_at is not None:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        if calendar.is_closed(date.fromisoformat(before["day"])):
            raise Conflict(_("In quella settimana adesso la cascina riposa."))
        orders = [order for order in _all(session, pickup_id) if order.stands]
        if any(str(order.id) not in names for order in orders):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))  # they ordered for what it is now
        if letters.have_told([order.id for order in orders], since=pickup.moved_at):
            raise Conflict(_("Una mail con il giorno nuovo è già partita: qui non si torna più indietro."))
        _require_in_time(clock.parse(before["from_at"]), pickup.moved_at)
        moments = {name: clock.parse(before[name]) if before[name] else None for name in MOMENTS}
        place = session.get_one(Place, before["place_id"])
        _put(pickup, place, {**moments, "day": date.fromisoformat(before["day"])})
        for order in _all(session, pickup_id):
            order.place_name = names.get(str(order.id), order.place_name)
            order.place_name_en = names_en.get(str(order.id), order.place_name_en)


MOMENTS = ("from_at", "to_at", "cutoff_at", "moved_at")


def _require_in_time(until: datetime, since: datetime | None) -> None:
    """Nothing comes back that is over; only a slip of the last minutes, as long as letters would wait."""
    moment = clock.now()
    waits = outbox.after_undo_time() - moment
    if moment >= max(until, (since or until) + waits):
        raise Conflict(_("Questo ritiro è già passato."))


def _lock_to_come(pickup_id: int) -> PickUp:
    pickup = pickups.lock(pickup_id)
    if pickup.cancelled_at is not None:
        raise Conflict(_("Questo ritiro non si fa più."))
    if clock.now() >= pickup.to_at:
        raise Conflict(_("Questo ritiro è già passato."))
    return pickup


def _standing(session: Session, pickup_id: int) -> list[Order]:
    """Orders that this concerns. Raises Conflict once a crate has gone."""
    orders = [order for order in _all(session, pickup_id) if order.stands]
    if any(order.handed_over_at or order.not_collected_at for order in orders):
        raise Conflict(_("Qualche cassetta è già stata consegnata."))
    return orders


def _all(session: Session, pickup_id: int) -> list[Order]:
    held = select(Order).where(Order.pickup_id == pickup_id).order_by(Order.id).with_for_update(of=Order)
    return list(session.scalars(held.execution_options(populate_existing=True)).unique())


def _credit_used(order: Order) -> int:
    return sum(payment.amount for payment in order.payments if payment.kind == "credit")


def _times(pickup: PickUp, day: date, from_minute: int, to_minute: int) -> dict[str, Any]:
    """The new window, and a cut-off as long before it as it was, by the wall clock."""
    from_at, to_at = pickups.window(day, from_minute, to_minute)
    if from_at <= clock.now() or day > clock.today() + timedelta(days=60):
        raise Refused(_("Scegli un giorno che deve ancora venire, entro due mesi."))
    if calendar.is_closed(day):
        raise Refused(_("In quella settimana la cascina riposa: scegli un altro giorno."))
    return {"day": day, "from_at": from_at, "to_at": to_at, "cutoff_at": _cutoff(pickup, day, from_at)}


def _cutoff(pickup: PickUp, day: date, from_at: datetime) -> datetime:
    """What has closed stays closed."""
    if pickup.closed_at is not None:
        return min(pickup.cutoff_at, from_at)
    wall = pickup.cutoff_at.astimezone(ROME)
    return min(clock.rome(wall.date() + (day - pickup.day), wall.hour, wall.minute), from_at)


def _stall(session: Session, pickup: PickUp, place_id: int | None) -> Place:
    place = session.get(Place, place_id or pickup.place_id)
    if place is None:
        raise NotFound(_("Questo posto non c'è."))
    if place.id != pickup.place_id and (place.kind != "stall" or pickup.place.kind != "stall"):
        raise Refused(_("Un giro a domicilio non si può spostare in un altro posto."))
    if place.id != pickup.place_id and place.fee != pickup.place.fee:
        raise Refused(_("In quel posto il prezzo cambia: scegline un altro."))
    return place


def _put(pickup: PickUp, place: Place, values: dict[str, Any]) -> None:
    pickup.place_id, pickup.place = place.id, place
    for name, value in values.items():
        setattr(pickup, name, value)


def _facts_of(pickup: PickUp) -> dict[str, Any]:
    moments = {name: getattr(pickup, name) for name in MOMENTS}
    return {
        "place_id": pickup.place_id,
        "place": pickup.place.name,
        "place_en": pickup.place.name_en,
        "day": pickup.day.isoformat(),
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _is_at(pickup: PickUp, facts: dict[str, Any]) -> bool:
    """Whether it is still when and where it was then; what its place is called says nothing about that."""
    now = _facts_of(pickup)
    return all(now[name] == facts[name] for name in ("place_id", "day", *MOMENTS))
