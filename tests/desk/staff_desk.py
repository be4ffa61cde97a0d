"""A tutor at the staff's pages: forms are read from the page, filled in by name and sent."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from core import clock
from people.models import Person
from tests import factories as make
from tests.desk.walking import Desk
from tests.test_doors import signed_in

TUESDAY = date(2026, 12, 1)
MORNING = clock.rome(TUESDAY, 9)


def at_work(app: Flask, person: Person | None = None) -> Desk:
    """The staff in a browser of their own; somebody who works at the desk is known at a tablet alone."""
    person = person or make.tutor("Rita")
    return Desk(signed_in(app, person, "password", tablet="" if person.is_staff else make.tablet()[1]))


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


class _AsShown(HTMLParser):
    """All that a browser would send of one form: lists with their choice, text of several lines, ticked boxes."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self._action, self._inside, self._list, self._area = action, False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action", "").partition("#")[0] == self._action
        elif not self._inside:
            return
        elif tag == "select":
            self._list = given["name"]
        elif tag == "textarea":
            self._area = given["name"]
            self.sent[self._area] = ""
        elif tag == "option" and ("selected" in given or self._list not in self.sent):
            self.sent[self._list] = given["value"]
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.sent.add(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._area = "" if tag == "textarea" else self._area


def as_shown(page: str, action: str) -> MultiDict[str, str]:
    """The form of this address as its page shows it."""
    form = _AsShown(action)
    form.feed(page)
    return form.sent
