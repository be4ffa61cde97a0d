"""The work of today: one thing first, in the order in which it should be done, then the other choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from flask import render_template

from catalog.models import PickUp
from core import clock, undo
from desk import harvesting, practice, proposing
from desk.paging import MOST_CHOICES
from orders import finding, practising, working
from orders.harvesting import Row
from orders.models import Order
from orders.working import Work
from people import staff
from people.capabilities import Capability
from people.models import Person


class Thing(StrEnum):
    """What can be done now; the value is the word that the template knows it by."""

    GIVE = "give"
    HARVEST = "harvest"
    BEGUN = "begun"
    PASSED = "passed"
    CRATE = "crate"


@dataclass(frozen=True)
class Facts:
    """What waits for one person. ``harvest_at``, ``crate_at``: the beginning of the nearest pick-up that waits for it.

    ``gives_now``: a pick-up is being handed over, its crates wait, and this person may hand over alone. ``gives``:
    crates wait for their citizens today. ``told``: a tutor's answer is to be read, which takes the place of a choice.
    """

    gives_now: bool = False
    gives: bool = False
    harvest_at: datetime | None = None
    crate_at: datetime | None = None
    begun: bool = False
    passed: bool = False
    told: bool = False
    practice: bool = False


def in_order(facts: Facts) -> list[Thing]:
    """The order in which things should be done: people who wait, what the crates need, what is begun, the rest."""
    comes_first = facts.harvest_at is not None and (facts.crate_at is None or facts.harvest_at <= facts.crate_at)
    wanted = [
        (Thing.GIVE, facts.gives_now),
        (Thing.HARVEST, comes_first),
        (Thing.BEGUN, facts.begun),
        (Thing.PASSED, facts.passed),
        (Thing.CRATE, facts.crate_at is not None),
        (Thing.HARVEST, facts.harvest_at is not None),
        (Thing.GIVE, facts.gives),
    ]
    return list(dict.fromkeys(thing for thing, is_there in wanted if is_there))


def choices(facts: Facts, *, may_pass: bool) -> list[str]:
    """The tiles beside the one thing first: five choices in all. Going out is always there (criterion 1).

    What is first needs no tile of its own. Where there is no room for all, practice waits, then the harvest of a later
    pick-up.
    """
    first = in_order(facts)[:1]
    prepares = facts.crate_at is not None
    room = MOST_CHOICES - len(first) - 1 - facts.told
    wanted = [
        ("prepare", prepares),
        ("give", facts.gives and first != [Thing.GIVE]),
        ("pass", may_pass),
        ("harvest", facts.harvest_at is not None and first != [Thing.HARVEST]),
        ("practice", facts.practice),
    ]
    return [*[name for name, is_there in wanted if is_there][:room], "out"]


@dataclass(frozen=True)
class Waiting:
    """What the database knows of it. ``open``: crates in the order in which this person should take them."""

    to_prepare: Sequence[Order]
    works: dict[int, Work]
    to_hand_over: Sequence[Order]
    may_hand_over: bool
    to_note: Sequence[tuple[PickUp, list[Row]]]
    begun: Sequence[Order]
    passed: Sequence[Order]
    open: Sequence[Order]

    @property
    def facts(self) -> Facts:
        now = clock.now()
        return Facts(
            gives_now=self.may_hand_over
            and any(order.pickup.from_at <= now < order.pickup.to_at for order in self.to_hand_over),
            gives=bool(self.to_hand_over),
            harvest_at=min((pickup.from_at for pickup, _rows in self.to_note), default=None),
            crate_at=min((order.pickup.from_at for order in self.crates), default=None),
            begun=bool(self.begun),
            passed=bool(self.passed),
        )

    @property
    def crates(self) -> list[Order]:
        """Those that this person may work on, in turn."""
        return [*self.begun, *self.passed, *self.open]


def show(person: Person) -> str:
    if person.practises:
        return practice.show(person)
    waiting = look(person)
    facts = replace(waiting.facts, told=bool(proposing.answers()), practice=not person.is_staff)
    first = next(iter(in_order(facts)), None)
    own = next(
        (order for order in waiting.begun if order.id in waiting.works), None
    )  # what is left from before is free
    return render_template(
        "desk/today.html",
        person=person,
        first=first,
        crate=_crate_of(first, waiting),
        to_prepare=waiting.to_prepare,
        to_hand_over=waiting.to_hand_over,
        to_note=sum(len(rows) for _pickup, rows in waiting.to_note),
        own=own,
        tiles=choices(facts, may_pass=own is not None),
        passed=_givers(waiting),
        **_just_passed(person, waiting),
    )


def look(person: Person) -> Waiting:
    """As many statements for many crates as for few."""
    to_prepare = practising.to_prepare(person)
    works = working.on_crates(to_prepare)
    begun = _begun_by(person, to_prepare, works)
    given = {order_id for order_id, work in works.items() if work.is_passed and work.person_id == person.id}
    own = {order.id for order in begun} | given
    free = [order for order in to_prepare if order.id not in own and not _is_closed(order, works, person)]
    return Waiting(
        to_prepare,
        works,
        practising.to_hand_over(person),  # who may not do it alone asks the tutor at the end (ruling 13)
        person.can(Capability.HAND_OVER),
        harvesting.to_note() if person.can(Capability.NOTE_HARVEST) else [],
        begun,
        [order for order in to_prepare if order.id in given],
        _in_turn(free, works),
    )


def next_crate(person: Person, *, after: Order) -> Order | None:
    """Which crate comes after this one."""
    return next((order for order in look(person).crates if order.id != after.id), None)


def _begun_by(person: Person, orders: Sequence[Order], works: dict[int, Work]) -> list[Order]:
    """What this person is on today; and what they began on another day, as long as nobody else has taken it up."""
    on_it = {order_id for order_id, work in works.items() if work.person_id == person.id and not work.is_passed}
    left = [order for order in orders if order.id not in works and _has_begun(order)]
    on_it |= finding.touched_by(person.id, left) if left else set()
    return [order for order in orders if order.id in on_it]


def _in_turn(orders: Sequence[Order], works: dict[int, Work]) -> list[Order]:
    """The earliest pick-up first; there what somebody left, then what nobody has begun, then what others are on."""
    turn = {pickup_id: place for place, pickup_id in enumerate(dict.fromkeys(order.pickup_id for order in orders))}

    def rank(order: Order) -> tuple[int, int]:
        return turn[order.pickup_id], 2 if order.id in works else 0 if _has_begun(order) else 1

    return sorted(orders, key=rank)


def _has_begun(order: Order) -> bool:
    return any(line.is_prepared for line in order.lines)


def _is_closed(order: Order, works: dict[int, Work], person: Person) -> bool:
    work = works.get(order.id)
    return work is not None and work.is_closed_to(person.id, is_staff=person.is_staff)


def _crate_of(first: Thing | None, waiting: Waiting) -> Order | None:
    crates = {Thing.BEGUN: waiting.begun, Thing.PASSED: waiting.passed, Thing.CRATE: waiting.open}
    return next(iter(crates.get(first, [])), None) if first else None


def _givers(waiting: Waiting) -> list[tuple[Order, str]]:
    """Crates that were passed on to this person, with the first name of whoever did it."""
    by = {order.id: waiting.works[order.id].deed.person_id or 0 for order in waiting.passed}
    names = staff.names(set(by.values())) if by else {}
    return [(order, names.get(by[order.id], "").split(" ")[0]) for order in waiting.passed]


def _just_passed(person: Person, waiting: Waiting) -> dict[str, object]:
    """What this person has passed on and the other has not begun: it can be had back, the last one first."""
    given = [order for order in waiting.to_prepare if _is_given_by(person, waiting.works.get(order.id))]
    given.sort(key=lambda order: waiting.works[order.id].deed.id)
    found = undo.offer(given[-1], aside=True) if given else None
    return {"undo_passing": found, "passed_on": given[-1]} if found else {}


def _is_given_by(person: Person, work: Work | None) -> bool:
    return work is not None and work.is_passed and work.deed.person_id == person.id
