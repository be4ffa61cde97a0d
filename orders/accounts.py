"""What must be true of the money of an order, in cents: totals, VAT, payments, refunds and the deeds behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from orders import receipts, vat
from orders.models import Payment, Refund
from orders.paying import IN_CASH
from orders.sheets import AnyRow, Sheet

MOST_ROUNDING = 2  # cents: to the nearest 5 (art. 13-quater DL 50/2017)
SOON = timedelta(seconds=60)  # a deed and what it writes have one transaction
TAKEN_AS = {"order.cash_taken": ("cash", "rounding"), "order.card_taken": ("card_terminal",)}
NAMED_BY_DEEDS = ("cash", "card_terminal", "rounding")  # credit also comes and goes by itself, as it is owed


def sums(sheet: Sheet) -> Iterator[str]:
    """Nobody pays more than they agreed to, and what has gone is settled (ruling 1)."""
    order = sheet.order
    if not order.lines:
        yield "it has no lines"
    if order.total > order.maximum:
        yield f"the total is {order.total}, the maximum is {order.maximum}"
    if not order.is_owed and order.settled:
        yield f"it was cancelled or not collected, and {order.settled} of its money is here"
    if order.handed_over_at and order.is_owed and order.due and not order.practice:
        yield f"it was handed over, and {order.due} is due"


def vat_table(sheet: Sheet) -> Iterator[str]:
    """The table adds up to the total, and each row to its gross (italian-rules 4)."""
    rows = vat.rows(sheet.order)
    gross = sum(row.gross for row in rows)
    if gross != sheet.order.total:
        yield f"the VAT table adds up to {gross}, the total is {sheet.order.total}"
    for row in rows:
        is_near = 2 * abs(row.taxable * (100 + row.rate) - row.gross * 100) <= 100 + row.rate  # half a cent
        if row.taxable + row.vat != row.gross or not is_near:
            yield f"at {row.rate} %: {row.taxable} and {row.vat} of VAT do not make {row.gross}"


def payments(sheet: Sheet) -> Iterator[str]:
    """A counter entry takes back exactly one earlier entry; rounding is never more than cash asks for.

    Beside a payment of another kind nothing is rounded: then cash may be any sum.
    """
    by_id = {payment.id: payment for payment in sheet.order.payments}
    for payment in sheet.order.payments:
        if payment.kind == "rounding" and abs(payment.amount) > MOST_ROUNDING and not _settles(by_id, payment):
            yield f"payment {payment.id}: a rounding of {payment.amount}"
        if payment.kind == "cash" and payment.amount % 5 and not _otherwise(sheet, before=payment.id):
            yield f"payment {payment.id}: {payment.amount} in cash, which no coins make"
        if payment.counters_id is None:
            continue
        first = by_id.get(payment.counters_id)
        if first is None or first.id >= payment.id or first.counters_id is not None:
            yield f"payment {payment.id}: it takes back payment {payment.counters_id}, which is no earlier entry of it"
        elif (first.kind, first.amount) != (payment.kind, -payment.amount):
            yield f"payment {payment.id}: {payment.kind} {payment.amount} takes back {first.kind} {first.amount}"


def _settles(by_id: Mapping[int, Payment], payment: Payment) -> bool:
    """The refund with which the last of the cash goes back puts right what all the roundings have added up to."""
    first = by_id.get(payment.counters_id or 0, payment)
    return sum(each.amount for each in by_id.values() if each.kind == "cash" and each.id < first.id) == 0


def _otherwise(sheet: Sheet, *, before: int) -> int:
    """Cents that were paid in any way but cash, when this entry was made."""
    return sum(each.amount for each in sheet.order.payments if each.id < before and each.kind not in IN_CASH)


def ways(sheet: Sheet) -> Iterator[str]:
    """Nothing goes back in a way in which not so much came in; only credit is also given to who never used any."""
    moved = Counter[str]()
    for payment in sheet.order.payments:
        moved["cash" if payment.kind in IN_CASH else payment.kind] += payment.amount
    for kind, cents in sorted(moved.items()):
        if cents < 0 and kind != "credit":
            yield f"{-cents} more was given back by {kind} than had come in so"


def rounded(sheet: Sheet) -> Iterator[str]:
    """Only a sum that was paid wholly in cash is rounded (art. 13-quater DL 50/2017)."""
    rounding = {each.id: each.amount for each in sheet.order.payments if each.kind == "rounding"}
    for deed in sheet.entries:
        if deed.action == "order.cash_taken" and deed.undoes_id is None:
            for number in sorted(rounding.keys() & set(deed.data["payments"])):
                if other := _otherwise(sheet, before=number):
                    yield f"payment {number}: a rounding of {rounding[number]}, and {other} was not paid in cash"


def documents(sheet: Sheet) -> Iterator[str]:
    """The number of a document is the one that somebody wrote last, and none where nobody did."""
    noted = [each.data for each in sheet.standing if each.action == "order.receipt_noted"]
    said = {data["payment"]: data["after"] for data in noted}
    for payment in sheet.order.payments:
        if payment.reference != said.pop(payment.id, "") and payment.kind in receipts.KINDS:
            yield f"payment {payment.id}: its document is not the one that the deeds that stand say"
    if said:
        yield f"numbers of documents were written for payments {', '.join(map(str, sorted(said)))}, which are not there"


def refunds(sheet: Sheet) -> Iterator[str]:
    """Given back after hand-over, line by line at the rate that it was sold at, never more than it cost (C10)."""
    by_id = {refund.id: refund for refund in sheet.order.refunds}
    rates = {line.id: line.vat_rate for line in sheet.order.lines}
    for refund in sheet.order.refunds:
        if refund.line_id is not None and rates.get(refund.line_id) != refund.vat_rate:
            yield f"refund {refund.id}: at {refund.vat_rate} %, which is not the rate of a line of it"
        if refund.counters_id is None and refund.amount < 0:
            yield f"refund {refund.id}: {refund.amount}, and it takes nothing back"
        first = by_id.get(refund.counters_id or 0)
        if refund.counters_id is not None and (first is None or not _is_inverse(first, refund)):
            yield f"refund {refund.id}: it does not take back refund {refund.counters_id} as it was"


def _is_inverse(first: Refund, second: Refund) -> bool:
    same = (first.line_id, first.vat_rate, first.how) == (second.line_id, second.vat_rate, second.how)
    return same and first.id < second.id and first.counters_id is None and first.amount == -second.amount


def refunded(sheet: Sheet) -> Iterator[str]:
    """By line and by rate, what was given back lies between nothing and what was paid, and only after hand-over."""
    order = sheet.order
    if not order.refunds:
        return
    if order.refunded and not (order.handed_over_at or order.not_collected_at):
        yield f"{order.refunded} was given back, and it was never handed over"
    by_rate, by_line = Counter[int](), Counter[int | None]()
    for refund in order.refunds:
        by_rate[refund.vat_rate] += refund.amount
        by_line[refund.line_id] += refund.amount
    gross, paid = vat.gross_by_rate(order), {None: order.fee, **vat.paid_for_lines(order)}
    for rate, cents in sorted(by_rate.items()):
        if not 0 <= cents <= gross.get(rate, 0):
            yield f"at {rate} % {cents} was given back of {gross.get(rate, 0)}"
    for line_id, cents in by_line.items():
        if not 0 <= cents <= paid.get(line_id, 0):
            yield f"of line id {line_id or 'none (the fee)'} {cents} was given back of {paid.get(line_id, 0)}"


def money_deeds(sheet: Sheet) -> Iterator[str]:
    """Money moves by a deed that names its entries, and is taken back with it and not before (ruling 6)."""
    by_themselves = {each.id for each in sheet.order.payments if each.kind not in NAMED_BY_DEEDS}
    yield from _with_deeds(sheet, "payments", sheet.order.payments, by_themselves)
    yield from _with_deeds(sheet, "refunds", sheet.order.refunds, set())


def _with_deeds(
    sheet: Sheet, name: str, rows: Sequence[Payment | Refund], by_themselves: Collection[int]
) -> Iterator[str]:
    there, countered = {row.id: row.at for row in rows}, {row.counters_id for row in rows}
    unknown = {row.id for row in rows if row.counters_id is None}.difference(by_themselves)
    for deed in sheet.entries:
        if deed.undoes_id is None and name in deed.data:
            ids = set(deed.data[name])
            unknown -= ids
            if not ids <= there.keys():
                yield f"journal entry {deed.id} ({deed.action}): not all of its {name} are there"
            elif {number in countered for number in ids} - {deed.undone_id is not None}:
                yield f"journal entry {deed.id} ({deed.action}): it and its {name} are not taken back together"
            elif any(abs(there[number] - deed.at) > SOON for number in ids):
                yield f"journal entry {deed.id} ({deed.action}): its {name} are of another moment"
    if unknown:
        yield f"{name} that no deed has made: {', '.join(map(str, sorted(unknown)))}"


def paid_out(sheet: Sheet) -> Iterator[str]:
    """What a refund says is what was paid out, rounding included (C10)."""
    paid, back = ({row.id: row.amount for row in rows} for rows in (sheet.order.payments, sheet.order.refunds))
    for deed in sheet.entries:
        if deed.action == "order.refunded":
            out = -sum(paid.get(number, 0) for number in deed.data["payments"])
            cents = sum(back.get(number, 0) for number in deed.data["refunds"])
            if out != cents:
                yield f"journal entry {deed.id}: {cents} was given back, {out} was paid out"


def deed_sums(sheet: Sheet) -> Iterator[str]:
    """Kinds and cents of what a deed names are those that it was about (ruling 6)."""
    paid = {payment.id: payment for payment in sheet.order.payments}
    back = {refund.id: refund for refund in sheet.order.refunds}
    for deed in sheet.entries:
        if deed.undoes_id is not None or deed.action not in (*TAKEN_AS, "order.refunded"):
            continue
        moved = [paid[number] for number in deed.data["payments"] if number in paid]
        if deed.action in TAKEN_AS:
            problems = _taken(TAKEN_AS[deed.action], deed.data["cents"], moved)
        else:
            problems = _given(deed.data["cents"], moved, [back[each] for each in deed.data["refunds"] if each in back])
        yield from (f"journal entry {deed.id} ({deed.action}): {problem}" for problem in problems)


def _taken(kinds: tuple[str, ...], cents: int, moved: Sequence[Payment]) -> Iterator[str]:
    yield from _odd_kinds(kinds, moved)
    taken = sum(payment.amount for payment in moved if payment.kind == kinds[0])
    if taken != cents:
        yield f"it says {cents}, its payments by {kinds[0]} are {taken}"
    rounding = sum(payment.amount for payment in moved if payment.kind == "rounding")
    if abs(rounding) > MOST_ROUNDING:
        yield f"a rounding of {rounding} in all"


def _given(cents: int, moved: Sequence[Payment], given: Sequence[Refund]) -> Iterator[str]:
    hows = sorted({refund.how for refund in given})
    yield from _odd_kinds((*hows, "rounding") if "cash" in hows else tuple(hows), moved)
    if len(hows) > 1:
        yield f"it gives back in more than one way: {', '.join(hows)}"
    back = sum(refund.amount for refund in given)
    if back != cents:
        yield f"it says {cents}, its refunds are {back}"


def _odd_kinds(kinds: tuple[str, ...], moved: Sequence[Payment]) -> Iterator[str]:
    odd = sorted({payment.kind for payment in moved}.difference(kinds))
    if odd:
        yield f"it names payments by {', '.join(odd)}, and it is about {', '.join(kinds) or 'nothing'}"


def credit(sheet: Sheet) -> Iterator[str]:
    """Credit is given by a refund that names it, used by a crate that is ready, or used again with an undo."""
    entries = [each for each in sheet.entries if each.undoes_id is None]
    given = {number for each in entries if each.action == "order.refunded" for number in each.data["payments"]}
    used = {number: each for each in entries if each.action == "order.ready" for number in each.data.get("credit", [])}
    moved = [each for each in sheet.order.payments if each.kind == "credit" and each.counters_id is None]
    for payment in moved:
        if payment.amount < 0 and payment.id not in given:
            yield f"{-payment.amount} of credit was given, and no refund names it (payment {payment.id})"
        if payment.id in used and abs(payment.at - used[payment.id].at) > SOON:
            yield f"journal entry {used[payment.id].id} (order.ready): its credit is of another moment"
    if lost := used.keys() - {payment.id for payment in moved}:
        yield f"payments {', '.join(map(str, sorted(lost)))} of credit made it ready and are not there"
    yield from _used_again(sheet, [each for each in moved if each.amount > 0 and each.id not in used])


def _used_again(sheet: Sheet, moved: Sequence[Payment]) -> Iterator[str]:
    """These entries are named by no deed: their moment and their cents tell whose they are."""
    left = list(moved)
    for deed, cents in _again(sheet):
        near = [each for each in left if abs(each.at - deed.at) <= SOON and cents in (None, each.amount)]
        if near:
            left.remove(near[0])
        elif cents:
            yield f"journal entry {deed.id} ({deed.action}): the {cents} of credit that it uses again were not used"
    for payment in left:
        yield f"{payment.amount} of credit was used, and no deed says so (payment {payment.id})"


def _again(sheet: Sheet) -> list[tuple[AnyRow, int | None]]:
    """Deeds after which credit is used once more, and how much; None where it is whatever there was, asked last."""
    back = [(each, each.data.get("credit")) for each in sheet.entries if each.action == "order.not_collected.undone"]
    number = str(sheet.order.id)
    on = [each for each in sheet.of_pickup if each.action == "pickup.called_off.undone"]
    back += [(each, each.data.get("credits", {}).get(number)) for each in on]
    whatever = [(each, None) for each in sheet.entries if each.action == "order.expected_again"]
    return [*((each, cents) for each, cents in back if cents), *whatever]
