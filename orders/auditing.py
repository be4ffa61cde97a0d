"""What must be true of every order, looked at on a live database: each invariant says in a sentence what is not.

Most of it is true because verbs and constraints make it so; this is the second look, which computes from what is stored
and not from what was meant. What a constraint of the database already refuses (a crate number twice, stock below zero)
is not looked for again. Amounts in cents, weights in grams.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from catalog.models import Kind
from core.money import maximum_of, price_of
from orders import accounts, forgetting, ledgers, lines, sheets
from orders.models import LineState, OrderLine
from orders.sheets import AnyRow, Sheet

DATES = {
    "ready_at": {"order.ready": True},
    "labelled_at": {"order.labelled": True},
    "handed_over_at": {"order.handed_over": True},
    "not_collected_at": {"order.not_collected": True, "order.expected_again": False},
    "cancelled_at": {"order.cancelled": True},
    "forgotten_at": {"order.forgotten": True},
}
"""Which deeds set a date of an order, and which take it away without being an undo."""

PACKED_BY = {
    "line.taken": LineState.TAKEN,
    "line.weighed": LineState.TAKEN,
    "line.short": LineState.SHORT,
    "line.missing": LineState.MISSING,
    "line.substituted": LineState.MISSING,
}
AGREED_BY = ("order.placed", "order.changed")
"""Deeds with which a citizen says, or has said for them, what they want and where."""

ANSWERED = ("order.ready", "order.refunded", "order.not_collected", "pickup.called_off", "pickup.moved")
"""Deeds that a letter follows, unless they are taken back (ruling 9)."""

CANNOT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What rows that are odd enough can raise: it is a finding, not a fault."""

WEIGHED_BY = ("line.weighed", "line.short", "line.reweighed")


@dataclass
class Group:
    """Invariants that belong together: how many rows they looked at, of which kind, and what does not hold."""

    name: str
    kind: str
    rows: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Chapter:
    name: str
    kind: str
    count: Callable[[Sheet], int]
    invariants: tuple[Callable[[Sheet], Iterator[str]], ...]


def audit(session: Session) -> list[Group]:
    """Every invariant, on what this session's snapshot shows. The number of statements does not grow with the shop."""
    return [*_ledgers(session), *_orders(session)]


def _ledgers(session: Session) -> Iterator[Group]:
    for name, (kind, look) in ledgers.LOOKS.items():
        group = Group(name, kind)
        try:
            for problems in look(session):
                group.rows += 1
                group.problems += problems
        except CANNOT as trouble:
            group.problems.append(f"it cannot be computed ({type(trouble).__name__}: {trouble})")
        yield group


def _orders(session: Session) -> list[Group]:
    groups = {chapter.name: Group(chapter.name, chapter.kind) for chapter in CHAPTERS}
    for sheet in sheets.read(session):
        for chapter in CHAPTERS:
            group = groups[chapter.name]
            group.rows += chapter.count(sheet)
            for invariant in chapter.invariants:
                group.problems += [f"order {sheet.order.number}: {problem}" for problem in _tried(invariant, sheet)]
    return list(groups.values())


def _tried(invariant: Callable[[Sheet], Iterator[str]], sheet: Sheet) -> list[str]:
    """Rows can be so odd that nothing can be computed from them; the others are still looked at."""
    try:
        return list(invariant(sheet))
    except CANNOT as trouble:
        return [f"{invariant.__name__} cannot be computed ({type(trouble).__name__}: {trouble})"]


def promises(sheet: Sheet) -> Iterator[str]:
    """The stock ledger holds for an order what its lines say, and nothing for one that is off (ruling 2)."""
    wanted: Counter[int] = Counter()
    for line in sheet.order.lines:
        wanted[line.product_id] -= _promised(sheet, line)
    for product_id in sorted({*wanted, *sheet.held}):
        held = sheet.held.get(product_id, 0)
        if held != wanted[product_id]:
            yield f"the stock ledger has {held} of product {product_id} for it, its lines say {wanted[product_id]}"


