"""`/salute`: the worst that anybody says is the shop's, and no machine has to read a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from core import clock, health, outbox, worker
from core.database import transaction
from core.health import Fact, gather
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

Say = Callable[[str, str], None]


@pytest.fixture
def say(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Let a room say something of itself, for one test; what the shop has wired is silent."""
    facts: dict[str, Callable[[], Fact]] = {}
    monkeypatch.setitem(app.extensions, "facts", facts)
    worker.beat()
    return lambda name, status: health.register(name, lambda: Fact({"said": status}, status))


@pytest.mark.parametrize(
    ("said", "status"), [((), "ok"), (("ok",), "ok"), (("late", "ok"), "late"), (("late", "wrong", "ok"), "wrong")]
)
def test_the_worst_that_a_room_says_is_the_shops(say: Say, said: tuple[str, ...], status: str) -> None:
    for number, each in enumerate(said):
        say(f"room {number}", each)
    assert gather()["status"] == status


def test_the_shop_itself_may_be_the_worst(say: Say) -> None:
    say("room", "ok")
    with clock.at(clock.now() + timedelta(seconds=health.WORKER_SILENT_AFTER + 1)):
        assert gather()["status"] == "late"


def test_what_a_room_says_stands_under_its_name_and_hides_nothing(say: Say) -> None:
    say("room", "ok")
    say("database", "wrong")
    facts = gather()
    assert facts["room"] == {"said": "ok"}
    assert facts["database"] in ("sqlite", "postgresql")
    assert facts["status"] == "wrong"


def test_a_shop_that_is_wrong_still_answers(say: Say, client: FlaskClient) -> None:
    say("room", "wrong")
    answer = client.get("/salute")
    assert answer.status_code == 200
    assert json.loads(answer.text)["status"] == "wrong"


def test_a_database_that_does_not_answer_is_down(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(health, "gather", fail)
    answer = client.get("/salute")
    assert answer.status_code == 503
    assert json.loads(answer.text)["status"] == "down"


def test_salute_is_late_while_mail_fails(say: Say) -> None:
    """Tries that fail move the next try, not the moment at which the letter should have left."""
    order = make.order()
    with transaction() as session:
        item = session.query(outbox.Item).one()
        item.attempts, item.try_after = 6, clock.now() + timedelta(minutes=14)
    with clock.at(order.placed_at + timedelta(minutes=6)):
        worker.beat()
        facts = gather()
    assert facts["outbox"]["oldest_overdue_seconds"] >= 300
    assert facts["status"] == "late"
