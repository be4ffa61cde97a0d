"""What a citizen sees of the goods: on the shelf or alone, with the distance to one pick-up place, in one statement."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select

from catalog.models import Distance, Product
from core.database import db
from core.errors import NotFound

ORDER = ("orto", "frutta", "dispensa")


@dataclass(frozen=True)
class Shown:
    """A product and how far its field is from the chosen place; None where nothing was measured."""

    product: Product
    distance: Distance | None


def on_shelves(place_id: int | None) -> dict[str, list[Shown]]:
    """Shelf -> goods by name, shelves in the order in which one walks along them."""
    query = _with_distance(place_id).where(Product.on_sale).order_by(Product.name)
    shelves: dict[str, list[Shown]] = {}
    for product, distance in db.session.execute(query).unique():
        shelves.setdefault(product.shelf, []).append(Shown(product, distance))
    return dict(
        sorted(shelves.items(), key=lambda shelf: (ORDER.index(shelf[0]) if shelf[0] in ORDER else 9, shelf[0]))
    )


def get(slug: str, place_id: int | None) -> Shown:
    """Raises NotFound."""
    row = None
    if "\0" not in slug:  # PostgreSQL cannot even compare with it
        row = db.session.execute(_with_distance(place_id).where(Product.slug == slug)).unique().first()
    if row is None:
        raise NotFound(_("Questo prodotto non c'è."))
    return Shown(*row)


def _with_distance(place_id: int | None) -> Select[Product, Distance]:
    here = and_(Distance.field_id == Product.field_id, Distance.place_id == place_id)
    return select(Product, Distance).outerjoin(Distance, here).where(Product.practice.is_(False))
