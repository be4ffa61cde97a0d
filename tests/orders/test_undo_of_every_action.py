"""Every action that has an inverse: done and taken back the shop is as before, done again it is as after doing it.

"As before" compares what verbs derive (lines, money, stock, places, harvest, takings, calendar, land), not the ledgers,
the journal and the outbox, which only grow (ruling 8). An action that is registered without a case here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import catalog.undoing
import orders.undoing
import people.undoing
from adapters.images import Print
from catalog import calendar, distance, land, pickups, pictures, places, products, rates, stock, telling
from catalog.models import Container, Distance, Field, Kind, PickUp, PickUpRule, Place, Product, VatRate, Zone
from core import clock, journal, keys, outbox, proposing, seen, undo
from core.database import db, transaction
from core.errors import Conflict, OutOfStock, Refused
from core.journal import Subject
from core.outbox import Item
from orders import (
    cancelling,
    changing,
    departures,
    drawers,
    giving_back,
    handing_over,
    harvesting,
    passing,
    paying,
    preparing,
    proposals,
    reasons,
    receipts,
    rescheduling,
    rewriting,
    seller_data,
    substituting,
    takings,
    texts,
    thanking,
    vat,
    vouchers,
    withdrawing,
    working,
)
from orders.drawers import Drawer
from orders.models import Credit, EditableText, Order, OrderLine
from orders.placing import Wish
from orders.withdrawing import Declaration
from people import badges, devices, shifts, staff, staying
from people.capabilities import Role
from people.models import Badge, Device, Person, Shift
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

Do = Callable[[], Subject]
"""Does the deed, as often as it is asked to, and answers with what it was done to."""

MONDAY = date(2026, 11, 23)
THURSDAY = MONDAY + timedelta(days=3)
THE_YEAR = date(2026, 1, 1), date(2026, 12, 31)
CASES: dict[str, tuple[str, Callable[[], Do]]] = {}


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with clock.at(clock.rome(MONDAY, 8)):
        yield


def case(action: str) -> Callable[[Callable[[], Do]], Callable[[], Do]]:
    """A world in which ``action`` can be done; the function answers with the deed."""

    def keep(world: Callable[[], Do]) -> Callable[[], Do]:
        CASES[f"{action}: {world.__name__.replace('_', ' ')}"] = (action, world)
        return world

    return keep


# --- what verbs derive


def state() -> dict[str, Any]:
    """All that one can see of the shop, read anew."""
    make.fresh(None)
    facts = {
        "goods": {each.slug: goods_facts(each) for each in rows(Product)},
        "pick-ups": {each.id: pickup_facts(each) for each in rows(PickUp)},
        "orders": {each.number: order_facts(each) for each in rows(Order)},
        "credit": {each.holder: each.balance for each in rows(Credit) if each.balance},
        "vouchers": sorted((each.balance, each.expires_on) for each in vouchers.room().open),
        "takings": takings_facts(),
        "calendar": calendar_facts(),
        "land": land_facts(),
        "boxes": {each.place_id: (each.is_known, each.pieces) for each in rows(Drawer) if each.pieces or each.is_known},
        "asked": [(each.action, each.subject_id) for each in proposing.waiting()],
        "people": people_facts(),
        "words": [texts.get("letter", "ready", language) for language in ("it", "en")],
        "seller": [getattr(texts.seller(), name) for name in texts.FACTS],
        "withdrawals": [found.id for found in withdrawing.unsettled()],
        "thanks": [found.id for found in thanking.waiting()],
        "waiting letters": sorted(item.payload["letter"] for item in rows(Item) if item.state == "waiting"),
    }
    db.session.rollback()
    return facts


def rows(table: Any) -> list[Any]:
    return list(db.session.scalars(select(table)).unique())


def goods_facts(product: Product) -> tuple[Any, ...]:
    said = [getattr(product, name) for name in telling.WORDS]
    return product.left, stock.ledger_sum(product.id), product.price, product.on_sale, product.picture, said


def pickup_facts(pickup: PickUp) -> dict[str, Any]:
    return {
        "where and when": (pickup.place.name, pickup.day, pickup.from_at, pickup.to_at, pickup.cutoff_at),
        "places": (pickup.capacity, pickup.taken, pickup.places_left),
        "takes orders": pickup.takes_orders_at(clock.now()),
        "is": (pickup.closed_at is not None, pickup.moved_at is not None, pickup.cancelled_at is not None),
        "why": pickup.cancelled_why,
        "harvest": [
            (row.product.slug, row.sold, row.packed, row.still_needed, row.shortfall, row.was_less, row.crates)
            for row in harvesting.rows(pickup.id)
        ],
        "arrived": {key: (each.arrived, each.lot) for key, each in harvesting.harvest.arrivals(pickup.id).items()},
    }


def order_facts(order: Order) -> dict[str, Any]:
    return {
        "status": order.status,
        "labelled": order.labelled_at is not None,
        "crate": (order.crate, order.crates),
        "where": (order.pickup_id, order.place_name),
        "handed to": order.handed_to,
        "why": order.cancelled_why,
        "money": (order.goods, order.discount, order.total, order.maximum, order.refunded, order.due, order.settled),
        "means": nonzero(means(order)),
        "receipts": [payment.reference for payment in receipts.takes_number(order)],
        "credit": paying.credit_of(order),
        "vat": vat.rows(order),
        "may be given back": given_back_facts(order),
        "citizen may": (changing.may_change(order), cancelling.may_cancel(order)),
        "lines": [line_facts(line) for line in order.lines],
        "who is on it": work_facts(order),
    }


def work_facts(order: Order) -> tuple[Any, ...] | None:
    work = working.on(order)
    return (work.person_id, work.is_passed, work.taken_from) if work else None


def given_back_facts(order: Order) -> dict[str, int]:
    """By what it is: something else that comes in its place a second time is another line."""
    names = {line.id: line.slug for line in order.lines}
    return {names.get(part, "delivery"): cents for part, cents in giving_back.possible(order).items()}


def takings_facts() -> dict[date, tuple[int, dict[int, int], dict[str, int]]]:
    """A day on which everything was taken back is like one on which nothing happened."""
    days = {day.day: (day.orders, nonzero(day.gross), nonzero(day.means)) for day in takings.between(*THE_YEAR)}
    return {day: facts for day, facts in days.items() if any(facts)}


def nonzero(sums: Any) -> Any:
    return {name: cents for name, cents in sums.items() if cents}


def means(order: Order) -> dict[str, int]:
    sums: dict[str, int] = {}
    for payment in order.payments:
        sums[payment.kind] = sums.get(payment.kind, 0) + payment.amount
    return sums


def line_facts(line: OrderLine) -> tuple[Any, ...]:
    packed = line.state, line.packed, line.weighed_grams, line.tare_grams, line.lot
    return (line.slug, line.quantity, line.substitutes_id is not None, *packed, line.price_now, line.maximum, line.gift)


def calendar_facts() -> dict[str, Any]:
    return {
        "rules": [(rule.id, rule.weekday, rule.from_day, rule.to_day) for rule in calendar.rules()],
        "closed weeks": [(week.monday, week.reason) for week in calendar.closed_weeks()],
        "coming": [(pickup.id, pickup.cancelled_at is None) for pickup in calendar.coming(30)],
    }


def people_facts() -> dict[str, Any]:
    return {
        "known as": {each.id: [getattr(each, name) for name in staying.COLUMNS] for each in rows(Person)},
        "here": {each.id: (each.is_active, each.active_to) for each in rows(Person)},
        "guide": {
            each.id: (each.support_level, sorted((o.task, o.level) for o in each.settings)) for each in rows(Person)
        },
        "badges": [(each.person_id, each.voided_at is None) for each in rows(Badge)],
        "shifts": sorted((each.day, each.person_id) for each in rows(Shift)),
        "devices": {each.id: (each.name, each.place) for each in rows(Device)},
    }


def land_facts() -> dict[str, Any]:
    return {
        "fields": {each.name: (each.latitude, each.longitude) for each in rows(Field)},
        "places": {each.id: [getattr(each, name) for name in land.OF_PLACE] for each in rows(Place)},
        "bowls": {each.id: (each.name, each.name_en, each.tare_grams) for each in rows(Container)},
        "distances": {
            (each.field_id, each.place_id): (each.metres, each.rule, each.confirmed_by_id) for each in rows(Distance)
        },
        "fees": {each.id: (each.fee, each.minimum) for each in rows(Place)},
        "vat": sorted((each.category, each.from_day, each.rate, each.reference) for each in rows(VatRate)),
        "zones": sorted((each.place_id, each.municipality, each.postcode) for each in rows(Zone)),
    }


# --- a crate


def a_crate(*wishes: Wish, **citizen: Any) -> Order:
    """Numbered, nothing in it yet."""
    return make.closed(make.order(*wishes, **citizen))


def a_ready_crate(*wishes: Wish, **citizen: Any) -> Order:
    return make.prepared(make.order(*wishes, **citizen))


def a_crate_that_has_gone(*wishes: Wish, fee: int = 0, by_card: bool = True) -> Order:
    pickup = make.pickup(make.place(kind="round", fee=fee)) if fee else None
    order = make.prepared(make.order(*wishes, at=pickup))
    if by_card:
        handing_over.take_card(order.id, by=None, expected=order.due)
    else:
        handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    return handing_over.hand_over(order.id, by=None)


def with_credit(cents: int, **citizen: Any) -> None:
    """Whoever orders next has so much with us."""
    order = make.prepared(make.order(**citizen))
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: cents}, how="credit", reason="marcio", by=None)


def version_of(line: OrderLine) -> int:
    make.fresh(line)
    return db.session.get_one(OrderLine, line.id).version


def bowl(grams: int = 350) -> int:
    with transaction() as session:
        made = Container(name="Ciotola", tare_grams=grams)
        session.add(made)
    return made.id


# --- cases: lines


@case("line.taken")
def pieces_in_the_crate() -> Do:
    order = a_crate(make.wish(make.chard(), 2))
    line = order.lines[0]
    return lambda: preparing.take_line(order.id, line.id, version=version_of(line), by=None).order


@case("line.weighed")
def a_weight() -> Do:
    order = a_crate(make.wish(make.carrots(), 1500))
    line = order.lines[0]
    return lambda: preparing.weigh_line(order.id, line.id, 1420, version=version_of(line), by=None).order


@case("line.weighed")
def a_weight_in_its_bowl_above_the_maximum() -> Do:
    order = a_crate(make.wish(make.carrots(container_id=bowl()), 1500))
    line, how = order.lines[0], {"in_container": True, "by": None}
    return lambda: preparing.weigh_line(order.id, line.id, 2050, version=version_of(line), **how).order


@case("line.short")
def less_pieces() -> Do:
    order = a_crate(make.wish(make.chard(), 3))
    line = order.lines[0]
    return lambda: preparing.pack_short(order.id, line.id, pieces=1, version=version_of(line), by=None).order


@case("line.short")
def less_grams() -> Do:
    order = a_crate(make.wish(make.carrots(), 1500))
    line = order.lines[0]
    return lambda: preparing.pack_short(order.id, line.id, grams=800, version=version_of(line), by=None).order


@case("line.short")
def less_pieces_that_are_weighed() -> Do:
    pumpkin = make.product("zucca", kind=Kind.PIECE_BY_WEIGHT, price=210, piece_grams=1200)
    order = a_crate(make.wish(pumpkin, 3))
    line, packed = order.lines[0], {"pieces": 2, "grams": 2350, "by": None}
    return lambda: preparing.pack_short(order.id, line.id, version=version_of(line), **packed).order


@case("line.missing")
def none_of_it() -> Do:
    order = a_crate(make.wish(make.chard(), 2))
    line = order.lines[0]
    return lambda: preparing.mark_missing(order.id, line.id, version=version_of(line), by=None).order


@case("line.reweighed")
def another_weight() -> Do:
    order = a_crate(make.wish(make.carrots(container_id=bowl()), 1500))
    line = order.lines[0]
    preparing.weigh_line(order.id, line.id, 1770, version=0, in_container=True, by=None)
    return lambda: preparing.reweigh(order.id, line.id, 1610, version=version_of(line), by=None).order


@case("line.reweighed")
def another_weight_of_what_is_short() -> Do:
    order = a_crate(make.wish(make.carrots(), 1500))
    line = order.lines[0]
    preparing.pack_short(order.id, line.id, grams=800, version=0, by=None)
    return lambda: preparing.reweigh(order.id, line.id, 760, version=version_of(line), by=None).order


@case("line.substituted")
def something_else_in_its_place() -> Do:
    honey, chard = make.honey(left=5), make.chard(left=9)
    order = a_crate(Wish(honey.id, 1, honey.price, may_substitute=True))
    line, which = order.lines[0], {"product_id": chard.id, "by": None}
    return lambda: substituting.substitute(order.id, line.id, version=version_of(line), **which).order


# --- cases: crates


@case("order.ready")
def a_ready_crate_of_which_nothing_is_paid() -> Do:
    order = a_ready_crate()
    taken_back(order, 2)
    return lambda: preparing.finish(order.id, by=None)


@case("order.ready")
def a_ready_crate_that_uses_credit() -> Do:
    with_credit(300)
    return a_ready_crate_of_which_nothing_is_paid()


@case("order.labelled")
def a_label() -> Do:
    order = a_ready_crate()
    taken_back(order, 1)
    return lambda: preparing.label(order.id, by=None)


@case("order.crates")
def a_second_crate() -> Do:
    order = a_crate()
    return lambda: preparing.set_crates(order.id, 2, by=None)


@case("order.cash_taken")
def cash_that_is_rounded() -> Do:
    order = a_ready_crate(make.wish(make.product(price=852)))
    return lambda: handing_over.take_cash(order.id, by=None, expected=850)


@case("order.cash_taken")
def two_cents_that_nobody_takes() -> Do:
    order = a_ready_crate(make.wish(make.product(price=2)))
    return lambda: handing_over.take_cash(order.id, by=None, expected=0)


@case("order.cash_taken")
def cash_and_its_change_out_of_the_box() -> Do:
    order = a_ready_crate(make.wish(make.product(price=852)))
    drawers.count(order.pickup.place, {1000: 2, 100: 3, 50: 1}, by=None)
    money = {"given": [2000], "back": [1000, 100, 50]}
    return lambda: handing_over.take_cash(order.id, by=None, expected=850, **money)


@case("drawer.counted")
def a_box_that_nobody_had_counted() -> Do:
    place = make.place()
    return lambda: count_box(place, {1000: 2, 5: 3})


@case("drawer.counted")
def a_box_with_less_in_it_than_was_thought() -> Do:
    place = make.place()
    count_box(place, {1000: 2, 5: 3, 2: 1})
    return lambda: count_box(place, {1000: 1, 50: 1})


@case("drawer.counted")
def money_put_into_a_box_that_sold() -> Do:
    order = a_ready_crate(make.wish(make.product(price=852)))
    count_box(order.pickup.place, {1000: 2})
    handing_over.take_cash(order.id, by=None, expected=850)
    return lambda: count_box(order.pickup.place, {1000: 4}, moved_by_hand=True)


def count_box(place: Place, pieces: dict[int, int], **more: Any) -> Drawer:
    drawers.count(place, pieces, by=None, **more)
    found = drawers.find(place.id)
    assert found
    return found


@case("order.card_taken")
def a_card() -> Do:
    order = a_ready_crate(make.wish(make.product(price=852)))
    return lambda: handing_over.take_card(order.id, by=None, expected=852)


@case("order.cash_taken")
def what_credit_leaves_to_be_paid() -> Do:
    """3.00 of credit: 2.97 of it are used, so that coins make the rest."""
    with_credit(300)
    order = a_ready_crate(make.wish(make.product(price=852)))
    return lambda: handing_over.take_cash(order.id, by=None, expected=555)


@case("order.receipt_noted")
def the_number_of_a_receipt() -> Do:
    order = a_crate_that_has_gone(make.wish(make.honey()), by_card=False)
    return lambda: note_receipt(order, "0012-0034")


@case("order.receipt_noted")
def another_number_for_the_same_money() -> Do:
    order = note_receipt(a_crate_that_has_gone(make.wish(make.honey())), "0012-0034")
    return lambda: note_receipt(order, "0012-0043")


@case("order.receipt_noted")
def a_number_that_belongs_elsewhere() -> Do:
    order = note_receipt(a_crate_that_has_gone(make.wish(make.honey())), "0012-0034")
    return lambda: note_receipt(order, "")


def note_receipt(order: Order, number: str) -> Order:
    make.fresh(order)
    return receipts.note_document(order.id, order.payments[0].id, number, by=None)


@case("order.handed_over")
def a_crate_handed_to_somebody_else() -> Do:
    order = a_ready_crate()
    handing_over.take_card(order.id, by=None, expected=order.due)
    return lambda: handing_over.hand_over(order.id, by=None, to="Luca Verdi")


@case("order.not_collected")
def jars_that_nobody_came_for() -> Do:
    with clock.at(clock.rome(MONDAY - timedelta(days=7), 8)):
        with_credit(300)
        order = a_crate(make.wish(make.honey(left=9), 3), make.wish(make.chard()))
        preparing.pack_short(order.id, order.lines[0].id, pieces=2, version=0, by=None)
        preparing.take_line(order.id, order.lines[1].id, version=0, by=None)
        preparing.finish(order.id, by=None)
    return lambda: handing_over.mark_not_collected(order.id, by=None)


@case("order.refunded")
def part_of_a_line_in_cash() -> Do:
    order = a_crate_that_has_gone(make.wish(make.honey()), by_card=False)
    return lambda: give_back(order, {order.lines[0].id: 123}, "cash")


@case("order.refunded")
def everything_on_the_card() -> Do:
    order = a_crate_that_has_gone(make.wish(make.honey()), make.wish(make.chard()), fee=400)
    return lambda: give_back(order, giving_back.possible(order), "card_terminal")


@case("order.refunded")
def credit_for_the_next_time() -> Do:
    order = a_crate_that_has_gone(make.wish(make.honey()))
    return lambda: give_back(order, {order.lines[0].id: 850}, "credit")


def give_back(order: Order, parts: dict[int, int], how: Any) -> Order:
    return giving_back.give_back(order.id, parts, how=how, reason="marcio", by=None)


# --- cases: harvest, pick-ups


@case("harvest.arrived")
def what_came_in() -> Do:
    carrots = make.carrots()
    order = a_crate(make.wish(carrots, 1500))
    return lambda: arrive(order.pickup, carrots, 1000)


@case("harvest.arrived")
def another_number_for_the_same() -> Do:
    carrots = make.carrots()
    order = a_crate(make.wish(carrots, 1500))
    arrive(order.pickup, carrots, 2000, lot="Campo lungo")
    return lambda: arrive(order.pickup, carrots, 1000, lot="Campo corto")


@case("harvest.arrived")
def nothing_is_left_of_it() -> Do:
    carrots = make.carrots(left=4000)
    order = a_crate(make.wish(carrots, 1500))
    return lambda: arrive(order.pickup, carrots, 1000, nothing_left=True)


def arrive(pickup: PickUp, product: Product, grams: int, **more: Any) -> PickUp:
    harvesting.arrive(pickup.id, product.id, grams, by=None, **more)
    return pickups.get(pickup.id)


@case("pickup.called_off")
def frost_before_the_cut_off() -> Do:
    pickup, honey = make.pickup(), make.honey()
    make.order(make.wish(honey, 2), at=pickup)
    make.order(make.wish(honey, 1), at=pickup, email=None, phone="+390381000000")
    return lambda: call_off(pickup)


@case("pickup.called_off")
def illness_when_crates_are_ready_and_credit_is_used() -> Do:
    with_credit(300)
    order = a_ready_crate(make.wish(make.honey(), 2))
    return lambda: call_off(order.pickup)


@case("pickup.called_off")
def frost_after_which_the_vegetables_are_gone() -> Do:
    with_credit(300)
    order = a_ready_crate(make.wish(make.honey(), 2), make.wish(make.chard(), 3), make.wish(make.carrots(), 1500))
    make.order(make.wish(order.lines[1].product, 1), at=make.pickup(days=6))
    return lambda: call_off(order.pickup, gone=True)


def call_off(pickup: PickUp, *, gone: bool = False) -> PickUp:
    rescheduling.call_off(pickup.id, "gelo", gone=gone, by=None)
    return pickups.get(pickup.id)


@case("proposal.made")
def a_price_that_waits_for_a_tutor() -> Do:
    honey, anna = make.honey(), make.person("Anna")
    return lambda: proposals.price(honey, 900, expected=850, by=anna.id, device=None)


@case("pickup.moved")
def another_day_and_hour() -> Do:
    pickup = make.pickup()
    make.order(at=pickup)
    return lambda: move(pickup, days=4, hours=(9, 11))


@case("pickup.moved")
def another_place_when_crates_have_numbers() -> Do:
    order, other = a_crate(), make.place(name="Cascina")
    return lambda: move(order.pickup, place=other)


@case("pickup.moved")
def moved_a_second_time() -> Do:
    pickup = make.pickup()
    make.order(at=pickup)
    move(pickup, days=4)
    return lambda: move(pickup, days=5)


def move(pickup: PickUp, *, days: int = 3, hours: tuple[int, int] = (16, 18), place: Place | None = None) -> PickUp:
    minutes = {"from_minute": hours[0] * 60, "to_minute": hours[1] * 60}
    day = MONDAY + timedelta(days=days)
    rescheduling.move(pickup.id, day=day, **minutes, place_id=place.id if place else None, reason="gelo", by=None)
    return pickups.get(pickup.id)


@case("pickup.capacity_set")
def more_places() -> Do:
    pickup = make.pickup(capacity=2)
    make.order(at=pickup)
    return lambda: pickups.set_capacity(pickup.id, 5, by=None)


# --- cases: goods


@case("stock.offered")
def a_harvest_that_is_offered() -> Do:
    honey = make.honey(left=5)
    return lambda: (stock.offer(honey, 7), honey)[1]


@case("stock.counted")
def more_than_was_thought() -> Do:
    honey = make.honey(left=5)
    return lambda: (stock.count(honey, 9), honey)[1]


@case("stock.counted")
def less_than_was_thought() -> Do:
    honey = make.honey(left=5)
    return lambda: (stock.count(honey, 2), honey)[1]


@case("product.priced")
def a_price() -> Do:
    honey = make.honey(price=850)
    make.order(make.wish(honey))
    return lambda: (products.set_price(honey.id, 900), honey)[1]


@case("product.described")
def other_words() -> Do:
    honey = make.honey()
    make.order(make.wish(honey))
    words = {name: getattr(honey, name) for name in telling.WORDS}
    words |= {"name": "Miele di tiglio", "storage": "Al buio.", "allergens": ["nessuno"]}
    return lambda: (products.describe(honey.id, words, seen_as=None, by=None), honey)[1]


@case("product.picture_set")
def another_photograph() -> Do:
    honey = make.honey()
    pictures.put(honey.id, [Print(160, "jpg", b"the one of before")], by=None)
    make.order(make.wish(honey))
    return lambda: (pictures.put(honey.id, [Print(160, "jpg", b"a better one")], by=None), honey)[1]


@case("product.picture_set")
def no_photograph_any_more() -> Do:
    honey = make.honey()
    pictures.put(honey.id, [Print(160, "jpg", b"the one of before")], by=None)
    return lambda: (pictures.take_away(honey.id, by=None), honey)[1]


@case("product.sale_set")
def not_on_sale_today() -> Do:
    honey = make.honey()
    make.order(make.wish(honey))
    return lambda: (products.set_on_sale(honey.id, False, by=None), honey)[1]


@case("product.sale_set")
def on_sale_again() -> Do:
    honey = make.honey(on_sale=False)
    return lambda: (products.set_on_sale(honey.id, True, by=None), honey)[1]


# --- cases: calendar and land


def a_rule(place: Place | None = None) -> PickUpRule:
    """Thursdays from 16 to 18."""
    return calendar.add_rule(
        (place or make.place()).id,
        weekday=3,
        from_minute=16 * 60,
        to_minute=18 * 60,
        cutoff_days_before=1,
        cutoff_minute=12 * 60,
        capacity=9,
        from_day=MONDAY,
        by=None,
    )


@case("pickup_rule.added")
def every_thursday() -> Do:
    place = make.place()
    return lambda: a_rule(place)


@case("pickup_rule.ended")
def no_more_thursdays() -> Do:
    rule = a_rule()
    calendar.plan()
    make.order(at=rows(PickUp)[0])
    return lambda: calendar.end_rule(rule.id, MONDAY, by=None).rule


@case("week.closed")
def a_week_of_rest() -> Do:
    a_rule()
    calendar.plan()
    make.order(at=rows(PickUp)[0])
    return lambda: calendar.close_week(MONDAY + timedelta(days=7), "ferie", by=None)


@case("distance.confirmed")
def a_distance_on_the_limit() -> Do:
    field, place, who = *near_the_limit(), make.tutor()
    return lambda: (distance.confirm(field.id, place.id, True, by=who.id), field)[1]


@case("field.moved")
def a_field_at_a_wrong_point() -> Do:
    field, place = near_the_limit()
    distance.confirm(field.id, place.id, False, by=make.tutor().id)
    return lambda: places.move_field(field.id, 45.3, 8.9, by=None)


@case("field.renamed")
def a_field_by_another_name() -> Do:
    field = make.field()
    return lambda: land.rename_field(field.id, "Campo lungo", by=None)


@case("place.changed")
def a_place_at_another_point() -> Do:
    field, place = near_the_limit()
    distance.confirm(field.id, place.id, False, by=make.tutor().id)
    facts = {name: getattr(place, name) for name in land.OF_PLACE}
    facts |= {"name": "Piazza Nuova", "latitude": 45.3, "longitude": 8.9, "province": "PV"}
    return lambda: (land.change_place(place.id, facts, by=None), place)[1]


@case("container.renamed")
def a_bowl_by_another_name() -> Do:
    bowl = places.add_container("Ciotola blu", 180, by=None)
    return lambda: land.rename_container(bowl.id, "Ciotola verde", "Green bowl", by=None)


@case("container.tare_set")
def a_bowl_on_the_scale_again() -> Do:
    bowl = places.add_container("Ciotola blu", 180, by=None)
    return lambda: land.set_tare(bowl.id, 195, by=None)


@case("voucher.issued")
def a_voucher_is_made() -> Do:
    return lambda: vouchers.issue(2000, clock.today() + timedelta(days=90), by=None)[0].voucher


@case("voucher.voided")
def a_voucher_is_stopped() -> Do:
    made = vouchers.issue(2000, clock.today() + timedelta(days=90), by=None)[0].voucher
    return lambda: vouchers.void(made.id, by=None)


@case("vat.rate_set")
def another_rate_from_a_day_on() -> Do:
    vat_id = rates.add("Miele", 10, "Parte III, n. 16", by=None).id
    day = clock.today() + timedelta(days=30)
    return lambda: (rates.set_rate(vat_id, 22, day, "Legge nuova", by=None), rates.get(vat_id).first)[1]


@case("vat.renamed")
def a_kind_of_vat_by_another_name() -> Do:
    vat_id = rates.add("Mielle", 10, by=None).id
    return lambda: (rates.rename(vat_id, "Miele", by=None), rates.get(vat_id).first)[1]


@case("place.fee_set")
def a_dearer_delivery() -> Do:
    place = make.place(kind="round", fee=300)
    make.order(at=make.pickup(place))
    return lambda: places.set_fee(place.id, 450, by=None)


@case("place.minimum_set")
def a_smallest_order() -> Do:
    place = make.place()
    make.order(at=make.pickup(place))
    return lambda: places.set_minimum(place.id, 1500, by=None)


@case("zone.added")
def a_new_zone() -> Do:
    place = make.place(kind="round")
    places.add_zone(place.id, "Gambolò", "27025", by=None)
    return lambda: (places.add_zone(place.id, "Mortara", "27036", by=None), place)[1]


@case("zone.removed")
def a_zone_that_is_too_far() -> Do:
    place = make.place(kind="round")
    places.add_zone(place.id, "Gambolò", "27025", by=None)
    return lambda: (places.remove_zone(rows(Zone)[0].id, by=None), place)[1]


def near_the_limit() -> tuple[Field, Place]:
    """70 km from each other, give or take a little: in another province, so that a person has to look at the map."""
    field, place = make.field(), make.place(latitude=45.3166, longitude=7.9853, province="TO")
    assert distance.measure(field, place).rule == "ask"
    return field, place


@case("task.passed")
def a_crate_for_a_colleague() -> Do:
    order, anna, bruno = (
        a_crate(make.wish(make.chard(), 2), make.wish(make.carrots(), 500)),
        make.person(),
        make.person("Bruno"),
    )
    make.pack(order.lines[0], by=anna.id)
    return lambda: passing.pass_on(order.id, bruno.id, by=anna.id)


@case("task.taken_over")
def a_crate_that_a_tutor_goes_on_with() -> Do:
    order, anna, rita = a_crate(make.wish(make.chard(), 2), make.wish(make.carrots(), 500)), make.person(), make.tutor()
    make.pack(order.lines[0], by=anna.id)
    return lambda: passing.take_over(order.id, expected=anna.id, by=rita.id)


# --- letters, texts, people


@case("letter.stopped")
def a_letter_that_shall_not_leave() -> Do:
    order, boss = a_ready_crate(), a_coordinator()
    item = next(each for each in outbox.about(order.id) if each.payload["letter"] == "ready")
    return lambda: departures.stop(item.id, by=boss.id)


@case("withdrawal.answered")
def why_nothing_goes_back() -> Do:
    boss, order = a_coordinator(), a_crate_that_has_gone(make.wish(make.chard()))
    said = Declaration(name="Maria Rossi", number=order.number, email="maria.rossi@posta.example")
    found = withdrawing.declare(said, key=keys.new(), language="it", origin="", order=order)
    return lambda: withdrawing.answer(found.id, reasons.key("solo-fresco"), by=boss.id)


@case("thanks.decided")
def words_of_thanks_that_may_be_seen() -> Do:
    boss, order = a_coordinator(), a_crate_that_has_gone(make.wish(make.chard()))
    made = thanking.write(order.id, "Grazie a tutti", False)
    return lambda: thanking.decide(made.id, let_through=True, by=boss.id)


@case("text.changed")
def other_words_in_a_letter() -> Do:
    boss = a_coordinator()
    return lambda: written(
        rewriting.change("letter", "ready", "it", texts.Words("Pronta", "{ritiro} {pagare}"), by=boss.id)
    )


@case("text.changed")
def the_words_of_the_house_again() -> Do:
    boss = a_coordinator()
    rewriting.change("letter", "ready", "it", texts.Words("Pronta", "{ritiro} {pagare}"), by=boss.id)
    return lambda: rewriting.back_to_ours("letter", "ready", "it", by=boss.id)


def written(row: EditableText | None) -> EditableText:
    assert row
    return row


@case("seller.changed")
def another_name_of_the_farm() -> Do:
    facts = {"name": "La cascina", "address": "Via 1", "email": "a@posta.example", "vat_number": "00743110157"}
    boss = a_coordinator()
    return lambda: seller_data.change(facts, by=boss.id)


@case("person.changed")
def another_name_and_larger_letters() -> Do:
    anna, boss = make.person(), a_coordinator()
    given = {name: getattr(anna, name) for name in staying.COLUMNS} | {"name": "Annina", "text_size": 1}
    return lambda: staying.change(anna.id, given, seen_as=seen.of(fresh_person(anna), staying.COLUMNS), by=boss)


@case("person.changed")
def pictures_as_somebody_likes_them() -> Do:
    anna = make.person()
    return lambda: staying.choose(anna, "large_pictures", True)


@case("person.left")
def somebody_who_leaves_at_once() -> Do:
    anna, boss = make.person(), a_coordinator()
    badges.make(anna, by=boss)
    return lambda: staying.leave(anna.id, None, by=boss)


@case("person.left")
def somebody_who_has_a_last_day() -> Do:
    anna, boss = make.person(), a_coordinator()
    return lambda: staying.leave(anna.id, THURSDAY, by=boss)


@case("person.returned")
def somebody_who_comes_back() -> Do:
    anna, boss = make.person(active_from=MONDAY - timedelta(days=30)), a_coordinator()
    badges.make(anna, by=boss)
    with clock.at(clock.rome(MONDAY - timedelta(days=9), 8)):
        staying.leave(anna.id, MONDAY - timedelta(days=9), by=boss)
    return lambda: staying.come_back(anna.id, by=boss)


@case("support.changed")
def less_guide_everywhere() -> Do:
    anna, boss = make.person(), a_coordinator()
    return lambda: staff.set_support(anna, 1, reason="Lo fa", by=boss)


@case("support.changed")
def a_guide_for_one_task() -> Do:
    anna, boss = make.person(), a_coordinator()
    return lambda: staff.set_support(anna, 0, task="harvest", reason="Lo fa", by=boss)


@case("support.changed")
def a_task_as_everything_else_again() -> Do:
    anna, boss = make.person(), a_coordinator()
    staff.set_support(anna, 0, task="harvest", reason="Lo fa", by=boss)
    return lambda: staff.set_support(anna, None, task="harvest", reason="Con gli altri", by=boss)


@case("shift.planned")
def two_days_of_shifts() -> Do:
    anna, bruno, boss = make.person(), make.person("Bruno"), a_coordinator()
    staff.plan_shift(THURSDAY, [bruno], by=make.tutor("Ugo"))
    return lambda: (shifts.plan({MONDAY: [anna.id], THURSDAY: [anna.id, bruno.id]}, by=boss), boss)[1]


@case("device.renamed")
def another_name_for_a_tablet() -> Do:
    device, boss = make.tablet("Tablet verde")[0], a_coordinator()
    return lambda: (devices.rename(device.id, "Tablet blu", "magazzino", by=boss), device)[1]


def a_coordinator() -> Person:
    return make.person("Teresa", Role.COORDINATOR)


def fresh_person(person: Person) -> Person:
    make.fresh(person)
    return person


# --- done, undone, done


def taken_back(subject: Subject, times: int) -> None:
    for _ in range(times):
        undo.undo_last(subject)
    make.fresh(subject)


def without_numbers(facts: dict[str, Any]) -> dict[str, Any]:
    """A rule that is added a second time is another row."""
    rules = [rule[1:] for rule in facts["calendar"]["rules"]]
    return {**facts, "calendar": {**facts["calendar"], "rules": rules}}


def test_every_action_with_an_inverse_has_a_case() -> None:
    with_inverse, _without = undo.known_actions()
    assert {action for action, _world in CASES.values()} == with_inverse
    assert {*orders.undoing.INVERSES, *catalog.undoing.INVERSES, *people.undoing.INVERSES} <= with_inverse


@pytest.mark.parametrize("name", CASES)
def test_done_and_undone_the_shop_is_as_before_and_done_again_as_after(name: str) -> None:
    action, world = CASES[name]
    do = world()
    aside = action in working.ASIDE
    before = state()
    subject = do()
    after = state()
    assert after != before, "a deed that changes nothing shows nothing"
    for _again in range(2):
        entry = undo.newest(subject, aside=aside)
        assert entry is not None
        assert entry.action == action
        undo.undo_last(subject, expected=entry.id, aside=aside)
        assert state() == before
        subject = do()
        assert without_numbers(state()) == without_numbers(after)


# --- refused when used: nothing has changed, and nothing says that it was undone


def refused(subject: Subject, kind: type[Refused] = Conflict) -> None:
    before, undone, letters = state(), undos(), how_letters_stand()
    with pytest.raises(Refused) as answer:
        undo.undo_last(subject)
    assert type(answer.value) is kind
    assert answer.value.sentence
    assert (state(), undos(), how_letters_stand()) == (before, undone, letters)


def undos() -> int:
    return db.session.scalar(select(func.count()).where(journal.Entry.undoes_id.is_not(None))) or 0


def how_letters_stand() -> list[tuple[str, str]]:
    return sorted((item.key, item.state) for item in rows(Item))


def the_worker_comes() -> None:
    """A quarter of an hour later."""
    with clock.at(clock.now() + timedelta(minutes=16)):
        outbox.send_due()


LETTERS = (
    "order.ready: a ready crate that uses credit",
    "order.not_collected: jars that nobody came for",
    "order.refunded: part of a line in cash",
    "pickup.called_off: illness when crates are ready and credit is used",
    "pickup.moved: another day and hour",
)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_that_the_worker_has_taken_closes_undo(name: str) -> None:
    subject = CASES[name][1]()()
    assert undo.offer(subject) is not None
    with clock.at(clock.rome(THURSDAY, 18)):
        the_worker_comes()
    assert undo.offer(subject) is None
    refused(subject)


def test_what_was_offered_or_counted_and_is_promised_stays() -> None:
    honey = make.honey(left=5)
    make.order(make.wish(honey, 1))
    refused(honey, OutOfStock)
    stock.count(honey, 9)
    make.order(make.wish(honey, 8))
    refused(honey, OutOfStock)


def test_places_that_are_taken_stay() -> None:
    pickup = make.pickup(capacity=1)
    make.order(at=pickup)
    pickups.set_capacity(pickup.id, 2, by=None)
    make.order(at=pickup)
    refused(pickup)


def test_jars_that_went_to_somebody_else_do_not_wait_again() -> None:
    honey = make.honey(left=3)
    order = a_ready_crate(make.wish(honey, 3))
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)
    make.order(make.wish(honey, 1))
    refused(order, OutOfStock)


def test_credit_that_went_into_another_crate_is_not_used_twice() -> None:
    with_credit(300)
    order = a_ready_crate()
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)
    assert a_ready_crate().settled == 300
    refused(order)


def test_a_count_that_money_followed_stays_and_so_does_money_that_left_the_box() -> None:
    order = a_ready_crate(make.wish(make.product(price=850)))
    place = order.pickup.place
    box = count_box(place, {1000: 2, 100: 1, 50: 1})
    handing_over.take_cash(order.id, by=None, expected=850, given=[2000], back=[1000, 100, 50])
    refused(box)
    count_box(place, {1000: 1})
    refused(order)
    taken_back(box, 1)
    taken_back(order, 1)
    taken_back(box, 1)
    assert drawers.find(place.id) is None


def test_credit_that_was_given_and_used_is_not_taken_back() -> None:
    order = a_crate_that_has_gone(make.wish(make.honey()))
    give_back(order, {order.lines[0].id: 300}, "credit")
    assert a_ready_crate().settled == 300
    refused(order)


def test_a_pick_up_whose_goods_or_credit_went_elsewhere_is_not_called_on_again() -> None:
    honey = make.honey(left=2)
    order = make.order(make.wish(honey, 2))
    call_off(order.pickup)
    make.order(make.wish(honey, 1))
    refused(order.pickup, OutOfStock)


def test_nor_when_its_jars_went_elsewhere_though_its_vegetables_could_come_back() -> None:
    honey, chard = make.honey(left=2), make.chard(left=5)
    order = make.order(make.wish(honey, 2), make.wish(chard, 5))
    call_off(order.pickup, gone=True)
    with pytest.raises(OutOfStock):
        make.order(make.wish(chard, 1))
    make.order(make.wish(honey, 1))
    refused(order.pickup, OutOfStock)


def test_vegetables_that_were_gone_come_back_whatever_happened_to_the_others() -> None:
    chard = make.chard(left=9)
    order = make.order(make.wish(chard, 4))
    call_off(order.pickup, gone=True)
    make.order(make.wish(chard, 5))
    undo.undo_last(order.pickup)
    assert (stock.ledger_sum(chard.id), pickups.get(order.pickup_id).cancelled_at) == (0, None)


def test_nor_when_the_credit_that_came_back_was_used() -> None:
    with_credit(300)
    order = a_ready_crate()
    call_off(order.pickup)
    assert a_ready_crate().settled == 300
    refused(order.pickup)


def test_whoever_ordered_for_the_new_day_is_not_moved_back_in_silence() -> None:
    pickup = make.pickup()
    move(pickup, days=4)
    make.order(at=pickup)
    refused(pickup)


def test_whoever_changed_to_the_new_day_is_not_moved_back_in_silence() -> None:
    pickup, honey = make.pickup(), make.honey()
    order = make.order(make.wish(honey))
    move(pickup, days=4)
    changing.change(order.id, [make.wish(honey)], version=0, key="another-pick-up-1", pickup_id=pickup.id)
    refused(pickup)


def test_after_the_crates_have_numbers_the_pick_up_is_not_moved_back() -> None:
    pickup = make.pickup()
    order = make.order(at=pickup)
    move(pickup, days=4)
    make.closed(order)
    refused(pickup)


def test_after_an_order_was_cancelled_nothing_in_its_crate_is_taken_back() -> None:
    order = a_crate(make.wish(make.chard()))
    preparing.take_line(order.id, order.lines[0].id, version=0, by=None)
    cancelling.cancel(order.id, as_staff=True)
    refused(order)


def test_nor_while_its_pick_up_is_called_off() -> None:
    order = a_crate(make.wish(make.chard()))
    preparing.take_line(order.id, order.lines[0].id, version=0, by=None)
    call_off(order.pickup)
    refused(order)


def test_whoever_is_expected_again_is_marked_again_and_not_undone() -> None:
    order = a_ready_crate(make.wish(make.honey()))
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)
        handing_over.expect_again(order.id, by=None)
    refused(order)


def test_something_else_that_was_complained_about_stays_on_the_order() -> None:
    """What was given back for it, and taken back, names it for ever: the first line cannot wait again."""
    honey, chard = make.honey(), make.chard()
    order = a_crate(Wish(honey.id, 1, honey.price, may_substitute=True))
    other = substituting.substitute(order.id, order.lines[0].id, chard.id, 1, version=0, by=None)
    preparing.take_line(order.id, other.id, version=other.version, by=None)
    preparing.finish(order.id, by=None)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    give_back(order, {other.id: 100}, "card_terminal")
    taken_back(order, 5)
    refused(order)


def test_money_whose_receipt_has_a_number_goes_back_after_the_number() -> None:
    order = a_ready_crate(make.wish(make.honey()))
    handing_over.take_cash(order.id, by=None, expected=850)
    note_receipt(order, "0012-0034")
    undo.undo_last(order)
    assert undo.newest(order).action == "order.cash_taken"  # type: ignore[union-attr]
    taken_back(order, 1)
    assert (order.settled, [payment.reference for payment in order.payments]) == (0, ["", ""])
    with pytest.raises(Conflict):
        note_receipt(order, "0012-0034")


def test_a_rule_for_which_somebody_has_ordered_stays() -> None:
    rule = a_rule()
    calendar.plan()
    make.order(at=rows(PickUp)[0])
    refused(rule)


@pytest.mark.parametrize("name", ["pickup_rule.ended: no more thursdays", "week.closed: a week of rest"])
def test_pick_ups_whose_day_is_over_do_not_take_place_after_all(name: str) -> None:
    subject = CASES[name][1]()()
    with clock.at(clock.rome(MONDAY + timedelta(days=30), 8)):
        refused(subject)


# --- after an undo, other deeds find everything in its place


def test_credit_comes_back_to_whom_it_belongs_though_the_pick_up_was_off_and_on_meanwhile() -> None:
    with_credit(300)
    order = a_ready_crate()
    call_off(order.pickup)
    undo.undo_last(order.pickup)
    make.fresh(order)
    assert (order.settled, paying.credit_of(order)) == (300, 0)
    taken_back(order, 2)  # the label, then "ready"
    assert (order.settled, paying.credit_of(order)) == (0, 300)


def test_and_though_nobody_seemed_to_come_for_it() -> None:
    with_credit(300)
    order = a_ready_crate()
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)
    taken_back(order, 3)
    assert (order.settled, paying.credit_of(order)) == (0, 300)


def test_after_a_complaint_was_taken_back_the_crate_can_be_packed_otherwise_and_complained_about() -> None:
    """Rates and parts that the refund spoke of are worth nothing now."""
    round_trip = make.pickup(make.place(kind="round", fee=400))
    order = make.order(make.wish(make.chard()), make.wish(make.honey()), at=round_trip)
    make.prepared(order)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    give_back(order, giving_back.possible(order), "card_terminal")
    taken_back(order, 6)  # down to the honey in the crate
    honey = order.lines[1]
    preparing.mark_missing(order.id, honey.id, version=honey.version, by=None)
    preparing.finish(order.id, by=None)
    handing_over.take_card(order.id, by=None, expected=580)
    handing_over.hand_over(order.id, by=None)
    assert giving_back.possible(order) == {order.lines[0].id: 180, giving_back.FEE: 400}
    give_back(order, giving_back.possible(order), "card_terminal")
    assert (order.refunded, order.due, giving_back.possible(order)) == (580, 0, {})