def _promised(sheet: Sheet, line: OrderLine) -> int:
    """Grams or pieces. What keeps and was in a crate that nobody collected may be sold again."""
    if not sheet.order.stands:
        return 0
    keeps = not line.perishable and not line.is_weighed
    if sheet.order.not_collected_at and keeps and line.state in (LineState.TAKEN, LineState.SHORT):
        return line.quantity - (line.quantity if line.packed is None else line.packed)
    return line.quantity


def quotes(sheet: Sheet) -> Iterator[str]:
    """Estimate and maximum of a line follow from what it kept of its product (ruling 1)."""
    by_id = {line.id: line for line in sheet.order.lines}
    for line in sheet.order.lines:
        estimate, tolerance = _estimate(line), line.tolerance_percent if line.is_weighed else 0
        maximum = maximum_of(estimate, tolerance)
        if line.substitutes_id in by_id:
            maximum = by_id[line.substitutes_id].maximum
            estimate = min(estimate, maximum)
        if line.estimate != estimate:
            yield f"line {line.position}: the estimate is {line.estimate}, it should be {estimate}"
        if line.maximum != maximum:
            yield f"line {line.position}: the maximum is {line.maximum}, it should be {maximum}"


def _estimate(line: OrderLine) -> int:
    if line.kind == Kind.BY_WEIGHT:
        return price_of(line.quantity, line.price)
    if line.kind == Kind.PIECE_BY_WEIGHT:
        return price_of(line.quantity * (line.piece_grams or 0), line.price)
    return line.quantity * line.price


def substitutes(sheet: Sheet) -> Iterator[str]:
    """Something else comes only where the citizen allowed it and the first is missing, once, in the same order."""
    by_id = {line.id: line for line in sheet.order.lines}
    for line in sheet.order.lines:
        if line.substitutes_id is None:
            continue
        replaced = by_id.get(line.substitutes_id)
        if replaced is None:
            yield f"line {line.position}: it replaces line id {line.substitutes_id}, which is not of this order"
        elif replaced.state != LineState.MISSING:
            yield f"line {line.position}: it replaces line {replaced.position}, which is not missing"
        elif not replaced.may_substitute:
            yield f"line {line.position}: it replaces line {replaced.position}, which may not be replaced"
        elif replaced.substitutes_id is not None:
            yield f"line {line.position}: it replaces line {replaced.position}, which is itself in place of another"


def packing(sheet: Sheet) -> Iterator[str]:
    """Weights, pieces and lots stand where the state of a line asks for them, and nowhere else."""
    for line in sheet.order.lines:
        for problem in _of_state(line):
            yield f"line {line.position}: {problem}"


def _of_state(line: OrderLine) -> Iterator[str]:
    in_crate = line.state in (LineState.TAKEN, LineState.SHORT)
    if in_crate and line.is_weighed and line.weighed_grams is None:
        yield f"it is {line.state} and has no weight"
    if line.weighed_grams is not None and not (in_crate and line.is_weighed):
        yield f"it is {line.state}, {line.kind}, and has a weight"
    if line.tare_grams is not None and (line.weighed_grams is None or line.tare_grams <= 0):
        yield "it has a tare that nothing was weighed with"
    if in_crate and not line.lot:
        yield f"it is {line.state} and has no lot"
    if line.lot and not in_crate:
        yield f"it is {line.state} and has a lot"
    if line.state == LineState.SHORT and line.kind != Kind.BY_WEIGHT:
        if line.packed is None or not 0 < line.packed < line.quantity:
            yield f"it is short, of {line.quantity} pieces {line.packed} are in the crate"
    elif line.packed is not None:
        yield f"it is {line.state}, {line.kind}, and has pieces of its own"


