"""What is left when a pick-up's crates wait no longer, in one place for the staff: nobody came, or we did not do it.

Co-residents' lists do not show these crates any more (docs/decisions/0010). Here each is settled, one deed for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from catalog.models import PickUp
from core import clock, inputs, undo
from core.doors import door
from core.errors import Conflict, NotFound, Refused
from core.formats import moment
from desk import blueprint, order_words
from desk.answering import do_and_say, do_once, go, number
from desk.staff_orders import get_real, is_paid
from desk.staff_pickups import wait_of_letters
from desk.undoing import DOORS
from orders import cancelling, finding, handing_over, reasons, releasing, terms
from orders.models import Order
from people import entering
from people.capabilities import Capability
from people.entering import me
from training import frame

Answer = Response | str | tuple[str, int]
HERE = "/banco/rimaste"
MOST = 60  # on one page; what comes after them shows when they are settled
STILL_THERE, GONE = "torna", "persa"
"""What the form says of the goods that do not keep, as where a whole pick-up is called off."""


@dataclass(frozen=True)
class Left:
    """What is left of one pick-up, by crate. ``together``: those that one tap marks, ready and not paid."""

    pickup: PickUp
    orders: Sequence[Order]

    @property
    def together(self) -> list[Order]:
        return [order for order in self.orders if order.ready_at is not None and not is_paid(order)]


@blueprint.get("/rimaste")
@door(Capability.KEEP_ORDERS, "tutor")
def left_over() -> str:
    return _page()


@blueprint.post("/rimaste/non-ritirate")
@door(Capability.KEEP_ORDERS, "tutor")
def note_left_over_not_collected() -> Answer:
    """One crate, or those of a pick-up that the page named: all of them or none, and each has its own way back."""
    by = me().id

    def deed() -> str:
        marked = handing_over.mark_all_not_collected(_named(), by=by)
        if any(order.practice for order in marked):
            raise NotFound(_("Questo ordine non c'è."))
        if len(marked) == 1:
            return _("%(name)s: segnato, non è venuto nessuno.", name=marked[0].customer)
        return ngettext(
            "Segnata %(num)s cassetta: non è venuto nessuno.",
            "Segnate %(num)s cassette: non è venuto nessuno.",
            len(marked),
        )

    return _do(deed)


@blueprint.post("/rimaste/<int:order_id>/torna-indietro")
@door(Capability.KEEP_ORDERS, "tutor")
def undo_left_over(order_id: int) -> Answer:
    """Takes back that nobody came, and nothing else: other deeds are taken back on the order's page."""
    found, expected, by = get_real(order_id), number("deed"), me().id
    elsewhere = entering.keep_door(DOORS[finding.NOT_COLLECTED])
    if elsewhere is not None:
        return elsewhere

    def deed() -> str:
        newest = undo.newest(found)
        if newest is None or (newest.id, newest.action) != (expected, finding.NOT_COLLECTED):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        undo.undo_last(found, expected=expected, by=by)
        return _("%(name)s: tornato indietro, la cassetta aspetta ancora.", name=found.customer)

    return _do(deed)


@blueprint.get("/rimaste/<int:order_id>/non-preparata")
@door(Capability.KEEP_ORDERS, "tutor")
def ask_before_owning_up(order_id: int) -> str:
    return _sorry_page(get_real(order_id))


@blueprint.post("/rimaste/<int:order_id>/non-preparata")
@door(Capability.KEEP_ORDERS, "tutor")
def own_up_to_order(order_id: int) -> Answer:
    """We did not prepare it. The letter leaves at once and nothing brings the order back: the page before says so."""
    found, by = get_real(order_id), me().id
    try:
        _require_possible(found)
        gone = _is_gone(found)
        if do_once(lambda: cancelling.own_up(order_id, by=by, gone=gone)):
            flash(_("%(name)s: l'ordine è disdetto, con le nostre scuse.", name=found.customer))
    except Refused as refused:
        return _sorry_page(finding.get(order_id), refused), refused.status
    return go(HERE)


def _do(deed: Callable[[], str]) -> Answer:
    """One deed, once; what it says stands on the page."""
    try:
        do_and_say(deed)
    except NotFound:
        raise
    except Refused as refused:
        return _page(refused), refused.status
    return go(HERE)


def _named() -> list[int]:
    """The crates that the form names, by order. Raises Refused for none, or for more than one page has."""
    ids = [inputs.whole_number(each) for each in request.form.get("ordini", "").split(",")]
    if None in ids or len(ids) > MOST:
        raise Refused(_("Scegli di nuovo le cassette."))
    return [order_id for order_id in ids if order_id is not None]


def _is_gone(found: Order) -> bool:
    """What the form says of the goods that do not keep; nobody is asked where all of them do."""
    if not releasing.perishable([found]):
        return False
    if request.form.get("verdura") not in (STILL_THERE, GONE):
        raise Refused(_("Scegli che cosa succede con il fresco."), field="verdura-1")
    return request.form["verdura"] == GONE


def _page(refused: Refused | None = None) -> str:
    found = finding.left_over(most=MOST)
    return render_template(
        "desk/staff/left_over.html",
        left=_by_pickup(found),
        more=max(0, frame.left_over() - len(found)),
        put_away=finding.put_away_since(clock.now() - wait_of_letters()),
        wait=wait_of_letters(),
        tomorrow=moment(terms.end_of_keeping(clock.today())),
        message=refused.sentence if refused else "",
        state=state,
        is_paid=is_paid,
        say=order_words,
    )


def _by_pickup(orders: Sequence[Order]) -> list[Left]:
    groups = [list(some) for _id, some in groupby(orders, key=lambda order: order.pickup_id)]
    return [Left(some[0].pickup, some) for some in groups]


def state(order: Order) -> str:
    """How far it came, in a few words."""
    if order.ready_at is not None:
        return _("pronta")
    done, all_lines = sum(line.is_prepared for line in order.lines), len(order.lines)
    if not done:
        return _("mai preparata")
    if done == all_lines:
        return _("piena, ma mai chiusa")
    return _("preparata in parte: %(done)s su %(all)s", done=done, all=all_lines)


def _sorry_page(found: Order, refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/left_over_sorry.html",
        order=found,
        why_not=_why_not(found),
        message=refused.sentence if refused else "",
        field=refused.details.get("field", "") if refused else "",
        asks_for_goods=bool(releasing.perishable([found])),
        goods=_choices(),
        chosen=request.form.get("verdura", ""),
        state=state(found),
        phrase=reasons.say(reasons.key(cancelling.NOT_PREPARED)),
        here=HERE,
    )


def _choices() -> list[tuple[str, str, str]]:
    return [
        (GONE, _("Non c'è più"), _("Non torna in vetrina. Quello che si conserva sì.")),
        (STILL_THERE, _("C'è ancora: torna in vetrina"), _("Per esempio se è rimasta nel campo.")),
    ]


def _require_possible(found: Order) -> None:
    why_not = _why_not(found)
    if why_not and found.stands:  # what is called off already stays so: that is no refusal
        raise Conflict(why_not)


def _why_not(found: Order) -> str:
    """In words for the staff; the verb decides again."""
    if not found.stands:
        return _("Questo ordine è già disdetto.")
    if found.ready_at is not None:
        return _("Questa cassetta è pronta: non c'è da scusarsi.")
    if finding.is_kept(found):
        return _("C'è ancora tempo: questa cassetta si può preparare.")
    return _("È già pagato: prima torna indietro con i soldi.") if is_paid(found) else ""
