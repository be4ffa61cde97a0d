"""Somebody who is already inside, so that a test is about the page and not about the door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from people.entering import COOKIE
from people.models import Person
from tests import factories as make

ComeIn = Callable[..., FlaskClient]


@pytest.fixture
def come_in(app: Flask) -> ComeIn:
    """A browser in which this person is signed in; of somebody who works at the desk, a tablet's."""

    def let_in(person: Person, proof: str = "password") -> FlaskClient:
        client = app.test_client()
        if not person.is_staff:
            client.set_cookie(COOKIE, make.tablet()[1])
        with client.session_transaction() as session:
            session.update(_user_id=str(person.id), _fresh=True, proof=proof, since=clock.now().isoformat())
        return client

    return let_in
