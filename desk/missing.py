"""What is not there: less of it, none of it, or something else where the citizen allowed it. One choice, one deed."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request
from flask_babel import gettext as _

from catalog.models import Kind
from core.doors import door
from core.errors import Refused
from desk import blueprint, support, words
from desk.answering import get_crate, inside, number
from desk.crate_screens import Answer, do_on_line, next_screen, show_already_done
from desk.line_screens import digits, how_scarce, in_order, may_be_another
from desk.on_the_way import along
from desk.paging import MOST_CHOICES, page_of
from desk.weighing import in_container
from orders import finding, preparing, substituting
from orders.models import Order, OrderLine
from orders.preparing import Doubtful, NoneThere
from people.capabilities import Capability
from people.entering import me


@blueprint.get("/casse/<int:order_id>/righe/<int:line_id>/manca")
@door(Capability.PREPARE, "scelta")
def choose_what_to_do(order_id: int, line_id: int) -> Answer:
    return _while_it_waits(order_id, line_id, _missing)


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
    return _while_it_waits(order_id, line_id, _less)


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
    return _while_it_waits(order_id, line_id, _others)


@blueprint.post("/casse/<int:order_id>/righe/<int:line_id>/altro")
@door(Capability.PREPARE, "scelta")
def put_another(order_id: int, line_id: int) -> Answer:
    """One tap: the first is missing, the other waits to be taken like everything else."""

    def deed(by: int) -> str:
        other = substituting.substitute(order_id, line_id, number("prodotto"), version=number("version"), by=by)
        return _("Cambiato con: %(what)s.", what=words.goods(other))

    return do_on_line(order_id, line_id, deed, again=_others)


def _while_it_waits(order_id: int, line_id: int, show: Callable[[Order, OrderLine], str]) -> Answer:
    """Nobody is asked about a line that somebody else has dealt with meanwhile."""
    order = get_crate(order_id)
    line = finding.get_line(order, line_id)
    return show_already_done(order, line) if line.is_prepared else show(order, line)


def _missing(order: Order, line: OrderLine) -> str:
    return _page("missing", order, line, others=may_be_another(line), scarce=how_scarce(line))


def _less(order: Order, line: OrderLine, refused: Refused | None = None) -> str:
    """Pieces first, then grams where they are weighed too; with the plain list all of it at once."""
    pieces = _pieces(line)
    if support.of(me()).groups_lines:
        kept = {"pieces": request.form.get("pieces", ""), "grams": request.form.get("grams", "")}
        return next_screen(order, at=line, refused=refused, less=kept)
    refused = refused or _not_fewer(line, pieces)
    asks_pieces = line.kind != Kind.BY_WEIGHT and (pieces is None or not line.is_weighed)
    if asks_pieces and line.quantity - 1 <= MOST_CHOICES:
        return _page("less_pieces", order, line, refused=refused)
    field = "pieces" if asks_pieces else "grams"
    said = "pezzi" if asks_pieces and "cifre" not in request.args else "cifre"
    typed = digits(request.form.get(field) or request.args.get(said, ""))
    return _page(
        "less",
        order,
        line,
        refused=refused,
        doubted=isinstance(refused, Doubtful),
        none_there=isinstance(refused, NoneThere),
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
    if request.method == "POST":
        more["help_from"] = along(inside(request.path))
    return render_template(f"desk/{name}.html", order=order, line=line, lines=lines, now=lines.index(line) + 1, **more)


def _pieces(line: OrderLine) -> int | None:
    """How many of a product that is ordered in pieces, where somebody has said it."""
    raw = request.form.get("pieces") or request.args.get("pezzi", "")
    said = int(digits(raw) or 0)
    return said if 0 < said < line.quantity else None


def _not_fewer(line: OrderLine, pieces: int | None) -> Refused | None:
    """Of pieces that are weighed the number comes first, in the address: it too may be 0, or all of them."""
    if "pezzi" not in request.args or "cifre" in request.args or pieces is not None or not line.is_weighed:
        return None
    try:
        preparing.require_less(int(digits(request.args["pezzi"]) or 0), line.quantity)
    except Refused as refused:
        return refused
    return None


def _target(line: OrderLine, pieces: int | None) -> int:
    return line.quantity if line.kind == Kind.BY_WEIGHT else (pieces or 0) * (line.piece_grams or 0)


def _given(field: str) -> int | None:
    """What the form says; on the keys nothing tapped is the 0 that is seen. In the plain list it is an empty field."""
    if field not in request.form:
        return None
    return 0 if not request.form[field] and not support.of(me()).groups_lines else number(field)
