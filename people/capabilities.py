"""What may be done, by whom. Denied by default: a route without a capability fails a test.

A co-resident's permissions on the desk are dated grants (ruling 13); those of the staff come with the role.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    CO_RESIDENT = "co_resident"
    TUTOR = "tutor"
    COORDINATOR = "coordinator"


class Capability(StrEnum):
    """A door. The value is what routes, grants and the journal say."""

    WORK_AT_DESK = "desk.work"
    PREPARE = "orders.prepare"
    HAND_OVER = "orders.hand_over"
    TAKE_CASH = "cash.take"
    SEE_OWN_PATH = "training.own"
    SEE_PEOPLE = "training.people"
    ENROL_DEVICE = "devices.enrol"
    KEEP_SHIFTS = "people.shifts"
    GRANT = "people.grant"
    INVITE = "people.invite"
    NOTE_HARVEST = "harvest.note"
    COUNT_STOCK = "stock.count"
    SET_PRICE = "price.set"
    KEEP_ORDERS = "orders.keep"
    GIVE_BACK = "orders.give_back"
    KEEP_PICKUPS = "pickups.keep"
    KEEP_TEXTS = "texts.keep"
    KEEP_STOCK = "stock.keep"
    KEEP_CATALOG = "catalog.keep"
    SEE_TAKINGS = "takings.see"
    KEEP_VOUCHERS = "vouchers.keep"
    LEND_VOICE = "voices.lend"


_EVERYBODY = {Capability.WORK_AT_DESK, Capability.PREPARE, Capability.NOTE_HARVEST, Capability.SEE_OWN_PATH}
_BESIDE = _EVERYBODY | {
    Capability.HAND_OVER,
    Capability.TAKE_CASH,
    Capability.COUNT_STOCK,
    Capability.SET_PRICE,
    Capability.KEEP_ORDERS,
    Capability.GIVE_BACK,
    Capability.KEEP_PICKUPS,
    Capability.KEEP_STOCK,
    Capability.SEE_TAKINGS,
    Capability.LEND_VOICE,
    Capability.SEE_PEOPLE,
    Capability.ENROL_DEVICE,
    Capability.KEEP_SHIFTS,
    Capability.GRANT,
}

BY_ROLE: dict[Role, frozenset[Capability]] = {
    Role.CO_RESIDENT: frozenset(_EVERYBODY),
    Role.TUTOR: frozenset(_BESIDE),
    Role.COORDINATOR: frozenset(Capability),
}

GRANTABLE = frozenset({Capability.HAND_OVER, Capability.TAKE_CASH, Capability.COUNT_STOCK, Capability.SET_PRICE})
"""Without one of these a co-resident makes the same deed as a proposal (ruling 13)."""

STAFF_ONLY = frozenset(Capability) - _EVERYBODY - GRANTABLE
"""Doors that nobody but the staff has: whoever is not signed in there is shown the staff's entrance."""

NEEDS_BADGE = frozenset({Capability.HAND_OVER, Capability.TAKE_CASH})
"""Doors where a tile is not enough: badge or tutor (cognitive-accessibility part C, by risk)."""
