"""VAT: what a kind of goods pays from which day on, what stays as it was sold, what may be written and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from catalog import products, rates
from catalog.models import VatRate
from core import clock, undo
from core.database import db
from core.errors import Conflict, NotFound, Refused
from orders import vat
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def now() -> dict[str, int]:
    make.fresh(None)
    return products.vat_rates(clock.today())


def written() -> list[tuple[str, date, int]]:
    rows = db.session.scalars(db.select(VatRate).order_by(VatRate.category, VatRate.from_day))
    return [(row.category, row.from_day, row.rate) for row in rows]


def test_a_new_kind_is_in_force_today_and_may_be_named_at_once() -> None:
    rates.add("  Miele   e polline ", 10, "Tabella A, parte III, n. 16", by=None)
    assert now() == {"Miele e polline": 10}


def test_another_rate_waits_for_its_day_and_sold_lines_keep_theirs() -> None:
    honey = make.honey()
    vat_id = next(each.id for each in rates.categories())
    before = make.order(make.wish(honey))
    rates.set_rate(vat_id, 22, in_days(7), by=None)
    assert now() == {"miele": 10}
    with clock.at(clock.now() + timedelta(days=7)):
        assert now() == {"miele": 22}
        after = make.order(make.wish(honey), at=make.pickup())
        assert (after.lines[0].vat_rate, after.total) == (22, before.total)
    make.fresh(before)
    assert before.lines[0].vat_rate == 10
    assert [row.rate for row in vat.rows(before)] == [10]


def test_the_same_day_once_more_puts_right_what_was_written_for_it() -> None:
    made = rates.add("Uova", 40 // 4, by=None)
    assert rates.set_rate(made.id, 22, in_days(0), by=None)
    assert not rates.set_rate(made.id, 22, in_days(5), by=None)  # it is that already
    assert written() == [("Uova", in_days(0), 22)]


def test_a_rate_for_a_day_to_come_is_taken_back_and_the_one_before_stays() -> None:
    made = rates.add("Uova", 10, by=None)
    rates.set_rate(made.id, 22, in_days(30), by=None)
    assert undo.undo_last(rates.get(made.id).first) == "la nuova aliquota"
    assert written() == [("Uova", in_days(0), 10)]


def test_a_name_is_changed_only_while_no_product_has_it() -> None:
    made = rates.add("Mielle", 10, by=None)
    assert rates.rename(made.id, "miele", by=None)
    honey = make.honey()
    with pytest.raises(Conflict, match="Ci sono prodotti"):
        rates.rename(made.id, "Altro", by=None)
    with pytest.raises(Conflict, match="Ci sono prodotti"):
        undo.undo_last(rates.get(made.id).first)  # it would leave the honey without a rate
    assert now()[products.get(honey.id).vat_category] == 10


def test_the_words_of_a_product_do_not_go_back_to_a_name_that_is_no_more() -> None:
    first = rates.add("Mielle", 10, by=None)
    honey = make.product(vat_category="Mielle", vat_rate=10)
    rates.add("Miele", 10, by=None)
    words = {name: getattr(honey, name) for name in products.telling.WORDS} | {"vat_category": "Miele"}
    words["allergens"] = [honey.allergens]
    products.describe(honey.id, words, seen_as=None, by=None)
    rates.rename(first.id, "Polline", by=None)
    with pytest.raises(Conflict, match="Questa IVA non c'è più"):
        undo.undo_last(honey)
    assert products.get(honey.id).vat_category == "Miele"


def test_names_that_a_list_of_products_cannot_tell_apart_are_one() -> None:
    rates.add("Verdura", 4, by=None)
    for name in ("verdura", " VERDURA "):
        with pytest.raises(Conflict, match="C'è già una voce IVA"):
            rates.add(name, 4, by=None)


@pytest.mark.parametrize("rate", [-1, 31, 400])
def test_a_rate_that_cannot_be_is_refused(rate: int) -> None:
    with pytest.raises(Refused, match="da 0 a 30"):
        rates.add("Verdura", rate, by=None)
    assert written() == []


@pytest.mark.parametrize("days", [-1, 367])
def test_a_rate_begins_today_or_within_a_year(days: int) -> None:
    made = rates.add("Verdura", 4, by=None)
    with pytest.raises(Refused):
        rates.set_rate(made.id, 5, in_days(days), by=None)
    assert now() == {"Verdura": 4}


def test_a_kind_is_known_by_the_number_of_its_first_row_and_no_other() -> None:
    made = rates.add("Verdura", 4, by=None)
    rates.set_rate(made.id, 5, in_days(3), by=None)
    later = next(row.id for row in rates.get(made.id).rows if row.id != made.id)
    for number in (later, 987_654):
        with pytest.raises(NotFound):
            rates.get(number)
