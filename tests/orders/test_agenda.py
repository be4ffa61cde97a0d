"""The pick-up for a calendar: RFC 5545 to the letter, over both changes of the clock."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from core import clock, journal, undo
from core.clock import ROME
from core.database import transaction
from orders import agenda, cancelling, rescheduling
from orders.models import Order
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def unfolded(text: str) -> dict[str, str]:
    """Property -> value of the event; the alarm has some of the same names and comes later."""
    rows = text.replace("\r\n ", "").split("\r\n")
    return {name: value for name, _colon, value in (row.partition(":") for row in reversed(rows))}


def sequence(order: Order) -> int:
    make.fresh(order)
    return int(unfolded(agenda.event(order))["SEQUENCE"])


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 3, 28), "20260328T150000Z", "20260328T170000Z"),
        (date(2026, 3, 29), "20260329T140000Z", "20260329T160000Z"),
        (date(2026, 10, 24), "20261024T140000Z", "20261024T160000Z"),
        (date(2026, 10, 25), "20261025T150000Z", "20261025T170000Z"),
    ],
)
def test_16_to_18_in_rome_is_said_in_utc_on_both_sides_of_both_clock_changes(day: date, start: str, end: str) -> None:
    with clock.at(clock.rome(day - timedelta(days=3), 9)):
        said = unfolded(agenda.event(make.order(at=make.pickup(days=3))))
    assert (said["DTSTART"], said["DTEND"]) == (start, end)
    read = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S%z").astimezone(ROME)
    assert (read.date(), read.hour) == (day, 16)


def test_lines_end_with_crlf_and_none_is_longer_than_75_octets() -> None:
    where = make.place(name="Piazza", address="Piazza della Città, 1; accanto al caffè «Perché», " + "è così " * 20)
    text = agenda.event(make.order(at=make.pickup(where)))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    rows = text.split("\r\n")
    assert max(len(row.encode()) for row in rows) == 75
    assert all(row.encode().decode() == row for row in rows)
    assert unfolded(text)["LOCATION"].startswith("Piazza della Città\\, 1\\; accanto al caffè «Perché»\\, è così")


def test_nothing_that_is_typed_begins_a_property_of_its_own() -> None:
    order = make.order(at=make.pickup(make.place(kind="round")), address="Via Po 1\r\nATTENDEE:x\\n, 27029 Vigevano")
    text = agenda.event(order)
    assert not re.search(r"^ATTENDEE", text, re.MULTILINE)
    assert "Via Po 1\\nATTENDEE:x\\\\n\\, 27029 Vigevano" in unfolded(text)["LOCATION"]


def test_it_names_the_order_and_no_price() -> None:
    order = make.order(make.wish(make.honey()))
    said = unfolded(agenda.event(order))
    assert said["UID"].startswith(f"ordine-{order.number}@")
    assert order.number in said["DESCRIPTION"]
    assert "€" not in agenda.event(order)
    assert (said["STATUS"], said["METHOD"], said["SEQUENCE"]) == ("CONFIRMED", "PUBLISH", "0")


def test_a_move_its_undo_and_a_cancelling_each_raise_the_sequence_and_keep_the_uid() -> None:
    order, start = make.order(), clock.now()
    uid, seen = unfolded(agenda.event(order))["UID"], [sequence(order)]

    def move() -> None:
        day = order.pickup.day + timedelta(days=1)
        rescheduling.move(order.pickup_id, day=day, from_minute=17 * 60, to_minute=19 * 60, reason="neve", by=None)

    deeds = (move, lambda: undo.undo_last(order.pickup), lambda: cancelling.cancel(order.id))
    for minutes, deed in enumerate(deeds, start=1):
        with clock.at(start + timedelta(minutes=minutes)):
            deed()
            seen.append(sequence(order))
    assert seen == sorted(set(seen))
    said = unfolded(agenda.event(order))
    assert (said["UID"], said["STATUS"]) == (uid, "CANCELLED")


def test_what_the_desk_does_to_the_crate_is_no_other_appointment() -> None:
    order = make.order()
    with clock.at(clock.now() + timedelta(minutes=5)), transaction():
        journal.record("order.collector_changed", order)
    assert sequence(order) == 0
