"""An order's own page behind its secret address: where it is, what it costs and why, who comes, and taking it back."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, formats, inputs, names, web
from core.doors import OPEN, door
from core.errors import Refused
from core.money import vat_rows
from orders import (
    agenda,
    cancelling,
    changing,
    cooling_off,
    crates,
    documents,
    explaining,
    invoicing,
    letters,
    links,
    looking,
    misspelt,
    terms,
    vat,
    withdrawing,
    writing_to,
)
from orders.looking import Looked
from orders.models import Order, Status
from shop import blueprint, ordering_again

EMAIL_KEPT = "email_kept"  # the order of whose address this visit has said that it is right
STEPS = (Status.RECEIVED, Status.PREPARING, Status.READY, Status.HANDED_OVER)

Answer = Response | tuple[str, int]


@blueprint.get("/ordini/<token>")
@door(OPEN, "shop")
def order_page(token: str) -> str:
    return _page(looking.get(token), token)


@blueprint.get("/ordini/<token>/riepilogo.pdf")
@door(OPEN, "paper")
def order_paper(token: str) -> FileResponse:
    order = links.get_order(token)
    return FileResponse(
        documents.order_summary(order),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="ordine-{order.number}.pdf"'},
    )


@blueprint.post("/ordini/<token>/ritira")
@door(OPEN, "shop")
@inputs.reads_raw
def say_who_comes(token: str) -> Answer:
    order, name = links.get_order(token), request.form.get("ritira", "")
    try:
        order = changing.set_collector(order.id, names.require(name))
    except Refused as refused:
        return _page(looking.get(token), token, typed=name, message=refused.without_tutor), refused.status
    flash(_who_comes(order))
    return redirect(url_for("shop.order_page", token=token), 303)


@blueprint.post("/ordini/<token>/email")
@door(OPEN, "shop")
@inputs.reads_raw
def correct_email(token: str) -> Answer:
    """What is typed, or what we asked about; ``giusta``: it is right as it is, and nobody asks again."""
    order, typed, asked = links.get_order(token), request.form.get("email", ""), request.form.get("azione", "")
    if asked == "giusta":
        session[EMAIL_KEPT] = order.id
        return redirect(url_for("shop.order_page", token=token), 303)
    try:
        order = writing_to.correct(order.id, _meant(order) if asked == "proposta" else typed, token=token)
    except Refused as refused:
        page = _page(looking.get(token), token, email=typed, email_message=refused.sentence)
        return page, refused.status
    flash(_("Va bene: adesso ti scriviamo a %(email)s.", email=formats.masked(order.email)))
    return redirect(url_for("shop.order_page", token=token), 303)


@blueprint.get("/ordini/<token>/ritiro.ics")
@door(OPEN, "machine")
def order_event(token: str) -> FileResponse:
    """The pick-up for somebody's calendar."""
    order = links.get_order(token)
    headers = {"Content-Disposition": f'attachment; filename="ritiro-{order.number}.ics"'}
    return FileResponse(agenda.event(order), content_type="text/calendar; charset=utf-8", headers=headers)


@blueprint.get("/ordini/<token>/disdici")
@door(OPEN, "shop")
def cancel_page(token: str) -> str | Response:
    order = links.get_order(token)
    if not cancelling.may_cancel(order):
        return redirect(url_for("shop.order_page", token=token), 303)
    return render_template("shop/cancel.html", order=order, token=token, sentence="", was_moved=_was_moved(order))


@blueprint.post("/ordini/<token>/disdici")
@door(OPEN, "shop")
def cancel_order(token: str) -> Answer:
    order = links.get_order(token)
    try:
        cancelling.cancel(order.id, why="citizen")
    except Refused as refused:
        page = render_template(
            "shop/cancel.html", order=order, token=token, sentence=refused.sentence, was_moved=_was_moved(order)
        )
        return page, refused.status
    return redirect(url_for("shop.order_page", token=token), 303)


def _page(
    looked: Looked, token: str, typed: str | None = None, message: str = "", email: str = "", email_message: str = ""
) -> str:
    order = looked.order
    may_correct = writing_to.may_correct(order)
    return render_template(
        "shop/order.html",
        order=order,
        token=token,
        steps=_steps(order),
        done=STEPS.index(order.status) + 1 if order.status in STEPS else 0,
        crate=_crate(order),
        invoice=invoicing.told(looked.invoice) if looked.invoice else [],
        told=explaining.lines(order),
        bill=explaining.bill(order),
        cash_note=explaining.cash_note(order),
        vat=vat.rows(order) if order.is_owed else [],
        vat_left=vat_rows(vat.remaining_by_rate(order)) if order.refunded else [],
        missing=terms.substitution(order),
        called_off=terms.is_called_off(order),
        why_off=terms.called_off_why(order),
        was_moved=_was_moved(order),
        kept_until=_kept_until(order),
        may_change=changing.may_change(order),
        may_cancel=cancelling.may_cancel(order),
        may_send=_may_send(order),
        typed=(order.collector or "") if typed is None else typed,
        message=message,
        may_correct=may_correct,
        is_refused=may_correct and letters.is_refused(order),
        meant=_meant(order).rpartition("@")[2] if may_correct and session.get(EMAIL_KEPT) != order.id else "",
        domain=(order.email or "").rpartition("@")[2],
        email=email,
        email_message=email_message,
        withdrawal=cooling_off.offer(order),
        declared=withdrawing.of_order(order) if cooling_off.lines(order) else [],
        may_order_again=ordering_again.may_order_again(order),
        is_to_come=agenda.is_to_come(order),
    )


def _meant(order: Order) -> str:
    """The address as it was probably meant; empty where nothing looks like a slip."""
    return misspelt.meant(order.email or "") or ""


def _who_comes(order: Order) -> str:
    at_home, name = order.pickup.place.kind == "round", order.collector
    if name:
        return (
            _("Va bene: può aprire anche %(name)s.", name=name)
            if at_home
            else _("Va bene: può venire anche %(name)s.", name=name)
        )
    return _("Va bene: apri tu.") if at_home else _("Va bene: vieni tu.")


def _steps(order: Order) -> list[str]:
    return [_("Ricevuto"), _("In preparazione"), _("Pronto"), _("Consegnato")]


def _crate(order: Order) -> tuple[int, str] | None:
    """Number and picture's name, from ready on (ruling 14)."""
    if order.crate is None or order.status not in (Status.READY, Status.HANDED_OVER):
        return None
    return order.crate, crates.picture_name(order.crate, web.language())


def _was_moved(order: Order) -> bool:
    """Whether the citizen ordered for another time or place, and the pick-up is still to come."""
    pickup = order.pickup
    return pickup.moved_at is not None and order.placed_at < pickup.moved_at and clock.now() < pickup.to_at


def _may_send(order: Order) -> bool:
    """Whether somebody else may still come: there is a crate, or there will be one."""
    return order.stands and order.handed_over_at is None and bool(not order.not_collected_at or _kept_until(order))


def _kept_until(order: Order) -> object:
    """The moment until which a crate that nobody collected waits; None once it has passed."""
    until = terms.kept_until(order)
    return until if clock.now() < until else None
