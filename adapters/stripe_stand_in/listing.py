"""Lists in pages, and objects put in the place of their ids (Stripe: API, "Pagination", "Expanding responses")."""

from __future__ import annotations

import copy
import operator
from collections.abc import Iterable
from typing import Any

from adapters.stripe_stand_in.account import Account, Thing
from adapters.stripe_stand_in.refusals import Refusal

COMPARED = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
EXPANDABLE = {"payment_intent", "latest_charge", "charge"}


def page(things: Iterable[Thing], params: Thing, url: str) -> Thing:
    """One page, newest first. ``things`` come oldest first; a page has 10 of them unless ``limit`` says 1 to 100."""
    found = [thing for thing in reversed(list(things)) if _is_within(thing["created"], params.get("created", {}))]
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refusal("Invalid limit: must be between 1 and 100", code="parameter_invalid_integer", param="limit")
    if "ending_before" in params:
        before = found[: _place(found, params, "ending_before")]
        return _listed(before[-limit:], len(before) > limit, url)
    rest = found[_place(found, params, "starting_after") + 1 :] if "starting_after" in params else found
    return _listed(rest[:limit], len(rest) > limit, url)


def expanded(account: Account, thing: Thing, paths: list[str]) -> Thing:
    """A copy with objects instead of ids, at dotted ``paths`` such as ``payment_intent.latest_charge``."""
    thing = copy.deepcopy(thing)
    for path in paths:
        _expand(account, thing, path.split("."), path)
    return thing


def _expand(account: Account, node: Any, way: list[str], path: str) -> None:
    if not way or node is None:
        return
    if isinstance(node, list):
        for item in node:
            _expand(account, item, way, path)
        return
    step, *rest = way
    if step not in node or step not in EXPANDABLE | {"data"}:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(node[step], str):
        node[step] = copy.deepcopy(account.things[node[step]])
    _expand(account, node[step], rest, path)


def _is_within(created: int, wanted: int | Thing) -> bool:
    if isinstance(wanted, int):
        return created == wanted
    return all(COMPARED[name](created, moment) for name, moment in wanted.items())


def _place(found: list[Thing], params: Thing, cursor: str) -> int:
    for place, thing in enumerate(found):
        if thing["id"] == params[cursor]:
            return place
    raise Refusal(f"No such object: '{params[cursor]}'", code="resource_missing", param=cursor)


def _listed(data: list[Thing], has_more: bool, url: str) -> Thing:
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
