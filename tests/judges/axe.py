"""axe-core on the page that is open: WCAG 2.0 to 2.2, levels A and AA, and its best practices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# "target-size" is checked only under wcag22aa.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
    """One line for each element that breaks a rule: "rule: what it asks (selector)". Empty when the page passes.

    ``only``: these rules and no others.
    """
    wanted = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": TAGS}
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    found = _axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {rule['help']} ({_selector(node)})" for rule in found for node in rule["nodes"]]


@cache
def _axe() -> Axe:
    return Axe()


def _selector(node: dict[str, list[str | list[str]]]) -> str:
    return " ".join(part if isinstance(part, str) else " ".join(part) for part in node["target"])
