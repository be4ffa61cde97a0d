"""A small shop of its own for each run: two products, two pick-ups, an empty database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from core.database import db
from core.migrating import FOLDER
from core.settings import Settings
from tests import factories as make
from tests.postgres import create_database, drop_database, postgres_server

SECRET = "only for the rush, only for the rush, only for the rush"
ENOUGH = 500
_names = count(1)


@dataclass(frozen=True)
class World:
    """``stock`` pieces of each product and ``places`` at the pick-up."""

    url: str
    stock: int
    places: int
    products: tuple[int, ...]
    slugs: tuple[str, ...]
    names: tuple[str, ...]
    pickup: int


def app_of(url: str, **more: object) -> Flask:
    """The shop's code in this process, on that database: to fill it and to look into its books."""
    return create_app(Settings(database_url=url, secret_key=SECRET, **more))  # type: ignore[arg-type]


def fill(url: str, *, stock: int, places: int) -> World:
    """Honey and chard, so that a basket has two lines, and two pick-ups; the run is about the second."""
    app = app_of(url)
    with app.app_context():
        upgrade(str(FOLDER))
        goods = make.honey(left=stock), make.chard(left=stock)
        make.pickup(days=2, capacity=60)  # the one that the shop proposes
        pickup = make.pickup(days=3, capacity=places)
        made = World(
            url,
            stock,
            places,
            tuple(product.id for product in goods),
            tuple(product.slug for product in goods),
            tuple(product.name for product in goods),
            pickup.id,
        )
        db.session.remove()
        db.engine.dispose()
    return made


@dataclass
class Databases:
    """Gives out empty databases of one kind, and takes them back at the end."""

    kind: str
    server: str = ""
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Databases:
        if self.kind == "postgresql" and not self.server:
            self.server = self._stack.enter_context(postgres_server())
        return self

    def __exit__(self, *trouble: object) -> None:
        self._stack.close()

    @contextmanager
    def new(self) -> Iterator[str]:
        if self.kind == "sqlite":
            with tempfile.TemporaryDirectory(prefix="chilometrico-rush-") as folder:
                yield f"sqlite:///{folder}/shop.sqlite3"
            return
        name = f"rush_{next(_names)}"
        yield create_database(self.server, name)
        drop_database(self.server, name)
