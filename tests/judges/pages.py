"""Which pages the judges see, and how one gets there. The only file to touch when the shop gets a new page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlparse

from playwright.sync_api import Page

Way = str | Callable[[Page], str]  # a path, or what to do in the browser to learn it

PASSWORD = "pomodori e zucchine"  # of the demo's invented staff


def checkout(page: Page) -> str:
    """The checkout of a basket with something that is weighed and something that is not."""
    for slug in ("bietole", "carote"):
        page.goto(f"/prodotti/{slug}")
        page.get_by_role("button", name="Aggiungi al carrello").click()
    return "/cassa"


def some_order(page: Page) -> str:
    """A citizen's order by its link, taken from the newest letter of the demo."""
    page.goto("/demo/posta")
    letter = _path_of_link(page, "main a[href^='/demo/posta/']")
    page.goto(f"{letter}/html")
    return _path_of_link(page, "a[href*='/ordini/']")


def some_letter(page: Page) -> str:
    page.goto("/demo/posta")
    return _path_of_link(page, "main a[href^='/demo/posta/']")


def some_person(page: Page) -> str:
    page.goto("/tutor/persone")
    return _path_of_link(page, "main a[href^='/tutor/persone/']")


def first_crate(page: Page) -> str:
    """The crate that the desk offers first."""
    page.goto("/banco/prepara")
    return _path_of_link(page, "main a[href^='/banco/casse/']")


def second_half(page: Page) -> str:
    """With the whole guide a line has two screens; the first leads on without a deed."""
    page.goto(first_crate(page))
    page.locator("[data-azione=principale]").click()
    return _address(page)


def crate_at(heading: str, page: Page) -> str:
    """The crate under work, brought on until the screen's heading begins so."""
    found = re.match(r"/banco/casse/\d+", urlparse(page.url).path)
    path = found[0] if found else first_crate(page)
    page.goto(path)
    for _ in range(30):
        if page.locator("h1").inner_text().startswith(heading):
            return path
        reading = page.locator("main[data-schermo=numero] [data-lettura]")
        if reading.count() and reading.inner_text() == "0":  # a weight that was doubted is kept: Fatto again
            for digit in "500":
                page.get_by_role("button", name=digit, exact=True).click()
        page.locator("[data-azione=principale]").click()
    raise NotReached(f"{page.url}: never came to «{heading}»")


def crate_to_give(page: Page) -> str:
    page.goto("/banco/consegna")
    return _path_of_link(page, "main a[href^='/banco/consegna/']")


def giving_at(heading: str, page: Page) -> str:
    """The crate that is being handed over, brought on in the same way; the address may carry a step."""
    if "/banco/consegna/" not in page.url:
        page.goto(crate_to_give(page))
    for _ in range(10):
        if page.locator("h1").inner_text().startswith(heading):
            return _address(page)
        page.locator("[data-azione=principale]").click()
    raise NotReached(f"{page.url}: never came to «{heading}»")


