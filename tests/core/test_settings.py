"""What would fail later is said at the start, in one sentence that names the setting."""

from __future__ import annotations

import pytest

from core import settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "many"),
        ("DEMO", "maybe"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgresql://x"),
        ("PUBLIC_URL", "shop.example"),
        ("SMTP_URL", "foo"),
        ("SECRET_KEY", "short"),
        ("CHILOMETRICO_NOW", "xyz"),
        ("CHILOMETRICO_PROCESSES", "0"),
        ("CHILOMETRICO_ORDER_MONTHS", "14"),
        ("CHILOMETRICO_ACCOUNT_MONTHS", "0"),
        ("CHILOMETRICO_TRACE_DAYS", "6"),
    ],
)
def test_a_value_that_cannot_be_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(settings.WrongSetting, match=name):
        settings.read({name: value})


def test_good_values_are_read() -> None:
    found = settings.read({"PORT": "8001", "DEMO": "1", "CHILOMETRICO_NOW": "2026-12-04T15:30"})
    assert (found.port, found.demo, found.base_url) == (8001, True, "http://127.0.0.1:8001")
