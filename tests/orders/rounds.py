"""The weekly round once more, in plain Python: what stock, places, crates and money must be after every deed.

No database and no verb of the shop, only its names for refusals. A deed is a generator: it yields the refusals that
are right at this moment (none: it must be done), then receives what the shop answered, and changes the twin.
Amounts in cents, weights in grams, moments aware.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import floor
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.errors import Conflict, NoPlaceLeft, NotFound, OutOfStock, Refused, TooLate
from orders.changing import FeeChanged
from orders.placing import PriceChanged
from orders.preparing import AlreadyDone, Doubtful, NoneThere

ROME = ZoneInfo("Europe/Rome")
UNDO_TIME = timedelta(minutes=15)
FEE = 0
PICTURES = 60  # of crates

Reasons = set[type[Refused]]
Deed = Generator[Reasons, Any, None]


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """To the cent, the largest remainders first, the earlier one on a tie."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [floor(share) for share in exact]
    for i in sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))[: amount - sum(shares)]:
        shares[i] += 1
    return shares


def rome(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(*divmod(minute, 60)), tzinfo=ROME).astimezone(UTC)


@dataclass(eq=False)
class Goods:
    id: int
    kind: str
    price: int
    rate: int
    step: int = 1
    piece: int = 0
    tolerance: int = 0
    keeps: bool = False
    tare: int = 0
    left: int = 0
    deeds: list[Undoable] = field(default_factory=list)

    @property
    def is_weighed(self) -> bool:
        return self.kind != "fixed"

    def grams(self, quantity: int) -> int:
        return quantity if self.kind == "by_weight" else quantity * self.piece

    def estimate(self, quantity: int) -> int:
        if self.is_weighed:
            return half_up(Fraction(self.grams(quantity) * self.price, 1000))
        return quantity * self.price


class Wanted(NamedTuple):
    goods: Goods
    quantity: int
    may_swap: bool = False
    is_stale: bool = False  # the page showed another price


class Citizen(NamedTuple):
    name: str
    email: str | None = None
    phone: str | None = None

    @property
    def holder(self) -> str | None:
        return f"email:{self.email}" if self.email else f"tel:{self.phone}" if self.phone else None


class Stand(NamedTuple):
    id: int
    name: str
    fee: int = 0
    is_round: bool = False

    @property
    def home(self) -> str:
        """Where somebody lives who orders here: asked for by a round only, as the forms do."""
        return "Via Dante 3, 27029 Vigevano" if self.is_round else ""


@dataclass(eq=False)
class Line:
    goods: Goods
    quantity: int
    may_swap: bool
    id: int = 0
    price: int = 0
    estimate: int = 0
    maximum: int = 0
    instead_of: Line | None = None
    version: int = 0
    state: str = "waiting"
    pieces: int | None = None
    grams: int | None = None
    tare: int | None = None
    lot: str | None = None

    def quote(self) -> None:
        goods = self.goods
        self.price, self.estimate = goods.price, goods.estimate(self.quantity)
        self.maximum = half_up(Fraction(self.estimate * (100 + goods.tolerance), 100))

    def settle(self, state: str, lot: str | None, **packed: int | None) -> None:
        self.state, self.lot, self.version = state, lot, self.version + 1
        for name in ("pieces", "grams", "tare"):
            setattr(self, name, packed.get(name))

    @property
    def costs(self) -> int:
        if self.state == "waiting":
            return self.estimate
        if self.state == "missing":
            return 0
        if self.grams is not None:
            return min(self.maximum, half_up(Fraction(self.grams * self.price, 1000)))
        return min(self.maximum, (self.quantity if self.pieces is None else self.pieces) * self.price)


@dataclass(eq=False)
class Letter:
    """Asked for; it may leave from ``due`` on. Once the worker has looked at it, undo of its deed is closed.

    ``says_when``: it also says when and where to come, so a move of before it is not taken back any more.
    """

    crate: Crate
    due: datetime
    follows: Undoable | None = None
    says_when: bool = False
    looked_at: datetime | None = None


@dataclass(eq=False)
class Undoable:
    """A deed that stands. ``why_not`` names what is against taking it back."""

    back: Callable[[], None]
    why_not: Callable[[], Reasons]
    has_left: bool = False


