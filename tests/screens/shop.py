"""The shop as citizens see it: every page in every state that the judges see, at a phone's and a desktop's size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.judges import storefront
from tests.judges.looking import put_goods_into, things_to_see, visiting
from tests.judges.pages import enter_as_anyone
from tests.judges.server import running_shop

SIZES = ("phone", "desktop")
SHEETS = {
    "choosing": [
        "scaffale",
        "settimana con il carrello lungo",
        "filtri",
        "filtri che non lasciano niente",
        "cerca",
        "cerca e trova",
        "cerca e non trova",
        "cerca senza fine",
        "stagioni",
        "nessun ritiro: settimana",
        "nessun ritiro: stagioni",
        "vuoto: settimana",
        "vuoto: cerca",
        "vuoto: stagioni",
    ],
    "product": [
        "prodotto a peso",
        "prodotto a pezzo",
        "prodotto che è nel carrello",
        "prodotto che torna",
        "nessun ritiro: prodotto",
        "prodotto che non c'è",
        "campi del negozio",
        "nessun ritiro: campi",
        "vuoto: campi",
    ],
    "pickup": [
        "ritiro",
        "ritiro da dire per la cassa",
        "un ritiro che non c'è",
        "vuoto: ritiro",
        "ritiro al completo",
        "avvisami, da guardare",
        "ti avvisiamo noi",
        "aspettavi un posto",
        "avviso tolto",
        "avviso di nessuno",
    ],
    "ordering": [
        "carrello vuoto",
        "carrello pieno",
        "carrello lungo",
        "hai tolto",
        "nel carrello quello che non c'è",
        "nessun ritiro: carrello",
        "vuoto: carrello",
        "cassa",
        "cassa lunga",
        "cassa già scritta",
        "cassa, niente di scritto",
        "cassa, tutto da guardare",
        "cassa, i prezzi sono cambiati",
        "cassa, il ritiro non c'è più",
        "nessun ritiro: cassa",
    ],
    "order": [
        "ordine",
        "ordine lungo",
        "ordine ricevuto",
        "ordine in preparazione",
        "ordine pronto",
        "ordine consegnato",
        "ordine consegnato, con un grazie",
        "ordine non ritirato",
        "ordine disdetto",
        "ordine disdetto da chi ordina",
        "chi viene, senza fine",
        "e-mail corretta che non va",
        "ordine con mezzo link",
    ],
    "after": [
        "cambia l'ordine",
        "il nuovo conto",
        "cambia l'ordine, non resta niente",
        "cambia l'ordine, intanto è cambiato",
        "disdici l'ordine",
        "disdici troppo tardi",
        "recedere da un ordine",
        "recesso da un ordine, da guardare",
        "che cosa dichiari di un ordine",
        "recedere",
        "recesso vuoto",
        "vuoto: recedere",
        "che cosa dichiari",
        "recesso ricevuto",
        "un grazie",
        "un grazie senza parole",
        "hai perso il link",
        "link perso, da guardare",
        "guarda la posta",
    ],
    "own": [
        "i tuoi ordini, prima di entrare",
        "entra, da guardare",
        "il link è partito",
        "il link per entrare",
        "link per entrare finito",
        "i tuoi ordini",
        "i tuoi ordini, con molti ordini",
        "i tuoi ordini, più vecchi non ce ne sono",
        "nessun ordine tuo",
        "nome, telefono e indirizzi",
        "nome, telefono e due indirizzi",
        "niente di scritto per ordinare",
        "nome e telefono da guardare",
        "un indirizzo",
        "indirizzo nuovo",
        "indirizzo nuovo, da guardare",
        "un tuo indirizzo",
        "un tuo indirizzo da guardare",
        "tutto quello che teniamo",
        "i tuoi dati, con molti ordini",
        "pochi dati tuoi",
        "cancella i tuoi dati",
        "cancella",
        "cancella, con un ordine aperto",
        "cancella, ma prima però",
        "cancelliamo tutto?",
        "i tuoi dati non ci sono più",
        "l'ordine di un altro",
        "vuoto: entra nei tuoi ordini",
    ],
    "around": [
        "chi siamo",
        "condizioni",
        "vuoto: condizioni",
        "recesso",
        "garanzia",
        "privacy",
        "cookie",
        "accessibilità",
        "vuoto: accessibilità",
        "entrata dei tutor",
        "la prova",
        "la posta",
        "una lettera",
        "la bilancia di prova",
    ],
    "english": [
        "english",
        "english: week with a basket",
        "english: search",
        "english: seasons",
        "english: product by weight",
        "english: product by piece",
        "english: fields",
        "english: pick-up",
        "english: basket",
        "english: checkout",
        "english: checkout refused",
        "english: order received",
        "english: order ready",
        "english: order handed over",
        "english: change the order",
        "english: withdrawal",
        "english: withdrawal refused",
        "english: lost link",
        "english: own orders",
        "english: terms",
    ],
}
"""Thought -> its pages: one sheet each, empty, full and refused beside one another."""

TALLEST = {"product": 3300, "ordering": 3900, "order": 3300}
"""Thought -> pixels of a page that are shown, where what one decides on stands further down than elsewhere."""

GUEST = {"anonymous": enter_as_anyone}

Shot = tuple[str, bytes]
Picture = Callable[[Page], bytes]


def take(browser: Browser, size: ViewportSize, picture: Picture) -> dict[str, list[Shot]]:
    """Thought -> its pictures, from shops of its own: looking at the one size changes nothing at the other."""
    with tempfile.TemporaryDirectory() as folder:
        shots = dict(_pictures(browser, size, Path(folder), picture))
    return {sheet: [(name, shots[name]) for name in names] for sheet, names in SHEETS.items()}


def _pictures(browser: Browser, size: ViewportSize, folder: Path, picture: Picture) -> Iterator[Shot]:
    with running_shop(folder) as shop:
        for who, enter in (GUEST | storefront.ENTRANCES).items():
            with _window(browser, shop, size) as page:
                enter(page)
                for name, see in things_to_see(who):
                    see(page)
                    yield name, picture(page)
    url = f"sqlite:///{folder / 'empty.sqlite3'}"
    with running_shop(folder, url, DEMO="") as shop, _window(browser, shop, size) as page:
        for name, way in storefront.EMPTY:
            visiting(way)(page)
            yield name, picture(page)
        put_goods_into(url)
        for name, way in storefront.NO_PICKUP:
            visiting(way)(page)
            yield name, picture(page)


@contextmanager
def _window(browser: Browser, shop: str, size: ViewportSize) -> Iterator[Page]:
    with browser.new_context(base_url=shop, viewport=size, locale="it-IT") as context:
        yield context.new_page()
