"""Things that open the desk: a tablet that a tutor put to work, a badge that was printed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.database import db
from core.errors import NotFound, Refused
from people import badges, devices, tokens
from people.entering import COOKIE
from people.models import Badge, Device
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def test_a_device_is_known_by_its_secret_of_which_only_the_hash_is_kept() -> None:
    device, secret = make.tablet()
    assert devices.find_by_secret(secret) == device
    assert devices.find_by_secret("something else") is None
    assert devices.find_by_secret("") is None
    assert db.session.scalars(select(Device.secret_hash)).all() == [tokens.hashed(secret)]


def test_a_voided_device_is_unknown_from_now_on() -> None:
    device, secret = make.tablet()
    assert devices.find_by_secret(secret) == device
    devices.void(device.id, by=make.tutor())
    assert devices.find_by_secret(secret) is None
    assert devices.in_use() == []


def test_a_device_that_comes_back_gets_a_new_secret() -> None:
    first, old = make.tablet("Tablet verde")
    devices.void(first.id, by=make.tutor())
    second, new = make.tablet("Tablet verde")
    assert old != new
    assert devices.in_use() == [second]


def test_a_device_is_good_for_ninety_days() -> None:
    until = clock.now() + timedelta(days=90)
    with clock.at(until - timedelta(days=90)):
        device, secret = make.tablet()
    with clock.at(until - timedelta(seconds=1)):
        assert devices.find_by_secret(secret) == device
    with clock.at(until):
        assert devices.find_by_secret(secret) is None


def test_a_device_has_a_name_and_one_that_is_not_there_cannot_be_voided() -> None:
    with pytest.raises(Refused):
        devices.enrol("  ", by=None)
    with pytest.raises(NotFound):
        devices.void(99, by=make.tutor())


def test_a_voided_tablet_sees_nothing_of_the_desk(app: Flask) -> None:
    device, secret = make.tablet()
    client = app.test_client()
    client.set_cookie(COOKIE, secret)
    devices.void(device.id, by=make.tutor())
    assert client.get("/banco").status_code == 404


def test_a_badge_finds_its_person_until_a_new_one_is_made() -> None:
    anna = make.person("Anna")
    old = badges.make(anna, by=None)
    assert badges.find_person(old) == anna
    new = badges.make(anna, by=make.tutor())
    assert badges.find_person(old) is None
    assert badges.find_person(new) == anna


def test_a_new_badge_leaves_the_others_alone() -> None:
    anna, bruno = make.person("Anna"), make.person("Bruno")
    token = badges.make(anna, by=None)
    badges.make(bruno, by=None)
    assert badges.find_person(token) == anna


def test_a_badge_is_kept_as_a_hash_with_no_name_in_it() -> None:
    token = badges.make(make.person("Anna"), by=None)
    assert db.session.scalars(select(Badge.token_hash)).all() == [tokens.hashed(token)]
    assert "Anna" not in token


def test_the_badge_of_somebody_who_has_left_opens_nothing() -> None:
    anna = make.person("Anna", active_from=clock.today() - timedelta(days=9), active_to=clock.yesterday())
    assert badges.find_person(badges.make(anna, by=None)) is None


@pytest.mark.parametrize("name", ["\u200b", "x" * 61, "Tablet\0"])
def test_a_device_has_a_name_that_can_be_read(name: str) -> None:
    with pytest.raises(Refused):
        devices.enrol(name, by=None)
    assert devices.in_use() == []
