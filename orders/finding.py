"""Finding orders. `find_` may return None, `get_` raises NotFound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog import pickups
from catalog.models import PickUp, Place
from core import clock
from core.database import db
from core.errors import Conflict, NotFound
from core.journal import Entry
from core.outbox import Item
from orders import terms
from orders.models import Order, OrderLine

NOT_COLLECTED = "order.not_collected"
CHANGED = "order.changed"
THREE_MONTHS = timedelta(days=92)


def get(order_id: int) -> Order:
    order = db.session.get(Order, order_id)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def find_id(number: str, email: str) -> int | None:
    """Of a real order, by what its citizen knows of it: the number, however it was written, and the e-mail.

    One statement, whether it is there or not.
    """
    same = Order.number == number_in(number), func.lower(Order.email) == email.strip().lower()
    return db.session.scalar(select(Order.id).join(PickUp).where(PickUp.practice.is_(False), *same))


def number_in(text: str) -> str:
    """'1005' of 'ordine n. 1005'; empty where there is none."""
    digits = re.search(r"[0-9]+", text)
    return digits[0] if digits else ""


def get_line(order: Order, line_id: int) -> OrderLine:
    for line in order.lines:
        if line.id == line_id:
            return line
    raise NotFound(_("Questa riga non c'è."))


def get_crate(order_id: int, *, late: bool = False) -> Order:
    """The order as a crate to work on. Raises NotFound before its pick-up has closed and after the work is over.

    ``late``: for whoever keeps the orders it is there after its keeping time too, until somebody has settled it.
    """
    order = get(order_id)
    if not order.stands:
        raise NotFound(_("Questo ordine è stato tolto. Chiama il tutor."), without_tutor=_already_off())
    if order.crate is None:
        raise NotFound(_("Questa cassetta non c'è ancora."))
    if _is_settled(order) or not (late or is_kept(order)):
        raise NotFound(_("Questa cassetta non c'è più."))
    return order


def lock(session: Session, order_id: int) -> Order:
    """The order as it is now, held until the transaction ends."""
    order = session.get(Order, order_id, with_for_update={"of": Order}, populate_existing=True)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def lock_with_pickup(session: Session, order_id: int) -> Order:
    """The order and first its pick-up, as in placing and closing: nobody waits in a ring.

    Raises Conflict when it went to another pick-up meanwhile, which is not held.
    """
    held = pickups.lock(get(order_id).pickup_id)
    order = lock(session, order_id)
    if order.pickup_id != held.id:
        raise Conflict(_("Intanto l'ordine è cambiato. Guarda com'è adesso."))
    return order


def lock_all(session: Session, order_ids: Iterable[int]) -> list[Order]:
    """These orders as they are now, by id, held until the transaction ends. Raises NotFound when one is not there."""
    ids = set(order_ids)
    held = select(Order).where(Order.id.in_(ids)).order_by(Order.id).with_for_update(of=Order)
    found = list(session.scalars(held.execution_options(populate_existing=True)).unique())
    if len(found) < len(ids):
        raise NotFound(_("Questo ordine non c'è."))
    return found


def require_standing(order: Order) -> None:
    if not order.stands:
        raise Conflict(_("Questo ordine è stato tolto. Chiama il tutor."), without_tutor=_already_off())


def require_numbered(order: Order) -> None:
    """Before its pick-up has closed the citizen may still change it: nothing is packed then."""
    require_standing(order)
    if order.crate is None:
        raise Conflict(_("Questa cassetta non c'è ancora."))


def is_kept(order: Order) -> bool:
    """Whether the crate still waits for its citizen, in the hands of the desk (docs/decisions/0010)."""
    return clock.now() < terms.kept_until(order)


def to_prepare(*, practice: bool = False) -> list[Order]:
    """Crates with a number, not ready or without a label: the earliest pick-up first, those that are over last.

    After their keeping time they are the staff's (``left_over``).
    """
    unfinished = or_(Order.ready_at.is_(None), Order.labelled_at.is_(None))
    order_by = (PickUp.to_at <= clock.now(), PickUp.from_at, Order.crate, Order.id)
    return _standing(practice, unfinished, PickUp.closed_at.is_not(None), _waits(), order_by=order_by)


def to_hand_over(*, practice: bool = False) -> list[Order]:
    """Ready crates of today's pick-ups, then those of yesterday's that still wait."""
    today = clock.today()
    order_by = (PickUp.day < today, PickUp.from_at, Order.crate, Order.id)
    return _standing(practice, Order.ready_at.is_not(None), PickUp.day <= today, _waits(), order_by=order_by)


def left_over(*, most: int | None = None) -> list[Order]:
    """For the staff: crates that waited in vain, or that nobody finished, and orders that never got a number.

    Their keeping time is over, and nobody has handed them over, put them away or called them off. The oldest pick-up
    first, those of one pick-up together. As many statements for many as for few.
    """
    order_by = (PickUp.from_at, PickUp.id, Order.crate.is_(None), Order.crate, Order.id)
    return _standing(False, ~_waits(), order_by=order_by, most=most)


def how_many_left_over() -> int:
    query = select(func.count()).select_from(Order).join(PickUp).where(*_stands(practice=False), ~_waits())
    return db.session.scalar(query) or 0


def put_away_since(moment: datetime) -> list[tuple[Order, Entry]]:
    """Crates over their keeping time that somebody has put away since then, with that deed; the last one first."""
    query = (
        select(Order)
        .join(PickUp)
        .where(PickUp.practice.is_(False), Order.not_collected_at >= moment, ~_waits(), Order.cancelled_at.is_(None))
    )
    found = db.session.scalars(query.order_by(Order.not_collected_at.desc(), Order.id)).all()
    deeds = _newest_deeds(NOT_COLLECTED, found)
    return [(order, deeds[order.id]) for order in found if order.id in deeds]


def late(orders: Sequence[Order]) -> set[int]:
    """The ids of those that came, or became what they are, after their cut-off: no list printed then has them so.

    One statement, however many.
    """
    changed = _newest_deeds(CHANGED, orders)
    last = {order.id: changed[order.id].at if order.id in changed else order.placed_at for order in orders}
    return {order.id for order in orders if last[order.id] >= order.pickup.cutoff_at}


def newest_deed(order: Order, action: str) -> Entry | None:
    """The last time that this happened to the order, also where it was taken back."""
    return _newest_deeds(action, [order]).get(order.id)


def touched_by(person_id: int, orders: list[Order]) -> set[int]:
    """The ids of those orders on which this person has done something."""
    query = select(Entry.subject_id).where(
        Entry.subject_type == Order.__tablename__,
        Entry.subject_id.in_([order.id for order in orders]),
        Entry.person_id == person_id,
    )
    return set(db.session.scalars(query))


def done_on(day: date, *, practice: bool = False) -> list[Order]:
    query = (
        select(Order)
        .join(PickUp)
        .where(PickUp.practice.is_(practice), PickUp.day == day, Order.handed_over_at.is_not(None))
    )
    return list(db.session.scalars(query.order_by(Order.crate)))


def of_pickup(pickup_id: int, *, skip: int = 0, most: int | None = None) -> list[Order]:
    """Every order of a pick-up for the staff: by crate, those without a number as they came, cancelled ones last."""
    query = select(Order).where(Order.pickup_id == pickup_id)
    in_order = query.order_by(Order.cancelled_at.is_not(None), Order.crate.is_(None), Order.crate, Order.id)
    return list(db.session.scalars(in_order.offset(skip).limit(most)))


def how_many(pickup_id: int) -> int:
    """Orders of a pick-up, cancelled ones too."""
    return db.session.scalar(select(func.count()).select_from(Order).where(Order.pickup_id == pickup_id)) or 0


def pickups_to_order_for() -> list[PickUp]:
    """Where the staff may still add an order: until the pick-up is over, soonest first (ruling 14), with zones."""
    query = select(PickUp).where(PickUp.practice.is_(False), PickUp.cancelled_at.is_(None), PickUp.to_at > clock.now())
    with_zones = query.options(joinedload(PickUp.place).selectinload(Place.zones))
    return list(db.session.scalars(with_zones.order_by(PickUp.from_at, PickUp.id)))


def letters_of(order: Order) -> list[Item]:
    """What was written to its citizen, or will be, the newest first."""
    query = select(Item).where(Item.order_id == order.id, Item.kind.in_(("letter", "withdrawal")))
    return list(db.session.scalars(query.order_by(Item.id.desc())))


def times_not_collected(order: Order) -> int:
    """For how many crates of this e-mail nobody came in the last three months. Never kept, never compared.

    By phone only where there is no e-mail: a flat or a family may share one.
    """
    if order.email:
        same = func.lower(Order.email) == order.email.lower()
    elif order.phone:
        same = and_(Order.email.is_(None), Order.phone == order.phone)
    else:
        return 0
    recent = Order.not_collected_at > clock.now() - THREE_MONTHS
    query = select(func.count()).select_from(Order).join(PickUp).where(PickUp.practice.is_(False), recent, same)
    return db.session.scalar(query) or 0


def _already_off() -> str:
    return _("Questo ordine è già disdetto.")


def _is_settled(order: Order) -> bool:
    """With the citizen, or put away."""
    return order.handed_over_at is not None or order.not_collected_at is not None


def _waits() -> ColumnElement[bool]:
    """``is_kept`` for a crate that nobody has put away, in the words of the database."""
    yesterday = clock.yesterday()
    is_over = clock.now() >= terms.end_of_keeping(yesterday)
    return PickUp.day > (yesterday if is_over else yesterday - timedelta(days=1))


def _newest_deeds(action: str, orders: Sequence[Order]) -> dict[int, Entry]:
    ids = [order.id for order in orders]
    if not ids:
        return {}
    query = select(Entry).where(
        Entry.subject_type == Order.__tablename__, Entry.subject_id.in_(ids), Entry.action == action
    )
    return {entry.subject_id: entry for entry in db.session.scalars(query.order_by(Entry.id))}


def _stands(*, practice: bool) -> tuple[ColumnElement[bool], ...]:
    """Nobody has called it off, handed it over or put it away."""
    return (
        PickUp.practice.is_(practice),
        PickUp.cancelled_at.is_(None),
        Order.cancelled_at.is_(None),
        Order.handed_over_at.is_(None),
        Order.not_collected_at.is_(None),
    )


def _standing(
    practice: bool, *conditions: ColumnElement[bool], order_by: Sequence[Any], most: int | None = None
) -> list[Order]:
    query = select(Order).join(PickUp).where(*_stands(practice=practice), *conditions)
    return list(db.session.scalars(query.order_by(*order_by).limit(most)))
