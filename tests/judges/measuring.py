"""Lighthouse on the pages that one buys on, when nothing else runs; its figures go into docs/performance.md.

`python -m tests.judges.measuring` does only this.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from core.settings import ROOT
from tests.judges import lighthouse, writing
from tests.judges.chromium import chromium
from tests.judges.letters import order_that
from tests.judges.lighthouse import Seen
from tests.judges.looking import ENTRANCES, window
from tests.judges.pages import Way, checkout, crate_at, visit
from tests.judges.server import running_shop
from tests.judges.storefront import READY
from tests.judges.tally import Tally

DOCUMENT = ROOT / "docs/performance.md"
BEGIN = "<!-- lighthouse: `make judges` writes from here -->"
PERFECT = ("accessibility", "best-practices")
FAST = 95  # the median of so many looks as the page has
SIDEWAYS = 0.1  # more shift than this is felt (web.dev)


@dataclass(frozen=True)
class Measured:
    """``looks``: how often; the median counts. ``found``: a search engine is to find it, and it must be fast."""

    name: str
    way: Way
    who: str = "anonymous"
    screen: str = "phone"
    looks: int = 1
    found: bool = False


@dataclass(frozen=True)
class Figures:
    page: Measured
    seen: Sequence[Seen]

    def middle(self, figure: str) -> float:
        return median(getattr(each, figure) for each in self.seen)

    def score(self, category: str) -> float:
        return median(each.score(category) for each in self.seen)

    @property
    def complaints(self) -> list[str]:
        must = [*PERFECT, "seo"] if self.page.found else PERFECT
        wrong = [words for category in must for each in self.seen for words in each.complaints(category)]
        if self.page.found and self.score("performance") < FAST:
            worst = min(self.seen, key=lambda each: each.score("performance"))
            looks = sorted(each.score("performance") for each in self.seen)
            wrong += [f"performance {looks}, not {FAST} in the middle", *worst.complaints("performance")]
        if self.middle("shift") > SIDEWAYS:
            wrong.append(f"it moves by {self.middle('shift'):.2f}")
        return list(dict.fromkeys(wrong))


WEEK, PRODUCT = ("settimana", "/"), ("prodotto", "/prodotti/carote")
PAGES = [
    Measured(*WEEK, looks=5, found=True),
    Measured(*PRODUCT, looks=5, found=True),
    Measured(*WEEK, screen="desktop", found=True),
    Measured(*PRODUCT, screen="desktop", found=True),
    Measured("cerca e trova", "/cerca?q=zuchina"),
    Measured("stagioni", "/stagioni"),
    Measured("campi", "/campi"),
    Measured("chi siamo", "/pagine/chi-siamo"),
    Measured("ordine pronto", partial(order_that, READY)),
    Measured("cassa", checkout),
    Measured("carrello", "/carrello"),
    Measured("oggi al banco", "/banco", "Anna", "desktop"),
    Measured("pesa", partial(crate_at, "Pesa"), "Anna", "desktop"),
    Measured("oggi dei tutor", "/tutor", "tutor", "desktop"),
]


def judge(folder: Path, tally: Tally) -> None:
    """Every page of PAGES in the order in which they stand there, in a shop of its own."""
    home = folder / "measured"
    home.mkdir()
    all_figures: list[Figures] = []
    with chromium() as browser, running_shop(home) as shop:
        for who in dict.fromkeys(page.who for page in PAGES):
            all_figures += _measure(browser, shop, who, tally)
    if len(all_figures) == len(PAGES):
        writing.write(DOCUMENT, BEGIN, render(all_figures))


def _measure(browser: Browser, shop: str, who: str, tally: Tally) -> list[Figures]:
    """What one visitor sees."""
    found = []
    with window(browser, shop, "desktop") as page:
        ENTRANCES[who](page)
        for each in (each for each in PAGES if each.who == who):
            name = f"lighthouse  {each.name}, {each.screen}"
            with tally.noting_trouble(name):
                visit(page, each.way)
                figures = Figures(each, _looks(page, each))
                tally.note(name, figures.complaints)
                found.append(figures)
    return found


def _looks(page: Page, measured: Measured) -> list[Seen]:
    """Where one look alone was slow, two more say whether that was the page or the machine."""
    seen = [_look(page, measured.screen) for _ in range(measured.looks)]
    if measured.looks == 1 and seen[0].score("performance") < FAST:
        seen += [_look(page, measured.screen) for _ in range(2)]
    return seen


def _look(page: Page, screen: str) -> Seen:
    cookies = page.context.cookies()
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in cookies)  # type: ignore[typeddict-item]
    return lighthouse.look(page.url, screen, cookie)


def render(figures: Sequence[Figures]) -> str:
    """As a table. A search engine is kept away from all but the pages that it is to find: those have no score there."""
    head = "| page | screen | looks | performance | accessibility | best practices | SEO "
    head += "| largest paint | shift | blocked | loaded | requests |"
    return "\n".join([head, "|---|---|" + "---:|" * 10, *[_row(each) for each in figures]])


def _row(figures: Figures) -> str:
    page = figures.page
    looks = sorted(each.score("performance") for each in figures.seen)
    fast = f"{figures.score('performance'):g}" + (f" ({looks[0]}–{looks[-1]})" if len(looks) > 1 else "")
    cells = [
        page.name,
        page.screen,
        len(figures.seen),
        fast,
        *[f"{figures.score(category):g}" for category in PERFECT],
        f"{figures.score('seo'):g}" if page.found else "–",
        f"{figures.middle('largest_paint') / 1000:.2f} s",
        f"{figures.middle('shift'):.3f}",
        f"{figures.middle('blocked'):.0f} ms",
        f"{figures.middle('bytes') / 1024:.0f} kB",
        f"{figures.middle('requests'):g}",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def main() -> int:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        judge(Path(folder), tally)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
