"""Every screen at every level and size, in one Chromium: writes the table of docs/accessibility.md. `make meter`."""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from flask_migrate import upgrade

from app import create_app
from core.settings import ROOT, Settings
from tests.conftest import empty_database, of_tests
from tests.judges.chromium import chromium
from tests.meter import table
from tests.meter.screens import SCREENS
from tests.meter.seeing import LANDSCAPE, NARROW, PHONE, PORTRAIT, WIDE, Seen, see_world, served

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
    """All worlds one after another, in a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(database_url=f"sqlite:///{Path(folder)}/meter.sqlite3", secret_key="m" * 40))
        of_tests(app)
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
        with app.app_context(), chromium() as browser, served(app) as address:
            found = []
            for name in dict.fromkeys(screen.world for screen in SCREENS):
                empty_database()
                screens = [screen for screen in SCREENS if screen.world == name]
                found += see_world(app, browser, address, screens, sizes=SIZES)
            return found


if __name__ == "__main__":
    sys.exit(main())
