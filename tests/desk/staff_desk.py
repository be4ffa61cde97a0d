"""A tutor at the staff's pages: forms are read from the page, filled in by name and sent."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import clock
from people.models import Person
from tests import factories as make
from tests.desk.walking import Desk
from tests.test_doors import signed_in

TUESDAY = date(2026, 12, 1)
MORNING = clock.rome(TUESDAY, 9)


def at_work(app: Flask, person: Person | None = None) -> Desk:
    return Desk(signed_in(app, person or make.tutor("Rita"), "password"))


def fill(desk: Desk, button: str, **typed: object) -> Desk:
    """Press the button of a form with these fields filled in, and follow where it leads."""
    path, method, sends = form(desk, button, **typed)
    return desk.go(path, method=method, sends=sends)


def form(desk: Desk, button: str, **typed: object) -> tuple[str, str, dict[str, str]]:
    """(address, method, what it sends) of the form with this button."""
    way = desk.find(button)
    sends = {**way.sends, **{name: str(value) for name, value in typed.items()}}
    return way.path.partition("#")[0], way.method, sends


def twice(desk: Desk, button: str, **typed: object) -> tuple[TestResponse, TestResponse]:
    """A double click: the same form, sent two times."""
    path, method, sends = form(desk, button, **typed)
    client: FlaskClient = desk.client
    return client.open(path, method=method, data=sends), client.open(path, method=method, data=sends)
