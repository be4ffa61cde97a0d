"""The withdrawal: until when, what is kept for ever, the receipt, and what settles it (italian-rules 9, 28 to 32)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock, journal, keys, outbox, undo
from core.database import WrongTransaction, db, transaction
from core.errors import Conflict, TooManyTries
from orders import (
    cancelling,
    cooling_off,
    giving_back,
    handing_over,
    links,
    reasons,
    withdrawal_receipt,
    withdrawing,
)
from orders.models import Order
from orders.withdrawing import Declaration, Withdrawal
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

WEDNESDAY = date(2026, 11, 18)


def rome(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return clock.rome(date(year, month, day), hour)


def ordered(*wishes: Any, **more: Any) -> Order:
    """Honey, which keeps, and chard, which does not; the confirmation has left."""
    order = make.order(*(wishes or (make.wish(make.honey()), make.wish(make.chard()))), **more)
    outbox.send_due()
    return order


def given(order: Order) -> Order:
    make.prepared(order)
    handing_over.take_card(order.id, by=None, expected=order.due)
    return handing_over.hand_over(order.id, by=None)


def said(order: Order | None = None, **more: Any) -> Declaration:
    about = {"number": order.number, "email": order.email} if order else {"number": "1", "email": "a@posta.example"}
    return Declaration(**{"name": "Maria Rossi", **about, **more})


def declared(order: Order | None = None, *, key: str = "", by_link: bool = False, **more: Any) -> Withdrawal:
    return withdrawing.declare(
        said(order, **more), key=key or keys.new(), language="it", origin="192.0.2.1", order=order if by_link else None
    )


# --- until when


def test_before_hand_over_there_is_no_end() -> None:
    order = ordered()
    assert cooling_off.offer(order)
    assert cooling_off.ends_at(order) is None


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (WEDNESDAY, rome(2026, 12, 3)),  # 14 days later is a Wednesday: its last hour still counts
        (date(2026, 11, 21), rome(2026, 12, 8)),  # a Saturday: Monday
        (date(2026, 11, 24), rome(2026, 12, 10)),  # the Immacolata: the day after
        (date(2026, 12, 11), rome(2026, 12, 29)),  # Christmas, Santo Stefano, Sunday: Monday
        (date(2026, 3, 23), rome(2026, 4, 8)),  # Easter Monday: Tuesday, and summer time in between
        (date(2026, 10, 20), rome(2026, 11, 4)),  # winter time in between
    ],
)
def test_it_ends_with_the_last_hour_of_the_14th_day_or_of_the_next_working_day(day: date, end: datetime) -> None:
    with clock.at(clock.rome(day, 9)):
        order = given(ordered())
    assert cooling_off.ends_at(order) == end
    with clock.at(end - timedelta(seconds=1)):
        assert cooling_off.offer(order)
    with clock.at(end):
        assert not cooling_off.offer(order)


def test_whoever_was_never_told_in_writing_has_12_months_more() -> None:
    with clock.at(clock.rome(WEDNESDAY, 9)):
        order = given(make.order(make.wish(make.honey()), email=None, phone="+39 0381 000 000"))
    assert cooling_off.ends_at(order) == rome(2027, 12, 3)
    token = links.make(order)
    with clock.at(rome(2027, 12, 2)):
        assert links.get_order(token).id == order.id


def test_whoever_was_told_late_has_14_days_from_then() -> None:
    with clock.at(clock.rome(WEDNESDAY, 9)):
        order = given(make.order(make.wish(make.honey())))
    with clock.at(clock.rome(date(2026, 11, 25), 9)):
        outbox.send_due()
    assert cooling_off.ends_at(order) == rome(2026, 12, 10)


def test_a_link_stays_60_days_as_before() -> None:
    order = given(ordered())
    assert order.handed_over_at is not None
    assert links.ends_at(order) == order.handed_over_at + timedelta(days=60)


def test_what_spoils_has_no_withdrawal_and_neither_has_what_was_cancelled() -> None:
    fresh, off = ordered(make.wish(make.chard())), ordered(make.wish(make.honey()))
    cancelling.cancel(off.id, why="citizen")
    assert not cooling_off.offer(fresh)
    assert not cooling_off.offer(off)


# --- what is kept


def test_a_declaration_is_kept_with_its_words_and_its_moment() -> None:
    with clock.at(clock.rome(WEDNESDAY, 9)):
        order = ordered()
        found = declared(order, by_link=True, lines=withdrawing.choose(order, [line.id for line in order.lines]))
    assert found.text.split("\n") == [
        f"Recedo dal contratto per l'ordine {order.number}.",
        "Prodotti: Miele di acacia 1 vasetto.",
        "Nome e cognome: Maria Rossi.",
        "E-mail per la ricevuta: maria.rossi@posta.example",
    ]
    assert (found.order_id, found.declared_at) == (order.id, clock.rome(WEDNESDAY, 9))
    assert [entry.action for entry in journal.entries(found)] == ["withdrawal.declared"]
    assert found.due_at == clock.rome(WEDNESDAY, 9) + timedelta(days=14)


def test_it_finds_the_order_by_number_and_e_mail_however_they_are_written() -> None:
    order = ordered()
    assert declared(order, number=f"ordine n. {order.number}", email="MARIA.ROSSI@posta.example").order_id == order.id
    assert declared(order, email="altri@posta.example").order_id is None
    assert declared(number="quello di martedì").order_id is None


def test_the_same_form_twice_is_one_declaration_and_one_receipt() -> None:
    order, key = ordered(), keys.new()
    assert declared(order, key=key).id == declared(order, key=key).id
    assert db.session.query(Withdrawal).count() == 1
    assert [item.kind for item in outbox.about(order.id)].count("withdrawal") == 1


def test_nobody_changes_or_deletes_what_was_declared() -> None:
    found = declared()
    with pytest.raises(WrongTransaction), transaction():
        found.text = "altro"
        db.session.flush()
    db.session.rollback()
    with pytest.raises(WrongTransaction), transaction() as session:
        session.delete(found)
        session.flush()
    db.session.rollback()
    with pytest.raises(WrongTransaction), transaction() as session:
        session.query(Withdrawal).delete()
    db.session.rollback()


# --- the receipt


def receipt(found: Withdrawal) -> tuple[str, str, str]:
    message = withdrawal_receipt.write(found, "<id@prova.example>")
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return f"{message['Subject']} {message['To']}", text.get_content(), html.get_content()


def test_the_receipt_leaves_at_once_to_the_address_that_was_given() -> None:
    with clock.at(clock.rome(WEDNESDAY, 16)):
        found = declared(number="1005", email="ada@posta.example")
        assert outbox.send_due() == 1
    head, text, html = receipt(found)
    assert "ada@posta.example" in head
    for part in (text, html.replace("&#39;", "'")):
        assert "18 novembre 2026 alle 16:00" in part
        assert "entro il 2 dicembre 2026" in part
        for row in found.text.split("\n"):
            assert row in part


def test_the_receipt_of_an_order_that_nobody_knows_says_the_same() -> None:
    order = ordered()
    known, unknown = declared(order), declared(order, email="maria.rossi@altra.example")
    assert (known.order_id, unknown.order_id) == (order.id, None)
    texts = [receipt(found)[1].replace(found.email, "") for found in (known, unknown)]
    assert texts[0] == texts[1]


# --- what settles it


def test_it_is_settled_once_its_lines_are_given_back_and_not_before() -> None:
    order = given(ordered())
    found = declared(order)
    honey, _chard = order.lines
    assert withdrawing.to_give_back(found) == {honey.id: 850}
    giving_back.give_back(order.id, {honey.id: 500}, how="card_terminal", reason=reasons.key("recesso"), by=None)
    assert [each.id for each in withdrawing.unsettled()] == [found.id]
    giving_back.give_back(order.id, {honey.id: 350}, how="card_terminal", reason=reasons.key("recesso"), by=None)
    assert withdrawing.unsettled() == []
    assert [each.id for each in withdrawing.settled_since(found.declared_at)] == [found.id]


def test_a_refund_that_is_taken_back_opens_it_again() -> None:
    order = given(ordered())
    found = declared(order)
    giving_back.give_back(order.id, {order.lines[0].id: 850}, how="card_terminal", reason="x", by=None)
    deed = next(entry for entry in journal.entries(order) if entry.action == "order.refunded")
    giving_back.take_back(order.id, deed.data["refunds"], deed.data["payments"], by=None)
    assert [each.id for each in withdrawing.unsettled()] == [found.id]


def test_the_delivery_goes_back_where_all_of_it_is_withdrawn_from() -> None:
    round_ = make.place(kind="round", fee=400)
    alone = given(ordered(make.wish(make.honey()), at=make.pickup(round_)))
    mixed = given(ordered(make.wish(make.product(perishable=False)), make.wish(make.chard()), at=make.pickup(round_)))
    assert withdrawing.to_give_back(declared(alone)) == {alone.lines[0].id: 850, giving_back.FEE: 400}
    assert withdrawing.to_give_back(declared(mixed)) == {mixed.lines[0].id: 850}


def test_a_cancelled_order_settles_it() -> None:
    order = ordered(make.wish(make.honey()))
    declared(order)
    assert [withdrawing.to_give_back(found) for found in withdrawing.unsettled()] == [{}]
    cancelling.cancel(order.id, as_staff=True)
    assert withdrawing.unsettled() == []


def test_an_order_of_fresh_things_alone_waits_for_an_answer() -> None:
    order = given(ordered(make.wish(make.chard())))
    found = declared(order)
    assert [each.id for each in withdrawing.unsettled()] == [found.id]
    withdrawing.answer(found.id, reasons.key("solo-fresco"), by=None)
    assert withdrawing.unsettled() == []
    with pytest.raises(Conflict):
        withdrawing.answer(found.id, reasons.key("tardi"), by=None)


def test_a_declaration_after_the_period_is_kept_and_says_so() -> None:
    with clock.at(clock.rome(WEDNESDAY, 9)):
        order = given(ordered())
    with clock.at(rome(2026, 12, 2, 23)):
        in_time = declared(order)
    with clock.at(rome(2026, 12, 3)):
        late = declared(order)
    assert withdrawing.too_late([in_time, late, declared()]) == {late.id}


# --- throttles


def receipts() -> int:
    return outbox_kinds().count("withdrawal")


def outbox_kinds() -> list[str]:
    return [item.kind for item in db.session.query(outbox.Item)]


def test_forty_people_behind_one_address_pass_and_one_mailbox_is_not_filled() -> None:
    for number in range(40):
        declared(email=f"cliente-{number}@posta.example")
    assert receipts() == 40
    for _ in range(withdrawing.MOST_RECEIPTS + 3):
        declared(email="vittima@posta.example")
    assert receipts() == 40 + withdrawing.MOST_RECEIPTS
    with pytest.raises(TooManyTries, match="Riprova tra un'ora"):
        for number in range(withdrawing.MOST_AN_HOUR):
            declared(email=f"altro-{number}@posta.example")
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert declared(email="altro@posta.example"), "the sentence has told the truth"


def test_what_strangers_send_in_somebodys_name_takes_neither_their_right_nor_their_receipt() -> None:
    """Only the letters to one mailbox are counted; the declaration is kept, whoever has used the count up."""
    order = ordered(email="vittima@posta.example")
    for number in range(withdrawing.MOST_RECEIPTS + 1):
        withdrawing.declare(said(email=order.email), key=keys.new(), language="it", origin=f"192.0.2.{number}")
    mailed = receipts()
    assert mailed == withdrawing.MOST_RECEIPTS
    mine, by_link = declared(order), declared(order, by_link=True)
    assert [mine.order_id, by_link.order_id] == [order.id, order.id]
    assert receipts() == mailed + 2
    elsewhere = [declared(order, by_link=True, email="vittima@altrove.example").id for _ in range(9)]
    assert len(set(elsewhere)) == 9
    assert receipts() == mailed + 2 + withdrawing.MOST_RECEIPTS


def test_the_same_words_again_are_read_and_answered_once_and_taken_back_together() -> None:
    first, other = declared(), declared(name="Maria Bianchi")
    again = [declared() for _ in range(3)]
    groups = withdrawing.once(withdrawing.unsettled())
    assert [[found.id for found in group] for group in groups] == [
        [first.id, *(found.id for found in again)],
        [other.id],
    ]
    withdrawing.answer(first.id, reasons.key("tardi"), by=None)
    assert [found.id for found in withdrawing.unsettled()] == [other.id]
    with pytest.raises(Conflict):
        withdrawing.answer(again[1].id, reasons.key("tardi"), by=None)
    new = declared()
    undo.undo_last(first, expected=journal.entries(first)[0].id, by=None)
    waiting = [first.id, other.id, *(found.id for found in again), new.id]
    assert [found.id for found in withdrawing.unsettled()] == waiting


def test_two_taps_at_the_same_instant_are_one_declaration_and_one_receipt(app: Flask) -> None:
    order, key = ordered(), keys.new()
    about = said(order)

    def tap() -> int:
        return withdrawing.declare(about, key=key, language="it", origin="192.0.2.1").id

    answers = together(app, tap, tap, tap)
    make.fresh(order)
    assert faults(answers) == []
    assert len(set(answers)) == 1
    assert [item.kind for item in outbox.about(order.id)].count("withdrawal") == 1


def test_two_tutors_who_answer_at_the_same_instant_give_one_answer(app: Flask) -> None:
    found = declared().id
    answers = together(app, *[lambda: withdrawing.answer(found, reasons.key("tardi"), by=None).id] * 2)
    assert faults(answers, Conflict) == []
    assert sorted(isinstance(answer, Conflict) for answer in answers) == [False, True]
