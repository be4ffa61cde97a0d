"""What a citizen sees of the goods: on the shelf or alone, with the distance to one pick-up place, in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased, joinedload

from catalog.distance import Counted, counted
from catalog.models import Distance, Place, Product
from core.database import db
from core.errors import NotFound

ORDER = ("orto", "frutta", "dispensa")
Processing = aliased(Distance)
Statement = Select[Product, Distance, Distance, str]


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
    query = _with_distance(place_id).where(Product.on_sale).order_by(Product.name)
    shelves: dict[str, list[Shown]] = {}
    for shown in _shown(query):
        shelves.setdefault(shown.product.shelf, []).append(shown)
    return dict(
        sorted(shelves.items(), key=lambda shelf: (ORDER.index(shelf[0]) if shelf[0] in ORDER else 9, shelf[0]))
    )


def get(slug: str, place_id: int | None) -> Shown:
    """Raises NotFound."""
    shown = None
    if "\0" not in slug:  # PostgreSQL cannot even compare with it
        shown = next(_shown(_with_distance(place_id).where(Product.slug == slug)), None)
    if shown is None:
        raise NotFound(_("Questo prodotto non c'è."))
    return shown


def _shown(query: Statement) -> Iterator[Shown]:
    for product, grown, processed, province in db.session.execute(query).unique():
        yield Shown(product, counted(product, province, grown, processed))


def _with_distance(place_id: int | None) -> Statement:
    grown = and_(Distance.field_id == Product.field_id, Distance.place_id == place_id)
    processed = and_(Processing.field_id == Product.processed_at_id, Processing.place_id == place_id)
    return (
        select(Product, Distance, Processing, Place.province)
        .outerjoin(Distance, grown)
        .outerjoin(Processing, processed)
        .outerjoin(Place, Place.id == place_id)
        .options(joinedload(Product.processed_at))
        .where(Product.practice.is_(False))
    )
