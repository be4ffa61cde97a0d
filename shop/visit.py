"""One visitor on pages that are the same for everybody: which of them, and what stands in its gaps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, request, session
from flask_wtf.csrf import generate_csrf

from catalog import showing, version, wording
from catalog.models import PickUp, Place, Product
from catalog.version import HOUSE, PARTS, PICKUPS, Versions
from core import clock, gaps, web
from core.gaps import TOKEN, Page, gap
from core.keeping import Keeper
from shop import basket, choosing, surroundings
from shop.choosing import Choice

COUNT, LOST, BAR, NOTES, WANTED = "count", "lost", "bar", "notes", "wanted"
GAPS = {"basket_count": COUNT, "lost": LOST, "bar": BAR, "notes": NOTES, "wanted": WANTED}
"""The names under which templates find the gaps."""

HAS = "carrello-"
"""Before a product's slug: the id of where it says how much of it is in the basket."""

EMPTY = {COUNT: "0"}
"""What stands in the gaps of a visitor who has nothing yet."""

BEGAN = "chilometrico.began"  # in the environment of a request: the versions that were read when it began
MADE = "chilometrico.made"  # in the environment of a request: the page that it got, and what it is known by

OF_A_PICKUP = [column.key for column in PickUp.__table__.columns if column.key not in ("taken", "crates_given")]
OF_A_PLACE = [column.key for column in Place.__table__.columns]

_pages: Keeper[Page] = Keeper(500)
_frames: Keeper[tuple[str, dict[str, Any]]] = Keeper(500)
_wholes: Keeper[Page] = Keeper(500)
_bands: Keeper[Any] = Keeper(100)
_choices: Keeper[Choice] = Keeper(100)


@dataclass(frozen=True)
class Visit:
    """The versions that this page is of, and the pick-up that it is for."""

    versions: Versions
    choice: Choice

    @property
    def place(self) -> Place | None:
        return self.choice.chosen.place if self.choice.chosen else None


def begin_here() -> Visit:
    """Of the request that is being answered."""
    return begin(session.get(choosing.KEY), request.environ.get(BEGAN))


def begin(pickup_id: int | None, before: Versions | None = None) -> Visit:
    """One statement where nothing has changed. ``pickup_id``: the one that was chosen; ``before``: `version.now`."""
    versions = version.now(before)
    offer = showing.offer(versions)
    key = version.of(versions, PICKUPS)
    choice = _choices.get(key and (key, offer.since, pickup_id), lambda: choosing.choice_among(offer.open, pickup_id))
    return Visit(versions, choice)


def find_product(product_id: int) -> Product | None:
    """As it is now, for whoever presses a button on a page that is kept. None where the database has to be asked."""
    here = begin_here()
    return showing.find_kept(here.versions, here.choice.place_id, [product_id]).get(product_id)


def known(visit: Visit, language: str) -> Hashable:
    """All that makes a page another one, but for which page it is; None where nothing may be kept."""
    versions = version.of(visit.versions, *PARTS)
    chosen = visit.choice.chosen.id if visit.choice.chosen else None
    return (versions, chosen, language, clock.today()) if versions else None


@dataclass(frozen=True)
class Making:
    """How a page comes about. ``facts``: what its template is given, worked out where that has to be written.

    ``frame``: all of the facts that shows outside of ``pieces`` (gap -> what stands there); None for what is not kept.
    """

    facts: Callable[[], dict[str, Any]]
    frame: Hashable = None
    pieces: Mapping[str, str] = field(default_factory=dict)


def page(visit: Visit, template: str, which: Hashable, facts: Callable[[], dict[str, Any] | Making]) -> Page:
    """The page of this template for everybody with the same pick-up and language, ``about`` its facts.

    ``which`` of its pages; None for one that is not kept. ``facts`` are worked out where it has to be made.
    """
    same = known(visit, web.language())
    key = (template, which, same) if same and which else None
    return _pages.get(key, lambda: _made(visit, template, facts()))


def answer(of: Page, visit: Visit, **more: str) -> Response:
    """For this visitor: ``more`` fills the gaps that only this page has. `shop.front` hears what is everybody's."""
    fill = {COUNT: str(basket.count()), TOKEN: generate_csrf()} | more
    if visit.choice.lost:
        fill[LOST] = macro("_parts").lost(visit.choice)
    elif not request.args and fill.keys() == {COUNT, TOKEN} and (same := known(visit, web.language())):
        request.environ[MADE] = same, of
    return gaps.answer(of, fill)


def has(visit: Visit) -> dict[str, str]:
    """The gaps of the cards of what is in the basket, and the bar below them."""
    wanted = basket.quantities()
    said = _said()
    if not wanted and not said:
        return {}
    goods = showing.goods(visit.versions, visit.choice.place_id)
    lines = [basket.Line(goods[key].product, quantity) for key, quantity in wanted.items() if key in goods]
    sums = basket.sums(lines, visit.choice.fee) if wanted else None
    words = {
        f"has {line.product.id}": macro("_card").has(
            HAS + line.product.slug, wording.amount(line.product, line.quantity)
        )
        for line in lines
    }
    return words | {BAR: macro("_visit").bar([sentence for _category, sentence in said], sums)}


def told(slug: str, wanted: str) -> dict[str, str]:
    """Of a page's one product what was just done, else how much of it is in the basket; ``wanted``: that in words."""
    said = [sentence for _category, sentence in _said()]
    return {WANTED: macro("_visit").told(HAS + slug, said, wanted)} if said or wanted else {}


def said() -> str:
    """What was just done, as `layouts/base.html` says it."""
    return macro("_visit").notes(_said())  # type: ignore[no-any-return]


def _made(visit: Visit, template: str, made: dict[str, Any] | Making) -> Page:
    """What has not changed of it is not written again: all but the pieces, where the frame is the same."""
    making = Making(lambda: made) if isinstance(made, dict) else made
    house = version.of(visit.versions, HOUSE)
    around = (house, seen_of(visit.choice.chosen), web.language(), clock.today())
    key = (template, making.frame, around) if making.frame is not None and house else None
    if not making.pieces:
        return _wholes.get(key, lambda: Page(*_written(visit, template, making.facts())))
    text, about = _frames.get(key, lambda: _written(visit, template, making.facts()))
    for name, words in making.pieces.items():
        text = text.replace(gap(name), words)
    return Page(text, about)


def _written(visit: Visit, template: str, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Without what Flask gives to every template: request and session."""
    around = surroundings.for_everybody(visit.versions) | {name: gap(of) for name, of in GAPS.items()}
    around |= {"band": _band(visit.choice)}
    words = current_app.jinja_env.get_template(template)
    return gaps.written_by_nobody(lambda: words.render(choice=visit.choice, **around, **facts)), facts


def _band(choice: Choice) -> Any:
    """The pick-up above every page, which is the same on all of them."""
    key = (seen_of(choice.chosen), web.language(), clock.today())
    return _bands.get(key, lambda: macro("_parts").band(choice, wording))


def seen_of(pickup: PickUp | None) -> Hashable:
    """All that a page may say of the pick-up and its place, but for how full it is."""
    if pickup is None:
        return None
    return tuple([getattr(pickup, name) for name in OF_A_PICKUP] + [getattr(pickup.place, name) for name in OF_A_PLACE])


def _said() -> list[tuple[str, str]]:
    """Flashed words, once; a visitor without any has no session touched."""
    return [(category, str(words)) for category, words in session.pop("_flashes")] if "_flashes" in session else []


def macro(name: str) -> Any:
    return current_app.jinja_env.get_template(f"shop/{name}.html").module
