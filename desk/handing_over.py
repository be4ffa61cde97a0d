"""Handing over: find the crate, ask the name, take what is due, give. Looking writes nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, coins, undo
from core.doors import door
from core.errors import Conflict
from core.journal import Entry
from desk import blueprint, support, words
from desk.answering import do_once, get_crate, go, number
from desk.paging import MOST_CHOICES, page_of
from desk.proposing import badge_first, show_question
from orders import finding, handing_over, practising, proposals, releasing
from orders.models import Order
from people.capabilities import Capability
from people.entering import me

PAID = ("order.cash_taken", "order.card_taken")
Answer = Response | str
DEEDS = (*PAID, "order.handed_over", "order.not_collected")
OTHER = "altra"
CARD = "carta"


@blueprint.get("/consegna")
@door(Capability.WORK_AT_DESK, "scelta")
def find_crate() -> Answer:
    """Also for somebody who may not hand over alone: the last screen then asks the tutor (ruling 13)."""
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    may_count = me().can(Capability.TAKE_CASH) and not me().practises  # the box of practice fills itself
    waiting = practising.to_hand_over(me())
    crates = page_of(
        waiting,
        all_at_once=support.of(me()).groups_lines,
        most=MOST_CHOICES - 1 if may_count else MOST_CHOICES,
    )
    return render_template(
        "desk/to_hand_over.html",
        crates=crates,
        today=clock.today(),
        several=len({order.pickup.place_id for order in waiting}) > 1,  # then two of them may have the same number
        may_count=may_count,
    )


@blueprint.get("/consegna/<int:order_id>")
@door(Capability.WORK_AT_DESK, "soldi")
def crate_to_give(order_id: int) -> Answer:
    if elsewhere := badge_first(Capability.HAND_OVER):
        return elsewhere
    order, may_hand_over = _get(order_id), me().can(Capability.HAND_OVER)
    if _is_done(order):
        offer = _offer(order) if may_hand_over else None
        return render_template("desk/handed.html", order=order, undo=offer, is_closed=True, following=_more())
    if question := show_question(order, *proposals.OF_ORDERS):
        return question
    steps = _steps(order)
    step = _clamped(order, steps, request.args.get("passo", ""))
    due = handing_over.cash_due(order)
    may_take_cash = me().can(Capability.TAKE_CASH)
    by_card = step == "cash" and request.args.get("passo") == CARD
    return render_template(
        "desk/card.html" if by_card else f"desk/{step}.html",
        order=order,
        due=due,
        pieces=coins.pieces(max(due, 0)),
        may_take_cash=may_take_cash,
        may_hand_over=may_hand_over,
        paid=_paid_by_asking(order),
        by_card=by_card,
        other=request.args.get("chi") == OTHER and bool(order.collector),
        may_put_away=_is_late(order) and _is_unpaid(order),
        now=steps.index(step) + 1,
        total=len(steps),
        before=steps[steps.index(step) - 1] if step != steps[0] else None,
        after=steps[steps.index(step) + 1] if step != steps[-1] else None,
        undo=_offer(order) if may_take_cash else None,
        is_closed=False,
    )


@blueprint.post("/consegna/<int:order_id>/soldi")
@door(Capability.TAKE_CASH, "soldi")
def take_cash(order_id: int) -> Response:
    return _take(order_id, handing_over.take_cash, lambda money: _("Presi: %(money)s.", money=money))


@blueprint.post("/consegna/<int:order_id>/carta")
@door(Capability.TAKE_CASH, "soldi")
def take_card(order_id: int) -> Response:
    """The exact sum, as the card reader showed it."""
    return _take(order_id, handing_over.take_card, lambda money: _("Pagato con la carta: %(money)s.", money=money))


@blueprint.post("/consegna/<int:order_id>/data")
@door(Capability.HAND_OVER, "fine")
def give(order_id: int) -> Response:
    by = me().id
    collector = finding.get(order_id).collector if request.form.get("chi") == OTHER else None
    do_once(lambda: handing_over.hand_over(order_id, by=by, to=collector))
    return go(f"/banco/consegna/{order_id}")


@blueprint.post("/consegna/<int:order_id>/non-ritirata")
@door(Capability.HAND_OVER, "fine")
def nobody_came(order_id: int) -> Response:
    by = me().id
    do_once(lambda: handing_over.mark_not_collected(order_id, by=by))
    return go(f"/banco/consegna/{order_id}")


def crate_with_money_due(order_id: int) -> Order | None:
    """None when nothing is to be taken any more: whoever was faster has done it."""
    order = _get(order_id)
    return None if _is_done(order) or order.due <= 0 else order


def place_of_money(order: Order) -> tuple[int, int]:
    """Which step of the hand-over taking money is, and how many there are."""
    steps = _steps(order)
    return steps.index("cash") + 1, len(steps)


def _take(order_id: int, verb: Callable[..., object], say: Callable[[str], str]) -> Response:
    """Exactly what the screen showed; then the crate can be given."""
    by, expected = me().id, number("expected")
    if do_once(lambda: verb(order_id, by=by, expected=expected)):
        flash(say(words.money(expected)))
    return go(_address(order_id, "dai"))


def _get(order_id: int) -> Order:
    order = practising.require_here(me(), finding.get(order_id))
    finding.require_standing(order)
    if order.ready_at is None:
        raise Conflict(_("La cassetta non è ancora pronta."))
    if not (_is_done(order) or _was_paid_here(order)):  # who has paid gets the crate, also when noon strikes meanwhile
        get_crate(order_id)
    return order


def _is_done(order: Order) -> bool:
    return order.handed_over_at is not None or order.not_collected_at is not None


def _steps(order: Order) -> list[str]:
    """Names of the screens: all with the whole guide, fewer with less support; money only where money is due."""
    seen = support.of(me())
    asks_two = _is_late(order) and order.collector  # who of two came, and whether nobody did: a screen for each
    steps = [] if seen.groups_lines else ["find", "name"] if seen.shows_steps or asks_two else ["name"]
    return [*steps, *(["cash"] if order.due > 0 or _was_paid_here(order) else []), "give"]


def _is_late(order: Order) -> bool:
    return clock.now() >= order.pickup.to_at


def _clamped(order: Order, steps: list[str], asked: str) -> str:
    """The screen that was asked for, as far as the order allows it; else the first, or giving if it was paid."""
    names = {"trova": "find", "nome": "name", "soldi": "cash", CARD: "cash", "dai": "give"}
    step = names.get(asked, "give" if _was_paid_here(order) else steps[0])
    if step == "give" and order.due > 0 and not _paid_by_asking(order):
        step = "cash"
    if step == "cash" and order.due <= 0:
        step = "give"
    return step if step in steps else steps[0]


def _paid_by_asking(order: Order) -> str:
    """How the citizen has paid, as somebody says who asks the tutor for money and crate at once; empty otherwise."""
    said = {"soldi": "cash", CARD: "card"}.get(request.args.get("pagato", ""), "")
    asks_for_both = not (me().can(Capability.HAND_OVER) or me().can(Capability.TAKE_CASH))
    return said if asks_for_both and order.due > 0 else ""


def _is_unpaid(order: Order) -> bool:
    """Whether the crate may be put away: of what was paid a person decides first."""
    try:
        releasing.require_unpaid(order)
    except Conflict:
        return False
    return True


def _was_paid_here(order: Order) -> bool:
    newest = undo.newest(order)
    return newest is not None and newest.action in PAID


def _offer(order: Order) -> tuple[Entry, str] | None:
    """Here only what was done here is taken back: what came before belongs to preparing."""
    found = undo.offer(order)
    return found if found and found[0].action in DEEDS else None


def _more() -> bool:
    return bool(practising.to_hand_over(me()))


def _address(order_id: int, step: str) -> str:
    other = f"&chi={OTHER}" if request.form.get("chi") == OTHER else ""
    return f"/banco/consegna/{order_id}?passo={step}{other}"
