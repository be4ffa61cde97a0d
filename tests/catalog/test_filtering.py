"""Filters: what can be chosen is what there is, and what cannot be chosen changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from catalog import filtering
from catalog.filtering import Wanted
from catalog.models import Field, Product


@dataclass(frozen=True)
class Carded:
    product: Product
    allergens: frozenset[str]


NORTH, SOUTH = Field(id=1, name="Campo nord"), Field(id=2, name="Campo sud")


def card(slug: str, field: Field | None = None, *allergens: str) -> Carded:
    return Carded(Product(slug=slug, field=field, field_id=field.id if field else None), frozenset(allergens))


ROWS = {
    "orto": [card("bietole", NORTH), card("sedano", SOUTH, "sedano")],
    "dispensa": [card("miele"), card("giardiniera", SOUTH, "sedano", "senape"), card("pasta", NORTH, "glutine")],
}


def slugs(wanted: Wanted) -> dict[str, list[str]]:
    return {shelf: [each.product.slug for each in row] for shelf, row in filtering.kept(ROWS, wanted).items()}


def test_nothing_wanted_leaves_everything_as_it_is() -> None:
    assert filtering.kept(ROWS, Wanted()) == ROWS
    assert not Wanted()


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(shelf="orto"), {"orto": ["bietole", "sedano"]}),
        (Wanted(field_id=2), {"orto": ["sedano"], "dispensa": ["giardiniera"]}),
        (Wanted(without=frozenset({"sedano"})), {"orto": ["bietole"], "dispensa": ["miele", "pasta"]}),
        (Wanted("dispensa", 1, frozenset({"senape"})), {"dispensa": ["pasta"]}),
        (Wanted("dispensa", 1, frozenset({"glutine"})), {}),
    ],
)
def test_each_filter_keeps_what_fits_and_all_of_them_together(wanted: Wanted, left: dict[str, list[str]]) -> None:
    assert slugs(wanted) == left


def test_one_can_choose_what_there_is_each_with_its_number_and_allergens_in_the_order_of_the_law() -> None:
    found = filtering.choices(ROWS)
    assert found.shelves == [("orto", 2), ("dispensa", 3)]
    assert [(field.name, count) for field, count in found.fields] == [("Campo nord", 2), ("Campo sud", 2)]
    assert found.allergens == [("glutine", 1), ("sedano", 2), ("senape", 1)]


def test_what_nobody_can_choose_is_no_filter() -> None:
    assert not filtering.wanted(ROWS, "pesce", 99, ["fantasia", "latte", ""])
    assert filtering.wanted(ROWS, "orto", 2, ["sedano", "fantasia"]) == Wanted("orto", 2, frozenset({"sedano"}))
