"""The real shop, a real browser, a real mail server on the loopback interface."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.judges.server import ROOT, running_shop
from tests.rush.postbox import Postbox

OpenWindow = Callable[..., BrowserContext]


class Shop:
    """A running demo shop: its address, its letters, and the hands of its clock."""

    def __init__(self, address: str, folder: Path, postbox: Postbox) -> None:
        self.address, self.folder, self.postbox = address, folder, postbox

    def move_clock(self, shift: timedelta) -> None:
        minutes = int(shift.total_seconds() // 60) + 1
        flask = str(Path(sys.executable).with_name("flask"))
        environment = {**os.environ, "DEMO": "1", "DATABASE_URL": f"sqlite:///{self.folder / 'shop.sqlite3'}"}
        subprocess.run([flask, "--app", "app", "demo", "clock", f"+{minutes}m"], cwd=ROOT, env=environment, check=True)
        time.sleep(1.5)  # every process looks at the clock again within a second

    def letters_to(self, address: str, how_many: int) -> list[Message]:
        """Waits, at most a minute, until so many have arrived."""
        found: list[Message] = []
        for _ in range(600):
            found = [letter for letter in self.postbox.letters if address in str(letter["To"])]
            if len(found) >= how_many:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{len(found)} of {how_many} letters to {address}")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with Postbox() as postbox, running_shop(folder, SMTP_URL=postbox.url) as address:
        yield Shop(address, folder, postbox)


@pytest.fixture
def open_window(browser: Browser, shop: Shop) -> Iterator[OpenWindow]:
    """A window of its own (own cookies) at a size, with or without JavaScript."""
    windows: list[BrowserContext] = []

    def open_one(width: int, height: int, **more: object) -> BrowserContext:
        size = {"width": width, "height": height}
        window = browser.new_context(base_url=shop.address, viewport=size, locale="it-IT", **more)  # type: ignore[arg-type]
        windows.append(window)
        return window

    yield open_one
    for window in windows:
        window.close()
