"""Each form of the house has its row in the table of deeds; the watch notices a deed that no row names."""

from __future__ import annotations

import pytest
from flask import Flask

from core import undo
from tests import deeds, house
from tests import factories as make


def test_every_form_has_one_row_and_no_row_is_about_a_form_that_is_gone(whole_app: Flask) -> None:
    assert deeds.write_routes(whole_app) == {*deeds.DEEDS, *deeds.NOTHING}
    assert not set(deeds.DEEDS) & set(deeds.NOTHING)
    assert len(deeds.DEEDS) > 100


def test_a_form_without_a_deed_says_why() -> None:
    assert [form for form, done in deeds.DEEDS.items() if not done] == []
    assert all(len(reason) > 10 for reason in deeds.NOTHING.values())


@pytest.mark.usefixtures("app")
def test_whatever_a_form_does_has_an_inverse_or_a_reason() -> None:
    with_inverse, without = undo.known_actions()
    known = with_inverse | without | deeds.back(*with_inverse)
    assert {form: done - known for form, done in deeds.DEEDS.items() if done - known} == {}


@pytest.mark.usefixtures("app")
def test_whatever_has_an_inverse_can_be_taken_back_somewhere() -> None:
    with_inverse, _without = undo.known_actions()
    assert deeds.back(*with_inverse) <= set().union(*deeds.DEEDS.values())


def test_whatever_is_recorded_is_done_by_a_form() -> None:
    """What the worker does by itself, a form does too: it closes and plans pick-ups."""
    recorded, done = house.recorded_actions(house.sources()), set().union(*deeds.DEEDS.values())
    assert {action: place for action, place in recorded.items() if action not in done} == {}


def test_a_deed_that_no_row_names_is_noticed_once(app: Flask) -> None:
    with app.test_request_context("/banco/esci", method="POST"):
        make.person("Anna")
        make.person("Bruno")
    assert deeds.take_strays() == [("desk.go_out", "person.added")]
    assert deeds.take_strays() == []


def test_a_page_that_does_a_deed_is_noticed(app: Flask) -> None:
    with app.test_request_context("/banco"):
        make.person("Anna")
    assert deeds.take_strays() == [("desk.home", "person.added")]


def test_a_deed_that_the_row_names_and_one_without_a_form_are_none(app: Flask) -> None:
    make.person("Anna")
    with app.test_request_context("/tutor/squadra/persone", method="POST"):
        make.person("Bruno")
    assert deeds.take_strays() == []


def test_what_somebody_else_does_meanwhile_is_not_laid_to_the_form(app: Flask) -> None:
    with app.test_request_context("/banco/esci", method="POST"):
        with deeds.by_somebody_else():
            make.person("Anna")
        make.person("Bruno")
        with deeds.by_somebody_else():
            make.person("Carla")
    assert deeds.take_strays() == [("desk.go_out", "person.added")]
