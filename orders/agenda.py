"""The pick-up of one order for a calendar: one event of iCalendar (RFC 5545), written by hand.

Times are in UTC, so a clock change in between moves nothing. The event keeps its UID for ever; every move and every
change since the order was placed raises its SEQUENCE, so that a calendar which has it already takes the newer one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import gettext as _

from catalog import wording
from core import clock, journal
from orders import envelopes, terms
from orders.models import Order

LONGEST_LINE = 75  # octets, without the line's end
CHANGES = ("order.changed", "order.cancelled", "pickup.moved", "pickup.called_off")
UNDONE = ".undone"


def event(order: Order) -> str:
    """The whole file. A cancelled order's event says so, and takes the one that is there away."""
    changed = _changed_at(order)
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chilometrico//Ordini//IT",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:ordine-{order.number}@{envelopes.host()}",
        f"DTSTAMP:{_utc(clock.now())}",
        f"LAST-MODIFIED:{_utc(changed)}",
        f"SEQUENCE:{int((changed - order.placed_at).total_seconds())}",
        f"STATUS:{'CONFIRMED' if order.stands else 'CANCELLED'}",
        f"DTSTART:{_utc(order.pickup.from_at)}",
        f"DTEND:{_utc(order.pickup.to_at)}",
        f"SUMMARY:{_text(_summary(order))}",
        f"LOCATION:{_text(terms.where(order))}",
        f"DESCRIPTION:{_text(_description(order))}",
        *(_alarm(order) if order.stands else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(row)}\r\n" for row in rows)


def is_to_come(order: Order) -> bool:
    return order.stands and order.handed_over_at is None and clock.now() < order.pickup.to_at


def _summary(order: Order) -> str:
    if order.address:
        return _("Arriva la cassetta di Chilometrico")
    return _("Ritira la cassetta di Chilometrico")


def _description(order: Order) -> str:
    """No price: before weighing there is none, and calendars are shared."""
    number = _("Ordine %(number)s.", number=order.number)
    if order.address:
        return " ".join((number, wording.place(order) + "."))
    return " ".join((number, _("Dici il numero o il nome, e porti una borsa.")))


def _alarm(order: Order) -> list[str]:
    """Two hours before."""
    return ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", f"DESCRIPTION:{_text(_summary(order))}", "END:VALARM"]


def _changed_at(order: Order) -> datetime:
    """The last time that the citizen, or we, made another appointment of it; taking that back is one too."""
    entries = [*journal.entries(order), *journal.entries(order.pickup)]
    changes = [entry.at for entry in entries if entry.action.removesuffix(UNDONE) in CHANGES]
    return max([order.placed_at, *changes])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """RFC 5545 3.3.11. Whatever ends a line would begin another property."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return "\\n".join(words.splitlines())


def _folded(row: str) -> str:
    """No line longer than 75 octets, never through the middle of a letter (RFC 5545 3.1)."""
    parts, room = [""], LONGEST_LINE
    for sign in row:
        size = len(sign.encode())
        if size > room:
            parts.append("")
            room = LONGEST_LINE - 1  # the blank that begins it counts
        parts[-1] += sign
        room -= size
    return "\r\n ".join(parts)
