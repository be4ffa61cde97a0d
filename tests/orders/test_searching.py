"""Somebody rings and says who they are: forgiving about case, accents and apostrophes, strict about what is real."""

from __future__ import annotations

import pytest

from orders import searching
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("app")


def found(said: str, most: int = 30) -> list[Order]:
    return searching.search(said, most=most)


@pytest.mark.parametrize(
    "said",
    [
        "niccolo d'agostà",
        "NICCOLÒ",
        "d’agostà niccolò",
        "dagosta",
        "Nicky@Posta",
        "nonna pia",
        "1001",
        "0381 123456",
        "+39 0381 123456",
        "0039 0381/123456",
        "123456",
    ],
)
def test_what_one_says_on_the_phone_finds_the_order(said: str) -> None:
    order = make.order(
        name="Niccolò D'Agostà", email="nicky@posta.example", phone="+39 0381 123456", collector="Nonna Pia"
    )
    make.order(name="Maria Rossi", email="maria@altrove.example", phone="+39 347 0000000")
    assert found(said) == [order]


@pytest.mark.parametrize("said", ["", " ", "a", "'", "rossi bianchi", "1002", "100", "1234", "%", "_aria"])
def test_what_fits_nobody_finds_nobody(said: str) -> None:
    make.order(name="Maria Rossi", phone="+39 0381 123456")
    assert found(said) == []


def test_the_newest_come_first_and_no_more_than_were_asked_for() -> None:
    pickup = make.pickup()
    orders = [make.order(at=pickup) for _ in range(4)]
    assert found("rossi", most=3) == orders[:0:-1]


def test_practice_is_found_by_nobody() -> None:
    pickup, honey = make.pickup(practice=True), make.honey(practice=True)
    order, real = make.order(make.wish(honey), at=pickup), make.order()
    assert found(order.customer) == found(real.number) == [real]
    assert found(order.number) == []


@pytest.mark.parametrize("how_many", [3, 20])
def test_it_asks_the_database_as_often_for_many_as_for_few(how_many: int) -> None:
    pickup = make.pickup()
    for _ in range(how_many):
        make.order(at=pickup)
    make.fresh(pickup)
    with statements() as asked:
        orders = found("rossi")
    assert len(orders) == how_many
    assert len(asked) == 5  # the names, the orders, their lines, payments and refunds
