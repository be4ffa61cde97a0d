"""The VAT table of one order: gross per rate, the fee spread over the goods, then once per rate (italian-rules 4)."""

from __future__ import annotations

from collections import Counter

from core.money import VatRow, spread_by_rate, vat_rows
from orders.models import Order


def rows(order: Order) -> list[VatRow]:
    """What is inside ``order.total``, lowest rate first: final prices where lines are prepared, estimates elsewhere."""
    return vat_rows(gross_by_rate(order))


def gross_by_rate(order: Order) -> dict[int, int]:
    """Cents per rate. The fee is accessory to the goods and follows their rates.

    Where everything is missing the fee follows what was ordered.
    """
    now: Counter[int] = Counter()
    ordered: Counter[int] = Counter()
    for line in order.lines:
        now[line.vat_rate] += line.price_now
        ordered[line.vat_rate] += line.estimate
    if not order.fee or not ordered.total():
        return dict(now)
    return spread_by_rate(order.fee, now) if now.total() else _only(order.fee, ordered)


def _only(fee: int, ordered: Counter[int]) -> dict[int, int]:
    spread = spread_by_rate(fee, ordered)
    return {rate: gross - ordered[rate] for rate, gross in spread.items()}
