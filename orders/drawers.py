"""The cash box of a place: which notes and coins lie in it, so that the change that is shown can really be given.

A ledger of pieces: what was counted, what came in, what went out. Nobody has to calculate (criterion 39). Cents.
A place whose box nobody has counted yet has none: then the change is shown as if every coin were there
(docs/decisions/0015-cash-box.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from catalog.models import Place
from core import clock, coins, journal
from core.database import Base, db, insert, transaction
from core.errors import Conflict, NotFound, Refused
from core.journal import Entry
from orders.models import Payment

MOST = 999  # pieces of one kind in one box
MOST_BACK = 40
"""Pieces: a longer change nobody counts out alone, so it is none."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""``counted_at`` of a box whose only count was taken back: it is as unknown as before."""

Pieces = Mapping[int, int]
"""Denomination in cents -> how many."""


class Drawer(Base):
    """What lies in the cash box of one place, real and practice apart (ruling 15)."""

    __tablename__ = "drawer"
    __table_args__ = (UniqueConstraint("place_id", "practice"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    practice: Mapped[bool] = mapped_column(default=False)
    pieces: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    counted_at: Mapped[datetime]

    place: Mapped[Place] = relationship()

    @property
    def is_known(self) -> bool:
        return self.counted_at > NEVER

    @property
    def holds(self) -> Counter[int]:
        return _read(self.pieces)

    @property
    def cents(self) -> int:
        return worth(self.holds)


class DrawerMove(Base):
    """So many pieces in, or out (negative). Never changed: what was a mistake is moved back."""

    __tablename__ = "drawer_move"
    __table_args__ = (CheckConstraint("why IN ('counted', 'paid', 'undone')", name="why"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    drawer_id: Mapped[int] = mapped_column(ForeignKey("drawer.id"), index=True)
    why: Mapped[str]
    pieces: Mapped[dict[str, int]] = mapped_column(JSON)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def find(place_id: int, *, practice: bool = False) -> Drawer | None:
    """None where nobody has counted it."""
    return db.session.scalar(_of(place_id, practice).where(Drawer.counted_at > NEVER))


def get(drawer_id: int) -> Drawer:
    """Raises NotFound."""
    drawer = db.session.get(Drawer, drawer_id)
    if drawer is None:
        raise NotFound(_("Questa cassa non c'è."))
    return drawer


def known() -> list[Drawer]:
    """Every real box that was counted, by the name of its place."""
    query = select(Drawer).join(Place).where(Drawer.counted_at > NEVER, Drawer.practice.is_(False))
    query = query.options(contains_eager(Drawer.place)).order_by(Place.name, Drawer.id)
    return list(db.session.scalars(query))


def newest_move(place_id: int, *, practice: bool = False) -> int:
    """Number of the last thing that happened to the box, 0 for none: what a screen has seen when counting begins."""
    of_it = select(func.max(DrawerMove.id)).join(Drawer).where(Drawer.place_id == place_id)
    return db.session.scalar(of_it.where(Drawer.practice.is_(practice))) or 0


def count(
    place: Place,
    counted: Pieces,
    *,
    by: int | None,
    practice: bool = False,
    seen: int | None = None,
    moved_by_hand: bool = False,
) -> int:
    """Somebody counted the box: this is what lies in it. Returns how many cents more (or less) than was expected.

    The first count opens it, and then nothing was expected. ``seen``: `newest_move` when the counting began; money that
    came or went meanwhile raises Conflict. ``moved_by_hand``: a tutor has put some in or taken some out, so that the
    difference is none. Coins of 1 and 2 cents stay as they are unless they were counted too. Raises Refused for what
    no box holds.
    """
    counted = _require_pieces(counted)
    with transaction() as session:
        drawer = _open(session, place.id, practice)
        if seen is not None and seen != newest_move(place.id, practice=practice):
            raise Conflict(_("Intanto sono entrati o usciti dei soldi. Guarda di nuovo."))
        before, is_first = drawer.holds, not drawer.is_known
        small = {coin: number for coin, number in before.items() if coin not in coins.IN_USE}
        after = small | counted
        journal.record(
            "drawer.counted",
            drawer,
            by=by,
            practice=practice,
            before=_kept(before),
            after=_kept(after),
            counted_before=None if is_first else drawer.counted_at.isoformat(),
            by_hand=moved_by_hand,
        )
        _move(drawer, "counted", _difference(after, before), by=by)
        drawer.counted_at = clock.now()
    return worth(after) - worth(before)


def uncount(drawer_id: int, data: Mapping[str, Any], *, by: int | None) -> None:
    """The inverse: the box holds what it was thought to hold. Raises Conflict when money came or went since."""
    with transaction() as session:
        drawer = session.get_one(Drawer, drawer_id, with_for_update=True, populate_existing=True)
        before, after = _read(data["before"]), _read(data["after"])
        if drawer.holds != after:
            raise Conflict(
                _("Intanto sono entrati o usciti dei soldi. Chiama il tutor."),
                without_tutor=_("Intanto sono entrati o usciti dei soldi: conta di nuovo."),
            )
        _move(drawer, "undone", _difference(before, after), by=by)
        drawer.counted_at = clock.parse(data["counted_before"]) if data["counted_before"] else NEVER


def counts(drawer: Drawer) -> list[Entry]:
    """The times that somebody counted it, or took a count back, the newest first."""
    return journal.entries(drawer)


def counted_in(entry: Entry) -> int:
    """Cents that a count found, coins of 1 and 2 cents included."""
    return worth(_read(entry.data["after"]))


def difference_in(entry: Entry) -> int | None:
    """Cents more (or less) than was expected; None where nothing was, or where a tutor moved money by hand."""
    if entry.data["by_hand"] or entry.data["counted_before"] is None:
        return None
    return counted_in(entry) - worth(_read(entry.data["before"]))


def change_for(place_id: int, cents: int, *, practice: bool = False) -> list[int]:
    """The fewest notes and coins to give back, largest first; of what lies in the box where it was counted.

    Raises NoChange when there is no way with at most ``MOST_BACK`` of them: then somebody else has to change money.
    """
    drawer = find(place_id, practice=practice)
    try:
        return coins.change(cents, drawer.holds, most=MOST_BACK) if drawer else coins.pieces(cents)
    except coins.NoChange:
        raise NoChange(
            _("Nella cassa non ci sono i soldi giusti. Chiama il tutor."),
            without_tutor=_("Nella cassa non ci sono i soldi giusti: cambiane un po’, poi conta di nuovo la cassa."),
        ) from None


def what_would_do(place_id: int, cents: int, *, practice: bool = False) -> list[int]:
    """Where ``cents`` cannot be given back: one or two coins more from the citizen with which they can.

    As one asks at a till: "has he 50 cents as well?" None where that does not help either. The fewest coins, then the
    least money.
    """
    drawer = find(place_id, practice=practice)
    if drawer is None:
        return []
    few = [list(some) for number in (1, 2) for some in combinations_with_replacement(reversed(EXTRA), number)]
    ways = coins.makeable(cents + 2 * max(EXTRA), drawer.holds, most=MOST_BACK)
    good = [some for some in few if ways >> (cents + sum(some)) & 1]
    return min(good, key=lambda some: (len(some), sum(some)), default=[])


EXTRA = tuple(coin for coin in coins.IN_USE if coin not in coins.NOTES)
"""What one asks for on top: small things that people have in their pocket."""


class NoChange(Refused):
    """The box does not hold the coins for it."""


def paid(
    place: Place,
    given: Sequence[int],
    back: Sequence[int],
    *,
    payment_id: int,
    by: int | None,
    practice: bool = False,
) -> None:
    """What the citizen gave lies in the box, the change is out of it; part of taking cash. Raises Conflict when some
    of the change has gone meanwhile. Without a box nothing is noted.
    """
    with transaction() as session:
        drawer = _lock(session, place.id, practice)
        if drawer is None or not drawer.is_known:
            return
        if Counter(back) - drawer.holds:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        _move(drawer, "paid", _difference(Counter(given), Counter(back)), by=by, payment_id=payment_id)


def unpaid(payment_id: int, *, by: int | None) -> None:
    """The inverse, when money is given back: the same pieces go the other way. Raises Conflict when they are not there
    any more."""
    with transaction() as session:
        moves = list(session.scalars(select(DrawerMove).where(DrawerMove.payment_id == payment_id)))
        back = {coin: -number for coin, number in _total(moves).items() if number}
        for drawer_id in {move.drawer_id for move in moves}:
            drawer = session.get_one(Drawer, drawer_id, with_for_update=True, populate_existing=True)
            if any(drawer.holds[coin] + number < 0 for coin, number in back.items()):
                raise Conflict(
                    _("Nella cassa non ci sono più quei soldi. Chiama il tutor."),
                    without_tutor=_("Nella cassa non ci sono più quei soldi: prima conta la cassa."),
                )
            _move(drawer, "undone", back, by=by, payment_id=payment_id)


def worth(pieces: Pieces) -> int:
    """Cents that so many pieces make."""
    return sum(coin * number for coin, number in pieces.items())


def look(session: Session) -> Iterator[list[str]]:
    """For the books: a box holds the sum of its moves; each move of money is exactly that payment, there and back, and
    every other one was counted, or such a count taken back, as the journal says."""
    moves: dict[int, list[DrawerMove]] = defaultdict(list)
    for move in session.scalars(select(DrawerMove).order_by(DrawerMove.id)):
        moves[move.drawer_id].append(move)
    query = select(Payment.id, Payment.amount).where(Payment.kind == "cash")
    amounts = {row.id: row.amount for row in session.execute(query)}
    said: dict[int, list[Pieces]] = defaultdict(list)
    for entry in session.scalars(select(Entry).where(Entry.subject_type == Drawer.__tablename__).order_by(Entry.id)):
        before, after = _read(entry.data["before"]), _read(entry.data["after"])
        said[entry.subject_id].append(_difference(before, after) if entry.is_undo else _difference(after, before))
    for drawer in session.scalars(select(Drawer).order_by(Drawer.id)):
        problems = _problems(drawer, moves[drawer.id], amounts, said[drawer.id])
        yield [f"box {drawer.id}: {problem}" for problem in problems]


def _of(place_id: int, practice: bool) -> Select[Drawer]:
    return select(Drawer).where(Drawer.place_id == place_id, Drawer.practice.is_(practice))


def _open(session: Session, place_id: int, practice: bool) -> Drawer:
    """Locked, and made where there is none: two who count it for the first time find the same one."""
    new = {"place_id": place_id, "practice": practice, "pieces": {}, "counted_at": NEVER}
    session.execute(insert(Drawer).values(new).on_conflict_do_nothing())
    return session.scalars(_held(place_id, practice)).one()


def _lock(session: Session, place_id: int, practice: bool) -> Drawer | None:
    return session.scalar(_held(place_id, practice))


def _held(place_id: int, practice: bool) -> Select[Drawer]:
    return _of(place_id, practice).with_for_update().execution_options(populate_existing=True)


def _move(drawer: Drawer, why: str, pieces: Pieces, *, by: int | None, payment_id: int | None = None) -> None:
    changed = drawer.holds
    changed.update(pieces)
    drawer.pieces = _kept(changed)
    db.session.add(
        DrawerMove(drawer_id=drawer.id, why=why, pieces=_kept(pieces), payment_id=payment_id, at=clock.now(), by_id=by)
    )


def _difference(now: Pieces, before: Pieces) -> dict[int, int]:
    return {coin: more for coin in {*now, *before} if (more := now.get(coin, 0) - before.get(coin, 0))}


def _kept(pieces: Pieces) -> dict[str, int]:
    return {str(coin): number for coin, number in sorted(pieces.items(), reverse=True) if number}


def _require_pieces(counted: Pieces) -> dict[int, int]:
    if not set(counted) <= set(coins.DENOMINATIONS) or not all(0 <= number <= MOST for number in counted.values()):
        raise Refused(_("Scrivi quanti pezzi ci sono, da 0 a %(most)d.", most=MOST))
    return dict(counted)


def _read(kept: Mapping[str, int]) -> Counter[int]:
    return Counter({int(coin): number for coin, number in kept.items() if number})


def _total(moves: Sequence[DrawerMove]) -> Counter[int]:
    """Every denomination with what is left of it, also less than nothing."""
    total = Counter[int]()
    for move in moves:
        total.update({int(coin): number for coin, number in move.pieces.items()})
    return total


def _problems(
    drawer: Drawer, moves: Sequence[DrawerMove], amounts: Mapping[int, int], said: Sequence[Pieces]
) -> Iterator[str]:
    by_payment = defaultdict[int, list[DrawerMove]](list)
    for move in moves:
        if move.payment_id is not None:
            by_payment[move.payment_id].append(move)
    if _kept(_total(moves)) != _kept(drawer.holds):
        yield f"it holds {drawer.cents}, its moves add up to {worth(_total(moves))}"
    if any(number < 0 for number in drawer.holds.values()):
        yield "it holds less than nothing of a coin"
    for payment_id, of_it in sorted(by_payment.items()):
        first, *back = (worth(_total([move])) for move in of_it)
        if first != amounts.get(payment_id) or back not in ([], [-first]):
            yield f"payment {payment_id} is {amounts.get(payment_id)}, the box moved by {[first, *back]}"
    counted = [dict(_total([move])) for move in moves if move.payment_id is None]
    if counted != [dict(each) for each in said]:
        yield f"it was counted or put back {len(counted)} times, and the journal does not say the same"
