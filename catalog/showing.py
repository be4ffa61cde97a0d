"""What citizens are shown now, kept by this process for as long as the catalogue's version stays the same.

Everything here is read-only and belongs to no session: whoever wants to change something asks the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from catalog import pickups, products, shelves, version
from catalog.models import PickUp, Product, Stock
from catalog.products import Lowest
from catalog.shelves import Mark, Shown, Told
from catalog.version import GOODS, PICKUPS, STOCK, Versions
from core import clock, plain
from core.database import table
from core.errors import NotFound
from core.keeping import Keeper
from core.plain import Question

Goods = Mapping[int, Shown]


@dataclass(frozen=True)
class _Known:
    """Goods as they were read, and what marked each of them then."""

    goods: Goods
    marks: Mapping[int, Mark]

    @cached_property
    def left(self) -> Mapping[int, int]:
        return {key: shown.product.left for key, shown in self.goods.items()}


_known: Keeper[_Known] = Keeper(16)  # by version and place
_latest: Keeper[_Known] = Keeper(16)  # by place
_shown: Keeper[Goods] = Keeper(16)  # the same with what is left now
_rows: Keeper[Told] = Keeper(2_000)  # of one product, by version, place and slug
_read: Keeper[Shown] = Keeper(2_000)  # by mark
_one: Keeper[Shown] = Keeper(5_000)  # by version, place and id
_left: Keeper[int] = Keeper(5_000)  # by version and id
_twins: Keeper[Shown] = Keeper(5_000)
_coming: Keeper[list[PickUp]] = Keeper(4)
_met: Keeper[PickUp] = Keeper(200)  # by mark
_offers: Keeper[Offer] = Keeper(4)
A_DAY = timedelta(days=1)


def goods(versions: Versions, place_id: int | None) -> Goods:
    """Product id -> what is on sale, seen from this place, by name.

    After a change of nothing but stock only the numbers are read, whatever the number of goods.
    """
    now = version.of(versions, GOODS, STOCK)
    return _shown.get(now and (now, place_id), lambda: _with_what_is_left(versions, place_id))


def find_kept(versions: Versions, place_id: int | None, ids: Collection[int]) -> dict[int, Product]:
    """Those of them that this process has shown before, on sale or not, with what is left of them now."""
    told, now = version.of(versions, GOODS), version.of(versions, GOODS, STOCK)
    if told is None or now is None:
        return {}
    if (all_of_them := _shown.find((now, place_id))) is not None:
        return {key: all_of_them[key].product for key in ids if key in all_of_them}
    known = _known.find((told, place_id))
    found = {key: (known and known.goods.get(key)) or _one.find((told, place_id, key)) for key in ids}
    there = {key: shown for key, shown in found.items() if shown}
    left = _what_is_left(versions, there)
    return {key: _leaving(shown, left[key]).product for key, shown in there.items()}


@dataclass(frozen=True)
class One:
    """One product as it is now. ``mark`` is equal as long as its page says the same, but for what is left."""

    shown: Shown
    mark: Mark
    has_had_other_prices: bool


def one(versions: Versions, slug: str, place_id: int | None) -> One:
    """On sale or not. After a change of nothing but stock only its number is read. Raises NotFound."""
    told = version.of(versions, GOODS)
    row = _rows.get(told and (told, place_id, slug), lambda: _tell_one(versions, slug, place_id))
    shown = _read.get(row.mark, lambda: shelves.read(row))
    if told:
        _one.keep((told, place_id, shown.product.id), shown)
    left = _what_is_left(versions, [shown.product.id])[shown.product.id]
    return One(_leaving(shown, left), row.mark, row.has_had_other_prices)


def find_before(of: One) -> Lowest | None:
    """As `products.find_before`; whoever has only ever had one price is not asked."""
    if not of.has_had_other_prices:
        return None
    prices = products.prices(of.shown.product.id)
    return products.find_before(plain.twin(of.shown.product, prices=prices))


@dataclass(frozen=True)
class Offer:
    """The pick-ups that take orders from one moment until another, soonest first, as `pickups.open_now` finds them."""

    open: list[PickUp]
    since: datetime
    until: datetime

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


def offer(versions: Versions) -> Offer:
    """What is offered at this moment. The same object as long as nothing changes, nor any cut-off goes by."""
    key, moment = version.of(versions, PICKUPS), clock.now()
    kept = _offers.find(key) if key else None
    if kept and kept.holds_at(moment):
        return kept
    fresh = _offer(_coming.get(key, _not_closed), moment)
    return _offers.keep(key, fresh) if key else fresh


def _offer(coming: list[PickUp], moment: datetime) -> Offer:
    turns = [turn for pickup in coming for turn in (pickup.cutoff_at, pickup.from_at - pickups.OFFERED_AHEAD)]
    until = min((turn for turn in turns if turn > moment), default=moment + A_DAY)
    return Offer([pickup for pickup in coming if pickups.is_offered(pickup, moment)], moment, until)


def _with_what_is_left(versions: Versions, place_id: int | None) -> Goods:
    told = version.of(versions, GOODS)
    found = _known.find((told, place_id)) if told else None
    if found is None:
        return _known.get(told and (told, place_id), lambda: _tell(place_id)).goods
    left = _all_that_is_left()
    others = {key: left.get(key, 0) for key, before in found.left.items() if left.get(key, 0) != before}
    return {**found.goods, **{key: _leaving(found.goods[key], number) for key, number in others.items()}}


def _what_is_left(versions: Versions, ids: Collection[int]) -> dict[int, int]:
    now = version.of(versions, STOCK)
    found = {key: _left.find((now, key)) if now else None for key in ids}
    asked = [key for key, left in found.items() if left is None]
    fresh = _all_that_is_left() if len(asked) > 1 else {key: _left_of(key) for key in asked}
    for key in asked if now else ():
        _left.keep((now, key), fresh.get(key, 0))
    return {key: fresh.get(key, 0) if left is None else left for key, left in found.items()}


def _all_that_is_left() -> dict[int, int]:
    return {row[0]: row[1] for row in _LEFT.glance()}


def _left_of(key: int) -> int:
    rows = _LEFT_OF_ONE.glance(of=key)
    return rows[0][1] if rows else 0


def _leaving(shown: Shown, left: int) -> Shown:
    """The same with so much left: the same object for the same number. What other threads hold stays as it is."""
    if shown.product.left == left:
        return shown
    return _twins.get((shown, left), lambda: shelves.left_of(shown, left))


def _tell(place_id: int | None) -> _Known:
    """Nothing is made anew of what says the same as before."""
    before = _latest.find(place_id) or _Known({}, {})
    rows = shelves.told(place_id)
    goods = {
        key: _leaving(before.goods[key], row.left) if before.marks.get(key) == row.mark else shelves.read(row)
        for key, row in rows.items()
    }
    return _latest.keep(place_id, _Known(goods, {key: row.mark for key, row in rows.items()}))


def _tell_one(versions: Versions, slug: str, place_id: int | None) -> Told:
    rows = shelves.told(place_id, slug) if "\0" not in slug else {}  # PostgreSQL cannot even compare with it
    if not rows:
        raise NotFound(_("Questo prodotto non c'è."))
    [(key, row)] = rows.items()
    if now := version.of(versions, STOCK):
        _left.keep((now, key), row.left)
    return row


def _not_closed() -> list[PickUp]:
    return [_meet(row) for row in pickups.not_closed()]


def _meet(row: pickups.Told) -> PickUp:
    pickup = _met.get(row.mark, lambda: pickups.read(row))
    return pickup if pickup.taken == row.taken else plain.twin(pickup, taken=row.taken)


_STOCK = table(Stock).c
_LEFT = Question(lambda: select(_STOCK.product_id, _STOCK.left))
_LEFT_OF_ONE = Question(lambda: select(_STOCK.product_id, _STOCK.left).where(_STOCK.product_id == bindparam("of")))
