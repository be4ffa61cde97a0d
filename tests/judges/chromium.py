"""The browser of the tests and the judges: the system's Chromium, without its services that look for a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, BrowserType, sync_playwright

OFF = [
    # the address bar of a window that nobody sees: half of what opening one costs
    "PreloadTopChromeWebUI",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    # Playwright's own list, which ours takes the place of
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join(OFF),
]
FAST_HANDS = """try { sessionStorage.removeItem("tocco"); } catch { /* a page without an origin keeps nothing */ }"""
"""The desk takes no second tap within half a second (static/js/desk.js). Tests are faster than a hand, and mean it."""


def find_chromium() -> str:
    """$CHROMIUM, or the first one on the PATH. Playwright's own download is never used."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise RuntimeError("Chromium is not there: ./test installs it; elsewhere set CHROMIUM")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def launch(kind: BrowserType, *more: str) -> Browser:
    """``more``: further arguments of the command line."""
    browser = kind.launch(executable_path=find_chromium(), args=[*ARGUMENTS, *more])
    browser.on("context", _hurry)
    return browser


@contextmanager
def at_a_persons_pace(browser: Browser) -> Iterator[Browser]:
    """Windows that are opened in here have the desk's own rule about a tap too many."""
    browser.remove_listener("context", _hurry)
    try:
        yield browser
    finally:
        browser.on("context", _hurry)


def _hurry(window: BrowserContext) -> None:
    window.add_init_script(FAST_HANDS)
