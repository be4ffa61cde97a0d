"""Cut-off, crate numbers, cancelling, links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog import stock
from core import clock
from core.database import db
from core.errors import Conflict, NotFound, TooLate
from orders import cancelling, closing, links
from orders.models import OrderLink, Status
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def test_crates_are_numbered_in_the_order_of_placing_and_only_once() -> None:
    honey, pickup = make.honey(), make.pickup()
    orders = [make.order(make.wish(honey), at=pickup) for _ in range(4)]
    cancelling.cancel(orders[1].id)
    with clock.at(pickup.cutoff_at):
        assert closing.close(pickup.id) == 3
        assert closing.close(pickup.id) == 0
    make.fresh(pickup)
    assert [order.crate for order in orders] == [1, None, 2, 3]


def test_a_pick_up_does_not_close_while_one_can_order() -> None:
    with pytest.raises(Conflict):
        closing.close(make.pickup().id)


def test_the_worker_closes_what_is_due() -> None:
    order = make.order()
    assert closing.close_due() == 0
    with clock.at(order.pickup.cutoff_at + timedelta(seconds=1)):
        assert closing.close_due() == 1
    assert order.status == Status.PREPARING


def test_cancelling_gives_back_stock_and_place() -> None:
    honey, pickup = make.honey(left=5), make.pickup(capacity=2)
    order = make.order(make.wish(honey, 3), at=pickup)
    cancelling.cancel(order.id)
    cancelling.cancel(order.id)
    make.fresh(order)
    assert (honey.left, stock.ledger_sum(honey.id), pickup.taken) == (5, 5, 0)
    assert (order.status, order.due) == (Status.CANCELLED, 0)


def test_after_the_cut_off_one_rings_up() -> None:
    order = make.order()
    with clock.at(order.pickup.cutoff_at), pytest.raises(TooLate):
        cancelling.cancel(order.id)


def test_a_link_opens_its_order_and_only_its_hash_is_kept() -> None:
    order = make.order()
    token = links.make(order)
    assert links.get_order(token).id == order.id
    assert len(token) >= 32
    kept = db.session.scalars(select(OrderLink.token_hash)).all()
    assert token not in kept
    with pytest.raises(NotFound):
        links.get_order(token[:-1])


def test_a_link_ends_sixty_days_after_the_pick_up() -> None:
    order = make.order()
    token = links.make(order)
    with clock.at(order.pickup.to_at + timedelta(days=60)):
        assert links.get_order(token)
    with clock.at(order.pickup.to_at + timedelta(days=60, seconds=1)), pytest.raises(NotFound):
        links.get_order(token)
