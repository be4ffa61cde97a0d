"""Forms sent as no browser would let one send them: what is required left out, what was chosen exchanged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlparse

from playwright.sync_api import Page, Response

from tests.judges.pages import NotReached, Way

SEND = """([formTo, sendTo, typed]) => {
  const form = [...document.forms].find(it => it.method === "post" && new URL(it.action).pathname === formTo);
  if (!form) return false;
  for (const [wanted, value] of Object.entries(typed)) {
    const begins = wanted.endsWith("*") ? wanted.slice(0, -1) : null;
    const isWanted = name => begins === null ? name === wanted : name.startsWith(begins);
    const found = [...form.elements].filter(it => isWanted(it.name) && !["submit", "file"].includes(it.type));
    const choices = found.filter(it => ["radio", "checkbox"].includes(it.type));
    for (const it of found) choices.includes(it) ? it.checked = it.value === value : it.value = value;
    if (!found.length || (choices.length && value && !choices.some(it => it.checked)))
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: wanted, value }));
  }
  if (sendTo) form.action = sendTo;
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""


@dataclass(frozen=True)
class Sent:
    """A page that only comes as an answer. ``form``: the endpoint that answers; ``status``: what it must say."""

    name: str
    form: str
    who: str
    send: Callable[[Page], Response]
    status: int = 422


def send(way: Way, page: Page, form: str = "", typed: Mapping[str, str] | None = None, *, to: str = "") -> Response:
    """Opens the page, fills in one of its forms and sends it past what the browser would check.

    ``way`` "": the page that is open. ``form``: the address that its form goes to, by default the page's own;
    "./x" is below the page. ``typed``: over what stands there; "x*" is every field whose name begins so. ``to``:
    another address to send it to. Raises NotReached where the page has no such form.
    """
    path = way if isinstance(way, str) else way(page)
    if path:
        page.goto(path)
    here = urlparse(page.url).path
    address = here + form.removeprefix(".") if form.startswith("./") else form or here
    with page.expect_navigation() as answer:
        if not page.evaluate(SEND, [address, to, dict(typed or {})]):
            raise NotReached(f"{page.url}: no form to {address}")
    return answer.value


def look(path: str, page: Page) -> Response:
    """A link that leads nowhere."""
    response = page.goto(path)
    if response is None:
        raise NotReached(path)
    return response


def answered(page: Page, sent: Sent) -> str:
    """Its HTML as the server sent it. Raises NotReached for any other status than the one that is expected."""
    response = sent.send(page)
    if response.status != sent.status:
        raise NotReached(f"{page.url}: status {response.status}, not {sent.status}")
    return response.text()
