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
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://[shop"),
        ("PUBLIC_URL", "https://a..example"),
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


HERE = ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, None),
        ({"DEMO": "1", "PUBLIC_URL": "https://spesa.example"}, None),
        ({"PUBLIC_URL": "http://[fd00::1]:8000"}, None),
        ({"PUBLIC_URL": "https://Spesa.example:8443/"}, ["spesa.example", "www.spesa.example", *HERE]),
        ({"PUBLIC_URL": "https://www.spesa.example"}, ["www.spesa.example", "spesa.example", *HERE]),
        ({"PUBLIC_URL": "https://caffè.example"}, ["xn--caff-8oa.example", "www.xn--caff-8oa.example", *HERE]),
        ({"PUBLIC_URL": "http://192.168.1.20:8000"}, ["192.168.1.20", "www.192.168.1.20", *HERE]),
    ],
)
def test_the_names_of_the_shop_are_those_of_its_address(given: dict[str, str], names: list[str] | None) -> None:
    assert settings.read(given).hosts == names
