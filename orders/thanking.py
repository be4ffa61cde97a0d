"""A few words from a citizen to those who prepared the crate: a tutor reads them first, and only then do they.

They are nobody's figure: nothing counts or ranks them, nobody answers them, and that somebody has read one is not in
the journal, so that no evidence can ever be made of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ColumnElement, Exists, ForeignKey, Select, delete, exists, func, select
from sqlalchemy.orm import Mapped, aliased, joinedload, lazyload, mapped_column, relationship

from core import clock, inputs, journal
from core.database import Base, db, transaction
from core.errors import Conflict, NotFound
from core.journal import Entry
from orders import finding
from orders.models import Order
from people.capabilities import Role
from people.models import Person

LONGEST = 280

WORK = (
    *("line.taken", "line.weighed", "line.reweighed", "line.short", "line.substituted"),
    *("order.ready", "order.labelled", "order.handed_over"),
)
"""Whoever has done one of these on the crate is one of those who are thanked."""


class Thanks(Base):
    """Words as the citizen wrote them, one line. ``let_through``: what a tutor decided, None until then."""

    __tablename__ = "thanks"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (let_through IS NULL)", name="decided"),
        {"sqlite_autoincrement": True},  # a number is never given again: the journal knows the one that was taken back
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), unique=True)
    words: Mapped[str]
    shows_name: Mapped[bool]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    let_through: Mapped[bool | None]

    order: Mapped[Order] = relationship()

    @property
    def first_name(self) -> str:
        """Of whoever wrote it, if they wanted it to be known; else empty."""
        return self.order.first_name if self.shows_name else ""


class ThanksRead(Base):
    """Somebody has read it and put it away."""

    __tablename__ = "thanks_read"
    thanks_id: Mapped[int] = mapped_column(ForeignKey("thanks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


def may_write(order: Order) -> bool:
    """Once the crate is with its citizen; and once."""
    return order.handed_over_at is not None and not order.practice and find(order) is None


def get(thanks_id: int) -> Thanks:
    """Raises NotFound, also for one that its citizen took back."""
    found = db.session.get(Thanks, thanks_id)
    if found is None:
        raise NotFound(_("Questo grazie non c'è più."))
    return found


def how_many_wait() -> int:
    """For a tutor."""
    return db.session.scalar(select(func.count()).select_from(Thanks).where(Thanks.decided_at.is_(None))) or 0


def find(order: Order) -> Thanks | None:
    """What was written about this order."""
    return db.session.scalar(select(Thanks).where(Thanks.order_id == order.id))


def write(order_id: int, words: str, shows_name: bool) -> Thanks:
    """A tutor reads it first. Raises Refused for what cannot be kept, Conflict before hand-over and a second time."""
    line = inputs.require_line(words, LONGEST, missing=_("Scrivi qualche parola."))
    with transaction() as session:
        order = finding.lock(session, order_id)
        if order.handed_over_at is None or order.practice:
            raise Conflict(_("Puoi ringraziare quando hai ricevuto la cassetta."))
        if find(order) is not None:
            raise Conflict(_("Per questo ordine hai già ringraziato."))
        made = Thanks(order=order, words=line, shows_name=shows_name, at=clock.now())
        session.add(made)
        session.flush()
        journal.record("thanks.written", made, order=order.id)
    return made


def take_back(order_id: int) -> None:
    """By whoever wrote it; nothing is left of it. Raises Conflict once it was let through."""
    with transaction() as session:
        found = find(finding.lock(session, order_id))
        if found is None:
            return
        if found.let_through:
            raise Conflict(_("Chi ha preparato la cassetta l'ha già ricevuto: non si può più togliere."))
        journal.record("thanks.taken_back", found, order=order_id)
        session.delete(found)


def waiting() -> list[Thanks]:
    """What a tutor has not read yet, the oldest first."""
    return list(db.session.scalars(_all().where(Thanks.decided_at.is_(None)).order_by(Thanks.id)))


def decided_since(moment: datetime, *, most: int) -> list[Thanks]:
    """What tutors have decided since then, the last one first."""
    query = _all().where(Thanks.decided_at >= moment).order_by(Thanks.decided_at.desc(), Thanks.id.desc())
    return list(db.session.scalars(query.limit(most)))


def decide(thanks_id: int, *, let_through: bool, by: int | None) -> Thanks:
    """Those who prepared the crate see it, or do not. Raises NotFound, Conflict when somebody was faster."""
    with transaction():
        found = _lock(thanks_id)
        if found.decided_at is not None:
            raise Conflict(_("Qualcuno ha già deciso. Guarda di nuovo."))
        found.let_through, found.decided_at, found.decided_by_id = let_through, clock.now(), by
        journal.record("thanks.decided", found, by=by, let_through=let_through)
    return found


def decide_again(thanks_id: int) -> None:
    """The inverse: a tutor reads it once more. Raises Conflict once one of those who were thanked has read it."""
    with transaction():
        found = _lock(thanks_id)
        if found.id in read_ids([found.id]):
            raise Conflict(_("Qualcuno l'ha già letto: adesso resta così."))
        found.let_through = found.decided_at = found.decided_by_id = None


def read_ids(thanks_ids: Collection[int]) -> set[int]:
    """Those of these that at least one person has read."""
    return set(db.session.scalars(select(ThanksRead.thanks_id).where(ThanksRead.thanks_id.in_(thanks_ids))))


def thanked(order_ids: Collection[int]) -> dict[int, list[str]]:
    """Order id -> first names of those who see what was written about it: who worked on it and has a page of their own.

    One statement, however many.
    """
    worked = (Entry.subject_id, Person.name)
    query = select(*worked).join(Person, Person.id == Entry.person_id).where(*_is_work(order_ids), _is_reader())
    found: dict[int, list[str]] = {}
    for order_id, name in db.session.execute(query.group_by(*worked).order_by(*worked)):
        found.setdefault(order_id, []).append(name.split(" ")[0])
    return found


def for_person(person_id: int) -> list[Thanks]:
    """What was let through for this person and not read yet, the oldest first."""
    query = _all().where(*_is_for(person_id), ~_has_read(person_id))
    return list(db.session.scalars(query.order_by(Thanks.decided_at, Thanks.id)))


def are_there(person_id: int) -> bool:
    """Whether there is something to read for this person."""
    query = select(Thanks.id).where(*_is_for(person_id), ~_has_read(person_id))
    return db.session.scalar(query.limit(1)) is not None


def last_read(person_id: int, *, since: datetime) -> Thanks | None:
    """What this person has put away last, if that was since then."""
    query = _all().join(ThanksRead, ThanksRead.thanks_id == Thanks.id)
    mine = query.where(ThanksRead.person_id == person_id, ThanksRead.at >= since)
    return db.session.scalar(mine.order_by(ThanksRead.at.desc(), Thanks.id.desc()).limit(1))


def put_away(thanks_id: int, person_id: int) -> None:
    """Read. A second time changes nothing. Raises NotFound for what is not for this person."""
    with transaction() as session:
        if session.scalar(select(Thanks.id).where(*_is_for(person_id), Thanks.id == thanks_id)) is None:
            raise NotFound(_("Questo grazie non c’è."))
        if session.get(ThanksRead, (thanks_id, person_id)) is None:
            session.add(ThanksRead(thanks_id=thanks_id, person_id=person_id, at=clock.now()))


def take_out(thanks_id: int, person_id: int) -> None:
    """To be read once more. A second time changes nothing."""
    mine = ThanksRead.thanks_id == thanks_id, ThanksRead.person_id == person_id
    with transaction() as session:
        session.execute(delete(ThanksRead).where(*mine))


def forget(order_ids: Collection[int]) -> int:
    """Whatever was written about these orders is deleted, as when a citizen is forgotten. Returns how many."""
    with transaction() as session:
        ids = list(session.scalars(select(Thanks.id).where(Thanks.order_id.in_(order_ids))))
        session.execute(delete(ThanksRead).where(ThanksRead.thanks_id.in_(ids)))
        session.execute(delete(Thanks).where(Thanks.id.in_(ids)))
    return len(ids)


def _all() -> Select[Thanks]:
    """With the order, and nothing of what is in it: one statement, however many."""
    bare = (lazyload(part) for part in (Order.lines, Order.payments, Order.refunds))
    return select(Thanks).options(joinedload(Thanks.order).options(*bare))


def _lock(thanks_id: int) -> Thanks:
    found = db.session().get(Thanks, thanks_id, with_for_update={"of": Thanks}, populate_existing=True)
    if found is None:
        raise NotFound(_("Questo grazie non c'è più."))
    return found


def _is_for(person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Let through, and this person has worked on that crate."""
    did = exists().where(*_is_work(), Entry.subject_id == Thanks.order_id, Entry.person_id == person_id)
    return Thanks.let_through.is_(True), did


def _is_work(order_ids: Collection[int] | None = None) -> list[ColumnElement[bool]]:
    """Deeds on a crate that stand."""
    undo = aliased(Entry)
    found: list[ColumnElement[bool]] = [
        Entry.subject_type == Order.__tablename__,
        Entry.action.in_(WORK),
        ~exists().where(undo.undoes_id == Entry.id),
    ]
    return found if order_ids is None else [*found, Entry.subject_id.in_(order_ids)]


def _is_reader() -> ColumnElement[bool]:
    return Person.role == Role.CO_RESIDENT


def _has_read(person_id: int) -> Exists:
    return exists().where(ThanksRead.thanks_id == Thanks.id, ThanksRead.person_id == person_id)
