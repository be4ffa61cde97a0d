"""`python -m tests.bench`: what the shop's pages cost, beside a bare reference page at the same time.

    python -m tests.bench [--rounds 3] [--quick]

CPU of the server's processes for each operation, as a ratio to the reference page of the same round: figures in seconds
say more about the machine than about the shop. Ends with 1 where the median is past its bound by more than a quarter.
Everything runs on the loopback address, on databases made for the purpose; a few minutes.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from core.database import db
from tests.bench import weighing, world
from tests.bench.measuring import HEAD, Cell, one_by_one, side_by_side, table
from tests.bench.serving import Server, serving
from tests.bench.visiting import Visitor, hidden, token
from tests.bench.world import SECRET, World
from tests.shop.citizen import statements

FEW, MANY = 60, 2_000
MISSPELT = "prodoto nummero"
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """Who answers where."""

    reference: Server
    shop: Server
    large: Server
    few: World
    many: World


CELLS = {
    "hello": Cell("bare Flask 'hello' (the server alone)", None),
    "week": Cell("week page of 60, warm, a visitor who comes back", 0.35),
    "new": Cell("week page of 60, warm, a new visitor (gets a cookie)", None),
    "packed": Cell("week page of 60, warm, sent compressed", None),
    "basket": Cell("week page of 60, warm, two things in the basket", None),
    "stock": Cell("week page of 60 right after a change of stock", 2.0),
    "price": Cell("week page of 60 right after a change of price", 2.0),
    "product": Cell("product page, warm", 0.3),
    "product cold": Cell("product page right after a change of another product", 1.0),
    "product itself": Cell("product page right after a change of its own price", 1.0),
    "add": Cell("add to the basket, stored", 1.5),
    "order": Cell("whole guest order, all its pages", 10.0),
    "large": Cell("week page of 2,000, warm", None),
    "large price": Cell("week page of 2,000 right after a change of price", None),
    "large stock": Cell("week page of 2,000 right after a change of stock", None),
    "search": Cell("search with a misspelt word, 60 products", None),
    "large search": Cell("search with a misspelt word, 2,000 products", None),
}
MOST_REQUESTS, MOST_STATEMENTS, MOST_GROWTH = 7, 3, 1.1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a quarter of each count: to see that it runs")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers end too
    cells = {name: Cell(cell.name, cell.bound) for name, cell in CELLS.items()}
    with open_shops() as place:
        for number in range(given.rounds):
            print(f"round {number + 1}", file=sys.stderr, flush=True)
            play(place, cells, 4 if given.quick else 1)
        requests = requests_of_an_order(place)
        asked, weight = asks(place.few), weigh(place.few)
    return tell(cells, requests, asked, weight)


@contextmanager
def open_shops() -> Iterator[Place]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chilometrico-bench-")))
        few, many = [world.fill(f"sqlite:///{folder}/{size}.sqlite3", size) for size in (FEW, MANY)]
        reference = stack.enter_context(serving("tests.bench.reference:app"))
        shops = [
            stack.enter_context(serving("app:web_app()", DATABASE_URL=each.url, SECRET_KEY=SECRET))
            for each in (few, many)
        ]
        yield Place(reference, shops[0], shops[1], few, many)


def play(place: Place, cells: dict[str, Cell], less: int) -> None:
    """One round. The reference is measured anew for it, eight at once and one by one."""
    unit = side_by_side(place.reference, lambda one: one.get("/cards"), 800 // less, warm=80)
    change = place.few.change_stock
    alone = one_by_one(place.reference, lambda one: one.get("/cards"), 80 // less, between=change)  # in the same rhythm

    def together(name: str, server: Server, deed: object, times: int, warm: int = 80) -> None:
        cells[name].rounds.append(side_by_side(server, deed, times // less, warm=warm) / unit)  # type: ignore[arg-type]

    def apart(name: str, server: Server, deed: object, times: int, **more: object) -> None:
        cells[name].rounds.append(one_by_one(server, deed, times // less, **more) / alone)  # type: ignore[arg-type]

    together("hello", place.reference, lambda one: one.get("/hello"), 1_600)
    together("week", place.shop, lambda one: one.get("/"), 1_600)
    together("new", place.shop, look_as_a_stranger, 1_600)
    together("packed", place.shop, lambda one: one.get("/", packed=True), 1_600)
    together("basket", place.shop, lambda one: look_with_a_basket(one, place.few), 1_200)
    together("product", place.shop, lambda one: one.get(f"/prodotti/{place.few.products[0][1]}"), 1_600)
    together("add", place.shop, lambda one: add(one, place.few), 400, 8)
    together("order", place.shop, lambda one: order(one, place.few), 40, 8)
    together("large", place.large, lambda one: one.get("/"), 1_600)
    apart("stock", place.shop, lambda one: one.get("/"), 80, between=place.few.change_stock)
    apart("price", place.shop, lambda one: one.get("/"), 80, between=place.few.change_price)
    product = f"/prodotti/{place.few.products[0][1]}"
    apart("product cold", place.shop, lambda one: one.get(product), 80, between=place.few.change_price)
    apart("product itself", place.shop, lambda one: one.get(f"/prodotti/{place.few.change_price()}"), 80)
    apart("large stock", place.large, lambda one: one.get("/"), 40, between=place.many.change_stock)
    apart("large price", place.large, lambda one: one.get("/"), 20, between=place.many.change_price)
    if has_search(place.few):
        search = f"/cerca?q={quote(MISSPELT)}"
        together("search", place.shop, lambda one: one.get(search), 160, 16)
        together("large search", place.large, lambda one: one.get(search), 160, 16)


def look_as_a_stranger(one: Visitor) -> None:
    one.forget()
    one.get("/")


def look_with_a_basket(one: Visitor, here: World) -> None:
    if not one.carries:
        for product_id, _slug in here.products[1:3]:
            one.post("/carrello", token(one.get("/")) | {"prodotto": str(product_id)})
        one.carries = True
    one.get("/")


def add(one: Visitor, here: World) -> None:
    """One request: the answer is a redirect, which is not followed."""
    if not one.form:
        one.form = token(one.get("/"))
    one.post("/carrello", one.form | {"prodotto": str(here.products[3][0])}, follow=False)


def order(one: Visitor, here: World) -> None:
    """From a product's page to the order's own, as a guest who has never been here."""
    one.forget()
    number = next(_numbers)
    product_id, slug = here.products[number % 50]
    page = one.get(f"/prodotti/{slug}")
    one.post("/carrello", token(page) | {"prodotto": str(product_id), "da": "prodotto"})
    page = one.get("/cassa")
    typed = {"nome": "Prova Rossi", "email": f"prova{number}@posta.example"}
    page = one.post("/cassa", [*hidden(page), *typed.items(), ("ritiro", str(here.next_pickup()))])
    if "Grazie Prova" not in page:
        raise RuntimeError("the shop does not thank for the order")


def requests_of_an_order(place: Place) -> int:
    one = Visitor(place.shop.port)
    try:
        order(one, place.few)
    finally:
        one.close()
    return one.requests


def has_search(here: World) -> bool:
    return any(rule.rule == "/cerca" for rule in here.app.url_map.iter_rules())


def asks(here: World) -> dict[str, int]:
    """SQL statements of the week page, by what happened before."""
    client, found = here.app.test_client(), {}
    changes = {"warm": lambda: None, "after stock": here.change_stock, "after price": here.change_price}
    client.get("/")
    for name, change in changes.items():
        change()
        with here.app.app_context(), statements() as seen:
            client.get("/")
            found[name] = len(seen)
            db.session.remove()
    return found


def weigh(here: World) -> weighing.Weight:
    return weighing.weigh(here.app.test_client())


def tell(cells: dict[str, Cell], requests: int, asked: dict[str, int], weight: weighing.Weight) -> int:
    print(table([HEAD, *[cell.row() for cell in cells.values() if cell.rounds]]))
    grown = [large / few for large, few in zip(cells["large"].rounds, cells["week"].rounds, strict=True)]
    growth = Cell("2,000 products beside 60, warm", MOST_GROWTH, grown)
    print(table([growth.row()]))
    print(f"requests of a whole order: {requests} (at most {MOST_REQUESTS})")
    print("SQL statements of the week page: " + ", ".join(f"{name} {many}" for name, many in asked.items()))
    print(
        f"first view, compressed by the server with gzip: page {weight.page}, styles {weight.styles}, scripts "
        f"{weight.scripts}, together {weight.all} bytes (at most {weighing.MOST}) in {1 + weight.requests} requests; "
        f"with the font {weight.with_font} (at most {weighing.MOST_WITH_FONT})"
    )
    missed = [cell.name for cell in [*cells.values(), growth] if cell.is_missed]
    missed += ["requests of an order"] if requests > MOST_REQUESTS else []
    missed += ["SQL statements"] if max(asked.values()) > MOST_STATEMENTS else []
    missed += ["weight"] if weight.all > weighing.MOST or weight.with_font > weighing.MOST_WITH_FONT else []
    print("missed: " + ", ".join(missed) if missed else "every bound is kept")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
