"""Who is on what, read from the journal of today: nothing is kept beside it, and nobody is measured.

Somebody is on a crate while the last deed on it that stands is theirs, or while it was passed to them. A tutor who took
a crate over stays on it until it is passed on or given back, whatever was still under way on another tablet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalog.models import PickUp
from core import clock
from core.database import db
from core.journal import Entry
from orders import harvesting
from orders.models import Order

PASSED, TAKEN_OVER = "task.passed", "task.taken_over"
ASIDE = (PASSED, TAKEN_OVER)
"""They say who is on a crate and change nothing of it: undo passes over them (`core.undo.Inverse.is_aside`)."""
CRATE_WORK = ("line.", "order.ready", "order.crates", "order.labelled", "task.")
HARVEST_WORK = ("harvest.arrived",)


@dataclass(frozen=True)
class Work:
    """Who is on one crate. ``deed``: the last one on it. ``taken_from``: whose it was before a tutor took it over."""

    person_id: int
    deed: Entry
    taken_from: int | None = None

    @property
    def is_kept(self) -> bool:
        return self.taken_from is not None

    @property
    def is_passed(self) -> bool:
        """Whoever it was passed to has not begun yet."""
        return self.deed.action == PASSED

    def is_closed_to(self, person_id: int, *, is_staff: bool) -> bool:
        """The tutor who has it works in peace; their colleagues may look and help."""
        return self.is_kept and person_id != self.person_id and not is_staff


def on_crates(orders: Iterable[Order]) -> dict[int, Work]:
    """Order id -> who is on it today. One statement, however many."""
    return _now_on(Order.__tablename__, [order.id for order in orders], CRATE_WORK)


def on(order: Order) -> Work | None:
    return on_crates([order]).get(order.id)


def on_harvests(pickups: Iterable[PickUp]) -> dict[int, Work]:
    """Pick-up id -> who wrote down last what came in for it, today."""
    return _now_on(PickUp.__tablename__, [pickup.id for pickup in pickups], HARVEST_WORK)


def passed_to(person_id: int) -> set[int]:
    """Ids of the crates that somebody has given to this person today, and that they have not begun. Two statements."""
    since = clock.rome(clock.today(), 0)
    query = select(Entry).where(Entry.action == PASSED, Entry.at >= since)
    given = {entry.subject_id for entry in db.session.scalars(query) if entry.data["to"] == person_id}
    now = _now_on(Order.__tablename__, sorted(given), CRATE_WORK) if given else {}
    return {order_id for order_id, work in now.items() if work.is_passed and work.person_id == person_id}


def find_last_on_lines(person_id: int, orders: Collection[Order], line_ids: Collection[int]) -> Entry | None:
    """What this person did last today on one of these lines and nobody has taken back; None where they did nothing."""
    found = _standing(_of_today(Order.__tablename__, [order.id for order in orders]), ("line.",))
    own = [entry for entry in found if entry.person_id == person_id and entry.data.get("line") in line_ids]
    return own[-1] if own else None


def on_open_harvests() -> list[tuple[PickUp, Work]]:
    """Pick-ups of which somebody has begun to look at the harvest today, and something is still to be looked at."""
    pickups = harvesting.to_harvest()
    works = on_harvests(pickups)
    return [(pickup, works[pickup.id]) for pickup in pickups if pickup.id in works and _is_open(pickup)]


def _is_open(pickup: PickUp) -> bool:
    return any(row.arrival is None and row.waiting for row in harvesting.rows(pickup.id))


def _now_on(table: str, ids: Sequence[int], work: tuple[str, ...]) -> dict[int, Work]:
    found: dict[int, Work] = {}
    for entry in _standing(_of_today(table, ids), work):
        now = _after(found.get(entry.subject_id), entry)
        if now is not None:
            found[entry.subject_id] = now
    return found


def _after(before: Work | None, entry: Entry) -> Work | None:
    if entry.action == PASSED:
        return Work(entry.data["to"], entry)
    if entry.person_id is None:
        return before
    if entry.action == TAKEN_OVER:
        return Work(entry.person_id, entry, entry.data["person"])
    if before is not None and before.is_kept:
        return Work(before.person_id, entry, before.taken_from)
    return Work(entry.person_id, entry)


def _of_today(table: str, ids: Sequence[int]) -> list[Entry]:
    if not ids:
        return []
    since = clock.rome(clock.today(), 0)
    query = select(Entry).where(Entry.subject_type == table, Entry.subject_id.in_(ids), Entry.at >= since)
    return list(db.session.scalars(query.order_by(Entry.id)))


def _standing(entries: Sequence[Entry], work: tuple[str, ...]) -> list[Entry]:
    """Those of this work that nobody took back, the oldest first."""
    undone = {entry.undoes_id for entry in entries}
    standing = [entry for entry in entries if not entry.is_undo and entry.id not in undone]
    return [entry for entry in standing if entry.action.startswith(work)]
