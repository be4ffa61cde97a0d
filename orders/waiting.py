"""Who waits for a place at a pick-up that is full. Nobody is kept a place: it goes to whoever orders first.

That a place is free is derived: the worker looks, whatever made it free. An address is kept until nobody orders for
that pick-up any more, and the journal never has it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Exists, ForeignKey, UniqueConstraint, delete, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from catalog import pickups
from catalog.models import PickUp
from core import clock, journal, keys, outbox, throttle, undo
from core.database import Base, db, transaction
from core.errors import Conflict, NotFound, TooManyTries
from orders.models import Order
from people import tokens

LETTER = "place_free"
TURN = timedelta(hours=1)
"""How long those who were told have before the next ones are told of the same place."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 60  # from one address of the network
MOST_A_DAY = 10  # for one mailbox: nobody fills somebody else's


class Waiting(Base):
    """One address that wants to be told. ``told_at``: when its letter was asked for; then its turn is over."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("pickup_id", "email"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"))
    email: Mapped[str]
    language: Mapped[str]
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(unique=True)  # of the way off the list that its letter has

    pickup: Mapped[PickUp] = relationship(lazy="joined")


def ask(pickup_id: int, email: str, *, key: str, language: str, origin: str) -> None:
    """From now on this address is told. One that waits already stays where it is; one that was told waits again.

    ``email`` as `contacts.email` gives it; ``origin``: from which address of the network, kept as a hash. A repeat of
    the same form does nothing. Raises Conflict where there is a place or nobody orders any more, TooManyTries.
    """
    with transaction() as session:
        if not keys.claim(key):
            return
        _count(email, origin)
        _require_full(pickups.lock(pickup_id))
        same = Waiting.pickup_id == pickup_id, func.lower(Waiting.email) == email.lower()
        row = session.scalar(select(Waiting).where(*same).with_for_update(of=Waiting))
        if row is not None and row.told_at is None:
            return
        if row is None:
            row = Waiting(pickup_id=pickup_id, email=email)
            session.add(row)
        row.language, row.asked_at, row.told_at, row.token_hash = language, clock.now(), None, None
        session.flush()
        journal.record("waiting.asked", row.pickup)


def get_open(pickup_id: int) -> PickUp:
    """A pick-up that citizens order for now, full or not. Raises NotFound, Conflict where nobody orders any more."""
    pickup = pickups.get(pickup_id)
    _require_offered(pickup)
    return pickup


def get(token: str) -> Waiting:
    """Who came with this way off the list. Raises NotFound, also for one who is off it already."""
    row = _find(token)
    if row is None:
        raise NotFound(_("La tua e-mail non c'è più: per questo ritiro non ti scriviamo."))
    return row


def leave(token: str) -> None:
    """Off the list, and the address is gone. Who is off it already stays so."""
    with transaction() as session:
        row = _find(token)
        if row is not None:
            journal.record("waiting.left", row.pickup)
            session.delete(row)


def how_many(pickup_id: int) -> int:
    """Who has not been told yet: a number, for the staff."""
    query = select(func.count()).select_from(Waiting)
    return db.session.scalar(query.where(Waiting.pickup_id == pickup_id, Waiting.told_at.is_(None))) or 0


def tell_due() -> int:
    """Write to those who wait where a place is free, the first who asked first. The worker calls it."""
    forget_due()
    moment = clock.now()
    room = (
        PickUp.taken < PickUp.capacity,
        PickUp.cutoff_at > moment,
        PickUp.closed_at.is_(None),
        PickUp.cancelled_at.is_(None),
    )
    query = select(Waiting.pickup_id).join(PickUp).where(Waiting.told_at.is_(None), *room).distinct()
    return sum(_tell(pickup_id) for pickup_id in db.session.scalars(query.order_by(Waiting.pickup_id)).all())


def forget_due() -> int:
    """Addresses of pick-ups that nobody orders for any more are deleted. Returns how many.

    Of one that was called off once that can no longer be taken back.
    """
    moment = clock.now()
    off_since = moment - (outbox.after_undo_time() - moment)
    over = or_(PickUp.closed_at.is_not(None), PickUp.cutoff_at <= moment, PickUp.cancelled_at <= off_since)
    ids = list(db.session.scalars(select(Waiting.id).join(PickUp).where(over)))
    if ids:
        with transaction() as session:
            session.execute(delete(Waiting).where(Waiting.id.in_(ids)))
    return len(ids)


def token_of(row: Waiting) -> str:
    """The secret of its letter: 192 bits, the same for every attempt to send it, as a doubled letter is one letter."""
    told = row.told_at.isoformat() if row.told_at else ""
    secret = str(current_app.secret_key).encode()
    digest = hmac.digest(secret, f"waiting {row.id} {told}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def why_not(row: Waiting | None, told_at: str) -> str:
    """Why the letter of that moment is no longer true; empty while it is."""
    if row is None or row.told_at is None or row.told_at.isoformat() != told_at:
        return "waits no more"
    if not pickups.is_offered(row.pickup, clock.now()):
        return "closed again"
    if db.session.scalar(select(_has_ordered()).where(Waiting.id == row.id)):
        return "has ordered"
    return "full again" if row.pickup.places_left <= 0 else ""


def wait_again(waiting_id: int) -> None:
    """Nothing was sent, the place was gone by then: the next one that comes free is told of."""
    with transaction() as session:
        row = session.get(Waiting, waiting_id, with_for_update={"of": Waiting}, populate_existing=True)
        if row is not None:
            row.told_at = row.token_hash = None


def _tell(pickup_id: int) -> int:
    with transaction() as session:
        pickup = pickups.lock(pickup_id)
        if not pickups.is_offered(pickup, clock.now()) or _may_be_taken_back(pickup):
            return 0
        session.execute(delete(Waiting).where(Waiting.id.in_(_served(session, pickup_id))))
        told, moment = _next(session, pickup), clock.now()
        for row in told:
            row.told_at = moment
            row.token_hash = tokens.hashed(token_of(row))
            when = moment.isoformat()
            outbox.put(LETTER, f"{LETTER}:{row.id}:{when}", letter=LETTER, of=row.id, told_at=when)
    return len(told)


def _next(session: Session, pickup: PickUp) -> Sequence[Waiting]:
    """As many as there are places, less those whose turn it is still."""
    here = Waiting.pickup_id == pickup.id
    since = clock.now() - TURN
    query = select(func.count()).select_from(Waiting).where(here, Waiting.told_at > since)
    room = pickup.places_left - (session.scalar(query) or 0)
    if room <= 0:
        return []
    first = select(Waiting).where(here, Waiting.told_at.is_(None)).order_by(Waiting.asked_at, Waiting.id).limit(room)
    return session.scalars(first.with_for_update(of=Waiting).execution_options(populate_existing=True)).all()


def _served(session: Session, pickup_id: int) -> list[int]:
    """Whoever has ordered meanwhile waits no more."""
    return list(session.scalars(select(Waiting.id).where(Waiting.pickup_id == pickup_id, _has_ordered())))


def _has_ordered() -> Exists:
    return exists().where(
        Order.pickup_id == Waiting.pickup_id,
        func.lower(Order.email) == func.lower(Waiting.email),
        Order.placed_at >= Waiting.asked_at,
        Order.cancelled_at.is_(None),
    )


def _may_be_taken_back(pickup: PickUp) -> bool:
    """Places that somebody has just added may be a slip: nobody is called for them before undo is over (ruling 8)."""
    deed = undo.newest(pickup)
    undo_time = outbox.after_undo_time() - clock.now()
    return deed is not None and deed.action == "pickup.capacity_set" and deed.at > clock.now() - undo_time


def _require_full(pickup: PickUp) -> None:
    _require_offered(pickup)
    if pickup.places_left > 0:
        raise Conflict(_("Intanto si è liberato un posto: puoi ordinare adesso."))


def _require_offered(pickup: PickUp) -> None:
    if pickup.practice:
        raise NotFound(_("Questo ritiro non c'è."))
    if not pickups.is_offered(pickup, clock.now()):
        raise Conflict(_("Questo ritiro non prende più ordini. Scegline un altro."))


def _find(token: str) -> Waiting | None:
    return db.session.scalar(select(Waiting).where(Waiting.token_hash == tokens.hashed(token)))


def _count(email: str, origin: str) -> None:
    counts = (
        (f"waiting:{tokens.hashed(origin)}", MOST_AN_HOUR, HOUR),
        (f"waiting for:{tokens.hashed(email.lower())}", MOST_A_DAY, DAY),
    )
    if not all(throttle.take(*count) for count in counts):
        raise TooManyTries(_("Da qui sono già arrivate molte richieste. Aspetta un'ora e riprova."))
