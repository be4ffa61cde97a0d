"""Somebody who is already inside, so that a test is about the page and not about the door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from people.models import Person

ComeIn = Callable[..., FlaskClient]


@pytest.fixture
def come_in(app: Flask) -> ComeIn:
    """A browser in which this person is signed in."""

    def let_in(person: Person, proof: str = "password") -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(_user_id=str(person.id), _fresh=True, proof=proof, since=clock.now().isoformat())
        return client

    return let_in
