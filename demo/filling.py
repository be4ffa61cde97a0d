"""Fill an empty database with a believable fortnight, deed by deed, in the order in which it happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle, islice

from flask_babel import force_locale
from sqlalchemy import select

from catalog import calendar, distance, pickups, products, stock
from catalog import places as land
from catalog.models import Field, Kind, Place, Product, VatRate, Zone
from core import clock, journal, outbox, readers
from core.database import db, transaction
from demo import told, world
from orders import (
    cancelling,
    closing,
    drawers,
    giving_back,
    handing_over,
    placing,
    preparing,
    reminding,
    substituting,
    thanking,
)
from orders.models import Order, OrderLine, Seller
from people import passwords, staff
from people.capabilities import Capability, Role
from people.models import Person

FORTNIGHT = timedelta(days=14)
FULL_FOR = 22  # whose order fills the one pick-up that has no place left


def is_empty() -> bool:
    return db.session.scalar(select(Person.id).limit(1)) is None


def fill() -> None:
    """The whole invented farm, with dates around today."""
    today = clock.today()
    with force_locale("it"):
        with clock.at(clock.rome(today - FORTNIGHT, 8)):
            _found_the_farm()
        _past(today)
        _count_boxes(today)
        _today(today)
        _tomorrow(today)
        _open(today)
        _every_week(today)
        readers.deliver()
        outbox.send_due(most=1000)


def fill_or_keep_open() -> None:
    if is_empty():
        fill()
    else:
        keep_open()


def how_to_enter(base_url: str) -> list[str]:
    """For the start script: one line for each face."""
    return [
        "The farm is invented. How to enter:",
        "  Shop    just come in; the letters that it sends are at " + base_url + "/demo/posta",
        "  Desk    " + base_url + "/demo  makes this browser the demo tablet and has a badge for each person",
        f"  Tutor   rita@chilometrico.example   {world.DEMO_PASSWORD}",
    ]


def keep_open() -> int:
    """An old demo gets the pick-ups that its rules want. Returns how many it made."""
    return calendar.plan()


def _found_the_farm() -> None:
    fields, places = _land()
    for field in fields.values():
        for place in places.values():
            distance.measure(field, place)
    coordinator = _people()
    name, name_en, grams = world.BOWL
    bowl = land.add_container(name, grams, name_en=name_en, by=coordinator.id)
    for good in world.GOODS:
        product = _product(good, fields[good.field])
        if good.slug in world.PROCESSED:
            product.processed_at_id = fields[world.PROCESSED[good.slug]].id
        if good.slug in world.WEIGHED_IN_BOWL:
            product.container_id = bowl.id
        products.create(product, by=coordinator.id)
        if good.stock:
            stock.offer(product, good.stock * (1000 if good.kind == "by_weight" else 1), by=coordinator.id)


def _seller() -> Seller:
    """Somebody looked at the accessibility of the shop a month ago."""
    return Seller(id=1, **world.SELLER, accessibility_checked=(clock.today() - timedelta(days=30)).isoformat())


def _land() -> tuple[dict[str, Field], dict[str, Place]]:
    names = ("name", "municipality", "province", "latitude", "longitude")
    fields = {key: Field(**dict(zip(names, row, strict=True))) for key, row in world.FIELDS.items()}
    names = ("name", "name_en", "kind", "address", "municipality", "province", "latitude", "longitude", "fee")
    places = {key: Place(slug=key, **dict(zip(names, row, strict=True))) for key, row in world.PLACES.items()}
    with transaction() as session:
        session.add_all([*fields.values(), *places.values(), _seller()])
        session.flush()
        session.add_all(
            Zone(place_id=places[key].id, municipality=town, postcode=code) for key, town, code in world.ZONES
        )
        session.add_all(
            VatRate(category=category, rate=rate, from_day=date(2020, 1, 1), reference=reference)
            for category, (rate, reference) in world.VAT.items()
        )
    return fields, places


def _product(good: world.Good, field: Field) -> Product:
    unit, plural, unit_en, plural_en = good.unit
    words, back_in = told.TOLD[good.slug], world.BACK_IN.get(good.slug)
    return Product(
        slug=good.slug,
        name=good.it,
        name_en=good.en,
        kind=good.kind,
        price=good.price,
        unit=unit,
        unit_plural=plural,
        unit_en=unit_en,
        unit_plural_en=plural_en,
        net=good.net,
        net_measure=good.measure,
        step=good.step,
        piece_grams=good.piece,
        vat_category=good.vat,
        field_id=field.id,
        shelf=good.shelf,
        other_names=words.other,
        description=words.about[0],
        description_en=words.about[1],
        recipe=words.recipe[0],
        recipe_en=words.recipe[1],
        resellers=0,
        quality_class=words.quality,
        variety=words.variety,
        caliber=words.caliber,
        season=good.season,
        back_on=clock.today() + FORTNIGHT + timedelta(days=back_in) if back_in else None,
        prepacked=good.slug in world.PREPACKED or (good.shelf == "dispensa" and not good.perishable),
        drained=world.DRAINED.get(good.slug),
        ingredients=good.ingredients,
        ingredients_en=words.ingredients_en,
        allergens=world.ALLERGENS.get(good.slug, "nessuno"),
        storage=words.keeps[0],
        storage_en=words.keeps[1],
        perishable=good.perishable,
        shelf_place=world.SHELF_PLACES.get(good.shelf, ""),
    )


def _people() -> Person:
    password = passwords.hashed(world.DEMO_PASSWORD)
    for name, role, email, picture in world.STAFF:
        staff.add(name, Role(role), picture=picture, email=email, password_hash=password)
    rita = db.session.scalars(select(Person).where(Person.name == "Rita")).one()
    for name, picture, level, granted in world.CO_RESIDENTS:
        person = staff.add(name, Role.CO_RESIDENT, picture=picture, by=rita, support_level=level)
        for capability in granted:
            staff.give(person, Capability(capability), "Lo ha fatto bene più volte con me vicino.", by=rita)
    return db.session.scalars(select(Person).where(Person.role == Role.COORDINATOR)).one()


class _Round:
    """One pick-up and its orders, each deed at its moment."""

    def __init__(self, place: str, day: date, *, cutoff: datetime, first: int) -> None:
        with clock.at(cutoff - timedelta(days=4)):
            self.pickup = pickups.schedule(_places()[place], day, hours=(16, 18), cutoff=cutoff, capacity=25)
        self.workers = cycle(_co_residents())
        self.first = first
        self.orders: list[int] = []

    def order(self, how_many: int, *, until: date | None = None) -> _Round:
        """The last so many of a household's hours, up to this day; the day of the cut-off where nobody says."""
        last = until or self.pickup.cutoff_at.astimezone(clock.ROME).date()
        for n, (days, hour, minute) in enumerate(world.HOURS[-how_many:], start=self.first):
            moment = clock.rome(last - timedelta(days=days), hour, minute)
            with clock.at(moment):
                self.orders.append(_place_order(n, self.pickup.id))
            _letters_leave(moment)
        return self

    def close(self) -> _Round:
        with clock.at(self.pickup.cutoff_at + timedelta(minutes=1)):
            closing.close(self.pickup.id)
        return self

    def remind(self) -> _Round:
        """The day before, where that has come."""
        moment = self.pickup.from_at - reminding.BEFORE
        if moment <= clock.now():
            with clock.at(moment):
                reminding.remind_due()
            _letters_leave(moment)
        return self

    def prepare(self, how_many: int, start: datetime) -> _Round:
        for n, order_id in enumerate(self.orders[:how_many]):
            _prepare(order_id, next(self.workers), start + timedelta(minutes=12 * n))
        return self

    def hand_over(self, how_many: int) -> _Round:
        hands = cycle([person for person in _co_residents() if person.can(Capability.TAKE_CASH)])
        for n, order_id in enumerate(self.orders[:how_many]):
            _hand_over(order_id, next(hands), self.pickup.from_at + timedelta(minutes=5 + 6 * n))
        return self


