"""A citizen withdraws from the contract: what they declare, kept as it is for ever (art. 54 and 54-bis Consumer Code).

A declaration counts whether we know the order or not; a person of the staff reads it. However often it is sent it is
kept; only the receipts to one mailbox are counted, and what was declared again in the same words is read once. What is
to be given back is derived from the order and never kept: it is settled once nothing is left to give back, or once a
tutor has written why there is nothing to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Select, event, select
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    joinedload,
    mapped_column,
    relationship,
)
from sqlalchemy.orm.attributes import get_history

from catalog import wording
from core import clock, formats, journal, keys, outbox, throttle
from core.database import Base, WrongTransaction, db, transaction
from core.errors import Conflict, NotFound, TooManyTries
from core.outbox import Item
from orders import cooling_off, finding, giving_back, reasons
from orders.giving_back import FEE
from orders.models import Order, OrderLine
from people import tokens

REFUND_WITHIN = timedelta(days=14)
"""From the declaration, in the way that it was paid (art. 56)."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = ("order_id", "number", "email", "name", "text")  # where all of it is the same, it was declared again
MOST_AN_HOUR = 60  # from one address of the network
MOST_RECEIPTS = 6  # a day to one mailbox, and as many to that of an order about this order


class Withdrawal(Base):
    """What was declared. Never changed, never deleted: it is the citizen's proof and ours."""

    __tablename__ = "withdrawal"
    id: Mapped[int] = mapped_column(primary_key=True)
    declared_at: Mapped[datetime]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)  # None: no such order is known
    name: Mapped[str]
    number: Mapped[str]  # of the order, as it was written
    email: Mapped[str]  # where the receipt goes
    language: Mapped[str]
    line_ids: Mapped[list[int]] = mapped_column(JSON)  # empty: everything that one may withdraw from
    text: Mapped[str]

    order: Mapped[Order | None] = relationship()
    answer: Mapped[WithdrawalAnswer | None] = relationship(back_populates="withdrawal")

    @property
    def due_at(self) -> datetime:
        """Until when the money is to be back."""
        return self.declared_at + REFUND_WITHIN


