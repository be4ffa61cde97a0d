"""A line keeps everything that was said when it was ordered: made once here, for placing, changing, substituting."""

from __future__ import annotations

from catalog.models import Kind, Product
from core.money import maximum_of, price_of
from orders.models import Order, OrderLine


def snapshot(
    product: Product, quantity: int, vat_rate: int, *, position: int, may_substitute: bool = False
) -> OrderLine:
    """A line for ``quantity`` grams or pieces at today's price, with its estimate and its maximum (ruling 1)."""
    estimate = product.estimate(quantity)
    tolerance = product.tolerance_percent if product.is_weighed else 0
    return OrderLine(
        position=position,
        product_id=product.id,
        slug=product.slug,
        name=product.name,
        name_en=product.name_en,
        kind=product.kind,
        unit=product.unit,
        unit_plural=product.unit_plural,
        unit_en=product.unit_en,
        unit_plural_en=product.unit_plural_en,
        price=product.price,
        vat_rate=vat_rate,
        piece_grams=product.piece_grams,
        perishable=product.perishable,
        quantity=quantity,
        estimate=estimate,
        tolerance_percent=tolerance,
        maximum=maximum_of(estimate, tolerance),
        may_substitute=may_substitute,
        state="waiting",
        version=0,
    )


QUOTED = (
    "name",
    "name_en",
    "kind",
    "unit",
    "unit_plural",
    "unit_en",
    "unit_plural_en",
    "price",
    "vat_rate",
    "piece_grams",
    "perishable",
    "quantity",
    "estimate",
    "tolerance_percent",
    "maximum",
)


def copy_quote(fresh: OrderLine, line: OrderLine) -> None:
    """What was said again today, onto the line that is there."""
    for name in QUOTED:
        setattr(line, name, getattr(fresh, name))


def fewer(line: OrderLine, quantity: int) -> OrderLine:
    """Less of what is not sold any more: at the price that was agreed, with all else that was said of it."""
    less = OrderLine(product_id=line.product_id, slug=line.slug, position=line.position, state="waiting", version=0)
    copy_quote(line, less)
    grams = quantity if line.kind == Kind.BY_WEIGHT else quantity * (line.piece_grams or 0)
    less.quantity = quantity
    less.estimate = price_of(grams, line.price) if line.is_weighed else quantity * line.price
    less.maximum = maximum_of(less.estimate, line.tolerance_percent)
    return less


def agreed(order: Order) -> dict[str, object]:
    """What the citizen agreed to, in cents, for the journal: the books compare the order with it every night."""
    by_rate: dict[str, int] = {}
    for line in order.ordered_lines:
        by_rate[str(line.vat_rate)] = by_rate.get(str(line.vat_rate), 0) + line.estimate
    return {"estimate": order.estimate, "maximum": order.maximum, "fee": order.fee, "by_rate": by_rate}