def _past(today: date) -> None:
    for place, ago, first in (("vigevano", 9, 0), ("mortara", 5, 10)):
        day = today - timedelta(days=ago)
        cutoff = clock.rome(day - timedelta(days=1), 12)
        left = 1 if first else 0  # of the nearer one: a crate that nobody came for, and one that nobody prepared
        done = _Round(place, day, cutoff=cutoff, first=first).order(10 + 2 * left).close().remind()
        done.prepare(10 + left, clock.rome(day, 9)).hand_over(9)
        _complaint(done.orders[1], day + timedelta(days=1))
        if first:
            _nobody_came(done.orders[9], clock.rome(day, 18, 30))
            _thanked(done.orders, day + timedelta(days=1))
        else:
            _hand_over(done.orders[9], _person("Dario"), clock.rome(day, 17, 50))


def _nobody_came(order_id: int, moment: datetime) -> None:
    with clock.at(moment):
        handing_over.mark_not_collected(order_id, by=_person("Rita").id)
    _letters_leave(moment, waited=True)


def _complaint(order_id: int, day: date) -> None:
    """Somebody rang the morning after: one thing was bruised, and becomes credit."""
    order = db.session.get_one(Order, order_id)
    part, cents = max(giving_back.possible(order).items(), key=lambda each: each[1])
    moment = clock.rome(day, 9)
    with clock.at(moment):
        by = _person("Rita").id
        giving_back.give_back(order_id, {part: cents}, how="credit", reason="Era ammaccato", by=by)
    _letters_leave(moment, waited=True)


