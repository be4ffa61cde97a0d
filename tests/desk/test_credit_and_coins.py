"""Credit beside cash at the desk: the screen asks for what coins make, and never rounds what is paid only in part."""

from __future__ import annotations

from core.database import transaction
from orders import finding, giving_back, handing_over, paying
from orders.models import Credit, Order
from people.capabilities import Capability
from people.models import Person
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs


def hands() -> Person:
    return make.person("Dario", can=(Capability.HAND_OVER, Capability.TAKE_CASH))


def with_credit(cents: int) -> None:
    order = crates.ready_today(make.wish(make.honey(), 1))
    handing_over.take_cash(order.id, by=None, expected=850)
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: cents}, how="credit", reason="Rotto.", by=None)


def payments(order: Order) -> list[tuple[str, int]]:
    return [(payment.kind, payment.amount) for payment in crates.again(order.id).payments]


def test_credit_leaves_a_sum_that_coins_make(enter: EnterAs) -> None:
    with_credit(300)
    order = crates.ready_today(make.wish(make.product(price=852), 1))
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=soldi")
    assert "5 euro e 55 centesimi" in desk.text
    desk.press("Ho i soldi")
    assert "Presi: 5 euro e 55 centesimi." in desk.text
    assert payments(order) == [("credit", 297), ("cash", 555)]


def test_a_rest_of_before_shows_the_small_coins_too(enter: EnterAs) -> None:
    """Credit was once used to the last cent: what it left is taken to the cent as well."""
    order = crates.ready_today(make.wish(make.product(price=853), 1))
    with transaction() as session:
        session.add(Credit(holder=paying.holder_of(order), balance=300))
        session.flush()
        paying.book(finding.lock(session, order.id), "credit", 300, None)
    desk = enter(hands()).go(f"/banco/consegna/{order.id}?passo=soldi")
    assert "5 euro e 53 centesimi" in desk.text
    assert 'aria-label="2 centesimi"' in desk.html
    assert 'aria-label="1 centesimo"' in desk.html
    desk.press("Ho i soldi")
    assert payments(order) == [("credit", 300), ("cash", 553)]
