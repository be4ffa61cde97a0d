"""Undo is a new deed (ruling 8): engines register an action's inverse under its name; `app.py` wires them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import journal, outbox
from core.database import serialise, transaction
from core.errors import Conflict
from core.journal import Entry, Subject

UNDO_LOCK = 8_061_2022


@dataclass(frozen=True)
class Inverse:
    """``undo(entry, by)`` does the inverse deed from the entry's arguments, in the name of ``by``, who takes it back.

    It raises Refused when the deed's effect has been used.

    ``says(entry)`` names in a few words what is undone ("2 mazzi di bietole"). ``hold_first(session)`` takes the lock
    that comes before the subject's own, where there is one, so that nobody waits in a ring. ``is_aside``: it changes
    nothing of the subject itself, only who looks after it; what was done before it can still be taken back.
    """

    undo: Callable[[Entry, int | None], None]
    says: Callable[[Entry], str]
    hold_first: Callable[[Session], None] | None = None
    is_aside: bool = False


def register(inverses: Mapping[str, Inverse], without: Mapping[str, str], walls: Collection[str] = ()) -> None:
    """Wire a room's inverses, and its actions that have none, each with the reason.

    ``walls``: those of them that changed so much that nothing before them is taken back any more.
    """
    _inverses().update(inverses)
    _without().update(without)
    _walls().update(walls)


def newest(subject: Subject, *, aside: bool = False) -> Entry | None:
    """The last deed on this subject that stands (neither an undo nor undone) and that undo knows about.

    Deeds aside are passed over. ``aside``: only one of those, and only while nothing has been done since.
    """
    return newest_of(journal.entries(subject), aside=aside)


def newest_of(entries: Iterable[Entry], *, aside: bool = False) -> Entry | None:
    """The same of what was read already: the entries of one subject, the newest first, none of the newest left out."""
    undone: set[int] = set()
    for entry in entries:
        if entry.action in _walls():
            return None
        if entry.undoes_id is not None:
            undone.add(entry.undoes_id)
        elif entry.id not in undone and entry.action not in _without():
            if _is_aside(entry) == aside:
                return entry
            if aside:
                return None
    return None


def has_inverse(action: str) -> bool:
    return action in _inverses()


def offer(subject: Subject, *, aside: bool = False) -> tuple[Entry, str] | None:
    """What "Torna indietro" would undo now, and its words; None when nothing can be undone."""
    entry = newest(subject, aside=aside)
    if entry is None or entry.action not in _inverses() or not outbox.is_open(entry.key):
        return None
    return entry, _inverses()[entry.action].says(entry)


def undo_last(subject: Subject, *, expected: int | None = None, by: int | None = None, aside: bool = False) -> str:
    """Undo the newest deed on ``subject`` and say what was undone. ``aside`` as in ``newest``.

    ``expected`` is the entry that the screen named: if another deed came meanwhile nothing is undone. Raises Conflict.
    """
    with transaction() as session:
        serialise(session, UNDO_LOCK)  # two tablets at once: the second one sees what the first undid
        seen = _hold(session, subject, aside=aside)
        found = offer(subject, aside=aside)
        if found is None:
            raise Conflict(
                _("Qui non si può più tornare indietro. Chiama il tutor."),
                without_tutor=_("Qui non si può più tornare indietro. Si rimedia con un passo nuovo."),
            )
        entry, words = found
        if (expected is not None and entry.id != expected) or (seen is not None and seen != entry.action):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        if not outbox.stop(entry.key, "undone"):
            raise Conflict(
                _("Il messaggio è già partito. Chiama il tutor."),
                without_tutor=_("La mail è già partita: qui non si torna più indietro. Si rimedia con un passo nuovo."),
            )
        _inverses()[entry.action].undo(entry, by)
        with journal.context(undoes=entry.id):
            journal.record(f"{entry.action}.undone", subject, by=by, practice=entry.practice, **entry.data)
    return words


def _hold(session: Session, subject: Subject, *, aside: bool) -> str | None:
    """Wait for a deed that is under way on the subject: it is then the newest. Returns the action it locked for."""
    entry = newest(subject, aside=aside)
    inverse = _inverses().get(entry.action) if entry else None
    if inverse and inverse.hold_first:
        inverse.hold_first(session)
    kind = type(subject)
    held = session.get(kind, subject.id, with_for_update={"of": kind}, populate_existing=True)
    if held is None:
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    return entry.action if entry else None


def known_actions() -> tuple[set[str], set[str]]:
    """(actions with an inverse, actions without)."""
    return set(_inverses()), set(_without())


def reasons() -> Mapping[str, str]:
    return _without()


def _is_aside(entry: Entry) -> bool:
    inverse = _inverses().get(entry.action)
    return inverse is not None and inverse.is_aside


def _inverses() -> dict[str, Inverse]:
    return current_app.extensions.setdefault("inverses", {})


def _walls() -> set[str]:
    return current_app.extensions.setdefault("undo_walls", set())


def _without() -> dict[str, str]:
    return current_app.extensions.setdefault("without_inverse", {})
