"""Counting the cash box of a place: one kind of note or coin a screen, or one form; nobody adds anything up.

Looking writes nothing: what was counted so far stands in the address, as the digits of a weight do. Cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import pickups, places
from catalog.models import Place
from core import clock, coins, inputs, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from desk import blueprint, box_story, support
from desk.answering import do_once, go, number
from desk.paging import page_of
from orders import drawers
from people.capabilities import Capability
from people.entering import me

MOST_DIGITS = 3
STAFF_LOOKS_AHEAD = timedelta(days=7)
"""The change for a market is put into the box before the day."""

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Part:
    """A sub-task of at most five steps (criterion 5): kinds that lie together in the box."""

    name: str
    kinds: tuple[int, ...]


@blueprint.get("/cassa")
@door(Capability.TAKE_CASH, "scelta")
def choose_box() -> Answer:
    """The places of today's pick-ups; one alone is opened at once."""
    there = places_to_count()
    if len(there) == 1:
        return go(f"/banco/cassa/{there[0].id}")
    shown = page_of(there, all_at_once=support.of(me()).groups_lines)
    return render_template("desk/cash_boxes.html", places=shown)


@blueprint.get("/cassa/<int:place_id>")
@door(Capability.TAKE_CASH, "numero")
def count_box(place_id: int) -> Answer:
    """``ho``: what was counted so far; ``cifre``: the number that is being tapped; ``vista``: what the box was like
    when the counting began."""
    place, seen = _get(place_id), request.args.get("vista", drawers.newest_move(place_id), type=int)
    if support.of(me()).groups_lines:
        return _form(place, _written(request.args), seen)
    so_far, typed = _counted_so_far(), _typed()
    kind = next((kind for kind in coins.IN_USE if kind not in so_far), None)
    if kind is None:
        return _check(place, so_far, seen)
    if "avanti" in request.args and typed is not None:
        return go(_address(place, {**so_far, kind: typed}, seen))
    return _one_kind(place, kind, so_far, seen, typed, nothing_tapped="avanti" in request.args)


@blueprint.post("/cassa/<int:place_id>")
@door(Capability.TAKE_CASH, "numero")
def keep_count(place_id: int) -> Answer:
    """``n-2000`` and so on: how many there are of each. Money that came in meanwhile is said, and nothing is lost."""
    place, by, seen = _get(place_id), me().id, number("vista")
    sent = _written(request.form)
    by_hand = me().is_staff and request.form.get("come") == "mossi"
    try:
        counted = _numbers(sent)
        do_once(lambda: drawers.count(place, counted, by=by, seen=seen, moved_by_hand=by_hand))
    except NotFound:
        raise
    except Refused as refused:
        return _again(place, sent, refused), refused.status
    return go(f"/banco/cassa/{place_id}/contata")


@blueprint.get("/cassa/<int:place_id>/contata")
@door(Capability.TAKE_CASH, "fine")
def box_counted(place_id: int) -> Answer:
    """What was counted; how it differs from what was expected only tutors are told."""
    place, drawer = _get(place_id), drawers.find(place_id)
    if drawer is None:
        return go(f"/banco/cassa/{place_id}")
    newest = undo.newest(drawer)
    return render_template(
        "desk/cash_box_counted.html",
        place=place,
        drawer=drawer,
        counted=drawers.counted_in(newest) if newest else drawer.cents,
        told=box_story.difference(newest) if newest and me().is_staff else "",
        undo=undo.offer(drawer),
    )


@blueprint.get("/incassi/casse")
@door(Capability.SEE_TAKINGS, "tutor")
def boxes() -> str:
    """For tutors: what should lie in each box, who counted it when, and what the difference was."""
    known = drawers.known()
    told, counted = box_story.tell(known), {drawer.place_id for drawer in known}
    return render_template(
        "desk/staff/boxes.html",
        boxes=[(drawer, told[drawer.id]) for drawer in known],
        others=[place for place in places_to_count() if place.id not in counted],
    )


def places_to_count() -> list[Place]:
    """Where somebody hands over today; for the staff also those of the days to come and the boxes that were counted."""
    today = clock.today()
    until = today + STAFF_LOOKS_AHEAD if me().is_staff else today
    found = {each.place_id: each.place for each in pickups.coming(today, until) if each.cancelled_at is None}
    if me().is_staff:
        found |= {drawer.place_id: drawer.place for drawer in drawers.known()}
    return sorted(found.values(), key=lambda place: (place.name, place.id))


def parts() -> list[Part]:
    """All kinds, large to small, as they lie in a box."""
    money = [kind for kind in coins.IN_USE if kind not in coins.NOTES]
    return [
        Part(_("Banconote"), coins.NOTES),
        Part(_("Monete da euro"), tuple(kind for kind in money if kind >= 100)),
        Part(_("Centesimi"), tuple(kind for kind in money if kind < 100)),
    ]


