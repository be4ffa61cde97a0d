"""The basket: product ids and quantities in the signed session cookie. Nothing is stored, nothing reserved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import session

from catalog import products, showing
from catalog.models import Product
from core.money import maximum_of
from shop import choosing

KEY = "basket"
MOST_LINES = 60  # what a cookie holds with room to spare


@dataclass(frozen=True)
class Line:
    """One product as it is now and how much of it is wanted: grams or pieces."""

    product: Product
    quantity: int

    @property
    def estimate(self) -> int:
        return self.product.estimate(self.quantity)

    @property
    def maximum(self) -> int:
        return maximum_of(self.estimate, self.product.tolerance_percent) if self.product.is_weighed else self.estimate

    @property
    def most(self) -> int:
        """All that can be promised of it, in whole steps; nothing of what is no longer on sale."""
        product = self.product
        return product.left // product.step * product.step if product.on_sale and not product.practice else 0

    @property
    def to_be_had(self) -> Line:
        """As much of it as there is."""
        return replace(self, quantity=min(self.quantity, self.most))

    @property
    def is_too_much(self) -> bool:
        return self.quantity > self.most


def quantities() -> dict[int, int]:
    """Product id -> quantity."""
    return {int(product_id): int(quantity) for product_id, quantity in session.get(KEY, [])}


def count() -> int:
    """How many different products are in it."""
    return len(session.get(KEY, []))


def put(product_id: int, quantity: int) -> None:
    """Set how much is wanted; nothing takes the line out."""
    wanted = quantities() | {product_id: quantity}
    session[KEY] = [[key, value] for key, value in wanted.items() if value > 0][:MOST_LINES]


def empty() -> None:
    session.pop(KEY, None)


def lines() -> list[Line]:
    """What is in it, in the order of adding. Products that no longer exist are left out."""
    return lines_of(quantities())


def lines_of(wanted: dict[int, int]) -> list[Line]:
    if not wanted:
        return []
    found = showing.find_kept(choosing.versions(), choosing.choice().place_id, wanted)
    if others := [key for key in wanted if key not in found]:
        found |= products.by_ids(others)
    return [Line(found[key], quantity) for key, quantity in wanted.items() if key in found]


@dataclass(frozen=True)
class Sums:
    """Cents with VAT: goods as estimated, the fee, the most that it can become, and what is taken off the goods."""

    goods: int
    fee: int
    maximum: int
    discount: int = 0
    covered: int = 0  # by vouchers, of the most that it can become

    @property
    def total(self) -> int:
        return self.goods - self.discount + self.fee

    @property
    def is_exact(self) -> bool:
        return self.total == self.maximum


def sums(wanted: list[Line], fee: int) -> Sums:
    return Sums(sum(line.estimate for line in wanted), fee, sum(line.maximum for line in wanted) + fee)
