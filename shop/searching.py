"""Looking for something by its name."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from catalog import searching, showing, version
from catalog.searching import Index
from catalog.version import GOODS
from core import inputs
from core.doors import OPEN, door
from core.errors import Refused
from core.keeping import Keeper
from shop import blueprint, cards, visit
from shop.visit import Visit

_indexes: Keeper[Index] = Keeper(4)
_by_names: Keeper[Index] = Keeper(2)


@blueprint.get("/cerca")
@door(OPEN, "shop")
def search_page() -> Response:
    """Not kept: everybody types something else. Nor listed by search engines."""
    here, said, refused = visit.begin_here(), request.args.get("q", ""), None
    try:
        said = inputs.require_line(said, searching.LONGEST)
    except Refused as why:
        said, refused = inputs.one_line(said)[: searching.LONGEST], why
    page = visit.page(here, "shop/search.html", None, lambda: _facts(here, said, refused))
    response = visit.answer(page, here, **visit.has(here))
    response.status_code = refused.status if refused else 200
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _facts(here: Visit, said: str, refused: Refused | None) -> dict[str, Any]:
    rows = cards.cards(here.versions, here.place)
    found = searching.search(_index(here), said) if said and not refused else searching.Found(())
    known = {card.product.id: card for row in rows.values() for card in row}
    shown = [known[key] for key in found.ids if key in known]
    facts = {"said": said, "cards": shown[: cards.MOST], "count": len(shown), "meant": found.meant}
    return facts | {"sentence": refused.sentence if refused else "", "shelves": list(rows)}


def _index(here: Visit) -> Index:
    """Of this state of the catalogue, for every language and pick-up. A new price or picture is no new name."""
    key = version.of(here.versions, GOODS)
    return _indexes.get(key, lambda: _of_names(here))


def _of_names(here: Visit) -> Index:
    goods = showing.goods(here.versions, here.choice.place_id).values()
    names = tuple(searching.named(shown.product) for shown in goods)
    return _by_names.get(names, lambda: searching.prepare(names))
