"""Every screen at every level and size, in one Chromium: writes the table of docs/accessibility.md. `make meter`."""

from __future__ import annotations

import sys
from collections import defaultdict

from tests.judges.chromium import chromium
from tests.meter import table
from tests.meter.screens import SCREENS
from tests.meter.seeing import LANDSCAPE, NARROW, PHONE, PORTRAIT, WIDE, Seen, by_world, farm, see_world

SIZES = (LANDSCAPE, PORTRAIT, WIDE, PHONE, NARROW)


def main() -> int:
    seen = look()
    table.write(seen)
    faults = defaultdict(list)
    for each in seen:
        for criterion, words in each.faults:
            faults[f"{criterion}: {each.screen.name}: {words}"].append(f"{each.level} at {each.size[0]}")
    for fault, where in sorted(faults.items()):
        print(fault, "| level", ", ".join(where))
    print(f"{len(seen)} measurements, {len(faults)} faults")
    return 1 if faults else 0


def look() -> list[Seen]:
    """All worlds one after another."""
    with chromium() as browser, farm() as (app, address):
        found = []
        for screens in by_world(SCREENS):
            found += see_world(app, browser, address, screens, sizes=SIZES)
        return found


if __name__ == "__main__":
    sys.exit(main())
