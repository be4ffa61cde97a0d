"""Walk the day at one level and print its steps: python -m tests.day [2 | 1 | 0] [postgresql]."""

from __future__ import annotations

import pprint
import sys
import tempfile
from pathlib import Path

from tests.day.state import problems_of, state_of
from tests.day.walk import opened_day, work_the_day
from tests.day.world import running_day
from tests.judges.chromium import chromium
from tests.rush.world import Databases


def main(level: int, kind: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Databases(kind) as databases,
        running_day(databases, level) as world,
        chromium() as browser,
        opened_day(browser, world, Path(folder)) as day,
    ):
        try:
            work_the_day(day)
        finally:
            for name, tablet in (("Tablet 1", day.one), ("Tablet 2", day.two)):
                print(f"\n{name}", *(f"  {step}" for step in tablet.steps), sep="\n")
                print(f"  at the end: {tablet.page.url}\n  {tablet.page.locator('main').inner_text()!r}")
        pprint.pp(day.told, width=160)
        pprint.pp(state_of(world), width=160)
        print(f"{len(day.steps)} steps in {day.seconds:.0f} s; books: {problems_of(world) or 'balanced'}")


if __name__ == "__main__":
    main(
        int(next((word for word in sys.argv[1:] if word.isdigit()), 2)),
        next((word for word in sys.argv[1:] if not word.isdigit()), "sqlite"),
    )
