"""A small believable world, one thing at a time. Everything has a default; say only what the test is about."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from catalog import pickups, products, stock
from catalog.models import Field, Kind, PickUp, Place, Product, VatRate
from core import clock
from core.database import db, transaction
from orders import closing, placing, preparing
from orders.models import Order, OrderLine
from people import devices, staff
from people.capabilities import Capability, Role
from people.models import Device, Person

_numbers = count(1)


def vat(category: str = "verdura", rate: int = 4) -> None:
    with transaction() as session:
        if not session.query(VatRate).filter_by(category=category).count():
            session.add(VatRate(category=category, rate=rate, from_day=date(2020, 1, 1), reference="test"))


def field(name: str = "", **more: object) -> Field:
    row = {"municipality": "Vigevano", "province": "PV", "latitude": 45.2846, "longitude": 8.8790, **more}
    with transaction() as session:
        made = Field(name=name or f"Campo {next(_numbers)}", **row)
        session.add(made)
    return made


def product(
    slug: str = "", *, left: int = 100, vat_category: str = "verdura", vat_rate: int = 4, **more: object
) -> Product:
    """A jar that costs 8.50, a hundred of them, unless said otherwise."""
    vat(vat_category, vat_rate)
    slug = slug or f"prodotto-{next(_numbers)}"
    row = {"name": slug.replace("-", " ").capitalize(), "kind": Kind.FIXED, "price": 850, **more}
    if row["kind"] == Kind.FIXED:
        row = {"unit": "vasetto", "unit_plural": "vasetti", **row}
    made = products.create(Product(slug=slug, vat_category=vat_category, **row))
    if left:
        stock.offer(made, left)
    return made


def honey(**more: object) -> Product:
    more = {"name": "Miele di acacia", "net": 500, "perishable": False, "vat_category": "miele", "vat_rate": 10, **more}
    return product("miele-acacia", **more)  # type: ignore[arg-type]


def chard(**more: object) -> Product:
    more = {"name": "Bietole", "price": 180, "unit": "mazzo", "unit_plural": "mazzi", **more}
    return product("bietole", **more)  # type: ignore[arg-type]


def carrots(**more: object) -> Product:
    more = {"name": "Carote", "kind": Kind.BY_WEIGHT, "price": 290, "step": 100, "left": 50_000, **more}
    return product("carote", **more)  # type: ignore[arg-type]


def place(slug: str = "", **more: object) -> Place:
    row = {
        "name": "Piazza Ducale",
        "address": "Piazza Ducale, Vigevano",
        "municipality": "Vigevano",
        "province": "PV",
        "latitude": 45.3166,
        "longitude": 8.8583,
        **more,
    }
    with transaction() as session:
        made = Place(slug=slug or f"posto-{next(_numbers)}", **row)
        session.add(made)
    return made


def pickup(where: Place | None = None, *, days: int = 3, **more: object) -> PickUp:
    """Takes orders until noon of the day before."""
    row = {"hours": (16, 18), **more}
    return pickups.schedule(where or place(), clock.today() + timedelta(days=days), **row)  # type: ignore[arg-type]


def wish(what: Product, quantity: int = 1) -> placing.Wish:
    return placing.Wish(what.id, quantity, what.price)


def citizen(**more: object) -> placing.Citizen:
    row = {"name": "Maria Rossi", "email": "maria.rossi@posta.example", **more}
    return placing.Citizen(**row)  # type: ignore[arg-type]


def order(*wishes: placing.Wish, at: PickUp | None = None, key: str = "", **more: object) -> Order:
    """Placed a moment ago; brought home where the pick-up is a round."""
    wishes, at = wishes or (wish(product()),), at or pickup()
    key = key or f"test-form-key-{next(_numbers)}"
    if at.place.kind == "round":
        more.setdefault("address", "Via Roma 1, 27029 Vigevano")
    deed = {name: more.pop(name) for name in ("codes", "seen_held") if name in more}
    return placing.place(wishes, citizen(**more), at.id, key=key, **deed)  # type: ignore[arg-type]


def closed(made: Order) -> Order:
    """Its pick-up has closed a minute ago and the crate has a number."""
    with clock.at(made.pickup.cutoff_at + timedelta(minutes=1)):
        closing.close(made.pickup_id)
    return made


def pack(line: OrderLine, grams: int | None = None, *, by: int | None = None) -> OrderLine:
    """One line into the crate: on the scale where it is weighed, and as heavy as ordered unless said."""
    if not line.is_weighed:
        return preparing.take_line(line.order_id, line.id, version=line.version, by=by)
    grams = grams or line.expected_grams or 1
    return preparing.weigh_line(line.order_id, line.id, grams, version=line.version, by=by)


def prepared(made: Order, *, by: Person | None = None) -> Order:
    """Everything is in the crate, weighed as ordered, labelled."""
    who = by.id if by else None
    for line in closed(made).lines:
        pack(line, by=who)
    preparing.finish(made.id, by=who)
    return preparing.label(made.id, by=who)


def person(
    name: str = "Anna", role: Role = Role.CO_RESIDENT, *, can: tuple[Capability, ...] = (), **more: Any
) -> Person:
    made = staff.add(name, role, **more)
    if can:
        boss = tutor(f"Tutor di {name} {next(_numbers)}")
        for capability in can:
            staff.give(made, capability, "per la prova", by=boss)
    return made


def tutor(name: str = "Rita", **more: Any) -> Person:
    return staff.add(name, Role.TUTOR, **more)


def tablet(name: str = "Tablet 1") -> tuple[Device, str]:
    """The device and the secret for its cookie."""
    return devices.enrol(name, by=tutor(f"Tutor del tablet {next(_numbers)}"))


def fresh(thing: object) -> None:
    """Forget what was loaded, so that the next look reads the database."""
    db.session.rollback()
    db.session.expire_all()
