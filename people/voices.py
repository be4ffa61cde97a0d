"""A tutor's own voice for the words of the desk: it works everywhere, and nothing is sent out (criterion 35).

A recording belongs to words as they stand on the screen ("Pesa", "carote", "500"); the tablet joins them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import func, select

from core import clock, journal
from core.database import db, transaction
from core.errors import NotFound, Refused
from core.inputs import require_line
from people.models import Person, Recording

KINDS = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")
LARGEST = 200_000  # bytes: half a minute of speech
LONGEST = 120  # letters


def normal(words: str) -> str:
    """'Pesa: ' -> 'pesa': capitals, marks and spaces do not change how words are said."""
    return " ".join(re.findall(r"[\w’']+", words.lower().replace("'", "’")))


def record(words: str, kind: str, sound: bytes, *, by: Person) -> Recording:
    """Keep this voice for these words; one that was there before is replaced. Raises Refused."""
    words = normal(require_line(words, LONGEST, missing=_("Scegli le parole da dire.")))
    kind = kind.partition(";")[0].strip().lower()
    if not words or kind not in KINDS or not 0 < len(sound) <= LARGEST:
        raise Refused(_("Questa registrazione non si può tenere. Prova ancora, più corta."))
    with transaction() as session:
        found = session.scalar(select(Recording).where(Recording.words == words).with_for_update())
        if found is None:
            found = Recording(words=words, kind=kind, sound=sound, by_id=by.id, at=clock.now())
            session.add(found)
        else:
            found.kind, found.sound, found.by_id, found.at = kind, sound, by.id, clock.now()
        session.flush()
        journal.record("voice.recorded", found, by=by.id, words=words)
    return found


def remove(recording_id: int, *, by: Person) -> None:
    """A voice is taken away for good: it is somebody's own. One that is gone already stays gone."""
    with transaction() as session:
        found = session.get(Recording, recording_id, with_for_update=True)
        if found is not None:
            journal.record("voice.removed", found, by=by.id, words=found.words)
            session.delete(found)


def get(recording_id: int) -> Recording:
    """Raises NotFound."""
    found = db.session.get(Recording, recording_id)
    if found is None:
        raise NotFound(_("Questa voce non c'è."))
    return found


def known() -> Mapping[str, int]:
    """Words -> the recording's id, without the sounds."""
    return {row.words: row.id for row in db.session.execute(select(Recording.words, Recording.id))}


def version() -> str:
    """Changes with every recording; empty while there is none. One statement."""
    count, newest = db.session.execute(select(func.count(), func.max(Recording.at))).one()
    return hashlib.sha256(f"{count} {newest}".encode()).hexdigest()[:10] if count else ""
