"""Weeks that nobody planned: every deed in any order, next to a twin in plain Python that says what is right.

After every single deed the database is read back: stock, ledgers, places, crates, lines, money, VAT and letters must be
those of the twin, and a deed that it refuses must have been refused, with the right kind of no, and changed nothing.
At the end, and now and then on the way, the shop looks through its own books as well.
"""

from __future__ import annotations

from collections import Counter
from random import SystemRandom

import pytest

from core.errors import Refused
from orders import paying, undoing
from tests.orders import rounds, walks
from tests.orders.rounds import Twin
from tests.orders.walks import WentWrong, walk

pytestmark = pytest.mark.usefixtures("app")

STEPS = 100
WALKS = 12
SEEDS = (26, *range(26), *range(27, 40))
"""The first one meets what is rarest: a pick-up that was moved and is moved back."""

NEVER_REFUSED = {"close_due", "remind", "send"}
"""What the worker does: it leaves alone what is not due."""

BESIDE = {
    *("letter.stopped", "seller.changed", "text.changed", "task.passed", "task.taken_over"),
    *("thanks.decided", "withdrawal.answered", "voucher.issued", "voucher.voided"),
}
"""They move nothing of an order: test_undo_of_every_action takes them back, and test_vouchers walks with vouchers."""
TAKEN_BACK = {*undoing.INVERSES, "stock.offered", "stock.counted", "product.priced", "pickup.capacity_set"} - BESIDE


def what_walks_should_show() -> set[str]:
    """Every deed done, every deed refused, every kind of refusal, every action taken back: as a walk counts them."""
    deeds = {name for name, deed in vars(Twin).items() if getattr(deed, "__annotations__", {}).get("return") == "Deed"}
    kinds = {kind.__name__ for kind in vars(rounds).values() if isinstance(kind, type) and issubclass(kind, Refused)}
    assert deeds > NEVER_REFUSED
    return {
        *deeds,
        *(f"{name} refused" for name in deeds - NEVER_REFUSED),
        *(f"refused: {kind}" for kind in kinds),
        *(f"{action} undone" for action in TAKEN_BACK),
    }


def test_any_walk_through_the_week_leaves_stock_places_and_money_right() -> None:
    """The same walks each time: a failure here is a fault and no chance. They go on until everything has happened."""
    done, wanted, walks_taken = Counter[str](), what_walks_should_show(), 0
    while walks_taken < WALKS or (wanted - done.keys() and walks_taken < len(SEEDS)):
        done += walk(SEEDS[walks_taken], STEPS)
        walks_taken += 1
    never = ", ".join(sorted(wanted - done.keys()))
    assert not never, f"never in {walks_taken} walks, so they show little; other weights, other steps: {never}"
    assert done.total() > STEPS * walks_taken


def test_a_walk_in_a_shop_that_miscounts_goes_wrong_and_says_the_shortest_way_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fault: it wants five cents less in cash than it should."""
    monkeypatch.setattr(paying, "cash_total", lambda cents: (cents + 2) // 5 * 5 - 5)
    with pytest.raises(WentWrong) as found:
        for seed in range(9):
            walk(seed, steps=60)
    words = str(found.value)
    assert "take_cash: the shop says" in words
    assert "60 steps, from 202" in words
    assert len(words.splitlines()) <= 12, "what has nothing to do with it was left out"


def test_walking_again_by_seed_is_walking_the_same_way() -> None:
    assert walk(3, 12) == walk(3, 12)
    assert walks.STEPS.keys() >= {"order", "prepare", "pay", "complain", "go_back", "call_off", "move"}


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(10))
def test_nor_does_any_long_walk(turn: int) -> None:
    """Other walks each time, and longer ones; one that fails prints its seed and its shortest form."""
    for _ in range(20):
        walk(SystemRandom().randrange(10**9), steps=150)
