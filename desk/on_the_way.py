"""Crate by crate, or one product at a time: the address tells which, and every screen of a line keeps it.

Nothing else remembers it: whoever reloads, goes back or goes on at another tablet is on the same way.
"""

from __future__ import annotations

from flask import request
from jinja2 import pass_context
from jinja2.runtime import Context

from desk import blueprint
from orders.models import OrderLine

ROOM = "/banco/prodotti-in-mano"
VIA = "via"
BY_PRODUCT = "prodotto"


def is_by_product() -> bool:
    """``via`` stands in the address of a form too, so that a deed leads on along the same way."""
    return request.args.get(VIA) == BY_PRODUCT or request.path.startswith(f"{ROOM}/")


def along(path: str) -> str:
    """``path`` with the way that one is on."""
    if not is_by_product() or path.startswith(ROOM):
        return path
    return f"{path}{'&' if '?' in path else '?'}{VIA}={BY_PRODUCT}"


def kept() -> dict[str, str]:
    """The same for a form that only looks: its address loses what follows the question mark."""
    return {VIA: BY_PRODUCT} if is_by_product() else {}


def screen_of(line: OrderLine) -> str:
    """Where this line is worked on; with ``riga`` and ``cifre`` behind it where somebody has begun to write."""
    if is_by_product():
        return product_address(line.order.pickup_id, line.product_id)
    return f"/banco/casse/{line.order_id}"


def product_address(pickup_id: int, product_id: int) -> str:
    return f"{ROOM}/{pickup_id}/{product_id}"


@blueprint.context_processor
def _ways() -> dict[str, object]:
    return {"by_product": is_by_product, "way_kept": kept}


@pass_context
def _along(_context: Context, path: str) -> str:
    """Depends on the request: without a context Jinja would take the first answer for all."""
    return along(path)


blueprint.record_once(lambda state: state.app.jinja_env.filters.update(along=_along, screen_of=screen_of))
