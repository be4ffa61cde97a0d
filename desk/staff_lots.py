"""Who received a harvest: for the day on which something was not right with it and people have to be told."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from catalog import products, wording
from core import formats, inputs
from core.doors import door
from desk import blueprint
from orders import tracing
from orders.models import OrderLine
from people.capabilities import Capability

LONGEST_LOT = 100


@blueprint.get("/prodotti/<int:product_id>/lotti")
@door(Capability.KEEP_ORDERS, "tutor")
def lots_of_product(product_id: int) -> str:
    """With ``lotto`` who has something of it, and how they can be reached."""
    product = products.get(product_id)
    lot = inputs.one_line(request.args.get("lotto"))[:LONGEST_LOT].replace("\0", "")
    return render_template(
        "desk/staff/lots.html",
        product=product,
        lots=tracing.lots(product_id),
        lot=lot,
        lines=tracing.received(product_id, lot) if lot else [],
        say=wording,
        named=_named,
        got=_got,
    )


def _named(lot: str) -> str:
    """'martedì 24 novembre' of a harvest day; a lot of another kind as it was written."""
    try:
        return formats.day(date.fromisoformat(lot))
    except ValueError:
        return lot


def _got(line: OrderLine) -> str:
    """What is in the crate: '1,420 kg', '2 mazzi'."""
    if line.weighed_grams:
        return wording.scale_weight(line.weighed_grams)
    return wording.pieces(line, line.quantity if line.packed is None else line.packed)
