"""What a product says, its price, whether it is on sale: written down, refused, taken back."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from catalog import listing, places, products, stock, telling
from catalog.models import Product
from core import clock, inputs, journal, seen, undo
from core.database import transaction
from core.errors import Conflict, NotFound, Refused
from orders import books, counting, finding, placing
from tests import factories as make
from tests.shop.citizen import statements
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

JAM: dict[str, Any] = {
    **dict.fromkeys(telling.LONGEST, ""),
    "name": "Confettura di more",
    "origin": "Italia",
    "unit": "vasetto",
    "unit_plural": "vasetti",
    "kind": "fixed",
    "step": 1,
    "piece_grams": None,
    "net": 330,
    "net_measure": "g",
    "tolerance_percent": 10,
    "vat_category": "verdura",
    "shelf": "dispensa",
    "field_id": None,
    "processed_at_id": None,
    "container_id": None,
    "season": "",
    "allergens": ["nessuno"],
    "perishable": False,
}


def jam(**more: Any) -> dict[str, Any]:
    make.vat()
    return {**JAM, **more}


def words_of(product: Product, **more: Any) -> dict[str, Any]:
    """As its form would send them."""
    make.fresh(product)
    words = {name: getattr(product, name) for name in telling.WORDS}
    return {**words, "allergens": product.allergens.split(", "), **more}


def describe(product: Product, **more: Any) -> bool:
    words = words_of(product, **more)
    return products.describe(product.id, words, seen_as=seen.of(product, telling.WORDS), by=None)


# --- new


def test_a_new_product_waits_out_of_sight_with_its_first_price_and_an_address_of_its_own() -> None:
    first = products.add(jam(), 480, by=None)
    assert (first.slug, first.price, first.on_sale, first.left) == ("confettura-di-more", 480, False, 0)
    assert products.lowest_price(first).cents == 480
    second = products.add(jam(name="Confettura di More!"), 480, by=None)
    assert second.slug == "confettura-di-more-2"
    assert [entry.action for entry in journal.entries(second)] == ["product.created"]


def test_two_who_add_the_same_product_at_once_make_one(app: Flask) -> None:
    words = jam()
    answers = together(app, *(lambda: products.add(words, 480, by=None).id for _ in range(4)))
    assert [type(fault) for fault in faults(answers)] == [Conflict] * 3
    make.fresh(None)
    assert listing.listed("", listing.ALL, 1).counts[listing.ALL] == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", " "),
        ("name", "x" * 81),
        ("name_en", "Jam\0"),
        ("kind", "by_magic"),
        ("step", 0),
        ("step", None),
        ("net", 0),
        ("net", 50_001),
        ("net_measure", "kg"),
        ("tolerance_percent", 51),
        ("vat_category", "oro"),
        ("shelf", "cantina"),
        ("season", "13-2"),
        ("season", "10"),
        ("allergens", []),
        ("allergens", ["nessuno", "latte"]),
        ("allergens", ["drago"]),
        ("origin", "Italia/Spagna"),
        ("origin", "Italia e Spagna"),
        ("unit_plural", ""),
        ("field_id", 987654),
        ("price", 0),
        ("price", 100_001),
    ],
)
def test_what_a_product_cannot_say_is_refused_at_its_field(column: str, value: Any) -> None:
    words, cents = jam(**({} if column == "price" else {column: value})), value if column == "price" else 480
    with pytest.raises(Refused) as refused:
        products.add(words, cents, by=None)
    assert refused.value.details["field"] == column
    assert listing.listed("", listing.ALL, 1).counts[listing.ALL] == 0


def test_each_kind_keeps_only_what_belongs_to_it() -> None:
    bowl = places.add_container("Ciotola verde", 180, by=None)
    weighed = {"kind": "by_weight", "step": 500, "container_id": bowl.id, "net_measure": "ml", "piece_grams": 900}
    carrots = products.add(jam(name="Carote viola", **weighed), 220, by=None)
    assert (carrots.net, carrots.net_measure, carrots.piece_grams, carrots.container_id) == (None, "g", None, bowl.id)
    squash = {"kind": "piece_by_weight", "piece_grams": 1800, "unit": "", "unit_plural": ""}
    assert products.add(jam(name="Zucca", **squash), 240, by=None).piece_grams == 1800
    with pytest.raises(Refused, match="circa un pezzo"):
        products.add(jam(name="Verza", kind="piece_by_weight"), 240, by=None)
    assert products.add(jam(container_id=bowl.id), 480, by=None).container_id is None


# --- other words


def test_other_words_are_said_from_now_on_and_can_be_taken_back() -> None:
    honey = make.honey()
    order = make.order(make.wish(honey))
    assert describe(honey, name="Miele di tiglio", perishable=True)
    make.fresh(None)
    assert (honey.name, honey.slug) == ("Miele di tiglio", "miele-acacia")
    line = finding.get(order.id).lines[0]
    assert (line.name, line.perishable) == ("Miele di acacia", False)
    entry = journal.entries(honey)[0]
    assert entry.data["before"] == {"name": "Miele di acacia", "perishable": False}
    assert undo.undo_last(honey) == "le nuove parole"
    make.fresh(None)
    assert (honey.name, honey.perishable) == ("Miele di acacia", False)


def test_saving_what_is_there_already_is_no_deed() -> None:
    honey = make.honey()
    before = len(journal.entries(honey))
    assert not describe(honey)
    assert len(journal.entries(honey)) == before


def test_whoever_saves_later_is_shown_what_was_saved_before() -> None:
    honey = make.honey()
    words, sign = words_of(honey, name="Miele del bosco"), seen.of(honey, telling.WORDS)
    assert describe(honey, storage="Al buio.")
    with pytest.raises(Conflict, match="ancora qui"):
        products.describe(honey.id, words, seen_as=sign, by=None)
    make.fresh(None)
    assert (honey.name, honey.storage) == ("Miele di acacia", "Al buio.")


def test_words_that_were_changed_again_are_not_taken_back_twice() -> None:
    honey = make.honey()
    describe(honey, name="Miele del bosco")
    describe(honey, name="Miele del prato")
    assert undo.undo_last(honey) == "le nuove parole"
    products.add(jam(name="Miele di acacia"), 480, by=None)
    with pytest.raises(Conflict, match="C'è già un prodotto"):
        undo.undo_last(honey)


def test_a_name_belongs_to_one_product() -> None:
    make.honey()
    with pytest.raises(Conflict) as refused:
        describe(make.chard(), name="MIELE di acacia")
    assert refused.value.details["field"] == "name"


def test_jars_that_were_counted_do_not_become_grams() -> None:
    honey, empty = make.honey(left=8), make.product("vuoto", left=0)
    with pytest.raises(Conflict) as refused:
        describe(honey, kind="by_weight", step=100)
    assert refused.value.details["field"] == "kind"
    assert describe(empty, kind="by_weight", step=100)
    stock.offer(empty, 5000)
    stock.take_back_offer(empty.id, 5000)
    with pytest.raises(Conflict):
        products.describe_back(empty.id, {"kind": "by_weight"}, {"kind": "fixed"})


def test_practice_has_a_catalogue_of_its_own() -> None:
    jar = make.product("vasetto-di-prova", practice=True)
    for deed in (
        lambda: products.get(jar.id),
        lambda: products.set_on_sale(jar.id, False, by=None),
        lambda: counting.count(jar.id, 3, by=None),
    ):
        with pytest.raises(NotFound):
            deed()
    assert listing.listed("", listing.ALL, 1).goods == []


# --- in the shop window


def test_a_product_that_does_not_say_its_country_stays_out_of_the_window() -> None:
    honey = make.honey(on_sale=False, origin="")
    with pytest.raises(Refused, match="paese di origine"):
        products.set_on_sale(honey.id, True, by=None)
    assert describe(honey, origin="Italia")
    assert products.set_on_sale(honey.id, True, by=None)
    assert not products.set_on_sale(honey.id, True, by=None)
    with pytest.raises(Refused, match="paese di origine"):
        describe(honey, origin="")
    undo.undo_last(honey)
    make.fresh(honey)
    assert not honey.on_sale


def test_what_keeps_needs_its_contents_for_the_price_of_a_kilo() -> None:
    noted = make.product("sottoli", perishable=False)
    assert telling.missing(noted) == [
        "È un prodotto che dura: scrivi quanto contiene, per il prezzo al chilo o al litro."
    ]
    assert telling.missing(make.chard()) == []


def test_advice_names_what_the_law_likes_to_see_and_words_that_it_does_not() -> None:
    apples = make.product("mele", kind="by_weight", description="Mele premium, coltivate in modo sostenibile.")
    advice = " ".join(telling.advice(apples))
    for words in ("categoria", "chilometri", "«premium»", "«sostenibile»"):
        assert words in advice
    beans = make.product("fagiolini", name_en="Green beans", field_id=make.field().id)
    assert telling.advice(beans) == []


# --- the price


def test_the_lowest_price_of_30_days_forgets_what_was_before_them() -> None:
    start = clock.now() - timedelta(days=90)
    with clock.at(start):
        honey = make.honey(price=500)
    for days, cents in ((50, 900), (20, 800), (10, 950)):
        with clock.at(start + timedelta(days=90 - days)):
            products.set_price(honey.id, cents)
    make.fresh(honey)
    assert products.lowest_price(honey) == products.Lowest(800, None)


def test_a_price_younger_than_30_days_says_since_when() -> None:
    honey = make.honey(price=850)
    lowest = products.lowest_price(honey)
    assert lowest.cents == 850
    assert lowest.since is not None


def test_the_price_of_now_counts_even_when_it_is_older_than_30_days() -> None:
    with clock.at(clock.now() - timedelta(days=60)):
        honey = make.honey(price=850)
    assert products.lowest_price(honey) == products.Lowest(850, None)
    products.set_price(honey.id, 900)
    make.fresh(honey)
    assert products.lowest_price(honey) == products.Lowest(850, None)


def test_whoever_saw_another_price_is_told_the_one_of_now() -> None:
    honey = make.honey(price=850)
    products.set_price(honey.id, 900)
    with pytest.raises(Conflict, match="9,00"):
        products.set_price(honey.id, 700, seen_as=850)
    assert products.set_price(honey.id, 900, seen_as=900) is False
    with pytest.raises(Refused, match="fino a"):
        products.set_price(honey.id, 100_001)


# --- counting


def test_a_person_counts_all_and_what_is_promised_is_taken_off() -> None:
    honey = make.honey(left=10)
    make.order(make.wish(honey, 3))
    make.prepared(make.order(make.wish(honey, 2)))
    assert counting.promised(honey.id) == counting.Promised(3, 1)
    assert counting.count(honey.id, 8, by=None) == counting.Counted(5, 0)
    make.fresh(honey)
    assert honey.left == stock.ledger_sum(honey.id) == 5
    undo.undo_last(honey)
    make.fresh(honey)
    assert honey.left == 5


def test_less_than_was_promised_leaves_nothing_to_promise_and_says_how_much_is_short() -> None:
    honey = make.honey(left=10)
    make.order(make.wish(honey, 3))
    assert counting.count(honey.id, 1, by=None) == counting.Counted(0, 2)
    make.fresh(honey)
    assert honey.left == 0
    assert books.check().problems == []


@pytest.mark.parametrize("there", [-1, stock.MOST + 1])
def test_nobody_counts_less_than_nothing_nor_all_the_jars_of_the_world(there: int) -> None:
    honey = make.honey()
    with pytest.raises(Refused):
        counting.count(honey.id, there, by=None)
    with pytest.raises(Refused):
        stock.offer(honey, stock.MOST)


def test_an_order_that_is_being_placed_while_somebody_counts_is_waited_for(app: Flask) -> None:
    honey = make.honey(left=20)
    honey_id, wish, pickup_id = honey.id, make.wish(honey, 3), make.pickup().id
    taken = threading.Event()

    def order() -> None:
        with transaction():
            placing.place([wish], make.citizen(), pickup_id, key="while-somebody-counts-1")
            taken.set()
            time.sleep(0.5)  # long enough for the count to come in between, if nothing held it

    def count() -> counting.Counted:
        taken.wait(30)
        return counting.count(honey_id, 20, by=None)

    answers = together(app, order, count)
    assert not faults(answers)
    assert answers[1] == counting.Counted(17, 0)
    make.fresh(honey)
    assert honey.left == stock.ledger_sum(honey.id) == 17


# --- finding


def test_products_are_found_by_every_word_of_a_name_without_case_and_accents() -> None:
    make.honey(name="Miele d’Acàcia")
    make.chard(name="Bietole")
    for said in ("miele acacia", "DACACIA", "bietole miele"):
        found = [product.name for product in listing.listed(said, listing.ALL, 1).goods]
        assert found == ([] if said == "bietole miele" else ["Miele d’Acàcia"])


def test_products_are_counted_by_whether_they_are_on_sale() -> None:
    make.honey()
    make.chard(left=0)
    make.carrots(on_sale=False)
    found = listing.listed("", listing.SOLD_OUT, 1)
    assert [product.name for product in found.goods] == ["Bietole"]
    assert found.counts == {"tutti": 3, "vetrina": 2, "fuori": 1, "finiti": 1}


def test_2000_products_take_as_many_statements_as_60_and_a_page_of_50() -> None:
    for n in range(60):
        make.product(f"prodotto-{n:04}", left=0)
    make.fresh(None)
    with statements() as few:
        listing.listed("prodotto", listing.ALL, 1)
    with transaction() as session:
        goods = {"kind": "fixed", "price": 100, "vat_category": "verdura"}
        session.add_all(Product(slug=f"altro-{n:04}", name=f"Prodotto {n:04}", **goods) for n in range(2000))
    make.fresh(None)
    with statements() as many:
        found = listing.listed("prodotto", listing.ALL, 40)
    assert (len(found.goods), found.page, found.pages) == (listing.ON_A_PAGE, 40, 42)
    assert len(many) == len(few) <= 2


# --- as people type


@pytest.mark.parametrize(
    ("typed", "grams"), [("12", 12_000), ("12,5", 12_500), ("0.25", 250), (" 1,250 kg ", 1_250), ("", None)]
)
def test_kilos_are_read_with_a_comma_and_with_a_point(typed: str, grams: int | None) -> None:
    assert inputs.grams_of(typed) == grams


@pytest.mark.parametrize("typed", ["12,5678", "-1", "dodici", "1e3", "9" * 30, "١٢", "1,2,3"])
def test_what_is_no_weight_is_none(typed: str) -> None:
    assert inputs.grams_of(typed) is None


@pytest.mark.parametrize(
    ("typed", "degrees"), [("45,31", 45.31), ("-8.85", -8.85), ("45.3166°", 45.3166), ("nord", None), ("4531,1", None)]
)
def test_degrees_are_read_as_maps_write_them(typed: str, degrees: float | None) -> None:
    assert inputs.degrees_of(typed) == degrees
