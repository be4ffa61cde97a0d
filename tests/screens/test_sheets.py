"""No screen of the desk and no page of the shop is missing from the contact sheets."""

from __future__ import annotations

from tests.judges import pages, storefront
from tests.meter.screens import SCREENS
from tests.screens.desk import ROOMS
from tests.screens.shop import GUEST, SHEETS


def test_every_screen_of_the_desk_is_on_one_sheet() -> None:
    drawn = sorted(screen.name for screens in ROOMS.values() for screen in screens)
    assert drawn == sorted(screen.name for screen in SCREENS)


def test_every_page_of_the_shop_in_every_state_is_on_one_sheet() -> None:
    citizens = {*GUEST, *storefront.ENTRANCES}
    ways = [(name, who) for name, _way, who in [*pages.PAGES, *storefront.STATES]]
    ways += [(sent.name, sent.who) for sent in storefront.SENT]
    seen = [name for name, who in ways if who in citizens]
    seen += [name for name, _way in [*storefront.EMPTY, *storefront.NO_PICKUP]]
    assert sorted(name for names in SHEETS.values() for name in names) == sorted(seen)
