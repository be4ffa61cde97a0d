"""Eight weeks over each clock change: the books balance every night, every letter leaves once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from catalog.models import PickUp
from core.clock import ROME
from core.database import db
from orders import letters
from tests.weeks.season import Season, left_the_house

pytestmark = pytest.mark.usefixtures("app")

SPRING = pytest.param(date(2026, 3, 2), id="over the spring's missing hour", marks=pytest.mark.on_sqlite)
AUTUMN = pytest.param(date(2026, 9, 28), id="over the autumn's doubled hour", marks=pytest.mark.on_postgresql)
"""Either clock change falls on the fourth Sunday."""


@pytest.mark.parametrize("monday", [SPRING, AUTUMN])
def test_eight_weeks(monday: date, monkeypatch: pytest.MonkeyPatch) -> None:
    season = Season(monday)
    monkeypatch.setattr(letters, "postman", lambda: season)
    season.found()
    season.run()

    assert season.nights >= 8 * 7, "somebody looked through the books every night"
    assert left_the_house() == season.letters
    assert len(season.delivered) == len(set(season.delivered)) == season.letters.total()
    _keeps_the_wall_hours()
    print(monday, dict(sorted(season.happened.items())), f"{season.nights} nights, {len(season.delivered)} letters")
    for what in (
        "closed week",
        "moved pick-up",
        "called off",
        "called off, then undone",
        "lost to the frost",
        "shortfall",
        "substituted",
        "missing line",
        "short line",
        "no-show",
        "left over",
        "never prepared",
        "came after all",
        "phone order",
        "late order",
        "changed",
        "cancelled",
        "undone",
        "refund: cash",
        "refund: credit",
    ):
        assert season.happened[what], f"no {what} in these weeks: {season.happened}"


def _keeps_the_wall_hours() -> None:
    query = select(PickUp).where(PickUp.rule_id.is_not(None), PickUp.moved_at.is_(None))
    found = list(db.session.scalars(query))
    assert {(p.from_at.astimezone(ROME).hour, p.to_at.astimezone(ROME).hour) for p in found} == {(16, 18), (10, 12)}
    assert {p.cutoff_at.astimezone(ROME).hour for p in found} == {12}
    assert {p.from_at.astimezone(ROME).utcoffset() for p in found} == {timedelta(hours=1), timedelta(hours=2)}
