"""The shelves and one product."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask_babel import gettext as _

from catalog import filtering, showing, version, wording
from catalog.filtering import Choices, Wanted
from catalog.models import Field, Place, Product
from catalog.shelves import Shown
from catalog.showing import One
from catalog.version import GOODS
from core import clock, inputs, web
from core.doors import OPEN, door
from core.errors import NotFound
from core.keeping import Keeper
from shop import basket, blueprint, cards, maps, visit
from shop.cards import Card, Shelf
from shop.maps import Sketch
from shop.visit import Making, Visit

_choices: Keeper[Choices] = Keeper(2)
_sketches: Keeper[str] = Keeper(500)
MOST_STEPS = 20  # as many quantities as a list may offer


@blueprint.get("/")
@door(OPEN, "shop")
def home() -> Response:
    here = visit.begin_here()
    if any(request.args.get(name) for name in ("scaffale", "campo", "senza")):
        return _some(here)
    page = visit.page(here, "shop/home.html", "all", lambda: _all(here))
    return visit.answer(page, here, **visit.has(here))


@blueprint.get("/prodotti/<slug>")
@door(OPEN, "shop")
def product_page(slug: str) -> Response:
    here = visit.begin_here()
    page = visit.page(here, "shop/product.html", slug, lambda: _making(here, slug))
    product = page.about["product"]
    return visit.answer(page, here, **visit.told(product.slug, _in_basket(product)))


def quantities(product: Product) -> list[int]:
    """What the list on the page offers: whole steps, no more than is left."""
    most = min(product.left // product.step, MOST_STEPS) if product.on_sale else 0
    return [product.step * n for n in range(1, most + 1)]


def _all(here: Visit) -> Making:
    rows, goods = _rows(here), version.of(here.versions, GOODS)
    shown, choices = cards.first_of(rows), _choices.get(goods, lambda: filtering.choices(rows))
    facts = {"shelves": shown, "one": None, "choices": choices, "asked": Wanted()}
    fields = [(field.id, field.name, number) for field, number in choices.fields]
    frame = (*choices.shelves, *fields, *choices.allergens, *[(len(shelf.cards), shelf.count) for shelf in shown])
    return Making(lambda: facts, frame, _pieces(shown))


def _pieces(shown: Sequence[Shelf]) -> dict[str, str]:
    return {shelf.name: shelf.html for shelf in shown}


def _some(here: Visit) -> Response:
    """What was filtered, a whole shelf in pages. Raises NotFound for a shelf that has nothing."""
    rows, args = _rows(here), request.args
    wanted = filtering.wanted(
        rows, args.get("scaffale", ""), inputs.whole_number(args.get("campo")), args.getlist("senza")
    )
    if args.get("scaffale") and not wanted.shelf:
        raise NotFound(_("Questa pagina non c'è."))
    left = filtering.kept(rows, wanted)
    one = cards.page_of(left, wanted.shelf, inputs.whole_number(args.get("pagina")) or 1) if wanted.shelf else None
    query = [("campo", str(wanted.field_id))] if wanted.field_id else []
    query += [("senza", word) for word in sorted(wanted.without)]
    place = [("scaffale", one.slug), ("pagina", str(one.page))] if one else []
    shown = [one] if one else cards.first_of(left)
    facts = {
        "shelves": shown,
        "one": one,
        "choices": filtering.choices(rows),
        "asked": wanted,
        "count": sum(map(len, left.values())),
        "filter": urlencode(query) + "&" if query else "",
        "here": "?" + urlencode([*query, *place]),
    }
    about = (one.slug, one.page) if one and not query else None  # of what is filtered there are too many
    page = visit.page(here, "shop/home.html", about, lambda: Making(lambda: facts, pieces=_pieces(shown)))
    return visit.answer(page, here, **visit.has(here))


def _rows(here: Visit) -> Mapping[str, Sequence[Card]]:
    return cards.cards(here.versions, here.place)


def _making(here: Visit, slug: str) -> Making:
    """Of what is left the page says only what `_left` says: another number is no other page."""
    one = showing.one(here.versions, slug, here.choice.place_id)
    return Making(lambda: _facts(here, one), (one.mark, _left(one.shown.product)))


def _left(product: Product) -> Hashable:
    return len(quantities(product)), wording.scarce(product)


def _facts(here: Visit, one: One) -> dict[str, Any]:
    shown, product = one.shown, one.shown.product
    facts = {"shown": shown, "product": product, "quantities": quantities(product)}
    facts |= {"before": showing.find_before(one), "sketch": _sketch(here, shown)}
    return facts | {"month": clock.today().month}


def _sketch(here: Visit, shown: Shown) -> str:
    """The field, and the pick-up where the way between them was measured. Drawn once for all that grows there."""
    field, place = shown.product.field, here.place
    if field is None:
        return ""
    if place is None or shown.distance is None:
        return _drawn(field)
    name = place.municipality if place.kind == "round" else wording.place(place)
    return _drawn(field, place, name, shown.distance.km)


def _drawn(field: Field, place: Place | None = None, name: str = "", km: int = 0) -> str:
    where = [(one.latitude, one.longitude) for one in (field, place) if one]
    key = (*where, field.name, field.municipality, name, km, web.language())
    return _sketches.get(key, lambda: _draw(maps.sketch(field, place, name, km)))


def _draw(sketch: Sketch) -> str:
    return current_app.jinja_env.get_template("shop/_map.html").module.map(sketch)  # type: ignore[attr-defined, no-any-return]


def _in_basket(product: Product) -> str:
    """How much of it is in the basket, in words; empty for none."""
    wanted = basket.quantities().get(product.id)
    return wording.amount(product, wanted) if wanted else ""
