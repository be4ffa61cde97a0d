"""The cash box: what is shown as change lies in it, what came in lies there afterwards, and undo puts all back."""

from __future__ import annotations

import random
import time

import pytest
from flask import Flask
from sqlalchemy import text

from catalog.models import PickUp, Place
from core import coins, undo
from core.database import db
from core.errors import Conflict, Refused
from orders import books, drawers, handing_over
from orders.models import Order
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

FLOAT = {1000: 2, 500: 2, 200: 5, 100: 5, 50: 4, 20: 5, 10: 5, 5: 4}


def ready(cents: int = 850, at: PickUp | None = None) -> Order:
    return make.prepared(make.order(make.wish(make.product(price=cents)), at=at))


def take(order: Order, given: list[int], back: list[int]) -> None:
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order), given=given, back=back)


def box(order: Order) -> drawers.Drawer:
    db.session.rollback()
    db.session.expire_all()
    found = drawers.find(order.pickup.place_id)
    assert found
    return found


def test_what_comes_in_lies_there_and_the_change_is_gone() -> None:
    order = ready(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    back = drawers.change_for(order.pickup.place_id, 2000 - 850)
    assert back == [1000, 100, 50]
    take(order, [2000], back)
    assert box(order).holds == {**FLOAT, 2000: 1, 1000: 1, 100: 4, 50: 3}
    assert box(order).cents == sum(coin * number for coin, number in FLOAT.items()) + 850


def test_taken_back_every_piece_is_where_it_was() -> None:
    order = ready(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    take(order, [2000], [1000, 100, 50])
    undo.undo_last(order)
    assert box(order).holds == FLOAT
    take(order, [500, 200, 100, 50], [])
    undo.undo_last(order)
    assert box(order).holds == FLOAT


def test_exactly_what_is_asked_needs_nobody_to_tap_it() -> None:
    order = ready(850)
    drawers.count(order.pickup.place, {}, by=None)
    handing_over.take_cash(order.id, by=None, expected=850)
    assert box(order).holds == {500: 1, 200: 1, 100: 1, 50: 1}


def test_change_that_is_not_there_calls_the_tutor() -> None:
    order = ready(850)
    drawers.count(order.pickup.place, {1000: 1, 100: 1}, by=None)
    with pytest.raises(drawers.NoChange, match="Chiama il tutor"):
        drawers.change_for(order.pickup.place_id, 1150)


def test_change_that_has_gone_meanwhile_is_shown_anew_and_nothing_was_taken() -> None:
    order = ready(850)
    drawers.count(order.pickup.place, {1000: 1, 100: 1, 50: 1}, by=None)
    drawers.count(order.pickup.place, {500: 2, 100: 1, 50: 1}, by=None)
    with pytest.raises(Conflict):
        take(order, [2000], [1000, 100, 50])
    assert box(order).holds == {500: 2, 100: 1, 50: 1}
    make.fresh(order)
    assert order.payments == []


def test_what_was_given_less_the_change_is_what_is_due() -> None:
    order = ready(850)
    with pytest.raises(Conflict):
        take(order, [1000], [100])
    make.fresh(order)
    assert order.payments == []


def test_a_box_that_nobody_has_counted_gives_the_fewest_pieces_and_keeps_no_account() -> None:
    order = ready(850)
    assert drawers.change_for(order.pickup.place_id, 1150) == [1000, 100, 50]
    take(order, [2000], [1000, 100, 50])
    assert drawers.find(order.pickup.place_id) is None


def test_counting_says_how_much_more_or_less_there_is() -> None:
    place = make.place()
    assert drawers.count(place, {100: 3}, by=None) == 300
    assert drawers.count(place, {100: 2, 50: 1}, by=None) == -50
    box = drawers.find(place.id)
    assert box
    assert [entry.data["after"] for entry in drawers.counts(box)] == [{"100": 2, "50": 1}, {"100": 3}]


@pytest.mark.parametrize("counted", [{3: 1}, {100: -1}, {100: 1000}])
def test_what_no_box_holds_is_refused(counted: dict[int, int]) -> None:
    place = make.place()
    with pytest.raises(Refused):
        drawers.count(place, counted, by=None)
    assert drawers.find(place.id) is None


def test_practice_has_a_box_of_its_own() -> None:
    place = make.place()
    drawers.count(place, {100: 3}, by=None)
    drawers.count(place, {50: 1}, by=None, practice=True)
    real, practice = drawers.find(place.id), drawers.find(place.id, practice=True)
    assert real
    assert practice
    assert (real.cents, practice.cents) == (300, 50)


def test_over_a_day_at_the_stall_the_box_holds_what_was_there_and_what_was_sold() -> None:
    chance, place, sold = random.Random(7), make.place(), 0
    drawers.count(place, FLOAT, by=None)
    before = sum(coin * number for coin, number in FLOAT.items())
    pickup = make.pickup(place)
    goods = [make.product(f"prodotto-{cents}", price=cents) for cents in (335, 870, 1205, 450)]
    orders = [make.order(make.wish(chance.choice(goods)), at=pickup) for _ in range(12)]
    for order in orders:
        make.prepared(order)
        due = handing_over.cash_due(order)
        given = chance.choice([[2000], [1000, 1000], [5000], [1000, 500]])
        if sum(given) < due:
            continue
        try:
            back = drawers.change_for(place.id, sum(given) - due)
        except drawers.NoChange:
            continue
        take(order, given, back)
        sold += due
    assert sold > 3000
    found = drawers.find(place.id)
    assert found
    assert found.cents == before + sold
    assert min(found.holds.values()) >= 0


# --- two tablets, one box


def test_two_tablets_never_give_the_same_coins_out_of_one_box(app: Flask) -> None:
    first = ready(850)
    drawers.count(first.pickup.place, {1000: 1, 100: 1, 50: 1}, by=None)
    second = ready(850, at=make.pickup(first.pickup.place))
    ids = [first.id, second.id]
    answers = together(app, *[lambda order_id=each: _take_twenty(order_id) for each in ids])
    assert faults(answers, Conflict) == []
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert box(first).holds == {2000: 1}
    paid = [order_id for order_id in ids if db.session.get_one(Order, order_id).payments]
    assert len(paid) == 1
    assert books.look().problems == []


def _take_twenty(order_id: int) -> None:
    handing_over.take_cash(order_id, by=None, expected=850, given=[2000], back=[1000, 100, 50])


def test_many_tablets_at_one_box_lose_no_coin(app: Flask) -> None:
    place, goods = make.place(), make.product(price=850)
    drawers.count(place, {1000: 3, 100: 9, 50: 9}, by=None)
    pickup = make.pickup(place)
    ids = [make.order(make.wish(goods), at=pickup).id for _ in range(6)]
    for order_id in ids:
        make.prepared(db.session.get_one(Order, order_id))
    answers = together(app, *[lambda order_id=each: _take_twenty(order_id) for each in ids])
    assert faults(answers, Conflict) == []
    taken = sum(not isinstance(answer, Conflict) for answer in answers)
    db.session.rollback()
    db.session.expire_all()
    found = drawers.find(place.id)
    assert found
    assert taken == 3
    assert found.holds == {2000: 3, 100: 6, 50: 6}
    assert books.look().problems == []


def test_two_who_count_a_box_for_the_first_time_make_one_box(app: Flask) -> None:
    place_id = make.place().id
    answers = together(app, *[lambda: _count_three(place_id)] * 4)
    assert faults(answers, Conflict) == []
    assert sum(answer == 300 for answer in answers) == 1
    db.session.rollback()
    found = drawers.find(place_id)
    assert found
    assert found.holds == {100: 3}
    assert len(drawers.counts(found)) == 1
    assert books.look().problems == []


def _count_three(place_id: int) -> int:
    return drawers.count(db.session.get_one(Place, place_id), {100: 3}, by=None, seen=0)


# --- what would do


def test_one_coin_more_from_the_citizen_is_found_where_it_helps() -> None:
    place = make.place()
    drawers.count(place, {1000: 1, 200: 3}, by=None)
    assert drawers.what_would_do(place.id, 1150) == [50]
    drawers.count(place, {1000: 1, 200: 1}, by=None)
    assert drawers.what_would_do(place.id, 1130) == [20, 50]
    drawers.count(place, {}, by=None)
    assert drawers.what_would_do(place.id, 1150) == []
    assert drawers.what_would_do(make.place().id, 1150) == []


def test_more_than_forty_coins_are_no_change_that_somebody_counts_out() -> None:
    place = make.place()
    drawers.count(place, {5: 90}, by=None)
    assert drawers.change_for(place.id, 200) == [5] * 40
    with pytest.raises(drawers.NoChange):
        drawers.change_for(place.id, 205)


def test_a_full_box_is_searched_in_no_time() -> None:
    """A thousand of each kind: the number of pieces that are looked at has an end."""
    place = make.place()
    drawers.count(place, dict.fromkeys(coins.IN_USE, 999), by=None)
    began = time.perf_counter()
    assert drawers.change_for(place.id, 19_885) == coins.pieces(19_885)
    assert drawers.what_would_do(place.id, 19_885) == [5]
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "seed",
    [
        "UPDATE drawer SET pieces = '{\"100\": 1}'",
        "DELETE FROM drawer_move WHERE why = 'paid'",
        "UPDATE drawer_move SET pieces = '{\"100\": 1}' WHERE why = 'paid'",
        "UPDATE payment SET amount = amount + 5 WHERE kind = 'cash'",
    ],
)
def test_the_books_notice_a_box_that_does_not_hold_what_went_in(seed: str) -> None:
    order = ready(850)
    drawers.count(order.pickup.place, FLOAT, by=None)
    take(order, [2000], [1000, 100, 50])
    assert books.look().problems == []
    with db.engine.begin() as connection:
        connection.execute(text(seed))
    db.session.expire_all()
    assert any(problem.startswith("cash boxes: box") for problem in books.look().problems)
