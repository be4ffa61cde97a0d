"""Where the goods come from, as citizens see it: each field, how far it is, and what is on sale from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalog.models import Distance, Field, Place, Product
from core.database import db


@dataclass(frozen=True)
class Ground:
    """A field, a hive, a mill. ``far``: to each place, the nearest first; the others: what is on sale, by name."""

    field: Field
    far: Sequence[tuple[Place, Distance]]
    grown: Sequence[Product]
    processed: Sequence[Product]


def grounds() -> list[Ground]:
    """Every field that something on sale comes from, by name; in three statements."""
    grown, processed = defaultdict[int, list[Product]](list), defaultdict[int, list[Product]](list)
    query = select(Product).where(Product.on_sale, Product.practice.is_(False)).order_by(Product.name, Product.id)
    for product in db.session.scalars(query).unique():
        if product.field_id:
            grown[product.field_id].append(product)
        if product.processed_at_id not in (None, product.field_id):
            processed[product.processed_at_id].append(product)
    far = defaultdict[int, list[tuple[Place, Distance]]](list)
    measured = select(Place, Distance).join(Distance).order_by(Distance.metres, Place.name)
    for place, distance in db.session.execute(measured):
        far[distance.field_id].append((place, distance))
    fields = select(Field).where(Field.id.in_({*grown, *processed})).order_by(Field.name, Field.id)
    return [Ground(each, far[each.id], grown[each.id], processed[each.id]) for each in db.session.scalars(fields)]


def slugs_on_sale() -> list[str]:
    """The addresses of all products that citizens may look at, in the order of the alphabet."""
    query = select(Product.slug).where(Product.on_sale, Product.practice.is_(False)).order_by(Product.slug)
    return list(db.session.scalars(query))
