"""One product in the hand, crate after crate: what is shown now, read from the crates themselves.

The deeds are those of a crate (desk/preparing, weighing, missing): only the order in which lines come is another, so
the state at the end is the same (mission-anchors D: per product suits weighing, per crate suits checking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from catalog import products, shelves
from catalog.models import PickUp, Product
from core import undo
from core.errors import NotFound, Refused
from core.journal import Entry
from desk import line_screens, on_the_way, support
from orders import practising, working
from orders.models import Order, OrderLine
from orders.preparing import Doubtful
from people.entering import me


@dataclass(frozen=True)
class Hand:
    """One product for one pick-up, in all the crates that are not finished, by their number."""

    product: Product
    lines: Sequence[OrderLine]
    orders: Sequence[Order]  # held, so that a line's crate is at hand

    @property
    def waiting(self) -> list[OrderLine]:
        return [line for line in self.lines if not line.is_prepared]


def pickups() -> list[PickUp]:
    """Those with something to take, the earliest first."""
    found = {order.pickup_id: order.pickup for order in _crates() if not order.is_prepared}
    return list(found.values())


def hands(pickup_id: int) -> list[Hand]:
    """Every product of the unfinished crates of a pick-up, as the shelves are."""
    orders = [order for order in _crates() if order.pickup_id == pickup_id]
    found: dict[int, list[OrderLine]] = {}
    for line in (line for order in orders for line in line_screens.in_order(order)):
        found.setdefault(line.product_id, []).append(line)
    made = [Hand(lines[0].product, lines, orders) for lines in found.values()]
    return sorted(made, key=_place)


def show(
    pickup_id: int,
    product_id: int,
    *,
    at: OrderLine | None = None,
    refused: Refused | None = None,
    typed: str = "",
    **kept: Any,
) -> str:
    """What is to be done now with this product. ``at``: the line that was looked at; digits belong to it alone."""
    all_hands = hands(pickup_id)
    hand = next((each for each in all_hands if each.product.id == product_id), None)
    if hand is None or not (hand.waiting or (support.of(me()).groups_lines and hand.lines)):
        return _done(pickup_id, product_id, all_hands, hand)
    if at is not None and at not in hand.lines:  # a tutor has taken its crate over meanwhile
        at = None
    line = at or next(iter(hand.waiting), None)
    here = on_the_way.product_address(pickup_id, product_id)
    shown = {
        "lines": hand.lines,
        "left": len(hand.waiting),
        "undo": _undo_here(hand),
        "is_closed": False,
        "home_of_list": f"{on_the_way.ROOM}/{pickup_id}",
        "refused": refused,
        "doubted": isinstance(refused, Doubtful),
        "typed": line_screens.digits(typed or request.args.get("cifre", "")) if at else "",
        **kept,
    }
    if support.of(me()).groups_lines:
        shown["typed"] = typed or shown["typed"]  # written by hand: it stays as it was written
        return render_template(
            "desk/by_product_list.html",
            **shown,
            product=hand.product,
            pickup_id=pickup_id,
            at=at,
            focus_at=_go_on_at(hand, shown["undo"]),
            following=_following(all_hands, hand.product),
            **line_screens.about(hand.waiting),
            **({"help_from": here} if request.method == "POST" else {}),
        )
    assert line is not None  # noqa: S101 - something waits
    shown |= {"order": line.order, "help_from": _here_and_now(here, line, shown["typed"] if at else "")}
    is_second = at is not None and "come" not in request.args
    if support.of(me()).shows_steps and not is_second:
        scarce = line_screens.how_scarce(line) > 0
        return render_template("desk/by_product_crate.html", **shown, line=line, is_scarce=scarce)
    return line_screens.show(line, shown, is_second=is_second)


def find_line(pickup_id: int, product_id: int, line_id: int | None) -> OrderLine | None:
    """The line that the address names, if it is one of this product for this pick-up; done or not."""
    for order in practising.to_prepare(me()) if line_id else []:
        for line in order.lines:
            if (line.id, line.product_id, order.pickup_id) == (line_id, product_id, pickup_id):
                return line
    return None


def _done(pickup_id: int, product_id: int, all_hands: Sequence[Hand], hand: Hand | None) -> str:
    product = hand.product if hand else products.by_ids([product_id]).get(product_id)
    if product is None:
        raise NotFound(_("Questo prodotto non c'è."))
    return render_template(
        "desk/by_product_done.html",
        product=product,
        lines=hand.lines if hand else [],
        pickup_id=pickup_id,
        following=_following(all_hands, product),
        undo=_undo_here(hand) if hand else None,
        home_of_list=f"{on_the_way.ROOM}/{pickup_id}",
    )


def _following(all_hands: Sequence[Hand], product: Product) -> Hand | None:
    """The next one on the shelves that something waits of; after the last the first."""
    waiting = [hand for hand in all_hands if hand.waiting and hand.product.id != product.id]
    own = next((_place(hand) for hand in all_hands if hand.product.id == product.id), (0, ""))
    return next(iter([*(hand for hand in waiting if _place(hand) > own), *waiting]), None)


def _place(hand: Hand) -> tuple[int, str]:
    """Where one finds it: what grows first, then fruit, then what keeps; by name."""
    shelf = hand.product.shelf
    return shelves.ORDER.index(shelf) if shelf in shelves.ORDER else len(shelves.ORDER), hand.product.name


def _go_on_at(hand: Hand, last: tuple[Entry, str] | None) -> int:
    """The waiting line after the one that was done last, else the first: a list is gone on with by keyboard."""
    ids = [line.id for line in hand.lines]
    place = ids.index(last[0].data["line"]) if last else 0
    return next((line.id for line in [*hand.lines[place:], *hand.lines] if not line.is_prepared), 0)


def _crates() -> list[Order]:
    """Unfinished crates, without those that a tutor works on, for whoever is none."""
    person = me()
    orders = practising.to_prepare(me())
    works = working.on_crates(orders)
    closed = {order_id for order_id, work in works.items() if work.is_closed_to(person.id, is_staff=person.is_staff)}
    return [order for order in orders if order.id not in closed]


def _undo_here(hand: Hand) -> tuple[Entry, str] | None:
    """What this person did last with this product, if nothing has been done on that crate since."""
    orders = {order.id: order for order in hand.orders}
    last = working.find_last_on_lines(me().id, hand.orders, {line.id for line in hand.lines})
    found = undo.offer(orders[last.subject_id]) if last else None
    return found if found and last and found[0].id == last.id else None


def _here_and_now(here: str, line: OrderLine, typed: str) -> str:
    """Where one is when help was called: the same crate, and the number that stands there."""
    looked_at = f"&riga={line.id}&cifre={typed}" if typed else f"&riga={line.id}" if "riga" in request.args else ""
    return f"{here}?cassetta={line.order_id}{looked_at}"
