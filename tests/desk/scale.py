"""A scale for the browser of a test: Web Serial played by a stream, and keys as fast as a scale types them."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from people import devices
from people.devices import Scale
from people.models import Person
from tests.desk.test_meter import enter

SERIAL = """
(() => {
  const port = new EventTarget();
  let said;
  port.open = async (options) => {
    if (port.readable) throw new DOMException("open already", "InvalidStateError");
    window.opened = options;
    port.readable = new ReadableStream({ start: (controller) => { said = controller; } });
  };
  port.close = async () => { port.readable = null; };
  const serial = new EventTarget();
  serial.getPorts = async () => (localStorage.allowed ? [port] : []);
  serial.requestPort = async () => {
    window.asked = (window.asked ?? 0) + 1;
    if (window.nobodyChooses) throw new DOMException("No port selected by the user.", "NotFoundError");
    localStorage.allowed = "yes";
    return port;
  };
  Object.defineProperty(navigator, "serial", { value: serial });
  window.send = (text) => said.enqueue(new TextEncoder().encode(text));
  window.unplug = () => {
    port.readable = null;
    said.error(new DOMException("lost", "NetworkError"));
  };
})();
"""
"""Stands for ``navigator.serial``: what may be chosen is one scale, and one that was chosen once is known again."""

PACE = """
(() => {
  let now = 1000;
  window.pace = 400;
  window.addEventListener("keydown", () => { now += window.pace; }, true);
  Object.defineProperty(Event.prototype, "timeStamp", { get: () => now });
})();
"""
"""Milliseconds between two keys, as the test says: a busy machine types neither faster nor slower."""


def at_scale(
    browser: Browser, address: str, person: Person, scale: Scale = Scale.SERIAL, *, script: bool = True
) -> Page:
    """Somebody at a tablet that has a scale beside it."""
    page = enter(browser, address, person, before=SERIAL + PACE, script=script)
    for device in devices.in_use():
        devices.set_scale(device.id, scale, by=None)
    return page


def is_heard(page: Page) -> None:
    """The page has opened the scale: what it says from now on is read. The page's own policy forbids to wait in it."""
    for _look in range(50):
        if page.evaluate("Boolean(window.opened)"):
            return
        page.wait_for_timeout(100)
    assert page.evaluate("Boolean(window.opened)")


def says(page: Page, *lines: str) -> None:
    """The scale sends lines, each with its end."""
    for line in lines:
        page.evaluate("line => window.send(line + '\\r\\n')", line)


def lies_on_it(page: Page, grams: int) -> None:
    """Something else lies on the scale: it swings, then stands."""
    says(page, f"US,GS,+{(grams + 37) / 1000:8.3f}kg", f"US,GS,+{(grams - 12) / 1000:8.3f}kg")
    says(page, f"ST,GS,{'-' if grams < 0 else '+'}{abs(grams) / 1000:8.3f}kg")


def type_at(page: Page, pace: int, keys: str) -> None:
    """One key after another, with the pause of a hand (400) or of a scale (5) between them; Enter is ⏎."""
    page.evaluate("pace => { window.pace = pace; }", pace)
    for key in keys:
        page.keyboard.press("Enter" if key == "⏎" else key)
