"""The diary: what happened, day by day and thing by thing, the newest first; and the way back where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import calendar, products
from core import clock, diary, inputs, undo
from core.clock import ROME
from core.diary import Ref
from core.doors import door
from core.errors import Conflict, NotAllowed, NotFound, Refused
from core.journal import Entry
from desk import blueprint, diary_words, keeping, order_story, undoing
from desk.answering import do_and_say, go, number
from desk.diary_words import Scene, Thing
from orders import departures
from people import staff, staying
from people.capabilities import Capability
from people.entering import me
from training.words import time

HERE = "/banco/diario"
ON_A_PAGE = 60
CITIZEN = order_story.BY_CITIZEN

Page = str | tuple[str, int] | Response

KEEPERS = {
    "order": Capability.KEEP_ORDERS,
    "outbox": Capability.KEEP_ORDERS,
    "withdrawal": Capability.KEEP_ORDERS,
    "thanks": Capability.KEEP_ORDERS,
    "pickup": Capability.KEEP_PICKUPS,
    "pickup_rule": Capability.KEEP_PICKUPS,
    "closed_week": Capability.KEEP_PICKUPS,
    "product": Capability.KEEP_STOCK,
    "field": Capability.KEEP_CATALOG,
    "place": Capability.KEEP_CATALOG,
    "container": Capability.KEEP_CATALOG,
    "vat_rate": Capability.KEEP_CATALOG,
    "text": Capability.KEEP_TEXTS,
    "seller": Capability.KEEP_TEXTS,
    "device": Capability.ENROL_DEVICE,
    "person": Capability.GRANT,
    "drawer": Capability.TAKE_CASH,
}
"""Who may take back what was done to a thing, unless its deed has a door of its own."""


@dataclass(frozen=True)
class Told:
    entry: Entry
    who: str
    words: str
    is_undone: bool


@dataclass(frozen=True)
class Group:
    """One thing and what happened to it on one day; ``back`` is the deed that can be taken back."""

    thing: Thing
    told: Sequence[Told]
    ref: Ref
    back: Entry | None

    @property
    def back_words(self) -> str:
        return next(each.words for each in self.told if each.entry is self.back)


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    kind: str
    who: int | None
    day: date | None
    before: int | None

    def without_page(self) -> dict[str, Any]:
        given = {"che": self.kind, "chi": self.who, "giorno": self.day.isoformat() if self.day else None}
        return {name: value for name, value in given.items() if value}


@blueprint.get("/diario")
@door(Capability.KEEP_ORDERS, "tutor")
def diary_page() -> str:
    return _page()


@blueprint.post("/diario/torna-indietro")
@door(Capability.KEEP_ORDERS, "tutor")
def undo_in_diary() -> Page:
    """The newest deed on one thing, for whoever has the door of that deed; the verb looks at everything again."""
    ref = (request.form.get("cosa", ""), number("numero"))
    subject = diary.find(ref)
    if subject is None:
        raise NotFound(_("Questa pagina non c'è."))
    _require_door(ref, undo.newest(subject), subject)
    try:
        do_and_say(lambda: _take_back(ref, subject))
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused), refused.status
    return go(HERE)


def _take_back(ref: Ref, subject: Any) -> str:
    what = undo.undo_last(subject, expected=number("deed"), by=me().id)
    if ref[0] in ("pickup_rule", "closed_week"):
        flash(_("I ritiri che ora mancano tornano in calendario da soli."))
        calendar.plan()
    return _("Tornato indietro: %(what)s.", what=what)


def _require_door(ref: Ref, deed: Entry | None, subject: Any) -> None:
    if deed is None:
        raise Conflict(_("Qui non si può più tornare indietro. Si rimedia con un passo nuovo."))
    if not me().can(_door_of(ref, deed, subject)):
        raise NotAllowed(_("Questo lo fa un'altra persona. Parlane con chi coordina."))


def _door_of(ref: Ref, deed: Entry, thing: Any) -> Capability:
    """That of the form which does it: who of the staff works here is for whoever coordinates."""
    if deed.action in ("person.left", "person.returned") and thing.is_staff:
        return Capability.INVITE
    own = undoing.DOORS.get(deed.action) or keeping.DOORS.get(deed.action)
    return own or KEEPERS.get(ref[0], Capability.INVITE)


def _page(refused: Refused | None = None) -> str:
    asked = _asked()
    entries = diary.page(
        before=_before(asked),
        most=ON_A_PAGE + 1,
        actions=diary_words.actions_of(asked.kind) if asked.kind else (),
        but=diary_words.QUIET,
        person_id=asked.who,
    )
    shown = entries[:ON_A_PAGE]
    return render_template(
        "desk/staff/diary.html",
        days=_days(shown),
        asked=asked,
        more=shown[-1].id if len(entries) > ON_A_PAGE else None,
        kinds=diary_words.kinds(),
        colleagues=staying.of_the_staff(),
        today=clock.today(),
        time=time,
        message=refused.sentence if refused else "",
    )


def _asked() -> Asked:
    given = request.args
    kind = given.get("che", "")
    who = inputs.whole_number(given.get("chi"))
    return Asked(
        kind=kind if kind in diary_words.KINDS else "",
        who=who if who in {person.id for person in staying.of_the_staff()} else None,
        day=_day(given.get("giorno", "")),
        before=inputs.whole_number(given.get("prima")),
    )


def _day(raw: str) -> date | None:
    """What is no day asks for none."""
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _before(asked: Asked) -> int | None:
    """A page of its own goes on from an entry; a day begins at its end."""
    if asked.before is not None or asked.day is None or asked.day >= clock.today():
        return asked.before
    return diary.first_since(clock.rome(asked.day + timedelta(days=1), 0))


def _days(entries: Sequence[Entry]) -> list[tuple[date, list[Group]]]:
    """By day, and within a day by thing: the one that something happened to last comes first.

    Where somebody has moved the clock, as in the demo, a day is told where its last deed stands.
    """
    scene, may = _scene(entries), _takeable(entries)
    undone = {entry.undoes_id for entry in entries}
    days: dict[date, dict[Ref, list[Entry]]] = {}
    for entry in entries:
        of_day = days.setdefault(entry.at.astimezone(ROME).date(), {})
        of_day.setdefault((entry.subject_type, entry.subject_id), []).append(entry)
    return [
        (day, [_group(ref, some, scene, may, undone) for ref, some in things.items()]) for day, things in days.items()
    ]


def _group(
    ref: Ref, entries: Sequence[Entry], scene: Scene, may: Mapping[Ref, Entry], undone: set[int | None]
) -> Group:
    told = [Told(each, _who(each, scene), diary_words.say(each, scene), each.id in undone) for each in entries]
    back, thing = may.get(ref), scene.things.get(ref)
    is_here = back is not None and any(each is back for each in entries) and me().can(_door_of(ref, back, thing))
    return Group(_for_me(diary_words.thing(ref, thing, scene)), told, ref, back if is_here else None)


def _for_me(thing: Thing) -> Thing:
    """Without a way to where this person may not go."""
    return thing if thing.door is None or me().can(thing.door) else Thing(thing.name)


def _takeable(entries: Sequence[Entry]) -> dict[Ref, Entry]:
    groups: dict[Ref, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.subject_type, entry.subject_id), []).append(entry)
    return diary.takeable(groups)


def _scene(entries: Sequence[Entry]) -> Scene:
    """Everything that the words need: a fixed number of looks, however many entries."""
    things = diary.things(entries)
    orders = [row.id for (table, _id), row in things.items() if table == "order"]
    changes = diary.of_several("order", orders, order_story.CHANGED)
    return Scene(
        things=things | _around(things),
        names=staff.names(set(_people(entries))),
        goods=products.by_ids(sorted(set(_goods([*entries, *(each for some in changes.values() for each in some)])))),
        changes=changes,
    )


def _around(things: Mapping[Ref, Any]) -> dict[Ref, Any]:
    """What things name: the orders of letters, what a question to the tutor is about."""
    letters = [row for (table, _id), row in things.items() if table == "outbox"]
    asked = [(row.subject_type, row.subject_id) for (table, _id), row in things.items() if table == "proposal"]
    found: dict[Ref, Any] = {("order", order.id): order for order in departures.orders_of(letters).values()}
    return found | diary.rows(asked)


def _people(entries: Sequence[Entry]) -> Iterator[int]:
    for entry in entries:
        yield from (entry.person_id,) if entry.person_id else ()
        yield from (entry.data[name] for name in ("to", "person") if isinstance(entry.data.get(name), int))


def _goods(entries: Sequence[Entry]) -> Iterator[int]:
    for entry in entries:
        if isinstance(entry.data.get("product"), int):
            yield entry.data["product"]
        yield from order_story.goods_before(entry)


def _who(entry: Entry, scene: Scene) -> str:
    if entry.person_id:
        return scene.name(entry.person_id)
    return _("chi ha ordinato") if entry.action in CITIZEN else _("in automatico")
