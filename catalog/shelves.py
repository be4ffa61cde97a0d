"""What a citizen sees of the goods: on the shelf or alone, with the distance to one pick-up place, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Dialect, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.compiler import SQLCompiler

from catalog.distance import Counted, counted
from catalog.models import Distance, Field, Place, PriceChange, Product, Stock
from core import database
from core.database import db
from core.errors import NotFound

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


def on_shelves(place_id: int | None) -> dict[str, list[Shown]]:
    """Shelf -> goods by name, shelves in the order in which one walks along them."""
    shelves: dict[str, list[Shown]] = {}
    for shown in on_sale(place_id, db.session()):
        shelves.setdefault(shown.product.shelf, []).append(shown)
    return dict(sorted(shelves.items(), key=lambda shelf: rank(shelf[0])))


def on_sale(place_id: int | None, session: Session, only: Collection[int] | None = None) -> list[Shown]:
    """Everything that citizens may order, by name, in one statement of this session; ``only``: of these ids."""
    if only is None:
        return list(_shown(_statement("all"), session, from_place=place_id))
    return list(_shown(_statement("some"), session, from_place=place_id, those=list(only)))


def marks(place_id: int | None, session: Session, slug: str = "") -> dict[int, Mark]:
    """Product id -> all that is told of it from this place, as the database keeps it, by name; ``slug``: of one.

    Two that are equal show the same. It takes a tenth of the time that loading the products does.
    """
    compiled = _marked(db.engine.dialect, one=bool(slug))
    facts = compiled.construct_params({"from_place": place_id} | ({"of_slug": slug} if slug else {}))
    given = tuple([facts[name] for name in compiled.positiontup]) if compiled.positiontup else facts
    return {row[0]: row for row in database.plain_rows(session, str(compiled), given)}


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
        "some": everything.where(Product.id.in_(bindparam("those", expanding=True))),
        "one": told.where(Product.slug == bindparam("of_slug")).options(joinedload(Product.prices)),
    }
    for statement in made.values():
        str(statement)  # everything that threads share is set up by it
    return made


@cache
def _marked(dialect: Dialect, *, one: bool) -> SQLCompiler:
    """Columns as they are, not turned into anything. Of the prices that it had, the newest stands for all."""
    product, stock, place = Product.__table__, Stock.__table__, Place.__table__
    sites = [(Field.__table__.alias(), Distance.__table__.alias(), product.c[name]) for name in SITES]
    rows, columns, here = product.join(stock, isouter=True), [*product.c, stock.c.left], bindparam("from_place")
    for field, distance, site in sites:
        rows = rows.outerjoin(field, field.c.id == site)
        rows = rows.outerjoin(distance, and_(distance.c.field_id == site, distance.c.place_id == here))
        columns += [*field.c, *distance.c]
    rows = rows.outerjoin(place, place.c.id == here)
    newest = select(func.max(PriceChange.id)).where(PriceChange.product_id == product.c.id).scalar_subquery()
    told = [column.label(f"told_{number}") for number, column in enumerate((*columns, place.c.province, newest))]
    those = product.c.slug == bindparam("of_slug") if one else product.c.on_sale
    statement = select(*told).select_from(rows).where(product.c.practice.is_(False), those)
    return cast(SQLCompiler, statement.order_by(product.c.name, product.c.id).compile(dialect=dialect))


SITES = ("field_id", "processed_at_id")
"""Where it grew and where it was processed: the columns of a product that name a field."""
