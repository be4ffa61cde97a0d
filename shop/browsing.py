"""The shelves and one product."""

from __future__ import annotations

from flask import render_template

from catalog import shelves
from catalog.models import Product
from core import clock
from core.doors import OPEN, door
from shop import basket, blueprint
from shop.choosing import choice

MOST_STEPS = 20  # as many quantities as a list may offer


@blueprint.get("/")
@door(OPEN, "shop")
def home() -> str:
    chosen = choice()
    goods = shelves.on_shelves(chosen.place_id)
    wanted = basket.quantities()
    known = [shown.product for shelf in goods.values() for shown in shelf]
    lines = [basket.Line(product, wanted[product.id]) for product in known if product.id in wanted]
    return render_template(
        "shop/home.html",
        choice=chosen,
        shelves=goods,
        wanted=wanted,
        month=clock.today().month,
        sums=basket.sums(lines, chosen.fee),
    )


@blueprint.get("/prodotti/<slug>")
@door(OPEN, "shop")
def product_page(slug: str) -> str:
    chosen = choice()
    shown = shelves.get(slug, chosen.place_id)
    return render_template(
        "shop/product.html",
        choice=chosen,
        shown=shown,
        product=shown.product,
        quantities=quantities(shown.product),
        wanted=basket.quantities().get(shown.product.id, 0),
        month=clock.today().month,
    )


def quantities(product: Product) -> list[int]:
    """What the list on the page offers: whole steps, no more than is left."""
    most = min(product.left // product.step, MOST_STEPS) if product.on_sale else 0
    return [product.step * n for n in range(1, most + 1)]
