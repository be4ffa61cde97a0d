"""Undo is a new deed: newest first, refused when used, and every action of the house is known to it."""

from __future__ import annotations

import ast
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from catalog import products, stock
from catalog.models import Product, StockMove
from core import journal, outbox, undo
from core.database import db, transaction
from core.errors import Conflict, Refused
from core.journal import Entry
from core.settings import ROOT
from orders import books, finding, giving_back, handing_over, preparing
from orders.preparing import AlreadyDone
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

ROOMS = ("adapters", "catalog", "core", "demo", "desk", "orders", "people", "shop", "training")
UNDO_ITSELF = "core/undo.py"  # records f"{action}.undone", whatever the action is


# --- every action is known


def recorded(source: str) -> set[str]:
    """The actions that this code records; "?" for one that cannot be read from the code."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in ("record", "journal.record"):
            first = node.args[0] if node.args else None
            found |= {value.value if isinstance(value, ast.Constant) else "?" for value in _choices(first)}
    return found


def _choices(first: ast.expr | None) -> list[ast.expr | None]:
    """`"a" if x else "b"` names two."""
    return [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def unknown(sources: dict[str, str]) -> list[str]:
    """Where something is recorded that undo has never heard of: neither an inverse nor a reason."""
    with_inverse, without = undo.known_actions()
    return sorted(
        f"{path}: {action}"
        for path, source in sources.items()
        for action in recorded(source)
        if action not in with_inverse | without and path != UNDO_ITSELF
    )


def sources() -> dict[str, str]:
    files = [path for room in ROOMS for path in Path(ROOT, room).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_every_action_of_the_house_has_an_inverse_or_a_reason() -> None:
    assert unknown(sources()) == []


def test_the_look_through_the_house_finds_what_is_there() -> None:
    found = {action for source in sources().values() for action in recorded(source)}
    assert {"order.placed", "order.cash_taken", "line.weighed", "stock.offered", "help.called"} <= found


@pytest.mark.parametrize(
    ("seeded", "named"),
    [
        ('journal.record("order.made_up", order, by=1)', "order.made_up"),
        ('from core.journal import record\nrecord(\n    "order.made_up", order\n)', "order.made_up"),
        ("journal.record(name, order)", "?"),
        ('journal.record(f"order.{word}", order)', "?"),
        ('journal.record("order.placed" if x else "order.made_up", order)', "order.made_up"),
    ],
)
def test_that_check_rejects_an_action_nobody_registered(seeded: str, named: str) -> None:
    assert unknown({"orders/new.py": seeded}) == [f"orders/new.py: {named}"]


def test_no_action_is_in_both_lists_and_every_reason_is_a_sentence() -> None:
    with_inverse, without = undo.known_actions()
    assert not with_inverse & without
    assert all(len(reason) > 15 and reason.endswith(".") for reason in undo.reasons().values())


def test_nothing_is_registered_that_nobody_records() -> None:
    found = {action for source in sources().values() for action in recorded(source)}
    with_inverse, without = undo.known_actions()
    assert (with_inverse | without) - found == set()


# --- one deed after the other


def test_newest_first_and_each_once() -> None:
    honey = make.honey(left=5)
    stock.offer(honey, 7)
    products.set_price(honey.id, 900)
    stock.count(honey, 3)
    assert (honey.left, honey.price) == (3, 900)
    undone = [undo.undo_last(honey) for _ in range(3)]
    assert undone == ["il conto", "il nuovo prezzo", "il raccolto atteso"]
    assert (honey.left, honey.price) == (5, 850) == (stock.ledger_sum(honey.id), 850)


def test_an_undo_is_an_entry_that_names_the_other_and_keeps_it() -> None:
    honey = make.honey(left=5)
    before = journal.entries(honey)
    offered = undo.newest(honey)
    undo.undo_last(honey, by=None)
    entries = journal.entries(honey)
    assert (entries[0].action, entries[0].undoes_id) == ("stock.offered.undone", offered.id if offered else 0)
    assert entries[0].is_undo
    assert entries[1:] == before


def test_what_was_undone_can_be_done_and_undone_again() -> None:
    honey = make.honey(left=5)
    for _ in range(2):
        stock.offer(honey, 7)
        undo.undo_last(honey)
    assert honey.left == 5


def test_the_screen_undoes_what_it_named_and_nothing_else() -> None:
    honey = make.honey(left=5)
    offered = undo.offer(honey)
    assert offered is not None
    stock.count(honey, 2)
    with pytest.raises(Conflict):
        undo.undo_last(honey, expected=offered[0].id)
    assert honey.left == 2


def test_where_nothing_can_be_undone_it_says_so_and_offers_nothing() -> None:
    order = make.order()
    assert undo.offer(order) is None
    with pytest.raises(Conflict):
        undo.undo_last(order)


def test_an_action_that_nobody_registered_is_not_passed_over() -> None:
    """What came before it must not be undone behind its back."""
    honey = make.honey(left=5)
    with transaction():
        journal.record("product.made_up", honey)
    assert undo.offer(honey) is None
    with pytest.raises(Conflict):
        undo.undo_last(honey)
    assert honey.left == 5


# --- refused when used


def test_an_offer_that_was_promised_is_not_taken_back() -> None:
    honey = make.honey(left=5)
    make.order(make.wish(honey, 1))
    with pytest.raises(Refused, match="ordinata"):
        undo.undo_last(honey)
    make.fresh(honey)
    assert (honey.left, stock.ledger_sum(honey.id)) == (4, 4)
    assert not any(entry.is_undo for entry in journal.entries(honey))


def test_a_crate_that_went_on_is_undone_step_by_step_only() -> None:
    order = make.prepared(make.order())
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    with pytest.raises(Conflict):
        preparing.reopen(order.id, [], by=None)
    undone = [undo.undo_last(order) for _ in range(5)]
    assert undone[0] == "la consegna"
    make.fresh(order)
    assert not order.is_prepared
    assert (order.handed_over_at, order.ready_at, order.labelled_at, order.paid) == (None, None, None, 0)
    assert undo.offer(order) is None, "what the citizen ordered is not undone at the desk"


def test_a_letter_on_its_way_closes_undo() -> None:
    order = make.prepared(make.order())
    undo.undo_last(order)  # the label
    with make.clock.at(outbox.after_undo_time() + make.timedelta(seconds=1)):
        outbox.send_due()
    make.fresh(order)
    assert undo.offer(order) is None
    with pytest.raises(Conflict):
        undo.undo_last(order)
    assert order.ready_at is not None


def test_a_failed_undo_leaves_no_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    honey = make.honey(left=5)

    def breaks(entry: Entry, _by: int | None) -> None:
        stock.take_back_offer(entry.subject_id, 5)
        raise ZeroDivisionError

    monkeypatch.setitem(app.extensions["inverses"], "stock.offered", undo.Inverse(breaks, lambda entry: ""))
    with pytest.raises(ZeroDivisionError):
        undo.undo_last(honey)
    make.fresh(honey)
    assert (honey.left, stock.ledger_sum(honey.id)) == (5, 5)


# --- two tablets


def test_two_tablets_that_undo_the_same_deed_at_once_undo_it_once(app: Flask) -> None:
    honey = make.honey(left=5)
    for _ in range(6):
        stock.offer(honey, 7)
        offered = undo.offer(honey)
        assert offered is not None
        honey_id, entry_id = honey.id, offered[0].id

        def take_back(honey_id: int = honey_id, entry_id: int = entry_id) -> str:
            return undo.undo_last(db.session.get_one(Product, honey_id), expected=entry_id)

        answers = together(app, take_back, take_back)
        assert not faults(answers, Conflict)
        assert sorted(map(type, answers), key=str) == sorted((str, Conflict), key=str)
        make.fresh(honey)
        assert (honey.left, stock.ledger_sum(honey.id)) == (5, 5)


def test_undoing_and_ordering_at_once_never_break_the_books(app: Flask) -> None:
    honey, pickup = make.honey(left=0), make.pickup(capacity=60)
    for turn in range(6):
        stock.count(honey, 0)
        stock.offer(honey, 1)
        honey_id, wish, pickup_id = honey.id, make.wish(honey), pickup.id

        def take_back(honey_id: int = honey_id) -> str:
            return undo.undo_last(db.session.get_one(Product, honey_id))

        def order(turn: int = turn, wish=wish, pickup_id: int = pickup_id) -> str:
            from orders import placing

            return placing.place((wish,), make.citizen(), pickup_id, key=f"a form of its own {turn}").number

        answers = together(app, take_back, order)
        assert not faults(answers, Refused)
        assert len(faults(answers)) == 1, "one of the two has won"
        make.fresh(honey)
        assert honey.left == stock.ledger_sum(honey.id) == 0


def test_the_registry_is_what_app_wires() -> None:
    with_inverse, without = undo.known_actions()
    assert {"stock.offered", "line.weighed", "order.cash_taken"} <= with_inverse
    assert {"order.placed", "person.signed_in", "help.called"} <= without
    assert db.session.scalars(select(Entry)).all() == []


def test_partial_deeds_are_not_offered() -> None:
    """A deed whose transaction failed never happened, so undo does not know it."""
    honey = make.honey(left=5)
    with pytest.raises(ZeroDivisionError), transaction():
        stock.offer(honey, 7)
        raise ZeroDivisionError
    found = undo.offer(honey)
    assert found is not None
    assert found[0].data == {"quantity": 5}


def test_what_goes_back_is_booked_by_whoever_takes_it_back() -> None:
    anna, bruno, honey = make.person("Anna"), make.person("Bruno"), make.honey(left=0)
    stock.offer(honey, 5, by=anna.id)
    stock.count(honey, 3, by=anna.id)
    for _ in range(2):
        undo.undo_last(honey, by=bruno.id)
    moves = db.session.scalars(select(StockMove).where(StockMove.product_id == honey.id).order_by(StockMove.id))
    assert [move.by_id for move in moves] == [anna.id, anna.id, bruno.id, bruno.id]


def test_a_deed_of_the_same_instant_is_never_passed_over(app: Flask) -> None:
    """Taking the hand-over back while somebody gives money back for it: one of the two, never both."""
    for turn in range(4):
        order = make.prepared(make.order(make.wish(make.product(f"vasetto-{turn}", price=850))))
        handing_over.take_cash(order.id, by=None, expected=850)
        handing_over.hand_over(order.id, by=None)
        order_id, line_id = order.id, order.lines[0].id
        answers = together(
            app,
            lambda order_id=order_id: undo.undo_last(finding.get(order_id)),
            lambda order_id=order_id, part=line_id: giving_back.give_back(
                order_id, {part: 850}, how="cash", reason="Rotto", by=None
            ),
        )
        assert faults(answers, Refused) == []
        make.fresh(order)
        assert not (order.handed_over_at is None and order.refunded)
        assert books.look().problems == []


def test_undo_holds_what_it_takes_back_before_it_decides(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second weight comes while the first is being taken back: it waits, and then finds nothing to weigh again."""
    order = make.closed(make.order(make.wish(make.carrots(), 500)))
    order_id, line_id = order.id, order.lines[0].id
    preparing.weigh_line(order_id, line_id, 500, version=0, by=None)
    decided, stop = threading.Event(), outbox.stop

    def slowly(deed: str, reason: str) -> bool:
        decided.set()
        time.sleep(0.7)
        return stop(deed, reason)

    def weigh_again() -> None:
        decided.wait(10)
        preparing.reweigh(order_id, line_id, 520, version=1, by=None)

    monkeypatch.setattr(outbox, "stop", slowly)
    answers = together(app, lambda: undo.undo_last(finding.get(order_id)), weigh_again)
    assert isinstance(answers[1], AlreadyDone)
    make.fresh(order)
    assert order.lines[0].weighed_grams is None
    assert books.look().problems == []
