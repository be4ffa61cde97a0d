"""Credit beside cash, and the numbers of receipts: what is rounded, what stays, what is written down and mended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from core import clock, journal, undo
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused
from orders import books, explaining, finding, giving_back, handing_over, paying, receipts
from orders.models import Credit, Order
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

NOTE = "Del tuo credito restano 0,03\u00a0€ per la prossima volta: così ora non servono monetine."


def with_credit(cents: int) -> None:
    """Maria Rossi, who orders next, has so much with us."""
    order = sold(make.order(make.wish(make.honey())))
    giving_back.give_back(order.id, {order.lines[0].id: cents}, how="credit", reason="Era rotto.", by=None)


def sold(order: Order, *, by_card: bool = False) -> Order:
    order = make.prepared(order)
    if by_card:
        handing_over.take_card(order.id, by=None, expected=order.due)
    else:
        handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    return handing_over.hand_over(order.id, by=None)


def ready(cents: int) -> Order:
    return make.prepared(make.order(make.wish(make.product(price=cents))))


def moved(order: Order) -> list[tuple[str, int]]:
    return [(payment.kind, payment.amount) for payment in order.payments]


# --- credit beside cash


def test_credit_that_is_not_enough_leaves_a_sum_that_coins_make_and_nothing_is_rounded() -> None:
    with_credit(300)
    order = ready(852)
    assert (moved(order), order.due, handing_over.cash_due(order)) == ([("credit", 297)], 555, 555)
    assert paying.credit_of(order) == 3
    handing_over.take_cash(order.id, by=None, expected=555)
    handing_over.hand_over(order.id, by=None)
    assert moved(order) == [("credit", 297), ("cash", 555)]
    assert books.look().problems == []


def test_whoever_reads_the_bill_learns_why_some_cents_of_credit_are_left() -> None:
    with_credit(300)
    order = ready(852)
    assert explaining.cash_note(order) == NOTE
    handing_over.take_card(order.id, by=None, expected=555)
    assert explaining.cash_note(order) == ""


def test_credit_that_goes_in_whole_needs_no_words() -> None:
    with_credit(302)
    order = ready(852)
    assert (moved(order), paying.credit_of(order), explaining.cash_note(order)) == ([("credit", 302)], 0, "")


def test_credit_that_is_enough_pays_to_the_cent() -> None:
    with_credit(850)
    order = ready(849)
    assert (moved(order), order.due, paying.credit_of(order)) == ([("credit", 849)], 0, 1)


def test_a_cent_of_credit_stays_where_it_is_and_cash_alone_is_rounded() -> None:
    with_credit(1)
    order = ready(852)
    assert (moved(order), paying.credit_of(order)) == ([], 1)
    handing_over.take_cash(order.id, by=None, expected=850)
    assert moved(order) == [("cash", 850), ("rounding", 2)]
    assert explaining.cash_note(order) == ""


def test_what_came_back_to_the_citizen_is_used_by_the_same_rule_when_they_come_after_all() -> None:
    with_credit(300)
    order = ready(852)
    with clock.at(order.pickup.to_at):
        handing_over.mark_not_collected(order.id, by=None)
        assert paying.credit_of(order) == 300
        handing_over.expect_again(order.id, by=None)
    order = finding.get(order.id)
    assert (order.due, paying.credit_of(order)) == (555, 3)
    assert books.look().problems == []


def test_a_rest_that_coins_of_five_cents_do_not_make_is_taken_to_the_cent() -> None:
    """As credit was used before: all of it, whatever it left."""
    order = ready(852)
    with transaction() as session:
        session.add(Credit(holder=paying.holder_of(order), balance=300))
        session.flush()
        paying.book(finding.lock(session, order.id), "credit", 300, None)
    assert (order.due, handing_over.cash_due(order)) == (552, 552)
    with pytest.raises(Conflict):
        handing_over.take_cash(order.id, by=None, expected=550)
    handing_over.take_cash(order.id, by=None, expected=552)
    assert moved(order) == [("credit", 300), ("cash", 552)]
    assert not [problem for problem in books.look().problems if "no coins make" in problem or "rounding" in problem]
    undo.undo_last(order)
    assert finding.get(order.id).due == 552


def test_what_two_citizens_had_used_goes_back_for_two_pick_ups_at_once_and_nobody_waits_in_a_ring(app: Flask) -> None:
    """At the one Anna ordered before Bea, at the other Bea before Anna; nobody comes to either."""
    for days in range(3, 7):
        jar, mails = make.product(price=400), (f"anna{days}@posta.example", f"bea{days}@posta.example")
        for mail in mails:
            order = sold(make.order(make.wish(make.product(price=1000)), email=mail))
            giving_back.give_back(order.id, {order.lines[0].id: 1000}, how="credit", reason="Era rotto.", by=None)
        here, there = make.pickup(days=days), make.pickup(days=days)
        ours = [make.order(make.wish(jar), at=here, email=mail) for mail in mails]
        theirs = [make.order(make.wish(jar), at=there, email=mail) for mail in reversed(mails)]
        for order in (*ours, *theirs):
            make.prepared(order)
        sides = [[order.id for order in side] for side in (ours, theirs)]
        over = here.to_at + timedelta(minutes=1)
        answers = together(app, *[lambda ids=ids, over=over: missed(ids, over) for ids in sides])
        assert faults(answers) == []
        db.session.rollback()
    assert books.look().problems == []


def missed(order_ids: list[int], over: datetime) -> None:
    with clock.at(over):
        handing_over.mark_all_not_collected(order_ids, by=None)


# --- as it was paid


def test_ways_of_giving_back_are_those_of_paying() -> None:
    cash, card = sold(make.order()), sold(make.order(email=None), by_card=True)
    assert giving_back.ways(cash) == {"cash": 850, "credit": 850}
    assert giving_back.ways(card) == {"card_terminal": 850}


def test_rounded_cash_can_go_back_in_whole() -> None:
    order = sold(make.order(make.wish(make.product(price=852))))
    giving_back.give_back(order.id, {order.lines[0].id: 852}, how="cash", reason="Rotto.", by=None)
    order = finding.get(order.id)
    assert (order.due, order.settled, giving_back.ways(order)) == (0, 0, {})
    assert moved(order)[2:] == [("cash", -850), ("rounding", -2)]


@pytest.mark.parametrize(
    ("by_card", "how", "where", "back"),
    [(False, "cash", "In contanti", "in contanti"), (True, "card_terminal", "Sulla carta", "con la carta")],
)
def test_what_is_refused_after_a_first_refund_says_what_is_still_there_and_what_came_back(
    by_card: bool, how: giving_back.How, where: str, back: str
) -> None:
    """4.50 of credit and 4.00 in cash or by card, of which 3.00 has gone back, then all of it."""
    with_credit(450)
    order = sold(make.order(), by_card=by_card)
    line = order.lines[0].id
    giving_back.give_back(order.id, {line: 300}, how=how, reason="Rotto.", by=None)
    with pytest.raises(Refused) as refused:
        giving_back.give_back(order.id, {line: 101}, how=how, reason="Rotto.", by=None)
    assert refused.value.sentence == f"{where} si possono ridare ancora 1,00\u00a0€."
    giving_back.give_back(order.id, {line: 100}, how=how, reason="Rotto.", by=None)
    with pytest.raises(Refused) as refused:
        giving_back.give_back(order.id, {line: 100}, how=how, reason="Rotto.", by=None)
    assert refused.value.sentence == f"Quello che è stato pagato {back} è già tornato."


def test_no_more_cash_goes_back_than_came_in_though_each_refund_is_rounded() -> None:
    """10.02 came in as 10.00; 5.03 goes back as 5.05, and 4.99 then as the 4.95 that are left."""
    order = sold(make.order(make.wish(make.product(price=1002))))
    line = order.lines[0].id
    giving_back.give_back(order.id, {line: 503}, how="cash", reason="Rotto.", by=None)
    giving_back.give_back(order.id, {line: 499}, how="cash", reason="Rotto.", by=None)
    order = finding.get(order.id)
    assert moved(order)[2:] == [("cash", -505), ("rounding", 2), ("cash", -495), ("rounding", -4)]
    assert (order.due, order.settled, paying.cash_left(order), giving_back.ways(order)) == (0, 0, 0, {})


@pytest.mark.parametrize(("by_card", "how"), [(True, "cash"), (False, "card_terminal")])
def test_another_way_is_refused_and_changes_nothing(by_card: bool, how: giving_back.How) -> None:
    order = sold(make.order(), by_card=by_card)
    with pytest.raises(Refused, match="Non è stato pagato"):
        giving_back.give_back(order.id, {order.lines[0].id: 100}, how=how, reason="Rotto.", by=None)
    make.fresh(order)
    assert (order.refunded, len(order.payments)) == (0, 1)


# --- numbers of receipts


def test_a_number_is_written_beside_the_money_and_mended_and_the_journal_keeps_both() -> None:
    rita = make.tutor("Rita")
    order = sold(make.order())
    payment = order.payments[0].id
    receipts.note_document(order.id, payment, "0012-0034", by=rita.id)
    receipts.note_document(order.id, payment, " 0012 - 0043\t", by=rita.id)
    assert finding.get(order.id).payments[0].reference == "0012 - 0043"
    newest, first = journal.entries(order)[:2]
    assert (newest.data, newest.person_id) == (
        {"payment": payment, "before": "0012-0034", "after": "0012 - 0043"},
        rita.id,
    )
    assert first.data == {"payment": payment, "before": "", "after": "0012-0034"}
    assert moved(order) == [("cash", 850)]
    assert books.look().problems == []


def test_the_same_number_again_is_no_deed() -> None:
    order = sold(make.order())
    for number in ("0012-0034", "0012-0034"):
        receipts.note_document(order.id, order.payments[0].id, number, by=None)
    assert [entry.action for entry in journal.entries(order)].count("order.receipt_noted") == 1


@pytest.mark.parametrize("number", ["x" * 41, "0012\x00", "0012\x1b[2J"])
def test_what_no_number_looks_like_is_refused(number: str) -> None:
    order = sold(make.order())
    with pytest.raises(Refused):
        receipts.note_document(order.id, order.payments[0].id, number, by=None)
    assert finding.get(order.id).payments[0].reference == ""


def test_forty_signs_are_a_number() -> None:
    order = sold(make.order())
    receipts.note_document(order.id, order.payments[0].id, "7" * 40, by=None)
    assert receipts.number_of(finding.get(order.id).payments[0]) == "7" * 40


@pytest.mark.parametrize("number", ["", "  ", "fatto", "🍅"])
def test_what_has_no_digit_is_no_number_and_nothing_takes_nothing_away(number: str) -> None:
    order = sold(make.order())
    with pytest.raises(Refused, match="come sta sullo scontrino"):
        receipts.note_document(order.id, order.payments[0].id, number, by=None)


def test_only_money_that_came_in_and_stands_has_a_receipt() -> None:
    with_credit(300)
    order = sold(make.order(make.wish(make.product(price=852))), by_card=True)
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="card_terminal", reason="Rotto.", by=None)
    order = finding.get(order.id)
    by_credit, by_card, back = order.payments
    assert receipts.takes_number(order) == [by_card]
    for payment, kind in ((by_credit, NotFound), (back, Conflict)):
        with pytest.raises(kind):
            receipts.note_document(order.id, payment.id, "0012-0034", by=None)


def test_money_of_another_order_and_of_nobody_is_not_found() -> None:
    order, other = sold(make.order()), sold(make.order())
    for payment_id in (other.payments[0].id, 987_654, -1):
        with pytest.raises(NotFound):
            receipts.note_document(order.id, payment_id, "0012-0034", by=None)


def test_money_that_went_back_has_no_receipt_any_more() -> None:
    order = ready(850)
    handing_over.take_cash(order.id, by=None, expected=850)
    undo.undo_last(order)
    with pytest.raises(Conflict, match="già tornati indietro"):
        receipts.note_document(order.id, finding.get(order.id).payments[0].id, "0012-0034", by=None)


def test_the_bill_names_the_receipt() -> None:
    order = sold(make.order())
    receipts.note_document(order.id, order.payments[0].id, "0012-0034", by=None)
    [paid] = [row for row in explaining.bill(finding.get(order.id)) if row.words == "Pagato in contanti"]
    assert (paid.cents, paid.note) == (850, "Scontrino 0012-0034.")
