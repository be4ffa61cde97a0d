"""What the law wants told of packs, mixed boxes, classes and short chains; and what is told can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog import products, telling, wording
from core import clock, undo
from core.errors import Refused
from core.settings import ROOT
from demo import told, world
from tests import factories as make
from tests.catalog.test_products import describe, jam

pytestmark = pytest.mark.usefixtures("app")


def test_a_pack_waits_until_it_says_ingredients_keeping_and_contents() -> None:
    pack = make.product("salsa", prepacked=True, on_sale=False)
    said = " ".join(telling.missing(pack))
    for words in ("ingredienti", "come si conserva", "quanto contiene"):
        assert words in said
    with pytest.raises(Refused, match="confezionato"):
        products.set_on_sale(pack.id, True, by=None)
    assert describe(pack, ingredients="pomodoro", storage="Al fresco.", net=500)
    assert products.set_on_sale(pack.id, True, by=None)


def test_what_is_loose_is_no_pack_even_where_somebody_ticks_it() -> None:
    made = products.add(jam(kind="by_weight", step=100, net=None, prepacked=True, perishable=True), 480, by=None)
    assert not made.prepacked
    assert telling.missing(made) == []


@pytest.mark.parametrize("words", [{"origin": "Italia/Spagna"}, {"origin": "UE e non UE"}, {"allergens": []}])
def test_every_product_needs_one_country_and_an_answer_about_allergens(words: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        products.add(jam(**words), 480, by=None)


def test_a_mixed_box_may_come_from_several_countries_and_has_no_price_per_kilo() -> None:
    box = products.add(jam(contents="mele, pere", origin="UE e non UE", net=9_000), 1500, by=None)
    assert box.unit_price is None
    with pytest.raises(Refused, match="10 chili"):
        products.add(jam(name="Cassa", contents="mele, pere", net=10_001), 1500, by=None)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Pomodori ramati", True),
        ("Mele renette", True),
        ("Lattuga", True),
        ("Peperoni", True),
        ("Uva fragola", True),
        ("Scarola", True),
        ("Melanzane", False),
        ("Melagrane", False),
        ("Peperoncini", False),
        ("Carote", False),
    ],
)
def test_a_class_is_asked_for_where_the_law_has_a_standard_until_there_is_one_or_none_is_needed(
    name: str, asked: bool
) -> None:
    wanted = "Per questo prodotto di solito serve la categoria (Extra, I, II)."
    fresh = make.product("fresco", name=name, kind="by_weight")
    assert (wanted in telling.advice(fresh)) == asked
    for said in ("I", wording.EXEMPT):
        fresh.quality_class = said
        assert wanted not in telling.advice(fresh)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("name", "Carote premium"),
        ("description", "Qualità suprema"),
        ("description", "extra qualità"),
        ("description", "Coltivazione ecologica"),
        ("description", "packaging green"),
        ("recipe", "Un piatto sostenibile"),
        ("contents", "verdure a impatto zero"),
        ("variety", "biologica"),
        ("description_en", "carbon neutral"),
        ("recipe_en", "a sustainable dish"),
    ],
)
def test_words_of_praise_and_of_green_are_pointed_out_wherever_they_stand(column: str, words: str) -> None:
    carrots = make.product("carote")
    setattr(carrots, column, words)
    said = " ".join(telling.advice(carrots))
    assert "promette qualcosa che la legge chiede di dimostrare" in said


def test_the_demo_follows_its_own_advice() -> None:
    assert set(told.TOLD) == {good.slug for good in world.GOODS}
    for words in told.TOLD.values():
        assert all((*words.about, *words.keeps, *words.recipe, words.other))
        for language, praise in ((0, telling.PRAISE), (1, telling.PRAISE_IN_ENGLISH)):
            said = " ".join(part[language] for part in (words.about, words.keeps, words.recipe)).lower()
            assert not [word for word in praise if word in said]


def test_when_it_comes_back_is_told_and_taken_back_as_the_day_that_it_was() -> None:
    day = clock.today() + timedelta(days=9)
    honey = make.honey(left=0)
    assert describe(honey, back_on=day.isoformat())
    make.fresh(honey)
    assert honey.back_on == day
    assert describe(honey, back_on=(day + timedelta(days=1)).isoformat(), other_names="miele chiaro")
    assert undo.undo_last(honey) == "le nuove parole"
    make.fresh(honey)
    assert (honey.back_on, honey.other_names) == (day, "")
    undo.undo_last(honey)
    make.fresh(honey)
    assert honey.back_on is None


@pytest.mark.parametrize(("origin", "resellers", "is_short"), [("Italia", 1, True), ("Italia", 2, False)])
def test_a_short_chain_is_national_and_has_at_most_one_who_resells(origin: str, resellers: int, is_short: bool) -> None:
    assert wording.is_short_chain(make.honey(origin=origin, resellers=resellers)) == is_short


def test_nobody_calls_themselves_a_social_farm_nor_shows_a_logo_of_zero_km() -> None:
    """Law 141/2015, LR 35/2017 art. 5: only with a registration number, which nobody has given; law 61/2022 art. 5."""
    read: list[Any] = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt"), ROOT / "demo/world.py"]
    assert len(read) > 100
    assert not [path.name for path in read if "fattoria sociale" in path.read_text(encoding="utf-8").lower()]
    pictures = [path.name.lower() for path in ROOT.glob("static/img/**/*")]
    assert not [name for name in pictures if "km0" in name or "chilometro-zero" in name or "filiera" in name]
