"""The worked examples C1 to C13 of the Italian rules, section 11: each with a real order wherever it speaks of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from catalog import wording
from catalog.models import Kind, Place, Product, VatRate
from core import clock
from core.database import transaction
from core.money import VatRow, spread, spread_by_rate, vat_row, vat_rows
from orders import giving_back, handing_over, placing, preparing, takings, vat, vouchers
from orders.models import LineState, Order
from orders.placing import Wish
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

forms = count(1)


@dataclass(frozen=True)
class Goods:
    """What one citizen wants: pieces at a fixed price, or ``grams`` that weigh ``weighs`` in the end."""

    rate: int
    price: int
    grams: int = 0
    weighs: int = 0

    def wish(self) -> Wish:
        kind: dict[str, Any] = {"kind": Kind.BY_WEIGHT, "step": 5, "left": 50_000} if self.grams else {}
        product = make.product(price=self.price, vat_category=f"al {self.rate}", vat_rate=self.rate, **kind)
        return make.wish(product, self.grams or 1)


TOMATOES = Goods(4, 290, grams=1240, weighs=1240)
BASIL = Goods(5, 150)
HONEY = Goods(10, 850)
C2 = (TOMATOES, BASIL, HONEY)
C2_TABLE = [VatRow(4, 360, 346, 14), VatRow(5, 150, 143, 7), VatRow(10, 850, 773, 77)]


def placed(
    *goods: Goods, where: Place | None = None, discount: int = 0, day: int = 3, codes: Sequence[str] = ()
) -> Order:
    wishes, pickup = [each.wish() for each in goods], make.pickup(where, days=day)
    key = f"a-form-of-examples-{next(forms)}"
    citizen = make.citizen(address="Via Roma 1, 27029 Vigevano" if pickup.place.kind == "round" else "")
    return placing.place(wishes, citizen, pickup.id, key=key, discount_percent=discount, codes=codes)


def packed(order: Order, *goods: Goods) -> Order:
    """Weighed as the example says, labelled, ready."""
    make.closed(order)
    for line, each in zip(order.lines, goods, strict=True):
        if each.grams:
            preparing.weigh_line(order.id, line.id, each.weighs, version=line.version, by=None)
        else:
            preparing.take_line(order.id, line.id, version=line.version, by=None)
    preparing.finish(order.id, by=None)
    return preparing.label(order.id, by=None)


def ready(*goods: Goods, where: Place | None = None, discount: int = 0, day: int = 3) -> Order:
    return packed(placed(*goods, where=where, discount=discount, day=day), *goods)


def given(order: Order, at: datetime | None = None) -> Order:
    """Paid on the card terminal and handed over."""
    with clock.at(at or clock.now()):
        if order.due:
            handing_over.take_card(order.id, by=None, expected=order.due)
        return handing_over.hand_over(order.id, by=None)


def sold(*goods: Goods, at: datetime | None = None) -> Order:
    return given(ready(*goods), at)


def all_takings() -> list[takings.Day]:
    return takings.between(clock.today() - timedelta(days=30), clock.today() + timedelta(days=30))


@pytest.mark.parametrize(
    ("grams", "price", "cents"), [(1240, 290, 360), (500, 225, 113), (350, 190, 67), (1005, 100, 101)]
)
def test_c1_a_line_is_rounded_half_up(grams: int, price: int, cents: int) -> None:
    order = ready(Goods(4, price, grams, grams))
    assert (order.lines[0].estimate, order.lines[0].final, order.total) == (cents, cents, cents)


def test_c2_three_rates_in_one_order() -> None:
    order = sold(*C2)
    assert (order.total, order.paid, order.due) == (1360, 1360, 0)
    assert vat.rows(order) == C2_TABLE
    assert (sum(row.taxable for row in vat.rows(order)), sum(row.vat for row in vat.rows(order))) == (1262, 98)
    (day,) = all_takings()
    assert day.gross == {4: 360, 5: 150, 10: 850}


def test_c3_the_delivery_follows_the_gross_values_of_the_goods() -> None:
    order = given(ready(*C2, where=make.place(kind="round", fee=400)))
    assert order.total == order.paid == 1760
    assert vat.fee_by_rate(order) == {4: 106, 5: 44, 10: 250}
    assert vat.rows(order) == [VatRow(4, 466, 448, 18), VatRow(5, 194, 185, 9), VatRow(10, 1100, 1000, 100)]
    assert sum(row.vat for row in vat.rows(order)) == 127
    (day,) = all_takings()
    assert takings.vat_of([day]) == vat.rows(order)


def test_c3_and_not_their_net_values_though_that_would_be_another_split() -> None:
    order = placed(*C2, where=make.place(kind="round", fee=400))
    net = spread(400, [row.taxable for row in C2_TABLE])
    assert net == [110, 45, 245]
    assert list(vat.fee_by_rate(order).values()) != net


def test_c4_a_coupon_is_spread_in_the_same_way() -> None:
    order = given(ready(*C2, discount=10))
    assert (order.discount, order.total, order.paid) == (136, 1224, 1224)
    assert vat.rows(order) == [VatRow(4, 324, 312, 12), VatRow(5, 135, 129, 6), VatRow(10, 765, 695, 70)]
    (day,) = all_takings()
    assert day.gross == {4: 324, 5: 135, 10: 765}


@pytest.mark.parametrize(
    ("weighs", "computed", "charged", "less", "gift"),
    [(1420, 412, 412, 23, 0), (1610, 467, 467, -32, 0), (1700, 493, 479, -44, 14)],
)
def test_c5_the_real_weight_is_charged_up_to_the_maximum(
    weighs: int, computed: int, charged: int, less: int, gift: int
) -> None:
    goods = Goods(4, 290, grams=1500, weighs=weighs)
    order = placed(goods)
    assert (order.estimate, order.maximum) == (435, 479)
    line = packed(order, goods).lines[0]
    assert (line.computed, line.final, line.gift) == (computed, charged, gift)
    assert order.estimate - order.total == less
    given(order)
    assert (order.paid, order.due) == (charged, 0)
    assert sum(row.gross for row in vat.rows(order)) == charged


@pytest.mark.parametrize(
    ("prices", "whole", "line_by_line"),
    [([117] * 7, VatRow(4, 819, 788, 31), (791, 28)), ([99, 149, 235, 75, 310], VatRow(4, 868, 835, 33), (834, 34))],
)
def test_c6_vat_is_never_worked_out_line_by_line(
    prices: list[int], whole: VatRow, line_by_line: tuple[int, int]
) -> None:
    order = sold(*[Goods(4, price) for price in prices])
    assert vat.rows(order) == [whole]
    alone = [vat_row(line.vat_rate, line.final or 0) for line in order.lines]
    assert (sum(row.taxable for row in alone), sum(row.vat for row in alone)) == line_by_line


@pytest.mark.parametrize(
    ("cents", "rate", "taxable", "vat_cents"),
    [(117, 4, 113, 4), (13, 4, 13, 0), (10, 5, 10, 0), (16, 10, 15, 1), (14, 22, 11, 3)],
)
def test_c7_a_gap_of_one_cent_is_accepted(cents: int, rate: int, taxable: int, vat_cents: int) -> None:
    assert vat.rows(ready(Goods(rate, cents))) == [VatRow(rate, cents, taxable, vat_cents)]


@pytest.mark.parametrize(("cents", "taxable", "vat_cents"), [(1220, 1000, 220), (999, 819, 180)])
def test_c8_twenty_two_per_cent(cents: int, taxable: int, vat_cents: int) -> None:
    assert vat.rows(sold(Goods(22, cents))) == [VatRow(22, cents, taxable, vat_cents)]


def test_c9_the_register_keeps_gross_and_takes_vat_out_of_the_day() -> None:
    noon = clock.rome(clock.today(), 12)
    orders = [sold(Goods(4, cents), at=noon) for cents in (1000, 1000, 1000, 735)]
    assert sum(row.vat for order in orders for row in vat.rows(order)) == 142
    (day,) = all_takings()
    assert (day.orders, day.gross, day.means) == (4, {4: 3735}, {"card_terminal": 3735})
    assert takings.vat_of([day]) == [VatRow(4, 3735, 3591, 144)]


def test_c9_and_so_does_a_period_of_several_days() -> None:
    for ahead, cents in enumerate((1000, 1000, 1000, 735)):
        sold(Goods(4, cents), at=clock.rome(clock.today() + timedelta(days=ahead), 12))
    days = all_takings()
    assert [day.gross for day in days] == [{4: 1000}, {4: 1000}, {4: 1000}, {4: 735}]
    assert sum(row.vat for day in days for row in takings.vat_of([day])) == 142
    assert takings.vat_of(days) == [VatRow(4, 3735, 3591, 144)]


def test_c10_what_is_given_back_keeps_the_vat_of_the_sale_though_the_rate_has_changed() -> None:
    order = sold(*C2, at=clock.rome(clock.today(), 10))
    basil = order.lines[1]
    move_to_another_rate(basil.product)
    assert placed_again(basil.product).lines[0].vat_rate == 22
    with clock.at(clock.rome(clock.today() + timedelta(days=1), 10)):
        giving_back.give_back(order.id, {basil.id: 150}, how="card_terminal", reason="Era appassito", by=None)
    assert [(refund.vat_rate, refund.amount) for refund in order.refunds] == [(5, 150)]
    assert vat_rows(vat.refunded_by_rate(order.refunds)) == [VatRow(5, 150, 143, 7)]
    assert vat.remaining_by_rate(order) == {4: 360, 5: 0, 10: 850}
    assert (order.total - order.refunded, order.paid, order.due) == (1210, 1210, 0)
    sale, refund = all_takings()
    assert (sale.gross, refund.gross) == ({4: 360, 5: 150, 10: 850}, {5: -150})
    assert takings.vat_of([refund]) == [VatRow(5, -150, -143, -7)]
    assert takings.vat_of([sale, refund]) == [VatRow(4, 360, 346, 14), VatRow(10, 850, 773, 77)]


def test_c10_what_was_missing_was_never_paid() -> None:
    order = make.closed(placed(*C2))
    tomatoes, basil, honey = order.lines
    preparing.weigh_line(order.id, tomatoes.id, 1240, version=0, by=None)
    preparing.mark_missing(order.id, basil.id, version=0, by=None)
    preparing.take_line(order.id, honey.id, version=0, by=None)
    given(preparing.finish(order.id, by=None))
    assert basil.state == LineState.MISSING
    assert (order.estimate, order.total, order.paid) == (1360, 1210, 1210)
    assert vat.rows(order) == [VatRow(4, 360, 346, 14), VatRow(10, 850, 773, 77)]


def move_to_another_rate(product: Product) -> None:
    """From today on basil's rate is another one, and basil itself is in another category."""
    with transaction() as session:
        for category in (product.vat_category, "erbe"):
            session.add(VatRate(category=category, rate=22, from_day=clock.today(), reference="test"))
        session.get_one(Product, product.id).vat_category = "erbe"