def _thanked(orders: list[int], day: date) -> None:
    """Some said thank you the day after. A tutor has read them, but for the last one."""
    for n, (words, shows_name) in enumerate(world.THANKS):
        with clock.at(clock.rome(day, 10 + n)):
            made = thanking.write(orders[n], words, shows_name)
        if n + 1 < len(world.THANKS):
            with clock.at(clock.rome(day, 15, n)):
                thanking.decide(made.id, let_through=True, by=_person("Rita").id)


def _count_boxes(today: date) -> None:
    """Yesterday evening every cash box was counted: today's change is what lies in it."""
    with clock.at(clock.rome(today - timedelta(days=1), 18)):
        for place in _places().values():
            drawers.count(place, world.CASH_BOX, by=_person("Rita").id)


def _today(today: date) -> None:
    cutoff = clock.rome(today - timedelta(days=2), 12)
    ready = _Round("vigevano", today, cutoff=cutoff, first=20).order(8).close()
    ready.prepare(8, clock.rome(today - timedelta(days=1), 9)).remind()


def _tomorrow(today: date) -> None:
    yesterday = today - timedelta(days=1)
    work = _Round("mortara", today + timedelta(days=1), cutoff=clock.rome(yesterday, 12), first=4).order(8).close()
    work.prepare(2, clock.rome(yesterday, 15))
    _prepare(work.orders[2], _person("Bruno"), clock.rome(yesterday, 16), only=1)
    work.remind()


def _open(today: date) -> None:
    far, yesterday = today + timedelta(days=3), today - timedelta(days=1)
    coming = _Round("garlasco", far, cutoff=clock.rome(far - timedelta(days=1), 12), first=13)
    coming.order(6, until=yesterday)
    with clock.at(clock.rome(yesterday, 18, 40)):
        cancelling.cancel(coming.orders[-1])
    _letters_leave(clock.rome(yesterday, 18, 40))
    places = _places()
    for days, place, hours in ((4, "vigevano", (16, 19)), (5, "bicicletta", (9, 12))):
        pickups.schedule(places[place], today + timedelta(days=days), hours=hours)
    full = pickups.schedule(places["mortara"], today + timedelta(days=6), hours=(16, 18), capacity=1)
    with clock.at(clock.rome(yesterday, 19, 10)):
        _place_order(FULL_FOR, full.id)
    _letters_leave(clock.rome(yesterday, 19, 10))


