"""Every order with all that was ever written about it, one after another, for whoever goes through the books.

Ten statements however many orders there are, and few rows in memory at a time: each table is read in the order of its
orders, side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased, raiseload
from sqlalchemy.orm.attributes import set_committed_value

from catalog.models import PickUp, Product, StockMove
from core.journal import Entry
from core.outbox import Item
from orders.models import Order, OrderLine, Payment, Refund

SLOWLY = {"yield_per": 500}  # rows at a time

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Sheet:
    """One order. Its pick-up, lines, payments and refunds are loaded; anything else would raise."""

    order: Order
    held: Mapping[int, int]  # product id -> what the stock ledger took for it (negative: it has it)
    entries: Sequence[AnyRow]  # id, key, at, action, practice, data, undoes_id, undone_id; oldest first
    letters: Sequence[AnyRow]  # key, state, deed of what leaves the house for it
    practice_goods: Mapping[int, bool]  # product id -> whether it is for practice
    of_pickup: Sequence[AnyRow]  # entries, as above, on its pick-up that name it: called off, that undone, moved

    @cached_property
    def standing(self) -> list[AnyRow]:
        """Deeds that nobody took back, oldest first."""
        return [entry for entry in self.entries if entry.undoes_id is None and entry.undone_id is None]

    @cached_property
    def actions(self) -> Counter[str]:
        """How often each deed stands."""
        return Counter(entry.action for entry in self.standing)

    @cached_property
    def on_its_pickup(self) -> list[AnyRow]:
        """Deeds on its pick-up that name it and that nobody took back, oldest first."""
        return [entry for entry in self.of_pickup if entry.undoes_id is None and entry.undone_id is None]


def read(session: Session) -> Iterator[Sheet]:
    """Order by order, by id."""
    pickups = {pickup.id: pickup for pickup in session.scalars(select(PickUp).options(raiseload("*")))}
    practice_goods = {row.id: row.practice for row in session.execute(select(Product.id, Product.practice))}
    of_pickups = _of_pickups(session)
    with ExitStack() as stack:  # cursors that stand open at the server are closed, also when somebody stops half-way
        follow = partial(_Following, session, stack)
        lines, payments, refunds = (follow(_rows_of(table), whole=True) for table in (OrderLine, Payment, Refund))
        held, entries, letters = (follow(query) for query in (_held(), _entries(), _letters()))
        orders = select(Order).options(raiseload("*")).order_by(Order.id)
        for order in stack.enter_context(closing(session.scalars(orders, execution_options=SLOWLY))):
            set_committed_value(order, "pickup", pickups[order.pickup_id])
            set_committed_value(order, "lines", sorted(lines.of(order.id), key=lambda line: line.position))
            set_committed_value(order, "payments", payments.of(order.id))
            set_committed_value(order, "refunds", refunds.of(order.id))
            yield Sheet(
                order,
                {row.product_id: row.quantity for row in held.of(order.id)},
                entries.of(order.id),
                letters.of(order.id),
                practice_goods,
                of_pickups.get(order.id, []),
            )


class _Following:
    """Rows sorted by order, handed out order by order, with one row of look-ahead."""

    def __init__(self, session: Session, stack: ExitStack, query: AnySelect, *, whole: bool = False) -> None:
        found = session.execute(query, execution_options=SLOWLY)
        self._rows = iter(stack.enter_context(closing(found.scalars() if whole else found)))
        self._next = next(self._rows, None)

    def of(self, order_id: int) -> list[Any]:
        """The rows of this order. Those of an order that is not there are passed over: see `ledgers.references`."""
        found = []
        while self._next is not None and self._next.order_id <= order_id:
            if self._next.order_id == order_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _rows_of(table: type[OrderLine] | type[Payment] | type[Refund]) -> AnySelect:
    return select(table).options(raiseload("*")).order_by(table.order_id, table.id)


def _held() -> AnySelect:
    total = func.sum(StockMove.quantity).label("quantity")
    moves = select(StockMove.order_id, StockMove.product_id, total).where(
        StockMove.order_id.is_not(None), StockMove.why.in_(("order", "cancel"))
    )
    return moves.group_by(StockMove.order_id, StockMove.product_id).order_by(StockMove.order_id, StockMove.product_id)


def _entries() -> AnySelect:
    entries = _with_undo(Entry.subject_id.label("order_id"))
    return entries.where(Entry.subject_type == Order.__tablename__).order_by(Entry.subject_id, Entry.id)


def _with_undo(*more: Any) -> AnySelect:
    undo = aliased(Entry)
    columns = (Entry.id, Entry.key, Entry.at, Entry.action, Entry.practice, Entry.data, Entry.undoes_id)
    return select(*more, *columns, undo.id.label("undone_id")).outerjoin(undo, undo.undoes_id == Entry.id)


def _letters() -> AnySelect:
    letters = select(Item.order_id, Item.key, Item.state, Item.deed).where(Item.order_id.is_not(None))
    return letters.order_by(Item.order_id, Item.id)


def _of_pickups(session: Session) -> dict[int, list[AnyRow]]:
    """Order id -> entries on pick-ups that name it. What one of them lacks `ledgers.pickups` says."""
    found: dict[int, list[AnyRow]] = {}
    actions = ("pickup.called_off", "pickup.called_off.undone", "pickup.moved")
    for row in session.execute(_with_undo().where(Entry.action.in_(actions)).order_by(Entry.id)):
        for order_id in _named(row.data, "names" if row.action == "pickup.moved" else "orders"):
            found.setdefault(order_id, []).append(row)
    return found


def _named(data: Any, name: str) -> list[int]:
    """Ids of orders; JSON keeps those that are keys as words."""
    ids = data.get(name) if isinstance(data, dict) else None
    ids = ids if isinstance(ids, list | dict) else []
    return [int(each) for each in ids if isinstance(each, int) or (isinstance(each, str) and each.isdecimal())]
