"""After a pick-up was moved: cancelling until it begins, changing until the cut-off, both to the second.

The move goes across the night in which the clock changes, so that an hour that is counted and not read is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from catalog.models import PickUp, Product
from core import keys
from core.clock import ROME, at, rome
from core.errors import TooLate
from orders import cancelling, changing, closing, links, rescheduling
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import sent_by, words

pytestmark = pytest.mark.usefixtures("app")

SECOND = timedelta(seconds=1)
SUNDAYS = {"the night that has 23 hours": date(2027, 3, 28), "the night that has 25 hours": date(2026, 10, 25)}
MOVES = {"to the Sunday itself": (1, 9 * 60, 11 * 60), "to the Monday": (2, 16 * 60, 18 * 60)}


@dataclass
class Moved:
    """Was on Saturday from 16 to 18, with Friday noon as its cut-off; now it is after the clock has changed."""

    pickup: PickUp
    chard: Product
    orders: list[Order]
    moved_at: datetime

    def another(self) -> Order:
        """An order that nobody has tried to cancel yet."""
        return self.orders.pop()


def moved(sunday: date, days: int, hours: tuple[int, int], *, closed: bool) -> Moved:
    """``closed``: its crates had their numbers already when it was moved."""
    saturday, chard = sunday - timedelta(days=1), make.chard()
    with at(rome(saturday - timedelta(days=5), 9)):
        pickup = make.pickup(days=5)
        orders = [make.order(make.wish(chard, 2), at=pickup) for _ in range(3)]
    moment = rome(saturday - timedelta(days=1), 12 if closed else 11)
    with at(moment):
        if closed:
            assert closing.close(pickup.id)
        rescheduling.move(
            pickup.id,
            day=saturday + timedelta(days=days),
            from_minute=hours[0],
            to_minute=hours[1],
            reason="gelo",
            by=None,
        )
    make.fresh(pickup)
    return Moved(pickup, chard, orders, moment)


@pytest.fixture(params=list(SUNDAYS.values()), ids=list(SUNDAYS))
def sunday(request: pytest.FixtureRequest) -> date:
    return request.param


@pytest.fixture(params=[False, True], ids=["before it closed", "after it closed"])
def closed(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=list(MOVES.values()), ids=list(MOVES))
def it(request: pytest.FixtureRequest, sunday: date, closed: bool) -> Moved:
    days, from_minute, to_minute = request.param
    found = moved(sunday, days, (from_minute, to_minute), closed=closed)
    start, cutoff = found.pickup.from_at.astimezone(ROME), found.pickup.cutoff_at.astimezone(ROME)
    assert (start.date(), 60 * start.hour) == (sunday + timedelta(days=days - 1), from_minute)
    assert cutoff.hour == 12, "Rome's noon, on whichever side of the change"
    assert start.utcoffset() != found.moved_at.astimezone(ROME).utcoffset(), "the clock changes on the way"
    return found


# --- the engine


def test_it_may_be_cancelled_until_the_second_in_which_it_begins(it: Moved) -> None:
    order = it.another()
    with at(it.pickup.from_at - SECOND):
        closing.close_due()
        assert it.pickup.closed_at is not None
        assert cancelling.may_cancel(order)
        assert not cancelling.cancel(order.id, why="citizen").stands
    late = it.another()
    with at(it.pickup.from_at):
        assert not cancelling.may_cancel(late)
        with pytest.raises(TooLate):
            cancelling.cancel(late.id, why="citizen")
    make.fresh(late)
    assert late.stands
    assert it.chard.left == 100 - 2 * 2, "what was cancelled is on the shelf, the rest is not"


@pytest.mark.parametrize("closed", [False], indirect=True)
def test_it_may_be_changed_until_the_second_of_the_cut_off_that_moved_along(it: Moved) -> None:
    order = it.another()
    with at(it.pickup.cutoff_at - SECOND):
        assert changing.may_change(order)
        changing.change(order.id, [make.wish(it.chard, 3)], version=0, key=keys.new())
    with at(it.pickup.cutoff_at):
        refuse_change(order, version=1)
        assert cancelling.may_cancel(order), "cancelling goes on"
    make.fresh(order)
    assert [line.quantity for line in order.lines] == [3]


@pytest.mark.parametrize("closed", [True], indirect=True)
def test_where_the_crates_had_their_numbers_nothing_can_be_changed_any_more(it: Moved) -> None:
    order = it.another()
    for moment in (it.moved_at + SECOND, it.pickup.from_at - SECOND):
        with at(moment):
            refuse_change(order, version=0)
            assert cancelling.may_cancel(order)


def test_without_a_move_both_end_at_the_cut_off(sunday: date) -> None:
    with at(rome(sunday - timedelta(days=4), 9)):
        pickup = make.pickup(days=5)  # the Monday after
        order = make.order(at=pickup)
    assert pickup.cutoff_at == rome(sunday, 12)
    with at(pickup.cutoff_at - SECOND):
        assert (changing.may_change(order), cancelling.may_cancel(order)) == (True, True)
    with at(pickup.cutoff_at):
        assert (changing.may_change(order), cancelling.may_cancel(order)) == (False, False)
        with pytest.raises(TooLate):
            cancelling.cancel(order.id, why="citizen")


def refuse_change(order: Order, *, version: int) -> None:
    assert not changing.may_change(order)
    with pytest.raises(TooLate):
        changing.change(order.id, [make.wish(order.lines[0].product, 1)], version=version, key=keys.new())


# --- the order's own page


def offers(client: FlaskClient, address: str) -> tuple[bool, bool]:
    """Whether the page offers to change, and to cancel, and whether behind each there is a page."""
    page = words(client.get(address).text)
    found = "Cambia l'ordine" in page, "Disdici l'ordine" in page
    behind = tuple(client.get(f"{address}/{deed}").status_code == 200 for deed in ("cambia", "disdici"))
    assert found == behind
    return found


def test_the_page_offers_to_cancel_until_the_second_in_which_it_begins(it: Moved, client: FlaskClient) -> None:
    order = it.another()
    address = f"/ordini/{links.make(order)}"
    with at(it.pickup.from_at - SECOND):
        closing.close_due()
        assert offers(client, address) == (False, True)
        assert client.post(f"{address}/disdici").status_code == 303
        assert "Hai disdetto questo ordine." in words(client.get(address).text)
    late = it.another()
    address = f"/ordini/{links.make(late)}"
    with at(it.pickup.from_at):
        assert offers(client, address) == (False, False)
        answer = client.post(f"{address}/disdici")
    assert answer.status_code == 409
    assert "Il tempo per disdire è finito: telefonaci" in words(answer.text)
    make.fresh(late)
    assert late.stands


@pytest.mark.parametrize("closed", [False], indirect=True)
def test_the_page_offers_to_change_until_the_second_of_the_cut_off(it: Moved, client: FlaskClient) -> None:
    order = it.another()
    address = f"/ordini/{links.make(order)}"
    with at(it.pickup.cutoff_at - SECOND):
        assert offers(client, address) == (True, True)
        form = client.get(f"{address}/cambia").text
    chosen = {f"quanto-{it.chard.id}": "3", "azione": "conto"}
    with at(it.pickup.cutoff_at):
        assert offers(client, address) == (False, True)
        answer = client.post(f"{address}/cambia", data=sent_by(form, "/cambia", **chosen))
    assert answer.status_code == 409
    assert "Il tempo per cambiare è finito: telefonaci" in words(answer.text)


@pytest.mark.parametrize("closed", [True], indirect=True)
def test_the_page_offers_only_to_cancel_where_the_crates_had_their_numbers(it: Moved, client: FlaskClient) -> None:
    address = f"/ordini/{links.make(it.another())}"
    with at(it.moved_at + SECOND):
        assert offers(client, address) == (False, True)
