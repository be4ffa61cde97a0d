"""Preparing a crate. Which screen comes next is read from the order itself: nothing keeps a step."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response as FileResponse
from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import clock, journal, undo
from core.doors import door
from core.errors import Conflict, Refused
from desk import blueprint, support, words
from desk.answering import do_once, go, number
from desk.paging import page_of
from orders import documents, finding, preparing
from orders.models import Order, OrderLine
from orders.preparing import AlreadyDone, Doubtful
from people import staff
from people.capabilities import Capability
from people.entering import me

MOST_DIGITS = 5
Answer = Response | str | tuple[str, int]


@blueprint.get("/prepara")
@door(Capability.PREPARE, "scelta")
def choose_crate() -> str:
    waiting = finding.to_prepare()
    crates = page_of(waiting, all_at_once=support.of(me()).groups_lines)
    several = len({order.pickup_id for order in waiting}) > 1
    return render_template("desk/to_prepare.html", crates=crates, several=several, today=clock.today())


@blueprint.get("/casse/<int:order_id>")
@door(Capability.PREPARE, "passo")
def crate(order_id: int) -> Answer:
    """The next screen of this crate. ``riga`` is the line that was looked at: digits and halves belong to it alone."""
    order = finding.get_crate(order_id)
    looked_at = [line for line in order.lines if line.id == request.args.get("riga", type=int)]
    if looked_at and looked_at[0].is_prepared:
        return _show_already_done(order, looked_at[0].id)
    return _next_screen(order, at=looked_at[0] if looked_at else None)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/presa")
@door(Capability.PREPARE, "passo")
def take(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        line = preparing.take_line(order_id, line_id, version=number("version"), by=by)
        return _("Messo: %(what)s.", what=preparing.what_is(line))

    return _do(order_id, line_id, deed)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/peso")
@door(Capability.PREPARE, "numero")
def weigh(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        grams, version = number("grams"), number("version")
        sure = number("sure") == grams  # of this number and of no other that was typed since
        line = preparing.weigh_line(order_id, line_id, grams, version=version, by=by, sure=sure)
        return _("Messo: %(what)s.", what=preparing.what_is(line))

    return _do(order_id, line_id, deed)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/mancanza")
@door(Capability.PREPARE, "passo")
def miss(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        line = preparing.mark_missing(order_id, line_id, version=number("version"), by=by)
        return _("Segnato, manca: %(what)s.", what=words.goods(line))

    return _do(order_id, line_id, deed)


@blueprint.post("/casse/<int:order_id>/pronta")
@door(Capability.PREPARE, "passo")
def finish(order_id: int) -> Response:
    by = me().id
    do_once(lambda: preparing.finish(order_id, by=by))
    return go(_address(order_id))


@blueprint.post("/casse/<int:order_id>/etichetta")
@door(Capability.PREPARE, "passo")
def put_label(order_id: int) -> Response:
    by = me().id
    do_once(lambda: preparing.label(order_id, by=by))
    return go(_address(order_id))


@blueprint.get("/casse/<int:order_id>/etichetta.pdf")
@door(Capability.PREPARE, "paper")
def print_label(order_id: int) -> FileResponse:
    order = finding.get_crate(order_id)
    name = f"etichetta-{order.crate}.pdf"
    return FileResponse(
        documents.crate_label(order),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _do(order_id: int, line_id: int, deed: Callable[[int], str]) -> Answer:
    """One deed on one line; what it says stands on the next screen. Somebody faster is named, input is kept."""
    by, said = me().id, []
    try:
        do_once(lambda: said.append(deed(by)))
    except AlreadyDone:
        return _show_already_done(finding.get_crate(order_id), line_id)
    except Conflict:
        raise
    except Refused as refused:
        order = finding.get_crate(order_id)
        page = _next_screen(
            order, at=finding.get_line(order, line_id), refused=refused, typed=request.form.get("grams")
        )
        return page, refused.status
    for words_said in said:
        flash(words_said)
    return go(_address(order_id))


def _next_screen(
    order: Order, *, at: OrderLine | None = None, refused: Refused | None = None, typed: str | None = None
) -> str:
    waiting = [line for line in order.lines if not line.is_prepared]
    seen = support.of(me())
    shown = {
        "order": order,
        "undo": undo.offer(order),
        "is_closed": undo.newest(order) is not None,
        "home_of_list": "/banco/prepara",
        "refused": refused,
        "doubted": isinstance(refused, Doubtful),
        "typed": _digits(typed or request.args.get("cifre", "")) if at else "",
    }
    if seen.groups_lines and order.labelled_at is None:
        return render_template("desk/list.html", **shown, waiting=waiting, at=at)
    if waiting:
        return _line_screen(at or waiting[0], shown, is_second=at is not None and "come" not in request.args)
    if order.ready_at is None:
        return render_template("desk/check.html", **shown)
    if order.labelled_at is None:
        return render_template("desk/label.html", **shown)
    following = next((other for other in finding.to_prepare() if other.id != order.id), None)
    return render_template("desk/prepared.html", **shown, following=following)


def _line_screen(line: OrderLine, shown: dict[str, object], *, is_second: bool) -> str:
    """With the whole guide a line has two halves, take and put: which one is a way of looking, no more."""
    grams = int(str(shown["typed"] or 0))
    return render_template(
        "desk/weigh.html" if line.is_weighed else "desk/take.html",
        **shown,
        line=line,
        half=2 if is_second else 1,
        grams=grams,
        says=words.scale_says(line, grams),
    )


def _show_already_done(order: Order, line_id: int) -> Answer:
    line = finding.get_line(order, line_id)
    if not line.is_prepared:  # taken out again meanwhile: the crate as it is now says what to do
        flash(_("Guarda di nuovo."))
        return go(_address(order.id))
    page = render_template("desk/already.html", order=order, line=line, who=_who_did(order, line_id))
    return page, Conflict.status


def _who_did(order: Order, line_id: int) -> str:
    """The first name of whoever settled this line, from the journal."""
    for entry in journal.entries(order):
        if not entry.is_undo and entry.data.get("line") == line_id and entry.person_id is not None:
            return staff.get(entry.person_id).name.split()[0]
    return ""


def _digits(raw: str) -> str:
    kept = "".join(sign for sign in raw if sign in "0123456789")[:MOST_DIGITS]
    return str(int(kept)) if kept else ""


def _address(order_id: int) -> str:
    return f"/banco/casse/{order_id}"
