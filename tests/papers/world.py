"""A pick-up with as many crates as wanted, for looking at papers. Everybody and everything is invented."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from catalog.models import Field, Kind, PickUp, Product
from core import clock
from core.database import db, transaction
from orders import closing, preparing, substituting
from orders.models import Order, OrderLine, Seller
from orders.placing import Wish
from tests import factories as make

BUNCH = {"unit": "mazzo", "unit_plural": "mazzi", "unit_en": "bunch", "unit_plural_en": "bunches"}
JAR = {"unit": "vasetto", "unit_plural": "vasetti", "unit_en": "jar", "unit_plural_en": "jars", "perishable": False}
HONEY = {"vat_category": "miele", "vat_rate": 10, "shelf": "dispensa", "net": 500}
FRUIT = {"vat_category": "frutta", "shelf": "frutta"}

GOODS = (
    # field, slug, name, English name, kind, cents, the rest
    (0, "carote", "Carote", "Carrots", Kind.BY_WEIGHT, 220, {"step": 500}),
    (0, "patate", "Patate", "Potatoes", Kind.BY_WEIGHT, 190, {"step": 1000}),
    (0, "zucca", "Zucca delica", "Delica squash", Kind.PIECE_BY_WEIGHT, 240, {"piece_grams": 1800}),
    (0, "bietole", "Bietole", "Chard", Kind.FIXED, 180, BUNCH),
    (1, "spinaci", "Spinaci", "Spinach", Kind.BY_WEIGHT, 420, {"step": 250}),
    (1, "cipolle", "Cipolle dorate", "Yellow onions", Kind.BY_WEIGHT, 200, {"step": 500}),
    (1, "cavolo-nero", "Cavolo nero", "Black kale", Kind.FIXED, 220, BUNCH),
    (2, "mele", "Mele renette", "Reinette apples", Kind.BY_WEIGHT, 240, {"step": 500, **FRUIT}),
    (2, "cachi", "Cachi", "Persimmons", Kind.BY_WEIGHT, 280, {"step": 500, **FRUIT}),
    (None, "miele-acacia", "Miele di acacia", "Acacia honey", Kind.FIXED, 850, {**JAR, **HONEY}),
)
FIELDS = (
    ("Campo della Sforzesca", "Vigevano"),
    ("Serra di Gambolò", "Gambolò"),
    ("Frutteto di Cassolnovo", "Cassolnovo"),
)

PEOPLE = (
    "Clementina Brambilla",
    "Élodie Ó Súilleabháin",
    "Pier 🌻",
    "Maria Sole dell'Orto",
    "<b>Gino</b> Grassetto",
    "Bartolomeo-Ermenegildo-Massimiliano-Alessandro-Ferdinando Della-Torre-Quattromarzo-Vanzaghello-Precotto",
    "Ada",
    "Jin 진 Park",
)
STREETS = (
    "Via Dante 12",
    "Via Dante 2",
    "Corso Cavour 101/B",
    "Vicolo Stretto 3",
    "Via Sant'Ambrogio 7",
    "Corso Cavour 9",
)
TOWNS = ("27029 Vigevano", "27025 Gambolò", "27029 Vigevano")
NOTES = ("", "Citofono rotto: chiamare quando si arriva.", "", "Per favore niente sacchetti di plastica 🙏", "")
LONG_NOTE = "Il cancello verde è dietro la cascina, dopo il secondo filare di pioppi. " * 6


def goods(*, practice: bool = False) -> list[Product]:
    """Ten products from three fields, one of them from nowhere. The same ones each time."""
    known = list(db.session.scalars(select(Product).where(Product.practice.is_(practice)).order_by(Product.id)))
    if known:
        return known[: len(GOODS)]
    fields = [make.field(name if not practice else f"{name} (prova)", municipality=town) for name, town in FIELDS]
    return [_product(fields, practice, *row) for row in GOODS]


def pickup(crates: int, *, kind: str = "stall", practice: bool = False, closed: bool = True, lines: int = 5) -> PickUp:
    """So many crates of ``lines`` products each, numbered when ``closed``; two crates are for orders that are large."""
    shelf = goods(practice=practice)
    place = make.place(name="A casa tua, in bicicletta" if kind == "round" else "Piazza Ducale", kind=kind)
    made = make.pickup(place, capacity=60, practice=practice)
    for number in range(crates):
        _order(made, shelf, number, lines)
    if closed:
        with clock.at(made.cutoff_at + timedelta(minutes=1)):
            closing.close(made.id)
    return made


def some_jar() -> Product:
    """Something to put in place of what is missing."""
    return make.product(
        "passata", name="Passata di pomodoro", name_en="Tomato sauce", price=350, shelf="dispensa", **JAR
    )


def seller() -> None:
    """Who sells, as it stands on the citizen's summary."""
    with transaction() as session:
        session.add(
            Seller(
                id=1,
                name="Cascina Chilometrico, cooperativa sociale agricola",
                address="Strada della Sforzesca 12, 27029 Vigevano (PV)",
                email="ciao@chilometrico.example",
                phone="0381 000 000",
                vat_number="00000000000",
            )
        )


def everything_happened(order: Order, instead: Product) -> Order:
    """One line over its maximum, one in place of another, one short, the others as ordered: ready."""
    for line in list(order.lines):
        if line.may_substitute:
            substituting.substitute(order.id, line.id, instead.id, version=line.version, by=None)
            break
    heaviest = next(line for line in order.lines if line.kind == Kind.BY_WEIGHT and not line.is_prepared)
    for line in [line for line in order.lines if not line.is_prepared]:
        _prepare(order, line, more=line.id == heaviest.id)
    return preparing.finish(order.id, by=None)


def _prepare(order: Order, line: OrderLine, *, more: bool) -> None:
    if line.is_weighed:
        grams = (line.expected_grams or 0) * (13 if more else 10) // 10
        preparing.weigh_line(order.id, line.id, grams, version=line.version, by=None)
    elif line.quantity > 1:
        preparing.pack_short(order.id, line.id, pieces=line.quantity - 1, version=line.version, by=None)
    else:
        preparing.take_line(order.id, line.id, version=line.version, by=None)


def _product(
    fields: list[Field],
    practice: bool,
    field: int | None,
    slug: str,
    name: str,
    name_en: str,
    kind: Kind,
    price: int,
    more: dict[str, Any],
) -> Product:
    where = {"field_id": fields[field].id} if field is not None else {}
    left = 10_000_000 if kind == Kind.BY_WEIGHT else 10_000
    words = {"name": name, "name_en": name_en, "kind": kind, "price": price, "practice": practice}
    return make.product(f"{slug}-prova" if practice else slug, left=left, **words, **where, **more)


def _order(at: PickUp, shelf: list[Product], number: int, lines: int) -> Order:
    turned = shelf[number % len(shelf) :] + shelf[: number % len(shelf)]
    wishes = [
        Wish(what.id, what.step * (1 + number % 3), what.price, may_substitute=what.shelf == "orto" and number % 2 == 0)
        for what in islice(turned, lines)
    ]
    street = f"{STREETS[number % len(STREETS)]}, {TOWNS[number % len(TOWNS)]}"
    made = make.order(
        *wishes,
        at=at,
        name=PEOPLE[number % len(PEOPLE)],
        phone=f"+39 0381 000 {number:03}",
        email=f"persona{number}@posta.example",
        collector="Luigi Verdi" if number % 7 == 3 else None,
        note=LONG_NOTE if number == 11 else NOTES[number % len(NOTES)],
        address=street if at.place.kind == "round" else "",
    )
    return preparing.set_crates(made.id, 2, by=None) if number % 9 == 4 else made