@dataclass(eq=False)
class Crate:
    id: int
    citizen: Citizen
    pickup: PickUp
    lines: list[Line]
    discount: int
    version: int = 0
    number: int | None = None
    crates: int = 1
    ready: bool = False
    labelled: bool = False
    gone: bool = False
    not_collected: bool = False
    off: bool = False
    place_name: str = ""
    address: str = ""
    fee: int = 0
    payments: list[tuple[str, int]] = field(default_factory=list)
    receipt: str | None = None  # number of the document for cash or card that stands
    refunds: list[tuple[int, int]] = field(default_factory=list)  # line id or FEE, cents
    deeds: list[Undoable] = field(default_factory=list)

    def less_discount(self, cents: int) -> int:
        return cents - half_up(Fraction(cents * self.discount, 100))

    @property
    def total(self) -> int:
        return self.less_discount(sum(line.costs for line in self.lines)) + self.fee

    @property
    def maximum(self) -> int:
        return self.less_discount(sum(line.maximum for line in self.lines if line.instead_of is None)) + self.fee

    @property
    def refunded(self) -> int:
        return sum(cents for _part, cents in self.refunds)

    @property
    def means(self) -> dict[str, int]:
        sums: Counter[str] = Counter()
        for kind, cents in self.payments:
            sums[kind] += cents
        return {kind: cents for kind, cents in sums.items() if cents}

    @property
    def due(self) -> int:
        is_owed = not self.off and not self.not_collected
        return (self.total - self.refunded if is_owed else 0) - sum(self.means.values())

    @property
    def credit_used(self) -> int:
        return self.means.get("credit", 0)

    def came_in(self, how: str) -> int:
        """What stands of it: cash together with its rounding."""
        return self.means.get(how, 0) + (self.means.get("rounding", 0) if how == "cash" else 0)

    @property
    def is_paid_otherwise(self) -> bool:
        return sum(self.means.values()) != self.credit_used

    @property
    def status(self) -> str:
        facts = {
            "cancelled": self.off,
            "handed_over": self.gone,
            "not_collected": self.not_collected,
            "ready": self.ready,
            "preparing": self.number is not None,
        }
        return next((name for name, is_so in facts.items() if is_so), "received")

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.state == "waiting"]

    def paid_for(self) -> dict[int, int]:
        """Line id -> what it really cost: the discount is spread over the rates, then over the lines of each."""
        prices = {line: line.costs for line in self.lines}
        rates = sorted({line.goods.rate for line, cents in prices.items() if cents})
        gross = [sum(cents for line, cents in prices.items() if line.goods.rate == rate) for rate in rates]
        off = shared(sum(gross) - self.less_discount(sum(gross)), gross) if gross else []
        paid = dict.fromkeys((line.id for line in self.lines), 0)
        for rate, cents, less in zip(rates, gross, off, strict=True):
            same = [line for line in self.lines if line.goods.rate == rate]
            parts = shared(cents - less, [prices[line] for line in same])
            paid |= dict(zip((line.id for line in same), parts, strict=True))
        return paid

    def possible(self) -> dict[int, int]:
        """Line id or FEE -> what may still be given back."""
        left = Counter({**self.paid_for(), FEE: self.fee})
        for part, cents in self.refunds:
            left[part] -= cents
        return {part: cents for part, cents in left.items() if cents > 0}


@dataclass(eq=False)
class PickUp:
    id: int
    place: Stand
    day: date
    start: datetime
    end: datetime
    cutoff: datetime
    capacity: int
    closed: bool = False
    moved: datetime | None = None
    off: bool = False
    last_number: int = 0
    deeds: list[Undoable] = field(default_factory=list)
    arrived: dict[int, tuple[int, str]] = field(default_factory=dict)  # goods id -> how much, which lot

    @property
    def kept_until(self) -> datetime:
        """Noon of the next day, by the wall clock: then what is left of it waits for the staff."""
        return rome(self.day + timedelta(days=1), 12 * 60)


KINDS = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


@dataclass(eq=False)
class Box:
    """The cash box of a stand, piece by piece; nobody knows it before it is counted."""

    place_id: int
    known: bool = False
    holds: Counter[int] = field(default_factory=Counter)
    deeds: list[Undoable] = field(default_factory=list)

    def move(self, pieces: Mapping[int, int]) -> None:
        self.holds.update(pieces)
        self.holds = Counter({kind: number for kind, number in self.holds.items() if number})

    def lacks(self, pieces: Mapping[int, int]) -> bool:
        return any(self.holds[kind] < number for kind, number in pieces.items())