class WithdrawalAnswer(Base):
    """Why nothing is given back for it, written by a tutor: a key of `reasons`, or own words."""

    __tablename__ = "withdrawal_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawal.id"), unique=True)
    words: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    withdrawal: Mapped[Withdrawal] = relationship(back_populates="answer")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What the form says, complete and readable. ``lines``: of the order, none for all that one may withdraw from.

    ``is_masked``: the address is that of the order, which its page never shows whole (ruling 17).
    """

    name: str
    number: str
    email: str
    is_masked: bool = False
    lines: Sequence[OrderLine] = ()


def text_of(said: Declaration) -> str:
    """The declaration in words, in the language of the page: what is confirmed is what is kept and mailed."""
    goods = ", ".join(f"{wording.name(line)} {wording.amount(line, line.quantity)}" for line in said.lines)
    return "\n".join(
        (
            _("Recedo dal contratto per l'ordine %(number)s.", number=said.number),
            _("Prodotti: %(goods)s.", goods=goods) if goods else _("Prodotti: tutti quelli che hanno il recesso."),
            _("Nome e cognome: %(name)s.", name=said.name),
            _("E-mail per la ricevuta: %(email)s", email=formats.masked(said.email) if said.is_masked else said.email),
        )
    )


def choose(order: Order, line_ids: Iterable[int]) -> list[OrderLine]:
    """Those of these lines that one may withdraw from."""
    wanted = set(line_ids)
    return [line for line in cooling_off.lines(order) if line.id in wanted]


def declare(said: Declaration, *, key: str, language: str, origin: str, order: Order | None = None) -> Withdrawal:
    """Keep it, and mail the receipt at once. A repeat of the same form gives back the first one.

    ``order``: that of the link; without it the order is looked for by number and e-mail, and tries are counted for each
    address of the network, those that found an order too, so that a full count tells nobody anything. What others send
    in somebody's name takes nobody's right away: it stops at most the letter. Raises TooManyTries.
    """
    with transaction() as session:
        if not keys.claim(key):
            return get(int(keys.find_answer(key) or 0))
        if order is None:
            _count(origin)
        order_id = order.id if order else finding.find_id(said.number, said.email)
        made = Withdrawal(
            declared_at=clock.now(),
            order_id=order_id,
            name=said.name,
            number=said.number,
            email=said.email,
            language=language,
            line_ids=[line.id for line in said.lines],
            text=text_of(said),
        )
        session.add(made)
        session.flush()
        keys.answer(key, str(made.id))
        receipt = _may_mail(said, order, order_id)
        journal.record("withdrawal.declared", made, order=order_id, **({} if receipt else {"receipt": False}))
        if receipt:
            outbox.put("withdrawal", f"withdrawal:{made.id}", order_id=order_id, letter="withdrawal", of=made.id)
    return made


def had_many_receipts(found: Withdrawal) -> bool:
    """Whether the receipt may not have left by mail; the same whether there is such an order or not."""
    return throttle.is_full(_to(found.email), MOST_RECEIPTS, DAY)


def without_receipt(those: Sequence[Withdrawal]) -> set[int]:
    """The ids of those whose receipt was never mailed. One statement, however many."""
    entries = journal.entries_of_several(Withdrawal.__tablename__, [found.id for found in those])
    return {entry.subject_id for entry in entries if entry.data.get("receipt") is False}


def get(withdrawal_id: int) -> Withdrawal:
    """Raises NotFound."""
    found = db.session.get(Withdrawal, withdrawal_id)
    if found is None:
        raise NotFound(_("Questo recesso non c'è."))
    return found


def find_declared(key: str) -> Withdrawal | None:
    """What this form declared, if it did."""
    answer = keys.find_answer(key)
    return db.session.get(Withdrawal, int(answer)) if answer and answer.isdigit() else None


def of_order(order: Order) -> list[Withdrawal]:
    """Declared for this order, the oldest first."""
    return list(db.session.scalars(_all().where(Withdrawal.order_id == order.id).order_by(Withdrawal.id)))


def unsettled() -> list[Withdrawal]:
    """What a person must still look at, the most urgent first. As many statements for many as for few."""
    query = _all().outerjoin(WithdrawalAnswer).where(WithdrawalAnswer.id.is_(None))
    return [found for found in db.session.scalars(query.order_by(Withdrawal.id)) if not is_settled(found)]


def settled_since(moment: datetime) -> list[Withdrawal]:
    """Declared since then, and nothing left to do; the newest first."""
    query = _all().where(Withdrawal.declared_at >= moment).order_by(Withdrawal.id.desc())
    return [found for found in db.session.scalars(query) if is_settled(found)]


def once(those: Iterable[Withdrawal]) -> list[list[Withdrawal]]:
    """Together what was declared again in the same words, in the order of the first of each; it stands in front."""
    groups: dict[tuple[object, ...], list[Withdrawal]] = {}
    for found in those:
        groups.setdefault(tuple(getattr(found, name) for name in SAID), []).append(found)
    return [sorted(group, key=lambda found: found.id) for group in groups.values()]


def is_settled(found: Withdrawal) -> bool:
    """Answered, or nothing of it is left to give back. An order of which one cannot withdraw waits for an answer."""
    if found.answer is not None:
        return True
    order = found.order
    if order is None:
        return False
    if not order.stands or order.not_collected_at is not None:
        return True
    if order.handed_over_at is None:
        return bool(found.line_ids) and not covered(found)
    return _has_any(found, order) and not to_give_back(found)


def covered(found: Withdrawal) -> list[OrderLine]:
    """The lines that it is about and that there are: all that keep, or those that were chosen."""
    if found.order is None:
        return []
    return choose(found.order, found.line_ids) if found.line_ids else cooling_off.lines(found.order)


def to_give_back(found: Withdrawal) -> dict[int, int]:
    """Line id (FEE for the delivery) -> cents that are still to go back; empty before hand-over.

    The delivery goes back where the whole of the contract is withdrawn from (art. 56(1)).
    """
    order = found.order
    if order is None or not order.stands or order.handed_over_at is None:
        return {}
    left, lines = giving_back.possible(order), {line.id for line in covered(found)}
    is_all = all(line.id in lines for line in order.lines if line.price_now)
    return {part: cents for part, cents in left.items() if part in lines or (part == FEE and is_all)}


def too_late(those: Iterable[Withdrawal]) -> set[int]:
    """The ids of those that were declared after the period was over. One statement, however many."""
    known = [found for found in those if found.order is not None]
    told: dict[int | None, list[Item]] = defaultdict(list)
    query = select(Item).where(Item.order_id.in_({found.order_id for found in known})).order_by(Item.id)
    for item in db.session.scalars(query) if known else ():
        told[item.order_id].append(item)
    return {found.id for found in known if _is_too_late(found, found.order, told[found.order_id])}


def answer(withdrawal_id: int, words: str, *, by: int | None) -> Withdrawal:
    """Why there is nothing to give back, for all that say the same. Raises Refused for no words.

    Raises Conflict when somebody was faster.
    """
    words = reasons.require(words)
    with transaction() as session:
        found = get(withdrawal_id)
        same = _hold_same(session, found)
        if is_settled(found):
            raise Conflict(_("Questo recesso è già a posto. Guarda di nuovo."))
        others = [each for each in same if each.id != found.id and each.answer is None]
        for each in (found, *others):
            each.answer = WithdrawalAnswer(words=words, at=clock.now(), by_id=by)
        session.flush()
        made, *also = [each.answer.id for each in (found, *others) if each.answer]
        facts: dict[str, Any] = {"answer": made, "also": also} if also else {"answer": made}
        journal.record("withdrawal.answered", found, by=by, **facts)
    return found


def take_back_answer(withdrawal_id: int, answer_id: int, also: Collection[int] = ()) -> None:
    """The inverse. ``also``: the answers of those that said the same. Raises Conflict when another answer stands."""
    with transaction() as session:
        found = get(withdrawal_id)
        if found.answer is None or found.answer.id != answer_id:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        for given in session.scalars(select(WithdrawalAnswer).where(WithdrawalAnswer.id.in_({answer_id, *also}))):
            given.withdrawal.answer = None
            session.delete(given)
        session.flush()


def _all() -> Select[Withdrawal]:
    return select(Withdrawal).options(joinedload(Withdrawal.order), joinedload(Withdrawal.answer))


def _hold_same(session: Session, found: Withdrawal) -> list[Withdrawal]:
    """This one and all that say the same: two tutors who answer at once wait here, and then read what stands now."""
    said = [getattr(Withdrawal, name).is_not_distinct_from(getattr(found, name)) for name in SAID]
    session.execute(select(Withdrawal.id).where(*said).order_by(Withdrawal.id).with_for_update())
    now = _all().where(*said).order_by(Withdrawal.id).execution_options(populate_existing=True)
    return list(session.scalars(now))


def _is_too_late(found: Withdrawal, order: Order | None, told: Sequence[Item]) -> bool:
    end = cooling_off.ends_at(order, told) if order else None
    return end is not None and found.declared_at >= end


def _has_any(found: Withdrawal, order: Order) -> bool:
    """Whether it is about something that keeps at all; what is missing counts, nobody paid for it."""
    chosen = set(found.line_ids)
    return bool(chosen) or any(not line.perishable for line in order.lines)


def _count(origin: str) -> None:
    if not throttle.take(f"withdrawal:{tokens.hashed(origin)}", MOST_AN_HOUR, HOUR):
        raise TooManyTries(
            _("Da qui nell'ultima ora sono arrivati molti recessi. Riprova tra un'ora, o scrivici: vale lo stesso.")
        )


def _may_mail(said: Declaration, order: Order | None, order_id: int | None) -> bool:
    """Receipts go to any address that is typed: nobody fills somebody else's mailbox with them.

    Whoever knows the order has a count of their own, so that no stranger uses it up.
    """
    is_own = order_id is not None and (order is None or said.email.lower() == (order.email or "").lower())
    if not (order and is_own) and throttle.take(_to(said.email), MOST_RECEIPTS, DAY):
        return True
    return is_own and throttle.take(f"withdrawal of:{order_id}", MOST_RECEIPTS, DAY)


def _to(email: str) -> str:
    return f"withdrawal to:{tokens.hashed(email.lower())}"


@event.listens_for(Withdrawal, "before_update")
def _never_changed(_mapper: object, _connection: object, row: Withdrawal) -> None:
    """An answer that comes to it touches no column of its own."""
    if any(get_history(row, name).has_changes() for name in Withdrawal.__mapper__.columns.keys()):  # noqa: SIM118
        raise WrongTransaction("a declaration stays as it was made")


@event.listens_for(Withdrawal, "before_delete")
def _never_deleted(_mapper: object, _connection: object, _row: Withdrawal) -> None:
    raise WrongTransaction("a declaration stays as it was made")


@event.listens_for(Session, "do_orm_execute")
def _nor_many_at_once(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is Withdrawal.__mapper__:
        raise WrongTransaction("a declaration stays as it was made")
