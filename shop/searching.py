"""Looking for something by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from catalog import search_index, search_questions, searching, showing, version
from catalog.search_index import Index
from catalog.searching import Found
from catalog.version import GOODS
from core import inputs
from core.doors import OPEN, door
from core.errors import Refused
from core.keeping import Keeper
from shop import blueprint, cards, visit
from shop.cards import Card
from shop.visit import Visit

_indexes: Keeper[Index] = Keeper(4)
_by_names: Keeper[Index] = Keeper(2)


@blueprint.get("/cerca")
@door(OPEN, "shop")
def search_page() -> Response:
    """Not kept: everybody types something else. Nor listed by search engines."""
    here, said, refused = visit.begin_here(), request.args.get("q", ""), None
    try:
        said = inputs.require_line(said, search_questions.LONGEST)
    except Refused as why:
        said, refused = inputs.one_line(said)[: search_questions.LONGEST], why
    page = visit.page(here, "shop/search.html", None, lambda: _facts(here, said, refused))
    response = visit.answer(page, here, **visit.has(here))
    response.status_code = refused.status if refused else 200
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _facts(here: Visit, said: str, refused: Refused | None) -> dict[str, Any]:
    rows = cards.cards(here.versions, here.place)
    known = {card.product.id: card for row in rows.values() for card in row}
    found = _found(here, said, known) if said and not refused else Found(())
    shown = [known[key] for key in found.ids if key in known]
    facts = {"said": said, "cards": shown[: cards.MOST], "count": len(shown), "meant": found.meant}
    facts["is_near"] = found.is_near
    return facts | {"sentence": refused.sentence if refused else "", "shelves": list(rows)}


def _found(here: Visit, said: str, known: Mapping[int, Card]) -> Found:
    """Of what is called so equally well, first what stands first on its shelf: what is in season, and there."""
    row = {key: n for n, key in enumerate(known)}
    return searching.search(_index(here), said, lambda key: row.get(key, len(row)))


def _index(here: Visit) -> Index:
    """Of this state of the catalogue, for every language and pick-up. A new price or picture is no new name."""
    key = version.of(here.versions, GOODS)
    return _indexes.get(key, lambda: _of_names(here))


def _of_names(here: Visit) -> Index:
    goods = showing.goods(here.versions, here.choice.place_id).values()
    names = tuple(search_index.named(shown.product) for shown in goods)
    return _by_names.get(names, lambda: search_index.prepare(names))
