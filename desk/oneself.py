"""What everybody chooses for themselves, by tapping their own picture: more guide, larger letters and pictures, voice.

No typing, no tutor to ask, each choice undone in one tap. Less guide is decided together with the tutor (ruling 12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import undo
from core.doors import door
from core.errors import Conflict
from core.journal import Entry
from desk import blueprint, own_thanks
from desk.answering import HOME, do_and_say, go, number
from desk.paging import MOST_CHOICES
from people import staff, staying
from people.capabilities import Capability
from people.entering import me
from people.models import Person

HERE = f"{HOME}/io"
OWN = ("person.changed", "support.changed")
BESIDE = 1  # tiles that are no choice about oneself: the shelves


@dataclass(frozen=True)
class Choice:
    """A tile: its word, its picture, where it is sent to and with which wish."""

    words: str
    icon: str
    action: str
    wish: int
    detail: str = ""


@blueprint.get("/io")
@door(Capability.WORK_AT_DESK, "scelta")
def about_me() -> str | Response:
    """The staff have their own pages for it."""
    if me().is_staff:
        return redirect(HOME)
    thanks = own_thanks.are_there()
    return render_template(
        "desk/oneself.html",
        person=me(),
        choices=_choices(me(), room=MOST_CHOICES - BESIDE - thanks),
        thanks_here=thanks,
        own_undo=_own_last(me()),
    )


@blueprint.post("/io/guida")
@door(Capability.WORK_AT_DESK, "scelta")
def more_guide() -> Response:
    return _do(lambda: _more_guide(me()))


@blueprint.post("/io/lettere")
@door(Capability.WORK_AT_DESK, "scelta")
def letters_as_i_like() -> Response:
    return _do(lambda: _choose("text_size", number("vuole")))


@blueprint.post("/io/figure")
@door(Capability.WORK_AT_DESK, "scelta")
def pictures_as_i_like() -> Response:
    return _do(lambda: _choose("large_pictures", number("vuole") == 1))


@blueprint.post("/io/voce")
@door(Capability.WORK_AT_DESK, "scelta")
def voice_as_i_like() -> Response:
    return _do(lambda: _choose("reads_aloud", number("vuole") == 1))


@blueprint.post("/io/torna-indietro")
@door(Capability.WORK_AT_DESK, "scelta")
def undo_my_choice() -> Response:
    """Only one's own last choice: what a tutor has decided is talked about with the tutor."""
    return _do(lambda: _take_back(me(), number("deed")))


def _do(deed: Callable[[], str]) -> Response:
    if me().is_staff:
        return go(HOME)
    do_and_say(deed, about_me=True)
    return go(HERE)


def _more_guide(person: Person) -> str:
    staff.ask_for_more(person)
    return _("Adesso hai più guida.")


def _choose(column: str, value: int | bool) -> str:
    person = staying.choose(me(), column, value)
    return _now(column, getattr(person, column))


def _take_back(person: Person, expected: int) -> str:
    if _own_last(person) is None:
        raise Conflict(_("Qui non si può più tornare indietro. Chiama il tutor."))
    undo.undo_last(person, expected=expected, by=person.id)
    return _("Tutto è come prima.")


def _own_last(person: Person) -> tuple[Entry, str] | None:
    """What the bar may take back: the newest deed about this person, if it was their own choice."""
    found = undo.offer(person)
    if found is None or found[0].action not in OWN or found[0].person_id != person.id:
        return None
    return found[0], _said(found[0])


def _said(entry: Entry) -> str:
    if entry.action == "support.changed":
        return _("più guida")
    columns = {"text_size": _("le lettere"), "large_pictures": _("le figure"), "reads_aloud": _("la voce")}
    return next((words for column, words in columns.items() if column in entry.data["after"]), _("la scelta"))


def _now(column: str, value: int | bool) -> str:
    return {
        "text_size": _("Adesso le lettere sono grandi.") if value else _("Adesso le lettere sono normali."),
        "large_pictures": _("Adesso le figure sono grandi.") if value else _("Adesso le figure sono normali."),
        "reads_aloud": _("Adesso la voce c’è.") if value else _("Adesso la voce non c’è."),
    }[column]


def _choices(person: Person, *, room: int) -> list[Choice]:
    """Only what changes something: whoever has the whole guide is not offered more of it.

    Words that wait to be read take the place of a choice, until they were read: that of the pictures.
    """
    levels = [person.support_level, *(own.level for own in person.settings)]
    more = [Choice(_("Più guida"), "guide", f"{HERE}/guida", 1)] if min(levels) < max(staff.SUPPORT_LEVELS) else []
    letters, pictures, voice = _letters(person.text_size), _pictures(person.large_pictures), _voice(person.reads_aloud)
    return [*more, letters, *([pictures] if len(more) + 3 <= room else []), voice]


def _letters(size: int) -> Choice:
    if size == max(staying.TEXT_SIZES):
        return Choice(_("Lettere normali"), "letters", f"{HERE}/lettere", 0)
    return Choice(_("Lettere più grandi"), "letters", f"{HERE}/lettere", size + 1)


def _pictures(are_large: bool) -> Choice:
    words = _("Figure normali") if are_large else _("Figure più grandi")
    return Choice(words, "figures", f"{HERE}/figure", int(not are_large))


def _voice(is_on: bool) -> Choice:
    return Choice(_("Senza voce") if is_on else _("Con la voce"), "listen", f"{HERE}/voce", int(not is_on))
