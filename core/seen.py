"""What a form has shown of something, so that two people who change it at once do not undo each other (ruling 10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _

from core.database import Base
from core.errors import Conflict


def sign(facts: object) -> str:
    """A short sign that is another one as soon as one of these facts is. They are of JSON's kinds, or days."""
    told = json.dumps(facts, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def of(row: Base, names: Collection[str]) -> str:
    """The sign of these columns."""
    return sign([getattr(row, name) for name in names])


def require(row: Base, names: Collection[str], seen_as: str | None, sentence: str = "") -> None:
    """Raises Conflict when the row is not as the form showed it. None: nobody looked before, as in a command.

    ``sentence``: what the person in front of the form is told, where it is something else than what stands here.
    """
    if seen_as is not None and of(row, names) != seen_as:
        kept = _("Intanto è cambiato qualcosa. Quello che hai scritto è ancora qui: guarda e salva di nuovo.")
        raise Conflict(sentence or kept)


def differences(row: Base, after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of those columns that would change."""
    changed = [name for name, value in after.items() if getattr(row, name) != value]
    return {name: getattr(row, name) for name in changed}, {name: after[name] for name in changed}


def require_standing(row: Base, expected: Mapping[str, Any]) -> None:
    """For an inverse: raises Conflict when what the deed wrote was changed again."""
    if any(getattr(row, name) != value for name, value in expected.items()):
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))


def put(row: Base, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
