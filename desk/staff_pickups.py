"""The weekly round for the staff: the pick-ups of the coming weeks, and each of them with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import current_app, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import calendar, pickups, places, standing, wording
from catalog.models import PickUp, Place
from core import clock, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.journal import Entry
from desk import blueprint, given, pickup_story, pickup_words
from desk.answering import do_once, go
from desk.answering import number as number_of
from orders import finding, harvesting, waiting
from orders.models import Order
from people.capabilities import Capability
from people.entering import me

Page = str | tuple[str, int] | Response
FARTHEST = 3653  # days that one may look back or ahead
WEEKS = 4  # on one page
WITH_LETTERS = {"pickup.moved": "names", "pickup.called_off": "orders"}
"""Deeds that write to citizens, and where their entry keeps which orders it was about."""


@dataclass(frozen=True)
class Week:
    """``closed``: why the farm rests in it, None when it works."""

    monday: date
    closed: str | None
    days: Sequence[tuple[date, Sequence[PickUp]]]


@dataclass(frozen=True)
class Undo:
    """What can be taken back, how many letters wait for it, and when they leave."""

    entry: Entry
    words: str
    letters: int
    leaves_at: datetime


@blueprint.get("/ritiri")
@door(Capability.KEEP_PICKUPS, "tutor")
def coming_pickups() -> str:
    """From today on; with ``dal`` from the Monday of that day on."""
    asked = _asked_day()
    monday = standing.monday_of(asked or clock.today())
    return render_template(
        "desk/staff/pickups.html",
        weeks=_weeks(monday, from_day=monday if asked else clock.today()),
        earlier=monday - timedelta(weeks=WEEKS),
        later=monday + timedelta(weeks=WEEKS),
        is_now=asked is None,
        say=pickup_words,
    )


@blueprint.get("/ritiri/<int:pickup_id>")
@door(Capability.KEEP_PICKUPS, "tutor")
def one_pickup(pickup_id: int) -> str:
    return show(pickup_id)


@blueprint.post("/ritiri/<int:pickup_id>/posti")
@door(Capability.KEEP_PICKUPS, "tutor")
def set_capacity(pickup_id: int) -> Page:
    by = me().id
    try:
        capacity = given.number(request.form, "posti")
        if do_once(lambda: _set_capacity(pickup_id, capacity, by)):
            flash(_("Adesso i posti sono %(num)s.", num=capacity))
    except Refused as refused:
        return show(pickup_id, refused, form="places"), refused.status
    return go(address(pickup_id))


@blueprint.post("/ritiri/<int:pickup_id>/torna-indietro")
@door(Capability.KEEP_PICKUPS, "tutor")
def undo_pickup(pickup_id: int) -> Page:
    """The last deed on this pick-up is taken back, if it is still the one that the page named."""
    by, said = me().id, list[str]()
    pickup = pickups.get(pickup_id)

    def deed() -> None:
        if not _is_in_time(undo.newest(pickup), pickup):
            raise Conflict(_("Qui non si può più tornare indietro."))
        said.append(undo.undo_last(pickup, expected=number_of("deed"), by=by))

    try:
        do_once(deed)
    except Refused as refused:
        return show(pickup_id, refused, form="undo"), refused.status
    for what in said:
        flash(_("Tolto: %(what)s.", what=what))
    return go(address(pickup_id))


def show(pickup_id: int, refused: Refused | None = None, *, form: str = "") -> str:
    """The page of one pick-up; ``form`` is the one that was refused, and what was written in it stays."""
    pickup = pickups.get(pickup_id)
    orders, is_over = finding.of_pickup(pickup_id), pickup_words.is_over(pickup)
    newest = undo.newest(pickup)
    back = _undo(newest, pickup, orders)
    return render_template(
        "desk/staff/pickup.html",
        pickup=pickup,
        orders=orders,
        standing=[order for order in orders if order.stands],
        is_over=is_over,
        short=harvesting.short(pickup_id),
        back=back,
        have_left=newest is not None and newest.action in WITH_LETTERS and not back and not is_over,
        told=pickup_story.story(pickup),
        papers=_papers(pickup),
        waiting=waiting.how_many(pickup_id),
        refused=refused,
        refused_form=form,
        kept=request.form,
        say=pickup_words,
        wording=wording,
    )


def address(pickup_id: int) -> str:
    return f"/banco/ritiri/{pickup_id}"


def wait_of_letters() -> timedelta:
    """How long what follows a deed of the staff waits, so that undo can win (ruling 8)."""
    return timedelta(minutes=current_app.config["SETTINGS"].undo_minutes)


def place_given(given_fields: given.Given) -> Place:
    """The place that was chosen in a form. Raises Refused."""
    found = places.find(given.number(given_fields, "posto")) if given_fields.get("posto") else None
    if found is None:
        raise Refused(_("Scegli un posto."), field="posto")
    return found


def _asked_day() -> date | None:
    if "dal" not in request.args:
        return None
    try:
        asked = given.day(request.args, "dal")
    except Refused:
        asked = None
    if asked is None or abs((asked - clock.today()).days) > FARTHEST:
        raise NotFound(_("Questa settimana non c'è."))
    return asked


def _weeks(monday: date, *, from_day: date) -> list[Week]:
    closed = calendar.closed_weeks()
    found = {
        day: list(some)
        for day, some in groupby(
            pickups.coming(from_day, monday + timedelta(days=7 * WEEKS - 1)), lambda each: each.day
        )
    }
    return [
        Week(start, pickup_words.closed_reason(closed, start), _days(found, start))
        for start in (monday + timedelta(weeks=n) for n in range(WEEKS))
    ]


def _days(found: dict[date, list[PickUp]], monday: date) -> list[tuple[date, list[PickUp]]]:
    return [(day, some) for day, some in found.items() if monday <= day < monday + timedelta(days=7)]


def _set_capacity(pickup_id: int, capacity: int, by: int) -> None:
    if pickups.lock(pickup_id).capacity != number_of("visti"):
        raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
    pickups.set_capacity(pickup_id, capacity, by=by)


def _undo(newest: Entry | None, pickup: PickUp, orders: Sequence[Order]) -> Undo | None:
    found = undo.offer(pickup) if _is_in_time(newest, pickup) else None
    if found is None:
        return None
    entry, what = found
    about = {int(order_id) for order_id in entry.data.get(WITH_LETTERS.get(entry.action, ""), ())}
    letters = sum(1 for order in orders if order.id in about and order.email and not order.practice)
    return Undo(entry, what, letters, entry.at + wait_of_letters())


def _is_in_time(newest: Entry | None, pickup: PickUp) -> bool:
    """Until the pick-up is over, or while letters would still wait: later its orders would come back for nothing."""
    return newest is not None and clock.now() < max(pickup.to_at, newest.at + wait_of_letters())


def _papers(pickup: PickUp) -> list[tuple[str, str, str]]:
    """(kind, name, what for) of what can be printed now; numbers are on crates only when nobody orders any more."""
    numbered = pickup.closed_at is not None
    there = {
        "harvest": True,
        "crates": numbered,
        "round": numbered and pickup.place.kind == "round",
        "labels": numbered,
    }
    if pickup.cancelled_at is not None:
        return []
    return [(kind, *words_of) for kind, words_of in pickup_words.papers().items() if there[kind]]
