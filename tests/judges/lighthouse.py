"""Lighthouse's four scores and what it measured. It starts a browser of its own, some 15 seconds a page."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.judges.chromium import ARGUMENTS, find_chromium

PROGRAM = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
FORM_FACTORS = {"phone": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOOD = 0.9  # of an audit that measures, as of one that looks


@dataclass(frozen=True)
class Seen:
    """One look at one page."""

    report: dict[str, Any]

    def score(self, category: str) -> int:
        """0 to 100."""
        return round(100 * (self.report["categories"][category]["score"] or 0))

    def complaints(self, category: str) -> list[str]:
        """The audits that keep the page from 100, as "audit: what it asks". Empty at 100."""
        if self.score(category) == 100:
            return []
        refs = self.report["categories"][category]["auditRefs"]
        audits = [self.report["audits"][ref["id"]] for ref in refs if ref["weight"]]
        low = [audit for audit in audits if audit["score"] is not None and audit["score"] < GOOD]
        return [f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip() for audit in low]

    @property
    def largest_paint(self) -> float:
        """Milliseconds until the largest thing is painted, on the slow phone that Lighthouse imagines."""
        return self._number("largest-contentful-paint")

    @property
    def shift(self) -> float:
        return self._number("cumulative-layout-shift")

    @property
    def blocked(self) -> float:
        """Milliseconds in which the page did not answer."""
        return self._number("total-blocking-time")

    @property
    def bytes(self) -> int:
        """Of everything that was loaded, as it came over the line."""
        return sum(each["transferSize"] for each in self._requests)

    @property
    def requests(self) -> int:
        return len(self._requests)

    @property
    def _requests(self) -> list[dict[str, Any]]:
        """Over the network; what is written in the page itself is none."""
        items = self.report["audits"]["network-requests"]["details"]["items"]
        return [each for each in items if each["url"].startswith("http")]

    def _number(self, audit: str) -> float:
        return float(self.report["audits"][audit]["numericValue"])


def look(url: str, form_factor: str = "phone", cookie: str = "") -> Seen:
    """`cookie` is a Cookie header. Raises RuntimeError where Lighthouse was led elsewhere, or gave up."""
    with tempfile.TemporaryDirectory() as folder:
        report = _report(Path(folder), [url, *FORM_FACTORS[form_factor], *_cookie_header(Path(folder), cookie)])
    if report.get("runtimeError") or report["finalDisplayedUrl"] != url:  # a sign-in page, say
        raise RuntimeError(f"Lighthouse saw {report['finalDisplayedUrl']} for {url}: {report.get('runtimeError')}")
    return Seen(report)


def _cookie_header(folder: Path, cookie: str) -> list[str]:
    if not cookie:
        return []
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    return [f"--extra-headers={headers}"]


def _report(folder: Path, arguments: list[str]) -> dict[str, Any]:
    """On a busy machine its browser now and then loses the trace (NO_NAVSTART): it asks to be run again, and is."""
    done = _run(folder, arguments)
    if done.returncode:
        done = _run(folder, arguments)
    if done.returncode:
        raise RuntimeError(f"Lighthouse gave up: {done.stderr[-500:].strip()}")
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def _run(folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    chrome = ["--headless", "--no-sandbox", *ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
    fixed = ["--quiet", "--output=json", f"--output-path={folder / 'report.json'}"]
    fixed += ["--no-enable-error-reporting", "--disable-full-page-screenshot"]
    fixed += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(chrome)}"]
    return subprocess.run(
        [str(PROGRAM), *arguments, *fixed],
        env={**os.environ, "CHROME_PATH": find_chromium()},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
