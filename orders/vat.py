"""The VAT table of one order: gross per rate, discount and fee spread, then once per rate (italian-rules 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.money import VatRow, spread, spread_by_rate, vat_rows
from orders.models import Order, OrderLine, Refund


def rows(order: Order) -> list[VatRow]:
    """What is inside ``order.total``, lowest rate first: final prices where lines are prepared, estimates elsewhere."""
    return vat_rows(gross_by_rate(order))


def gross_by_rate(order: Order) -> dict[int, int]:
    """Cents per rate. Discount and fee are accessory to the goods and follow their rates (art. 12 DPR 633/1972).

    Where everything is missing the fee follows what was ordered.
    """
    now = goods_by_rate(order)
    ordered: Counter[int] = Counter()
    for line in order.ordered_lines:
        ordered[line.vat_rate] += line.estimate
    if not order.fee or not ordered:
        return now
    if not ordered.total():  # goods of less than half a cent
        ordered.update(list(ordered))
    return spread_by_rate(order.fee, now) if sum(now.values()) else _only(order.fee, ordered)


def goods_by_rate(order: Order) -> dict[int, int]:
    """Cents per rate of the goods alone, less the discount."""
    now: Counter[int] = Counter()
    for line in order.lines:
        now[line.vat_rate] += line.price_now
    return spread_by_rate(-order.discount, now) if order.discount else dict(now)


def paid_for_lines(order: Order) -> dict[int, int]:
    """Line id -> cents that it really cost: its price less its share of the discount on its rate. Sums to the goods."""
    shares = {line.id: 0 for line in order.lines}
    for rate, gross in goods_by_rate(order).items():
        same = [line for line in order.lines if line.vat_rate == rate]
        shares |= _share(gross, same)
    return shares


def fee_by_rate(order: Order) -> dict[int, int]:
    """The delivery fee as it was spread."""
    goods = goods_by_rate(order)
    return {rate: gross - goods.get(rate, 0) for rate, gross in gross_by_rate(order).items()}


def refunded_by_rate(refunds: Iterable[Refund]) -> dict[int, int]:
    """Cents per rate that were given back, at the rates that were stored with the sale (italian-rules C10)."""
    found: Counter[int] = Counter()
    for refund in refunds:
        found[refund.vat_rate] += refund.amount
    return {rate: cents for rate, cents in found.items() if cents}


def remaining_by_rate(order: Order) -> dict[int, int]:
    """Gross per rate after refunds: never below zero."""
    back = refunded_by_rate(order.refunds)
    return {rate: gross - back.get(rate, 0) for rate, gross in gross_by_rate(order).items()}


def _share(gross: int, lines: list[OrderLine]) -> dict[int, int]:
    prices = [line.price_now for line in lines]
    if not sum(prices):
        return {line.id: 0 for line in lines}
    return dict(zip((line.id for line in lines), spread(gross, prices), strict=True))


def _only(fee: int, ordered: Counter[int]) -> dict[int, int]:
    shared = spread_by_rate(fee, ordered)
    return {rate: gross - ordered[rate] for rate, gross in shared.items()}
