"""The first person of the staff, and every later one, comes in by a one-time link (ruling 16)."""

from __future__ import annotations

import re
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, journal
from core.database import db, serialise, transaction
from core.errors import NotFound, Refused
from core.inputs import require_line
from people import passwords, tokens
from people.capabilities import Role
from people.models import Invitation, Person

GOOD_FOR = timedelta(days=2)
EMAIL_LOCK = 9_062_2022
LONGEST_NAME, LONGEST_EMAIL = 60, 200


def invite(role: Role, *, by: Person | None = None) -> str:
    """A one-time token for somebody of the staff. Raises Refused for co-residents: they need no password."""
    if role == Role.CO_RESIDENT:
        raise Refused(_("Chi lavora al banco entra con il cartellino, senza parola d'ordine."))
    token = tokens.new()
    with transaction() as session:
        invitation = Invitation(
            token_hash=tokens.hashed(token), role=role, made_at=clock.now(), expires_at=clock.now() + GOOD_FOR
        )
        session.add(invitation)
        session.flush()
        journal.record("invitation.made", invitation, by=by.id if by else None, role=role)
    return token


def get(token: str, *, held: bool = False) -> Invitation:
    """Raises NotFound for a link that is unknown, used or too old alike. ``held``: until the transaction ends."""
    query = select(Invitation).where(Invitation.token_hash == tokens.hashed(token))
    invitation = db.session.scalar(query.with_for_update() if held else query)
    if invitation is None or invitation.used_at or clock.now() > invitation.expires_at:
        raise NotFound(_("Questo invito non vale più. Chiedine un altro."))
    return invitation


def accept(token: str, *, name: str, email: str, password: str) -> Person:
    """The invited person chooses name, e-mail and password; the link is used up."""
    name = require_line(name, LONGEST_NAME, missing=_("Scrivi il tuo nome."))
    email = require_line(email, LONGEST_EMAIL).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise Refused(_("Scrivi la tua e-mail, come nome@esempio.it."))
    password_hash = passwords.hashed(password)
    with transaction() as session:
        invitation = get(token, held=True)
        serialise(session, EMAIL_LOCK)  # two invitations, one address: the second one is told
        if session.scalar(select(Person.id).where(Person.email == email)):
            raise Refused(_("Questo indirizzo è già di qualcuno."))
        person = Person(
            name=name, role=invitation.role, email=email, password_hash=password_hash, active_from=clock.today()
        )
        session.add(person)
        session.flush()
        invitation.used_at = clock.now()
        journal.record("invitation.accepted", person, by=person.id)
    return person
