"""The tasks that both programs have, each on the shortest path that was found by looking at the pages.

A new path is one more entry: who walks it, where it starts, what is clicked and written, what only the last page shows,
and, where our own walk changed something that a later one needs, how to take it back (not counted).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page

from tests.comparison.counting import Action, Fill, Open, Press
from tests.judges.pages import PASSWORD, enter_as_tutor, enter_with_badge

FIND, HAND_OVER, COUNT = "find an order", "mark it handed over", "change stock"
OSCAR = "django-oscar"
CRATE = 5  # of the 8 that wait: neither the first nor the last
GOODS, HOW_MANY = "Miele di acacia", "12"  # the fifth of the 10 that our shelves have to count
STAFF = "rita@chilometrico.example"
GUIDED, PLAIN, TUTOR, THE_YES = "level 2 (Carla)", "level 0 (Dario)", "tutor (Rita)", "the tutor's yes"


@dataclass(frozen=True)
class Path:
    task: str
    who: str
    start: str
    actions: tuple[Action, ...]
    ends_with: str
    back: tuple[Action, ...] = ()


def enter_oscar(page: Page) -> None:
    page.goto("/dashboard/")
    page.locator("input[name=username]").fill(STAFF)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/dashboard/")


ENTRANCES: dict[str, Callable[[Page], None]] = {
    GUIDED: partial(enter_with_badge, "Carla"),
    PLAIN: partial(enter_with_badge, "Dario"),
    TUTOR: enter_as_tutor,
    THE_YES: enter_as_tutor,
    OSCAR: enter_oscar,
}


def link(name: str) -> str:
    return f"role=link[name=/{name}/]"


def button(name: str) -> str:
    return f"role=button[name=/{name}/]"


HAND = Open("main a[href='/banco/consegna']")
MORE = Open(link(r"^Altr[ei]\b"))
ONE = Open(link(rf"Cassetta {CRATE}\b"))
ON = Open("a[data-azione=principale]")
GIVEN = Open(button("Sì, data"))
UNDO = (Open("form[action='/banco/torna-indietro'] button"),)
IS_GIVEN = f"h1:has-text('Hai dato la cassetta {CRATE}')"
TO_COUNT = (  # the shelves are on one's own page: they are never in a hurry
    Open("a[href='/banco/io']"),
    Open("main a[href='/banco/scaffali']"),
    Open("main a[href='/banco/scaffali/conta']"),
)
IN_LIST = f".list > li:has-text('{GOODS}')"

OURS = [
    Path(FIND, GUIDED, "/banco", (HAND, MORE, ONE), f"h1:has-text('Trova la cassetta {CRATE}')"),
    Path(FIND, PLAIN, "/banco", (HAND, ONE), f"h1:has-text('Dai la cassetta {CRATE}')"),
    Path(
        FIND,
        TUTOR,
        "/tutor",
        (Open("nav >> " + link("^Ordini$")), Open(f".orders-table tbody tr:nth-child({CRATE}) th a")),
        "h1:has-text('Ordine')",
    ),
    Path(HAND_OVER, GUIDED, "/banco", (HAND, MORE, ONE, ON, ON, GIVEN), IS_GIVEN, UNDO),
    Path(HAND_OVER, PLAIN, "/banco", (HAND, ONE, GIVEN), IS_GIVEN, UNDO),
    Path(HAND_OVER, TUTOR, "/tutor", (Open("nav >> " + link("^Banco$")), HAND, ONE, GIVEN), IS_GIVEN, UNDO),
    Path(  # a co-resident asks, and it counts when a tutor has said yes (the next path)
        COUNT,
        GUIDED,
        "/banco",
        (
            *TO_COUNT,
            MORE,
            Open(link(f"^{GOODS}")),
            ON,
            *(Press(f".keys .key-{digit}") for digit in HOW_MANY),
            Open(button("Chiedi al tutor")),
        ),
        "text=Hai chiesto al tutor",
    ),
    Path(COUNT, THE_YES, "/tutor", (Open(".proposals >> " + button("Sì, va bene")),), "h1:has-text('Hai detto sì')"),
    Path(
        COUNT,
        PLAIN,
        "/banco",
        (*TO_COUNT, Fill(f"{IN_LIST} >> input.list-grams", HOW_MANY), Open(f"{IN_LIST} >> button")),
        f"{IN_LIST} >> text=ha chiesto al tutor",
    ),
    Path(
        COUNT,
        TUTOR,
        "/tutor",
        (
            Open("nav >> " + link("^Prodotti$")),
            Open(link(f"^{GOODS}$")),
            Press("summary:has-text('Li ho contati')"),
            Fill("input[name=contati]", HOW_MANY),
            Open(button("Salva il conto")),
        ),
        "text=Se ne possono ancora promettere",
    ),
]

ORDERS = Open("a.btn[href='/dashboard/orders/']")
ORDER = Open("a.btn[href='/dashboard/orders/1005/']")  # "Vista": as near as its number, and larger
PRODUCTS = Open("a.btn[href='/dashboard/catalogue/']")

OSCARS = [
    Path(FIND, OSCAR, "/dashboard/", (ORDERS, ORDER), "h1:has-text('Ordine #1005')"),
    Path(  # its form offers «Consegnato» by itself; from the list it is a tick, a choice and a click more
        HAND_OVER,
        OSCAR,
        "/dashboard/",
        (ORDERS, ORDER, Open("#order_status_form >> " + button("Cambia stato"))),
        ".alert:has-text('Consegnato')",
    ),
    Path(
        COUNT,
        OSCAR,
        "/dashboard/",
        (
            PRODUCTS,
            Open(link(f"^{GOODS}$")),
            Press(link("Disponibilità e prezzo")),
            Fill("input[name='stockrecords-0-num_in_stock']", HOW_MANY),
            Open(button("^Salva$")),
        ),
        ".alert:has-text('Aggiornato prodotto')",
    ),
]
