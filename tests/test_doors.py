"""Role x route: each route names its capability, and lets in exactly those who have it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core import clock, doors
from core.database import db
from core.doors import OPEN, SCREENS
from people import devices
from people.capabilities import NEEDS_BADGE, STAFF_ONLY, Capability
from people.entering import COOKIE
from people.models import Person
from tests import factories as make

CAPABILITIES = {str(capability) for capability in Capability}


def rules(app: Flask) -> Iterator[tuple[Rule, str, doors.Door]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found = doors.of(app.view_functions[rule.endpoint])
            assert found is not None, rule.endpoint
            yield rule, method, found


def address(rule: Rule) -> str:
    """Some address that the rule matches; the door is kept before anything is looked up."""
    return re.sub(r"<(?:int:)?[^>]+>", "1", rule.rule)


def signed_in(app: Flask, person: Person | None, proof: str = "badge", *, tablet: str = "") -> FlaskClient:
    client = app.test_client()
    if tablet:
        client.set_cookie(COOKIE, tablet)
    if person:
        with client.session_transaction() as session:
            session.update(_user_id=str(person.id), _fresh=True, proof=proof, since=clock.now().isoformat())
            session["number"] = db.session.get_one(Person, person.id).session_number
    return client


def test_every_door_is_open_or_a_capability_and_every_screen_has_a_kind(app: Flask) -> None:
    for rule, _method, door in rules(app):
        assert door.capability == OPEN or door.capability in CAPABILITIES, rule.rule
        assert door.screen in SCREENS


@pytest.mark.parametrize("role", ["co_resident", "granted", "tutor", "coordinator"])
def test_a_role_enters_where_it_has_the_capability_and_nowhere_else(app: Flask, role: str) -> None:
    person = {
        "co_resident": lambda: make.person("Anna"),
        "granted": lambda: make.person("Dario", can=(Capability.HAND_OVER, Capability.TAKE_CASH)),
        "tutor": lambda: make.tutor("Rita"),
        "coordinator": lambda: make.person("Teresa", make.Role.COORDINATOR),
    }[role]()
    client = signed_in(app, person, tablet=make.tablet()[1])
    tried = 0
    for rule, method, door in rules(app):
        if door.capability == OPEN:
            continue
        answer = client.open(address(rule), method=method)
        may = person.can(Capability(door.capability))
        assert (answer.status_code != 403) == may, f"{role} {method} {rule.rule}: {answer.status_code}"
        tried += 1
        client = signed_in(app, person, tablet=devices.enrol("again", by=make.tutor(f"R{tried}"))[1])
    assert tried >= 10


def test_nobody_enters_without_showing_who_they_are(app: Flask) -> None:
    """The staff are shown where they come in, from wherever; at the desk a strange device is shown nothing at all."""
    shown = {"page": 0, "form": 0, "nothing": 0}
    for rule, method, door in rules(app):
        if door.capability == OPEN:
            continue
        answer = signed_in(app, None).open(address(rule), method=method)
        is_staffs = door.capability in STAFF_ONLY or rule.rule.startswith("/tutor")
        kind = "nothing" if not is_staffs else "page" if method == "GET" else "form"
        where = answer.headers.get("Location", "").partition("?")[0]
        expected = {"page": (302, "/tutor/entra"), "form": (307, "/tutor/rientra"), "nothing": (404, "")}[kind]
        assert (answer.status_code, where) == expected, f"{method} {rule.rule}"
        shown[kind] += 1
    assert min(shown.values()) > 10, shown


def test_a_page_in_the_look_of_the_staff_is_behind_a_door_of_theirs(app: Flask) -> None:
    pages = [(rule, door) for rule, _method, door in rules(app) if door.screen == "tutor"]
    at_the_desk = [(rule, door) for rule, door in pages if rule.rule.startswith("/banco")]
    assert len(at_the_desk) > 10
    for rule, door in at_the_desk:
        assert door.capability in STAFF_ONLY, rule.rule


def test_a_tile_is_not_enough_for_money_and_hand_over(app: Flask) -> None:
    person = make.person("Dario", can=(Capability.HAND_OVER, Capability.TAKE_CASH))
    tried = 0
    for rule, method, door in rules(app):
        if door.capability in {str(capability) for capability in NEEDS_BADGE}:
            answer = signed_in(app, person, "tile", tablet=make.tablet()[1]).open(address(rule), method=method)
            assert answer.status_code == 302
            assert "/banco/cartellino" in answer.headers["Location"]
            tried += 1
    assert tried