def steps(sheet: Sheet) -> Iterator[str]:
    """One step comes after the other; an order ends once."""
    order = sheet.order
    waiting = [str(line.position) for line in order.lines if not line.is_prepared]
    if order.ready_at and order.stands and waiting:
        yield f"it is ready, and lines wait: {', '.join(waiting)}"
    if order.labelled_at and not order.ready_at:
        yield "it has its label and is not ready"
    if order.handed_over_at and not order.ready_at:
        yield "it was handed over and is not ready"
    if bool(order.handed_over_at) != bool(order.handed_to):
        yield "when it was handed over and to whom do not go together"
    ends = [name for name in ("handed_over_at", "not_collected_at", "cancelled_at") if getattr(order, name)]
    if len(ends) > 1:
        yield f"it has ended more than once: {', '.join(ends)}"


def forgotten(sheet: Sheet) -> Iterator[str]:
    """Nothing says whose it was any more; it had ended (art. 17 GDPR)."""
    order = sheet.order
    if order.forgotten_at is None:
        return
    left = [name for name in ("email", "phone", "collector", "note", "address") if getattr(order, name)]
    left += [name for name in ("customer", "handed_to") if getattr(order, name) not in (None, forgetting.NOBODY)]
    if left:
        yield f"it was forgotten, and still has {', '.join(left)}"
    if not (order.handed_over_at or order.not_collected_at or order.cancelled_at):
        yield "it was forgotten, and nobody has ended it"


def letters(sheet: Sheet) -> Iterator[str]:
    """Every order with an address was answered, and no letter goes twice (ruling 9)."""
    order = sheet.order
    names = Counter(letter.key.split("#")[0] for letter in sheet.letters if letter.state != "dropped")
    for name, times in sorted(names.items()):
        if times > 1:
            yield f"{times} letters of the same key {name}"
    if not order.email or order.practice:
        return
    known = {letter.key for letter in sheet.letters}
    if f"letter:received:{order.id}" not in known:
        yield "nobody has written that it was received"
    if sheet.actions["order.cancelled"] and f"letter:cancelled:{order.id}" not in known:
        yield "nobody has written that it was cancelled"
    for version in range(1, sheet.actions["order.changed"] + 1):  # each change counts the order's version up by one
        if f"letter:changed:{order.id}:{version}" not in known:
            yield f"nobody has written of its change {version}"


def answers(sheet: Sheet) -> Iterator[str]:
    """A letter follows each deed that the citizen has to know of, whether it waits, has left or was dropped."""
    if not sheet.order.email or sheet.order.practice:
        return
    told = {letter.deed for letter in sheet.letters}
    for deed in (*sheet.standing, *sheet.on_its_pickup):
        if deed.action in ANSWERED and deed.key not in told:
            yield f"journal entry {deed.id} ({deed.action}): nobody has written of it"


def dates(sheet: Sheet) -> Iterator[str]:
    """Whatever date stands on an order was put there by a deed that stands, and the other way round (ruling 6)."""
    if sheet.actions["order.placed"] != 1:
        yield f"it was placed {sheet.actions['order.placed']} times"
    for column, actions in DATES.items():
        newest = next((entry for entry in reversed(sheet.standing) if entry.action in actions), None)
        told = newest.at if newest and actions[newest.action] else None
        if column == "cancelled_at" and told is None:
            told = next((each.at for each in sheet.on_its_pickup if each.action == "pickup.called_off"), None)
        moment = getattr(sheet.order, column)
        if told and moment is None:
            yield f"the journal has a deed for {column}, the order has no date"
        if not told and moment is not None:
            yield f"it has {column} and the journal has no deed for it"
        if told and moment and abs(moment - told) > accounts.SOON:
            yield f"{column} is {moment.isoformat()}, the deed for it was at {told.isoformat()}"


def agreed(sheet: Sheet) -> Iterator[str]:
    """What the citizen agreed to when they placed or last changed it is still what the order says (ruling 1)."""
    newest = _newest(sheet, *AGREED_BY)
    if newest is None or "agreed" not in newest.data:
        return
    said = newest.data["agreed"]
    for name, now in lines.agreed(sheet.order).items():
        if said.get(name) != now:
            yield f"{name} is {now}, agreed was {said.get(name)}"


