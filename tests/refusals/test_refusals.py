"""Bad input: each a sentence and 4xx, what was typed is kept, and no row of the business changes."""

from __future__ import annotations

import pytest
from flask import Flask

from core.database import db
from orders import finding
from orders.models import Order
from tests import factories as make
from tests.refusals import desk_cases, goods_cases, people_cases, shop_cases, staff_cases
from tests.refusals.world import Case, Memory, World, footprint
from tests.shop.citizen import hidden, words

CASES = [*shop_cases.CASES, *desk_cases.CASES, *staff_cases.CASES, *goods_cases.CASES, *people_cases.CASES]


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory()


@pytest.fixture
def world(app: Flask, memory: Memory) -> World:
    return World(app, memory)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_cannot_be_is_said_in_a_sentence_and_changes_nothing(world: World, case: Case) -> None:
    before = footprint()
    answer = case.send(world)
    assert answer.status_code == case.status, words(answer.text)[:600]
    assert case.says in words(answer.text)
    assert "Traceback" not in answer.text
    for typed in case.keeps:
        assert typed in answer.text, f"{typed!r} was typed and is gone"
    assert footprint() == before


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("says", ["", " ", "posti"])
def test_a_case_without_a_sentence_is_none(says: str) -> None:
    with pytest.raises(ValueError, match="no sentence"):
        Case("called off without a reason", lambda world: world.weigh(""), 422, says)


def test_a_row_that_changes_is_seen(world: World) -> None:
    """The judge of this file: an order that was placed leaves another footprint."""
    before = footprint()
    assert world.order().status_code == 303
    after = footprint()
    assert {name for name in before if before[name] != after[name]} >= {
        "order",
        "order_line",
        "stock",
        "outbox",
        "journal",
    }


def test_pressing_twice_answers_with_the_first_result(world: World) -> None:
    sent = world.filled()
    first = world.shop.post("/cassa", data=sent)
    before = footprint()
    second = world.shop.post("/cassa", data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    numbers = [words(world.shop.get(answer.headers["Location"]).text).split("·")[0] for answer in (first, second)]
    assert numbers[0] == numbers[1]
    assert footprint() == before


def test_the_back_button_after_placing_shows_the_order_that_was_placed(world: World) -> None:
    """The page in the browser's memory is sent once more, changed."""
    sent = world.filled()
    world.shop.post("/cassa", data=sent)
    before = footprint()
    sent["nome"] = "Un'altra persona"
    sent.setlist("riga", [f"{world.honey.id}:3:850"])
    assert world.shop.post("/cassa", data=sent).status_code == 303
    assert footprint() == before


def test_names_with_emoji_are_kept(world: World) -> None:
    name = "Zoë 🥕👩🏽‍🌾 Łukasiewicz-D'Angelò"
    assert world.order(nome=name, nota="Grazie 🙏").status_code == 303
    made = db.session.scalars(db.select(Order).order_by(Order.id.desc())).first()
    assert made is not None
    assert (made.customer, made.note) == (name, "Grazie 🙏")


def test_weighing_twice_with_one_form_is_one_weight(world: World) -> None:
    line = world.line(world.crate, "carote")
    sent = {"grams": "1000", "version": "0", "key": "one-form-one-weight-1"}
    address = f"/banco/casse/{world.crate.id}/righe/{line}/peso"
    first = world.desk.post(address, data=sent)
    before = footprint()
    second = world.desk.post(address, data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert footprint() == before
    make.fresh(world.crate)
    assert finding.get_line(finding.get(world.crate.id), line).weighed_grams == 1000


def test_changing_twice_with_one_form_is_one_change_and_an_address_with_emoji_is_kept(world: World) -> None:
    """Somebody rings: the crate is brought to them now, with one jar more."""
    address, jars = staff_cases.change_address(world), f"{world.honey.id}:2:850"
    sent = staff_cases.change_form(world, jars, ritiro=str(world.home.id))
    sent["detto"] = hidden(world.tutor.post(address, data=sent).text)["detto"]
    sent["azione"] = "cambia"
    first = world.tutor.post(address, data=sent)
    before = footprint()
    sent["indirizzo"] = "Via Altrove 1"
    second = world.tutor.post(address, data=sent)
    here = f"/banco/ordini/{world.mine.id}"
    assert [(answer.status_code, answer.location) for answer in (first, second)] == [(303, here)] * 2
    assert footprint() == before
    make.fresh(world.mine)
    assert (world.mine.pickup_id, world.mine.version) == (world.home.id, 1)
    assert world.mine.address == f"{staff_cases.STREET}, 27029 Vigevano"
