"""What happened to a cash box, as tutors read it: who counted it, and calmly how it differed from what was expected."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core import journal
from core.formats import euro
from core.journal import Entry
from desk.order_story import Told
from orders import drawers
from people import staff

MOST = 10


def tell(boxes: Sequence[drawers.Drawer]) -> dict[int, list[Told]]:
    """Box id -> the newest first, a handful of them. Statements do not grow with what happened."""
    entries = journal.entries_of_several(drawers.Drawer.__tablename__, [box.id for box in boxes])
    names = staff.names({entry.person_id for entry in entries if entry.person_id})
    undone = {entry.undoes_id for entry in entries}
    told: dict[int, list[Told]] = {box.id: [] for box in boxes}
    for entry in reversed(entries):
        if len(told[entry.subject_id]) < MOST:
            about = Told(entry.at, _who(entry, names), _words(entry), entry.id in undone)
            told[entry.subject_id].append(about)
    return told


def difference(entry: Entry) -> str:
    """'2,00 € in meno del previsto.' of a count; empty where nothing was expected."""
    more = drawers.difference_in(entry)
    if more is None:
        return ""
    if not more:
        return _("Come previsto.")
    words = _("%(sum)s in più del previsto.") if more > 0 else _("%(sum)s in meno del previsto.")
    return words % {"sum": euro(abs(more))}


def _words(entry: Entry) -> str:
    words = " ".join(filter(None, (what(entry), difference(entry))))
    return _("Tornato indietro. Era: %(words)s", words=words) if entry.is_undo else words


def what(entry: Entry) -> str:
    counted = euro(drawers.counted_in(entry))
    if entry.data["by_hand"]:
        return _("Soldi messi o tolti: adesso %(sum)s.", sum=counted)
    if entry.data["counted_before"] is None:
        return _("Contata per la prima volta: %(sum)s.", sum=counted)
    return _("Contata: %(sum)s.", sum=counted)


def _who(entry: Entry, names: dict[int, str]) -> str:
    return names.get(entry.person_id or 0, _("una persona che non c'è più"))
