"""Help calls: they wait until a tutor comes, and each is answered once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict
from tests import factories as make
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
    with clock.at(clock.now() - timedelta(hours=13)):
        helping.call(make.person("Anna", active_from=clock.today()), screen="/banco")
    assert who_waits() == []
