"""A pick-up that does not take place: what becomes of the goods that its orders had been promised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from catalog import stock
from catalog.models import PickUp, Product, StockMove
from core import journal, undo
from core.database import db, transaction
from core.errors import OutOfStock
from orders import books, cancelling, placing, releasing, rescheduling
from tests import factories as make
from tests.together import together

pytestmark = pytest.mark.usefixtures("app")


def left(*goods: Product) -> list[int]:
    """What may still be promised, as stock and ledger both say."""
    make.fresh(None)
    found = [db.session.get_one(Product, each.id).left for each in goods]
    assert found == [stock.ledger_sum(each.id) for each in goods]
    return found


def moves(product: Product) -> list[tuple[str, int]]:
    query = select(StockMove.why, StockMove.quantity).where(StockMove.product_id == product.id)
    return [(row.why, row.quantity) for row in db.session.execute(query.order_by(StockMove.id))]


def problems() -> list[str]:
    db.session.rollback()
    return books.look().problems


@pytest.fixture
def goods() -> tuple[Product, Product, Product]:
    """Honey keeps and has the lowest number; chard and carrots do not keep."""
    return make.honey(left=10), make.chard(left=10), make.carrots(left=9_000)


@pytest.fixture
def frozen(goods: tuple[Product, Product, Product]) -> PickUp:
    """A pick-up with two orders: 1 + 2 jars, 2 + 3 bunches, 1500 grams."""
    honey, chard, carrots = goods
    pickup = make.pickup()
    make.order(make.wish(carrots, 1_500), make.wish(chard, 2), make.wish(honey, 1), at=pickup)
    make.order(make.wish(chard, 3), make.wish(honey, 2), at=pickup, email="gino@posta.example")
    return pickup


Goods = tuple[Product, Product, Product]


def test_what_is_still_there_goes_back_on_the_shelf(frozen: PickUp, goods: Goods) -> None:
    rescheduling.call_off(frozen.id, "Neve", by=None)
    assert left(*goods) == [10, 10, 9_000]
    assert journal.entries(frozen)[0].data["lost"] == {}


def test_what_is_gone_is_promised_to_nobody_else_and_jars_go_back(frozen: PickUp, goods: Goods) -> None:
    _honey, chard, carrots = goods
    rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    assert left(*goods) == [10, 5, 7_500]
    assert moves(chard)[-3:] == [("cancel", 2), ("cancel", 3), ("count", -5)]
    assert moves(carrots)[-2:] == [("cancel", 1_500), ("count", -1_500)]
    assert journal.entries(frozen)[0].data["lost"] == {str(chard.id): 5, str(carrots.id): 1_500}
    assert problems() == []
    with pytest.raises(OutOfStock):
        make.order(make.wish(chard, 6))


def test_what_was_the_last_of_it_stays_sold_out(goods: Goods) -> None:
    chard = goods[1]
    order = make.order(make.wish(chard, 10))
    rescheduling.call_off(order.pickup_id, "Gelo", gone=True, by=None)
    assert left(chard) == [0]
    with pytest.raises(OutOfStock):
        make.order(make.wish(chard, 1))


def test_who_had_cancelled_before_gave_it_back_and_that_stays(frozen: PickUp, goods: Goods) -> None:
    chard = goods[1]
    cancelling.cancel(make.order(make.wish(chard, 4), at=frozen).id)
    rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    assert left(*goods) == [10, 5, 7_500]


def test_the_line_says_whether_it_keeps_also_when_the_product_has_changed_since(frozen: PickUp, goods: Goods) -> None:
    with transaction() as session:
        session.get_one(Product, goods[0].id).perishable = True
    rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    assert left(*goods) == [10, 5, 7_500]


def test_undo_brings_back_exactly_what_was_lost(frozen: PickUp, goods: Goods) -> None:
    for _again in range(2):
        rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
        undo.undo_last(frozen)
        assert left(*goods) == [7, 5, 7_500]
        assert problems() == []
    assert moves(goods[1])[-3:] == [("count", 5), ("order", -2), ("order", -3)]


def test_undo_finds_its_vegetables_also_when_nothing_is_left_on_the_shelf(frozen: PickUp, goods: Goods) -> None:
    """Nobody could buy what was lost: others buying the rest, or somebody counting it, is not in the way."""
    _honey, chard, carrots = goods
    rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    make.order(make.wish(chard, 5))
    stock.count(carrots, 0)
    undo.undo_last(frozen)
    assert left(*goods) == [7, 0, 0]
    assert problems() == []


def test_undo_is_refused_when_somebody_bought_the_jars_and_nothing_moves(frozen: PickUp, goods: Goods) -> None:
    honey = goods[0]
    rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    make.order(make.wish(honey, 8))
    with pytest.raises(OutOfStock) as refused:
        undo.undo_last(frozen)
    assert refused.value.sentence == "Non ne resta abbastanza."
    assert left(*goods) == [2, 5, 7_500]
    make.fresh(frozen)
    assert frozen.cancelled_at is not None
    assert problems() == []


def test_what_was_called_off_before_anybody_was_asked_about_the_goods_can_still_be_taken_back(
    frozen: PickUp, goods: Goods
) -> None:
    rescheduling.call_off(frozen.id, "Gelo", by=None)
    entry = journal.entries(frozen)[0]
    rescheduling.call_on(frozen.id, entry.data["orders"], entry.data["credits"], by=None)
    assert left(*goods) == [7, 5, 7_500]


def test_practice_loses_its_own_goods_and_no_others(goods: Goods) -> None:
    chard, pickup = make.product("di-prova", practice=True, left=10), make.pickup(practice=True)
    make.order(make.wish(chard, 4), at=pickup)
    rescheduling.call_off(pickup.id, "Gelo", gone=True, by=None)
    assert left(chard, *goods) == [6, 10, 10, 9_000]
    undo.undo_last(pickup)
    assert left(chard) == [6]


# --- two at once


@contextmanager
def stock_updates() -> Iterator[list[int]]:
    """Product ids, as rows of the stock are held one after the other."""
    seen: list[int] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("UPDATE stock SET"):
            values = parameters.values() if isinstance(parameters, dict) else parameters
            seen.append(list(values)[1])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_stock_is_held_by_product_id_there_and_back(frozen: PickUp, goods: Goods) -> None:
    """In another order two deeds could wait for each other in a ring."""
    ids = sorted(product.id for product in goods)
    with stock_updates() as there:
        rescheduling.call_off(frozen.id, "Gelo", gone=True, by=None)
    with stock_updates() as back:
        undo.undo_last(frozen)
    assert list(dict.fromkeys(there)) == ids
    assert back == sorted(back)
    assert set(back) == set(ids)


def test_whoever_orders_at_the_same_instant_never_gets_what_is_gone(app: Flask, goods: Goods) -> None:
    honey, chard, _carrots = goods
    pickup = make.order(make.wish(chard, 10), make.wish(honey, 10)).pickup_id
    other, wish = make.pickup(days=5).id, make.wish(chard, 1)

    def buy(key: str) -> str:
        return placing.place([wish], make.citizen(), other, key=key).number

    def off() -> int:
        return rescheduling.call_off(pickup, "Gelo", gone=True, by=None)

    answers = together(app, off, *(partial(buy, f"at-the-same-instant-{n}") for n in range(4)))
    assert answers[0] == 1
    assert [type(answer) for answer in answers[1:]] == [OutOfStock] * 4
    assert left(honey, chard) == [10, 0]
    assert problems() == []


def test_losing_more_than_there_is_is_refused(goods: Goods) -> None:
    with pytest.raises(OutOfStock):
        stock.lose(goods[1].id, 11)
    assert left(goods[1]) == [10]


def test_perishable_goods_are_counted_by_product(frozen: PickUp, goods: Goods) -> None:
    orders = list(db.session.scalars(select(make.Order).where(make.Order.pickup_id == frozen.id)).unique())
    assert releasing.perishable(orders) == {goods[1].id: 5, goods[2].id: 1_500}
