"""What is not there: less of it, none of it, or something else where the citizen allowed it. One choice, one deed."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from catalog.models import Kind
from core.doors import door
from core.errors import Refused
from desk import blueprint, support, words
from desk.answering import number
from desk.crate_screens import (
    Answer,
    digits,
    do_on_line,
    how_scarce,
    in_order,
    may_be_another,
    next_screen,
    show_already_done,
)
from desk.paging import MOST_CHOICES, page_of
from desk.weighing import in_container
from orders import finding, preparing, substituting
from orders.models import Order, OrderLine
from orders.preparing import Doubtful
from people.capabilities import Capability
from people.entering import me


@blueprint.get("/casse/<int:order_id>/righe/<int:line_id>/manca")
@door(Capability.PREPARE, "scelta")
def choose_what_to_do(order_id: int, line_id: int) -> Answer:
    order = finding.get_crate(order_id)
    line = finding.get_line(order, line_id)
    if line.is_prepared:
        return show_already_done(order, line)
    return _page("missing", order, line, others=may_be_another(line), scarce=how_scarce(line))


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/mancanza")
@door(Capability.PREPARE, "passo")
def miss(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        line = preparing.mark_missing(order_id, line_id, version=number("version"), by=by)
        return _("Segnato, non ce n’è: %(what)s.", what=words.goods(line))

    return do_on_line(order_id, line_id, deed)


@blueprint.get("/casse/<int:order_id>/righe/<int:line_id>/meno")
@door(Capability.PREPARE, "numero")
def how_much_is_there(order_id: int, line_id: int) -> Answer:
    order = finding.get_crate(order_id)
    line = finding.get_line(order, line_id)
    if line.is_prepared:
        return show_already_done(order, line)
    return _less(order, line)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/meno")
@door(Capability.PREPARE, "numero")
def pack_less(order_id: int, line_id: int) -> Answer:
    def deed(by: int) -> str:
        line = preparing.pack_short(
            order_id,
            line_id,
            pieces=_given("pieces"),
            grams=_given("grams"),
            version=number("version"),
            by=by,
            sure=number("sure") == number("grams"),
            in_container=in_container(),
        )
        return _("Messo: %(what)s.", what=preparing.what_is(line))

    return do_on_line(order_id, line_id, deed, again=_less)


@blueprint.get("/casse/<int:order_id>/righe/<int:line_id>/altro")
@door(Capability.PREPARE, "scelta")
def choose_another(order_id: int, line_id: int) -> Answer:
    order = finding.get_crate(order_id)
    line = finding.get_line(order, line_id)
    if line.is_prepared:
        return show_already_done(order, line)
    return _others(order, line)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/altro")
@door(Capability.PREPARE, "scelta")
def put_another(order_id: int, line_id: int) -> Answer:
    """One tap: the first is missing, the other waits to be taken like everything else."""

    def deed(by: int) -> str:
        other = substituting.substitute(order_id, line_id, number("prodotto"), version=number("version"), by=by)
        return _("Cambiato con: %(what)s.", what=words.goods(other))

    return do_on_line(order_id, line_id, deed, again=_others)


def _less(order: Order, line: OrderLine, refused: Refused | None = None) -> str:
    """Pieces first, then grams where they are weighed too; with the plain list all of it at once."""
    pieces = _pieces(line)
    if support.of(me()).groups_lines:
        kept = {"pieces": request.form.get("pieces", ""), "grams": request.form.get("grams", "")}
        return next_screen(order, at=line, refused=refused, less=kept)
    asks_pieces = line.kind != Kind.BY_WEIGHT and (pieces is None or not line.is_weighed)
    if asks_pieces and line.quantity - 1 <= MOST_CHOICES:
        return _page("less_pieces", order, line, refused=refused)
    field = "pieces" if asks_pieces else "grams"
    typed = digits(request.form.get(field) or request.args.get("cifre", ""))
    return _page(
        "less",
        order,
        line,
        refused=refused,
        doubted=isinstance(refused, Doubtful),
        typed=typed,
        field=field,
        pieces=None if asks_pieces else pieces,
        net=max(0, int(typed or 0) - (words.tare(line) if field == "grams" and words.container(line) else 0)),
        target=line.quantity if asks_pieces else _target(line, pieces),
    )


def _others(order: Order, line: OrderLine, refused: Refused | None = None) -> str:
    found = [(product, substituting.quantity_for(line, product)) for product in substituting.choices(line)]
    page = page_of(found if line.may_substitute else [], all_at_once=support.of(me()).groups_lines)
    return _page("another", order, line, refused=refused, products=page)


def _page(name: str, order: Order, line: OrderLine, **more: object) -> str:
    lines = in_order(order)
    return render_template(f"desk/{name}.html", order=order, line=line, lines=lines, now=lines.index(line) + 1, **more)


def _pieces(line: OrderLine) -> int | None:
    """How many of a product that is ordered in pieces, where somebody has said it."""
    raw = request.form.get("pieces") or request.args.get("pezzi", "")
    said = int(digits(raw) or 0)
    return said if 0 < said < line.quantity else None


def _target(line: OrderLine, pieces: int | None) -> int:
    return line.quantity if line.kind == Kind.BY_WEIGHT else (pieces or 0) * (line.piece_grams or 0)


def _given(field: str) -> int | None:
    return number(field) if field in request.form else None
