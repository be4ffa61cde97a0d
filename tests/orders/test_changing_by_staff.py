"""Somebody rings: the staff change the order, also after the cut-off, also to another pick-up, until it is packed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from catalog import pickups, products, stock
from catalog.models import PickUp, Place, Product
from core import clock, journal, outbox, undo
from core.database import db, transaction
from core.errors import Conflict, NoPlaceLeft, NotFound, OutOfStock, Refused, TooLate
from core.outbox import Item
from orders import (
    books,
    cancelling,
    changing,
    closing,
    giving_back,
    handing_over,
    letters,
    paying,
    placing,
    preparing,
    rescheduling,
)
from orders.changing import FeeChanged
from orders.models import Order
from orders.placing import PriceChanged, Wish
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

forms = count(1)
HOME = "Via Roma 1, 27029 Vigevano"


def change(order: Order, *wishes: Wish, **how: Any) -> Order:
    """What it holds, unless other wishes are given; as the staff, with the version that is there."""
    found = db.session.get_one(Order, order.id)
    goods = wishes or tuple(make.wish(line.product, line.quantity) for line in found.lines)
    named = {"version": found.version, "key": f"a-form-of-a-call-{next(forms)}", "as_staff": True, **how}
    changed = changing.change(order.id, goods, **named)
    make.fresh(changed)
    return changed


def silent_postman() -> Any:
    return SimpleNamespace(deliver=lambda message: None)


def after_the_cutoff(pickup: PickUp) -> datetime:
    return pickup.cutoff_at + timedelta(minutes=1)


def closed_with(*names: str, **more: Any) -> tuple[PickUp, list[Order]]:
    """A pick-up whose cut-off has passed: its orders have numbers from 1 on."""
    pickup, jar = make.pickup(**more), make.product(left=100)
    orders = [make.order(make.wish(jar), at=pickup, name=name) for name in names]
    with clock.at(after_the_cutoff(pickup)):
        closing.close(pickup.id)
    make.fresh(pickup)
    return pickup, orders


def home(days: int = 4, fee: int = 300) -> PickUp:
    return make.pickup(make.place(name="A casa tua", kind="round", fee=fee), days=days)


def letters_of(order: Order) -> list[tuple[str, bool]]:
    """What it is about, and whether it may leave at once."""
    db.session.rollback()
    items = db.session.query(Item).filter_by(order_id=order.id).order_by(Item.id)
    return [(item.payload["letter"], item.due_at <= item.created_at) for item in items]


def newest(order: Order) -> journal.Entry:
    return journal.entries(order)[0]


# --- when


def test_after_the_cut_off_goods_still_come_from_stock_and_the_crate_keeps_its_number() -> None:
    pickup, (_, order) = closed_with("Anna", "Bea")
    jar = order.lines[0].product
    chard = make.chard(left=5)
    with clock.at(after_the_cutoff(pickup)):
        change(order, make.wish(jar, 3), make.wish(chard, 5))
    make.fresh(jar)
    assert (order.crate, order.pickup_id, order.version) == (2, pickup.id, 1)
    assert [(line.slug, line.quantity) for line in order.lines] == [(jar.slug, 3), ("bietole", 5)]
    assert (jar.left, chard.left, stock.ledger_sum(chard.id)) == (96, 0, 0)


def test_the_citizen_alone_may_not_after_the_cut_off() -> None:
    pickup, (order,) = closed_with("Anna")
    with clock.at(after_the_cutoff(pickup)), pytest.raises(TooLate, match="telefonaci"):
        change(order, make.wish(order.lines[0].product, 2), as_staff=False)


def test_what_is_not_there_any_more_is_refused_and_nothing_happens() -> None:
    pickup, (order,) = closed_with("Anna")
    chard = make.chard(left=1)
    with clock.at(after_the_cutoff(pickup)), pytest.raises(OutOfStock):
        change(order, make.wish(chard, 2))
    make.fresh(order)
    assert (order.version, chard.left, [line.quantity for line in order.lines]) == (0, 1, [1])


def taken(order: Order) -> None:
    preparing.take_line(order.id, order.lines[0].id, version=order.lines[0].version, by=None)


def missing(order: Order) -> None:
    preparing.mark_missing(order.id, order.lines[0].id, version=order.lines[0].version, by=None)


def ready(order: Order) -> None:
    make.prepared(order)


def handed_over(order: Order) -> None:
    make.prepared(order)
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)


def cancelled(order: Order) -> None:
    cancelling.cancel(order.id, as_staff=True)


def called_off(order: Order) -> None:
    rescheduling.call_off(order.pickup_id, "Gelo", by=None)


def paid(order: Order) -> None:
    """No screen takes money for a crate that is not ready; if one ever does, it goes back first."""
    with transaction():
        paying.book(db.session.get_one(Order, order.id), "cash", 850, None)


def not_collected(order: Order) -> None:
    make.prepared(order)
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (taken, "si sta già preparando. Per cambiare l'ordine, prima torna indietro"),
        (missing, "si sta già preparando"),
        (ready, "si sta già preparando"),
        (handed_over, "già stata consegnata"),
        (not_collected, "segnata come non ritirata"),
        (cancelled, "già disdetto"),
        (called_off, "già disdetto"),
        (paid, "prima torna indietro con i soldi"),
    ],
)
def test_what_was_packed_paid_or_ended_is_not_changed(happens: Callable[[Order], None], sentence: str) -> None:
    pickup, (order,) = closed_with("Anna")
    other = make.pickup(days=5)
    with clock.at(after_the_cutoff(pickup)):
        assert changing.may_change_as_staff(order)
        happens(order)
        make.fresh(order)
        assert not changing.may_change_as_staff(order)
        before = (order.version, order.pickup_id, stock.ledger_sum(order.lines[0].product_id))
        for where in (pickup, other):
            with pytest.raises(Conflict, match=sentence):
                change(order, make.wish(order.lines[0].product, 2), pickup_id=where.id)
        make.fresh(order)
        assert (order.version, order.pickup_id, stock.ledger_sum(order.lines[0].product_id)) == before


def test_when_the_letter_that_says_ready_has_left_nobody_is_sent_back_to_what_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(letters, "postman", silent_postman)
    pickup, (order,) = closed_with("Anna")
    with clock.at(after_the_cutoff(pickup)):
        ready(order)
        with pytest.raises(Conflict, match="prima torna indietro"):
            change(order, make.wish(order.lines[0].product, 2))
    with clock.at(after_the_cutoff(pickup) + timedelta(minutes=30)):
        outbox.send_due()
        make.fresh(order)
        with pytest.raises(Conflict, match=r"La lettera «pronta» è già partita: l'ordine non si cambia più\."):
            change(order, make.wish(order.lines[0].product, 2))
    make.fresh(order)
    assert [line.quantity for line in order.lines] == [1]


def test_what_was_taken_back_again_can_be_changed() -> None:
    pickup, (order,) = closed_with("Anna")
    with clock.at(after_the_cutoff(pickup)):
        taken(order)
        preparing.reopen_line(order.id, order.lines[0].id)
        make.fresh(order)
        assert change(order, make.wish(order.lines[0].product, 2)).lines[0].quantity == 2


def test_when_its_pick_up_is_over_it_is_too_late_also_for_another_one() -> None:
    order = make.order()
    other = make.pickup(days=9)
    with clock.at(order.pickup.to_at - timedelta(seconds=1)):
        assert changing.may_change_as_staff(order)
    with clock.at(order.pickup.to_at), pytest.raises(TooLate, match="già passato"):
        change(order, pickup_id=other.id)


def test_a_page_that_is_stale_changes_nothing() -> None:
    order = make.order()
    honey = make.honey()
    change(order, make.wish(honey))
    with pytest.raises(Conflict, match="Intanto l'ordine è cambiato"):
        change(order, make.wish(honey, 2), version=0, key="a-stale-page-of-the-staff")
    make.fresh(order)
    assert order.lines[0].quantity == 1


def test_the_same_form_twice_is_one_change() -> None:
    order, honey = make.order(), make.honey(left=9)
    for _ in range(2):
        changing.change(order.id, [make.wish(honey, 3)], version=0, key="one-form-of-the-staff", as_staff=True)
    make.fresh(order)
    assert (order.version, honey.left) == (1, 6)
    assert letters_of(order) == [("received", True), ("changed", True)]


def test_a_screen_at_the_desk_that_shows_the_line_as_it_was_packs_nothing() -> None:
    """The tablet still says 1 jar, for crate 1; since then it is 2 jars. Also when the crate is another one."""
    pickup, (order,) = closed_with("Anna")
    other = make.pickup(days=5)
    with clock.at(after_the_cutoff(pickup)):
        line, seen = order.lines[0].id, order.lines[0].version
        change(order, make.wish(order.lines[0].product, 2))
        with pytest.raises(preparing.AlreadyDone):
            preparing.take_line(order.id, line, version=seen, by=None)
        seen = order.lines[0].version
        change(order, pickup_id=other.id)
        with clock.at(after_the_cutoff(other)):
            closing.close(other.id)
            with pytest.raises(preparing.AlreadyDone):
                preparing.take_line(order.id, line, version=seen, by=None)


# --- what it costs


def test_the_discount_stays_and_what_is_not_touched_keeps_its_price() -> None:
    honey, chard = make.honey(), make.chard(price=180)
    order = placing.place(
        [make.wish(honey, 2), make.wish(chard, 1)],
        make.citizen(),
        make.pickup().id,
        key="with-a-discount-1",
        discount_percent=10,
    )
    products.set_price(honey.id, 900)
    products.set_price(chard.id, 200)
    change(order, Wish(honey.id, 2, 850), Wish(chard.id, 2, 200))
    assert [(line.price, line.quantity) for line in order.lines] == [(850, 2), (200, 2)]
    assert (order.discount_percent, order.estimate) == (10, 1890)


@pytest.mark.parametrize("as_staff", [True, False])
def test_less_of_what_is_not_sold_any_more_goes_back_at_the_price_that_was_agreed(as_staff: bool) -> None:
    honey, carrots, chard = make.honey(left=10), make.carrots(left=5_000, price=290), make.chard(left=10)
    order = make.order(make.wish(honey, 3), make.wish(carrots, 1_500), make.wish(chard, 2))
    no_longer_sold(honey, price=900)
    no_longer_sold(carrots, price=400)
    change(order, Wish(honey.id, 1, 900), Wish(carrots.id, 500, 290), Wish(chard.id, 2, 180), as_staff=as_staff)
    for product in (honey, carrots):
        make.fresh(product)
    assert [(line.slug, line.quantity, line.price, line.estimate, line.maximum) for line in order.lines] == [
        ("miele-acacia", 1, 850, 850, 850),
        ("carote", 500, 290, 145, 160),
        ("bietole", 2, 180, 360, 360),
    ]
    assert (honey.left, carrots.left, stock.ledger_sum(honey.id)) == (9, 4_500, 9)
    assert books.look().problems == []


@pytest.mark.parametrize("quantity", [1_600, 450])
def test_more_of_it_and_half_a_step_are_refused(quantity: int) -> None:
    carrots = make.carrots()
    order = make.order(make.wish(carrots, 1_500))
    no_longer_sold(carrots, price=290)
    with pytest.raises(OutOfStock):
        change(order, Wish(carrots.id, quantity, 290))
    make.fresh(order)
    assert [line.quantity for line in order.lines] == [1_500]


def no_longer_sold(product: Product, *, price: int) -> None:
    products.set_price(product.id, price)
    with transaction() as session:
        session.get_one(Product, product.id).on_sale = False


def test_a_price_that_the_page_did_not_show_is_refused() -> None:
    order = make.order()
    with pytest.raises(PriceChanged):
        change(order, Wish(order.lines[0].product_id, 2, 1))


def test_another_fee_than_the_page_showed_is_refused_for_both_faces() -> None:
    order, far = make.order(), make.pickup(make.place(fee=200), days=5)
    for as_staff in (True, False):
        with pytest.raises(FeeChanged, match="prezzo della consegna"):
            change(order, pickup_id=far.id, seen_fee=0, as_staff=as_staff)
    make.fresh(order)
    assert (order.pickup_id == far.id, far.taken) == (False, 0)
    assert change(order, pickup_id=far.id, seen_fee=200).fee == 200


def test_a_fee_that_rose_at_its_own_place_is_not_asked_for_again() -> None:
    """It was agreed to when it was ordered; only another pick-up brings another fee."""
    place = make.place(fee=200)
    order = make.order(at=make.pickup(place))
    with transaction() as session:
        session.get_one(Place, place.id).fee = 350
    changed = change(order, make.wish(order.lines[0].product, 2), seen_fee=200)
    assert (changed.fee, changed.lines[0].quantity) == (200, 2)


def test_nothing_left_and_too_much_are_refused() -> None:
    order, gold = make.order(), make.product("oro", price=100_000, left=100)
    with pytest.raises(Refused, match="Così non resta niente"):
        changing.change(order.id, [], version=0, key="nothing-is-left-here", as_staff=True)
    with pytest.raises(Refused, match="così grande"):
        change(order, make.wish(gold, 5))


# --- to another pick-up


def test_to_a_pick_up_that_is_open_it_goes_without_a_number() -> None:
    pickup, (anna, bea) = closed_with("Anna", "Bea")
    there = make.pickup(make.place(name="Mercato", name_en="Market"), days=6)
    with clock.at(after_the_cutoff(pickup)):
        change(anna, pickup_id=there.id)
    for each in (pickup, there):
        make.fresh(each)
    assert (anna.pickup_id, anna.crate, anna.place_name, anna.place_name_en) == (there.id, None, "Mercato", "Market")
    assert (pickup.taken, there.taken, bea.crate) == (1, 1, 2)


def test_to_a_pick_up_that_has_closed_it_comes_with_the_next_number() -> None:
    there, _ = closed_with("Anna", "Bea")
    order = make.order(at=make.pickup(days=6))
    with clock.at(after_the_cutoff(there)):
        change(order, pickup_id=there.id)
    assert (order.crate, there.crates_given, there.taken) == (3, 3, 3)


def test_a_number_that_was_given_is_never_given_again_not_even_to_the_one_that_had_it() -> None:
    here, (anna, _bea) = closed_with("Anna", "Bea")
    there = make.pickup(days=6)
    with clock.at(after_the_cutoff(here)):
        change(anna, pickup_id=there.id)
        late = placing.place(
            [make.wish(make.chard())], make.citizen(), here.id, key="a-late-order-of-the-staff", late=True
        )
        change(anna, pickup_id=here.id)
    assert (late.crate, anna.crate, here.crates_given) == (3, 4, 4)
    assert books.look().problems == []


def test_the_last_of_all_that_goes_away_keeps_its_number_given() -> None:
    """The highest number is gone with its order: the next one is higher all the same."""
    here, (_anna, bea) = closed_with("Anna", "Bea")
    with clock.at(after_the_cutoff(here)):
        change(bea, pickup_id=make.pickup(days=6).id)
        late = placing.place(
            [make.wish(make.chard())], make.citizen(), here.id, key="a-late-order-of-the-staff", late=True
        )
    assert late.crate == 3
    assert books.look().problems == []


def test_when_the_pictures_are_used_up_nobody_comes_any_more() -> None:
    there, _ = closed_with("Anna", capacity=60)
    order = make.order(at=make.pickup(days=6))
    with transaction() as session:
        session.get_one(PickUp, there.id).crates_given = 60
    with clock.at(after_the_cutoff(there)), pytest.raises(NoPlaceLeft, match="figure"):
        change(order, pickup_id=there.id)
    make.fresh(order)
    assert (order.crate, there.crates_given, there.taken) == (None, 60, 1)


def test_closing_numbers_those_who_came_and_leaves_out_those_who_went() -> None:
    here, there, honey = make.pickup(), make.pickup(days=5), make.honey()
    anna, bea = (make.order(make.wish(honey), at=here) for _ in range(2))
    ciro = make.order(make.wish(honey), at=there)
    change(anna, pickup_id=there.id)
    for pickup in (here, there):
        with clock.at(after_the_cutoff(pickup)):
            closing.close(pickup.id)
    make.fresh(anna)
    assert (bea.crate, anna.crate, ciro.crate) == (1, 1, 2)
    assert (here.crates_given, there.crates_given) == (1, 2)
    assert books.look().problems == []


def test_from_stall_to_round_with_an_address_and_back_without() -> None:
    order, round_, stall = make.order(), home(), make.pickup(days=6)
    with pytest.raises(Refused, match="Scrivi la via e il numero"):
        change(order, pickup_id=round_.id)
    change(order, pickup_id=round_.id, address=HOME)
    assert (order.address, order.fee, order.place_name, order.total) == (HOME, 300, "A casa tua", 1150)
    change(order, pickup_id=stall.id)
    assert (order.address, order.fee, order.total) == ("", 0, 850)


def test_the_address_of_a_round_can_change_alone_and_stays_where_nobody_says_another() -> None:
    order = make.order(at=home(), address=HOME)
    change(order, address="Via Nuova 🏡 2, 27029 Vigevano")
    assert (order.address, order.version) == ("Via Nuova 🏡 2, 27029 Vigevano", 1)
    assert letters_of(order) == [("received", True), ("changed", True)]
    change(order, pickup_id=home(days=11).id)
    assert (order.address, order.version) == ("Via Nuova 🏡 2, 27029 Vigevano", 2)
    assert "Nuova" not in str([entry.data for entry in journal.entries(order)]), "where somebody lives is not noted"


def test_the_citizen_still_goes_only_from_stall_to_stall() -> None:
    order, round_ = make.order(), home()
    with pytest.raises(Refused, match="telefonaci"):
        change(order, pickup_id=round_.id, address=HOME, as_staff=False)
    with pytest.raises(Refused, match="telefonaci"):
        change(make.order(at=round_, address=HOME), pickup_id=order.pickup_id, as_staff=False)


def test_the_citizen_does_not_come_late_to_another_pick_up() -> None:
    there, _ = closed_with("Anna")
    order = make.order(at=make.pickup(days=6))
    with clock.at(after_the_cutoff(there)), pytest.raises(TooLate):
        change(order, pickup_id=there.id, as_staff=False)


def test_a_pick_up_that_is_full_over_off_for_practice_or_not_there_is_refused_and_nothing_moves() -> None:
    order = make.order(at=make.pickup(days=8))
    full, over, off = make.pickup(capacity=1), make.pickup(days=2), make.pickup(days=6)
    practice = make.pickup(days=6, practice=True)
    make.order(at=full)
    rescheduling.call_off(off.id, "Gelo", by=None)
    cases: list[tuple[int, type[Refused]]] = [
        (full.id, NoPlaceLeft),
        (over.id, TooLate),
        (off.id, TooLate),
        (practice.id, NotFound),
        (987654, NotFound),
    ]
    with clock.at(over.to_at):
        for pickup_id, why in cases:
            with pytest.raises(why):
                change(order, pickup_id=pickup_id)
    make.fresh(order)
    assert (order.pickup.day, order.version, order.pickup.taken, full.taken, over.taken) == (
        clock.today() + timedelta(days=8),
        0,
        1,
        1,
        0,
    )


def test_a_pick_up_on_its_last_minute_still_takes_somebody_who_rings() -> None:
    there, _ = closed_with("Anna")
    order = make.order(at=make.pickup(days=6))
    with clock.at(there.to_at - timedelta(minutes=1)):
        assert change(order, pickup_id=there.id).crate == 2


# --- what is written down, and who hears of it


def test_the_journal_keeps_who_did_it_and_both_pick_ups() -> None:
    rita = make.tutor("Rita")
    here, (order,) = closed_with("Anna")
    there, _ = closed_with("Bea", days=5)
    jar = order.lines[0].product
    with clock.at(after_the_cutoff(here)):
        change(order, make.wish(jar, 2), pickup_id=there.id, by=rita.id)
    entry = newest(order)
    assert (entry.action, entry.person_id) == ("order.changed", rita.id)
    before, after = entry.data["before"], entry.data["after"]
    assert (before["pickup"], before["crate"], before["lines"]) == (here.id, 1, [[jar.id, 1, 850, False]])
    assert (after["pickup"], after["crate"]) == (there.id, 2)
    assert (before["from_at"], after["from_at"]) == (here.from_at.isoformat(), there.from_at.isoformat())
    assert entry.data["agreed"]["estimate"] == order.estimate == 1700


def test_the_letter_leaves_at_once_and_nothing_leaves_where_nothing_changed() -> None:
    order = make.order()
    change(order)
    assert (order.version, letters_of(order)) == (0, [("received", True)])
    change(order, make.wish(order.lines[0].product, 2))
    assert (order.version, letters_of(order)) == (1, [("received", True), ("changed", True)])


def test_undo_does_not_reach_behind_it() -> None:
    """What was done before was done on another order: like a change by the citizen, it has no way back."""
    pickup, (order,) = closed_with("Anna")
    with clock.at(after_the_cutoff(pickup)):
        preparing.set_crates(order.id, 2, by=None)
        change(order, make.wish(order.lines[0].product, 2))
        assert undo.newest(order) is None
        with pytest.raises(Conflict):
            undo.undo_last(order)


def test_the_books_balance_after_every_way() -> None:
    here, (anna, bea) = closed_with("Anna", "Bea")
    there, round_ = make.pickup(days=5), home()
    with clock.at(after_the_cutoff(here)):
        change(anna, make.wish(make.chard(), 3), pickup_id=round_.id, address=HOME)
        change(bea, pickup_id=there.id)
        change(bea, make.wish(make.carrots(), 700), pickup_id=here.id)
    assert books.look().problems == []


# --- at the same time


def test_several_who_come_to_the_same_closed_pick_up_get_one_number_each(app: Flask) -> None:
    there, _ = closed_with("Anna")
    honey, pickup = make.product("vasi", left=50), make.pickup(days=6)
    orders = [make.order(make.wish(honey), at=pickup).id for _ in range(4)]

    def come(order_id: int) -> Any:
        wish = Wish(honey.id, 1, 850)
        how: dict[str, Any] = {"version": 0, "key": f"they-come-together-{order_id}", "pickup_id": there.id}
        return changing.change(order_id, [wish], as_staff=True, **how).crate

    with clock.at(after_the_cutoff(there)):
        answers = together(app, *[lambda order_id=order_id: come(order_id) for order_id in orders])
    assert faults(answers) == []
    assert sorted(answers) == [2, 3, 4, 5]
    assert books.look().problems == []


def test_orders_that_change_places_do_not_wait_for_each_other(app: Flask) -> None:
    jar = make.product(left=50)
    here, there = make.pickup(days=5), make.pickup(days=6)
    ways = [
        (make.order(make.wish(jar), at=place).id, to.id) for place, to in ((here, there), (there, here)) for _ in "ab"
    ]

    def go(order_id: int, where: int) -> Any:
        how: dict[str, Any] = {"version": 0, "key": f"change-places-{order_id}-xxxx", "pickup_id": where}
        return changing.change(order_id, [Wish(jar.id, 2, 850)], as_staff=True, **how).pickup_id

    answers = together(app, *[lambda way=way: go(*way) for way in ways])
    assert faults(answers) == []
    assert answers == [where for _order, where in ways]
    assert books.look().problems == []


@pytest.mark.parametrize("deed", [cancelling.cancel, cancelling.own_up])
def test_an_order_that_goes_to_another_pick_up_meanwhile_is_not_called_off_there(
    deed: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at which pick-up to hold and the order itself somebody has moved it."""
    order, there = make.order(), make.pickup(days=9)
    really, where = pickups.lock, there.id

    def moved_meanwhile(pickup_id: int) -> PickUp:
        held = really(pickup_id)
        db.session.execute(update(Order).where(Order.id == order_id).values(pickup_id=where))
        return held

    order_id = order.id
    monkeypatch.setattr(pickups, "lock", moved_meanwhile)
    with clock.at(there.to_at + timedelta(days=3)), pytest.raises(Conflict, match="Intanto l'ordine è cambiato"):
        deed(order_id, by=None, **({"as_staff": True} if deed is cancelling.cancel else {}))
    make.fresh(order)
    assert order.cancelled_at is None
    assert books.look().problems == []


def test_an_order_of_which_something_was_given_back_is_not_changed_any_more() -> None:
    """Also when every step was taken back and its lines wait again: the ledger still speaks of a line that would go."""
    honey, chard = make.honey(), make.chard()
    order = make.prepared(make.order(make.wish(honey), make.wish(chard)))
    handing_over.take_cash(order.id, by=None, expected=paying.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason="Rotto", by=None)
    while undo.newest(db.session.get_one(Order, order.id)):
        make.fresh(order)
        undo.undo_last(order)
    assert not any(line.is_prepared for line in order.lines)
    with pytest.raises(Conflict, match="già stato ridato"):
        change(order, make.wish(chard))
