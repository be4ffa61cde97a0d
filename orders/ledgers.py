"""What must be true between orders: stock, places, numbers, credit, prices, what leaves the house, undo.

Each look gives, for every row that it has seen, the sentences that say what is wrong with it: usually none.
"""

from __future__ import annotations

from collections import Counter as Sum
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from catalog import standing
from catalog.models import Arrival, PickUp, Place, PriceChange, Product, Stock, StockMove
from core import clock
from core.journal import Entry
from core.outbox import Item
from orders import balances, departures, drawers
from orders.models import Counter, Credit, CreditMove, Order, Payment
from orders.sheets import AnyRow, AnySelect

Look = Callable[[Session], Iterator[list[str]]]

FIRST_NUMBER = 1000  # real orders count from the one after it
MOVES_OF_ORDERS = ("order", "cancel")


def stock(session: Session) -> Iterator[list[str]]:
    """What may still be promised is the sum of its ledger (ruling 2); moves for orders name one, others have deeds."""
    of_order = StockMove.why.in_(MOVES_OF_ORDERS)
    mixed = or_(of_order & StockMove.order_id.is_(None), ~of_order & StockMove.order_id.is_not(None))
    moved, odd = func.coalesce(func.sum(StockMove.quantity), 0), func.sum(case((mixed, 1), else_=0))
    sums = [
        func.sum(case((StockMove.why == why, StockMove.quantity), else_=0)).label(why) for why in ("offer", "count")
    ]
    deeds = _stock_deeds(session)
    query = select(Product.id, Product.slug, Stock.left, moved.label("moved"), odd.label("odd"), *sums)
    query = query.outerjoin(Stock, Stock.product_id == Product.id).outerjoin(
        StockMove, StockMove.product_id == Product.id
    )
    for row in session.execute(query.group_by(Product.id, Product.slug, Stock.left).order_by(Product.id)):
        name, problems = f"product {row.id} ({row.slug})", []
        if row.left != row.moved:
            problems.append(f"{name}: {row.left} may be promised, the ledger adds up to {row.moved}")
        if row.odd:
            problems.append(f"{name}: {row.odd} of its moves are for an order and name none, or the other way round")
        for why in ("offer", "count"):
            if getattr(row, why) != deeds[row.id, why]:
                wrong = f"{getattr(row, why)} in all, the deeds that stand say {deeds[row.id, why]}"
                problems.append(f"{name}: its ledger has moves of {why} of {wrong}")
        yield problems


def _stock_deeds(session: Session) -> Sum[tuple[int, str]]:
    """(product id, why) -> what was offered and counted by deeds that stand; what was emptied or lost counts too."""
    found: Sum[tuple[int, str]] = Sum()
    losing = ("pickup.called_off", "order.cancelled")
    for row in session.execute(_standing("stock.offered", "stock.counted", "harvest.arrived", *losing)):
        data = _facts(row)
        if row.action == "stock.offered":
            found[row.subject_id, "offer"] += data.get("quantity") or 0
        elif row.action == "stock.counted":
            found[row.subject_id, "count"] += data.get("difference") or 0
        elif row.action in losing:
            for product_id, lost in (data.get("lost") or {}).items():
                found[int(product_id), "count"] -= lost
        else:
            found[data.get("product") or 0, "count"] -= data.get("emptied") or 0
    return found


def prices(session: Session) -> Iterator[list[str]]:
    """The price in force is the newest of the price history (art. 17-bis Consumer Code looks back at it)."""
    of_it = select(func.max(PriceChange.id)).where(PriceChange.product_id == Product.id)
    newest = PriceChange.id == of_it.correlate(Product).scalar_subquery()
    query = select(Product.id, Product.slug, Product.price, PriceChange.price.label("noted"))
    for row in session.execute(query.outerjoin(PriceChange, newest).order_by(Product.id)):
        wrong = f"product {row.id} ({row.slug}): the price is {row.price}, the price history ends with {row.noted}"
        yield [wrong] if row.price != row.noted else []


def pickups(session: Session) -> Iterator[list[str]]:
    """Places, crate numbers, addresses and what the journal says of each pick-up (rulings 4 and 14)."""
    columns = (Order.id, Order.number, Order.crate, Order.cancelled_at, Order.address, Order.forgotten_at)
    query = select(Order.pickup_id, *columns)
    rows = session.execute(query.order_by(Order.pickup_id, Order.id))
    orders = {pickup_id: list(group) for pickup_id, group in groupby(rows, key=lambda row: row.pickup_id)}
    deeds, arrived, left = _standing_deeds(session), _arrivals(session), _left(session)
    where = (PickUp.from_at, PickUp.to_at, PickUp.place_id, PickUp.crates_given)
    dates = (PickUp.closed_at, PickUp.moved_at, PickUp.cancelled_at, PickUp.cancelled_why)
    query = select(PickUp.id, PickUp.day, PickUp.taken, Place.kind, *where, *dates).join(PickUp.place)
    for pickup in session.execute(query.order_by(PickUp.id)):
        its, said = orders.get(pickup.id, []), deeds.get(pickup.id, {})
        problems = [*_places(pickup, its), *_addresses(pickup, its), *_deeds(pickup, said)]
        problems += _crates(pickup, its, said.get("pickup.closed"), left.get(pickup.id, []))
        problems += [*_moved(pickup, said.get("pickup.moved")), *_arrived(*arrived.get(pickup.id, ({}, {})))]
        yield [f"pick-up {pickup.id} ({pickup.day}): {problem}" for problem in problems]