def placed_again(product: Product) -> Order:
    return make.order(make.wish(product), at=make.pickup(days=9))


def test_c11_a_voucher_is_a_means_of_payment() -> None:
    """Issued it is no sale. Redeemed it is a kind of payment like another, and VAT is exactly that of C2."""
    made = vouchers.issue(1000, clock.today() + timedelta(days=90), by=None)[0]
    assert all_takings() == []
    order = packed(placed(*C2, codes=vouchers.read_codes(made.code)), *C2)
    assert order.due == 360
    given(order)
    assert vat.rows(order) == C2_TABLE
    (day,) = all_takings()
    assert (day.total, day.means) == (1360, {"voucher": 1000, "card_terminal": 360})


def test_c12_a_donation_has_no_vat() -> None:
    """There is no ledger of donations yet: here is the arithmetic that it will have to keep.

    15.60 are paid, of which 2.00 are outside VAT: they are no fee, which would follow the rates of the goods.
    """
    order = sold(*C2)
    donation = 200
    assert order.total + donation == 1560
    assert vat.rows(order) == C2_TABLE
    assert vat_rows(spread_by_rate(donation, vat.gross_by_rate(order))) != C2_TABLE


@pytest.mark.parametrize(
    ("price", "net", "measure", "cents", "words"),
    [
        (850, 500, "g", 1700, "17,00\u00a0€ al chilo"),
        (220, 250, "g", 880, "8,80\u00a0€ al chilo"),
        (390, 330, "ml", 1182, "11,82\u00a0€ al litro"),
    ],
)
def test_c13_the_price_of_a_kilo_or_a_litre(price: int, net: int, measure: str, cents: int, words: str) -> None:
    jar = make.product(price=price, net=net, net_measure=measure)
    assert jar.unit_price == cents
    assert wording.unit_price(jar) == words


def test_c13_where_the_price_is_that_already_nothing_is_said_twice() -> None:
    assert make.carrots().unit_price is None
    assert wording.unit_price(make.product(price=900, net=1000)) == ""


def test_takings_end_at_midnight_in_rome() -> None:
    """A crate of the evening counts on its day, also where UTC is still, or already, on another one."""
    late = clock.rome(date(2026, 7, 10), 23, 59)
    early = clock.rome(date(2026, 7, 11), 0, 1)
    first, second = ready(HONEY), ready(BASIL)
    given(first, late)
    given(second, early)
    days = takings.between(date(2026, 7, 10), date(2026, 7, 11))
    assert [(day.day, day.total) for day in days] == [(date(2026, 7, 10), 850), (date(2026, 7, 11), 150)]
