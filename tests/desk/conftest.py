"""A tablet in the hands of somebody, with and without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from core import clock
from people import badges
from people.entering import COOKIE
from people.models import Person
from tests import factories as make
from tests.desk.staff_desk import MORNING, at_work
from tests.desk.walking import Desk
from tests.meter.seeing import served

EnterAs = Callable[[Person], Desk]


@pytest.fixture
def enter(app: Flask) -> EnterAs:
    """Somebody at a tablet of their own, come in with their badge."""

    def come_in(person: Person) -> Desk:
        desk = Desk(app.test_client())
        desk.client.set_cookie(COOKIE, make.tablet(f"Tablet di {person.name}")[1])
        return desk.show_badge(badges.make(person, by=None))

    return come_in


@pytest.fixture
def rita(app: Flask) -> Desk:
    """A tutor at the staff's pages, in a browser of her own."""
    return at_work(app)


@pytest.fixture
def on_a_tuesday() -> Iterator[None]:
    """The first of December 2026, 9 o'clock: weeks and words can be written down."""
    with clock.at(MORNING):
        yield


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The shop on a port of the loopback interface, for a browser."""
    with served(app) as found:
        yield found