def _places(pickup: AnyRow, orders: Sequence[AnyRow]) -> Iterator[str]:
    names = [order.number for order in orders if order.cancelled_at is None]
    if pickup.taken != len(names):
        yield f"{pickup.taken} places are taken, {len(names)} orders stand"
    if pickup.cancelled_at is not None and names:
        yield f"it does not take place, and orders stand: {', '.join(names)}"


def _addresses(pickup: AnyRow, orders: Sequence[AnyRow]) -> Iterator[str]:
    """A round needs to know where to bring the crate; a stall has no use for where somebody lives."""
    for order in orders:
        if pickup.kind == "round" and not order.address and order.forgotten_at is None:
            yield f"order {order.number} is brought home, and has no address"
        if pickup.kind != "round" and order.address:
            yield f"order {order.number} is fetched, and has an address"


def _crates(
    pickup: AnyRow, orders: Sequence[AnyRow], closing: dict[str, Any] | None, left: Sequence[int]
) -> Iterator[str]:
    """Numbers are given once each, 1 to ``crates_given``; ``left``: those that went away with their orders."""
    for order in orders:
        if order.crate is not None and pickup.closed_at is None:
            yield f"order {order.number} has crate {order.crate}, and it is still open"
        if order.crate is None and order.cancelled_at is None and pickup.closed_at is not None:
            yield f"order {order.number} has no crate, and it is closed"
    here = sorted(order.crate for order in orders if order.crate is not None)
    for number in sorted(each for each, times in Sum([*here, *left]).items() if times > 1):
        yield f"crate {number} was given to more than one order"
    if above := [str(number) for number in here if number > pickup.crates_given]:
        yield f"its crates {', '.join(above)} are above the last number given, {pickup.crates_given}"
    if pickup.closed_at is not None and {*here, *left} != {*range(1, pickup.crates_given + 1)}:
        those = f"its crates are {', '.join(map(str, here))}" if here else "it has no crates"
        yield f"{those}, and numbers are left out"
    if pickup.closed_at is None and pickup.crates_given:
        yield f"{pickup.crates_given} crate numbers were given, and it is still open"
    if closing is not None and "crates" not in closing:
        yield "the journal's pickup.closed does not say how many crates there were"
    there = (closing or {}).get("crates", 0)  # numbers after these were given to orders that came late
    numbered = [order for order in orders if order.crate is not None and order.crate <= there]
    for earlier, later in pairwise(numbered):
        if earlier.crate >= later.crate:
            yield f"order {later.number} was placed after order {earlier.number}, and its crate is before"


def _left(session: Session) -> dict[int, list[int]]:
    """Pick-up id -> crate numbers of orders that went to another pick-up: they stay given (ruling 14)."""
    found: dict[int, list[int]] = {}
    for row in session.execute(_standing("order.changed")):
        before, after = _facts(row).get("before", {}), _facts(row).get("after", {})
        if before.get("crate") is not None and after.get("pickup") != before["pickup"]:
            found.setdefault(before["pickup"], []).append(before["crate"])
    return found


def _deeds(pickup: AnyRow, said: dict[str, Any]) -> Iterator[str]:
    dates = {"closed_at": "pickup.closed", "moved_at": "pickup.moved", "cancelled_at": "pickup.called_off"}
    by_calendar = pickup.cancelled_why in (standing.RULE, standing.WEEK)  # the deed is the rule's or the week's
    for column, action in dates.items():
        has_date = getattr(pickup, column) is not None
        if has_date != (action in said) and not (has_date and column == "cancelled_at" and by_calendar):
            yield f"{column} and the journal's {action} do not go together"
    for action, name in (("pickup.called_off", "orders"), ("pickup.moved", "names")):
        if action in said and name not in said[action]:
            yield f"the journal's {action} does not say which orders it was about"


