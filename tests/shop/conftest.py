"""A day that a test of the seasons can count on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from core import clock


@pytest.fixture
def on_the_first_of_december(app: Flask) -> Iterator[None]:
    """A Tuesday morning."""
    with clock.at(clock.rome(date(2026, 12, 1), 9)):
        yield