def _every_week(today: date) -> None:
    """The rules of the weeks to come: an old demo never runs out of pick-ups."""
    teresa, places = _person("Teresa"), _places()
    for place, weekday, start, end, capacity in world.RULES:
        calendar.add_rule(
            places[place].id,
            weekday=weekday,
            from_minute=start * 60,
            to_minute=end * 60,
            cutoff_days_before=1,
            cutoff_minute=12 * 60,
            capacity=capacity,
            from_day=today + timedelta(days=7),
            by=teresa.id,
        )
    calendar.plan()


def _place_order(n: int, pickup_id: int) -> int:
    slugs = world.BASKETS[n % len(world.BASKETS)]
    found = {p.slug: p for p in db.session.scalars(select(Product).where(Product.slug.in_([s for s, _ in slugs])))}
    wishes = [placing.Wish(found[slug].id, quantity, found[slug].price, n % 2 == 0) for slug, quantity in slugs]
    name = world.CITIZENS[n % len(world.CITIZENS)]
    address = f"{name.lower().replace(' ', '.')}@posta.example"
    source = placing.Source.PHONE if n % 9 == 4 else placing.Source.WEB
    citizen = placing.Citizen(name=name, email=address, phone=f"+39 0381 000 {100 + n % len(world.CITIZENS):03d}")
    return placing.place(wishes, citizen, pickup_id, key=f"demo-order-{pickup_id}-{n}", source=source).id


def _prepare(order_id: int, person: Person, start: datetime, *, only: int | None = None) -> None:
    order = db.session.get_one(Order, order_id)
    with journal.context(support_shown=person.support_level):
        for n, line in enumerate(list(islice(order.lines, only))):
            with clock.at(start + timedelta(minutes=n)):
                _pack(order, line, order_id + 3 * n, person)
        if only is None:
            with clock.at(start + timedelta(minutes=9)):
                preparing.finish(order_id, by=person.id)
                preparing.label(order_id, by=person.id)
            _letters_leave(start + timedelta(minutes=9), waited=True)


def _pack(order: Order, line: OrderLine, luck: int, person: Person) -> None:
    """Most of it is as it should be. Now and then there is less, or none, or something else in its place."""
    if luck % 11 == 0 and line.kind == Kind.FIXED:
        return _do_without(line, person)
    if line.kind == Kind.FIXED and line.quantity > 1 and luck % 7 == 0:
        preparing.pack_short(order.id, line.id, pieces=line.quantity - 1, version=line.version, by=person.id)
    elif line.is_weighed:
        grams = (line.expected_grams or 0) * (97 + luck % 8) // 100
        preparing.weigh_line(order.id, line.id, grams, version=line.version, by=person.id)
    else:
        preparing.take_line(order.id, line.id, version=line.version, by=person.id)
    return None


def _do_without(line: OrderLine, person: Person) -> None:
    others = substituting.choices(line) if line.may_substitute else []
    if not others:
        preparing.mark_missing(line.order_id, line.id, version=line.version, by=person.id)
        return
    other = substituting.substitute(line.order_id, line.id, others[0].id, version=line.version, by=person.id)
    if other.is_weighed:
        preparing.weigh_line(line.order_id, other.id, other.expected_grams or 1, version=other.version, by=person.id)
    else:
        preparing.take_line(line.order_id, other.id, version=other.version, by=person.id)


def _hand_over(order_id: int, person: Person, moment: datetime) -> None:
    with clock.at(moment), journal.context(support_shown=person.support_level):
        order = db.session.get_one(Order, order_id)
        handing_over.take_cash(order_id, by=person.id, expected=handing_over.cash_due(order))
        handing_over.hand_over(order_id, by=person.id)


def _letters_leave(moment: datetime, *, waited: bool = False) -> None:
    """The worker comes by: at once, or when the time in which a deed can be taken back is over."""
    with clock.at(moment):
        leaves = outbox.after_undo_time() if waited else moment
    with clock.at(leaves):
        outbox.send_due()


def _places() -> dict[str, Place]:
    return {place.slug: place for place in db.session.scalars(select(Place))}


def _co_residents() -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.role == Role.CO_RESIDENT).order_by(Person.name)))


def _person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()
