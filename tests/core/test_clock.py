"""One clock: stored in UTC, thought in Rome, moved once for all processes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from core import clock
from core.database import db

pytestmark = pytest.mark.usefixtures("app")

SPRING = date(2027, 3, 28)  # at 2:00 the clock says 3:00
AUTUMN = date(2026, 10, 25)  # at 3:00 the clock says 2:00 again


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def another_process(app: Flask) -> None:
    """A process that has not read the clock's row yet."""
    app.extensions.pop("clock", None)
    db.session.remove()


def test_an_hour_that_does_not_exist_moves_forward() -> None:
    assert clock.rome(SPRING, 2, 30) == utc(2027, 3, 28, 1, 30)  # 3:30 on the wall
    assert clock.rome(SPRING, 1, 59) == utc(2027, 3, 28, 0, 59)
    assert clock.rome(SPRING, 3) == utc(2027, 3, 28, 1, 0)


def test_a_doubled_hour_takes_the_first() -> None:
    assert clock.rome(AUTUMN, 2, 30) == utc(2026, 10, 25, 0, 30)
    assert clock.rome(AUTUMN, 3) == utc(2026, 10, 25, 2, 0)


def test_noon_is_noon_on_both_sides_of_a_change() -> None:
    before, after = clock.rome(AUTUMN - timedelta(days=1), 12), clock.rome(AUTUMN, 12)
    assert after - before == timedelta(hours=25)
    assert clock.rome(SPRING, 12) - clock.rome(SPRING - timedelta(days=1), 12) == timedelta(hours=23)


def test_today_is_the_day_on_the_wall_in_rome() -> None:
    with clock.at(utc(2026, 11, 22, 23, 30)):  # half past midnight in Rome
        assert (clock.today(), clock.yesterday()) == (date(2026, 11, 23), date(2026, 11, 22))
    with clock.at(utc(2026, 7, 1, 22, 30)):  # summer: two hours ahead
        assert clock.today() == date(2026, 7, 2)


def test_a_visit_to_another_moment_ends_where_it_began() -> None:
    with clock.at(utc(2030, 1, 1)):
        with clock.at(utc(2020, 1, 1)):
            assert clock.now() == utc(2020, 1, 1)
        assert clock.now() == utc(2030, 1, 1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_is_set_once_per_database(app: Flask) -> None:
    clock.set_once(utc(2026, 12, 4, 9))
    another_process(app)
    clock.set_once(utc(2031, 1, 1))
    another_process(app)
    assert abs(clock.now() - utc(2026, 12, 4, 9)) < timedelta(seconds=5)


def test_it_moves_for_every_process_and_both_ways(app: Flask) -> None:
    for shift in ("+2d", "-3h", "+90m"):
        clock.move(clock.parse_shift(shift))
        another_process(app)
    ahead = clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(days=2, hours=-3, minutes=90)) < timedelta(seconds=5)


def test_the_database_is_asked_at_most_once_a_second(app: Flask) -> None:
    asked: list[str] = []
    clock.now()
    event.listen(db.engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    for _ in range(50):
        clock.now()
    assert len([statement for statement in asked if "clock" in statement]) <= 1


def test_a_clock_that_was_moved_counts_outside_the_demo_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.move(timedelta(days=2))
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=False, now=""))
    another_process(app)
    assert clock.now() - datetime.now(UTC) > timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "shift"),
    [
        ("+2d", timedelta(days=2)),
        ("-3h", timedelta(hours=-3)),
        ("90m", timedelta(minutes=90)),
        (" +1d ", timedelta(days=1)),
    ],
)
def test_a_shift_is_a_number_and_a_letter(words: str, shift: timedelta) -> None:
    assert clock.parse_shift(words) == shift


@pytest.mark.parametrize("words", ["", "2", "d", "+2w", "2d3h", "++2d", "1.5h", "tomorrow"])
def test_a_shift_that_cannot_be_read_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        clock.parse_shift(words)


def test_a_moment_without_offset_is_romes() -> None:
    assert clock.parse("2026-11-27T12:00") == utc(2026, 11, 27, 11)
    assert clock.parse("2026-07-27T12:00") == utc(2026, 7, 27, 10)
    assert clock.parse("2026-11-27T12:00+00:00") == utc(2026, 11, 27, 12)
    with pytest.raises(ValueError, match="isoformat"):
        clock.parse("Friday noon")
