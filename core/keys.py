"""Idempotent at the edges: a form carries a key, and a repeat of it changes nothing (ruling 10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.database import Base, Prepared, WrongTransaction, in_transaction, insert, run, table, transaction
from core.plain import Question


class FormKey(Base):
    """A form that was answered, and what its first answer was."""

    __tablename__ = "form_key"
    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


def new() -> str:
    """A key for a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def is_well_formed(key: str) -> bool:
    return 16 <= len(key) <= 64 and key.isascii() and key.replace("-", "").replace("_", "").isalnum()


def find_answer(key: str) -> str | None:
    """What this form was answered with, or None if it was not."""
    found = _ANSWER.glance(key=key)
    return found[0][0] if found else None


def claim(key: str, answer: str = "") -> bool:
    """Take the key, as the first thing in the deed's transaction. False if the form was answered before.

    On PostgreSQL a twin that is still under way is waited for: its commit makes this one the repeat.
    """
    if not in_transaction():
        raise WrongTransaction("a form is answered inside a transaction")
    facts = {"key": key, "answer": answer, "at": clock.now()}
    return run(_CLAIM(), facts).first() is not None


def answer(key: str, words: str) -> None:
    """Keep what the claimed form was answered with."""
    if run(_KEEP(), {"of_key": key, "words": words}).rowcount != 1:
        raise LookupError("only a form that was claimed has an answer")


def once(key: str, deed: Callable[[], object]) -> bool:
    """Do the deed of this form, unless the form was answered before. A deed that is refused leaves the key free."""
    with transaction():
        first = claim(key)
        if first:
            deed()
    return first


_FORMS = table(FormKey)
_CLAIM = Prepared(lambda: insert(FormKey).on_conflict_do_nothing().returning(_FORMS.c.key))
_KEEP = Prepared(lambda: update(_FORMS).where(_FORMS.c.key == bindparam("of_key")).values(answer=bindparam("words")))
_ANSWER = Question(lambda: select(FormKey.answer).where(FormKey.key == bindparam("key")))
