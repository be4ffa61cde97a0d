"""A walk through the week: step after step chosen by chance, each done by the shop and by its twin.

A walk is a seed. One that fails is walked again with ever fewer steps, until no step can be left out, and printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select

from catalog import pickups, products, stock
from catalog.models import Container, PickUp, Place, Product
from core import clock, outbox, undo
from core.database import db, transaction
from core.errors import Refused
from orders import (
    cancelling,
    changing,
    closing,
    drawers,
    giving_back,
    handing_over,
    harvesting,
    placing,
    preparing,
    receipts,
    reminding,
    rescheduling,
    substituting,
)
from orders.drawers import Drawer
from orders.models import Order
from tests import factories as make
from tests.conftest import empty_database
from tests.orders import likeness, rounds
from tests.orders.rounds import Citizen, Crate, Deed, Goods, Line, Stand, Twin, Wanted

Thing = TypeVar("Thing")

STARTS = (date(2026, 11, 23), date(2026, 10, 22), date(2027, 3, 25))  # the last two: pick-ups across a clock change
MOST_REPLAYS = 400
LEANINGS = (1, 1, 2, 3)
CITIZENS = (
    *[Citizen("Maria Rossi", email="maria@posta.example")] * 3,
    Citizen("Gino Bianchi", email="gino@posta.example"),
    Citizen("Teresa Verdi", phone="+390381000000"),
    Citizen("Nessuno Senza Recapito"),
)

ANY = range(60)
"""Which one of those there are."""
BASKETS = [
    (number, quantity, swap)
    for number in (0, 0, 1, 1, 2, 3, 4)
    for quantity in (1, 2, 3)
    for swap in (True, True, False)
]
BASKETS += [(number, 40, False) for number in (0, 3)]
FACTORS = (100, 100, 97, 103, 108, 115, 140, 60)  # per cent of what was ordered
ODD_FACTORS = (0, 1, 30, 49, 50, 100, 200, 201, 900, 10_000, 100_000)
FEES = (0, 0, 0, 0, 0, 50)
FILLINGS = (
    {2000: 3, 1000: 9, 500: 9, 200: 9, 100: 9, 50: 9, 20: 9, 10: 9, 5: 9},
    {1000: 2, 200: 1, 20: 3, 2: 1},
    {5: 30},
    {},
    {100: 1000},
)
"""What is found in a cash box; the last is more than one holds."""
PACKINGS = ("right", "right", "right", "short", "missing", "swap", "swap")


class WentWrong(AssertionError):
    """The shop is not as its twin says, or did not refuse as it should."""


@dataclass(frozen=True)
class Step:
    weight: int
    when: Callable[[Walk], Any]
    draws: dict[str, Sequence[Any]]
    go: Callable[..., None]


STEPS: dict[str, Step] = {}


def step(weight: int, when: Callable[[Walk], Any] = lambda walk: True, **draws: Sequence[Any]) -> Any:
    """A method that is one kind of step: how often, when it makes sense, and what chance chooses for it."""

    def keep(go: Callable[..., None]) -> Callable[..., None]:
        STEPS[go.__name__] = Step(weight, when, draws, go)
        return go

    return keep


class Walk:
    """The shop, its twin, and the steps that were taken."""

    def __init__(self, start: date) -> None:
        empty_database()
        self.forms, self.taken, self.done = count(1), [], Counter[str]()
        now = rounds.rome(start, 8 * 60)
        with clock.at(now), transaction():
            self.stands = _stands()
            self.twin = Twin(now, _goods(), _pickups(self.stands, start))
        for goods in self.twin.goods:
            self.twin.note_stock(goods, goods.left)
        self.look()

    def take_steps(self, chance: Random, steps: int) -> None:
        """Every walk has its leanings: some kinds of step come more often than in others."""
        weights = {name: step.weight * chance.choice(LEANINGS) for name, step in STEPS.items()}
        for _ in range(steps):
            names = [name for name, step in STEPS.items() if weights[name] and step.when(self)]
            name = chance.choices(names, [weights[name] for name in names])[0]
            self.take_step(name, {what: chance.choice(those) for what, those in STEPS[name].draws.items()})
        self.audit()

    def take_step(self, name: str, drawn: dict[str, Any]) -> None:
        self.taken.append((name, drawn))
        STEPS[name].go(self, **drawn)

    # --- citizens

    @step(
        14,
        lambda walk: walk.open_now(),
        where=ANY,
        who=ANY,
        discount=(0, 0, 0, 10, 33, 50),
        **dict.fromkeys("abc", BASKETS),
    )
    def order(self, where: int, who: int, discount: int, **basket: Any) -> None:
        twin = self.twin
        those = self.open_now() if where % 8 else [each for each in twin.pickups if twin.takes_orders(each)]
        self.place(_pick(those, where), _pick(CITIZENS, who), self.wanted(basket.values()), discount=discount)

    @step(3, where=ANY, who=ANY, late=(True, True, False), is_stale=(True, False, False), a=BASKETS, b=BASKETS)
    def order_anywhere(self, where: int, who: int, late: bool, is_stale: bool, **basket: Any) -> None:
        wanted = [wish._replace(is_stale=is_stale) for wish in self.wanted(basket.values())]
        self.place(_pick(self.twin.pickups, where), _pick(CITIZENS, who), wanted, late=late)

    @step(
        6,
        lambda walk: walk.unnumbered(),
        n=ANY,
        where=ANY,
        is_stale=(False, False, False, True),
        less=FEES,
        a=BASKETS,
        b=BASKETS,
    )
    def change(self, n: int, where: int, is_stale: bool, less: int, **basket: Any) -> None:
        crate = _pick(self.unnumbered(), n)
        pickup = crate.pickup if where % 3 else _pick(self.twin.pickups, where)
        self.change_to(crate, self.wanted(basket.values()), pickup, is_stale=is_stale, less=less)

    @step(
        16,
        lambda walk: walk.unpacked(),
        n=ANY,
        where=ANY,
        same=(True, True, False),
        address=("", *["Via Roma 1, 27029 Vigevano", "Via Nuova 2, 27029 Vigevano"] * 2),
        is_stale=(*[False] * 7, True),
        less=FEES,
        a=BASKETS,
        b=BASKETS,
    )
    def somebody_rings(
        self, n: int, where: int, same: bool, address: str, is_stale: bool, less: int, **basket: Any
    ) -> None:
        """The staff change what is not packed yet, late or not, mostly to another pick-up; now and then any order."""
        crate = _pick(self.unpacked() if n % 8 else self.twin.crates, n)
        others = [each for each in self.to_come() if each is not crate.pickup] if where % 4 else self.twin.pickups
        others = [each for each in others or self.twin.pickups for _ in range(3 if each.closed else 1)]
        pickup = _pick(others, where) if where % 3 else crate.pickup
        goods = [Wanted(line.goods, line.quantity, line.may_swap) for line in crate.lines]
        wanted = goods if same else self.wanted(basket.values())
        self.change_to(crate, wanted, pickup, is_stale=is_stale, less=less, address=address, as_staff=True)

    @step(3, lambda walk: walk.twin.crates, n=ANY, as_staff=(True, False))
    def cancel(self, n: int, as_staff: bool) -> None:
        crate = _pick(self.twin.crates, n)
        self.do(self.twin.cancel(crate, as_staff=as_staff), lambda: cancelling.cancel(crate.id, as_staff=as_staff))

    # --- time

    @step(2, minutes=(1, 14, 16, 120, 600, 1440))
    def time_passes(self, minutes: int) -> None:
        self.twin.now += timedelta(minutes=minutes)

    @step(3, n=ANY, moment=("cutoff", "start", "end", "kept_until"))
    def the_hour_comes(self, n: int, moment: str) -> None:
        pickup = _pick([each for each in self.twin.pickups if not each.off] or self.twin.pickups, n)
        self.twin.now = max(self.twin.now, getattr(pickup, moment))

    @step(8, lambda walk: walk.to_close())
    def the_cut_off_comes(self) -> None:
        self.twin.now = max(self.twin.now, min(pickup.cutoff for pickup in self.to_close()))
        self.do(self.twin.close_due(), closing.close_due)

    @step(2)
    def the_worker_sends(self) -> None:
        self.do(self.twin.remind(), reminding.remind_due)
        self.do(self.twin.send(), outbox.send_due)

    @step(1)
    def the_night_comes(self) -> None:
        self.twin.now += timedelta(hours=12)
        self.audit()

    @step(8, lambda walk: not walk.open_now(), stand=ANY, days=(3, 4, 5), capacity=(1, 3, 5))
    def plan_another_pickup(self, stand: int, days: int, capacity: int) -> None:
        with clock.at(self.twin.now):
            day = self.twin.today + timedelta(days=days)
            self.twin.pickups.append(_pickup(_pick(self.stands, stand), day, capacity))
        self.look()

    # --- preparing

    @step(18, lambda walk: walk.to_pack(), n=ANY, how=PACKINGS, factor=FACTORS, other=ANY)
    def pack(self, n: int, how: str, factor: int, other: int) -> None:
        self.pack_line(*_pick(self.to_pack(), n), how, factor, other)

    @step(14, lambda walk: walk.to_pack(), n=ANY, a=PACKINGS, b=PACKINGS, factor=FACTORS, label=(True, True, False))
    def prepare(self, n: int, a: str, b: str, factor: int, label: bool) -> None:
        """A whole crate, also what comes in place of something."""
        crate = _pick(self.to_pack(), n)[0]
        for other, how in enumerate((a, b, *["right"] * 6)):
            if crate.waiting:
                self.pack_line(crate, crate.waiting[0], how, factor, other)
        self.finish(crate)
        if label:
            self.label(crate)

    @step(
        6, lambda walk: walk.to_pack(), n=ANY, factor=ODD_FACTORS, box=(True, False), sure=(True, False), late=(0, 0, 1)
    )
    def weigh_oddly(self, n: int, factor: int, box: bool, sure: bool, late: int) -> None:
        crate, line = _pick(self.to_pack(), n)
        self.weigh(crate, line, _part(line, factor), version=line.version - late, in_container=box, sure=sure)

    @step(4, lambda walk: walk.to_pack(), n=ANY, pieces=range(4), factor=(*FACTORS, *ODD_FACTORS), sure=(True, False))
    def pack_short_oddly(self, n: int, pieces: int, factor: int, sure: bool) -> None:
        crate, line = _pick(self.to_pack(), n)
        self.short(crate, line, pieces, _part(line, factor), sure=sure)

    @step(8, lambda walk: walk.weighed(), n=ANY, factor=(*FACTORS, *ODD_FACTORS), sure=(True, False), late=(0, 0, 1))
    def weigh_again(self, n: int, factor: int, sure: bool, late: int) -> None:
        crate, line = _pick(self.weighed(), n)
        grams, version = _part(line, factor), line.version - late
        self.do(
            self.twin.reweigh(crate, line, grams, version, sure=sure),
            lambda: preparing.reweigh(crate.id, line.id, grams, version=version, by=None, sure=sure),
        )

    @step(2, lambda walk: walk.twin.crates, n=ANY, crates=(0, 1, 2, 3, 6))
    def count_crates(self, n: int, crates: int) -> None:
        crate = _pick(self.twin.crates, n)
        self.do(self.twin.count_crates(crate, crates), lambda: preparing.set_crates(crate.id, crates, by=None))

    # --- handing over

    @step(
        16,
        lambda walk: walk.ready(),
        n=ANY,
        by_card=(True, False),
        note=(0, 1000, 5000),
        takes_it=(True, True, False),
    )
    def pay(self, n: int, by_card: bool, note: int, takes_it: bool) -> None:
        crate = _pick(self.ready(), n)
        self.take_money(crate, by_card=by_card, note=note)
        if takes_it:
            self.hand_over(crate)

    @step(5, stand=ANY, pieces=FILLINGS, is_stale=(False, False, False, True))
    def count_the_box(self, stand: int, pieces: dict[int, int], is_stale: bool) -> None:
        place = _pick(self.stands, stand)
        seen = drawers.newest_move(place.id) + is_stale
        self.do(
            self.twin.count_box(place, pieces, is_stale=is_stale),
            lambda: drawers.count(db.session.get_one(Place, place.id), pieces, by=None, seen=seen),
        )

    @step(4, lambda walk: walk.twin.crates, n=ANY, number=("0012-0034", "0012-0043", "", "x" * 41), paid=(1, 1, 1, 0))
    def write_a_receipt(self, n: int, number: str, paid: int) -> None:
        """Mostly for money that came in, now and then for an order whatever it is."""
        with_money = [crate for crate in self.twin.crates if crate.receipt is not None]
        crate = _pick((with_money if paid else []) or self.twin.crates, n)
        self.do(
            self.twin.note_receipt(crate, number),
            lambda: receipts.note_document(crate.id, _money_of(crate), number, by=None),
        )

    @step(6, lambda walk: walk.ready(), n=ANY, waits=(True, True, False))
    def nobody_came(self, n: int, waits: bool) -> None:
        crate = _pick(self.ready(), n)
        if waits:
            self.twin.now = max(self.twin.now, crate.pickup.end)
        self.not_collected(crate)

    @step(2, lambda walk: walk.ready(), n=ANY, waits=(True, True, False), most=(2, 3, 9))
    def nobody_came_for_several(self, n: int, waits: bool, most: int) -> None:
        """What is left of a pick-up, in one tap; now and then with one that is not to be put away."""
        pickup = _pick(self.ready(), n).pickup
        if waits:
            self.twin.now = max(self.twin.now, pickup.kept_until)
        those = self.ready() if n % 4 else self.twin.crates
        self.not_collected(*[crate for crate in those if crate.pickup is pickup][:most])

    @step(3, lambda walk: walk.unfinished(), n=ANY, waits=(True, True, False), gone=(True, False))
    def we_own_up(self, n: int, waits: bool, gone: bool) -> None:
        """We did not prepare it; now and then any order."""
        crate = _pick(self.unfinished() if n % 8 else self.twin.crates, n)
        if waits:
            self.twin.now = max(self.twin.now, crate.pickup.kept_until)
        self.do(self.twin.own_up(crate, gone=gone), lambda: cancelling.own_up(crate.id, by=None, gone=gone))

    @step(5, lambda walk: walk.not_fetched(), n=ANY)
    def they_come_after_all(self, n: int) -> None:
        self.expect_again(_pick(self.not_fetched(), n))

    @step(
        10,
        lambda walk: walk.gone(),
        n=ANY,
        which=ANY,
        percent=(1, 33, 50, 100, 100, 101),
        how=("as paid", "as paid", "cash", "card_terminal", "credit", "credit", "credit"),
    )
    def complain(self, n: int, which: int, percent: int, how: str) -> None:
        crate = _pick(self.gone(), n)
        how = ("cash" if crate.came_in("cash") else "card_terminal") if how == "as paid" else how
        most = crate.possible() or {rounds.FEE: 1}
        parts = most if which > 50 else dict([_pick(sorted(most.items()), which)])
        self.refund(crate, {part: max(1, cents * percent // 100) for part, cents in parts.items()}, how)

    # --- whoever is in the way: any deed at any time

    @step(
        3,
        lambda walk: walk.twin.crates,
        n=ANY,
        which=ANY,
        what=("take", "miss", "swap", "finish", "label", "cash", "card"),
    )
    def meddle_with_a_crate(self, n: int, which: int, what: str) -> None:
        crate = _pick(self.twin.crates, n)
        line = _pick(crate.lines, which)
        deeds: dict[str, Callable[[], None]] = {
            "take": lambda: self.take(crate, line),
            "miss": lambda: self.miss(crate, line),
            "swap": lambda: self.swap(crate, line, _pick(self.twin.goods, which)),
            "finish": lambda: self.finish(crate),
            "label": lambda: self.label(crate),
            "cash": lambda: self.take_money(crate, by_card=False, more=which % 2),
            "card": lambda: self.take_money(crate, by_card=True, more=which % 2),
        }
        deeds[what]()

    @step(3, lambda walk: walk.twin.crates, n=ANY, what=("give", "forget", "expect", "refund", "change"))
    def meddle_with_an_order(self, n: int, what: str) -> None:
        crate = _pick(self.twin.crates, n)
        deeds: dict[str, Callable[[], None]] = {
            "give": lambda: self.hand_over(crate),
            "forget": lambda: self.not_collected(crate),
            "expect": lambda: self.expect_again(crate),
            "refund": lambda: self.refund(crate, {crate.lines[0].id: 100}, "cash"),
            "change": lambda: self.change_to(crate, [Wanted(self.twin.goods[3], 1)], crate.pickup, is_stale=False),
        }
        deeds[what]()

    # --- the pick-up

    @step(2, n=ANY, which=ANY, arrived=(0, 1, 900, 100_000), nothing_left=(True, False, False, False))
    def arrive(self, n: int, which: int, arrived: int, nothing_left: bool) -> None:
        pickup = _pick(self.to_come() if n % 4 else self.twin.pickups, n)
        goods, lot = _pick(self.twin.goods[: 2 + which % 4], which), f"lotto {arrived}"
        self.do(
            self.twin.arrive(pickup, goods, arrived, lot, nothing_left=nothing_left),
            lambda: harvesting.arrive(pickup.id, goods.id, arrived, by=None, lot=lot, nothing_left=nothing_left),
        )

    @step(1, n=ANY, capacity=range(7))
    def resize(self, n: int, capacity: int) -> None:
        pickup = _pick(self.twin.pickups, n)
        self.do(self.twin.resize(pickup, capacity), lambda: pickups.set_capacity(pickup.id, capacity, by=None))

    @step(3, n=ANY, days=(-9, 0, 1, 1, 2, 7, 90), start=(2, 9, 16), where=ANY)
    def move(self, n: int, days: int, start: int, where: int) -> None:
        pickup = _pick(self.to_come() if n % 4 else self.twin.pickups, n)
        place = _pick(self.stands, where) if where % 2 else pickup.place
        day = pickup.day + timedelta(days=days)
        minutes = {"from_minute": start * 60, "to_minute": (start + 2) * 60}
        self.do(
            self.twin.move(pickup, day, (start, start + 2), place),
            lambda: rescheduling.move(pickup.id, day=day, **minutes, place_id=place.id, reason="gelo", by=None),
        )

    @step(2, n=ANY, gone=(True, False))
    def call_off(self, n: int, gone: bool) -> None:
        pickup = _pick(self.to_come() if n % 4 else self.twin.pickups, n)
        self.do(
            self.twin.call_off(pickup, gone=gone),
            lambda: rescheduling.call_off(pickup.id, "gelo", gone=gone, by=None),
        )

    # --- goods

    @step(5, which=ANY, quantity=(0, 5, 12, 9000))
    def offer(self, which: int, quantity: int) -> None:
        goods = _pick(self.twin.goods, which)
        self.do(self.twin.offer(goods, quantity), lambda: stock.offer(self.product(goods), quantity))

    @step(1, which=ANY, left=(-1, 0, 5, 9, 6000))
    def count(self, which: int, left: int) -> None:
        goods = _pick(self.twin.goods, which)
        self.do(self.twin.count(goods, left), lambda: stock.count(self.product(goods), left))

    @step(1, which=ANY, cents=(0, 1, 99, 285, 1001))
    def price(self, which: int, cents: int) -> None:
        goods = _pick(self.twin.goods, which)
        self.do(self.twin.price(goods, cents), lambda: products.set_price(goods.id, cents))

    # --- back again

    @step(18, lambda walk: walk.undoable_crates(), n=ANY, times=(1, 1, 1, 2, 3, 9))
    def go_back(self, n: int, times: int) -> None:
        self.undo(_pick(self.undoable_crates(), n), times)

    @step(5, n=ANY, times=(1, 1, 2))
    def go_back_elsewhere(self, n: int, times: int) -> None:
        """A pick-up or goods that something was done to, and now and then whatever there is."""
        those = [
            *[each for each in self.twin.pickups if each.deeds] * 3,
            *[each for each in self.twin.boxes.values() if each.deeds] * 2,
            *(g for g in self.twin.goods if len(g.deeds) > 1),
        ]
        anything = [*self.twin.pickups, *self.twin.goods, *self.twin.crates]
        subject = _pick((those if n < 50 else []) or anything, n)
        self.undo(subject, times)

    def undo(self, subject: Goods | rounds.PickUp | rounds.Box | Crate, times: int) -> None:
        """One deed after the other, until it is refused."""
        if isinstance(subject, rounds.Box):
            box_id = db.session.scalars(select(Drawer.id).where(Drawer.place_id == subject.place_id)).one()
            self.undo_row(subject.deeds, Drawer, box_id, times)
            return
        table = Product if isinstance(subject, Goods) else Order if isinstance(subject, Crate) else PickUp
        self.undo_row(subject.deeds, table, subject.id, times)

    def undo_row(self, deeds: list[rounds.Undoable], table: Any, row_id: int, times: int) -> None:
        for _ in range(times):
            row = db.session.get_one(table, row_id)
            entry = undo.newest(row)
            if not self.do(self.twin.undo(deeds), lambda row=row: undo.undo_last(row)):
                break
            self.done[f"{entry.action if entry else ''} undone"] += 1

    # --- the deeds

    def place(
        self, pickup: rounds.PickUp, who: Citizen, wanted: list[Wanted], *, late: bool = False, discount: int = 0
    ) -> None:
        citizen = placing.Citizen(name=who.name, email=who.email, phone=who.phone, address=pickup.place.home)
        how: dict[str, Any] = {"key": self.form(), "late": late, "discount_percent": discount}
        self.do(
            self.twin.place(pickup, who, wanted, late=late, discount=discount),
            lambda: placing.place(_wishes(wanted), citizen, pickup.id, **how),
        )

    def change_to(
        self,
        crate: Crate,
        wanted: list[Wanted],
        pickup: rounds.PickUp,
        *,
        is_stale: bool,
        less: int = 0,
        address: str = "",
        as_staff: bool = False,
    ) -> None:
        """``less``: cents that the page showed too little for bringing it there."""
        fee = (crate.fee if pickup is crate.pickup else pickup.place.fee) - less
        how: dict[str, Any] = {"version": crate.version - is_stale, "key": self.form(), "pickup_id": pickup.id}
        seen: dict[str, Any] = {"is_stale": is_stale, "seen_fee": fee}
        self.do(
            self.twin.change_by_staff(crate, wanted, pickup, address=address, **seen)
            if as_staff
            else self.twin.change(crate, wanted, pickup, **seen),
            lambda: changing.change(crate.id, _wishes(wanted), address=address, seen_fee=fee, as_staff=as_staff, **how),
        )

    def pack_line(self, crate: Crate, line: Line, how: str, factor: int, other: int) -> None:
        if how == "short" and line.quantity > 1:
            self.short(crate, line, line.quantity // 2, _part(line, 50), sure=True)
        elif how == "swap" and line.may_swap and line.instead_of is None:
            there = {each.goods for each in crate.lines}
            self.swap(
                crate, line, _pick([goods for goods in self.twin.goods if goods not in there] or self.twin.goods, other)
            )
        elif how == "missing":
            self.miss(crate, line)
        elif line.goods.is_weighed:
            self.weigh(crate, line, _part(line, factor), version=line.version, sure=True)
        else:
            self.take(crate, line)

    def take(self, crate: Crate, line: Line) -> None:
        how: dict[str, Any] = {"version": line.version}
        self.do(self.twin.take(crate, line, **how), lambda: preparing.take_line(crate.id, line.id, by=None, **how))

    def weigh(self, crate: Crate, line: Line, scale: int, **how: Any) -> None:
        self.do(
            self.twin.weigh(crate, line, scale, **how),
            lambda: preparing.weigh_line(crate.id, line.id, scale, by=None, **how),
        )

    def short(self, crate: Crate, line: Line, pieces: int, grams: int, *, sure: bool) -> None:
        how: dict[str, Any] = {"pieces": pieces, "grams": grams, "version": line.version, "sure": sure}
        self.do(self.twin.short(crate, line, **how), lambda: preparing.pack_short(crate.id, line.id, by=None, **how))

    def miss(self, crate: Crate, line: Line) -> None:
        how: dict[str, Any] = {"version": line.version}
        self.do(self.twin.miss(crate, line, **how), lambda: preparing.mark_missing(crate.id, line.id, by=None, **how))

    def swap(self, crate: Crate, line: Line, goods: Goods) -> None:
        how: dict[str, Any] = {"version": line.version}
        self.do(
            self.twin.swap(crate, line, goods, **how),
            lambda: substituting.substitute(crate.id, line.id, goods.id, by=None, **how),
        )

    def finish(self, crate: Crate) -> None:
        self.do(self.twin.finish(crate), lambda: preparing.finish(crate.id, by=None))

    def label(self, crate: Crate) -> None:
        self.do(self.twin.label(crate), lambda: preparing.label(crate.id, by=None))

    def take_money(self, crate: Crate, *, by_card: bool, more: int = 0, note: int = 0) -> None:
        """``more`` cents than are due: what a screen shows that was left open. ``note``: what is laid down, if any."""
        if by_card:
            due = crate.due + more
            self.do(self.twin.take_card(crate, due), lambda: handing_over.take_card(crate.id, by=None, expected=due))
            return
        cash = self.twin.cash_due(crate) + more
        given = [note] * -(-cash // note) if note and cash > 0 else []
        back = self.out_of_the_box(crate, sum(given) - cash) if given else []
        if back is None:
            given = back = []
        money = {"given": given, "back": back}
        self.do(
            self.twin.take_cash(crate, cash, **money),
            lambda: handing_over.take_cash(crate.id, by=None, expected=cash, **money),
        )

    def out_of_the_box(self, crate: Crate, cents: int) -> list[int] | None:
        """As the screen shows it; None where the box does not hold it."""
        try:
            return drawers.change_for(crate.pickup.place.id, cents)
        except drawers.NoChange:
            return None

    def hand_over(self, crate: Crate) -> None:
        self.do(self.twin.hand_over(crate), lambda: handing_over.hand_over(crate.id, by=None))

    def not_collected(self, *crates: Crate) -> None:
        ids = [crate.id for crate in crates]
        self.do(self.twin.not_collected(*crates), lambda: handing_over.mark_all_not_collected(ids, by=None))

    def expect_again(self, crate: Crate) -> None:
        self.do(self.twin.expect_again(crate), lambda: handing_over.expect_again(crate.id, by=None))

    def refund(self, crate: Crate, parts: dict[int, int], how: Any) -> None:
        self.do(
            self.twin.refund(crate, parts, how),
            lambda: giving_back.give_back(crate.id, parts, how=how, reason="marcio", by=None),
        )

    def do(self, deed: Deed, verb: Callable[[], Any]) -> bool:
        """The shop and the twin do the same, or both refuse; then they are the same. Returns whether it was done."""
        right = next(deed)
        with clock.at(self.twin.now):
            answer = _tried(verb)
        name = getattr(deed, "__name__", "")
        is_done = not isinstance(answer, Refused)
        if is_done != (not right) or not (is_done or type(answer) in right):
            names = " or ".join(sorted(reason.__name__ for reason in right))
            raise WentWrong(f"{name}: the shop says {answer!r}, right is {names or 'that it is done'}")
        if is_done:
            with clock.at(self.twin.now):
                _end(deed, answer)
        self.done += Counter([name] if is_done else [f"{name} refused", f"refused: {type(answer).__name__}"])
        self.look()
        return is_done

    # --- looking

    def look(self) -> None:
        with clock.at(self.twin.now):
            if wrong := likeness.what_is_wrong(self.twin):
                raise WentWrong("; ".join(wrong))

    def audit(self) -> None:
        with clock.at(self.twin.now):
            if wrong := likeness.what_the_books_say(self.twin):
                raise WentWrong("; ".join(wrong))

    # --- which there are

    def form(self) -> str:
        return f"a-form-of-the-walk-{next(self.forms)}"

    def product(self, goods: Goods) -> Product:
        return db.session.get_one(Product, goods.id)

    def wanted(self, basket: Iterable[tuple[int, int, bool]]) -> list[Wanted]:
        """Each thing once; 40 is more than there is, or no whole step."""
        chosen = {self.twin.goods[which]: (quantity, swap) for which, quantity, swap in basket}
        return [
            Wanted(goods, quantity * (351 if quantity == 40 else 500) if goods.step > 1 else quantity, swap)
            for goods, (quantity, swap) in chosen.items()
        ]

    def open_now(self) -> list[rounds.PickUp]:
        twin = self.twin
        return [each for each in twin.pickups if twin.takes_orders(each) and twin.taken(each) < each.capacity]

    def to_come(self) -> list[rounds.PickUp]:
        """Those that may still be moved or called off; all of them where there is none."""
        twin = self.twin
        begun = {crate.pickup for crate in twin.crates if crate.gone or crate.not_collected}
        return [
            each for each in twin.pickups if not each.off and twin.now < each.end and each not in begun
        ] or twin.pickups

    def to_close(self) -> list[rounds.PickUp]:
        return [each for each in self.twin.pickups if not each.closed and not each.off and self.twin.taken(each)]

    def unnumbered(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if not crate.off and crate.number is None]

    def unpacked(self) -> list[Crate]:
        """Those that stand, of a pick-up to come, and wait line by line; the numbered ones six times as often."""
        to_come = [crate for crate in self.twin.crates if not crate.off and crate.pickup.end > self.twin.now]
        waits = [crate for crate in to_come if len(crate.waiting) == len(crate.lines)]
        return [crate for crate in waits for _ in range(6 if crate.number else 1)]

    def to_pack(self) -> list[tuple[Crate, Line]]:
        crates = [crate for crate in self.twin.crates if crate.number and not crate.off and not crate.ready]
        return [(crate, line) for crate in crates for line in crate.waiting]

    def unfinished(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if not crate.off and not crate.ready]

    def weighed(self) -> list[tuple[Crate, Line]]:
        crates = [crate for crate in self.twin.crates if not crate.ready]
        return [(crate, line) for crate in crates for line in crate.lines if line.grams]

    def ready(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if crate.status == "ready"]

    def gone(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if crate.gone]

    def not_fetched(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if crate.not_collected]

    def undoable_crates(self) -> list[Crate]:
        return [crate for crate in self.twin.crates if crate.deeds]


# --- walking, and walking less


def walk(seed: int, steps: int) -> Counter[str]:
    """What was done, what was refused and what was taken back, how often. Raises WentWrong with the shortest walk."""
    chance = Random(seed)
    start = chance.choice(STARTS)
    going = Walk(start)
    try:
        going.take_steps(chance, steps)
    except Exception as trouble:
        db.session.rollback()
        raise _with_fewest_steps(start, going.taken, trouble, f"seed {seed}, {steps} steps") from trouble
    return going.done


def _with_fewest_steps(start: date, taken: list[Any], trouble: Exception, seed: str) -> WentWrong:
    """Leave out halves, quarters … single steps, as long as something still goes wrong."""
    size, replays = max(1, len(taken) // 2), 0
    while replays < MOST_REPLAYS:
        at, was_shorter = 0, False
        while at < len(taken) and replays < MOST_REPLAYS:
            fewer, replays = taken[:at] + taken[at + size :], replays + 1
            if found := _trouble_of(start, fewer):
                taken, trouble, was_shorter = fewer, found, True
            else:
                at += size
        if size == 1 and not was_shorter:
            break
        size = max(1, size // 2)
    lines = [f"    {name}({', '.join(f'{what}={value!r}' for what, value in drawn.items())})" for name, drawn in taken]
    return WentWrong("\n".join([f"{type(trouble).__name__}: {trouble}", f"{seed}, from {start}:", *lines]))


def _trouble_of(start: date, taken: list[Any]) -> Exception | None:
    try:
        going = Walk(start)
        for name, drawn in taken:
            if STEPS[name].when(going):
                going.take_step(name, drawn)
        going.audit()
    except Exception as trouble:
        db.session.rollback()
        return trouble
    return None


def _tried(verb: Callable[[], Any]) -> Any:
    """The answer, or the refusal."""
    try:
        return verb()
    except Refused as refused:
        return refused


def _end(deed: Deed, answer: Any) -> None:
    try:
        deed.send(answer)
    except StopIteration:
        return
    raise WentWrong("a deed of the twin ends after its answer")


def _money_of(crate: Crate) -> int:
    """The newest cash or card that came in for it, also where somebody took it back; 0 where none ever did."""
    came_in = [each for each in db.session.get_one(Order, crate.id).payments if each.kind in receipts.KINDS]
    return max((each.id for each in came_in if each.amount > 0 and each.counters_id is None), default=0)


def _pick(those: Sequence[Thing], n: int) -> Thing:
    return those[n % len(those)]


def _part(line: Line, percent: int) -> int:
    return line.goods.grams(line.quantity) * percent // 100


def _wishes(wanted: Iterable[Wanted]) -> list[placing.Wish]:
    return [
        placing.Wish(each.goods.id, each.quantity, each.goods.price + each.is_stale, each.may_swap) for each in wanted
    ]


# --- the world


def _goods() -> list[Goods]:
    bowl = Container(name="Ciotola", tare_grams=350)
    db.session.add(bowl)
    db.session.flush()
    goods = [
        Goods(0, "by_weight", 290, 4, step=100, tolerance=10, tare=350, left=16_000),
        Goods(0, "piece_by_weight", 210, 4, piece=1200, tolerance=20, left=14),
        Goods(0, "fixed", 150, 5, left=16),
        Goods(0, "fixed", 850, 10, keeps=True, left=12),
        Goods(0, "fixed", 999, 22, keeps=True, left=9),
    ]
    for number, each in enumerate(goods):
        each.id = make.product(
            f"cosa-{number}",
            left=each.left,
            vat_category=f"al {each.rate}",
            vat_rate=each.rate,
            kind=each.kind,
            price=each.price,
            step=each.step,
            piece_grams=each.piece or None,
            tolerance_percent=each.tolerance,
            perishable=not each.keeps,
            container_id=bowl.id if each.tare else None,
        ).id
    return goods


def _stands() -> list[Stand]:
    stalls = [("Piazza Ducale", 0, "stall"), ("Cascina", 0, "stall"), ("Giro", 400, "round")]
    made = [make.place(name=name, fee=fee, kind=kind) for name, fee, kind in stalls]
    db.session.flush()
    return [Stand(place.id, place.name, place.fee, place.kind == "round") for place in made]


def _pickups(stands: Sequence[Stand], start: date) -> list[rounds.PickUp]:
    planned = [(stands[0], 3, 4), (stands[2], 4, 3)]
    return [_pickup(stand, start + timedelta(days=days), capacity) for stand, days, capacity in planned]


def _pickup(stand: Stand, day: date, capacity: int) -> rounds.PickUp:
    made = pickups.schedule(db.session.get_one(Place, stand.id), day, hours=(16, 18), capacity=capacity)
    start, end = (rounds.rome(day, hour * 60) for hour in (16, 18))
    return rounds.PickUp(made.id, stand, day, start, end, rounds.rome(day - timedelta(days=1), 12 * 60), capacity)
