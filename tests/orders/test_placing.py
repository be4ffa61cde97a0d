"""Placing: stock, place, number, letter in one deed, once per form."""

from __future__ import annotations

import pytest

from catalog import stock
from core import outbox
from core.database import db
from core.errors import NoPlaceLeft, OutOfStock, Refused, TooLate
from orders import placing
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def test_an_order_takes_its_stock_its_place_and_says_so_by_mail() -> None:
    honey, chard, pickup = make.honey(left=5), make.chard(left=5), make.pickup(capacity=3)
    order = make.order(make.wish(honey, 1), make.wish(chard, 2), at=pickup)
    assert (order.number, order.estimate, order.maximum, order.due) == ("1001", 1210, 1210, 1210)
    assert [stock.ledger_sum(p.id) for p in (honey, chard)] == [4, 3] == [honey.left, chard.left]
    assert (pickup.taken, pickup.places_left) == (1, 2)
    assert outbox.lag()["waiting"] == 1


def test_the_same_form_sent_again_places_no_second_order() -> None:
    honey, pickup = make.honey(left=5), make.pickup()
    first = make.order(make.wish(honey), at=pickup, key="the-same-form-key")
    again = make.order(make.wish(honey), at=pickup, key="the-same-form-key")
    assert again.id == first.id
    assert honey.left == 4


def test_what_is_short_is_named_and_nothing_is_taken() -> None:
    honey, chard, pickup = make.honey(left=1), make.chard(left=1), make.pickup()
    with pytest.raises(OutOfStock) as refused:
        make.order(make.wish(honey, 2), make.wish(chard, 2), at=pickup)
    assert refused.value.details["product_ids"] == [honey.id, chard.id]
    db.session.rollback()
    assert (honey.left, chard.left, pickup.taken) == (1, 1, 0)


def test_the_last_place_is_given_once() -> None:
    honey, pickup = make.honey(), make.pickup(capacity=1)
    make.order(make.wish(honey), at=pickup)
    with pytest.raises(NoPlaceLeft):
        make.order(make.wish(honey), at=pickup)


def test_after_the_cut_off_it_is_too_late() -> None:
    honey, pickup = make.honey(), make.pickup()
    with make.clock.at(pickup.cutoff_at), pytest.raises(TooLate):
        make.order(make.wish(honey), at=pickup)


def test_a_price_that_changed_is_shown_and_asked_again() -> None:
    honey, pickup = make.honey(price=850), make.pickup()
    seen = placing.Wish(honey.id, 1, 790)
    with pytest.raises(placing.PriceChanged) as refused:
        make.order(seen, at=pickup)
    assert refused.value.details["changes"] == {honey.id: (790, 850)}


@pytest.mark.parametrize("quantity", [0, -1, 150])
def test_a_quantity_that_cannot_be_is_refused(quantity: int) -> None:
    carrots = make.carrots(step=100)
    with pytest.raises(Refused):
        make.order(make.wish(carrots, quantity))


def test_a_weighed_line_has_a_maximum_of_ten_percent_more() -> None:
    order = make.order(make.wish(make.carrots(price=290), 1500))
    assert (order.estimate, order.maximum) == (435, 479)


def test_a_round_needs_an_address_and_a_stall_keeps_none() -> None:
    at_home, stall = make.pickup(make.place(kind="round", fee=300)), make.pickup()
    wishes = [make.wish(make.honey())]
    with pytest.raises(Refused, match="Scrivi la via e il numero"):
        placing.place(wishes, make.citizen(), at_home.id, key="a-form-without-an-address")
    kept = placing.place(wishes, make.citizen(address="Via Roma 1"), stall.id, key="a-form-with-an-address")
    assert kept.address == ""
