"""Four judges over the running shop: axe, Nu, HTML_CodeSniffer, Lighthouse. Run it with `./test --judges`.

First each judge must reject the page that was made for it to reject, so that a judge that sleeps is noticed. Then they
see every page of pages.py and every state of storefront.py, on a phone and on a desktop, one on each core; at last,
when nothing else runs, Lighthouse measures and writes its table. What they need from npm they install beside this file.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import Browser

from core.settings import ROOT
from tests.judges import axe, htmlcs, lighthouse, measuring, nu, pages, storefront, writing
from tests.judges.chromium import chromium
from tests.judges.looking import VIEWPORTS, judge_screen
from tests.judges.tally import Tally

HERE = Path(__file__).parent
DOCUMENT, BEGIN = ROOT / "docs/accessibility.md", "<!-- the judges: `make judges` writes from here -->"


def main() -> int:
    began = time.monotonic()
    install()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        with chromium() as browser:
            prove_that_each_can_fail(browser, tally)
        judge_screens(Path(folder), tally)
        writing.write(DOCUMENT, BEGIN, summary(tally))
        looked = time.monotonic()
        measuring.judge(Path(folder), tally)
    print(f"{looked - began:.0f} s to look at every page, {time.monotonic() - looked:.0f} s to measure some")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


def install() -> None:
    """`npm ci` when the lock file has changed since the last time. No package may run a script of its own."""
    mark, lock = HERE / "node_modules" / ".installed", HERE / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "ci", *quiet], cwd=HERE, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    mark.write_text(wanted)


def prove_that_each_can_fail(browser: Browser, tally: Tally) -> None:
    """Each bad page breaks one rule, named here as the judge calls it; Lighthouse has one for each of its scores."""
    bad = HERE / "bad"
    with serving(bad) as address, browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/axe.html")
        expect("axe", "label:", axe.violations(page), tally)
        page.goto("/htmlcs.html")
        expect("htmlcs", "Guideline1_4.1_4_3", htmlcs.errors(page), tally)
        expect("nu", "Duplicate ID", nu.messages([bad / "nu.html"]).get(bad / "nu.html", []), tally)
        seen = lighthouse.look(f"{address}/lighthouse.html")
        expect("lighthouse", "image-alt:", seen.complaints("accessibility"), tally)
        seen = lighthouse.look(f"{address}/lighthouse-slow.html")
        expect("lighthouse, speed", "total-blocking-time:", seen.complaints("performance"), tally)
        expect("lighthouse, practices", "errors-in-console:", seen.complaints("best-practices"), tally)
        expect("lighthouse, search engines", "meta-description:", seen.complaints("seo"), tally)


def expect(judge: str, rule: str, complaints: list[str], tally: Tally) -> None:
    rejected = any(rule in complaint for complaint in complaints)
    tally.note(f"{judge} rejects its bad page", [] if rejected else [f"{rule} not among {complaints}"])


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The bad pages over HTTP, because Lighthouse opens no files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def judge_screens(folder: Path, tally: Tally) -> None:
    """axe and HTML_CodeSniffer see each page on each screen, Nu what the server sent."""
    sent: dict[str, Path] = {}
    screens = list(VIEWPORTS)
    with ProcessPoolExecutor(len(screens), get_context("spawn")) as side_by_side:
        for seen in side_by_side.map(judge_screen, screens, [folder / screen for screen in screens]):
            tally.add(seen.tally)
            sent |= seen.sent
    found = nu.messages(sent.values())
    for name, path in sent.items():
        tally.note(f"nu          {name}", found.get(path, []))


def summary(tally: Tally) -> str:
    """How much was looked at."""
    shop = [who for _name, _way, who in pages.PAGES if who == "anonymous"] + storefront.STATES
    empty = len(storefront.EMPTY) + len(storefront.NO_PICKUP)
    refused = [sent for sent in storefront.SENT if sent.status >= 400]
    answers = len(storefront.SENT) - len(refused)
    others = len(pages.PAGES) + len(storefront.STATES) - len(shop)
    sizes = " and ".join(f"{size['width']} x {size['height']}" for size in VIEWPORTS.values())
    return "\n".join(
        [
            "| what | how many |",
            "|---|---:|",
            f"| pages of the shop, each state for itself | {len(shop) + answers} |",
            f"| of a shop that is empty, or has no pick-up | {empty} |",
            f"| refusals | {len(refused)} |",
            f"| pages of the desk and of the tutors | {others} |",
            f"| verdicts, at {sizes} | {tally.passed + tally.failed} |",
            f"| complaints | {tally.failed} |",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
