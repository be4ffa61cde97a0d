"""Orders for the staff: those of one pick-up, what somebody on the phone asks for, and everything about one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response as FileResponse
from flask import render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from catalog import pickups, wording
from catalog.models import PickUp
from core import clock, inputs, outbox, undo
from core.doors import door
from core.errors import NotFound, Refused
from core.journal import Entry
from core.money import vat_rows
from desk import blueprint, order_bill, order_story, order_words, pickup_words
from orders import (
    changing,
    documents,
    finding,
    giving_back,
    handing_over,
    invoicing,
    paying,
    preparing,
    receipts,
    searching,
    vat,
    withdrawing,
)
from orders.models import Order, Status
from people import staff
from people.capabilities import Capability
from people.entering import me

ON_A_PAGE = 50
MOST_FOUND = 30
LONGEST_SEARCH = 100
AROUND = timedelta(weeks=2)


@blueprint.get("/ordini")
@door(Capability.KEEP_ORDERS, "tutor")
def orders() -> str:
    """Those of one pick-up: ``ritiro``, or the nearest that has any. With ``cerca``: those that somebody looks for."""
    said = inputs.one_line(request.args.get("cerca"))[:LONGEST_SEARCH]
    return _found(said) if said else _of_pickup()


@blueprint.get("/ordini/<int:order_id>")
@door(Capability.KEEP_ORDERS, "tutor")
def one_order(order_id: int) -> str:
    return show(order_id)


@blueprint.get("/ordini/<int:order_id>/riepilogo.pdf")
@door(Capability.KEEP_ORDERS, "paper")
def print_order_summary(order_id: int) -> FileResponse:
    """In the language of whoever ordered."""
    found = get_real(order_id)
    with force_locale(found.language):
        pdf = documents.order_summary(found)
    headers = {"Content-Disposition": f'inline; filename="ordine-{found.number}.pdf"'}
    return FileResponse(pdf, mimetype="application/pdf", headers=headers)


def show(order_id: int, refused: Refused | None = None, *, form: str = "") -> str:
    """The page of one order; ``form`` is the one that was refused, and what was written in it stays."""
    found = get_real(order_id)
    names = staff.names({entry.by_id for entry in (*found.payments, *found.refunds) if entry.by_id})
    newest = undo.newest(found)
    return render_template(
        "desk/staff/order.html",
        order=found,
        told=order_story.tell(found),
        is_late=found.id in finding.late([found]),
        undo=undo.offer(found) if found.stands and not _is_over(newest) else None,
        is_over=_is_over(newest),
        is_closed=_letter_has_left(newest),
        invoice=invoicing.find(found.id),
        letters=finding.letters_of(found),
        withdrawals=withdrawing.of_order(found),
        credit=paying.credit_of(found),
        not_collected=finding.times_not_collected(found),
        bill=order_bill.rows(found, names),
        taken_back=order_bill.taken_back(found, names),
        lines={line.id: wording.name(line) for line in found.lines},
        may=_may(found),
        cash_note=order_bill.cash_note(found),
        vat=vat.rows(found) if found.is_owed else [],
        vat_left=vat_rows(vat.remaining_by_rate(found)) if found.refunded else [],
        message=refused.sentence if refused else "",
        form=form,
        kept=request.form,
        most_crates=preparing.MOST_CRATES,
        longest_number=receipts.LONGEST,
        **_say(),
    )


def get_real(order_id: int) -> Order:
    """Raises NotFound, also for practice: it has no citizen, no money and no letters (ruling 15)."""
    found = finding.get(order_id)
    if found.practice:
        raise NotFound(_("Questo ordine non c'è."))
    return found


def is_paid(found: Order) -> bool:
    """With money that a person must give back; credit and vouchers go back by themselves."""
    return found.settled != paying.goes_back_by_itself(found)


def address(order_id: int) -> str:
    return f"/banco/ordini/{order_id}"


def _found(said: str) -> str:
    found = searching.search(said, most=MOST_FOUND + 1)
    return render_template(
        "desk/staff/orders_found.html",
        said=said,
        orders=found[:MOST_FOUND],
        late=finding.late(found[:MOST_FOUND]),
        are_more=len(found) > MOST_FOUND,
        most=MOST_FOUND,
        **_say(),
    )


def _of_pickup() -> str:
    around = pickups.coming(clock.today() - AROUND, clock.today() + AROUND)
    chosen = _chosen(around)
    count = finding.how_many(chosen.id) if chosen else 0
    page, pages = _page(count)
    those = finding.of_pickup(chosen.id, skip=(page - 1) * ON_A_PAGE, most=ON_A_PAGE) if chosen else []
    return render_template(
        "desk/staff/orders.html",
        chosen=chosen,
        around=around,
        before=_beside(around, chosen, -1),
        after=_beside(around, chosen, 1),
        orders=those,
        late=finding.late(those),
        count=count,
        page=page,
        pages=pages,
        **_say(),
    )


def _chosen(around: list[PickUp]) -> PickUp | None:
    """The one that was asked for; else the next that has orders, else the last that had, else whatever comes next."""
    asked = inputs.whole_number(request.args.get("ritiro"))
    if asked is not None:
        pickup = pickups.get(asked)
        if pickup.practice:
            raise NotFound(_("Questo ritiro non c'è."))
        return pickup
    to_come = [pickup for pickup in around if pickup.to_at > clock.now()]
    past = [pickup for pickup in reversed(around) if pickup.to_at <= clock.now()]
    with_orders = [pickup for pickup in (*to_come, *past) if pickup.taken]
    return next(iter((*with_orders, *to_come, *past)), None)


def _beside(around: list[PickUp], chosen: PickUp | None, step: int) -> PickUp | None:
    ids = [pickup.id for pickup in around]
    if chosen is None or chosen.id not in ids:
        return None
    at = ids.index(chosen.id) + step
    return around[at] if 0 <= at < len(around) else None


def _page(count: int) -> tuple[int, int]:
    """(which page, of how many): the first where another one was asked for than there is."""
    pages = max(1, -(-count // ON_A_PAGE))
    asked = inputs.whole_number(request.args.get("pagina")) or 1
    return (asked if 1 <= asked <= pages else 1), pages


def _letter_has_left(newest: Entry | None) -> bool:
    """Undo would have been there, but for a letter that is on its way or gone."""
    return newest is not None and not outbox.is_open(newest.key)


def _is_over(newest: Entry | None) -> bool:
    """It belongs to takings of a day that is over: its verb would not take it back."""
    if newest is None or newest.action not in handing_over.KEPT_BY_DAY:
        return False
    return newest.at.astimezone(clock.ROME).date() != clock.today()


def _may(found: Order) -> dict[str, bool]:
    """Which deeds the page offers; the verbs decide again."""
    is_here = found.stands and found.handed_over_at is None and found.not_collected_at is None
    was_given = found.stands and found.handed_over_at is not None
    return {
        "change": changing.may_change_as_staff(found),
        "cancel": is_here and not is_paid(found),
        "is_paid": is_here and is_paid(found),
        "collector": found.stands and found.handed_over_at is None,
        "crates": is_here and found.crate is not None,
        "prepare": is_here and found.crate is not None and found.ready_at is None and me().can(Capability.PREPARE),
        "hand_over": found.status == Status.READY and me().can(Capability.HAND_OVER),
        "not_collected": found.status == Status.READY and not is_paid(found) and clock.now() >= found.pickup.to_at,
        "expect_again": found.status == Status.NOT_COLLECTED,
        "give_back": was_given and bool(giving_back.possible(found)) and me().can(Capability.GIVE_BACK),
        "label": _has_label(found),
    }


def _has_label(found: Order) -> bool:
    try:
        return finding.get_crate(found.id, late=True) is found
    except NotFound:
        return False


def _say() -> dict[str, Any]:
    return {"say": order_words, "status": pickup_words.status, "wording": wording, "pickup_state": pickup_words.state}
