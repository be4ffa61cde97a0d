"""Databases of the kind that was asked for: `--database=postgresql` walks the same day there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rush.world import Databases


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    with Databases(str(request.config.getoption("--database"))) as found:
        yield found