def _moved(pickup: AnyRow, said: dict[str, Any] | None) -> Iterator[str]:
    """Where there is a move, when and where it is now is what the newest one says."""
    after = said.get("after") if said else None
    if said is not None and not isinstance(after, dict):
        yield "the journal's pickup.moved does not say when and where it is now"
    if not isinstance(after, dict):
        return
    for name in ("from_at", "to_at"):
        moment = after.get(name)
        if not isinstance(moment, str) or clock.parse(moment) != getattr(pickup, name):
            yield f"{name} is {getattr(pickup, name).isoformat()}, it was moved to {moment}"
    if after.get("place_id") != pickup.place_id:
        yield f"it is at place {pickup.place_id}, it was moved to place {after.get('place_id')}"


def _arrived(there: dict[int, int], said: dict[int, int]) -> Iterator[str]:
    for product_id in sorted({*there, *said}):
        if there.get(product_id) != said.get(product_id):
            now, then = there.get(product_id, "nothing"), said.get(product_id, "nothing")
            yield f"of product {product_id} {now} has arrived, the deeds that stand say {then}"


def _arrivals(session: Session) -> dict[int, tuple[dict[int, int], dict[int, int]]]:
    """Pick-up id -> product id -> what is noted as arrived, and the same by the newest deed that stands."""
    found: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
    for row in session.execute(select(Arrival.pickup_id, Arrival.product_id, Arrival.arrived)):
        found.setdefault(row.pickup_id, ({}, {}))[0][row.product_id] = row.arrived
    for row in session.execute(_standing("harvest.arrived")):
        data = _facts(row)
        found.setdefault(row.subject_id, ({}, {}))[1][data.get("product", 0)] = data.get("arrived", 0)
    return found


def numbers(session: Session) -> Iterator[list[str]]:
    """Real and practice orders are counted apart, and every number that was given is an order's: none is ever lost."""
    last = {row.name: row.value for row in session.execute(select(Counter.name, Counter.value))}
    rows = session.execute(select(Order.number, PickUp.practice).join(PickUp).order_by(Order.id)).all()
    for name, of_practice, before in (("order", False, FIRST_NUMBER), ("practice", True, 0)):
        given = []
        for row in rows:
            if row.practice == of_practice:
                digits = row.number.removeprefix("P") if of_practice else row.number
                is_good = digits.isdigit() and (row.number != digits) == of_practice
                given += [int(digits)] if is_good else []
                yield [] if is_good else [f"order {row.number}: this is no number of the {name} counter"]
        if gaps := list(_gaps(name, before, sorted(given), before + last.get(name, 0))):
            yield gaps


def _gaps(name: str, before: int, given: list[int], last: int) -> Iterator[str]:
    for earlier, later in pairwise([before, *given]):
        if later != earlier + 1:
            yield f"{name} numbers {earlier + 1} to {later - 1} were given and are of no order"
    newest = given[-1] if given else before
    if newest != last:
        yield f"the {name} counter says that {last} was the last number, the newest order has {newest}"


def credit(session: Session) -> Iterator[list[str]]:
    """A balance is what was carried and the sum of its moves; each move is a payment, seen from the other side, and its
    citizen's. What was carried from orders that were forgotten came from somewhere: over all holders it is nothing.
    """
    moved = func.coalesce(func.sum(CreditMove.amount), 0).label("moved")
    columns = (Credit.holder, Credit.balance, Credit.carried)
    balances = select(*columns, moved).outerjoin(CreditMove, CreditMove.holder == Credit.holder)
    carried = 0
    for row in session.execute(balances.group_by(*columns).order_by(Credit.holder)):
        carried += row.carried
        sums = f"its moves add up to {row.moved}" + (f", {row.carried} was carried" if row.carried else "")
        wrong = f"credit of {_masked(row.holder)}: the balance is {row.balance}, {sums}"
        yield [wrong] if row.balance != row.carried + row.moved else []
    if carried:
        yield [f"credit that was carried from one holder to another adds up to {carried}"]
    for row in session.execute(_credit_moves()):
        about, problems = f"order {row.number}: payment {row.id}", []
        if row.kind != "credit" or row.moved != -row.amount:
            problems.append(f"{about} is {row.kind} {row.amount}, its credit moved by {row.moved}")
        if row.holder is not None and row.holder != _holder(row):
            problems.append(f"{about}: its credit is of {_masked(row.holder)}, and it is somebody else's order")
        yield problems


def _credit_moves() -> AnySelect:
    """Payments by credit and whatever moved credit, each with what it says of the order whose payment it is."""
    of_order = (Order.id.label("order_id"), Order.number, Order.email, Order.phone, Order.forgotten_at, PickUp.practice)
    query = select(Payment.id, Payment.kind, Payment.amount, *of_order)
    query = query.add_columns(CreditMove.holder, CreditMove.amount.label("moved"))
    query = query.join(Order, Order.id == Payment.order_id).join(PickUp, PickUp.id == Order.pickup_id)
    query = query.outerjoin(CreditMove, CreditMove.payment_id == Payment.id)
    return query.where(or_(Payment.kind == "credit", CreditMove.id.is_not(None))).order_by(Payment.id)


