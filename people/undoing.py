"""The inverses of what this room does (ruling 8), and the reasons where there is none."""

from __future__ import annotations

from flask_babel import gettext as _

from core.journal import Entry
from core.undo import Inverse
from people import devices, shifts, staff, staying


def _unsupport(entry: Entry, _by: int | None) -> None:
    data = entry.data
    staff.restore_support(entry.subject_id, data.get("task", ""), data["level"], data["before"])


def _unleave(entry: Entry, _by: int | None) -> None:
    data = entry.data
    staying.set_end(entry.subject_id, expected=data["after"], end=data["before"], badges=data["badges"])


def _unreturn(entry: Entry, _by: int | None) -> None:
    data = entry.data
    staying.set_end(entry.subject_id, expected=None, end=data["before"], badges=data["badges"])


INVERSES = {
    "person.changed": Inverse(
        lambda entry, by: staying.restore(entry.subject_id, entry.data["after"], entry.data["before"]),
        lambda entry: _("come è la pagina"),
    ),
    "person.left": Inverse(_unleave, lambda entry: _("l'ultimo giorno")),
    "person.returned": Inverse(_unreturn, lambda entry: _("il ritorno nella squadra")),
    "support.changed": Inverse(_unsupport, lambda entry: _("la guida")),
    "shift.planned": Inverse(lambda entry, by: shifts.put_back(entry.data), lambda entry: _("il turno")),
    "device.renamed": Inverse(
        lambda entry, by: devices.name_back(entry.subject_id, entry.data["after"], entry.data["before"]),
        lambda entry: _("il nome del dispositivo"),
    ),
}

WITHOUT = {
    "person.added": "Somebody who leaves gets a last day; nobody is un-added.",
    "person.signed_in": "Signing out is a deed of its own.",
    "person.signed_out": "Signing in is a deed of its own.",
    "grant.given": "It is withdrawn as a deed of its own, with a reason.",
    "grant.withdrawn": "It is given again as a deed of its own, with a reason.",
    "device.enrolled": "It is voided as a deed of its own, in one tap.",
    "device.voided": "A device that comes back is enrolled again, with a new secret.",
    "device.scale_set": "Another scale is chosen in the same place; the one before is in the journal.",
    "badge.made": "Printing another one voids it.",
    "badge.voided": "What was lost may be in anybody's hands; a new one is printed.",
    "entry.asked": "The question ends by itself after 15 minutes.",
    "entry.granted": "It is good once and for 15 minutes; whoever came in goes out again.",
    "entry.put_off": "The person asks again.",
    "pause.ended": "A new one begins by itself where it is needed.",
    "invitation.made": "It ends by itself after two days.",
    "invitation.accepted": "Somebody who leaves gets a last day.",
    "voice.recorded": "It is recorded again: the new voice takes the place of the old one.",
    "voice.removed": "A voice is somebody's own: taken away, it is gone for good.",
}
