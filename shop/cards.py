"""One card for each product of the week: what a filter wants to know of it, and how it looks.

A card looks the same to everybody: what somebody has of it in the basket stands in a gap (`core/gaps.py`). It is made
when a page first shows it, and kept until something on it changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import current_app
from markupsafe import Markup

from catalog import shelves, showing, version, wording
from catalog.models import Place, Product
from catalog.shelves import Shown
from catalog.version import GOODS, STOCK, Versions
from core import clock, web
from core.gaps import gap
from core.keeping import Keeper

MOST = 60  # cards of one page: more are a way to scroll, not a choice

_cards: Keeper[Card] = Keeper(6_000)  # with what they look like, about two kilobytes each
_rows: Keeper[Mapping[str, Sequence[Card]]] = Keeper(16)


@dataclass(frozen=True)
class _Look:
    """All that makes the same product look different."""

    place: Place | None
    language: str
    day: date

    @property
    def key(self) -> Hashable:
        where = self.place
        said = (where.id, where.kind, where.municipality, where.name, where.name_en) if where else None
        return said, self.language, self.day


@dataclass(frozen=True)
class Card:
    """``product`` is read-only and belongs to no session. ``left``: whether one step of it may be ordered."""

    shown: Shown
    look: _Look
    shelf: str
    allergens: frozenset[str]  # of `wording.ALLERGENS`; empty for "nessuno"
    left: bool
    in_season: bool

    @property
    def product(self) -> Product:
        return self.shown.product

    @cached_property
    def html(self) -> Markup:
        """Ready but for the gaps: send it through `shop.visit.answer`."""
        macros = current_app.jinja_env.get_template("shop/_card.html").module
        return macros.card(self, wording, self.look.place, gap(f"has {self.product.id}"))  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True)
class Shelf:
    """What a page shows of a shelf: some of its ``count`` cards, on one of its ``pages``."""

    slug: str
    cards: Sequence[Card]
    count: int
    page: int = 1
    pages: int = 1

    @property
    def name(self) -> str:
        """Of the gap in the page where its cards stand."""
        return f"shelf {self.slug}"

    @property
    def gap(self) -> Markup:
        return gap(self.name)

    @property
    def html(self) -> str:
        return "\n".join([card.html for card in self.cards])


def cards(versions: Versions, place: Place | None) -> Mapping[str, Sequence[Card]]:
    """Shelf -> its cards, seen from this place: what is in season first, what is not there now last."""
    look = _Look(place, web.language(), clock.today())
    now = version.of(versions, GOODS, STOCK)
    return _rows.get(now and (now, look.key), lambda: _in_rows(versions, look))


def first_of(rows: Mapping[str, Sequence[Card]]) -> list[Shelf]:
    """Everything where it fits on one page, else the first of each shelf: its own pages show the others."""
    fits = sum(map(len, rows.values())) <= MOST
    share = MOST if fits else MOST // len(rows)
    return [Shelf(slug, row[:share], len(row)) for slug, row in rows.items()]


def page_of(rows: Mapping[str, Sequence[Card]], slug: str, number: int) -> Shelf | None:
    """One page of one shelf, the first one for a number that there is not. None for a shelf without goods."""
    row = rows.get(slug, ())
    pages = -(-len(row) // MOST)
    page = number if 1 <= number <= pages else 1
    return Shelf(slug, row[(page - 1) * MOST : page * MOST], len(row), page, pages) if row else None


def _in_rows(versions: Versions, look: _Look) -> Mapping[str, Sequence[Card]]:
    rows: dict[str, list[Card]] = {}
    key = look.key
    for shown in showing.goods(versions, look.place.id if look.place else None).values():
        card = _cards.get((shown, key), lambda of=shown: _card(of, look))
        rows.setdefault(card.shelf, []).append(card)
    return {slug: sorted(rows[slug], key=_rank) for slug in sorted(rows, key=shelves.rank)}


def _card(shown: Shown, look: _Look) -> Card:
    product = shown.product
    named = {word.strip().lower() for word in product.allergens.split(",")}
    return Card(
        shown,
        look,
        product.shelf,
        frozenset(named - {"nessuno", ""}),
        product.left >= product.step,
        wording.is_in_season(product, look.day.month),
    )


def _rank(card: Card) -> int:
    return 2 if not card.left else 0 if card.in_season else 1
