"""No screen of the desk is missing from the contact sheets."""

from __future__ import annotations

from tests.meter.screens import SCREENS
from tests.screens.desk import ROOMS


def test_every_screen_of_the_desk_is_on_one_sheet() -> None:
    drawn = sorted(screen.name for screens in ROOMS.values() for screen in screens)
    assert drawn == sorted(screen.name for screen in SCREENS)