def fewest_pieces(cents: int) -> list[int]:
    found = []
    for kind in KINDS:
        found += [kind] * (cents // kind)
        cents %= kind
    return found


@dataclass(eq=False)
class Twin:
    """The shop as it must be."""

    now: datetime
    goods: list[Goods]
    pickups: list[PickUp]
    crates: list[Crate] = field(default_factory=list)
    credit: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    letters: list[Letter] = field(default_factory=list)
    reminded: set[tuple[int, datetime]] = field(default_factory=set)
    boxes: dict[int, Box] = field(default_factory=dict)  # place id -> its cash box

    # --- citizens

    def place(
        self, pickup: PickUp, citizen: Citizen, wishes: Sequence[Wanted], *, late: bool = False, discount: int = 0
    ) -> Deed:
        answer = yield self._why_no_goods(wishes, {}) | self._why_no_place(pickup, late=late)
        crate = Crate(answer.id, citizen, pickup, [], discount, place_name=pickup.place.name, fee=pickup.place.fee)
        crate.address = pickup.place.home
        self._put_lines(crate, wishes, answer)
        if late and pickup.closed:
            crate.number = pickup.last_number = pickup.last_number + 1
        self.crates.append(crate)
        self._write([crate], says_when=True)

    def change(
        self,
        crate: Crate,
        wishes: Sequence[Wanted],
        pickup: PickUp,
        *,
        is_stale: bool = False,
        seen_fee: int | None = None,
    ) -> Deed:
        why_not: Reasons = {TooLate} if crate.off or not self.takes_orders(crate.pickup) else set()
        if pickup is not crate.pickup:
            why_not |= self._why_no_place(pickup, late=False)
            why_not |= {Refused} if pickup.place.is_round or crate.pickup.place.is_round else set()
        why_not |= {Conflict} if is_stale else set()
        yield from self._become(crate, wishes, pickup, crate.address, why_not, seen_fee)

    def change_by_staff(
        self,
        crate: Crate,
        wishes: Sequence[Wanted],
        pickup: PickUp,
        *,
        address: str,
        is_stale: bool = False,
        seen_fee: int | None = None,
    ) -> Deed:
        """Somebody rings: also late, also to a round, while nothing of it is packed and its pick-up is not over."""
        is_over = crate.off or crate.gone or crate.not_collected or crate.means or crate.refunds
        is_packed = crate.ready or any(line.state != "waiting" for line in crate.lines)
        why_not: Reasons = {Conflict} if is_over or is_packed or is_stale else set()
        why_not |= {TooLate} if crate.pickup.end <= self.now else set()
        if pickup is not crate.pickup:
            why_not |= self._why_no_place(pickup, late=True)
            why_not |= {Refused} if pickup.place.is_round and not (address or crate.address) else set()
        yield from self._become(crate, wishes, pickup, address or crate.address, why_not, seen_fee)

    def cancel(self, crate: Crate, *, as_staff: bool) -> Deed:
        why_not: Reasons = set()
        if not crate.off:
            why_not |= {Conflict} if crate.gone or crate.not_collected or crate.is_paid_otherwise else set()
            why_not |= {TooLate} if not as_staff and not self._may_cancel(crate) else set()
        yield why_not
        if crate.off:
            return
        self._release(crate)
        crate.off = True
        crate.deeds.clear()
        self._write([crate])

    def own_up(self, crate: Crate, *, gone: bool) -> Deed:
        """We did not prepare it, and its keeping time is over. ``gone`` as where a pick-up is called off."""
        has_time = self.now < crate.pickup.kept_until
        yield {Conflict} if not crate.off and (has_time or crate.ready or crate.is_paid_otherwise) else set()
        if crate.off:
            return
        self._release(crate)
        for line in crate.lines:
            line.goods.left -= line.quantity if gone and not line.goods.keeps else 0
        crate.off = True
        crate.deeds.clear()
        self._write([crate])

    # --- the pick-up

    def close_due(self) -> Deed:
        yield set()
        for pickup in self.pickups:
            if pickup.off or pickup.closed or pickup.cutoff > self.now:
                continue
            for crate in self.standing(pickup):
                crate.number = pickup.last_number = pickup.last_number + 1
            pickup.closed = True
            pickup.deeds.clear()

    def arrive(self, pickup: PickUp, goods: Goods, arrived: int, lot: str, *, nothing_left: bool) -> Deed:
        yield {Conflict} if pickup.off else set()
        before, emptied = pickup.arrived.get(goods.id), goods.left if nothing_left else 0
        pickup.arrived[goods.id] = (arrived, lot)
        goods.left -= emptied

        def back() -> None:
            goods.left += emptied
            pickup.arrived.pop(goods.id)
            if before:
                pickup.arrived[goods.id] = before

        self._note(pickup.deeds, back)

    def resize(self, pickup: PickUp, capacity: int) -> Deed:
        before = pickup.capacity
        yield {Conflict} if pickup.off or capacity < self.taken(pickup) else set()
        if capacity == before:
            return
        pickup.capacity = capacity

        def back() -> None:
            pickup.capacity = before

        self._note(pickup.deeds, back, lambda: {Conflict} if before < self.taken(pickup) else set())

    def move(self, pickup: PickUp, day: date, hours: tuple[int, int], place: Stand) -> Deed:
        start, end = (rome(day, hour * 60) for hour in hours)
        why_not = self._why_not_to_come(pickup)
        if start <= self.now or day > self.today + timedelta(days=60):
            why_not.add(Refused)
        if (place, start, end) == (pickup.place, pickup.start, pickup.end):
            why_not.add(Refused)
        if place is not pickup.place and (place.is_round or pickup.place.is_round):
            why_not.add(Refused)
        yield why_not
        facts = ("place", "day", "start", "end", "cutoff", "moved")
        before = {name: getattr(pickup, name) for name in facts}
        concerned = self.standing(pickup)
        wall = pickup.cutoff.astimezone(ROME)
        cutoff = rome(wall.date() + (day - pickup.day), wall.hour * 60 + wall.minute)
        pickup.cutoff = min(pickup.cutoff if pickup.closed else cutoff, start)
        pickup.place, pickup.day, pickup.start, pickup.end, pickup.moved = place, day, start, end, self.now
        for crate in concerned:
            crate.place_name = place.name

        def back() -> None:
            for name, value in before.items():
                setattr(pickup, name, value)
            for crate in self.crates:
                if crate in concerned and crate.pickup is pickup:
                    crate.place_name = pickup.place.name

        in_time, moved = max(before["start"], self.now + UNDO_TIME), self.now

        def why_not_back() -> Reasons:
            standing = self.standing(pickup)
            ordered_since = set(standing) - set(concerned)
            told = self._have_told(standing, since=moved)
            return {Conflict} if ordered_since or told or self.now >= in_time else set()

        self._note(pickup.deeds, back, why_not_back)
        self._write(concerned, follows=pickup.deeds[-1])

    def call_off(self, pickup: PickUp, *, gone: bool = False) -> Deed:
        """``gone``: what does not keep is nobody's any more; the jars go back all the same."""
        concerned = self.standing(pickup)
        paid = {Conflict} if any(crate.is_paid_otherwise for crate in concerned) else set()
        yield self._why_not_to_come(pickup) | paid
        credit = {crate: crate.credit_used for crate in concerned}
        promised = [line for crate in concerned for line in crate.lines]
        lost = [line for line in promised if gone and not line.goods.keeps]
        for crate in concerned:
            self._release(crate)
            crate.off = True
        for line in lost:
            line.goods.left -= line.quantity
        pickup.off = True
        in_time = max(pickup.end, self.now + UNDO_TIME)

        def why_not() -> Reasons:
            is_over: Reasons = {Conflict} if self.now >= in_time else set()
            asked_for = [line for line in promised if line not in lost]
            return is_over | self._why_not_hold(asked_for) | self._why_not_use(credit)

        def back() -> None:
            pickup.off = False
            for line in promised:
                line.goods.left -= 0 if line in lost else line.quantity
            for crate in concerned:
                crate.off = False
                self._pay_credit(crate, credit[crate])

        self._note(pickup.deeds, back, why_not)
        self._write(concerned, follows=pickup.deeds[-1])

    # --- a line

    def take(self, crate: Crate, line: Line, version: int) -> Deed:
        yield self._why_no_line(crate, line, version) | ({Refused} if line.goods.is_weighed else set())
        line.settle("taken", self._lot(crate, line))
        self._note_line(crate, line)

    def weigh(
        self, crate: Crate, line: Line, scale: int, version: int, *, in_container: bool = False, sure: bool = False
    ) -> Deed:
        tare = line.goods.tare if in_container else 0
        why_not = self._why_no_weight(line, scale - tare, line.goods.grams(line.quantity), sure=sure)
        yield self._why_no_line(crate, line, version) | why_not
        line.settle("taken", self._lot(crate, line), grams=scale - tare, tare=tare or None)
        self._note_line(crate, line)

    def short(self, crate: Crate, line: Line, pieces: int, grams: int, version: int, *, sure: bool) -> Deed:
        why_not, goods = self._why_no_line(crate, line, version), line.goods
        there = grams if goods.kind == "by_weight" else pieces
        if not 0 < there < line.quantity:
            why_not.add(Refused if there else NoneThere)
        if goods.kind == "by_weight":
            why_not |= self._why_no_weight(line, grams, line.quantity, sure=True)
        elif goods.is_weighed:
            why_not |= self._why_no_weight(line, grams, goods.grams(pieces), sure=sure)
        yield why_not
        packed = {"grams": grams if goods.is_weighed else None, "pieces": pieces if goods.kind != "by_weight" else None}
        line.settle("short", self._lot(crate, line), **packed)
        self._note_line(crate, line)

    def miss(self, crate: Crate, line: Line, version: int) -> Deed:
        yield self._why_no_line(crate, line, version)
        line.settle("missing", None)
        self._note_line(crate, line)

    def swap(self, crate: Crate, line: Line, goods: Goods, version: int, quantity: int | None = None) -> Deed:
        quantity = quantity or max(goods.step, line.maximum // max(1, goods.estimate(goods.step)) * goods.step)
        is_there = any(each.goods is goods for each in crate.lines)
        why_not = {Refused} if not line.may_swap or line.instead_of or is_there else set()
        why_not |= {OutOfStock} if quantity > goods.left else set()
        answer = yield self._why_no_line(crate, line, version) | why_not
        other = Line(goods, quantity, may_swap=False, id=answer.id, instead_of=line)
        other.quote()
        other.estimate, other.maximum = min(other.estimate, line.maximum), line.maximum
        goods.left -= quantity
        crate.lines.append(other)
        line.settle("missing", None)

        def why_not_back() -> Reasons:
            was_given_back = any(part == other.id for part, _cents in crate.refunds)
            return {Conflict} if other.state != "waiting" or was_given_back else self._why_shut(crate)

        def back() -> None:
            goods.left += quantity
            crate.lines.remove(other)
            line.settle("waiting", None)

        self._note(crate.deeds, back, why_not_back)

    def reweigh(self, crate: Crate, line: Line, grams: int, version: int, *, sure: bool = False) -> Deed:
        why_not = self._why_shut(crate)
        if line.grams is None or version != line.version:
            why_not.add(AlreadyDone)
        yield why_not | self._why_no_weight(line, grams, line.goods.grams(line.quantity), sure=sure)
        before = line.grams, line.tare
        line.grams, line.tare, line.version = grams, None, line.version + 1

        def back() -> None:
            (line.grams, line.tare), line.version = before, line.version + 1

        self._note(crate.deeds, back, lambda: self._why_shut(crate))

    # --- the crate

    def finish(self, crate: Crate) -> Deed:
        yield {Conflict} if crate.off or crate.waiting else set()
        if crate.ready:
            return
        crate.ready = True
        self._use_credit(crate)

        def back() -> None:
            crate.ready = False
            self._pay_credit(crate, -crate.credit_used)

        self._note(crate.deeds, back, lambda: {Conflict} if crate.off or crate.gone or crate.labelled else set())
        self._write([crate], follows=crate.deeds[-1], says_when=True)

    def label(self, crate: Crate) -> Deed:
        yield {Conflict} if crate.off or not crate.ready else set()
        if not crate.labelled:
            crate.labelled = True
            self._note(crate.deeds, lambda: setattr(crate, "labelled", False), lambda: self._why_away(crate))

    def count_crates(self, crate: Crate, crates: int) -> Deed:
        yield self._why_away(crate) | ({Refused} if not 1 <= crates <= 5 else set())
        before, crate.crates = crate.crates, crates
        if before != crates:
            self._note(crate.deeds, lambda: setattr(crate, "crates", before), lambda: self._why_away(crate))

    def take_cash(self, crate: Crate, expected: int, given: Sequence[int] = (), back: Sequence[int] = ()) -> Deed:
        due, cash, box = crate.due, self.cash_due(crate), self.box(crate.pickup.place)
        given = given or fewest_pieces(max(cash, 0))
        is_other = expected != cash or sum(given) - sum(back) != cash
        is_gone = box.known and due > 0 and cash > 0 and box.lacks(Counter(back))
        yield self._why_not_here(crate) | ({Conflict} if is_other or is_gone else set())
        if due <= 0:
            return
        moved = Counter(given)
        moved.subtract(Counter(back))
        moved = moved if box.known and cash else Counter()
        box.move(moved)
        self._paid(crate, [("cash", cash), ("rounding", due - cash)], box, moved)

    def count_box(self, place: Stand, pieces: Mapping[int, int], *, is_stale: bool) -> Deed:
        box = self.box(place)
        why_not: Reasons = {Refused} if any(number > 999 for number in pieces.values()) else set()
        yield why_not | ({Conflict} if is_stale else set())
        was_known, before = box.known, box.holds
        small = {kind: number for kind, number in before.items() if kind < 5}
        after = Counter({kind: number for kind, number in {**small, **pieces}.items() if number})
        box.known, box.holds = True, after.copy()

        def back() -> None:
            box.known, box.holds = was_known, before.copy()

        self._note(box.deeds, back, lambda: {Conflict} if box.holds != after else set())

    def box(self, place: Stand) -> Box:
        return self.boxes.setdefault(place.id, Box(place.id))

    def take_card(self, crate: Crate, expected: int) -> Deed:
        yield self._why_not_here(crate) | ({Conflict} if expected != crate.due else set())
        if crate.due > 0:
            self._paid(crate, [("card_terminal", crate.due)])

    def note_receipt(self, crate: Crate, number: str) -> Deed:
        before = crate.receipt
        why_not: Reasons = {Conflict, NotFound} if before is None else set()
        is_none = len(number) > 40 or not (number or before)
        yield why_not | ({Refused} if is_none else set())
        if number != before:
            crate.receipt = number
            self._note(crate.deeds, lambda: setattr(crate, "receipt", before))

    def hand_over(self, crate: Crate) -> Deed:
        yield self._why_not_here(crate) | ({Conflict} if crate.due > 0 else set())
        crate.gone, day = True, self.today
        self._note(crate.deeds, lambda: setattr(crate, "gone", False), lambda: self._why_day_is_over(day))

    def not_collected(self, *crates: Crate) -> Deed:
        """All of them, or none where one is not to be put away."""
        early = any(self.now < crate.pickup.end or crate.is_paid_otherwise for crate in crates)
        here = [self._why_not_here(crate) for crate in crates]
        yield set().union(*here) | ({Conflict} if early else set())
        for crate in crates:
            self._put_away(crate)

    def _put_away(self, crate: Crate) -> None:
        credit = crate.credit_used
        crate.not_collected = True
        for goods, pieces in self._jars(crate):
            goods.left += pieces
        self._pay_credit(crate, -credit)

        def back() -> None:
            self._wait_again(crate)
            self._pay_credit(crate, credit)

        self._note(crate.deeds, back, lambda: self._why_no_jars(crate) | self._why_not_use({crate: credit}))
        self._write([crate], follows=crate.deeds[-1])

    def expect_again(self, crate: Crate) -> Deed:
        yield self._why_no_jars(crate) if crate.not_collected else {Conflict}
        self._wait_again(crate)
        self._use_credit(crate)
        crate.deeds.clear()

    def refund(self, crate: Crate, parts: Mapping[int, int], how: str) -> Deed:
        most, cents = crate.possible(), sum(parts.values())
        why_not: Reasons = {Conflict} if crate.off or not crate.gone else set()
        if not parts or any(not 0 < part <= most.get(key, 0) for key, part in parts.items()):
            why_not.add(Refused)
        if how == "credit" and crate.citizen.holder is None:
            why_not.add(Conflict)
        if how != "credit" and cents > crate.came_in(how):
            why_not.add(Refused)
        yield why_not
        given = [("cash", -self.cash(cents)), ("rounding", self.cash(cents) - cents)] if how == "cash" else []
        given = given or [(how, -cents)]
        crate.refunds += parts.items()
        self._move_money(crate, given)

        def back() -> None:
            crate.refunds += [(key, -part) for key, part in parts.items()]
            self._move_money(crate, [(kind, -amount) for kind, amount in given])

        needed = {crate: cents} if how == "credit" else {}
        self._note(crate.deeds, back, lambda: self._why_not_use(needed))
        self._write([crate], follows=crate.deeds[-1])

    # --- goods

    def offer(self, goods: Goods, quantity: int) -> Deed:
        yield {Refused} if quantity <= 0 else set()
        goods.left += quantity
        self.note_stock(goods, quantity)

    def count(self, goods: Goods, left: int) -> Deed:
        yield {Refused} if left < 0 else set()
        more = left - goods.left
        goods.left = left
        self.note_stock(goods, more)

    def price(self, goods: Goods, cents: int) -> Deed:
        yield {Refused} if cents <= 0 else set()
        before, goods.price = goods.price, cents
        self._note(goods.deeds, lambda: setattr(goods, "price", before))

    # --- undo, letters

    def undo(self, deeds: list[Undoable]) -> Deed:
        if not deeds or deeds[-1].has_left:
            yield {Conflict}
            return
        yield deeds[-1].why_not()
        deed = deeds.pop()
        deed.back()
        self.letters = [letter for letter in self.letters if letter.follows is not deed]

    def remind(self) -> Deed:
        yield set()
        for crate in self.crates:
            start = crate.pickup.start
            is_soon = self.now < start <= self.now + timedelta(hours=24)
            is_soon &= crate.pickup.moved is None or crate.pickup.moved <= self.now - UNDO_TIME
            if is_soon and not crate.off and not crate.gone and (crate.id, start) not in self.reminded:
                self.reminded.add((crate.id, start))
                self._write([crate], says_when=True)

    def send(self) -> Deed:
        yield set()
        for letter in self.letters:
            if letter.due > self.now:
                continue
            letter.looked_at = letter.looked_at or self.now
            if letter.follows:
                letter.follows.has_left = True

    # --- looking

    @property
    def today(self) -> date:
        return self.now.astimezone(ROME).date()

    def standing(self, pickup: PickUp) -> list[Crate]:
        return [crate for crate in self.crates if crate.pickup is pickup and not crate.off]

    def taken(self, pickup: PickUp) -> int:
        return len(self.standing(pickup))

    def cash(self, cents: int) -> int:
        return 5 * half_up(Fraction(cents, 5))

    def cash_due(self, crate: Crate) -> int:
        """Only what is paid wholly in cash is rounded."""
        return self.cash(crate.due) if set(crate.means) <= {"cash", "rounding"} else crate.due

    # --- what is against it

    def takes_orders(self, pickup: PickUp) -> bool:
        return not pickup.off and not pickup.closed and self.now < pickup.cutoff

    def _may_cancel(self, crate: Crate) -> bool:
        pickup = crate.pickup
        return self.takes_orders(pickup) or (pickup.moved is not None and self.now < pickup.start)

    def _why_no_goods(self, wishes: Sequence[Wanted], had: Mapping[int, int]) -> Reasons:
        why_not: Reasons = set() if wishes else {Refused}
        for wish in wishes:
            why_not |= {OutOfStock} if wish.quantity - had.get(wish.goods.id, 0) > wish.goods.left else set()
            why_not |= {Refused} if wish.quantity <= 0 or wish.quantity % wish.goods.step else set()
            why_not |= {PriceChanged} if wish.is_stale else set()
        return why_not

    def _why_no_place(self, pickup: PickUp, *, late: bool) -> Reasons:
        is_over = pickup.off or pickup.end <= self.now if late else not self.takes_orders(pickup)
        has_no_number = late and pickup.closed and pickup.last_number >= PICTURES
        why_not: Reasons = {NoPlaceLeft} if self.taken(pickup) >= pickup.capacity or has_no_number else set()
        return why_not | ({TooLate} if is_over else set())

    def _why_not_to_come(self, pickup: PickUp) -> Reasons:
        has_begun = any(crate.gone or crate.not_collected for crate in self.standing(pickup))
        return {Conflict} if pickup.off or self.now >= pickup.end or has_begun else set()

    def _why_shut(self, crate: Crate) -> Reasons:
        return {Conflict} if crate.off or crate.ready or crate.number is None else set()

    def _why_away(self, crate: Crate) -> Reasons:
        return {Conflict} if crate.off or crate.gone else set()

    def _why_day_is_over(self, day: date) -> Reasons:
        """Takings of a day that is over stay as they are."""
        return {Conflict} if day != self.today else set()

    def _why_not_here(self, crate: Crate) -> Reasons:
        is_here = crate.ready and not (crate.off or crate.gone or crate.not_collected)
        return set() if is_here else {Conflict}

    def _why_no_line(self, crate: Crate, line: Line, version: int) -> Reasons:
        is_as_shown = line.state == "waiting" and line.version == version
        return self._why_shut(crate) | (set() if is_as_shown else {AlreadyDone})

    def _why_no_weight(self, line: Line, grams: int, expected: int, *, sure: bool) -> Reasons:
        if not line.goods.is_weighed or not 0 < grams <= 100_000:
            return {Refused}
        if not Fraction(1, 100) < Fraction(grams, max(1, expected)) < 100:
            return {Refused}
        is_odd = not Fraction(1, 2) <= Fraction(grams, max(1, expected)) <= 2
        return {Doubtful} if is_odd and not sure else set()

    def _why_not_hold(self, lines: Iterable[Line]) -> Reasons:
        needed: Counter[Goods] = Counter()
        for line in lines:
            needed[line.goods] += line.quantity
        return {OutOfStock} if any(goods.left < quantity for goods, quantity in needed.items()) else set()

    def _why_no_jars(self, crate: Crate) -> Reasons:
        needed: Counter[Goods] = Counter()
        for goods, pieces in self._jars(crate):
            needed[goods] += pieces
        return {OutOfStock} if any(goods.left < pieces for goods, pieces in needed.items()) else set()

    def _why_not_use(self, credit: Mapping[Crate, int]) -> Reasons:
        needed: Counter[str] = Counter()
        for crate, cents in credit.items():
            needed[crate.citizen.holder or ""] += cents
        return {Conflict} if any(self.credit[holder] < cents for holder, cents in needed.items()) else set()

    # --- what moves

    def _become(
        self,
        crate: Crate,
        wishes: Sequence[Wanted],
        pickup: PickUp,
        address: str,
        why_not: Reasons,
        seen_fee: int | None,
    ) -> Generator[Reasons, Any, None]:
        """A changed order: goods and place are exchanged; in another pick-up that has closed it is the last crate."""
        had = {line.goods.id: line.quantity for line in crate.lines}
        touched = [wish for wish in wishes if had.get(wish.goods.id) != wish.quantity]
        why_not = why_not | (self._why_no_goods(touched, had) if touched else set())
        goes, fee = pickup is not crate.pickup, pickup.place.fee if pickup is not crate.pickup else crate.fee
        why_not |= {FeeChanged} if seen_fee not in (None, fee) else set()
        why_not |= {Refused} if not wishes else set()
        home = address if pickup.place.is_round else ""
        is_same = {(w.goods.id, w.quantity, w.may_swap) for w in wishes} == {
            (line.goods.id, line.quantity, line.may_swap) for line in crate.lines
        }
        answer = yield why_not
        if is_same and not goes and home == crate.address:
            return
        if goes:
            crate.number = None
            if pickup.closed:
                crate.number = pickup.last_number = pickup.last_number + 1
        crate.pickup, crate.place_name, crate.fee, crate.address = pickup, pickup.place.name, fee, home
        self._put_lines(crate, wishes, answer)
        crate.version += 1
        for line in crate.lines:
            line.version += 1
        crate.deeds.clear()
        self._write([crate], says_when=True)

    def _put_lines(self, crate: Crate, wishes: Sequence[Wanted], answer: Any) -> None:
        had = {line.goods.id: line for line in crate.lines}
        for goods in {*(line.goods for line in crate.lines), *(wish.goods for wish in wishes)}:
            after = sum(wish.quantity for wish in wishes if wish.goods is goods)
            goods.left -= after - (had[goods.id].quantity if goods.id in had else 0)
        crate.lines = [self._line(had.get(wish.goods.id), wish) for wish in wishes]
        ids = {row.product_id: row.id for row in answer.lines}
        for line in crate.lines:
            line.id = ids[line.goods.id]

    def _line(self, line: Line | None, wish: Wanted) -> Line:
        if line is None or line.quantity != wish.quantity:
            line = Line(wish.goods, wish.quantity, wish.may_swap, version=line.version if line else 0)
            line.quote()
        line.may_swap = wish.may_swap
        return line

    def _lot(self, crate: Crate, line: Line) -> str:
        arrived = crate.pickup.arrived.get(line.goods.id)
        return arrived[1] if arrived else self.today.isoformat()

    def _release(self, crate: Crate) -> None:
        for line in crate.lines:
            line.goods.left += line.quantity
        self._pay_credit(crate, -crate.credit_used)

    def _jars(self, crate: Crate) -> list[tuple[Goods, int]]:
        kept = [line for line in crate.lines if line.goods.keeps and line.state != "missing"]
        return [(line.goods, line.quantity if line.pieces is None else line.pieces) for line in kept]

    def _wait_again(self, crate: Crate) -> None:
        crate.not_collected = False
        for goods, pieces in self._jars(crate):
            goods.left -= pieces

    def _use_credit(self, crate: Crate) -> None:
        """All that is due, or as much as leaves a sum for coins of five cents."""
        has = self.credit[crate.citizen.holder or ""]
        fits = (
            cents for cents in range(min(has, crate.due), 0, -1) if cents == crate.due or (crate.due - cents) % 5 == 0
        )
        self._pay_credit(crate, next(fits, 0))

    def _pay_credit(self, crate: Crate, cents: int) -> None:
        self._move_money(crate, [("credit", cents)])

    def _paid(
        self,
        crate: Crate,
        money: Sequence[tuple[str, int]],
        box: Box | None = None,
        moved: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """``moved``: pieces into the box, or out of it; taken back they go the other way, if they are still there."""
        self._move_money(crate, money)
        crate.receipt = "" if money[0][1] else None
        taken_back = [(kind, -cents) for kind, cents in money]
        day = self.today

        def back() -> None:
            self._move_money(crate, taken_back)
            crate.receipt = None
            if box:
                box.move({kind: -number for kind, number in moved.items()})

        def why_not() -> Reasons:
            is_gone = box is not None and box.lacks(moved)
            return self._why_away(crate) | self._why_day_is_over(day) | ({Conflict} if is_gone else set())

        self._note(crate.deeds, back, why_not)

    def _move_money(self, crate: Crate, money: Iterable[tuple[str, int]]) -> None:
        for kind, cents in money:
            if not cents:
                continue
            crate.payments.append((kind, cents))
            if kind == "credit" and crate.citizen.holder:
                self.credit[crate.citizen.holder] -= cents

    def _note(
        self, deeds: list[Undoable], back: Callable[[], None], why_not: Callable[[], Reasons] = lambda: set()
    ) -> None:
        deeds.append(Undoable(back, why_not))

    def _note_line(self, crate: Crate, line: Line) -> None:
        self._note(crate.deeds, lambda: line.settle("waiting", None), lambda: self._why_shut(crate))

    def note_stock(self, goods: Goods, more: int) -> None:
        """So much more may be promised, or less; it can be taken back."""

        def back() -> None:
            goods.left -= more

        self._note(goods.deeds, back, lambda: {OutOfStock} if goods.left < more else set())

    def _write(self, crates: Iterable[Crate], *, follows: Undoable | None = None, says_when: bool = False) -> None:
        due = self.now + UNDO_TIME if follows else self.now
        self.letters += [Letter(crate, due, follows, says_when) for crate in crates if crate.citizen.email]

    def _have_told(self, crates: Iterable[Crate], *, since: datetime) -> bool:
        looked_at = [letter.looked_at for letter in self.letters if letter.says_when and letter.crate in crates]
        return any(moment is not None and moment >= since for moment in looked_at)
