"""Many buyers at the same instant on the real server, and the power that goes. The long runs are `make rush`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalog import stock
from catalog.models import PickUp
from core import clock
from core.database import db
from core.errors import Conflict, Refused
from orders import cancelling, closing, placing
from orders.models import Order
from tests import factories as make
from tests.rush import killing, racing
from tests.rush.buying import Buyer
from tests.rush.racing import Result
from tests.rush.serving import Shop
from tests.rush.watching import Books
from tests.rush.world import Databases, World
from tests.together import faults, together

WORLD = World("sqlite://", stock=2, places=60, products=(1, 2), slugs=("a", "b"), names=("A", "B"), pickup=1)


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    kind = str(request.config.getoption("--database"))
    server = request.getfixturevalue("database_url") if kind == "postgresql" else ""
    with Databases(kind, server) as found:
        yield found


# --- over HTTP, on the real server


def test_sixty_press_together_for_the_last_twenty(databases: Databases) -> None:
    result = racing.race(databases, "pieces", "gate")
    assert result.wrong == [], racing.table(racing.HEAD, [result.row()])


@pytest.mark.parametrize("presses", [1, 6])
def test_what_was_acknowledged_survives_a_kill_and_sending_again_orders_nothing_twice(
    databases: Databases, presses: int
) -> None:
    done = killing.kill_round(databases, partial(killing.after_presses, presses), buyers=10, few=5)
    assert done.wrong == [], killing.table(killing.HEAD, [done.row()])
    assert done.pressed >= presses


# --- these judges can say no


@dataclass
class Seen:
    """A watcher that has seen nothing wrong."""

    samples: int = 100
    different: set = field(default_factory=lambda: {(1,), (2,), (3,)})
    wrong: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((1, 2, 1, 2, 2), "left 1 + sold 2 is not 2"),
        ((-1, 3, -1, 3, 3), "left -1"),
        ((1, 1, 2, 1, 1), "ledger 2"),
        ((1, 1, 1, 0, 1), "places taken 0, orders 1"),
        ((0, 2, 0, 61, 61), "places taken 61"),
    ],
)
def test_books_that_do_not_add_up_are_noticed(row: tuple[int, int, int, int, int], said: str) -> None:
    assert Books([(1, 1, 1, 1, 1)]).wrong(WORLD) == []
    assert any(said in words for words in Books([row]).wrong(WORLD))


def result_of(*outcomes: str, orders: int = 2, faults: tuple[str, ...] = (), **seen) -> list[str]:
    people = [Buyer(number, "http://127.0.0.1:1", WORLD, outcome=outcome) for number, outcome in enumerate(outcomes)]
    for buyer in people:
        buyer.close()
    final = [(0, orders, 0, orders, orders)]
    return Result("sqlite", "pieces", "gate", people, 1.0, Seen(**seen), 2, [*faults], final).wrong  # type: ignore[arg-type]


def test_a_race_that_went_wrong_is_called_so() -> None:
    well = ("confirmed", "confirmed", "sold out")
    assert result_of(*well) == []
    assert result_of("confirmed", "confirmed", "confirmed", orders=3)
    assert result_of("confirmed", "sold out", "sold out", orders=1)
    assert result_of("confirmed", "confirmed", "500 at the last button")
    assert result_of("confirmed", "confirmed", "told earlier"), "at the gate everybody had a filled form"
    assert result_of(*well, orders=3)
    assert result_of(*well, samples=3)
    assert result_of(*well, wrong=["left 1 + sold 2 is not 2"])
    assert result_of(*well, faults=("KeyError: 'a'", "KeyError: 'a'")) == ["2 x in the server's log: KeyError: 'a'"]


def test_a_fault_in_the_servers_log_is_read_to_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    logged = ("here we are", "Traceback (most recent call last):", "  a()", "ValueError: b", "Traceback (most")
    monkeypatch.setattr(Shop, "words", lambda shop: "\n".join(logged))
    with ExitStack() as stack:
        shop = Shop("sqlite://")
        stack.callback(shop.close)
        assert shop.faults == ["ValueError: b", "a traceback without an end"]


# --- in one process: what waits for what


@pytest.mark.usefixtures("app")
def test_the_first_orders_of_a_new_shop_may_come_at_the_same_instant(app: Flask) -> None:
    honey, pickup = make.honey(left=8), make.pickup(capacity=60)
    wish, pickup_id = make.wish(honey), pickup.id
    buy = [partial(_buy, (wish,), pickup_id, f"a form of its own {number}") for number in range(8)]
    numbers = together(app, *buy)
    assert sorted(numbers, key=str) == [str(1001 + number) for number in range(8)]


@pytest.mark.usefixtures("app")
def test_the_same_form_from_two_windows_at_the_same_instant_orders_once(app: Flask) -> None:
    honey, pickup = make.honey(left=8), make.pickup(capacity=60)
    buy = partial(_buy, (make.wish(honey),), pickup.id, "one and the same form")
    numbers = together(app, *[buy] * 6)
    assert set(numbers) == {"1001"}
    make.fresh(honey)
    assert (honey.left, pickup.taken) == (7, 1)


@pytest.mark.usefixtures("app")
def test_everything_that_is_short_is_named_also_to_those_who_lost_the_race(app: Flask) -> None:
    honey, chard, pickup = make.honey(left=1), make.chard(left=1), make.pickup(capacity=60)
    both, ids = (make.wish(honey), make.wish(chard)), [honey.id, chard.id]
    buy = [
        partial(_buy, both if number % 2 else both[::-1], pickup.id, f"a form of its own {number}")
        for number in range(8)
    ]
    answers = together(app, *buy)
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 7
    assert all(sorted(each.details["product_ids"]) == ids for each in refused)  # type: ignore[call-overload]


@pytest.mark.usefixtures("app")
def test_ordering_cancelling_and_closing_at_once_never_wait_in_a_ring(app: Flask) -> None:
    """Each holds what the other needs, if they do not keep to one order: pick-up, order, stock."""
    honey, chard = make.honey(left=400), make.chard(left=400)
    both = (make.wish(honey), make.wish(chard))
    for turn in range(4):
        pickup = make.pickup(capacity=60)
        orders = [make.order(*both, at=pickup, key=f"before the race {turn} {number}") for number in range(4)]
        deeds = [partial(_buy, both[::-1], pickup.id, f"in the race {turn} {number}") for number in range(4)]
        deeds += [partial(_cancel, order.id) for order in orders]
        deeds += [partial(_close, pickup.id, pickup.cutoff_at)]
        answers = together(app, *deeds)
        assert not faults(answers, Refused), answers
        _require_balance(pickup.id, (honey.id, chard.id))


def _buy(wishes: tuple[placing.Wish, ...], pickup_id: int, key: str) -> str:
    return placing.place(wishes, make.citizen(), pickup_id, key=key).number


def _cancel(order_id: int) -> bool:
    return cancelling.cancel(order_id).stands


def _close(pickup_id: int, cutoff) -> int:
    """A process whose clock is past the cut-off already."""
    with clock.at(cutoff):
        return closing.close(pickup_id)


def _require_balance(pickup_id: int, product_ids: tuple[int, ...]) -> None:
    db.session.rollback()
    db.session.expire_all()
    pickup = db.session.get_one(PickUp, pickup_id)
    standing = select(Order).where(Order.pickup_id == pickup_id, Order.cancelled_at.is_(None))
    crates = [order.crate for order in db.session.scalars(standing.order_by(Order.id))]
    assert pickup.taken == len(crates)
    assert crates == list(range(1, len(crates) + 1)), "a cancelled order has no crate, and nobody is left out"
    sold = db.session.scalar(select(func.count()).select_from(Order).where(Order.cancelled_at.is_(None)))
    assert [stock.ledger_sum(each) for each in product_ids] == [400 - (sold or 0)] * 2
