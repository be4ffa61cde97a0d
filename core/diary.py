"""The journal read backwards: page by page, without practice, with what may still be taken back.

Every look is bounded, however long the journal is: by its number, by the indexes on action, person and subject, or by
halving. Nothing here counts what somebody does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, union_all

from core import undo
from core.database import Base, db
from core.journal import Entry
from core.outbox import Item

UNDONE = ".undone"
Ref = tuple[str, int]
"""A table and a row of it: what an entry is about."""


def page(
    *, before: int | None, most: int, actions: Collection[str], but: Collection[str] = (), person_id: int | None = None
) -> list[Entry]:
    """At most ``most`` entries, the newest first, with a number below ``before``.

    ``actions``: only these and what took them back; none means all but those in ``but``.
    """
    query = select(Entry).where(Entry.practice.is_(False))
    if before is not None:
        query = query.where(Entry.id < before)
    if person_id is not None:
        query = query.where(Entry.person_id == person_id)
    if actions and person_id is None:
        query = query.where(Entry.id.in_(_numbers(actions, before, most)))
    elif actions:
        query = query.where(Entry.action.in_(_with_undone(actions)))
    else:
        query = query.where(Entry.action.not_in(_with_undone(but)))
    return list(db.session.scalars(query.order_by(Entry.id.desc()).limit(most)))


def first_since(moment: datetime) -> int:
    """The number of the first entry at ``moment`` or later; one above all where there is none yet.

    Entries are numbered as they are committed, so the moments grow with the numbers: it is found by halving.
    """
    ends = (select(func.min(Entry.id)).scalar_subquery(), select(func.max(Entry.id)).scalar_subquery())
    low, last = db.session.execute(select(*ends)).one()
    low, high = (low or 1), (last or 0) + 1
    while low < high:
        middle = (low + high) // 2
        number, at = db.session.execute(_first_from(middle)).one()
        low, high = (low, middle) if at >= moment else (number + 1, high)
    return low


def things(entries: Iterable[Entry]) -> dict[Ref, Any]:
    """The rows that entries are about: one look for each table. What is gone is left out."""
    return rows((entry.subject_type, entry.subject_id) for entry in entries)


def rows(refs: Iterable[Ref]) -> dict[Ref, Any]:
    """The rows of these tables: one look for each table, and no table that is none of ours."""
    found: dict[Ref, Any] = {}
    for table, ids in _by_table(refs).items():
        kind = _model(table)
        if kind is not None:
            there = db.session.scalars(select(kind).where(kind.id.in_(sorted(ids))))
            found |= {(table, row.id): row for row in there.unique()}
    return found


def find(ref: Ref) -> Any:
    """The row of one table, or None."""
    return rows([ref]).get(ref)


def of_several(table: str, ids: Collection[int], action: str) -> dict[int, list[Entry]]:
    """Every time that this happened to one of these rows, the oldest first, by row."""
    query = select(Entry).where(Entry.subject_type == table, Entry.subject_id.in_(ids), Entry.action == action)
    found: dict[int, list[Entry]] = {}
    for entry in db.session.scalars(query.order_by(Entry.id)):
        found.setdefault(entry.subject_id, []).append(entry)
    return found


def takeable(groups: Mapping[Ref, Sequence[Entry]]) -> dict[Ref, Entry]:
    """What "Torna indietro" would take back, for those things whose newest entries are all here; newest first.

    The deed itself looks again, with everything held: this only says where the button is worth showing.
    """
    newest = _newest_numbers(groups)
    found = {ref: undo.newest_of(entries) for ref, entries in groups.items() if newest.get(ref) == entries[0].id}
    deeds = {ref: entry for ref, entry in found.items() if entry and undo.has_inverse(entry.action)}
    closed = _on_their_way({entry.key for entry in deeds.values()})
    return {ref: entry for ref, entry in deeds.items() if entry.key not in closed}


def _numbers(actions: Collection[str], before: int | None, most: int) -> Select[tuple[int]]:
    """The newest ``most`` numbers of each action, by its index: no action's whole past is read for a page."""
    parts = []
    for action in _with_undone(actions):
        part = select(Entry.id).where(Entry.action == action, Entry.practice.is_(False))
        part = part.where(Entry.id < before) if before is not None else part
        parts.append(select(part.order_by(Entry.id.desc()).limit(most).subquery().c.id))
    return select(union_all(*parts).subquery().c.id)


def _first_from(number: int) -> Select[int, datetime]:
    return select(Entry.id, Entry.at).where(Entry.id >= number).order_by(Entry.id).limit(1)


def _newest_numbers(refs: Iterable[Ref]) -> dict[Ref, int]:
    """By the index on subjects, one look for each table."""
    found: dict[Ref, int] = {}
    for table, ids in _by_table(refs).items():
        query = select(Entry.subject_id, func.max(Entry.id)).where(
            Entry.subject_type == table, Entry.subject_id.in_(sorted(ids))
        )
        rows = db.session.execute(query.group_by(Entry.subject_id))
        found |= {(table, row_id): number for row_id, number in rows}
    return found


def _by_table(refs: Iterable[Ref]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for table, row_id in refs:
        found.setdefault(table, set()).add(row_id)
    return found


def _on_their_way(deeds: Collection[str]) -> set[str | None]:
    query = select(Item.deed).where(Item.deed.in_(deeds), Item.claimed_at.is_not(None))
    return set(db.session.scalars(query))


def _model(table: str) -> Any:
    found = (mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table)
    return next((kind for kind in found if hasattr(kind, "id")), None)


def _with_undone(actions: Collection[str]) -> list[str]:
    return [name for action in sorted(actions) for name in (action, f"{action}{UNDONE}")]
