"""Lighthouse's accessibility score. It starts a browser of its own, some 15 seconds a page: a few pages must do."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.judges.chromium import ARGUMENTS, find_chromium

PROGRAM = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
FORM_FACTORS = {"phone": [], "desktop": ["--preset=desktop"]}


def complaints(url: str, form_factor: str = "phone", cookie: str = "") -> list[str]:
    """The audits that keep the page from 100, as "audit: what it asks". Empty at 100. `cookie` is a Cookie header."""
    with tempfile.TemporaryDirectory() as folder:
        report = _report(Path(folder), [url, *FORM_FACTORS[form_factor], *_cookie_header(Path(folder), cookie)])
    category = report["categories"]["accessibility"]
    if report.get("runtimeError") or report["finalDisplayedUrl"] != url:  # a sign-in page, say
        raise RuntimeError(f"Lighthouse saw {report['finalDisplayedUrl']} for {url}: {report.get('runtimeError')}")
    if category["score"] == 1:
        return []
    audits = [report["audits"][ref["id"]] for ref in category["auditRefs"] if ref["weight"]]
    return [f"{audit['id']}: {audit['title']}" for audit in audits if audit["score"] == 0]


def _cookie_header(folder: Path, cookie: str) -> list[str]:
    if not cookie:
        return []
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    return [f"--extra-headers={headers}"]


def _report(folder: Path, arguments: list[str]) -> dict:
    flags = ["--headless", "--no-sandbox", *ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]
    fixed = ["--quiet", "--output=json", f"--output-path={folder / 'report.json'}", "--only-categories=accessibility"]
    done = subprocess.run(
        [str(PROGRAM), *arguments, *fixed, "--no-enable-error-reporting", f"--chrome-flags={' '.join(flags)}"],
        env={**os.environ, "CHROME_PATH": find_chromium()},
        capture_output=True,
        text=True,
        timeout=180,
    )
    if done.returncode:
        raise RuntimeError(f"Lighthouse gave up: {done.stderr[-500:].strip()}")
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))
