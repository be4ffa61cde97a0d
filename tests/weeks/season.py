"""Weeks of a small farm, deed by deed at its hour, with everything that goes wrong on a real one.

Citizens order, change, cancel, come, or do not come; the staff takes orders by phone, moves a pick-up, calls one off,
rests a week; less arrives than was sold; somebody complains. The worker looks in every few hours, and every night
through the books. What the letters should have been is counted here, apart from the shop's own outbox.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from catalog import calendar, pickups, stock
from catalog.models import Kind, PickUp, Place, Product
from core import clock, keys, outbox, readers, undo
from core.database import db
from core.errors import NoPlaceLeft, OutOfStock, TooLate
from orders import (
    books,
    cancelling,
    changing,
    closing,
    finding,
    giving_back,
    handing_over,
    harvesting,
    placing,
    preparing,
    reasons,
    releasing,
    reminding,
    rescheduling,
    substituting,
)
from orders.models import Order, OrderLine
from tests import factories as make

LOOK_IN = timedelta(hours=3)
NAMES = ("Ada Negri", "Bruno Sala", "Carla Riva", "Dino Testa", "Elsa Monti", "Fabio Galli", "Gina Rota", "Ivo Pozzi")


@dataclass
class Season:
    """``orders_each``: how many orders one pick-up gets. Everything random comes from ``seed``."""

    monday: date
    weeks: int = 8
    orders_each: int = 5
    seed: int = 0  # the first Monday, unless given
    letters: Counter[tuple[int, str]] = field(default_factory=Counter)  # (order, letter) -> how many should have left
    happened: Counter[str] = field(default_factory=Counter)
    delivered: list[str] = field(default_factory=list)  # Message-IDs, as they left
    nights: int = 0
    reminded: set[tuple[int, datetime]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed or self.monday.toordinal())
        self.number = 0
        self.last_look: datetime | None = None
        self.is_forgetful = False
        self.products: list[Product] = []
        self.places: list[Place] = []
        self.by = 0  # Rita, the tutor

    # --- the farm

    def found(self) -> None:
        """The farm, four weeks of rules ahead."""
        with clock.at(clock.rome(self.monday - timedelta(days=3), 8)):
            self.by = make.tutor().id
            self.places = [make.place("piazza"), make.place("parco", name="Casa del Parco", address="Piazza Silva 3")]
            self.products = [
                make.chard(left=0, net=500),
                make.product("cavolo", price=220, unit="mazzo", unit_plural="mazzi", left=0),
                make.carrots(left=0),
                make.product("zucca", kind=Kind.PIECE_BY_WEIGHT, price=240, piece_grams=1800, left=0),
                make.honey(left=0),
                make.product("basilico", price=150, vat_category="erbe", vat_rate=5, left=0),
            ]
            for nth, (weekday, minute) in enumerate(((4, 16 * 60), (5, 10 * 60))):
                calendar.add_rule(
                    self.places[nth].id,
                    weekday=weekday,
                    from_minute=minute,
                    to_minute=minute + 120,
                    cutoff_days_before=1,
                    cutoff_minute=12 * 60,
                    capacity=12,
                    from_day=self.monday,
                    by=self.by,
                )
            calendar.plan()

    def run(self) -> None:
        """Week after week; then the worker has two more days to send what waits."""
        for week in range(self.weeks):
            self._week(week, self.monday + timedelta(days=7 * week))
        self.look_in(clock.rome(self.monday + timedelta(days=7 * self.weeks + 2), 12))

    # --- one week

    def _week(self, week: int, monday: date) -> None:
        self.at(monday, 7, self._harvest_is_expected)
        if week == 1:
            self.at(monday, 8, lambda: self._rest_in(monday + timedelta(days=21)))
        ours = self._pickups_of(monday)
        if week == 4:
            assert all(pickup.cancelled_at for pickup in ours), "the farm rests in its closed week"
            return
        assert len(ours) == 2, "rules make two pick-ups a week"
        for nth, pickup in enumerate(ours):
            self._gather_orders(pickup, monday)
            if week == 2 and nth == 0:
                self.at(monday + timedelta(days=2), 9, lambda pickup=pickup: self._move(pickup.id))
            if week == 5 and nth == 1:
                self.at(monday + timedelta(days=3), 18, lambda pickup=pickup: self._call_off(pickup.id))
            if week == 7 and nth == 0:
                self.at(monday + timedelta(days=3), 6, lambda pickup=pickup: self._call_off(pickup.id, gone=True))
            if week == 6 and nth == 0:
                self.at(monday + timedelta(days=3), 17, lambda pickup=pickup: self._call_off_and_think_again(pickup.id))
        self.is_forgetful = week == 3
        for pickup in sorted(ours, key=lambda pickup: self._fresh(pickup).from_at):
            self._do(pickup)
        self.at(monday + timedelta(days=6), 13, self._settle_what_is_left)

    def _pickups_of(self, monday: date) -> list[PickUp]:
        db.session.rollback()
        found = pickups.coming(monday, monday + timedelta(days=6))
        return [pickup for pickup in found if pickup.rule_id is not None]

    def _fresh(self, pickup: PickUp) -> PickUp:
        db.session.rollback()
        return pickups.get(pickup.id)

    def _harvest_is_expected(self) -> None:
        for product in self.products:
            stock.offer(product, 16_000 if product.is_ordered_in_grams else 18, by=self.by)
        stock.count(self.products[0], 14, by=self.by)

    def _rest_in(self, monday: date) -> None:
        calendar.close_week(monday, "Riposo", by=self.by)
        self.happened["closed week"] += 1

    def _move(self, pickup_id: int) -> None:
        """Frost: a day later, in another place, an hour later."""
        pickup = pickups.get(pickup_id)
        told = rescheduling.move(
            pickup_id,
            day=pickup.day + timedelta(days=1),
            from_minute=17 * 60,
            to_minute=19 * 60,
            place_id=self.places[1].id,
            reason="È prevista una gelata.",
            by=self.by,
        )
        assert told == sum(order.stands for order in self._orders(pickup_id))
        self._expect("moved", self._orders(pickup_id))
        self.happened["moved pick-up"] += 1

    def _call_off(self, pickup_id: int, *, gone: bool = False) -> None:
        """``gone``: frost. What these orders had been promised and does not keep is promised to nobody else."""
        standing = [order for order in self._orders(pickup_id) if order.stands]
        lost, before = releasing.perishable(standing), {each.id: self._left(each.id) for each in self.products}
        reason = reasons.key("gelo") if gone else "Chi guida il furgone è malato."
        assert rescheduling.call_off(pickup_id, reason, gone=gone, by=self.by) == len(standing)
        self._expect("called_off", standing)
        assert not gone or all(self._left(product_id) == before[product_id] for product_id in lost)
        self.happened["lost to the frost" if gone and lost else "called off"] += 1

    def _left(self, product_id: int) -> int:
        db.session.rollback()
        return stock.ledger_sum(product_id)

    def _call_off_and_think_again(self, pickup_id: int) -> None:
        """Nobody gets a letter: undo came first."""
        rescheduling.call_off(pickup_id, "Neve", gone=True, by=self.by)
        undo.undo_last(pickups.get(pickup_id), by=self.by)
        self.happened["called off, then undone"] += 1

    # --- citizens

    def _gather_orders(self, pickup: PickUp, monday: date) -> None:
        for nth in range(self.orders_each):
            day = monday + timedelta(days=min(nth % 4, (pickup.day - monday).days - 2))
            self.at(day, 9 + nth, lambda pickup=pickup: self._order(pickup.id))
        evening = clock.rome(monday + timedelta(days=2), 20)
        after = (self.last_look or evening) + timedelta(hours=1)  # the letter about the order has left by then
        self.when(max(evening, after), lambda: self._second_thoughts(pickup.id))

    def _order(self, pickup_id: int, *, source: placing.Source | None = None, late: bool = False) -> Order | None:
        self.number += 1
        name = NAMES[self.number % len(NAMES)]
        by_phone = source is not None or self.number % 6 == 0
        citizen = placing.Citizen(
            name=name,
            email=None if by_phone and self.number % 4 == 0 else f"{name.split()[0].lower()}@posta.example",
            phone="+39 0381 000 000",
            language="en" if self.number % 7 == 0 else "it",
        )
        form = keys.new()
        try:
            twice = [self._place(citizen, pickup_id, form, by_phone, source, late) for _ in range(1 + self.number % 2)]
        except (OutOfStock, NoPlaceLeft, TooLate) as refused:
            self.happened[f"refused: {type(refused).__name__}"] += 1
            return None
        order = twice[0]
        assert {each.id for each in twice} == {order.id}, "pressing twice is one order"
        self._expect("received", [order])
        self.happened["phone order" if by_phone else "web order"] += 1
        return order

    def _place(
        self,
        citizen: placing.Citizen,
        pickup_id: int,
        form: str,
        by_phone: bool,
        source: placing.Source | None,
        late: bool,
    ) -> Order:
        return placing.place(
            self._basket(),
            citizen,
            pickup_id,
            key=form,
            source=source or (placing.Source.PHONE if by_phone else placing.Source.WEB),
            by=self.by if by_phone else None,
            late=late,
            discount_percent=10 if by_phone and self.number % 3 == 0 else 0,
        )

    def _basket(self) -> list[placing.Wish]:
        wanted = self.chance.sample(self.products, k=self.chance.randint(1, 4))
        return [placing.Wish(p.id, self._amount(p), p.price, may_substitute=self.chance.random() < 0.5) for p in wanted]

    def _amount(self, product: Product) -> int:
        return product.step * self.chance.randint(1, 12) if product.is_ordered_in_grams else self.chance.randint(1, 3)

    def _second_thoughts(self, pickup_id: int) -> None:
        for order in self._orders(pickup_id):
            if not changing.may_change(order):
                continue
            luck = self.chance.random()
            if luck < 0.15:
                cancelling.cancel(order.id, why="citizen")
                self._expect("cancelled", [order])
                self.happened["cancelled"] += 1
            elif luck < 0.4:
                self._change(order)

    def _change(self, order: Order) -> None:
        version = order.version
        try:
            changing.change(order.id, self._basket(), version=version, key=keys.new())
        except OutOfStock:
            self.happened["refused: change"] += 1
            return
        if finding.get(order.id).version > version:
            self._expect("changed", [order])
            self.happened["changed"] += 1

    # --- the day of the pick-up

    def _do(self, pickup: PickUp) -> None:
        pickup = self._fresh(pickup)
        self.look_in(pickup.cutoff_at + timedelta(minutes=5))
        if self._fresh(pickup).cancelled_at:
            return
        self.when(pickup.cutoff_at + timedelta(hours=1), lambda: self._late_order(pickup.id))
        self.when(pickup.from_at - timedelta(hours=5), lambda: self._arrives(pickup.id))
        self.when(pickup.from_at - timedelta(hours=4), lambda: self._prepare_all(pickup.id))
        self.when(pickup.from_at + timedelta(minutes=5), lambda: self._hand_over_all(pickup.id))
        self.when(pickup.to_at + timedelta(minutes=5), lambda: self._nobody_came(pickup.id))
        self.when(pickup.to_at + timedelta(hours=15), lambda: self._the_day_after(pickup.id))

    def _late_order(self, pickup_id: int) -> None:
        """Somebody rings after the cut-off; from the web it is too late."""
        if self.chance.random() < 0.5:
            order = self._order(pickup_id, source=placing.Source.PHONE, late=True)
            if order is not None:
                assert finding.get(order.id).crate, "a late crate has the next number"
                self.happened["late order"] += 1

    def _arrives(self, pickup_id: int) -> None:
        for row in harvesting.rows(pickup_id):
            is_less = self.chance.random() < 0.25
            arrived = row.sold * 2 // 3 if is_less else row.sold
            harvesting.arrive(pickup_id, row.product.id, arrived, by=self.by)
            self.happened["shortfall"] += int(arrived < row.sold)

    def _prepare_all(self, pickup_id: int) -> None:
        there = {row.product.id: row.arrival.arrived if row.arrival else 0 for row in harvesting.rows(pickup_id)}
        for order in self._orders(pickup_id):
            if not order.stands or self._is_forgotten(order):
                continue
            for line_id in [line.id for line in order.lines]:
                self._pack(order.id, line_id, there)
            if self.chance.random() < 0.2:
                self._take_back_and_do_again(order.id, there)
            preparing.finish(order.id, by=self.by)
            preparing.label(order.id, by=self.by)
            self._expect("ready", [order])

    def _take_back_and_do_again(self, order_id: int, there: dict[int, int]) -> None:
        undo.undo_last(finding.get(order_id), by=self.by)
        self.happened["undone"] += 1
        for line in finding.get(order_id).lines:
            if not line.is_prepared:
                self._pack(order_id, line.id, there | {line.product_id: 10**6})

    def _pack(self, order_id: int, line_id: int, there: dict[int, int]) -> None:
        line = finding.get_line(finding.get(order_id), line_id)
        left = there.get(line.product_id, 10**6)
        if left <= 0:
            return self._do_without(line)
        if left < line.quantity and line.kind != Kind.PIECE_BY_WEIGHT:
            self.happened["short line"] += 1
            there[line.product_id] = 0
            grams = left if line.kind == Kind.BY_WEIGHT else None
            pieces = left if line.kind == Kind.FIXED else None
            preparing.pack_short(
                order_id, line.id, pieces=pieces, grams=grams, version=line.version, by=self.by, sure=True
            )
            return None
        there[line.product_id] = left - line.quantity
        percent = self.chance.randint(88, 125) if line.is_weighed else 0
        make.pack(line, (line.expected_grams or 1) * percent // 100 or 1, by=self.by)
        return None

    def _do_without(self, line: OrderLine) -> None:
        choices = substituting.choices(line) if line.may_substitute and line.substitutes_id is None else []
        if not choices:
            self.happened["missing line"] += 1
            preparing.mark_missing(line.order_id, line.id, version=line.version, by=self.by)
            return
        self.happened["substituted"] += 1
        other = substituting.substitute(line.order_id, line.id, choices[0].id, version=line.version, by=self.by)
        self._pack(line.order_id, other.id, {})

    def _hand_over_all(self, pickup_id: int) -> None:
        for order in self._orders(pickup_id):
            if not order.stands or self.chance.random() < 0.12 or order.ready_at is None:
                continue
            if self.chance.random() < 0.3:
                handing_over.take_card(order.id, by=self.by, expected=order.due)
            else:
                handing_over.take_cash(order.id, by=self.by, expected=handing_over.cash_due(order))
            if self.chance.random() < 0.1 and undo.offer(finding.get(order.id)) and order.due > 0:
                undo.undo_last(finding.get(order.id), by=self.by)
                handing_over.take_cash(order.id, by=self.by, expected=handing_over.cash_due(finding.get(order.id)))
            handing_over.hand_over(order.id, by=self.by)
            self.happened["handed over"] += 1

    def _nobody_came(self, pickup_id: int) -> None:
        for order in self._orders(pickup_id):
            if order.stands and order.handed_over_at is None and not self.is_forgetful:
                handing_over.mark_not_collected(order.id, by=self.by)
                self._expect("not_collected", [order])
                self.happened["no-show"] += 1

    def _is_forgotten(self, order: Order) -> bool:
        """In one week the last crate of a pick-up is never prepared, and in the evening nobody looks who is missing."""
        return self.is_forgetful and order.id == max(each.id for each in self._orders(order.pickup_id) if each.stands)

    def _settle_what_is_left(self) -> None:
        """Sunday after noon: a tutor finds in one place all that the week has left, and nothing is left after that."""
        left = finding.left_over()
        assert all(not order.practice and order.pickup.to_at < clock.now() for order in left)
        assert bool(left) is self.is_forgetful, "in the other weeks somebody looked in the evening"
        ready = [order for order in left if order.ready_at is not None]
        handing_over.mark_all_not_collected([order.id for order in ready], by=self.by)
        self._expect("not_collected", ready)
        for order in left:
            if order not in ready:
                cancelling.own_up(order.id, by=self.by, gone=self.chance.random() < 0.5)
                self._expect("cancelled", [order])
                self.happened["never prepared"] += 1
        self.happened["left over"] += len(ready)
        assert finding.left_over() == []

    def _the_day_after(self, pickup_id: int) -> None:
        for order in self._orders(pickup_id):
            if order.not_collected_at and self.chance.random() < 0.5:
                self._comes_after_all(order)
            elif order.handed_over_at and self.chance.random() < 0.2:
                self._complains(order)

    def _comes_after_all(self, order: Order) -> None:
        try:
            handing_over.expect_again(order.id, by=self.by)
        except OutOfStock:
            self.happened["refused: the jar is sold"] += 1
            return
        due = handing_over.cash_due(finding.get(order.id))
        handing_over.take_cash(order.id, by=self.by, expected=due)
        handing_over.hand_over(order.id, by=self.by)
        self.happened["came after all"] += 1

    def _complains(self, order: Order) -> None:
        possible = giving_back.possible(order)
        if not possible:
            return
        part, cents = self.chance.choice(sorted(possible.items()))
        how, most = self.chance.choice(sorted(giving_back.ways(order).items()))
        parts = {part: self.chance.randint(1, min(cents, most))}
        giving_back.give_back(order.id, parts, how=how, reason="Era ammaccato", by=self.by)
        self._expect("refund", [order])
        self.happened[f"refund: {how}"] += 1

    # --- time

    def at(self, day: date, hour: int, deed: Callable[[], object]) -> None:
        self.when(clock.rome(day, hour), deed)

    def when(self, moment: datetime, deed: Callable[[], object]) -> None:
        """The worker looks in until then; then the deed happens. A story never goes back in time."""
        moment = max(moment, self.last_look or moment)
        self.look_in(moment)
        with clock.at(moment):
            deed()

    def look_in(self, until: datetime) -> None:
        moment = self.last_look or until
        while moment < until:
            moment = min(moment + LOOK_IN, until)
            with clock.at(moment):
                self._worker(moment)
        self.last_look = max(until, self.last_look or until)

    def _worker(self, moment: datetime) -> None:
        calendar.plan()
        closing.close_due()
        self._expect_reminders(moment)
        reminding.remind_due()
        outbox.send_due()
        readers.deliver()
        if books.check_nightly():
            self.nights += 1
            found = books.newest()
            assert found is not None
            assert found.problems == [], (moment, found.problems)

    def _expect_reminders(self, moment: datetime) -> None:
        soon = [p for p in pickups.coming(clock.today(), clock.today() + timedelta(days=2)) if not p.cancelled_at]
        for pickup in soon:
            if not moment < pickup.from_at <= moment + timedelta(hours=24):
                continue
            for order in self._orders(pickup.id):
                if order.stands and (order.id, pickup.from_at) not in self.reminded:
                    self.reminded.add((order.id, pickup.from_at))
                    self._expect("reminder", [order])

    def _orders(self, pickup_id: int) -> list[Order]:
        db.session.rollback()
        query = db.select(Order).where(Order.pickup_id == pickup_id).order_by(Order.id)
        return list(db.session.scalars(query).unique())

    def _expect(self, letter: str, orders: list[Order]) -> None:
        for order in orders:
            if order.email and (letter != "moved" or order.stands):
                self.letters[order.id, letter] += 1

    # --- the postman who counts

    def deliver(self, message: EmailMessage) -> None:
        self.delivered.append(message["Message-ID"])


def left_the_house() -> Counter[tuple[int, str]]:
    """(order, letter) -> how many the outbox says were sent."""
    sent = db.session.scalars(db.select(outbox.Item).where(outbox.Item.state == "sent"))
    return Counter((item.order_id or 0, item.payload["letter"]) for item in sent)
