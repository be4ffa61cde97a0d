"""Practice of one's own: invented orders that are worked on with the same verbs and touch nothing real (ruling 15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import stock
from catalog.models import Product
from core import clock, outbox
from core.database import db
from core.errors import NotFound, Refused
from core.journal import Entry
from orders import books, drawers, finding, handing_over, practising, preparing, takings
from orders.models import Order, Payment
from people.models import Person
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app", "in_the_morning")


@pytest.fixture
def in_the_morning() -> Iterator[None]:
    with clock.at(clock.rome(clock.today(), 9)):
        yield


def farm() -> list[Product]:
    make.place()
    squash = make.product("zucca", name="Zucca delica", kind="piece_by_weight", price=240, piece_grams=1800, left=20)
    return [make.chard(), make.carrots(), squash, make.honey()]


def somebody(name: str) -> Person:
    """Who practises: the session would say so."""
    person = make.person(name)
    person.practises = True
    return person


def work(order: Order, by: int) -> Order:
    for line in order.lines:
        if line.is_weighed:
            grams = line.expected_grams or 1
            preparing.weigh_line(order.id, line.id, grams, version=line.version, by=by)
        else:
            preparing.take_line(order.id, line.id, version=line.version, by=by)
    preparing.finish(order.id, by=by)
    return preparing.label(order.id, by=by)


def test_somebody_finds_two_crates_to_prepare_and_one_to_hand_over() -> None:
    farm()
    anna = somebody("Anna")
    practising.begin(anna)
    assert [order.crate for order in practising.to_prepare(anna)] == [1, 2]
    assert [order.crate for order in practising.to_hand_over(anna)] == [3]
    kinds = {line.kind for order in practising.to_prepare(anna) for line in order.lines}
    assert kinds == {"by_weight", "piece_by_weight", "fixed"}


def test_all_of_it_can_be_done_and_nothing_real_moves() -> None:
    goods, anna = farm(), somebody("Anna")
    real = make.closed(make.order(make.wish(goods[0], 2)))
    before = {product.id: stock.ledger_sum(product.id) for product in goods}
    waiting = outbox.lag()["waiting"]
    practising.begin(anna)
    for order in practising.to_prepare(anna):
        work(order, anna.id)
    for order in practising.to_hand_over(anna):
        handing_over.take_cash(order.id, by=anna.id, expected=handing_over.cash_due(order))
        handing_over.hand_over(order.id, by=anna.id)
    assert practising.to_prepare(anna) == practising.to_hand_over(anna) == []
    assert {product.id: stock.ledger_sum(product.id) for product in goods} == before
    assert finding.to_prepare() == [real]
    assert outbox.lag()["waiting"] == waiting
    assert takings.between(clock.today(), clock.today()) == []
    assert books.look().problems == []


def test_its_money_lies_in_a_box_of_its_own() -> None:
    goods, anna = farm(), somebody("Anna")
    real = make.closed(make.order(make.wish(goods[0], 2)))
    drawers.count(real.pickup.place, {1000: 2}, by=None)
    practising.begin(anna)
    order = practising.to_hand_over(anna)[0]
    due = handing_over.cash_due(order)
    back = drawers.change_for(order.pickup.place_id, 5000 - due, practice=True)
    handing_over.take_cash(order.id, by=anna.id, expected=due, given=[5000], back=back)
    box = drawers.find(real.pickup.place_id)
    assert box is not None
    assert box.cents == 2000


def test_everybody_practises_alone_and_begins_again_as_often_as_they_like() -> None:
    farm()
    anna, bruno = somebody("Anna"), somebody("Bruno")
    first, other = practising.begin(anna), practising.begin(bruno)
    assert {order.pickup_id for order in practising.to_prepare(bruno)} == {other.id}
    with pytest.raises(NotFound):
        practising.require_here(bruno, finding.of_pickup(first.id)[0])
    again = practising.begin(anna)
    assert {order.pickup_id for order in practising.to_prepare(anna)} == {again.id}
    twins = select(func.count()).select_from(Product).where(Product.practice)
    assert db.session.scalar(twins) == 4


def test_tomorrow_yesterdays_practice_is_gone() -> None:
    farm()
    anna = somebody("Anna")
    practising.begin(anna)
    with clock.at(clock.now() + timedelta(days=1)):
        assert practising.find_current(anna) is None
        assert practising.to_prepare(anna) == []


def test_in_the_last_minute_of_the_day_it_is_tomorrows() -> None:
    farm()
    anna = somebody("Anna")
    with clock.at(clock.rome(clock.today(), 23, 59)):
        practising.begin(anna)
        assert [order.crate for order in practising.to_prepare(anna)] == [1, 2]


def test_everything_of_it_is_marked_in_the_journal() -> None:
    farm()
    anna = somebody("Anna")
    last = db.session.scalar(select(func.max(Entry.id))) or 0
    practising.begin(anna)
    work(practising.to_prepare(anna)[0], anna.id)
    unmarked = select(Entry.action).where(Entry.id > last, Entry.practice.is_(False))
    assert list(db.session.scalars(unmarked)) == []
    assert db.session.scalar(select(func.count()).select_from(Payment)) == 0


def test_a_farm_that_sells_nothing_has_nothing_to_try() -> None:
    with pytest.raises(Refused):
        practising.begin(somebody("Anna"))