def _get(place_id: int) -> Place:
    """Raises NotFound for a place where this person has no box to count."""
    place = places.find(place_id)
    if place is None or place.id not in {each.id for each in places_to_count()}:
        raise NotFound(_("Qui oggi non c’è una cassa."))
    return place


def _one_kind(
    place: Place, kind: int, so_far: Mapping[int, int], seen: int, typed: int | None, *, nothing_tapped: bool
) -> str:
    part = next(part for part in parts() if kind in part.kinds)
    before = list(so_far.items())
    return render_template(
        "desk/cash_box.html",
        place=place,
        kind=kind,
        part=part,
        now=part.kinds.index(kind) + 1,
        typed=str(typed) if typed is not None else "",
        most=MOST_DIGITS,
        keep={"ho": _said(so_far), "vista": seen},
        nothing_tapped=nothing_tapped,
        none_of_it=_address(place, {**so_far, kind: 0}, seen),
        kind_before=_address(place, dict(before[:-1]), seen, cifre=before[-1][1]) if before else "/banco/consegna",
    )


def _check(place: Place, so_far: Mapping[int, int], seen: int, refused: Refused | None = None) -> str:
    *before, (_kind, number_of_last) = so_far.items()
    return render_template(
        "desk/cash_box_check.html",
        place=place,
        counted=so_far,
        cents=drawers.worth(so_far),
        sent_fields={"vista": seen, **{f"n-{kind}": number_of for kind, number_of in so_far.items()}},
        refused=refused,
        kind_before=_address(place, dict(before), seen, cifre=number_of_last),
        help_from=_address(place, so_far, seen),
    )


def _form(place: Place, sent: Mapping[int, str], seen: int, refused: Refused | None = None) -> str:
    return render_template(
        "desk/cash_box_form.html",
        place=place,
        parts=parts(),
        sent=sent,
        seen=seen,
        refused=refused,
        by_hand=request.values.get("come") == "mossi",
        help_from=_form_address(place, sent, seen),
    )


def _again(place: Place, sent: Mapping[int, str], refused: Refused) -> str:
    """The same numbers; after money has moved they are sure only when somebody looks once more."""
    seen = drawers.newest_move(place.id) if isinstance(refused, Conflict) else number("vista")
    if support.of(me()).groups_lines:
        return _form(place, sent, seen, refused)
    so_far = {kind: inputs.whole_number(text) or 0 for kind, text in sent.items()}
    return _check(place, so_far, seen, refused)


def _numbers(sent: Mapping[int, str]) -> dict[int, int]:
    """An empty field is none of it. Raises Refused for what is no number, and where nothing at all was written."""
    found = {kind: inputs.whole_number(text or "0") for kind, text in sent.items()}
    if not any(sent.values()) or None in found.values():
        raise Refused(_("Scrivi quanti pezzi ci sono, da 0 a %(most)d.", most=drawers.MOST))
    return {kind: number for kind, number in found.items() if number is not None}


def _counted_so_far() -> dict[int, int]:
    """'5000:0,2000:3': each kind in its turn, up to the first that is left out or is no number."""
    said = dict(each.split(":", 1) for each in request.args.get("ho", "").split(",") if ":" in each)
    found: dict[int, int] = {}
    for kind in coins.IN_USE:
        number_of = inputs.whole_number(said.get(str(kind)))
        if number_of is None or number_of > drawers.MOST:
            break
        found[kind] = number_of
    return found


def _typed() -> int | None:
    return inputs.whole_number(request.args.get("cifre", "")[:MOST_DIGITS])


def _said(counted: Mapping[int, int]) -> str:
    return ",".join(f"{kind}:{number_of}" for kind, number_of in counted.items())


def _written(said: Mapping[str, str]) -> dict[int, str]:
    """What stands in the fields of the form, as it was sent or as the address keeps it."""
    return {kind: said.get(f"n-{kind}", "").strip() for kind in coins.IN_USE}


def _form_address(place: Place, sent: Mapping[int, str], seen: int) -> str:
    fields = {f"n-{kind}": text for kind, text in sent.items() if text}
    by_hand = {"come": "mossi"} if request.values.get("come") == "mossi" else {}
    return f"/banco/cassa/{place.id}?" + urlencode({"vista": seen, **fields, **by_hand})


def _address(place: Place, counted: Mapping[int, int], seen: int, **more: int) -> str:
    return f"/banco/cassa/{place.id}?" + urlencode({"ho": _said(counted), "vista": seen, **more}, safe=":,")
