"""A shop in which every deed that touches money, stock or places was done at least once, and some taken back."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from catalog.models import Kind, PickUp, Product
from core import clock, outbox, undo
from core.database import db
from orders import (
    cancelling,
    changing,
    closing,
    departures,
    drawers,
    giving_back,
    handing_over,
    harvesting,
    placing,
    preparing,
    receipts,
    rescheduling,
    substituting,
    vouchers,
)
from orders.models import Order, OrderLine
from tests import factories as make

numbers = count(1)


class Goods(NamedTuple):
    honey: Product
    chard: Product
    spinach: Product
    carrots: Product
    pumpkins: Product


def goods() -> Goods:
    spinach = make.product("spinaci", price=370, unit="mazzo", unit_plural="mazzi")
    pumpkins = make.product("zucche", kind=Kind.PIECE_BY_WEIGHT, price=210, piece_grams=1200)
    return Goods(make.honey(), make.chard(), spinach, make.carrots(), pumpkins)


def lived_in() -> dict[str, int]:
    """Every deed that touches money, stock or places, done at least once. Name -> id of what the seeds speak of."""
    of = goods()
    market = make.pickup(make.place(fee=250))
    made = {
        "sold": placed(of, market, (of.honey, 1), (of.carrots, 1500), (of.pumpkins, 2), discount_percent=10),
        "swapped": placed(of, market, (of.chard, 2), may_substitute=True),
        "short": placed(of, market, (of.honey, 3), (of.carrots, 1000), (of.pumpkins, 3)),
        "cancelled": placed(of, market, (of.honey, 1)),
        "waiting": placed(of, market, (of.chard, 1), (of.carrots, 700)),
        "open": placed(of, make.pickup(make.place(fee=300), days=20), (of.chard, 1), codes=[code()]),
    }
    change_and_cancel(of, made)
    with clock.at(market.cutoff_at + timedelta(minutes=1)):
        closing.close(market.id)
        made["late"] = placed(of, market, (of.honey, 1), late=True)
        go_and_come_back(made["late"], made["open"].pickup)
    with clock.at(market.from_at + timedelta(minutes=5)):
        fill_the_box(market)
        prepare_and_give(of, made)
    with clock.at(market.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(made["short"].id, by=None)
        undo.undo_last(made["short"])
        handing_over.mark_not_collected(made["short"].id, by=None)
    made |= {"practice": practised(), **frost(of)}
    outbox.send_due(most=1)  # the rest waits
    return ids(of, made, market)


def code() -> str:
    """Of a voucher that was just issued, beside one that was stopped."""
    made, stopped = vouchers.issue(700, clock.today() + timedelta(days=90), how_many=2, by=None)
    vouchers.void(stopped.voucher.id, by=None)
    return vouchers.read_codes(made.code)[0]


def fill_the_box(market: PickUp) -> None:
    """Counted, taken back, counted again: what is sold comes in afterwards."""
    drawers.count(market.place, {1000: 2, 100: 5}, by=None)
    box = drawers.find(market.place_id)
    assert box
    undo.undo_last(box)
    drawers.count(market.place, {1000: 2, 100: 9, 50: 9}, by=None)


def placed(of: Goods, where: PickUp, *wishes: tuple[Product, int], may_substitute: bool = False, **more: Any) -> Order:
    wanted = [placing.Wish(what.id, quantity, what.price, may_substitute) for what, quantity in wishes]
    return placing.place(wanted, make.citizen(), where.id, key=f"books-order-{next(numbers)}", **more)


def change_and_cancel(of: Goods, made: dict[str, Order]) -> None:
    cancelling.cancel(made["cancelled"].id)
    more = [make.wish(of.carrots, 900), make.wish(of.honey, 2)]
    changing.change(made["waiting"].id, more, version=0, key="books-change-1")
    changing.change(made["waiting"].id, [make.wish(of.carrots, 700)], version=1, key="books-change-2")


def go_and_come_back(order: Order, other: PickUp) -> None:
    """Somebody rings twice. The crate number of the first time stays given; it comes back to another one."""
    for version, there in enumerate((other.id, order.pickup_id)):
        goods = [make.wish(line.product, line.quantity) for line in order.lines]
        how: dict[str, Any] = {"version": version, "key": f"books-change-late-{version}", "as_staff": True}
        changing.change(order.id, goods, pickup_id=there, **how)


def prepare_and_give(of: Goods, made: dict[str, Order]) -> None:
    sold, short, swapped = made["sold"], made["short"], made["swapped"]
    harvesting.arrive(sold.pickup_id, of.carrots.id, 5000, by=None, nothing_left=True)
    undo.undo_last(sold.pickup)
    harvesting.arrive(sold.pickup_id, of.carrots.id, 5000, by=None)
    harvesting.arrive(sold.pickup_id, of.carrots.id, 4000, by=None)
    harvesting.arrive(sold.pickup_id, of.pumpkins.id, 20, by=None, nothing_left=True)
    pack(sold, [None, 1620, 2710])
    undo.undo_last(sold)
    pack(sold, [None, None, 2650])
    finish(sold)
    undo.undo_last(sold)
    undo.undo_last(sold)
    finish(sold)
    sell(sold)
    run_short(short)
    finish(short)
    first = swap(swapped, of.spinach)
    undo.undo_last(swapped)
    other = swap(swapped, of.spinach)
    assert first.quantity == other.quantity
    preparing.take_line(swapped.id, other.id, version=other.version, by=None)
    finish(swapped)
    preparing.set_crates(swapped.id, 2, by=None)
    undo.undo_last(swapped)
    preparing.set_crates(swapped.id, 3, by=None)


def swap(order: Order, other: Product) -> OrderLine:
    make.fresh(order)
    line = order.lines[0]
    return substituting.substitute(order.id, line.id, other.id, 1, version=line.version, by=None)


def run_short(order: Order) -> None:
    """Two jars of three, no carrots, two pumpkins of three."""
    honey, carrots, pumpkins = order.lines
    preparing.pack_short(order.id, honey.id, pieces=2, version=0, by=None)
    preparing.mark_missing(order.id, carrots.id, version=0, by=None)
    preparing.pack_short(order.id, pumpkins.id, pieces=2, grams=2500, version=0, by=None)
    preparing.reweigh(order.id, pumpkins.id, 2450, version=1, by=None)


def pack(order: Order, weights: list[int | None]) -> None:
    """Each line that still waits: taken, or weighed with these grams."""
    make.fresh(order)
    for line, grams in zip(order.lines, weights, strict=True):
        if not line.is_prepared:
            make.pack(line, grams)


def finish(order: Order) -> None:
    preparing.finish(order.id, by=None)
    preparing.label(order.id, by=None)
    make.fresh(order)


def sell(order: Order) -> None:
    """Paid, taken back, paid, handed over; then cash and credit go back, and some of it is undone."""
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    undo.undo_last(order)
    make.fresh(order)
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    paid = max(payment.id for payment in order.payments if payment.kind == "cash")
    for number in ("0012-0034", "0012-0043"):
        receipts.note_document(order.id, paid, number, by=None)
    undo.undo_last(order)
    honey, carrots, pumpkins = order.lines
    give_back(order, {carrots.id: 203}, "cash")
    give_back(order, {honey.id: 300, giving_back.FEE: 40}, "credit")
    for how in ("cash", "credit"):
        give_back(order, {pumpkins.id: 111}, how)
        undo.undo_last(order)


def give_back(order: Order, parts: dict[int, int], how: giving_back.How) -> None:
    giving_back.give_back(order.id, parts, how=how, reason="Era ammaccato", by=None)


def practised() -> Order:
    jar = make.product("di-prova", practice=True, perishable=False)
    order = make.prepared(make.order(make.wish(jar), at=make.pickup(practice=True)))
    handing_over.take_cash(order.id, by=None, expected=850)
    handing_over.hand_over(order.id, by=None)
    return order


def frost(of: Goods) -> dict[str, Order]:
    """One pick-up called off and one moved, both twice, with an undo between. The credit of "sold" is used."""
    frozen, moving = make.pickup(days=6), make.pickup(days=7)
    greens = (of.honey, 1), (of.chard, 2), (of.carrots, 500)
    made = {"frozen": placed(of, frozen, *greens), "moved": placed(of, moving, (of.carrots, 500))}
    rescheduling.call_off(frozen.id, "Gelata", gone=True, by=None)
    undo.undo_last(frozen)
    rescheduling.call_off(frozen.id, "Gelata", gone=True, by=None)
    to_another_day(moving)
    undo.undo_last(moving)
    to_another_day(moving)
    make.closed(made["moved"])
    pack(made["moved"], [480])
    finish(made["moved"])
    keep_a_letter_back(made["moved"])
    return made


def keep_a_letter_back(order: Order) -> None:
    """Stopped, sent all the same, stopped again: it stays in the house."""
    item = next(each for each in outbox.about(order.id) if each.payload["letter"] == "ready")
    departures.stop(item.id, by=None)
    undo.undo_last(item)
    departures.stop(item.id, by=None)


def to_another_day(pickup: PickUp) -> None:
    make.fresh(pickup)
    day = pickup.day + timedelta(days=1)
    rescheduling.move(pickup.id, day=day, from_minute=600, to_minute=720, reason="Strada chiusa", by=None)


def ids(of: Goods, made: dict[str, Order], market: PickUp) -> dict[str, int]:
    db.session.expire_all()
    found = {name: order.id for name, order in made.items()}
    found |= {name: product.id for name, product in of._asdict().items()}
    found |= {f"{name}_{line.position}": line.id for name, order in made.items() for line in order.lines}
    found |= {f"no_{name}": int(order.number.removeprefix("P")) for name, order in made.items()}
    box = drawers.find(market.place_id)
    found |= {"box": box.id if box else 0, "voucher": vouchers.room().open[0].id}
    return {**found, "market": market.id, "frozen_pickup": made["frozen"].pickup_id, "moving": made["moved"].pickup_id}
