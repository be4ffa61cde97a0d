"""What will leave the house and when; a letter that somebody stops, and sends all the same (docs/decisions/0019).

Only what waits can be stopped: the worker's claim and this deed hold the same row, so that one of them wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from core.journal import Entry
from core.outbox import Item
from orders import letters, lost_links
from orders.models import Order

STOPPED = "stopped"
"""Why it was dropped: a person wanted it so, and may want it otherwise."""

BY_LAW = (*letters.WITH_TERMS, "cancelled", "withdrawal")
"""Letters that nobody stops: what was agreed, and that it was called off, belong in writing into the citizen's hands
(art. 51(7) Consumer Code; art. 13 D.Lgs. 70/2003), and so does the receipt of a withdrawal (art. 54-bis)."""

LATELY = timedelta(days=7)
WAITING = ("waiting", "claimed")


def waiting(*, skip: int = 0, most: int | None = None) -> list[Item]:
    """What has not left yet, the next one first."""
    query = select(Item).where(Item.state.in_(WAITING)).order_by(Item.try_after, Item.id)
    return list(db.session.scalars(query.offset(skip).limit(most)))


def how_many_wait() -> int:
    return db.session.scalar(select(func.count()).select_from(Item).where(Item.state.in_(WAITING))) or 0


def sent_since(moment: datetime, *, most: int) -> list[Item]:
    """What has left, the last one first."""
    return _ended("sent", moment, most=most)


def dropped_since(moment: datetime, *, most: int) -> list[Item]:
    """What did not leave and never will by itself, the last one first, without what somebody stopped."""
    return _ended("dropped", moment, Item.words.not_in((STOPPED, lost_links.NOBODY)), most=most)


def stopped_lately(*, most: int) -> list[Item]:
    """What somebody has stopped in the last week, the last one first."""
    return _ended("dropped", clock.now() - LATELY, Item.words == STOPPED, most=most)


def may_stop(item: Item) -> bool:
    return item.state == "waiting" and not is_by_law(item)


def is_by_law(item: Item) -> bool:
    return item.payload.get("letter") in BY_LAW


def is_in_trouble(item: Item) -> bool:
    """The postman was asked and could not; the next try comes by itself."""
    return item.state == "waiting" and item.attempts > 0 and bool(item.words)


def stop(item_id: int, *, by: int | None) -> Item:
    """It does not leave until somebody wants it to. Raises Refused for what the law wants, Conflict when it is late."""
    with transaction() as session:
        item = lock(session, item_id)
        _require_stoppable(item)
        moment = clock.now()
        item.state, item.words, item.ended_at, item.try_after = "dropped", STOPPED, moment, moment
        journal.record("letter.stopped", item, by=by, order=item.order_id, letter=item.payload.get("letter"))
    return item


def release(item_id: int) -> None:
    """The inverse: it leaves as it would have, or now if that time is over. Dropped then if it is no longer true."""
    with transaction() as session:
        item = lock(session, item_id)
        if item.state != "dropped" or item.words != STOPPED:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        item.state, item.words, item.ended_at = "waiting", "", None
        item.due_at = item.try_after = max(item.due_at, clock.now())


def try_again(item_id: int, *, by: int | None) -> Item:
    """The postman is well again: the next try comes now. Nothing that waits for undo is hurried by this (ruling 8)."""
    with transaction() as session:
        item = lock(session, item_id)
        if not is_in_trouble(item):
            raise Conflict(_("Questa lettera non è più ferma. Guarda di nuovo."))
        item.try_after = clock.now()
        journal.record("letter.tried_again", item, by=by, order=item.order_id, letter=item.payload.get("letter"))
    return item


def orders_of(items: Sequence[Item]) -> dict[int, Order]:
    """The orders that they are about, by id: one look, however many."""
    ids = {item.order_id for item in items if item.order_id}
    return {order.id: order for order in db.session.scalars(select(Order).where(Order.id.in_(ids)))}


def find(item_id: int) -> Item | None:
    return db.session.get(Item, item_id)


def lock(session: Session, item_id: int) -> Item:
    """As it is now, held until the transaction ends: the worker's claim waits, or has come first. Raises NotFound."""
    item = session.get(Item, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise NotFound(_("Questa lettera non c'è."))
    return item


def _require_stoppable(item: Item) -> None:
    if item.state == "claimed":
        raise Conflict(_("Sta partendo proprio adesso: non si può più fermare."))
    if item.state == "sent":
        raise Conflict(_("È già partita: non si può più fermare."))
    if item.state == "dropped":
        raise Conflict(_("Questa lettera non parte già più."))
    if is_by_law(item):
        raise Refused(_("Questa lettera la vuole la legge: parte sempre."))


def _ended(state: str, moment: datetime, *more: ColumnElement[bool], most: int) -> list[Item]:
    """By the index of what is due: every try writes down when the next one would be, so that is never before its end.

    Only what undo dropped while the worker lay still a whole night may be passed over.
    """
    query = select(Item).where(Item.state == state, Item.try_after >= moment, Item.ended_at >= moment, *more)
    return list(db.session.scalars(query.order_by(Item.try_after.desc(), Item.id.desc()).limit(most)))


def look(session: Session) -> Iterator[list[str]]:
    """For the books: what is stopped was stopped by a deed that stands, and what such a deed stopped has not left."""
    undo = aliased(Entry)
    standing = select(Entry.subject_id).outerjoin(undo, undo.undoes_id == Entry.id)
    stopped = set(session.scalars(standing.where(Entry.action == "letter.stopped", undo.id.is_(None))))
    query = select(Item.id, Item.order_id, Item.state, Item.words).where(
        (Item.words == STOPPED) | Item.id.in_(standing.where(Entry.action == "letter.stopped", undo.id.is_(None)))
    )
    for item in session.execute(query.order_by(Item.id)):
        is_stopped = item.state == "dropped" and item.words == STOPPED
        is_good = item.id in stopped if is_stopped else item.state == "dropped"
        yield [] if is_good else [f"outbox row {item.id} (order id {item.order_id}): nobody's deed says why it stays"]
