"""What the staff do to an order from its own page: call it off, who collects, how many crates, nobody came, undo."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from catalog import wording
from core import inputs, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from desk import blueprint
from desk.answering import do_and_say, do_once, go, number
from desk.staff_orders import address, get_real, is_paid, show
from desk.undoing import DOORS
from orders import cancelling, changing, finding, handing_over, preparing, reasons, receipts
from orders.models import Order
from people import entering
from people.capabilities import Capability
from people.entering import me

Answer = Response | str | tuple[str, int]


@blueprint.get("/ordini/<int:order_id>/disdici")
@door(Capability.KEEP_ORDERS, "tutor")
def ask_before_cancelling(order_id: int) -> str:
    return _cancel_page(get_real(order_id))


@blueprint.post("/ordini/<int:order_id>/disdici")
@door(Capability.KEEP_ORDERS, "tutor")
def cancel_order(order_id: int) -> Answer:
    """The letter leaves at once and nothing brings the order back: the page before says so."""
    found, by = get_real(order_id), me().id
    try:
        _require_possible(found)
        why = _reason()
        if do_once(lambda: cancelling.cancel(order_id, by=by, why=why, as_staff=True)):
            flash(_("L'ordine %(number)s è disdetto.", number=found.number))
    except Refused as refused:
        return _cancel_page(finding.get(order_id), refused), refused.status
    return go(address(order_id))


@blueprint.post("/ordini/<int:order_id>/ritira")
@door(Capability.KEEP_ORDERS, "tutor")
def change_collector_of_order(order_id: int) -> Answer:
    name, by = request.form.get("ritira", ""), me().id

    def deed() -> str:
        found = changing.set_collector(order_id, name, by=by)
        if not found.collector:
            return _("Apre chi ha ordinato.") if found.pickup.place.kind == "round" else _("Ritira chi ha ordinato.")
        return wording.who_else_named(found.pickup.place, found.collector)

    return _do(order_id, deed, form="ritira")


@blueprint.post("/ordini/<int:order_id>/cassette")
@door(Capability.KEEP_ORDERS, "tutor")
def count_crates_of_order(order_id: int) -> Answer:
    how_many, by = number("cassette"), me().id

    def deed() -> str:
        crates = preparing.set_crates(order_id, how_many, by=by).crates
        return ngettext("Adesso è %(num)s cassetta.", "Adesso sono %(num)s cassette.", crates)

    return _do(order_id, deed, form="cassette")


@blueprint.post("/ordini/<int:order_id>/scontrino")
@door(Capability.KEEP_ORDERS, "tutor")
@inputs.reads_raw
def note_receipt_of_order(order_id: int) -> Answer:
    """The number of the fiscal document, written beside the money that it was made for."""
    payment_id, by = number("pagamento"), me().id
    typed = request.form.get("scontrino", "")

    def deed() -> str:
        receipts.note_document(order_id, payment_id, typed, by=by)
        return _("Numero dello scontrino salvato.") if typed.strip() else _("Numero dello scontrino tolto.")

    return _do(order_id, deed, form=f"scontrino-{payment_id}")


@blueprint.post("/ordini/<int:order_id>/non-ritirato")
@door(Capability.KEEP_ORDERS, "tutor")
def note_order_not_collected(order_id: int) -> Answer:
    by = me().id

    def deed() -> str:
        handing_over.mark_not_collected(order_id, by=by)
        return _("Segnato: non è venuto nessuno.")

    return _do(order_id, deed, form="consegna")


@blueprint.post("/ordini/<int:order_id>/aspetta")
@door(Capability.KEEP_ORDERS, "tutor")
def expect_order_again(order_id: int) -> Answer:
    by = me().id

    def deed() -> str:
        handing_over.expect_again(order_id, by=by)
        return _("La cassetta aspetta di nuovo.")

    return _do(order_id, deed, form="consegna")


@blueprint.post("/ordini/<int:order_id>/torna-indietro")
@door(Capability.KEEP_ORDERS, "tutor")
def undo_on_order(order_id: int) -> Answer:
    found, expected, by = get_real(order_id), number("deed"), me().id
    deed = undo.newest(found)
    elsewhere = entering.keep_door(DOORS.get(deed.action if deed else "", Capability.KEEP_ORDERS))
    if elsewhere is not None:
        return elsewhere
    return _do(
        order_id,
        lambda: _("Tornato indietro: %(what)s.", what=undo.undo_last(found, expected=expected, by=by)),
        form="torna-indietro",
    )


def _do(order_id: int, deed: Callable[[], str], *, form: str) -> Answer:
    """One deed, once; what it says stands on the order's page. A refusal keeps what was written."""
    get_real(order_id)
    try:
        do_and_say(deed)
    except NotFound:
        raise
    except Refused as refused:
        return show(order_id, refused, form=form), refused.status
    return go(address(order_id))


def _reason() -> str:
    """A prepared phrase, by its key, or own words. Raises Refused."""
    chosen = request.form.get("motivo", "")
    if chosen in reasons.CANCELLING:
        return reasons.key(chosen)
    if chosen != reasons.OTHER:
        raise Refused(_("Scegli un motivo."), field="motivo")
    try:
        return reasons.own(request.form.get("parole", ""), missing=_("Scrivi il motivo."))
    except Refused as refused:
        raise Refused(refused.sentence, field="parole") from None


def _cancel_page(found: Order, refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/order_cancel.html",
        order=found,
        reasons=[*reasons.options(reasons.CANCELLING), (reasons.OTHER, _("Altro: lo scrivo qui sotto"))],
        why_not=_why_not(found),
        field=refused.details.get("field", "") if refused else "",
        message=refused.sentence if refused else "",
        kept=request.form,
        longest=reasons.LONGEST,
    )


def _require_possible(found: Order) -> None:
    why_not = _why_not(found)
    if why_not and found.stands:  # what is called off already stays so: that is no refusal
        raise Conflict(why_not)


def _why_not(found: Order) -> str:
    """In words for the staff; the verb decides again."""
    if not found.stands:
        return _("Questo ordine è già disdetto.")
    if found.handed_over_at or found.not_collected_at:
        return _("Questa cassetta non si può più disdire.")
    return _("È già pagato: prima torna indietro con i soldi.") if is_paid(found) else ""
