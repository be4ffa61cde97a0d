"""Passwords of the staff: long, hashed, throttled; whether a name exists is not to be learnt."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from core import clock, throttle
from core.database import db
from core.errors import Refused, TooManyTries
from people import passwords
from people.models import Person
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

PASSWORD = "quattro parole messe a caso"


@pytest.fixture
def rita() -> Person:
    return make.tutor("Rita", email="rita@posta.example", password_hash=passwords.hashed(PASSWORD))


def test_the_right_password_finds_its_person(rita: Person) -> None:
    assert passwords.find_by_password(" RITA@posta.example", PASSWORD) == rita
    assert passwords.find_by_password("rita@posta.example", PASSWORD.upper()) is None


def test_a_password_is_kept_only_as_an_argon2_hash(rita: Person) -> None:
    assert rita.password_hash is not None
    assert rita.password_hash.startswith("$argon2id$")
    assert PASSWORD not in rita.password_hash


def test_a_short_password_is_refused() -> None:
    with pytest.raises(Refused, match="12"):
        passwords.hashed("undici lett")


def test_a_name_that_nobody_has_takes_the_same_way(rita: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is computed for strangers and for people without a password too, so time tells nothing."""
    make.person("Anna", email="anna@posta.example")
    verify, compared = PasswordHasher.verify, list[str]()

    def watch(hasher: PasswordHasher, known: str, given: str) -> bool:
        compared.append(known)
        return verify(hasher, known, given)

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    for email in ("rita@posta.example", "anna@posta.example", "nessuno@posta.example"):
        assert passwords.find_by_password(email, "una parola d'ordine qualunque") is None
    assert compared[0] == rita.password_hash
    assert len(compared) == 3
    assert all(known.startswith("$argon2id$") for known in compared)


def test_nobody_enters_with_the_password_of_nobody() -> None:
    make.person("Anna", email="anna@posta.example")
    assert passwords.find_by_password("anna@posta.example", "nobody has this password") is None


def test_after_five_failures_even_the_right_one_waits_a_quarter_of_an_hour(rita: Person) -> None:
    for _ in range(5):
        assert passwords.find_by_password("rita@posta.example", "x") is None
    with pytest.raises(TooManyTries):
        passwords.find_by_password("rita@posta.example", PASSWORD)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert passwords.find_by_password("rita@posta.example", PASSWORD) == rita


def test_a_success_forgets_the_failures_before_it(rita: Person) -> None:
    for _ in range(4):
        passwords.find_by_password("rita@posta.example", "x")
    assert throttle.is_full("password:rita@posta.example", 4, passwords.WITHIN)
    passwords.find_by_password("rita@posta.example", PASSWORD)
    assert not throttle.is_full("password:rita@posta.example", 1, passwords.WITHIN)


def test_somebody_who_has_left_does_not_come_in() -> None:
    make.tutor(
        "Rita",
        email="rita@posta.example",
        password_hash=passwords.hashed(PASSWORD),
        active_from=clock.today() - timedelta(days=9),
        active_to=clock.yesterday(),
    )
    assert passwords.find_by_password("rita@posta.example", PASSWORD) is None


def test_many_tries_at_the_same_moment_are_no_more_tries(
    app: Flask, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is counted before it is judged, so that none slips through while another one is being hashed."""
    judged, is_full = list[str](), throttle.is_full

    def looked_up_slowly(*about: Any) -> bool:
        answer = is_full(*about)
        time.sleep(0.05)
        return answer

    def slowly(_hash: str | None, password: str) -> bool:
        judged.append(password)
        time.sleep(0.3)
        return False

    monkeypatch.setattr(throttle, "is_full", looked_up_slowly)
    monkeypatch.setattr(passwords, "matches", slowly)
    answers = together(app, *[lambda: passwords.find_by_password("rita@posta.example", "x") for _ in range(12)])
    assert faults(answers, TooManyTries) == []
    assert len(judged) == passwords.MOST_FAILURES


def test_an_endless_address_is_no_endless_row() -> None:
    assert passwords.find_by_password("x" * 5_000, "una parola d'ordine qualunque") is None
    assert len(db.session.scalars(select(throttle.Failure.name)).one()) < 250
