"""Who is stopped by badges that do not fit, and who never is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, throttle
from core.database import db
from core.errors import NotAllowed, TooManyTries
from people import asking, badges, pauses
from people.models import Device, Person
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")


def test_a_pause_is_the_persons_and_of_nobody_whose_number_begins_like_theirs() -> None:
    device, _secret = make.tablet()
    first = make.person("Anna")
    longer = Person(id=first.id * 10)  # 1 and 10
    for person in (first, longer):
        for _try in range(5):
            pauses.note(person, device)
    assert pauses.has_one(first)
    pauses.end(first, by=make.tutor())
    assert not pauses.has_one(first)
    assert pauses.has_one(longer)


def test_a_name_with_signs_of_a_pattern_is_only_itself() -> None:
    for name in ("badge:person:1:device:1", "badge:person:10:device:1", "badgeXperson:1:device:1"):
        throttle.note(name)
    throttle.forget_under("badge_person:1")
    throttle.forget_under("badge%")
    throttle.forget_under("badge:person:1")
    hour = timedelta(hours=1)
    assert not throttle.is_full("badge:person:1:device:1", 1, hour)
    assert throttle.is_full("badge:person:10:device:1", 1, hour)
    assert throttle.is_full("badgeXperson:1:device:1", 1, hour)


def test_a_day_later_everything_is_forgotten() -> None:
    anna, (device, _secret) = make.person("Anna"), make.tablet()
    for _try in range(10):
        pauses.note(anna, device)
    with pytest.raises(TooManyTries):
        pauses.require_none(anna, device)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        pauses.require_none(anna, device)
        assert not pauses.has_one(anna)


def test_many_tries_at_once_are_counted_one_after_the_other(app: Flask) -> None:
    """Twelve at once: five are judged, the others rest."""
    anna, device = make.person("Anna").id, make.tablet()[0].id
    his = badges.make(make.person("Bruno"), by=None)
    answers = together(app, *[lambda: badges.show(his, device=_device(device), known=_person(anna))] * 12)
    assert faults(answers, NotAllowed, TooManyTries) == []
    kinds = [type(answer) for answer in answers]
    assert (kinds.count(NotAllowed), kinds.count(TooManyTries)) == (5, 7)


def test_one_yes_lets_in_once_also_when_two_tap_at_once(app: Flask) -> None:
    anna, device = make.person("Anna"), make.tablet()[0]
    asking.answer(asking.ask(anna, device).id, yes=True, by=make.tutor())
    anna_id, device_id = anna.id, device.id
    answers = together(app, *[lambda: asking.use(_person(anna_id), _device(device_id))] * 4)
    assert sorted(answers) == [False, False, False, True]


def test_two_questions_at_once_are_one(app: Flask) -> None:
    anna, device = make.person("Anna").id, make.tablet()[0].id
    answers = together(app, *[lambda: asking.ask(_person(anna), _device(device)).id] * 4)
    assert len(set(answers)) == 1
    db.session.rollback()
    assert len(asking.waiting()) == 1


def _person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def _device(device_id: int) -> Device:
    return db.session.get_one(Device, device_id)