def _holder(order: AnyRow) -> str | None:
    """Whose credit the order may use, from what it says: the second look at `paying.holder_of`."""
    if order.practice:
        return None
    if order.forgotten_at is not None:
        return f"order:{order.order_id}"
    if order.email:
        return f"email:{order.email.lower()}"
    return f"tel:{order.phone}" if order.phone else None


def _masked(holder: str) -> str:
    """Enough to find it; what is kept here outlives the wish to be forgotten."""
    kind, _colon, who = holder.partition(":")
    return f"{kind}:{who[:2]}…{who[-4:]}"


def outbox(session: Session) -> Iterator[list[str]]:
    """What has ended says when; what has left was claimed before; what waits has not ended (ruling 9)."""
    columns = (Item.id, Item.order_id, Item.state, Item.ended_at, Item.claimed_at, Item.words)
    for item in session.execute(select(*columns).order_by(Item.id)):
        has_ended = item.state in ("sent", "dropped")
        is_good = (item.ended_at is not None) == has_ended
        is_good &= item.claimed_at is not None or item.state in ("waiting", "dropped")
        is_good &= bool(item.words) or item.state != "dropped"
        wrong = f"outbox row {item.id} (order id {item.order_id}): it is {item.state}, and its moments do not say so"
        yield [] if is_good else [wrong]


def undo(session: Session) -> Iterator[list[str]]:
    """An undo takes back one earlier deed of the same subject, which was no undo itself (ruling 8)."""
    first = aliased(Entry)
    columns = ("action", "subject_type", "subject_id", "practice", "undoes_id")
    firsts = [getattr(first, column).label(f"first_{column}") for column in columns]
    query = select(Entry.id, *(getattr(Entry, column) for column in columns), *firsts)
    query = query.join(first, first.id == Entry.undoes_id).order_by(Entry.id)
    for row in session.execute(query):
        is_good = row.undoes_id < row.id and row.first_undoes_id is None and row.action == f"{row.first_action}.undone"
        is_good &= all(getattr(row, column) == getattr(row, f"first_{column}") for column in columns[1:4])
        wrong = f"journal entry {row.id} ({row.action}): it does not take back entry {row.undoes_id} as it was"
        yield [] if is_good else [wrong]


def references(session: Session) -> Iterator[list[str]]:
    """The stock ledger, the outbox and the journal speak only of orders that are there: no foreign key sees to it."""
    spoken = union_all(
        _speaks("stock ledger", StockMove.order_id).where(StockMove.order_id.is_not(None)),
        _speaks("outbox", Item.order_id).where(Item.order_id.is_not(None)),
        _speaks("journal", Entry.subject_id).where(Entry.subject_type == Order.__tablename__),
    ).subquery()
    query = select(spoken.c.book, spoken.c.order_id, Order.id.label("found"))
    query = query.outerjoin(Order, Order.id == spoken.c.order_id).order_by(spoken.c.book, spoken.c.order_id)
    for row in session.execute(query):
        wrong = f"order id {row.order_id}: the {row.book} speaks of it, and there is no such order"
        yield [wrong] if row.found is None else []


def _speaks(book: str, order_id: Any) -> AnySelect:
    return select(literal(book).label("book"), order_id.label("order_id")).distinct()


def _standing_deeds(session: Session) -> dict[int, dict[str, dict[str, Any]]]:
    """Pick-up id -> action -> data of its newest deed that nobody took back."""
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for row in session.execute(_standing("pickup.closed", "pickup.moved", "pickup.called_off")):
        found.setdefault(row.subject_id, {})[row.action] = _facts(row)
    return found


def _standing(*actions: str) -> AnySelect:
    """Entries of these actions that nobody took back, oldest first."""
    taken_back = aliased(Entry)
    query = select(Entry.subject_id, Entry.action, Entry.data)
    query = query.outerjoin(taken_back, taken_back.undoes_id == Entry.id)
    return query.where(Entry.action.in_(actions), taken_back.id.is_(None)).order_by(Entry.id)


def _facts(row: AnyRow) -> dict[str, Any]:
    """What an entry says; nothing where somebody has emptied it."""
    return row.data if isinstance(row.data, dict) else {}


LOOKS: dict[str, tuple[str, Look]] = {
    "stock": ("products", stock),
    "prices": ("products", prices),
    "pick-ups": ("pick-ups", pickups),
    "numbers": ("orders", numbers),
    "credit": ("balances and moves", credit),
    "vouchers": ("vouchers and what they paid", balances.look),
    "cash boxes": ("boxes", drawers.look),
    "outbox": ("rows", outbox),
    "stopped letters": ("letters", departures.look),
    "undo": ("journal entries", undo),
    "references": ("orders named elsewhere", references),
}
"""Name of the group -> (what its rows are, how it looks)."""
