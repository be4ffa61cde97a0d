"""What an order would cost, before anybody has placed it: to be said on the phone, or at the stall."""

from __future__ import annotations

from collections.abc import Sequence

from catalog import products
from catalog.models import PickUp
from core import clock
from orders import lines, placing
from orders.models import Order
from orders.placing import Wish


def quote(wishes: Sequence[Wish], pickup: PickUp, *, discount_percent: int = 0) -> Order:
    """The order that these wishes would be, kept nowhere: its lines, estimate, maximum and fee in cents.

    Raises OutOfStock, PriceChanged, Refused as placing does.
    """
    found = products.by_ids([wish.product_id for wish in wishes])
    placing.require_offered(wishes, found, pickup)
    placing.require_known_prices(wishes, found)
    rates = products.vat_rates(clock.today())
    order = Order(fee=pickup.place.fee, discount_percent=discount_percent)
    order.lines = [
        lines.snapshot(product, wish.quantity, rates[product.vat_category], position=position)
        for position, wish in enumerate(wishes, start=1)
        for product in [found[wish.product_id]]
    ]
    placing.require_sensible(order)
    return order