# (name, way, who); `who` is a key of ENTRANCES. Deeds at the desk go on from one page to the next.
PAGES: list[tuple[str, Way, str]] = [
    ("scaffale", "/", "anonymous"),
    ("prodotto a pezzo", "/prodotti/miele-acacia", "anonymous"),
    ("prodotto a peso", "/prodotti/carote", "anonymous"),
    ("ritiro", "/ritiro", "anonymous"),
    ("carrello vuoto", "/carrello", "anonymous"),
    ("cassa", checkout, "anonymous"),
    ("carrello pieno", "/carrello", "anonymous"),
    ("ordine", some_order, "anonymous"),
    ("chi siamo", "/pagine/chi-siamo", "anonymous"),
    ("condizioni", "/pagine/condizioni", "anonymous"),
    ("recesso", "/pagine/recesso", "anonymous"),
    ("privacy", "/pagine/privacy", "anonymous"),
    ("accessibilità", "/pagine/accessibilita", "anonymous"),
    ("la prova", "/demo", "anonymous"),
    ("la posta", "/demo/posta", "anonymous"),
    ("una lettera", some_letter, "anonymous"),
    ("entrata dei tutor", "/tutor/entra", "anonymous"),
    ("english", "/?lang=en", "anonymous"),
    ("chi sei", "/banco", "tablet"),
    ("prendi, guida intera", first_crate, "Bruno"),
    ("prendi, secondo passo", second_half, "Bruno"),
    ("la cassetta in elenco", first_crate, "Dario"),
    ("oggi", "/banco", "Anna"),
    ("scegli la cassetta", "/banco/prepara", "Anna"),
    ("pesa", partial(crate_at, "Pesa"), "Anna"),
    ("prendi", partial(crate_at, "Prendi"), "Anna"),
    ("controlla", partial(crate_at, "Controlla"), "Anna"),
    ("etichetta", partial(crate_at, "Stampa"), "Anna"),
    ("pronta", partial(crate_at, "Hai preparato"), "Anna"),
    ("da consegnare", "/banco/consegna", "Anna"),
    ("chiedi il nome", partial(giving_at, "Chiedi il nome"), "Anna"),
    ("prendi i soldi", partial(giving_at, "Prendi i soldi"), "Anna"),
    ("dai la cassetta", partial(giving_at, "Dai la cassetta"), "Anna"),
    ("data", partial(giving_at, "Hai dato"), "Anna"),
    ("oggi dei tutor", "/tutor", "tutor"),
    ("persone", "/tutor/persone", "tutor"),
    ("una persona", some_person, "tutor"),
    ("squadra", "/tutor/squadra", "tutor"),
]

# Lighthouse is slow and mostly a subset of axe: one page of each face.
FOR_LIGHTHOUSE = ("scaffale", "cassa", "oggi", "oggi dei tutor")


def enter_as_anyone(page: Page) -> None:
    """A citizen needs no account."""


def enter_demo_tablet(page: Page) -> None:
    """Makes this browser the demo's tablet; nobody has come in yet."""
    page.goto("/demo")
    page.get_by_role("button", name="Usa questo browser come tablet di prova").click()


def enter_with_badge(name: str, page: Page) -> None:
    page.goto("/demo")
    page.get_by_role("button", name=name, exact=True).click()


def enter_as_tutor(page: Page) -> None:
    page.goto("/tutor/entra")
    page.get_by_label("E-mail").fill("rita@chilometrico.example")
    page.get_by_label("Parola d'ordine").fill(PASSWORD)
    page.get_by_role("button", name="Entra").click()


ENTRANCES: dict[str, Callable[[Page], None]] = {
    "anonymous": enter_as_anyone,
    "tablet": enter_demo_tablet,
    "Bruno": partial(enter_with_badge, "Bruno"),
    "Dario": partial(enter_with_badge, "Dario"),
    "Anna": partial(enter_with_badge, "Anna"),
    "tutor": enter_as_tutor,
}
FACES = {"anonymous": "shop", "tutor": "tutor"}  # everybody else stands at the desk


class NotReached(Exception):
    """The page is not where the list says, or does not let this person in."""


def visit(page: Page, way: Way) -> str:
    """Opens the page, returns its HTML as the server sent it; a redirect or any status but 200 is NotReached."""
    path = way if isinstance(way, str) else way(page)
    response = page.goto(path)
    if response is None or response.status != 200:
        raise NotReached(f"{path}: status {response.status if response else 'none'}")
    if urlparse(page.url).path != urlparse(path).path:
        raise NotReached(f"{path}: led to {page.url}")
    return response.text()


def _address(page: Page) -> str:
    found = urlparse(page.url)
    return f"{found.path}?{found.query}".removesuffix("?")


def _path_of_link(page: Page, selector: str) -> str:
    links = page.locator(selector)
    if not links.count():
        raise NotReached(f"{page.url}: no link {selector}")
    return urlparse(links.first.get_attribute("href") or "").path
