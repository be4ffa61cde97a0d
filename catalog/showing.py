"""What citizens are shown now, kept by this process for as long as the catalogue's version stays the same.

Everything here is read-only and belongs to no session: whoever wants to change something asks the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from catalog import pickups, shelves, version
from catalog.models import PickUp, Product, Stock
from catalog.shelves import Mark, Shown
from catalog.version import GOODS, HOUSE, PICKUPS, STOCK, Versions
from core import clock, database
from core.database import apart, db
from core.keeping import Keeper

Goods = Mapping[int, Shown]
COLUMNS = [name for name in Product.__mapper__.attrs.keys() if name not in ("stock", "container", "prices")]  # noqa: SIM118


@dataclass(frozen=True)
class _Told:
    """Goods as they were loaded, and what marked each of them then: none yet where it was everything at once."""

    goods: Goods
    marks: Mapping[int, Mark]
    where: tuple[object, ...]  # the place lies

    @cached_property
    def left(self) -> Mapping[int, int]:
        return {key: shown.product.left for key, shown in self.goods.items()}


_told: Keeper[_Told] = Keeper(16)  # by version and place
_latest: Keeper[_Told] = Keeper(16)  # by place
_shown: Keeper[Goods] = Keeper(16)  # the same with what is left now
_asked: Keeper[bool] = Keeper(2_000)  # products whose page was shown before
_twins: Keeper[Shown] = Keeper(5_000)
_coming: Keeper[list[PickUp]] = Keeper(4)
_offers: Keeper[Offer] = Keeper(4)
WHAT_IS_LEFT = 'SELECT product_id, "left" FROM stock'
A_DAY = timedelta(days=1)


def goods(versions: Versions, place_id: int | None) -> Goods:
    """Product id -> what is on sale, seen from this place, by name.

    After a change of nothing but stock only the numbers are read, whatever the number of goods.
    """
    now = version.of(versions, GOODS, STOCK)
    return _shown.get(now and (now, place_id), lambda: _with_what_is_left(versions, place_id))


def find_kept(versions: Versions, place_id: int | None) -> Goods | None:
    """The same where this process knows it already; None where it would have to ask."""
    now = version.of(versions, GOODS, STOCK)
    return _shown.find((now, place_id)) if now else None


def find_mark(versions: Versions, slug: str, place_id: int | None) -> Mark | None:
    """Equal as long as the page of this product says the same of it. None the first time: nothing is kept then."""
    key = (slug, place_id, version.of(versions, HOUSE))
    if _asked.find(key) is None:
        _asked.keep(key, True)
        return None
    with apart() as session:
        return next(iter(shelves.marks(place_id, session, slug).values()), None)


def one(slug: str, place_id: int | None) -> Shown:
    """One product, on sale or not, as `shelves.get` finds it. Raises NotFound."""
    with apart() as session:
        return shelves.get(slug, place_id, session)


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
    found = _told.find((told, place_id)) if told else None
    if found is None:
        return _told.get(told and (told, place_id), lambda: _tell(versions, place_id)).goods
    left = dict(database.plain_rows(db.session(), WHAT_IS_LEFT))
    others = {key: left.get(key, 0) for key, before in found.left.items() if left.get(key, 0) != before}
    return {**found.goods, **{key: _leaving(found.goods[key], number) for key, number in others.items()}}


def _leaving(shown: Shown, left: int) -> Shown:
    """The same with so much left: the same object for the same number. What other threads hold stays as it is."""
    return _twins.get((shown, left), lambda: _twin(shown, left))


def _twin(shown: Shown, left: int) -> Shown:
    twin = Product()
    for name in COLUMNS:
        set_committed_value(twin, name, instance_dict(shown.product).get(name))
    set_committed_value(twin, "stock", Stock(product_id=shown.product.id, left=left))
    return Shown(twin, shown.distance)


def _tell(versions: Versions, place_id: int | None) -> _Told:
    """Of what was told before only the changed is loaded anew; from a place that has moved, everything."""
    where, before = _where(versions, place_id), _latest.find(place_id)
    with apart() as session:
        if before is None or before.where != where:
            return _latest.keep(place_id, _Told(_by_id(shelves.on_sale(place_id, session)), {}, where))
        marks = shelves.marks(place_id, session)  # before the goods: what changes in between is seen the next time
        changed = [key for key, mark in marks.items() if before.marks.get(key) != mark]
        those = changed if len(changed) < len(marks) else None
        fresh = _by_id(shelves.on_sale(place_id, session, those)) if changed else {}
    same = before.goods.keys() - set(changed)
    goods = {key: fresh[key] if key in fresh else before.goods[key] for key in marks if key in fresh or key in same}
    return _latest.keep(place_id, _Told(goods, marks, where))


def _where(versions: Versions, place_id: int | None) -> tuple[object, ...]:
    """What distances are measured to, as the kept pick-ups know it; and whose house it is, should it be another one."""
    coming = _coming.find(version.of(versions, PICKUPS)) or []
    place = next((pickup.place for pickup in coming if pickup.place_id == place_id), None)
    house = version.of(versions, HOUSE)
    return (house, place.latitude, place.longitude, place.province) if place else (house,)


def _by_id(goods: list[Shown]) -> dict[int, Shown]:
    return {shown.product.id: shown for shown in goods}


def _not_closed() -> list[PickUp]:
    with apart() as session:
        return list(session.scalars(pickups.not_closed()).unique())
