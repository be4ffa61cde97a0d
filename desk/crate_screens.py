"""What a crate shows now, read from the order itself; and one deed on one line of it, with whoever was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import journal, undo
from core.errors import Conflict, Refused
from desk import line_screens, on_the_way, product_screens, support, today
from desk.answering import do_and_say, get_crate, go
from orders import finding, preparing
from orders.models import Order, OrderLine
from orders.preparing import AlreadyDone, Doubtful
from people import staff
from people.entering import me
from people.models import Person

NO_DEED = "line.weighed_twice"  # it only keeps a number
Answer = Response | str | tuple[str, int]
Again = Callable[[Order, OrderLine, Refused], str]
Faster = Callable[[Order, OrderLine], Answer]


def do_on_line(
    order_id: int, line_id: int, deed: Callable[[int], str], *, again: Again | None = None, faster: Faster | None = None
) -> Answer:
    """One deed on one line; what it says stands on the next screen. Somebody faster is named, input is kept.

    ``again``: the screen to show when the deed was refused; that of the line unless given. ``faster``: when another
    tablet has settled the line.
    """
    by = me().id
    try:
        do_and_say(lambda: deed(by))
    except AlreadyDone:
        order = get_crate(order_id)
        return (faster or show_already_done)(order, finding.get_line(order, line_id))
    except Refused as refused:
        if isinstance(refused, Conflict) and again is None:
            raise
        order = get_crate(order_id)
        return (again or _line_again)(order, finding.get_line(order, line_id), refused), refused.status
    return go(_way_on(order_id, line_id))


def next_screen(
    order: Order, *, at: OrderLine | None = None, refused: Refused | None = None, typed: str = "", **kept: Any
) -> str:
    """What is to be done now. ``kept``: what was typed into the other fields of the plain list."""
    if at is not None and on_the_way.is_by_product():
        return product_screens.show(at.order.pickup_id, at.product_id, at=at, refused=refused, typed=typed, **kept)
    lines = line_screens.in_order(order)
    waiting = [line for line in lines if not line.is_prepared]
    shown = {
        "order": order,
        "lines": lines,
        "undo": line_screens.undo_here(order),
        "is_closed": undo.newest(order) is not None,
        "home_of_list": "/banco/prepara",
        "refused": refused,
        "doubted": isinstance(refused, Doubtful),
        "more_crates": order.crates < preparing.MOST_CRATES,
        "typed": line_screens.digits(typed or request.args.get("cifre", "")) if at else "",
        **kept,
    }
    if support.of(me()).groups_lines and order.labelled_at is None:
        shown["typed"] = typed or shown["typed"]  # written by hand: it stays as it was written
        about = line_screens.about(waiting) | {"focus_at": line_screens.go_on_at(lines, shown["undo"])}
        return render_template("desk/list.html", **shown, waiting=waiting, at=at, **about)
    if at is not None and request.method == "POST":
        typed_there = f"&cifre={shown['typed']}" if shown["typed"] else ""
        shown["help_from"] = f"{address(order.id)}?riga={at.id}{typed_there}"
    if waiting:
        is_second = at is not None and "come" not in request.args
        return line_screens.show(at or waiting[0], shown, is_second=is_second)
    if order.ready_at is None:
        return render_template("desk/check.html", **shown)
    if order.labelled_at is None:
        return render_template("desk/label.html", **shown)
    following = today.next_crate(me(), after=order)
    return render_template("desk/prepared.html", **shown, following=following)


def show_already_done(order: Order, line: OrderLine) -> Answer:
    if not line.is_prepared:  # taken out again meanwhile: the line as it is now says what to do
        look = Conflict(_("Guarda di nuovo."))
        return next_screen(order, at=line, refused=look, typed=request.form.get("grams", "")), look.status
    page = render_template("desk/already.html", order=order, line=line, who=find_who_did(order, line))
    return page, Conflict.status


def find_who_did(order: Order, line: OrderLine) -> Person | None:
    """Whose deed stands on this line, from the journal."""
    undone: set[int] = set()
    for entry in journal.entries(order):
        if entry.undoes_id is not None:
            undone.add(entry.undoes_id)
        elif entry.id not in undone and entry.data.get("line") == line.id and entry.action != NO_DEED:
            return staff.get(entry.person_id) if entry.person_id is not None else None
    return None


def _way_on(order_id: int, line_id: int) -> str:
    """By product its next crate comes, by crate its next line."""
    if not on_the_way.is_by_product():
        return address(order_id)
    return on_the_way.screen_of(finding.get_line(finding.get(order_id), line_id))


def address(order_id: int) -> str:
    return f"/banco/casse/{order_id}"


def _line_again(order: Order, line: OrderLine, refused: Refused) -> str:
    return next_screen(order, at=line, refused=refused, typed=request.form.get("grams", ""))
