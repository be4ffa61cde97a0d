"""The shelves as somebody stands before them: how much should lie there, what was counted, what it costs.

Nobody does a sum: who counts says what lies there, what crates still wait for is taken off by us. Only goods that keep
are counted here; of what grows the harvest says how much there is (docs/decisions/0016-proposals.md). Grams for
products ordered in grams, pieces otherwise; prices in cents.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import func, select

from catalog import products, stock
from catalog.models import Product, StockMove
from core.database import db, transaction
from core.errors import NotFound, Refused
from orders import counting
from orders.models import LineState, Order, OrderLine

MOST = 999_999  # grams or pieces of one product on a shelf
DEAREST = 99_999  # cents


def to_count() -> list[Product]:
    """What keeps and is on sale, by name."""
    return [product for product in to_price() if not product.perishable]


def to_price() -> list[Product]:
    """All that is on sale, by name."""
    query = select(Product).where(Product.on_sale, Product.practice.is_(False)).order_by(Product.name, Product.id)
    return list(db.session.scalars(query).unique())


def get_to_count(product_id: int) -> Product:
    """Raises NotFound, also for what grows."""
    product = products.get(product_id)
    if product.perishable:
        raise NotFound(_("Questo prodotto non c'è."))
    return product


def should_be(goods: Collection[Product]) -> dict[int, int]:
    """Product id -> how much lies on the shelf if all is right: what may be promised and what crates wait for.

    One statement, however many.
    """
    query = (
        select(OrderLine.product_id, func.sum(OrderLine.quantity))
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            OrderLine.product_id.in_([product.id for product in goods]),
            OrderLine.state == LineState.WAITING,
            Order.cancelled_at.is_(None),
        )
        .group_by(OrderLine.product_id)
    )
    waiting = {product_id: int(quantity) for product_id, quantity in db.session.execute(query)}
    return {product.id: product.left + waiting.get(product.id, 0) for product in goods}


def difference(product: Product, found: int) -> int:
    """What was found more than should be there; negative for less. Raises Refused for what is no number."""
    require_number(found)
    return found - should_be([product])[product.id]


def count(product_id: int, found: int, *, by: int | None) -> None:
    """So much lies on the shelf. Raises Refused, NotFound."""
    require_number(found)
    with transaction():
        counting.count(get_to_count(product_id).id, found, by=by)


def add_difference(product_id: int, more: int, *, by: int | None) -> None:
    """A count of some time ago: what was found more or less then is so now, whatever was sold or packed since."""
    with transaction() as session:
        product = get_to_count(product_id)
        stock.hold(product_id)
        session.refresh(product)
        counting.count(product_id, max(0, should_be([product])[product_id] + more), by=by)


def last_counts(product_ids: Collection[int]) -> dict[int, int]:
    """Product id -> the number of the last time that somebody said how much there is; without those never counted."""
    query = select(StockMove.product_id, func.max(StockMove.id)).where(
        StockMove.product_id.in_(product_ids), StockMove.why.in_(("offer", "count"))
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(StockMove.product_id))}


def set_price(product_id: int, cents: int, *, expected: int, by: int | None) -> None:
    """In force from now on. ``expected``: the price that was seen. Raises Refused, Conflict when it is another one."""
    with transaction() as session:
        product = products.held(session, product_id)
        products.set_price(product_id, require_price(product, cents), by=by, seen_as=expected)


def require_price(product: Product, cents: int) -> int:
    """Raises Refused for what is no price, or no other one."""
    if not 0 < cents <= DEAREST:
        raise Refused(_("Scrivi il prezzo con i numeri."))
    if cents == product.price:
        raise Refused(_("Questo è il prezzo di adesso."))
    return cents


def require_number(found: int) -> None:
    if not 0 <= found <= MOST:
        raise Refused(_("Scrivi un numero da zero in su."))
