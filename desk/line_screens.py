"""The screens of one line of a crate: take it, weigh it, and what there is to be said of it beside that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import render_template

from core import undo
from core.journal import Entry
from desk import words
from orders import harvesting, substituting
from orders.models import Order, OrderLine

MOST_DIGITS = 5
DEEDS = ("order.ready", "order.crates", "order.labelled")


def show(line: OrderLine, shown: dict[str, Any], *, is_second: bool) -> str:
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


def in_order(order: Order) -> list[OrderLine]:
    """As they were ordered; what comes in place of something comes right after it."""
    place = {line.id: line.position for line in order.lines}
    return sorted(order.lines, key=lambda line: (place.get(line.substitutes_id or line.id, 0), line.position))


def may_be_another(line: OrderLine) -> bool:
    """Nothing is said of it where the citizen wants only this, or where there is nothing else."""
    return _with_another([line])[line.id]


def how_scarce(line: OrderLine) -> int:
    """How much of it the waiting crates of this pick-up will not find; 0 where all came, or nobody has looked yet."""
    return _scarce([line])[line.id]


def about(waiting: Collection[OrderLine]) -> dict[str, dict[int, Any]]:
    """What a plain list says of each line that waits. Statements do not grow with the lines."""
    return {"scarce": _scarce(waiting), "others": _with_another(waiting)}


def undo_here(order: Order) -> tuple[Entry, str] | None:
    """Here only what was done here is taken back: money and hand-over have their own screens and doors."""
    found = undo.offer(order)
    return found if found and (found[0].action.startswith("line.") or found[0].action in DEEDS) else None


def go_on_at(lines: Sequence[OrderLine], newest: tuple[Entry, str] | None) -> int:
    """The waiting line after the one that was done last, else the first: where a list is gone on with by keyboard."""
    done = newest[0].data.get("line", 0) if newest else 0
    start = next((place for place, line in enumerate(lines, start=1) if line.id == done), 0)
    return next((line.id for line in [*lines[start:], *lines[:start]] if not line.is_prepared), 0)


def digits(raw: str) -> str:
    kept = "".join(sign for sign in raw if sign in "0123456789")[:MOST_DIGITS]
    return str(int(kept)) if kept else ""


def _scarce(waiting: Collection[OrderLine]) -> dict[int, int]:
    pickups = {line.order.pickup_id for line in waiting}
    short = {(pickup_id, row.product.id): row.shortfall for pickup_id in pickups for row in harvesting.short(pickup_id)}
    return {line.id: short.get((line.order.pickup_id, line.product_id), 0) for line in waiting}


def _with_another(waiting: Collection[OrderLine]) -> dict[int, bool]:
    asked: Sequence[OrderLine] = [line for line in waiting if line.may_substitute and line.substitutes_id is None]
    found = substituting.choices_of(asked)
    return {line.id: bool(found.get(line.id)) for line in waiting}
