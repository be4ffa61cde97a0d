"""Finding orders. `find_` may return None, `get_` raises NotFound."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from catalog.models import PickUp
from core import clock
from core.database import db
from core.errors import Conflict, NotFound
from core.journal import Entry
from core.outbox import Item
from orders.models import Order, OrderLine

KEPT_FOR = timedelta(days=1)  # after its pick-up a finished crate can be looked at, and its label printed again
THREE_MONTHS = timedelta(days=92)


def get(order_id: int) -> Order:
    order = db.session.get(Order, order_id)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def get_line(order: Order, line_id: int) -> OrderLine:
    for line in order.lines:
        if line.id == line_id:
            return line
    raise NotFound(_("Questa riga non c'è."))


def get_crate(order_id: int) -> Order:
    """The order as a crate to work on. Raises NotFound before its pick-up has closed and after the work is over."""
    order = get(order_id)
    if not order.stands:
        raise NotFound(_("Questo ordine è stato tolto. Chiama il tutor."))
    if order.crate is None:
        raise NotFound(_("Questa cassetta non c'è ancora."))
    if _is_gone(order):
        raise NotFound(_("Questa cassetta non c'è più."))
    return order


def lock(session: Session, order_id: int) -> Order:
    """The order as it is now, held until the transaction ends."""
    order = session.get(Order, order_id, with_for_update={"of": Order}, populate_existing=True)
    if order is None:
        raise NotFound(_("Questo ordine non c'è."))
    return order


def require_standing(order: Order) -> None:
    if not order.stands:
        raise Conflict(_("Questo ordine è stato tolto. Chiama il tutor."))


def require_numbered(order: Order) -> None:
    """Before its pick-up has closed the citizen may still change it: nothing is packed then."""
    require_standing(order)
    if order.crate is None:
        raise Conflict(_("Questa cassetta non c'è ancora."))


def to_prepare(*, practice: bool = False) -> list[Order]:
    """Crates with a number, not ready or without a label: the earliest pick-up first, those that are over last."""
    unfinished = or_(Order.ready_at.is_(None), Order.labelled_at.is_(None))
    return _standing(practice, unfinished, PickUp.closed_at.is_not(None), last=PickUp.to_at <= clock.now())


def to_hand_over(*, practice: bool = False) -> list[Order]:
    """Ready crates of today's pick-ups, then those that were left from earlier days."""
    today = clock.today()
    return _standing(practice, Order.ready_at.is_not(None), PickUp.day <= today, last=PickUp.day < today)


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


def of_pickup(pickup_id: int, *, skip: int, most: int) -> list[Order]:
    """Every order of a pick-up for the staff: by crate, those without a number as they came, cancelled ones last."""
    query = select(Order).where(Order.pickup_id == pickup_id)
    in_order = query.order_by(Order.cancelled_at.is_not(None), Order.crate.is_(None), Order.crate, Order.id)
    return list(db.session.scalars(in_order.offset(skip).limit(most)))


def how_many(pickup_id: int) -> int:
    """Orders of a pick-up, cancelled ones too."""
    return db.session.scalar(select(func.count()).select_from(Order).where(Order.pickup_id == pickup_id)) or 0


def pickups_to_order_for() -> list[PickUp]:
    """Where the staff may still add an order: until the pick-up is over, soonest first (ruling 14)."""
    query = select(PickUp).where(PickUp.practice.is_(False), PickUp.cancelled_at.is_(None), PickUp.to_at > clock.now())
    return list(db.session.scalars(query.order_by(PickUp.from_at, PickUp.id)))


def letters_of(order: Order) -> list[Item]:
    """What was written to its citizen, or will be, the newest first."""
    query = select(Item).where(Item.order_id == order.id, Item.kind == "letter")
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


def _is_gone(order: Order) -> bool:
    """With the citizen, put away, or done for a day while its pick-up was more than a day ago."""
    if order.handed_over_at is not None or order.not_collected_at is not None:
        return True
    if order.ready_at is None or order.labelled_at is None:
        return False
    return clock.now() > max(order.pickup.to_at, order.labelled_at) + KEPT_FOR


def _standing(practice: bool, *conditions: ColumnElement[bool], last: ColumnElement[bool]) -> list[Order]:
    query = (
        select(Order)
        .join(PickUp)
        .where(
            PickUp.practice.is_(practice),
            PickUp.cancelled_at.is_(None),
            Order.cancelled_at.is_(None),
            Order.handed_over_at.is_(None),
            Order.not_collected_at.is_(None),
            *conditions,
        )
    )
    return list(db.session.scalars(query.order_by(last, PickUp.from_at, Order.crate, Order.id)))
