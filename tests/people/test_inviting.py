"""Invitations: one link, one person, two days."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from core import clock
from core.database import db
from core.errors import NotFound, Refused
from people import inviting, passwords, tokens
from people.capabilities import Role
from people.models import Invitation, Person
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

PASSWORD = "quattro parole messe a caso"


def accept(token: str, email: str = "rita@posta.example") -> Person:
    return inviting.accept(token, name="Rita", email=email, password=PASSWORD)


def test_whoever_accepts_is_of_the_staff_from_today() -> None:
    rita = accept(inviting.invite(Role.TUTOR), " Rita@Posta.example ")
    assert (rita.role, rita.email, rita.active_from) == (Role.TUTOR, "rita@posta.example", clock.today())
    assert passwords.find_by_password("rita@posta.example", PASSWORD) == rita


def test_a_link_works_once() -> None:
    token = inviting.invite(Role.TUTOR)
    accept(token)
    with pytest.raises(NotFound):
        accept(token, "sandro@posta.example")


def test_a_link_ends_after_two_days() -> None:
    token = inviting.invite(Role.TUTOR)
    with clock.at(clock.now() + timedelta(days=2, minutes=1)), pytest.raises(NotFound):
        inviting.get(token)


def test_a_link_that_was_refused_is_still_good() -> None:
    make.tutor("Rita", email="rita@posta.example")
    token = inviting.invite(Role.TUTOR)
    with pytest.raises(Refused):
        accept(token)
    assert accept(token, "sandro@posta.example").role == Role.TUTOR


def test_only_the_hash_of_a_link_is_kept() -> None:
    token = inviting.invite(Role.COORDINATOR)
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.token_hash == tokens.hashed(token) != token


def test_co_residents_need_no_password_and_no_invitation() -> None:
    with pytest.raises(Refused):
        inviting.invite(Role.CO_RESIDENT)


def test_the_first_link_is_printed_by_a_command(runner: FlaskCliRunner) -> None:
    answer = runner.invoke(args=["people", "invite", "--role", "coordinator"])
    token = answer.output.strip().rpartition("/tutor/invito/")[2]
    assert inviting.get(token).role == Role.COORDINATOR


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("\u200b\u2060", "rita@posta.example", "Scrivi il tuo nome."),
        ("x" * 61, "rita@posta.example", "È troppo lungo"),
        ("Rita\x07", "rita@posta.example", "un segno che non riusciamo a scrivere"),
        ("Rita", "r" * 190 + "@posta.example", "È troppo lungo"),
    ],
)
def test_a_name_and_an_address_can_be_read(name: str, email: str, sentence: str) -> None:
    token = inviting.invite(Role.TUTOR)
    with pytest.raises(Refused, match=sentence):
        inviting.accept(token, name=name, email=email, password=PASSWORD)
    assert inviting.get(token)


def test_two_invitations_with_one_address_at_the_same_moment(app: Flask) -> None:
    """The second one is told so in a sentence; PostgreSQL would let both look before either has written."""
    for _ in range(5):
        tokens = [inviting.invite(Role.TUTOR) for _ in range(3)]
        email = f"{tokens[0].lower()}@posta.example"
        answers = together(app, *[partial(accept, token, email) for token in tokens])
        assert faults(answers, Refused) == []
        assert len([answer for answer in answers if isinstance(answer, Person)]) == 1
