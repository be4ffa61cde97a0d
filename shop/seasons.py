"""The calendar of the seasons: what the fields give, month after month."""

from __future__ import annotations

from typing import Any

from flask import Response

from catalog import shelves, showing, wording
from catalog.models import Product
from core import clock
from core.doors import OPEN, door
from shop import blueprint, visit
from shop.visit import Visit

YEAR = range(1, 13)


@blueprint.get("/stagioni")
@door(OPEN, "shop")
def seasons_page() -> Response:
    here = visit.begin_here()
    page = visit.page(here, "shop/seasons.html", "seasons", lambda: _facts(here))
    return visit.answer(page, here)


def _facts(here: Visit) -> dict[str, Any]:
    """``rows``: (product, its months). ``months``: (month, what there is), from this one on."""
    goods = [shown.product for shown in showing.goods(here.versions, here.choice.place_id).values()]
    goods.sort(key=lambda product: (shelves.rank(product.shelf), wording.name(product)))
    rows = [(product, set(months)) for product in goods if (months := wording.months_of(product))]
    now = clock.today().month
    coming = [(now - 1 + n) % 12 + 1 for n in range(12)]
    return {
        "rows": rows,
        "months": [(month, _of_month(rows, month)) for month in coming],
        "year": YEAR,
        "now": now,
        "always": [product for product in goods if not product.season],
    }


def _of_month(rows: list[tuple[Product, set[int]]], month: int) -> list[Product]:
    return [product for product, months in rows if month in months]
