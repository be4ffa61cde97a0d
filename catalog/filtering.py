"""Fewer goods on the page of the week: one kind, one field, without an allergen. What cannot be chosen is no filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from catalog.models import Field, Product
from catalog.wording import ALLERGENS


class Carded(Protocol):
    """What is asked of a card. ``allergens``: of `wording.ALLERGENS`; empty for none."""

    @property
    def product(self) -> Product: ...
    @property
    def allergens(self) -> frozenset[str]: ...


Card = TypeVar("Card", bound=Carded)
Rows = Mapping[str, Sequence[Card]]


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see: empty and None for all of it."""

    shelf: str = ""
    field_id: int | None = None
    without: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.shelf or self.field_id or self.without)


@dataclass(frozen=True)
class Choices:
    """What there is to choose from now, each with how many products it has; allergens in the order of the law."""

    shelves: Sequence[tuple[str, int]]
    fields: Sequence[tuple[Field, int]]
    allergens: Sequence[tuple[str, int]]


def wanted(rows: Rows[Card], shelf: str, field_id: int | None, without: Collection[str]) -> Wanted:
    """Of what was asked for that which somebody can choose here."""
    can = choices(rows)
    return Wanted(
        shelf if shelf in rows else "",
        field_id if any(field.id == field_id for field, _count in can.fields) else None,
        frozenset(without) & {word for word, _count in can.allergens},
    )


def kept(rows: Rows[Card], by: Wanted) -> dict[str, list[Card]]:
    """The rows with what fits in the order that they had; shelves with nothing are left out."""
    found = {shelf: [card for card in row if _fits(card, by)] for shelf, row in rows.items() if by.shelf in ("", shelf)}
    return {shelf: row for shelf, row in found.items() if row}


def choices(rows: Rows[Card]) -> Choices:
    cards = [card for row in rows.values() for card in row]
    fields = {card.product.field_id: card.product.field for card in cards if card.product.field}
    grown = Counter(card.product.field_id for card in cards if card.product.field)
    allergens = Counter(word for card in cards for word in card.allergens)
    return Choices(
        [(shelf, len(row)) for shelf, row in rows.items()],
        sorted(((field, grown[key]) for key, field in fields.items()), key=lambda each: each[0].name),
        [(word, allergens[word]) for word in ALLERGENS if allergens[word]],
    )


def _fits(card: Carded, by: Wanted) -> bool:
    return by.field_id in (None, card.product.field_id) and not by.without & card.allergens
