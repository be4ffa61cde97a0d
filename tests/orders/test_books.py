"""The books balance after all that a shop does; one imbalance of each kind is named, and the command ends with 1."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from sqlalchemy import event, select, text

from app import create_app
from core import clock, migrating
from core.database import WrongTransaction, db, transaction
from core.health import gather
from core.money import VatRow
from core.settings import Settings
from demo import filling
from orders import auditing, books, vat
from orders.books import Look
from orders.models import BooksCheck, Order
from tests import factories as make
from tests import rows
from tests.conftest import SECRET
from tests.orders.imbalances import SEEDS
from tests.orders.lived_in import lived_in
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")


# Kept once for the whole file: building it takes ten times as long as writing its rows again

Memory = dict[str, Any]


@pytest.fixture(scope="module")
def memory() -> Memory:
    return {}


@pytest.fixture
def shop(app: Flask, memory: Memory) -> dict[str, int]:
    if not memory:
        memory["ids"] = lived_in()
        memory["rows"] = rows.read()
    else:
        rows.write(memory["rows"])
    return memory["ids"]


def break_it(ids: dict[str, int], statements: str) -> None:
    with transaction() as session:
        for statement in statements.format(**ids).split(";"):
            assert session.connection().execute(text(statement)).rowcount > 0, statement


def problems(runner: FlaskCliRunner) -> tuple[int, list[str]]:
    """What the command ends with, and what it found."""
    answer = runner.invoke(args=["books", "check", "--json"])
    groups = json.loads(answer.output)["groups"]
    return answer.exit_code, [f"{group['name']}: {words}" for group in groups for words in group["problems"]]


# It balances


def test_a_shop_that_has_lived_balances(shop: dict[str, int], runner: FlaskCliRunner) -> None:
    answer = runner.invoke(args=["books", "check"])
    assert "problem" not in answer.output
    assert "The books balance" in answer.output
    assert answer.exit_code == 0
    looked_at = {group.name: group.rows for group in books.look().groups}
    assert min(looked_at.values()) > 0, looked_at


@pytest.mark.parametrize("seed", SEEDS)
def test_an_imbalance_is_named_and_ends_the_command_with_1(
    seed: str, shop: dict[str, int], runner: FlaskCliRunner
) -> None:
    statements, words = SEEDS[seed]
    break_it(shop, statements)
    code, found = problems(runner)
    assert [problem for problem in found if words.format(**shop) in problem], found
    assert code == 1


def test_what_a_placing_of_before_does_not_say_is_not_asked_of_it(shop: dict[str, int], runner: FlaskCliRunner) -> None:
    break_it(shop, "UPDATE journal SET data = '{{}}' WHERE action = 'order.placed' AND subject_id = {open}")
    assert problems(runner) == (0, [])


def test_a_vat_row_that_does_not_make_its_gross_is_named(
    shop: dict[str, int], runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vat, "rows", lambda order: [VatRow(4, order.total, order.total - 1, 1)])
    code, found = problems(runner)
    number = shop["no_open"]
    assert f"vat: order {number}: at 4 %: 479 and 1 of VAT do not make 480" in found
    assert code == 1


def test_every_group_has_an_imbalance(shop: dict[str, int]) -> None:
    groups = {group.name for group in books.look().groups}
    named = {words.split(":")[0] for _statements, words in SEEDS.values()}
    assert groups - named == set()


def test_the_command_says_it_in_words(shop: dict[str, int], runner: FlaskCliRunner) -> None:
    break_it(shop, "UPDATE counter SET value = value + 1 WHERE name = 'order'")
    answer = runner.invoke(args=["books", "check"])
    assert answer.exit_code == 1
    assert "orders: 1 problems\n  the order counter says that 1010 was the last number" in answer.output
    assert "1 problems, " in answer.output


@pytest.mark.parametrize("revision", [None, "0002"], ids=["empty", "older"])
def test_a_database_of_another_version_is_said_in_one_sentence(tmp_path: Path, revision: str | None) -> None:
    other = create_app(Settings(database_url=f"sqlite:///{tmp_path}/other.sqlite3", secret_key=SECRET))
    says = "The schema of this database is of another version: flask --app app db upgrade brings it up to date."
    with other.app_context():
        if revision:
            upgrade(str(migrating.FOLDER), revision)
        plain = other.test_cli_runner().invoke(args=["books", "check"])
        machine = other.test_cli_runner().invoke(args=["books", "check", "--json"])
        db.session.remove()
        db.engine.dispose()
    assert (plain.exit_code, plain.output.strip()) == (2, says)
    assert (machine.exit_code, json.loads(machine.output)) == (2, {"ok": False, "problem": says, "groups": []})


# It looks at one moment, and nobody waits for it


def test_the_demo_balances(runner: FlaskCliRunner) -> None:
    filling.fill()
    code, found = problems(runner)
    assert (code, found) == (0, [])


def test_a_shop_at_work_makes_no_false_alarm(app: Flask) -> None:
    """After each statement of the look somebody else places an order."""
    honey, pickup = make.honey(), make.pickup(capacity=60)
    make.order(make.wish(honey), at=pickup)
    placed: list[Any] = []

    def place(*_: object) -> None:
        if threading.current_thread() is threading.main_thread() and len(placed) < 40:
            placed.extend(together(app, lambda: make.order(make.wish(honey), at=pickup).id))

    with after_each_statement(place):
        assert books.look().problems == []
    assert len(placed) > 20
    assert faults(placed) == []
    assert books.look().problems == []


@contextmanager
def after_each_statement(deed: Callable[..., None]) -> Iterator[None]:
    event.listen(db.engine, "after_cursor_execute", deed)
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", deed)


def test_looking_waits_for_no_writer_and_never_writes(app: Flask) -> None:
    make.order()
    with transaction():
        [found] = together(app, books.look)
    assert isinstance(found, Look)
    with books.one_moment() as session:
        session.execute(select(Order.id))
        with pytest.raises(WrongTransaction), transaction():
            pass


def test_the_number_of_statements_does_not_grow_with_the_shop() -> None:
    honey, pickup = make.honey(), make.pickup(capacity=60)
    few = [make.order(make.wish(honey), at=pickup) for _ in range(5)]
    for_five = statements_of_a_look()
    more = [make.order(make.wish(honey), at=pickup) for _ in range(45)]
    make.closed(more[0])
    for order in [*few, *more[:20]]:
        make.prepared(order)
    assert statements_of_a_look() == for_five
    assert for_five < 40


def statements_of_a_look() -> int:
    seen: list[object] = []
    with after_each_statement(lambda *about: seen.append(about)):
        assert books.look().problems == []
    return len(seen)


# It is written down, once a night


def test_the_last_ninety_checks_are_kept() -> None:
    for milliseconds in range(95):
        books.keep(Look([], milliseconds))
    kept = list(db.session.scalars(select(BooksCheck.milliseconds).order_by(BooksCheck.id)))
    assert kept == list(range(5, 95))


def test_two_hundred_sentences_are_enough() -> None:
    group = auditing.Group("stock", "products", 300, [str(number) for number in range(300)])
    row = books.keep(Look([group], 1))
    assert len(row.problems) == 200
    assert row.problems[-2:] == ["stock: 198", "and 101 more"]


def test_a_check_is_written_down_with_what_it_found(shop: dict[str, int]) -> None:
    assert books.check().problems == []
    break_it(shop, "UPDATE counter SET value = value + 1 WHERE name = 'order'")
    row = books.check()
    assert row.problems == ["numbers: the order counter says that 1010 was the last number, the newest order has 1009"]
    assert books.newest() is row


def nights(first: date, days: int) -> Iterator[datetime]:
    """Every half hour by the wall clock, as a worker that is always up sees it."""
    moment = clock.rome(first, 12)
    while moment < clock.rome(first + timedelta(days=days), 12):
        yield moment
        moment += timedelta(minutes=30)


@pytest.mark.parametrize("first", [date(2026, 10, 23), date(2027, 3, 26), date(2026, 12, 30)])
def test_the_worker_looks_once_a_night_also_when_clocks_change(first: date) -> None:
    looked = []
    for moment in nights(first, days=4):
        with clock.at(moment):
            looked += [moment.astimezone(clock.ROME)] * books.check_nightly()
    assert [(at.date() - first).days for at in looked] == [0, 1, 2, 3, 4]
    assert {(at.hour, at.minute) for at in looked[1:]} == {(3, 0)}


def test_a_worker_that_slept_looks_as_soon_as_it_is_up() -> None:
    done = []
    for hour in (4, 23, 25, 26.9, 27, 28):
        with clock.at(clock.rome(date(2026, 11, 24), 0) + timedelta(hours=hour)):
            done.append(books.check_nightly())
    assert done == [1, 0, 0, 0, 1, 0]
    with clock.at(clock.rome(date(2026, 11, 28), 1)):
        assert (books.check_nightly(), books.check_nightly()) == (1, 0)


def test_two_workers_write_it_down_once(app: Flask) -> None:
    make.order()
    answers = together(app, *[books.check_nightly] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert len(db.session.scalars(select(BooksCheck.id)).all()) == 1


def test_the_worker_and_salute_know_of_the_books(app: Flask) -> None:
    assert app.extensions["chores"]["check the books"][0] is books.check_nightly
    assert app.extensions["facts"]["books"] is books.fact


def test_a_night_that_does_not_balance_is_in_the_log(shop: dict[str, int], caplog: pytest.LogCaptureFixture) -> None:
    break_it(shop, "UPDATE counter SET value = value + 1 WHERE name = 'order'")
    assert books.check_nightly() == 1
    assert "1 problems" in caplog.text


def test_books_that_cannot_be_read_are_wrong_once_a_night(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_session: object) -> list[auditing.Group]:
        raise RuntimeError("a page of it is torn")

    monkeypatch.setattr(auditing, "audit", breaks)
    assert (books.check_nightly(), books.check_nightly()) == (1, 0)
    kept = books.newest()
    assert kept is not None
    assert kept.problems == ["the books could not be read: RuntimeError"]
    assert books.fact().status == "wrong"
    assert "a page of it is torn" in caplog.text


# It is shown on /salute


def test_salute_shows_the_last_check() -> None:
    books.check()
    with clock.at(clock.now() + timedelta(hours=5, minutes=1)):
        shown = gather()["books"]
    assert (shown["problems"], shown["ok"], shown["hours_ago"]) == (0, True, 5)
    assert datetime.fromisoformat(shown["checked_at"]).utcoffset() == timedelta(0)


def test_salute_is_wrong_when_the_books_are_and_says_no_more_than_how_many(
    shop: dict[str, int], client: FlaskClient
) -> None:
    break_it(shop, "UPDATE credit SET balance = balance + 1")
    books.check()
    answer = client.get("/salute")
    assert answer.status_code == 200
    shown = json.loads(answer.text)
    assert shown["status"] == "wrong"
    assert (shown["books"]["problems"], shown["books"]["ok"]) == (1, False)
    assert "credit" not in answer.text


def test_nobody_is_late_before_there_is_an_order() -> None:
    assert books.fact().status == "ok"
    assert books.fact().says["checked_at"] is None


def test_salute_is_late_when_nobody_has_looked_for_two_days() -> None:
    order = make.order()
    two_days = timedelta(hours=48)
    with clock.at(order.placed_at + two_days):
        assert books.fact().status == "ok"
    with clock.at(order.placed_at + two_days + timedelta(seconds=1)):
        assert books.fact().status == "late"
        checked = books.check()
    with clock.at(checked.at + two_days):
        assert books.fact().status == "ok"
    with clock.at(checked.at + two_days + timedelta(seconds=1)):
        assert books.fact().status == "late"
