"""A whole pick-up does not take place, after a look at what happens to its orders and goods and who hears of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import pickups, wording
from catalog.models import PickUp
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, pickup_words, rehearsing
from desk.answering import do_once, go
from desk.staff_pickups import Page, address
from orders import finding, reasons, releasing, rescheduling
from orders.models import Order, OrderLine
from people.capabilities import Capability
from people.entering import me

STILL_THERE, GONE = "torna", "persa"
"""What the form says of the goods that do not keep."""
NO_BREAK = "\u00a0"
SUGGESTED = {"gelo": GONE, "malattia": STILL_THERE, "strada": STILL_THERE}
"""What a prepared reason usually does to them; the tutor decides."""


@dataclass(frozen=True)
class Wish:
    """Why it does not take place, and whether the goods that do not keep are there no more."""

    reason: str
    gone: bool


@blueprint.get("/ritiri/<int:pickup_id>/non-si-fa")
@door(Capability.KEEP_PICKUPS, "tutor")
def ask_call_off(pickup_id: int) -> Page:
    pickup = rehearsing.get_to_come(pickup_id)
    if not request.args or "correggi" in request.args:
        return _call_off_form(pickup)
    try:
        wish = _wish(request.args, pickup_id)
        rehearsing.rehearse(lambda: rescheduling.call_off(pickup_id, wish.reason, gone=wish.gone, by=None))
    except Refused as refused:
        return _call_off_form(pickups.get(pickup_id), refused), refused.status
    return _call_off_review(pickups.get(pickup_id), wish)


@blueprint.post("/ritiri/<int:pickup_id>/non-si-fa")
@door(Capability.KEEP_PICKUPS, "tutor")
def call_off(pickup_id: int) -> Page:
    by = me().id
    try:
        wish = _wish(request.form, pickup_id)

        def deed() -> int:
            return rescheduling.call_off(pickup_id, wish.reason, gone=wish.gone, by=by)

        if do_once(lambda: rehearsing.as_seen(pickup_id, deed)):
            flash(_("Il ritiro non si fa più."))
    except Refused as refused:
        return _call_off_form(pickups.get(pickup_id), refused), refused.status
    return go(address(pickup_id))


def _wish(fields: given.Given, pickup_id: int) -> Wish:
    """What the form wants. Raises Refused, naming the field."""
    reason = rehearsing.reason(fields, reasons.CALLING_OFF)
    if not releasing.perishable(_standing(pickup_id)):
        return Wish(reason, gone=False)  # nobody was asked: what keeps goes back on the shelf
    if fields.get("verdura") not in (STILL_THERE, GONE):
        raise Refused(_("Scegli che cosa succede con il fresco."), field="verdura-1")
    return Wish(reason, fields["verdura"] == GONE)


def _standing(pickup_id: int) -> list[Order]:
    return [order for order in finding.of_pickup(pickup_id) if order.stands]


def _call_off_form(pickup: PickUp, refused: Refused | None = None) -> str:
    kept = request.values
    suggested = SUGGESTED.get(kept.get("motivo", ""), "") if refused else ""
    return render_template(
        "desk/staff/pickup_off.html",
        pickup=pickup,
        kept=kept,
        refused=refused,
        reasons=[*reasons.options(reasons.CALLING_OFF), (reasons.OTHER, _("Altro"))],
        asks_for_goods=bool(releasing.perishable(_standing(pickup.id))),
        goods=_choices(),
        chosen=kept.get("verdura") or suggested,
    )


def _choices() -> list[tuple[str, str, str]]:
    return [
        (
            STILL_THERE,
            _("C'è ancora: torna in vetrina"),
            _("Per esempio se siamo ammalati o se la strada è chiusa."),
        ),
        (GONE, _("Non c'è più"), _("Per esempio dopo il gelo. Non torna in vetrina.")),
    ]


def _call_off_review(pickup: PickUp, wish: Wish) -> str:
    orders = _standing(pickup.id)
    lines = [line for order in orders for line in order.lines]
    return render_template(
        "desk/staff/pickup_off_review.html",
        pickup=pickup,
        reason=reasons.say(wish.reason),
        orders=orders,
        lost=_counted([line for line in lines if wish.gone and line.perishable]),
        back=_counted([line for line in lines if not (wish.gone and line.perishable)]),
        credit=sum(order.settled for order in orders),
        told=rehearsing.told(pickup),
        fields={name: request.args.get(name, "") for name in ("motivo", "parole", "verdura")},
        version=rehearsing.version(pickup),
    )


def _counted(lines: Sequence[OrderLine]) -> str:
    """'Bietole 3 mazzi, Carote 4 chili e 500 grammi', by name; no amount is broken over two lines."""
    sums: Counter[int] = Counter()
    for line in lines:
        sums[line.product_id] += line.quantity
    goods = {line.product_id: line for line in lines}
    named = sorted((wording.name(line), pickup_words.quantity(line, sums[of])) for of, line in goods.items())
    return ", ".join(f"{name} {how_much.replace(' ', NO_BREAK)}" for name, how_much in named)
