"""What must leave the house (mails, later captures): written with the deed, sent by the worker (rulings 8 and 9).

A row waits until ``not_before``. While it waits, an undo may stop it; once claimed, it is on its way and undo
closes. A row is never lost: trouble puts it back with a longer wait, and a claim whose process died is taken up again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import JSON, CheckConstraint, Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, plain
from core.database import Base, Prepared, db, insert, rows_changed, run, table, transaction

log = logging.getLogger("chilometrico.outbox")

CLAIM_LASTS = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=15)


class Item(Base):
    """One thing to send. ``key`` is unique: the same thing asked for twice leaves once."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'dropped')", name="state"),
        Index("ix_outbox_due", "state", "try_after"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    deed: Mapped[str | None] = mapped_column(index=True)  # the journal entry's key
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # when it should have left; tries that failed do not move it
    try_after: Mapped[datetime]
    claimed_at: Mapped[datetime | None]  # stays set: from here on undo is closed
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")  # why it was dropped, or the last trouble

    @property
    def has_left_our_hands(self) -> bool:
        return self.claimed_at is not None

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mail sent twice by a crash is known as one."""
        host = current_app.config["SETTINGS"].base_url.split("://")[-1].split("/")[0].split(":")[0]
        return f"<{hashlib.sha256(self.key.encode()).hexdigest()[:32]}@{host}>"


@dataclass(frozen=True)
class Dropped:
    """A handler's answer: this is no longer true, so it was not sent."""

    reason: str


@dataclass(frozen=True)
class Later:
    """A handler's answer: not true now, but a deed that made it so may still be taken back. Looked at again then."""

    moment: datetime


Answer = Dropped | Later | None
Handler = Callable[[Item], Answer]


def register(kind: str, handler: Handler) -> None:
    """Wire, in `app.py`, who sends items of this kind ("mail", …)."""
    _registry()[kind] = handler


def put(
    kind: str,
    key: str,
    *,
    order_id: int | None = None,
    deed: str | None = None,
    not_before: datetime | None = None,
    **payload: Any,
) -> Item:
    """Ask for something to be sent, inside the transaction of the deed. A known key is left as it is."""
    moment = clock.now()
    facts = {
        "key": key,
        "kind": kind,
        "order_id": order_id,
        "deed": deed,
        "payload": payload,
        "created_at": moment,
        "due_at": not_before or moment,
        "try_after": not_before or moment,
    }
    with transaction() as session:
        number = run(_PUT(), facts).scalar()
        if number is None:
            return session.scalars(select(Item).where(Item.key == key)).one()
        session.add(plain.written(item := Item(**facts), number))
    return item


_PUT = Prepared(lambda: insert(Item).on_conflict_do_nothing(index_elements=["key"]).returning(table(Item).c.id))


def open_deeds(order_id: int, *, but: int) -> datetime | None:
    """When the last deed about this order that undo may still stop will have left; None when there is no other."""
    query = select(func.max(Item.due_at)).where(
        Item.order_id == order_id,
        Item.id != but,
        Item.deed.is_not(None),
        Item.state == "waiting",
        Item.claimed_at.is_(None),
    )
    return db.session.scalar(query)


def about(order_id: int) -> list[Item]:
    """Everything that was ever asked for about this order, in that order."""
    return list(db.session.scalars(select(Item).where(Item.order_id == order_id).order_by(Item.id)))


def hold(order_ids: Collection[int]) -> list[Item]:
    """Everything that was ever asked for about these orders: none of it is claimed until the transaction ends."""
    query = select(Item).where(Item.order_id.in_(order_ids)).order_by(Item.id)
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def after_undo_time() -> datetime:
    """When something that follows a deed at the desk may leave."""
    return clock.now() + timedelta(minutes=current_app.config["SETTINGS"].undo_minutes)


def stop(deed: str, reason: str) -> bool:
    """Drop what this deed wanted to send. False, and nothing dropped, if any of it is already on its way."""
    with transaction() as session:
        items = list(session.scalars(select(Item).where(Item.deed == deed).with_for_update()))
        if any(item.has_left_our_hands for item in items):
            return False
        for item in items:
            item.state, item.words, item.ended_at = "dropped", reason, clock.now()
            item.key = f"{item.key}#stopped-{item.id}"  # the same deed done again may ask again
    return True


def is_open(deed: str) -> bool:
    """Whether undo still wins against everything that this deed sends."""
    return not db.session.scalar(
        select(func.count()).select_from(Item).where(Item.deed == deed, Item.claimed_at.is_not(None))
    )


def send_due(most: int = 100) -> int:
    """Send what is due. Returns how many items were brought to an end (sent or dropped)."""
    ended = 0
    for _ in range(most):
        item_id = _claim()
        if item_id is None:
            break
        ended += _bring_to_end(item_id)
    db.session.rollback()
    return ended


def lag() -> dict[str, int]:
    """How many items wait, how many are overdue, and by how many seconds the oldest."""
    moment = clock.now()
    due = Item.state.in_(("waiting", "claimed")), Item.due_at <= moment
    waiting = db.session.scalar(select(func.count()).select_from(Item).where(Item.state.in_(("waiting", "claimed"))))
    overdue, oldest = db.session.execute(select(func.count(), func.min(Item.due_at)).where(*due)).one()
    seconds = int((moment - oldest).total_seconds()) if oldest else 0
    return {"waiting": waiting or 0, "overdue": overdue or 0, "oldest_overdue_seconds": seconds}


def _registry() -> dict[str, Handler]:
    return current_app.extensions.setdefault("outbox", {})


def _claim() -> int | None:
    """Take the oldest due item, or one whose claim has run out because its process died."""
    moment = clock.now()
    waiting = Item.state.in_(("waiting", "claimed")), Item.try_after <= moment
    item_id = db.session.scalar(select(Item.id).where(*waiting).order_by(Item.try_after, Item.id).limit(1))
    if item_id is None:
        return None
    with transaction():
        taken = rows_changed(
            update(Item)
            .where(Item.id == item_id, *waiting)
            .values(
                state="claimed",
                claimed_at=func.coalesce(Item.claimed_at, moment),
                attempts=Item.attempts + 1,
                try_after=moment + CLAIM_LASTS,
            )
        )
    return item_id if taken else _claim()


def _bring_to_end(item_id: int) -> int:
    item = db.session.get_one(Item, item_id)
    try:
        answer = _registry()[item.kind](item)
    except Exception as trouble:
        log.warning("outbox item %s waits: %s", item_id, trouble)
        db.session.rollback()
        _put_back(item_id, trouble)
        return 0
    if isinstance(answer, Later):
        _wait(item_id, answer.moment)
        return 0
    end(item_id, answer)
    return 1


def end(item_id: int, answer: Dropped | None) -> None:
    """Write down that it was sent, or dropped and why: whoever dies before this sends it again."""
    with transaction() as session:
        item = session.get_one(Item, item_id)
        item.state = "dropped" if answer else "sent"
        item.words = answer.reason if answer else ""
        item.ended_at = clock.now()


def _wait(item_id: int, moment: datetime) -> None:
    """Nothing has left, nothing is lost, and nobody calls it late. The time of its own undo is over."""
    with transaction() as session:
        item = session.get_one(Item, item_id)
        item.state, item.due_at, item.try_after = "waiting", max(item.due_at, moment), moment


def _put_back(item_id: int, trouble: Exception) -> None:
    with transaction() as session:
        item = session.get_one(Item, item_id)
        wait = min(LONGEST_WAIT, timedelta(seconds=15 * 2 ** min(item.attempts, 10)))
        item.state, item.words, item.try_after = (
            "waiting",
            f"{type(trouble).__name__}: {trouble}"[:500],
            clock.now() + wait,
        )