def where(sheet: Sheet) -> Iterator[str]:
    """It is at the pick-up where it was placed or last brought to, with the number that it got there (ruling 14).

    Entries from before these facts were kept do not say so. A pick-up that is moved takes its orders along.
    """
    newest, order = _newest(sheet, *AGREED_BY), sheet.order
    if newest is None:
        return
    facts = newest.data.get("after", {}) if newest.action == "order.changed" else newest.data
    for name, now in (("pickup", order.pickup_id), ("crate", order.crate)):
        said = facts.get(name)  # no crate: it was not closed yet, and closing has given one since
        if said is not None and said != now:
            yield f"{name} is {now}, the newest deed that says so has {said}"


def _newest(sheet: Sheet, *actions: str) -> AnyRow | None:
    return next((each for each in reversed(sheet.standing) if each.action in actions), None)


def crates(sheet: Sheet) -> Iterator[str]:
    """It fills as many crates as somebody has said, else one (ruling 14)."""
    said = next((each.data["after"] for each in reversed(sheet.standing) if each.action == "order.crates"), 1)
    if sheet.order.crates != said:
        yield f"it fills {sheet.order.crates} crates, the deeds that stand say {said}"


def packed_by(sheet: Sheet) -> Iterator[str]:
    """A line is settled by one deed that stands; its weight is the one that the journal has."""
    for line in sheet.order.lines:
        deeds = [entry for entry in sheet.standing if entry.data.get("line") == line.id]
        states = [PACKED_BY[entry.action] for entry in deeds if entry.action in PACKED_BY]
        if states != ([] if line.state == LineState.WAITING else [line.state]):
            yield f"line {line.position}: it is {line.state}, the deeds that stand say {', '.join(states) or 'nothing'}"
        weights = [entry.data["grams"] for entry in deeds if entry.action in WEIGHED_BY]
        if weights and weights[-1] != line.weighed_grams:
            yield f"line {line.position}: {line.weighed_grams} grams, the journal says {weights[-1]}"


def practice(sheet: Sheet) -> Iterator[str]:
    """Practice and real never mix, and nothing of practice leaves the house (ruling 15)."""
    is_practice = sheet.order.practice
    if is_practice and sheet.letters:
        yield "it is for practice, and something was to leave the house"
    for line in sheet.order.lines:
        if sheet.practice_goods[line.product_id] != is_practice:
            yield f"line {line.position}: practice and real goods are mixed"
    marked = {entry.id for entry in sheet.entries if entry.practice != is_practice}
    if marked:
        yield f"journal entries {_listed(marked)} are marked as {'real' if is_practice else 'practice'}"
    if is_practice and any(payment.kind == "credit" for payment in sheet.order.payments):
        yield "it is for practice, and credit was moved"


def _listed(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers)[:5]))


def _one(_sheet: Sheet) -> int:
    return 1


CHAPTERS = (
    _Chapter("promises", "orders", _one, (promises,)),
    _Chapter("lines", "lines", lambda sheet: len(sheet.order.lines), (quotes, substitutes, packing)),
    _Chapter("orders", "orders", _one, (accounts.sums, steps, forgotten)),
    _Chapter("vat", "orders", _one, (accounts.vat_table,)),
    _Chapter(
        "payments",
        "payments",
        lambda sheet: len(sheet.order.payments),
        (
            accounts.payments,
            accounts.ways,
            accounts.rounded,
            accounts.documents,
            accounts.money_deeds,
            accounts.deed_sums,
            accounts.credit,
        ),
    ),
    _Chapter(
        "refunds",
        "refunds",
        lambda sheet: len(sheet.order.refunds),
        (accounts.refunds, accounts.refunded, accounts.paid_out),
    ),
    _Chapter("letters", "letters", lambda sheet: len(sheet.letters), (letters, answers)),
    _Chapter("deeds", "journal entries", lambda sheet: len(sheet.entries), (dates, packed_by, agreed, where, crates)),
    _Chapter("practice", "orders", _one, (practice,)),
)
