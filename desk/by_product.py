"""Preparing by product: choose the pick-up and the product, then one crate after another. Looking writes nothing."""

from __future__ import annotations

from flask import render_template, request

from core.doors import door
from desk import blueprint, on_the_way, product_screens, support
from desk.answering import go
from desk.crate_screens import Answer, show_already_done
from desk.paging import MOST_CHOICES, page_of
from people.capabilities import Capability
from people.entering import me


@blueprint.get("/prodotti-in-mano")
@door(Capability.PREPARE, "scelta")
def choose_pickup() -> Answer:
    """One alone is opened at once."""
    waiting = product_screens.pickups()
    if len(waiting) == 1:
        return go(f"{on_the_way.ROOM}/{waiting[0].id}")
    found = page_of(waiting, all_at_once=_all_at_once(), most=MOST_CHOICES - 1)
    return render_template("desk/by_product_pickups.html", waiting=found)


@blueprint.get("/prodotti-in-mano/<int:pickup_id>")
@door(Capability.PREPARE, "scelta")
def choose_product_in_hand(pickup_id: int) -> Answer:
    waiting = [hand for hand in product_screens.hands(pickup_id) if hand.waiting]
    if not waiting:
        return go(on_the_way.ROOM)
    found = page_of(waiting, all_at_once=_all_at_once(), most=MOST_CHOICES - 1)
    several = len(product_screens.pickups()) > 1
    return render_template(
        "desk/by_product.html", hands=found, several=several, pickup=waiting[0].lines[0].order.pickup
    )


@blueprint.get("/prodotti-in-mano/<int:pickup_id>/<int:product_id>")
@door(Capability.PREPARE, "passo")
def product_in_hand(pickup_id: int, product_id: int) -> Answer:
    """The next crate of this product. ``riga`` is the line that was looked at: digits and halves belong to it alone."""
    looked_at = product_screens.find_line(pickup_id, product_id, request.args.get("riga", type=int))
    if looked_at is not None and looked_at.is_prepared:
        return show_already_done(looked_at.order, looked_at)
    return product_screens.show(pickup_id, product_id, at=looked_at)


def _all_at_once() -> bool:
    return support.of(me()).groups_lines
