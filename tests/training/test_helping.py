"""Help calls: they wait until a tutor comes, and each is answered once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock, journal
from core.database import transaction
from core.errors import Conflict
from people.models import Person
from tests import factories as make
from tests.training.conftest import ComeIn
from training import helping

pytestmark = pytest.mark.usefixtures("app")


def who_waits() -> list[str]:
    return [person.name for person, _call in helping.waiting()]


def test_calls_wait_oldest_first_until_a_tutor_comes() -> None:
    for name in ("Fabio", "Anna"):
        helping.call(make.person(name), screen="/banco")
    assert who_waits() == ["Fabio", "Anna"]
    helping.answer(helping.waiting()[0][1].id, by=make.tutor())
    assert who_waits() == ["Anna"]


def test_a_call_is_answered_by_the_first_who_comes() -> None:
    helping.call(make.person("Anna"), screen="/banco")
    call = helping.waiting()[0][1].id
    helping.answer(call, by=make.tutor("Rita"))
    with pytest.raises(Conflict):
        helping.answer(call, by=make.tutor("Sandro"))


def test_a_call_of_yesterday_waits_no_more() -> None:
    called = clock.now() - timedelta(hours=13)
    with clock.at(called):
        helping.call(make.person("Anna", active_from=clock.today()), screen="/banco")
    with clock.at(called + timedelta(hours=11)):
        assert who_waits() == ["Anna"]
    assert who_waits() == []


def test_whoever_waits_already_calls_only_once() -> None:
    anna = make.person("Anna")
    for screen in ("/banco", "/banco/prepara"):
        helping.call(anna, screen=screen)
    assert [call.data["screen"] for _person, call in helping.waiting()] == ["/banco"]
    helping.answer(helping.waiting()[0][1].id, by=make.tutor())
    helping.call(anna, screen="/banco/consegna")
    assert who_waits() == ["Anna"]


def test_a_person_who_was_erased_waits_no_more() -> None:
    erased = make.person("Anna")
    for person in (erased, make.person("Bruno")):
        helping.call(person, screen="/banco")
    with transaction() as session:
        session.delete(session.get_one(Person, erased.id))
    assert who_waits() == ["Bruno"]


def test_the_tutors_page_counts_people_and_not_taps(come_in: ComeIn) -> None:
    anna = make.person("Anna")
    for _tap in range(2):  # as they were kept before each person had one call
        with transaction():
            journal.record("help.called", anna, by=anna.id, screen="/banco", order=None)
    assert "Una persona ti chiama" in come_in(make.tutor()).get("/tutor").text
