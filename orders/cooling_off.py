"""How long a citizen may change their mind about what keeps, and about which lines (art. 52, 53 and 59 Consumer Code).

14 days from when the last of it was handed over. What spoils quickly is excluded; the flag belongs to the product and
is kept with the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock, outbox
from core.clock import ROME
from core.outbox import Item
from orders.models import LineState, Order, OrderLine

NOTICES = ("received", "changed")
"""Letters that bring the terms in writing, what the law says about withdrawing among them (`terms.of`)."""

DAYS = timedelta(days=14)
FEASTS = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)}
"""(month, day) of the holidays that do not move."""


def lines(order: Order) -> list[OrderLine]:
    """What this order has that one may withdraw from: it keeps, and it came or is still to come."""
    return [line for line in order.lines if not line.perishable and line.state != LineState.MISSING]


def excluded(order: Order) -> list[OrderLine]:
    """What spoils quickly: fresh vegetables, herbs, eggs (art. 59(1)(d))."""
    return [line for line in order.lines if line.perishable and line.state != LineState.MISSING]


@dataclass(frozen=True)
class Offer:
    """The page of the order offers it. ``end``: from when it is too late, None while nothing was handed over."""

    end: datetime | None

    @property
    def last_day(self) -> date | None:
        return _day(self.end - timedelta(seconds=1)) if self.end else None


def offer(order: Order) -> Offer | None:
    """From the first moment until the period is over; None where there is nothing to withdraw from, or no more."""
    if not order.stands or order.not_collected_at is not None or not lines(order):
        return None
    end = ends_at(order)
    return Offer(end) if end is None or clock.now() < end else None


def ends_at(order: Order, told: Sequence[Item] | None = None) -> datetime | None:
    """The moment from which it is too late. None while nothing was handed over, or where nothing can be withdrawn from.

    The notice is in the letter that confirms the order. Whoever got that letter late has 14 days from then, whoever
    never got one has 12 months more (art. 53): an order by phone without an e-mail, an address that does not exist.
    ``told``: what was written to them, where it was looked up already.
    """
    if order.handed_over_at is None or not lines(order):
        return None
    given = _day(order.handed_over_at)
    told_at = _told_at(outbox.about(order.id) if told is None else told)
    if told_at is None:
        return _end(_a_year_after(given + DAYS))
    return _end(min(max(given, _day(told_at)) + DAYS, _a_year_after(given + DAYS)))


def _told_at(items: Iterable[Item]) -> datetime | None:
    sent = (item for item in items if item.payload.get("letter") in NOTICES and item.state == "sent")
    return min((item.ended_at for item in sent if item.ended_at), default=None)


def _end(day: date) -> datetime:
    """With the last hour of this day, or of the next working day (art. 3(4) Reg. 1182/71)."""
    while day.weekday() >= 5 or (day.month, day.day) in FEASTS or day == _easter_monday(day.year):
        day += timedelta(days=1)
    return clock.rome(day + timedelta(days=1), 0)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _easter_monday(year: int) -> date:
    """By the rule of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1) + timedelta(days=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(ROME).date()
