"""HTML_CodeSniffer on the page that is open, by its WCAG2AA standard."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "@pa11y" / "html_codesniffer" / "build" / "HTMLCS.js"
RUN = """() => new Promise((done, failed) => {
    const line = message => `${message.code}: ${message.msg} (${(message.element.outerHTML || "").slice(0, 120)})`;
    const errors = () => HTMLCS.getMessages().filter(message => message.type === HTMLCS.ERROR);
    HTMLCS.process("WCAG2AA", document, () => done(errors().map(line)), failed);
})"""

# HTML has meanwhile let an e-mail field be a user name; Nu knows it.
MISTAKEN = ("Invalid autocomplete value: username. Element does not belong to Text control group",)


def errors(page: Page) -> list[str]:
    """One line for each error. Its warnings and notices are questions to a person, some 45 a page, and no verdict."""
    page.evaluate(_script())
    return [line for line in page.evaluate(RUN) if not any(mistake in line for mistake in MISTAKEN)]


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
