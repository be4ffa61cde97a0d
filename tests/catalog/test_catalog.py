"""Stock, prices, VAT of the day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from catalog import products, stock
from catalog.models import Kind, Stock
from core import clock, undo
from core.database import db, transaction
from core.errors import OutOfStock, Refused
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def test_the_ledger_is_what_is_left() -> None:
    honey = make.honey(left=10)
    stock.count(honey, 7)
    stock.offer(honey, 5)
    make.fresh(honey)
    assert honey.left == stock.ledger_sum(honey.id) == 12


def test_offers_and_counts_can_be_taken_back() -> None:
    honey = make.honey(left=10)
    stock.count(honey, 7)
    undo.undo_last(honey)
    assert stock.ledger_sum(honey.id) == honey.left == 10
    undo.undo_last(honey)
    assert stock.ledger_sum(honey.id) == honey.left == 0


def test_an_offer_that_was_promised_cannot_be_taken_back() -> None:
    honey = make.honey(left=10)
    make.order(make.wish(honey, 3))
    with pytest.raises(OutOfStock):
        undo.undo_last(honey)
    make.fresh(honey)
    assert honey.left == 7


def test_the_database_itself_refuses_less_than_nothing() -> None:
    honey = make.honey(left=1)
    with pytest.raises(IntegrityError), transaction() as session:
        session.get_one(Stock, honey.id).left = -1
        session.flush()


def test_a_price_that_changed_is_kept_and_can_go_back() -> None:
    honey = make.honey(price=850)
    products.set_price(honey.id, 900)
    make.fresh(honey)
    assert honey.price == 900
    undo.undo_last(honey)
    make.fresh(honey)
    assert honey.price == 850
    with pytest.raises(Refused):
        products.set_price(honey.id, 0)


def test_estimates_of_the_three_kinds() -> None:
    squash = make.product("zucca", kind=Kind.PIECE_BY_WEIGHT, price=240, piece_grams=1800)
    assert [p.estimate(n) for p, n in ((make.honey(), 2), (make.carrots(), 1500), (squash, 1))] == [1700, 435, 432]


def test_vat_is_the_rate_of_the_day() -> None:
    make.vat("verdura", 4)
    assert products.vat_rates(clock.today())["verdura"] == 4
    assert products.vat_rates(date(2019, 12, 31)) == {}
    assert db.session.is_active
