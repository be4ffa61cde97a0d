"""A shop of so many products in a database of its own, and what changes in it while it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from catalog import distance, products, stock
from catalog.models import Kind, PriceChange, Product, Stock, StockMove
from core import clock
from core.database import db, transaction
from core.migrating import FOLDER
from core.settings import Settings
from tests import factories as make

SECRET = "only for the bench, only for the bench, only for the bench"
SHELVES = ("orto", "orto", "orto", "frutta", "dispensa")
FIELDS = 7
PICKUPS = 5  # of sixty places each: orders of a bench fit in


@dataclass(frozen=True)
class World:
    app: Flask
    url: str
    products: list[tuple[int, str]]  # id and slug
    pickups: list[int]

    def next_pickup(self) -> int:
        """One after the other, so that none fills up."""
        return self.pickups[next(_turns) % len(self.pickups)]

    @contextmanager
    def open(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.remove()

    def change_price(self) -> str:
        """As a tutor does at the desk: another price of one product, each time of the next one. Returns its slug."""
        turn = next(_turns)
        product_id, slug = self.products[turn % len(self.products)]
        with self.open():
            products.set_price(product_id, 1_000 + turn % 887)
        return slug

    def change_stock(self) -> None:
        """As an order does: a little less of one product, each time of the next one."""
        turn = next(_turns)
        with self.open():
            product = db.session.get_one(Product, self.products[turn % len(self.products)][0])
            stock.count(product, 100_000 + turn % 2_000 * 100)


_turns = count()


def fill(url: str, how_many: int) -> World:
    app = create_app(Settings(database_url=url, secret_key=SECRET))
    with app.app_context():
        upgrade(str(FOLDER))
        make.vat()
        fields = [make.field() for _n in range(FIELDS)]
        place = make.place()
        for field in fields:
            distance.measure(field, place)
        coming = [make.pickup(place, days=3 + day, capacity=60).id for day in range(PICKUPS)]
        goods = [_product(n, fields[n % FIELDS].id) for n in range(how_many)]
        with transaction() as session:
            session.add_all(goods)
            session.flush()
            for each in goods:
                session.add(Stock(product_id=each.id, left=2_000_000))
                session.add(StockMove(product_id=each.id, why="offer", quantity=2_000_000, at=clock.now()))
                session.add(PriceChange(product_id=each.id, price=each.price, from_moment=clock.now()))
        made = World(app, url, [(each.id, each.slug) for each in goods], coming)
        db.session.remove()
        db.engine.dispose()
    return made


def _product(n: int, field_id: int) -> Product:
    """A third of them weighed, a third in pieces, a third packed and with a price per kilo."""
    kinds = (
        {"kind": Kind.BY_WEIGHT, "step": 100, "season": "9-12"},
        {"kind": Kind.FIXED, "unit": "mazzo", "unit_plural": "mazzi", "season": "3-6"},
        {"kind": Kind.FIXED, "unit": "vasetto", "unit_plural": "vasetti", "net": 500, "perishable": False},
    )
    more = {"price": 100 + n % 900, "field_id": field_id, "vat_category": "verdura", "shelf": SHELVES[n % len(SHELVES)]}
    words = "Raccolto a mano il giorno prima, pesato quando prepariamo la tua cassetta."
    return Product(slug=f"prodotto-{n}", name=f"Prodotto numero {n}", description=words, **kinds[n % 3], **more)
