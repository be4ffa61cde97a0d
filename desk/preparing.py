"""Preparing a crate. Which screen comes next is read from the order itself: nothing keeps a step."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core import clock
from core.doors import door
from desk import blueprint, handing_tasks, support
from desk.answering import do_once, get_crate, go, number
from desk.crate_screens import Answer, address, do_on_line, next_screen, show_already_done
from desk.paging import MOST_CHOICES, page_of
from orders import documents, practising, preparing
from people.capabilities import Capability
from people.entering import me


@blueprint.get("/prepara")
@door(Capability.PREPARE, "scelta")
def choose_crate() -> str:
    waiting = practising.to_prepare(me())
    may_go_by_product = any(not order.is_prepared for order in waiting)
    most = MOST_CHOICES - 1 if may_go_by_product else MOST_CHOICES
    crates = page_of(waiting, all_at_once=support.of(me()).groups_lines, most=most)
    return render_template(
        "desk/to_prepare.html",
        crates=crates,
        several=len({order.pickup_id for order in waiting}) > 1,
        today=clock.today(),
        who=handing_tasks.who_is_on(crates.things),
        may_go_by_product=may_go_by_product,
    )


@blueprint.get("/casse/<int:order_id>")
@door(Capability.PREPARE, "passo")
def crate(order_id: int) -> Answer:
    """The next screen of this crate. ``riga`` is the line that was looked at: digits and halves belong to it alone."""
    order = get_crate(order_id)
    if taken_over := handing_tasks.show_taken_over(order):
        return taken_over
    looked_at = [line for line in order.lines if line.id == request.args.get("riga", type=int)]
    if looked_at and looked_at[0].is_prepared:
        return show_already_done(order, looked_at[0])
    return next_screen(order, at=looked_at[0] if looked_at else None)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/presa")
@door(Capability.PREPARE, "passo")
def take(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        line = preparing.take_line(order_id, line_id, version=number("version"), by=by)
        return _("Messo: %(what)s.", what=preparing.what_is(line))

    return do_on_line(order_id, line_id, deed)


@blueprint.post("/casse/<int:order_id>/pronta")
@door(Capability.PREPARE, "passo")
def finish(order_id: int) -> Response:
    by = me().id
    do_once(lambda: preparing.finish(order_id, by=by))
    return go(address(order_id))


@blueprint.post("/casse/<int:order_id>/cassette")
@door(Capability.PREPARE, "passo")
def count_crates(order_id: int) -> Response:
    """One crate is too small: the label says '2 di 2' on the second."""
    by, crates = me().id, number("cassette")
    if do_once(lambda: preparing.set_crates(order_id, crates, by=by)):
        flash(ngettext("Adesso è %(num)s cassetta.", "Adesso sono %(num)s cassette.", crates))
    return go(address(order_id))


@blueprint.post("/casse/<int:order_id>/etichetta")
@door(Capability.PREPARE, "passo")
def put_label(order_id: int) -> Response:
    by = me().id
    do_once(lambda: preparing.label(order_id, by=by))
    return go(address(order_id))


@blueprint.get("/casse/<int:order_id>/etichetta.pdf")
@door(Capability.PREPARE, "paper")
def print_label(order_id: int) -> FileResponse:
    order = get_crate(order_id)
    name = f"etichetta-{order.crate}.pdf"
    return FileResponse(
        documents.crate_label(order),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
