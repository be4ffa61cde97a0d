"""What comes first, what stands beside it, who is on what: as the journal says, and never more than five choices."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import db
from desk.today import Facts, Thing, choices, in_order
from orders import finding, harvesting, placing, preparing, working
from orders.models import Order, Source
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.desk.walking import Desk
from tests.shop.citizen import statements

GIVE, HARVEST, BEGUN, PASSED, CRATE = Thing
SOON = datetime(2026, 12, 4, 15, tzinfo=UTC)
LATER = SOON + timedelta(days=1)

TABLE = [
    ("nothing waits", Facts(), []),
    ("crates alone", Facts(crate_at=SOON), [CRATE]),
    ("the harvest before its crates", Facts(harvest_at=SOON, crate_at=SOON), [HARVEST, CRATE]),
    ("the harvest of a later pick-up after nearer crates", Facts(harvest_at=LATER, crate_at=SOON), [CRATE, HARVEST]),
    ("the nearer harvest before later crates", Facts(harvest_at=SOON, crate_at=LATER), [HARVEST, CRATE]),
    ("a harvest alone", Facts(harvest_at=LATER), [HARVEST]),
    ("people who stand there before everything", Facts(True, True, SOON, SOON, True, True), list(Thing)),
    ("crates that wait for later today come last", Facts(gives=True, crate_at=SOON), [CRATE, GIVE]),
    ("what is begun before what was passed on", Facts(crate_at=SOON, begun=True, passed=True), [BEGUN, PASSED, CRATE]),
    ("what was passed on before the rest", Facts(crate_at=SOON, passed=True, gives=True), [PASSED, CRATE, GIVE]),
    (
        "begun, and the harvest is not looked at yet",
        Facts(harvest_at=SOON, crate_at=SOON, begun=True),
        [HARVEST, BEGUN, CRATE],
    ),
    (
        "begun, and only a later harvest waits",
        Facts(harvest_at=LATER, crate_at=SOON, begun=True),
        [BEGUN, CRATE, HARVEST],
    ),
]


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_things_come_in_the_order_in_which_they_should_be_done(facts: Facts, expected: list[Thing]) -> None:
    assert in_order(facts) == expected


def test_there_are_never_more_than_five_choices_and_one_can_always_go_out() -> None:
    for _name, facts, _order in TABLE:
        for may_pass in (False, True):
            tiles = choices(facts, may_pass=may_pass)
            assert len(tiles) + bool(in_order(facts)) <= 5
            assert tiles[-1] == "out"
            assert in_order(facts)[:1] not in ([GIVE], [HARVEST]) or in_order(facts)[0] not in tiles


def test_where_there_is_no_room_the_harvest_of_a_later_pickup_waits() -> None:
    facts = Facts(gives=True, harvest_at=LATER, crate_at=SOON, begun=True)
    assert choices(facts, may_pass=True) == ["prepare", "give", "pass", "out"]
    assert choices(facts, may_pass=False) == ["prepare", "give", "harvest", "out"]


def worker(name: str = "Anna", level: int = 1, **more: object) -> Person:
    return make.person(name, support_level=level, **more)  # type: ignore[arg-type]


def first_of(desk: Desk) -> str:
    return next(way.words for way in desk.go("/banco").ways if way.is_principal)


def many(count: int) -> list[Order]:
    pickup, honey, chard = make.pickup(), make.honey(), make.chard()
    wishes = [placing.Wish(product.id, 1, product.price, may_substitute=True) for product in (honey, chard)]
    made = [make.order(*wishes, at=pickup) for _ in range(count)]
    make.closed(made[0])
    return sorted((crates.again(order.id) for order in made), key=lambda order: order.crate or 0)


def test_the_crates_of_the_earliest_pickup_come_first_and_what_is_over_last(app: object) -> None:
    later = make.closed(make.order(at=make.pickup(days=4)))
    earlier = make.closed(make.order(at=make.pickup(days=3)))
    assert [order.id for order in finding.to_prepare()] == [earlier.id, later.id]
    with clock.at(earlier.pickup.to_at + timedelta(minutes=1)):
        assert [order.id for order in finding.to_prepare()] == [later.id, earlier.id]


def test_a_pickup_that_is_being_handed_over_comes_before_a_crate(enter: EnterAs) -> None:
    dario = worker("Dario", can=(Capability.HAND_OVER,))
    waiting = crates.ready_today(make.wish(make.product()))
    many(1)
    with clock.at(waiting.pickup.from_at + timedelta(minutes=1)):
        assert first_of(enter(dario)) == "Consegna 1 cassetta"
        assert first_of(enter(worker())) == "Cassetta 1"  # whoever may not hand over goes on preparing
    with clock.at(waiting.pickup.to_at + timedelta(minutes=1)):
        assert first_of(enter(dario)) == "Cassetta 1"


def test_the_harvest_of_the_nearest_pickup_comes_before_its_crates(enter: EnterAs) -> None:
    order = many(1)[0]
    with clock.at(clock.rome(order.pickup.day - timedelta(days=1), 9)):
        desk = enter(worker())
        assert first_of(desk) == "Raccolto 2 prodotti"
        for row in harvesting.rows(order.pickup_id):
            harvesting.arrive(order.pickup_id, row.product.id, 9, by=None)
        assert first_of(desk) == "Cassetta 1"


def test_nobody_is_sent_to_a_crate_that_a_colleague_is_on_while_others_wait(enter: EnterAs) -> None:
    orders = many(3)
    bruno = worker("Bruno")
    crates.take_first(orders[0].id, bruno)
    anna = enter(worker())
    assert first_of(anna) == "Cassetta 2"
    assert first_of(enter(bruno)) == "Cassetta 1"
    for order in orders[1:]:
        make.prepared(order)
    assert first_of(anna) == "Cassetta 1"  # the last one: two may look at it


def test_a_face_stands_on_the_tile_of_a_crate_that_somebody_is_on(enter: EnterAs) -> None:
    orders = many(3)
    crates.take_first(orders[1].id, worker("Bruno Bianchi", picture="chitarra"))
    desk = enter(worker()).go("/banco/prepara")
    assert desk.find("Cassetta 2").words == "Cassetta 2 2 prodotti Bruno"
    assert desk.find("Cassetta 1").words == "Cassetta 1 2 prodotti"
    assert "people/chitarra.svg" in desk.html


def test_who_is_on_it_is_who_did_the_last_thing_that_stands_today(enter: EnterAs) -> None:
    order = many(1)[0]
    anna, bruno = worker("Anna"), worker("Bruno")
    assert working.on(order) is None
    crates.take_first(order.id, anna)
    line = crates.again(order.id).lines[1]
    preparing.take_line(order.id, line.id, version=0, by=bruno.id)
    assert working.on(order).person_id == bruno.id  # type: ignore[union-attr]
    enter(bruno).go(f"/banco/casse/{order.id}").press("Torna indietro:")
    assert working.on(order).person_id == anna.id  # type: ignore[union-attr]
    with clock.at(clock.now() + timedelta(days=1)):
        assert working.on(order) is None


@pytest.mark.parametrize("level", [2, 0])
@pytest.mark.parametrize("path", ["/banco", "/banco/prepara", "/banco/prodotti-in-mano/{pickup}/{product}", "/tutor"])
def test_twenty_crates_take_as_many_statements_as_five(enter: EnterAs, rita: Desk, path: str, level: int) -> None:
    colleagues = [worker(f"Collega {number}").id for number in range(4)]
    desk = rita if path == "/tutor" else enter(worker(level=level))
    few = [order.id for order in many(5)]
    first = crates.again(few[0])
    path = path.format(pickup=first.pickup_id, product=first.lines[1].product_id)
    begun(few, colleagues)
    for_five = asked(desk, path)
    begun([one_more(few[0]) for _ in range(15)], colleagues)
    assert asked(desk, path) == for_five


def asked(desk: Desk, path: str) -> list[str]:
    """Tables in the order in which they are read, by a browser that comes for the second time."""
    desk.go(path)
    db.session.remove()
    with statements() as seen:
        assert desk.go(path).status == 200
    return tables(seen)


def tables(seen: list[str]) -> list[str]:
    """What each statement reads from: short enough to compare by eye."""
    return [statement.partition("FROM ")[2].split()[0] if "FROM " in statement else statement for statement in seen]


def begun(orders: list[int], colleagues: list[int]) -> None:
    for number, order_id in enumerate(orders):
        line = crates.again(order_id).lines[0]
        preparing.take_line(order_id, line.id, version=0, by=colleagues[number % len(colleagues)])


def one_more(like_id: int) -> int:
    """Somebody rang: the next crate of the same pick-up, with the same goods and leave to change them."""
    like = crates.again(like_id)
    wishes = [placing.Wish(line.product_id, 1, line.price, True) for line in like.lines]
    key = secrets.token_hex(8)
    return placing.place(wishes, make.citizen(), like.pickup_id, key=key, source=Source.PHONE, late=True).id
