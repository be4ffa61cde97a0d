"""Somebody who looks into the books all the time while others buy, in one consistent read each time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sqlalchemy import bindparam, create_engine, text

from core.database import engine_options, prepare
from tests.rush.world import World

PAUSE = 0.004  # seconds

# One statement, so one snapshot: on SQLite (WAL) and on PostgreSQL alike.
BOOKS = text("""
    SELECT s."left",
        (SELECT coalesce(sum(l.quantity), 0) FROM order_line l JOIN "order" o ON o.id = l.order_id
            WHERE l.product_id = s.product_id AND o.cancelled_at IS NULL) AS sold,
        (SELECT coalesce(sum(m.quantity), 0) FROM stock_move m WHERE m.product_id = s.product_id) AS ledger,
        (SELECT taken FROM pickup WHERE id = :pickup) AS taken,
        (SELECT count(*) FROM "order" WHERE pickup_id = :pickup AND cancelled_at IS NULL) AS orders
    FROM stock s WHERE s.product_id IN :products ORDER BY s.product_id
""").bindparams(bindparam("products", expanding=True))


@dataclass
class Books:
    """What was seen once. ``wrong`` says in words what does not add up."""

    rows: list[tuple[int, int, int, int, int]]

    def wrong(self, world: World) -> list[str]:
        found = []
        for left, sold, ledger, taken, orders in self.rows:
            if left + sold != world.stock or left < 0:
                found.append(f"left {left} + sold {sold} is not {world.stock}")
            if ledger != left:
                found.append(f"ledger {ledger} is not left {left}")
            if taken != orders or not 0 <= taken <= world.places:
                found.append(f"places taken {taken}, orders {orders}, places {world.places}")
        return found


@dataclass
class Watcher:
    """`with Watcher(world) as watcher:` looks until the block ends."""

    world: World
    samples: int = 0
    different: set[tuple] = field(default_factory=set)
    """Different states that were seen: more than two, or nothing was going on while it looked."""
    wrong: list[str] = field(default_factory=list)

    def __enter__(self) -> Watcher:
        self._engine = create_engine(self.world.url, **engine_options(self.world.url))
        prepare(self._engine)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._stop.set()
        self._thread.join(30)
        self._engine.dispose()

    def look(self) -> Books:
        with self._engine.connect() as connection:
            rows = connection.execute(BOOKS, {"pickup": self.world.pickup, "products": list(self.world.products)})
            return Books([tuple(map(int, row)) for row in rows])  # type: ignore[misc]

    def _watch(self) -> None:
        while not self._stop.wait(PAUSE):
            try:
                books = self.look()
            except Exception as trouble:
                self.wrong.append(f"could not look: {trouble}")
                return
            self.samples += 1
            self.different.add(tuple(books.rows))
            self.wrong += books.wrong(self.world)
