"""The day that is walked: one pick-up of today with eight crates, three people, two tablets, a tutor, a cash box."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import Flask
from flask_migrate import upgrade

from catalog.models import Product
from core import clock
from core.database import db
from core.migrating import FOLDER
from orders import closing, drawers
from people import badges, devices, passwords, staff
from people.capabilities import Capability, Role
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.rush.serving import Shop
from tests.rush.world import Databases, app_of

TUESDAY = date(2026, 12, 1)
BEFORE_NOON = clock.rome(TUESDAY - timedelta(days=1), 9)
CLOSED = clock.rome(TUESDAY - timedelta(days=1), 13)
AT_WORK = clock.rome(TUESDAY, 15, 40)
WINDOW = (16, 18)
TO_THE_WINDOW, TO_ITS_END = timedelta(minutes=25), timedelta(hours=2)
EMAIL, PASSWORD = "rita@posta.example", "pomodori e zucchine"
BOX = {1000: 2, 500: 2, 200: 2, 100: 3, 50: 2, 20: 3, 10: 3, 5: 3}
WISHES: dict[str, list[tuple[str, int]]] = {
    "Maria Rossi": [("carote", 500), ("bietole", 2)],
    "Olga Bruni": [("zucca", 1), ("miele-acacia", 1)],
    "Ugo Neri": [("spinaci", 300), ("bietole", 1)],
    "Ida Conti": [("carote", 1000), ("cavolo-nero", 1)],
    "Pia Galli": [("carote", 500), ("miele-acacia", 1)],
    "Teo Riva": [("carote", 600), ("bietole", 1)],
    "Ada Fermi": [("bietole", 1), ("spinaci", 400), ("miele-acacia", 1)],
    "Leo Sala": [("cavolo-nero", 1), ("miele-acacia", 1)],
}
"""Customer -> goods. Their crates have the numbers 1 to 8; nobody comes for the last one."""


class DayShop(Shop):
    """Counts its starts."""

    starts = 0

    def start(self) -> None:
        super().start()
        self.starts += 1


@dataclass
class World:
    """A running server on its own database. ``badges`` by first name, ``tablets``: their secrets, by number."""

    app: Flask
    shop: DayShop
    level: int
    badges: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tablets: dict[int, str] = field(default_factory=dict)
    orders: dict[int, int] = field(default_factory=dict)  # number of the crate -> id

    @contextmanager
    def books(self) -> Iterator[None]:
        """What the database holds now, read beside the running server."""
        with self.app.app_context():
            yield
            db.session.remove()

    def move_clock(self, shift: timedelta) -> None:
        """All processes have seen it when this returns."""
        with self.books():
            clock.move(shift)
        time.sleep(clock.READ_AGAIN_AFTER + 0.2)

    def restart(self) -> None:
        """SIGKILL of everything, and a start on the same database and the same port."""
        assert self.shop.kill() >= 5, "server, master, two workers and the worker that sends"
        self.shop.start()


@contextmanager
def running_day(databases: Databases, level: int) -> Iterator[World]:
    """Tuesday the first of December 2026, twenty to four in the afternoon: everything is still to be done."""
    with databases.new() as url:
        app = app_of(url)
        world = World(app, DayShop(url), level)
        try:
            with world.books():
                upgrade(str(FOLDER))
                _fill(world)
            world.shop.start()
            yield world
        finally:
            world.shop.close()
            with app.app_context():
                db.engine.dispose()


def _fill(world: World) -> None:
    with clock.at(BEFORE_NOON):
        _people(world)
        goods = {product.slug: product for product in _goods()}
        pickup = make.pickup(days=1, hours=WINDOW, capacity=20)
        for name, wishes in WISHES.items():
            email = f"{name.lower().replace(' ', '.')}@posta.example"
            make.order(
                *(make.wish(goods[slug], quantity) for slug, quantity in wishes), at=pickup, name=name, email=email
            )
        drawers.count(pickup.place, BOX, by=None)
    with clock.at(CLOSED):
        closing.close(pickup.id)
    clock.set_once(AT_WORK)
    world.orders = {number: number for number in range(1, len(WISHES) + 1)}


def _goods() -> list[Product]:
    """Counted, weighed, weighed in a bowl, pieces that are weighed, and a jar that keeps."""
    spinach = make.product("spinaci", name="Spinaci", kind="by_weight", price=420, step=100, left=20_000)
    crates.bowl(spinach)
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    kale = make.product("cavolo-nero", name="Cavolo nero", price=220, unit="mazzo", unit_plural="mazzi", left=40)
    return [make.chard(), make.carrots(), spinach, squash, kale, make.honey(shelf="dispensa")]


def _people(world: World) -> None:
    rita = staff.add("Rita", Role.TUTOR, email=EMAIL, password_hash=passwords.hashed(PASSWORD))
    for name in ("Anna", "Bruno", "Carla"):
        person = staff.add(name, Role.CO_RESIDENT, support_level=world.level, reads_aloud=False, by=rita)
        world.people[name], world.badges[name] = person.id, badges.make(person, by=rita)
        if name == "Carla":
            _may_hand_over(person, rita)
    for number in (1, 2):
        world.tablets[number] = devices.enrol(f"Tablet {number}", by=rita)[1]


def _may_hand_over(person: Person, by: Person) -> None:
    for capability in (Capability.HAND_OVER, Capability.TAKE_CASH):
        staff.give(person, capability, "lo sa fare", by=by)
