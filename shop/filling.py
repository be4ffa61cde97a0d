"""What one puts into the basket, changes there and takes out again."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import products, wording
from core import inputs
from core.doors import OPEN, door
from core.errors import NotFound
from shop import basket, blueprint, visit
from shop.basket import Line
from shop.choosing import choice

TAKEN_OUT = "taken_out"  # the last line that was taken out, so that it can come back


@blueprint.get("/carrello")
@door(OPEN, "shop")
def basket_page() -> str:
    lines, chosen = basket.lines(), choice()
    return render_template(
        "shop/basket.html",
        choice=chosen,
        lines=lines,
        sums=basket.sums([line.to_be_had for line in lines], chosen.fee),
        taken_out=_find_taken_out(),
    )


@blueprint.post("/carrello")
@door(OPEN, "shop")
def add_to_basket() -> Response:
    """Add a quantity, or one step where none is understood, to what is there already."""
    line = _line(inputs.whole_number(request.form.get("prodotto")))
    more = _quantity()
    wanted = _in_steps(line, line.quantity + (line.product.step if more is None else more))
    basket.put(line.product.id, wanted)
    flash(_sentence(line, wanted), "basket")
    return redirect(_way_back(request.form.get("da", ""), line.product.slug, is_there=wanted > 0), 303)


@blueprint.post("/carrello/<int:product_id>")
@door(OPEN, "shop")
def change_basket(product_id: int) -> Response:
    """Set a quantity; nothing takes the line out, and it can be put back. What is no quantity changes nothing."""
    line = _line(product_id)
    quantity = _quantity()
    wanted = _in_steps(line, line.quantity if quantity is None else quantity)
    basket.put(product_id, wanted)
    if wanted:
        session.pop(TAKEN_OUT, None)
        return redirect(url_for("shop.basket_page", _anchor=line.product.slug), 303)
    session[TAKEN_OUT] = [product_id, line.quantity]
    return redirect(url_for("shop.basket_page"), 303)


def _way_back(came_from: str, slug: str, *, is_there: bool) -> str:
    """The page of the product, or the page of the week or of what was found, with the query that it had.

    There to where it says what is in the basket, beside the button that was pressed; else to the card.
    """
    where = f"{visit.HAS}{slug}" if is_there else slug
    if came_from == "prodotto":
        return url_for("shop.product_page", slug=slug, _anchor=f"{visit.HAS}{slug}")
    page, _mark, asked = came_from.partition("?")
    there = url_for("shop.search_page" if page == "cerca" else "shop.home")
    query = urlencode(parse_qsl(asked)) if page in ("", "cerca") else ""
    return f"{there}?{query}#{where}" if query else f"{there}#{where}"


def _quantity() -> int | None:
    """Grams or pieces."""
    return inputs.whole_number(request.form.get("quantita"))


def _line(product_id: int | None) -> Line:
    product = visit.find_product(product_id) or products.by_ids([product_id]).get(product_id) if product_id else None
    if product is None or product.practice:
        raise NotFound(_("Questo prodotto non c'è."))
    return Line(product, basket.quantities().get(product.id, 0))


def _in_steps(line: Line, quantity: int) -> int:
    """Whole steps, no more than can be promised."""
    return min(quantity // line.product.step * line.product.step, line.most)


def _sentence(line: Line, wanted: int) -> str:
    product = line.product
    name = wording.name(product)
    if not wanted:
        return _("%(name)s: finito per ora.", name=name)
    amount = wording.amount(product, wanted)
    if wanted == line.quantity:
        return _("%(name)s: hai già tutto quello che resta, %(amount)s.", name=name, amount=amount)
    return _("%(name)s: nel carrello %(amount)s.", name=name, amount=amount)


def _find_taken_out() -> Line | None:
    product_id, quantity = session.get(TAKEN_OUT, (0, 0))
    found = basket.lines_of({product_id: quantity}) if product_id else []
    return found[0] if found and product_id not in basket.quantities() and found[0].most else None
