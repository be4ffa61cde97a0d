"""A whole pick-up does not take place, after a look at what happens to its orders and who hears of it."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import pickups
from catalog.models import PickUp
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, rehearsing
from desk.answering import do_once, go
from desk.staff_pickups import Page, address, orders_of
from orders import rescheduling
from people.capabilities import Capability
from people.entering import me

OTHER = "altro"


@blueprint.get("/ritiri/<int:pickup_id>/non-si-fa")
@door(Capability.KEEP_PICKUPS, "tutor")
def ask_call_off(pickup_id: int) -> Page:
    pickup = rehearsing.get_to_come(pickup_id)
    if not request.args or "correggi" in request.args:
        return _call_off_form(pickup)
    try:
        reason = _reason(request.args)
        rehearsing.rehearse(lambda: rescheduling.call_off(pickup_id, reason, by=None))
    except Refused as refused:
        return _call_off_form(pickups.get(pickup_id), refused), refused.status
    return _call_off_review(pickups.get(pickup_id), reason)


@blueprint.post("/ritiri/<int:pickup_id>/non-si-fa")
@door(Capability.KEEP_PICKUPS, "tutor")
def call_off(pickup_id: int) -> Page:
    by = me().id
    try:
        reason = _reason(request.form)
        if do_once(lambda: rehearsing.as_seen(pickup_id, lambda: rescheduling.call_off(pickup_id, reason, by=by))):
            flash(_("Il ritiro non si fa più."))
    except Refused as refused:
        return _call_off_form(pickups.get(pickup_id), refused), refused.status
    return go(address(pickup_id))


def _reason(fields: given.Given) -> str:
    """A phrase that is ready, or own words. Raises Refused."""
    phrase = fields.get("motivo", "")
    if phrase == OTHER:
        return rehearsing.own_words(fields, "parole")
    found = reasons().get(phrase)
    if found is None:
        raise Refused(_("Scegli perché."), field="motivo-1")
    return found


def reasons() -> dict[str, str]:
    """Phrases as citizens read them in the letter."""
    return {
        "gelo": _("Il gelo ha rovinato la verdura."),
        "malattia": _("Siamo ammalati e non riusciamo a preparare le cassette."),
        "strada": _("La strada è chiusa e non possiamo arrivare."),
    }


def _call_off_form(pickup: PickUp, refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/pickup_off.html",
        pickup=pickup,
        kept=request.values,
        refused=refused,
        reasons=[*reasons().items(), (OTHER, _("Altro"))],
        other=OTHER,
    )


def _call_off_review(pickup: PickUp, reason: str) -> str:
    orders = [order for order in orders_of(pickup.id) if order.stands]
    return render_template(
        "desk/staff/pickup_off_review.html",
        pickup=pickup,
        reason=reason,
        orders=orders,
        credit=sum(order.settled for order in orders),
        told=rehearsing.told(pickup),
        fields={name: request.args.get(name, "") for name in ("motivo", "parole")},
        version=rehearsing.version(pickup),
    )
