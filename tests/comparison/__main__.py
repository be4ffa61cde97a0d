"""Steps, words and choices per task, ours beside django-oscar's dashboard: `make compare OSCAR=<python>`.

OSCAR is a Python 3.11 that has django-oscar: a virtual environment of its own, outside this repository, into which
`pip install django-oscar==4.2.1` was done. It is no dependency of ours: without it our side alone is walked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path as Folder

from playwright.sync_api import Browser, Error, Page

from tests.comparison import shops
from tests.comparison.counting import Count, act, walk
from tests.comparison.paths import ENTRANCES, OSCARS, OURS, Path
from tests.judges.chromium import chromium

HEAD = (
    "who",
    "pages",
    "clicks",
    "fields",
    "characters",
    "words in view, all pages",
    "words, all pages",
    "most words on a page",
    "sentences, all pages",
    "choices, all pages",
    "most choices on a page",
    "smallest control used, px",
    "smallest on the way, px",
)
Row = tuple[Path, Count]


def main() -> None:
    asked = _asked()
    with chromium() as browser, tempfile.TemporaryDirectory() as name:
        folder = Folder(name)
        with shops.our_shop(folder) as address:
            rows = count_all(browser, address, OURS, asked.size)
        versions = shops.oscar_versions(asked.oscar)
        if versions:
            with shops.oscar_shop(asked.oscar, folder) as address:
                rows += count_all(browser, address, OSCARS, asked.size)
        print(f"Chromium {browser.version}, {asked.size} px, {versions or 'django-oscar is not there: our side only'}")
    print(table(rows))


def count_all(browser: Browser, address: str, paths: Sequence[Path], size: str) -> list[Row]:
    """Each path in a browser of its own, newly entered."""
    width, height = (int(part) for part in size.split("x"))
    rows: list[Row] = []
    for path in paths:
        view = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            locale="it-IT",
            reduced_motion="reduce",  # what moves has arrived when it is counted
        )
        with view as context:
            page = context.new_page()
            try:
                rows.append((path, _walk(page, path)))
            except Error as error:
                error.add_note(f"{path.task}, {path.who}, at {page.url}")
                raise
        print(f"{path.task}: {path.who}", file=sys.stderr, flush=True)
    return rows


def _walk(page: Page, path: Path) -> Count:
    ENTRANCES[path.who](page)
    count = walk(page, path.start, path.actions, path.ends_with)
    for action in path.back:
        act(page, action, Count())
    return count


def table(rows: Sequence[Row]) -> str:
    """Markdown, task by task."""
    lines: list[str] = []
    for task in dict.fromkeys(path.task for path, _count in rows):
        lines += ["", f"**{task}**", "", _line(HEAD), _line(["---"] * len(HEAD))]
        lines += [_line(figures(path.who, count)) for path, count in rows if path.task == task]
    return "\n".join(lines)


def figures(who: str, count: Count) -> tuple[object, ...]:
    """In the order of HEAD."""
    return (
        who,
        len(count.pages),
        count.clicks,
        count.fields,
        count.characters,
        count.total("in_view"),
        count.total("words"),
        count.most("words"),
        count.total("sentences"),
        count.total("choices"),
        count.most("choices"),
        f"{min(count.used):.0f}",
        f"{count.smallest_on_the_way:.0f}",
    )


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oscar", default=os.environ.get("OSCAR", "python3"), help="a Python with django-oscar")
    parser.add_argument("--size", default="1024x768", help="of the window: 1024x768")
    asked = parser.parse_args()
    # Where it stands, not where its link leads: that is how a virtual environment is known.
    asked.oscar = os.path.abspath(shutil.which(asked.oscar) or asked.oscar)
    return asked


if __name__ == "__main__":
    main()
