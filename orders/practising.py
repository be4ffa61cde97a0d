"""Practice: the same work on invented orders (ruling 15). It has its own pick-up, goods, stock, numbers and cash box.

Each person has practice of their own, so nobody finds a crate half done by somebody else. Nothing of it leaves the
house, counts anywhere, or is ever shown to a citizen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from catalog import pickups, products, stock
from catalog.models import Kind, PickUp, Place, Product
from core import clock, coins, journal
from core.database import db, serialise, transaction
from core.errors import NotFound, Refused
from orders import closing, drawers, finding, placing, preparing
from orders.models import Order, Source
from people.models import Person

PRACTICE_LOCK = 5_063_2022
PREFIX = "prova-"
LAST_MINUTE = 24 * 60 - 1
ENOUGH = 100_000  # grams or pieces of everything
OFTEN_IN_BOX = 20
COPIED = (
    "name",
    "name_en",
    "kind",
    "price",
    "unit",
    "unit_plural",
    "unit_en",
    "unit_plural_en",
    "net",
    "net_measure",
    "step",
    "piece_grams",
    "tolerance_percent",
    "vat_category",
    "field_id",
    "processed_at_id",
    "container_id",
    "shelf_place",
    "shelf",
    "allergens",
    "perishable",
)
"""What a twin has from the product that it stands for: all that the desk shows of it."""

CUSTOMERS = (("Ada Prova", None), ("Bruno Prova", None), ("Carla Prova", "Dino Prova"))
"""Invented: each name says so."""


def begin(person: Person) -> PickUp:
    """Three new crates: two to prepare, one that is ready to be handed over and paid. Those of before are left alone.

    Raises Refused where the farm sells nothing yet, or has nowhere to hand anything over.
    """
    with transaction() as session:
        serialise(session, PRACTICE_LOCK)
        goods = [_twin(product) for product in _goods()]
        place = session.scalar(select(Place).where(Place.kind == "stall").order_by(Place.id).limit(1))
        if place is None or not goods:
            raise Refused(
                _("Qui non c'è ancora niente da provare. Chiama il tutor."),
                without_tutor=_("Per la prova servono un posto per i ritiri e qualche prodotto in vetrina."),
            )
        pickup = _pickup(place, person)
        orders = [_order(number, wishes, pickup, person) for number, wishes in enumerate(_wishes(goods))]
        closing.close(pickup.id, by=person.id)
        for order in orders:
            session.refresh(order)
        _make_ready(orders[-1])
        drawers.count(place, dict.fromkeys(coins.DENOMINATIONS[:-2], OFTEN_IN_BOX), by=person.id, practice=True)
    return pickup


def find_current(person: Person) -> PickUp | None:
    """What this person practises on today: the last that was begun."""
    query = select(PickUp).where(PickUp.practice_for_id == person.id, PickUp.day >= clock.today())
    return db.session.scalar(query.order_by(PickUp.id.desc()).limit(1))


def to_prepare(person: Person) -> list[Order]:
    """The crates of this person's practice; those of the shop for whoever works."""
    return _own(person, finding.to_prepare(practice=True)) if person.practises else finding.to_prepare()


def to_hand_over(person: Person) -> list[Order]:
    return _own(person, finding.to_hand_over(practice=True)) if person.practises else finding.to_hand_over()


def require_here(person: Person, order: Order) -> Order:
    """Raises NotFound for a real crate during practice, for one of practice during work, and for somebody else's."""
    if person.practises and order.pickup.practice_for_id != person.id:
        raise NotFound(_("Questa cassetta non è della prova."))
    if order.practice and not person.practises:
        raise NotFound(_("Questa cassetta è di una prova."))
    return order


def _own(person: Person, orders: Sequence[Order]) -> list[Order]:
    current = find_current(person)
    return [order for order in orders if current is not None and order.pickup_id == current.id]


def _goods() -> list[Product]:
    """Up to two of each kind that citizens can order now, the same ones for everybody."""
    query = select(Product).where(Product.on_sale, Product.practice.is_(False)).order_by(Product.id)
    found = list(db.session.scalars(query).unique())
    return [each for kind in Kind for each in [product for product in found if product.kind == kind][:2]]


def _twin(product: Product) -> Product:
    """The same thing for practice, with enough of it: never the stock that is promised to citizens."""
    slug = f"{PREFIX}{product.slug}"
    twin = db.session.scalar(select(Product).where(Product.slug == slug))
    if twin is None:
        same = {name: getattr(product, name) for name in COPIED}
        twin = products.create(Product(slug=slug, practice=True, **same))
    if twin.left < ENOUGH:
        stock.offer(twin, ENOUGH)
        db.session.refresh(twin)
    return twin


def _pickup(place: Place, person: Person) -> PickUp:
    """Of today until midnight, in the last minute of tomorrow; its cut-off is over."""
    today = clock.today()
    is_over = clock.now() >= clock.rome(today, *divmod(LAST_MINUTE, 60))
    cutoff = clock.rome(today - timedelta(days=1), 12)
    return pickups.schedule(
        place,
        today + timedelta(days=1) if is_over else today,
        from_minute=0,
        to_minute=LAST_MINUTE,
        cutoff=cutoff,
        capacity=10,
        practice=True,
        practice_for=person.id,
        by=person.id,
    )


def _wishes(goods: Sequence[Product]) -> list[list[placing.Wish]]:
    """One easy crate, one with everything, one to hand over."""
    weighed = [each for each in goods if each.kind == Kind.BY_WEIGHT]
    counted = [each for each in goods if each.kind == Kind.FIXED]
    heavy = [each for each in goods if each.kind == Kind.PIECE_BY_WEIGHT]
    easy = counted[:1] + weighed[:1] or goods[:1]
    everything = counted[-1:] + weighed[-1:] + heavy[:1] or goods[:1]
    given = counted[:1] or goods[:1]
    return [[_wish(product) for product in each] for each in (easy, everything, given)]


def _wish(product: Product) -> placing.Wish:
    half_a_kilo = max(1, 500 // product.step) * product.step
    quantity = half_a_kilo if product.kind == Kind.BY_WEIGHT else product.step * (2 if product.step == 1 else 1)
    return placing.Wish(product.id, quantity, product.price, may_substitute=True)


def _order(number: int, wishes: list[placing.Wish], pickup: PickUp, person: Person) -> Order:
    name, collector = CUSTOMERS[number]
    citizen = placing.Citizen(name=name, collector=collector, language=person.language)
    key = f"prova-{pickup.id}-{number}"
    return placing.place(wishes, citizen, pickup.id, key=key, source=Source.STALL, by=person.id, late=True)


def _make_ready(order: Order) -> None:
    """Nobody did it: it stands there."""
    with journal.context(practice=True):
        for line in order.lines:
            if line.is_weighed:
                grams = line.expected_grams or line.quantity
                preparing.weigh_line(order.id, line.id, grams, version=line.version, by=None, sure=True)
            else:
                preparing.take_line(order.id, line.id, version=line.version, by=None)
        preparing.finish(order.id, by=None)
        preparing.label(order.id, by=None)
