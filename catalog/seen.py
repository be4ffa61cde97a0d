"""What a form has shown of a row, so that two people who change it at once do not undo each other (ruling 10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _

from core.database import Base
from core.errors import Conflict


def of(row: Base, names: Collection[str]) -> str:
    """A short sign that is another one as soon as one of these columns is."""
    facts = json.dumps([getattr(row, name) for name in names], ensure_ascii=False, default=str)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def require(row: Base, names: Collection[str], sign: str | None) -> None:
    """Raises Conflict when the row is not as the form showed it. None: nobody looked before, as in a command."""
    if sign is not None and of(row, names) != sign:
        raise Conflict(_("Intanto è cambiato qualcosa. Quello che hai scritto è ancora qui: guarda e salva di nuovo."))


def differences(row: Base, after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of those columns that would change."""
    changed = [name for name, value in after.items() if getattr(row, name) != value]
    return {name: getattr(row, name) for name in changed}, {name: after[name] for name in changed}


def require_standing(row: Base, expected: dict[str, Any]) -> None:
    """For an inverse: raises Conflict when what the deed wrote was changed again."""
    if any(getattr(row, name) != value for name, value in expected.items()):
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))


def put(row: Base, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
