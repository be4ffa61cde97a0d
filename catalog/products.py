"""Products, their prices and their VAT."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from catalog.models import PriceChange, Product, Stock, VatRate
from core import clock, journal
from core.database import db, transaction
from core.errors import Conflict, Refused


def create(product: Product, *, by: int | None = None) -> Product:
    """Put a new product on the list, with an empty stock and its first price."""
    with transaction() as session:
        session.add(product)
        session.flush()
        session.add_all(
            [
                Stock(product_id=product.id, left=0),
                PriceChange(product_id=product.id, price=product.price, from_moment=clock.now()),
            ]
        )
        journal.record("product.created", product, by=by, practice=product.practice)
    return product


def set_price(product_id: int, cents: int, *, by: int | None = None) -> None:
    """Put a price in force from now on. Orders keep the price they were placed at."""
    if cents <= 0:
        raise Refused(_("Il prezzo deve essere più di zero."))
    with transaction() as session:
        product = session.get_one(Product, product_id, with_for_update={"of": Product})
        before, product.price = product.price, cents
        session.add(PriceChange(product_id=product.id, price=cents, from_moment=clock.now()))
        journal.record("product.priced", product, by=by, practice=product.practice, before=before, after=cents)


def restore_price(product_id: int, expected: int, cents: int) -> None:
    """Go back to an earlier price. Raises Conflict when somebody has changed it again."""
    with transaction() as session:
        product = session.get_one(Product, product_id, with_for_update={"of": Product})
        if product.price != expected:
            raise Conflict(_("Il prezzo è già cambiato di nuovo."))
        product.price = cents
        session.add(PriceChange(product_id=product.id, price=cents, from_moment=clock.now()))


def by_ids(ids: list[int]) -> dict[int, Product]:
    return {
        p.id: p for p in db.session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id)).unique()
    }


def on_shelf(shelf: str, *, practice: bool = False) -> list[Product]:
    """What is on sale on this shelf, by name."""
    query = select(Product).where(Product.shelf == shelf, Product.on_sale, Product.practice.is_(practice))
    return list(db.session.scalars(query.order_by(Product.name)).unique())


def vat_rates(day: date) -> dict[str, int]:
    """Category -> whole percent in force on ``day``."""
    rows = db.session.scalars(select(VatRate).where(VatRate.from_day <= day).order_by(VatRate.from_day))
    return {row.category: row.rate for row in rows}
