"""What a citizen sees of the goods: on the shelf or alone, with the distance to one pick-up place, in one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Dialect, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from catalog.distance import Counted, counted
from catalog.models import Distance, Field, Place, PriceChange, Product, Stock
from core import plain
from core.database import db, table
from core.errors import NotFound
from core.plain import Part, Question, part

ORDER = ("orto", "frutta", "dispensa")
Statement = Select[Product, Distance, Distance, str]
Mark = tuple[Any, ...]

_one_at_a_time = Lock()  # two threads that put a statement together for the first time get half of it each


@dataclass(frozen=True)
class Shown:
    """A product and how far its field is from the chosen place; None where nothing was measured.

    ``distance.km`` is the field's own, ``is_zero_km`` counts the place of processing too, as the law does.
    """

    product: Product
    distance: Counted | None

    @property
    def is_zero_km(self) -> bool:
        return self.distance is not None and self.distance.is_zero_km


@dataclass(frozen=True)
class Told:
    """A product as the database keeps it. Two whose ``mark`` is equal say the same, but for what is left of them."""

    mark: Mark
    left: int  # grams or pieces

    @property
    def has_had_other_prices(self) -> bool:
        return self.mark[-2] != self.mark[-1]


def on_shelves(place_id: int | None) -> dict[str, list[Shown]]:
    """Shelf -> goods by name, shelves in the order in which one walks along them."""
    shelves: dict[str, list[Shown]] = {}
    for shown in on_sale(place_id, db.session()):
        shelves.setdefault(shown.product.shelf, []).append(shown)
    return dict(sorted(shelves.items(), key=lambda shelf: rank(shelf[0])))


def on_sale(place_id: int | None, session: Session) -> list[Shown]:
    """Everything that citizens may order, by name, in one statement of this session."""
    return list(_shown(_statement("all"), session, from_place=place_id))


def told(place_id: int | None, slug: str = "") -> dict[int, Told]:
    """Product id -> what is told of all on sale, seen from this place, by name; ``slug``: of one, on sale or not.

    One statement, and nothing is made of its rows yet: it takes a tenth of the time that loading the products does.
    """
    rows = _ONE.glance(from_place=place_id, of_slug=slug) if slug else _ALL.glance(from_place=place_id)
    return {row[0]: Told(tuple(row[:-1]), row[-1] or 0) for row in rows}


def read(row: Told) -> Shown:
    """What a citizen is shown by this row. Its objects are read-only and belong to no session."""
    here, mark = _parts(db.engine.dialect), row.mark
    grown, processed = [(field.find(mark), distance.find(mark)) for field, distance in here.sites]
    product = here.product.read(mark, field=grown[0], processed_at=processed[0])
    return left_of(Shown(product, counted(product, mark[here.province], grown[1], processed[1])), row.left)


def left_of(shown: Shown, left: int) -> Shown:
    """The same with so much left."""
    stock = plain.as_loaded(Stock, {"product_id": shown.product.id, "left": left})
    return Shown(plain.twin(shown.product, stock=stock), shown.distance)


def rank(shelf: str) -> tuple[int, str]:
    """Where it stands, in the order in which one walks along the shelves."""
    return ORDER.index(shelf) if shelf in ORDER else len(ORDER), shelf


def get(slug: str, place_id: int | None, session: Session | None = None) -> Shown:
    """With the prices that it had. Raises NotFound."""
    shown = None
    if "\0" not in slug:  # PostgreSQL cannot even compare with it
        shown = next(_shown(_statement("one"), session or db.session(), from_place=place_id, of_slug=slug), None)
    if shown is None:
        raise NotFound(_("Questo prodotto non c'è."))
    return shown


def _shown(statement: Statement, session: Session, **facts: object) -> Iterator[Shown]:
    for product, grown, processed, province in session.execute(statement, facts).unique():
        yield Shown(product, counted(product, province, grown, processed))


def _statement(which: str) -> Statement:
    with _one_at_a_time:
        return _statements()[which]


@cache
def _statements() -> dict[str, Statement]:
    """Put together once, since that takes longer than to run them."""
    place, processing = bindparam("from_place"), aliased(Distance)
    told = (
        select(Product, Distance, processing, Place.province)
        .outerjoin(Distance, and_(Distance.field_id == Product.field_id, Distance.place_id == place))
        .outerjoin(processing, and_(processing.field_id == Product.processed_at_id, processing.place_id == place))
        .outerjoin(Place, Place.id == place)
        .options(joinedload(Product.processed_at))
        .where(Product.practice.is_(False))
    )
    everything = told.where(Product.on_sale).order_by(Product.name, Product.id)
    made = {
        "all": everything,
        "one": told.where(Product.slug == bindparam("of_slug")).options(joinedload(Product.prices)),
    }
    for statement in made.values():
        str(statement)  # everything that threads share is set up by it
    return made


@dataclass(frozen=True)
class _Parts:
    """Where things stand in a row. ``sites``: field and distance of each; ``province``: of the place."""

    product: Part[Product]
    sites: Sequence[tuple[Part[Field], Part[Distance]]]
    province: int


@cache
def _parts(dialect: Dialect) -> _Parts:
    at, sites, (field, distance) = len(table(Product).c), [], (table(Field).c, table(Distance).c)
    for _site in SITES:
        sites.append((part(Field, field, at, dialect), part(Distance, distance, at + len(field), dialect)))
        at += len(field) + len(distance)
    return _Parts(part(Product, table(Product).c, 0, dialect), sites, at)


def _telling(*, one: bool) -> Select[Any]:
    """Of the prices that it had, first and newest stand for all."""
    product, stock, place = table(Product), table(Stock), table(Place)
    rows, columns, here = product.join(stock, isouter=True), [*product.c], bindparam("from_place")
    for name in SITES:
        field, distance, site = table(Field).alias(), table(Distance).alias(), product.c[name]
        rows = rows.outerjoin(field, field.c.id == site)
        rows = rows.outerjoin(distance, and_(distance.c.field_id == site, distance.c.place_id == here))
        columns += [*field.c, *distance.c]
    rows = rows.outerjoin(place, place.c.id == here)
    prices = [select(of(PriceChange.id)).where(PriceChange.product_id == product.c.id) for of in (func.min, func.max)]
    columns += [place.c.province, *[price.scalar_subquery() for price in prices], stock.c.left]
    those = product.c.slug == bindparam("of_slug") if one else product.c.on_sale
    statement = select(*plain.told(*columns)).select_from(rows).where(product.c.practice.is_(False), those)
    return statement.order_by(product.c.name, product.c.id)


SITES = ("field_id", "processed_at_id")
"""Where it grew and where it was processed: the columns of a product that name a field."""

_ALL, _ONE = Question(lambda: _telling(one=False)), Question(lambda: _telling(one=True))
