"""What the demo's letters lead to. Read without a browser and without its cookies: some two hundred small pages."""

from __future__ import annotations

import re
import time
from functools import cache
from urllib.parse import urlparse
from urllib.request import Request, urlopen

from playwright.sync_api import Page

SECONDS = 90  # the worker looks for free places every twenty


class NoLetter(Exception):
    """Nothing like that has been sent."""


def shop_of(page: Page) -> str:
    """The address of the shop that this page is of, or is about to open."""
    if not page.url.startswith("http"):
        page.goto("/")
    found = urlparse(page.url)
    return f"{found.scheme}://{found.netloc}"


def order_that(says: str, page: Page, nth: int = 0) -> str:
    """The newest order whose own page says this, in Italian, or the nth. What it said when first asked counts."""
    found = [path for path, words in _orders(shop_of(page)) if says in words]
    if not found:
        raise NoLetter(f"no order says «{says}»")
    return found[nth]


def order_with(deed: str, page: Page) -> str:
    """The newest order whose own page led to this, "/cambia" for one, when first asked."""
    for path, words in _orders(shop_of(page)):
        if f'href="{path}{deed}"' in words:
            return path
    raise NoLetter(f"no order with {deed}")


def link_to(email: str, path: str, page: Page) -> str:
    """The newest link that begins so, in a letter to this address; waits until it is there."""
    shop, until = shop_of(page), time.monotonic() + SECONDS
    while time.monotonic() < until:
        for letter in _letters(shop)[:12]:
            links = re.findall(rf'{re.escape(path)}[^"<\s]+', _read(f"{shop}{letter}/html"))
            if links and email in _read(f"{shop}{letter}"):
                return links[0]
        time.sleep(0.5)
    raise NoLetter(f"no letter to {email} with {path}")


@cache
def _orders(shop: str) -> list[tuple[str, str]]:
    """(address, page) of every order that a letter is about, the newest letter's first."""
    found: dict[str, str] = {}
    for letter in _letters(shop):
        for path in re.findall(r'/ordini/[^"<\s/]{20,}', _read(f"{shop}{letter}/html"))[:1]:
            found.setdefault(path, _read(f"{shop}{path}"))
    return list(found.items())


def _letters(shop: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/demo/posta/\d+", _read(f"{shop}/demo/posta"))))


def _read(address: str) -> str:
    with urlopen(Request(address, headers={"Accept-Language": "it"}), timeout=30) as answer:
        return answer.read().decode()
