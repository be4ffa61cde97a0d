"""What a crate shows now, read from the order itself; and one deed on one line of it, with whoever was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import harvest
from core import journal, undo
from core.errors import Conflict, Refused
from core.journal import Entry
from desk import support, words
from desk.answering import do_and_say, get_crate, go
from orders import finding, harvesting, preparing, substituting
from orders.models import Order, OrderLine
from orders.preparing import AlreadyDone, Doubtful
from people import staff
from people.entering import me
from people.models import Person

MOST_DIGITS = 5
DEEDS = ("order.ready", "order.crates", "order.labelled")
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
    return go(address(order_id))


def next_screen(
    order: Order, *, at: OrderLine | None = None, refused: Refused | None = None, typed: str = "", **kept: Any
) -> str:
    """What is to be done now. ``kept``: what was typed into the other fields of the plain list."""
    lines = in_order(order)
    waiting = [line for line in lines if not line.is_prepared]
    shown = {
        "order": order,
        "lines": lines,
        "undo": undo_here(order),
        "is_closed": undo.newest(order) is not None,
        "home_of_list": "/banco/prepara",
        "refused": refused,
        "doubted": isinstance(refused, Doubtful),
        "more_crates": order.crates < preparing.MOST_CRATES,
        "typed": digits(typed or request.args.get("cifre", "")) if at else "",
        **kept,
    }
    if support.of(me()).groups_lines and order.labelled_at is None:
        shown["typed"] = typed or shown["typed"]  # written by hand: it stays as it was written
        return render_template("desk/list.html", **shown, waiting=waiting, at=at, **_about(waiting))
    if waiting:
        return _line_screen(at or waiting[0], shown, is_second=at is not None and "come" not in request.args)
    if order.ready_at is None:
        return render_template("desk/check.html", **shown)
    if order.labelled_at is None:
        return render_template("desk/label.html", **shown)
    following = next((other for other in finding.to_prepare() if other.id != order.id), None)
    return render_template("desk/prepared.html", **shown, following=following)


def may_be_another(line: OrderLine) -> bool:
    """Nothing is said of it where the citizen wants only this, or where there is nothing else."""
    return line.may_substitute and line.substitutes_id is None and bool(substituting.choices(line))


def in_order(order: Order) -> list[OrderLine]:
    """As they were ordered; what comes in place of something comes right after it."""
    place = {line.id: line.position for line in order.lines}
    return sorted(order.lines, key=lambda line: (place.get(line.substitutes_id or line.id, 0), line.position))


def how_scarce(line: OrderLine) -> int:
    """How much of it the waiting crates of this pick-up will not find; 0 where all came, or nobody has looked yet."""
    pickup_id = line.order.pickup_id
    if harvest.find_arrival(line.product_id, pickup_id) is None:
        return 0
    return next((row.shortfall for row in harvesting.short(pickup_id) if row.product.id == line.product_id), 0)


def undo_here(order: Order) -> tuple[Entry, str] | None:
    """Here only what was done here is taken back: money and hand-over have their own screens and doors."""
    found = undo.offer(order)
    return found if found and (found[0].action.startswith("line.") or found[0].action in DEEDS) else None


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


def digits(raw: str) -> str:
    kept = "".join(sign for sign in raw if sign in "0123456789")[:MOST_DIGITS]
    return str(int(kept)) if kept else ""


def address(order_id: int) -> str:
    return f"/banco/casse/{order_id}"


def _line_again(order: Order, line: OrderLine, refused: Refused) -> str:
    return next_screen(order, at=line, refused=refused, typed=request.form.get("grams", ""))


def _about(waiting: list[OrderLine]) -> dict[str, Any]:
    """What the plain list says of each line that waits."""
    return {
        "scarce": {line.id: how_scarce(line) for line in waiting},
        "others": {line.id: may_be_another(line) for line in waiting},
    }


def _line_screen(line: OrderLine, shown: dict[str, Any], *, is_second: bool) -> str:
    """With the whole guide a line has two halves, take and put: which one is a way of looking, no more."""
    on_scale = int(shown["typed"] or 0)
    net = max(0, on_scale - (words.tare(line) if words.container(line) else 0))
    return render_template(
        "desk/weigh.html" if line.is_weighed else "desk/take.html",
        **shown,
        line=line,
        now=shown["lines"].index(line) + 1,
        half=2 if is_second else 1,
        net=net,
        says="" if shown["refused"] else words.scale_says(line, net),
        is_scarce=how_scarce(line) > 0,
    )
