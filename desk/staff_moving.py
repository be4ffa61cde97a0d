"""A whole pick-up goes to another day, hour or stall, after a look at what changes and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import pickups, places
from catalog.models import PickUp, Place
from core import clock
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, rehearsing
from desk.answering import do_once, go
from desk.staff_pickups import Page, address
from orders import reasons, rescheduling
from people.capabilities import Capability
from people.entering import me


@dataclass(frozen=True)
class Facts:
    """When and where: what a citizen has to know."""

    day: date
    from_at: datetime
    to_at: datetime
    cutoff_at: datetime
    place: str
    address: str
    takes_orders: bool


@blueprint.get("/ritiri/<int:pickup_id>/sposta")
@door(Capability.KEEP_PICKUPS, "tutor")
def ask_move(pickup_id: int) -> Page:
    """First the form, then, with its answers in the address, what would happen. Nothing is written."""
    pickup = rehearsing.get_to_come(pickup_id)
    if "giorno" not in request.args or "correggi" in request.args:
        return _move_form(pickup)
    try:
        after = rehearsing.rehearse(lambda: _moved(pickup_id, _wish(request.args)))
    except Refused as refused:
        return _move_form(pickups.get(pickup_id), refused), refused.status
    return _move_review(pickups.get(pickup_id), after)


@blueprint.post("/ritiri/<int:pickup_id>/sposta")
@door(Capability.KEEP_PICKUPS, "tutor")
def move(pickup_id: int) -> Page:
    by = me().id

    def deed() -> int:
        return rescheduling.move(pickup_id, **_wish(request.form), by=by)

    try:
        if do_once(lambda: rehearsing.as_seen(pickup_id, deed)):
            flash(_("Il ritiro è spostato."))
    except Refused as refused:
        return _move_form(pickups.get(pickup_id), refused), refused.status
    return go(address(pickup_id))


def _wish(fields: given.Given) -> dict[str, Any]:
    """What the form wants. Raises Refused, naming the field."""
    return {
        "day": given.day(fields, "giorno"),
        "from_minute": given.minute(fields, "dalle"),
        "to_minute": given.minute(fields, "alle"),
        "place_id": given.number(fields, "posto") if fields.get("posto") else None,
        "reason": rehearsing.reason(fields, reasons.MOVING),
    }


def _moved(pickup_id: int, wish: dict[str, Any]) -> Facts:
    rescheduling.move(pickup_id, **wish, by=None)
    return _facts(pickups.get(pickup_id))


def _facts(pickup: PickUp) -> Facts:
    return Facts(
        pickup.day,
        pickup.from_at,
        pickup.to_at,
        pickup.cutoff_at,
        pickup.place.name,
        pickup.place.address,
        pickup.takes_orders_at(clock.now()),
    )


def _move_form(pickup: PickUp, refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/pickup_move.html",
        pickup=pickup,
        places=[place for place in places.every() if _can_move_to(pickup, place)],
        kept=request.values if "giorno" in request.values else _as_it_is(pickup),
        refused=refused,
        reasons=[*reasons.options(reasons.MOVING), (reasons.OTHER, _("Altro"))],
        today=clock.today(),
    )


def _move_review(pickup: PickUp, after: Facts) -> str:
    return render_template(
        "desk/staff/pickup_move_review.html",
        pickup=pickup,
        now=_facts(pickup),
        after=after,
        told=rehearsing.told(pickup),
        reason=reasons.say(rehearsing.reason(request.args, reasons.MOVING)),
        fields={name: request.args.get(name, "") for name in ("giorno", "dalle", "alle", "posto", "motivo", "parole")},
        version=rehearsing.version(pickup),
    )


def _as_it_is(pickup: PickUp) -> dict[str, str]:
    start, end = (moment.astimezone(clock.ROME).strftime("%H:%M") for moment in (pickup.from_at, pickup.to_at))
    return {"giorno": pickup.day.isoformat(), "dalle": start, "alle": end, "posto": str(pickup.place_id)}


def _can_move_to(pickup: PickUp, place: Place) -> bool:
    """Stalls of the same price; a round stays where it is."""
    if place.id == pickup.place_id:
        return True
    return pickup.place.kind == place.kind == "stall" and place.fee == pickup.place.fee
