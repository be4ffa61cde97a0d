"""Four judges over the running shop: axe, Nu, HTML_CodeSniffer, Lighthouse. Run it with `./test --judges`.

First each judge must reject the one page that was made for it to reject, so that a judge that sleeps is noticed. Then
they see every page of pages.py, on a phone and on a desktop. What they need from npm they install beside this file.
"""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.judges import axe, htmlcs, lighthouse, nu
from tests.judges.chromium import chromium
from tests.judges.pages import ENTRANCES, FOR_LIGHTHOUSE, PAGES, visit
from tests.judges.server import running_shop

HERE = Path(__file__).parent
VIEWPORTS: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1280, "height": 800},
}


class Tally:
    """Prints each verdict as it comes, and keeps count."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def note(self, name: str, complaints: list[str]) -> None:
        self.passed += not complaints
        self.failed += bool(complaints)
        print("FAILED" if complaints else "passed", name, *complaints, sep="\n    " if complaints else "  ", flush=True)

    @contextlib.contextmanager
    def noting_trouble(self, name: str) -> Iterator[None]:
        """A page that cannot be judged has failed; the others are still seen."""
        try:
            yield
        except Exception as trouble:  # whatever it is, it is said
            self.note(name, [f"{type(trouble).__name__}: {trouble}"])


def main() -> int:
    install()
    tally = Tally()
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        prove_that_each_can_fail(browser, tally)
        with running_shop(Path(folder)) as shop:
            judge_pages(browser, shop, Path(folder), tally)
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
    """Each bad page breaks one rule, named here as the judge calls it."""
    bad = HERE / "bad"
    with serving(bad) as address, browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/axe.html")
        expect("axe", "label:", axe.violations(page), tally)
        page.goto("/htmlcs.html")
        expect("htmlcs", "Guideline1_4.1_4_3", htmlcs.errors(page), tally)
        expect("nu", "Duplicate ID", nu.messages([bad / "nu.html"]).get(bad / "nu.html", []), tally)
        expect("lighthouse", "image-alt:", lighthouse.complaints(f"{address}/lighthouse.html"), tally)


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


def judge_pages(browser: Browser, shop: str, folder: Path, tally: Tally) -> None:
    """axe and HTML_CodeSniffer see each page on each screen, Nu what the server sent, Lighthouse a few."""
    sent: dict[str, Path] = {}
    for who, enter in ENTRANCES.items():
        for screen, size in VIEWPORTS.items():
            with browser.new_context(base_url=shop, viewport=size, locale="it-IT") as context:
                page = context.new_page()
                with tally.noting_trouble(f"entering as {who}, {screen}"):
                    enter(page)
                for name, way, _ in (each for each in PAGES if each[2] == who):
                    with tally.noting_trouble(f"{name}, {screen}"):
                        sent[name] = keep(folder / f"{name}.html", visit(page, way))
                        judge_in_browser(page, f"{name}, {screen}", tally)
                        if name in FOR_LIGHTHOUSE:
                            judge_with_lighthouse(page, name, screen, tally)
    found = nu.messages(sent.values())
    for name, path in sent.items():
        tally.note(f"nu          {name}", found.get(path, []))


def keep(path: Path, html: str) -> Path:
    path.write_text(html, encoding="utf-8")
    return path


def judge_in_browser(page: Page, name: str, tally: Tally) -> None:
    tally.note(f"axe         {name}", axe.violations(page))
    tally.note(f"htmlcs      {name}", htmlcs.errors(page))


def judge_with_lighthouse(page: Page, name: str, screen: str, tally: Tally) -> None:
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())  # type: ignore[typeddict-item]
    tally.note(f"lighthouse  {name}, {screen}", lighthouse.complaints(page.url, screen, cookie))


if __name__ == "__main__":
    sys.exit(main())
