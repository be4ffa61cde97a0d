"""A small farm to send nonsense to, and what must not move when somebody does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import places, rates
from catalog.models import Container, Field, PickUp, Product, Zone
from core import clock
from core.database import Base, db, transaction
from orders import citizens, closing, drawers, finding, handing_over, links, vouchers
from orders.citizens import CitizenAccount
from orders.models import Order
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests import rows
from tests.rows import Rows
from tests.shop.citizen import form, put
from tests.test_doors import signed_in

NO_BUSINESS = {"form_key", "failure", "order_link", "heartbeat", "clock", "reader_position", "access_log"}
NO_BUSINESS |= {"import_file"}
"""Rows that say that somebody knocked, not that anything happened."""

CAN = (Capability.HAND_OVER, Capability.TAKE_CASH)


@dataclass(frozen=True)
class Case:
    """Something that cannot be done. ``says``: of the sentence that answers it, enough words to stand nowhere else.

    ``keeps``: what was typed and must still be on the page. Raises ValueError for a case that says nothing.
    """

    name: str
    send: Callable[[World], TestResponse]
    status: int
    says: str
    keeps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.says.split()) < 2:
            raise ValueError(f"{self.name}: {self.says!r} is no sentence that could be missing")


@dataclass
class Memory:
    """The farm as it was built for the first test: its rows, and what stands for which of them."""

    rows: Rows = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)


class World:
    """Today there is a pick-up to hand over; tomorrow's is closed and to be prepared; later ones take orders.

    Land and orders are built once and written again for each test, which takes a tenth of the time.
    """

    def __init__(self, app: Flask, memory: Memory) -> None:
        self.app = app
        if memory.names:
            rows.write(memory.rows)
        else:
            self._land()
            self._orders()
            self._keep(memory)
        self._remember(memory)
        self.anna: Person = make.person("Anna", can=CAN)
        self.desk: FlaskClient = signed_in(app, self.anna, tablet=make.tablet()[1])
        self.tutor: FlaskClient = signed_in(app, make.tutor("Rita"), "password")
        self.coordinator: FlaskClient = signed_in(app, make.person("Teresa", make.Role.COORDINATOR), "password")
        self.shop: FlaskClient = app.test_client()
        self.citizen: FlaskClient = app.test_client()
        self._come_in()

    def _land(self) -> None:
        self.honey: Product = make.honey(left=8)
        self.carrots: Product = make.carrots(left=20_000)
        self.jar: Product = make.product("vasetto-di-prova", practice=True)
        self.gone: Product = make.product("finito", left=0)
        where = make.place("piazza")
        round_ = make.place("giro", name="A casa tua", kind="round", fee=300)
        self.field: Field = make.field("Campo lungo")
        self.mill: Field = make.field("Mulino")
        self.vat_of_honey: int = next(each.id for each in rates.categories() if each.name == "miele")
        self.voucher, self.stopped = (
            each.voucher.id for each in vouchers.issue(2000, clock.today() + timedelta(days=90), how_many=2, by=None)
        )
        vouchers.void(self.stopped, by=None)
        self.bowl: Container = places.add_container("Ciotola blu", 180, by=None)
        with transaction() as session:
            session.add(Zone(place_id=round_.id, municipality="Vigevano", postcode="27029"))
        self.open: PickUp = make.pickup(where, days=4)
        self.full: PickUp = make.pickup(where, days=5, capacity=1)
        self.home: PickUp = make.pickup(round_, days=6)
        self.far: PickUp = make.pickup(where, days=12)
        self.practice: PickUp = make.pickup(where, practice=True)
        self.closed: PickUp = make.pickup(where, days=1, cutoff=clock.now() + timedelta(minutes=5))

    def _orders(self) -> None:
        self.mine: Order = make.order(make.wish(self.honey), make.wish(self.carrots, 500), at=self.open)
        self.other: Order = make.order(make.wish(self.honey), at=self.full, email="altri@posta.example")
        self.crate: Order = make.order(make.wish(self.honey, 2), make.wish(self.carrots, 1_000), at=self.closed)
        self.gone_order: Order = make.order(make.wish(self.carrots, 500), at=self.closed)
        with clock.at(self.closed.cutoff_at + timedelta(minutes=1)):
            closing.close(self.closed.id)
        with clock.at(clock.now() - timedelta(days=3)):
            self.ready: Order = make.prepared(make.order(make.wish(make.chard()), make.wish(self.honey)))
        with clock.at(clock.now() - timedelta(days=3)):
            given = make.prepared(make.order(make.wish(self.honey)))
        drawers.count(self.ready.pickup.place, {}, by=None)
        handing_over.take_cash(given.id, by=None, expected=handing_over.cash_due(given))
        handing_over.hand_over(given.id, by=None)
        self.given: Order = given
        self.token, self.others_token = links.make(self.mine), links.make(self.other)

    def _come_in(self) -> None:
        """Who has ordered everything has an account, with one address."""
        with transaction() as session:
            account = CitizenAccount(email=self.mine.email or "", created_at=clock.now(), last_seen_at=clock.now())
            session.add(account)
            where = citizens.Where("Via Po 1", "27029", "Vigevano")
            session.flush()
            self.address = citizens.add_address(account.id, where).id
        with self.citizen.session_transaction() as session:
            session["citizen"] = {"id": account.id, "number": 0, "since": clock.now().isoformat()}

    def _keep(self, memory: Memory) -> None:
        for name, value in vars(self).items():
            if name != "app":
                memory.names[name] = inspect(value).identity_key if isinstance(value, Base) else value
        memory.rows = rows.read()

    def _remember(self, memory: Memory) -> None:
        for name, value in memory.names.items():
            setattr(self, name, db.session.get_one(value[0], value[1]) if isinstance(value, tuple) else value)

    # --- hands

    def filled(self, pickup: PickUp | None = None, **typed: str) -> MultiDict[str, str]:
        """The checkout with a jar and a kilo in it, filled in as the page shows it."""
        put(self.shop, self.honey)
        put(self.shop, self.carrots, 1_000)
        self.shop.post("/ritiro", data={"ritiro": (pickup or self.open).id})
        return form(self.shop, pickup or self.open, **typed)

    def order(self, pickup: PickUp | None = None, **typed: str) -> TestResponse:
        return self.shop.post("/cassa", data=self.filled(pickup, **typed))

    def order_rows(self, *rows: str) -> TestResponse:
        """With these lines instead of those on the page: 'product:quantity:price'."""
        sent = self.filled()
        sent.setlist("riga", list(rows))
        return self.shop.post("/cassa", data=sent)

    def line(self, order: Order, slug: str) -> int:
        return next(line.id for line in finding.get(order.id).lines if line.slug == slug)

    def weigh(self, grams: str, *, line: int | None = None, version: str = "0", **more: str) -> TestResponse:
        line = line or self.line(self.crate, "carote")
        sent = {"grams": grams, "version": version, "key": f"weigh-{grams!s:.8}-{line}-0123456789".replace("'", "x")}
        return self.desk.post(f"/banco/casse/{self.crate.id}/righe/{line}/peso", data=sent | more)


def footprint() -> dict[str, str]:
    """Table -> what is in it, so that one row more, less or different is seen."""
    db.session.rollback()
    found = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in NO_BUSINESS:
                rows = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest() + f" {len(rows)}"
    return found
