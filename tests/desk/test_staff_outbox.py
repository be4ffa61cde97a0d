"""What will leave the house: seen before it leaves, stopped by a person, sent all the same; never against the law."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from core import clock, journal, outbox, undo
from core.database import db, transaction
from core.errors import Conflict, Refused
from core.journal import Entry
from core.outbox import Item, Later
from orders import books, cancelling, departures, letters, preparing, withdrawing
from orders.models import Order
from orders.withdrawing import Declaration
from tests import factories as make
from tests.desk.staff_desk import twice
from tests.desk.walking import Desk
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

QUARTER = timedelta(minutes=15)


def item_of(order: Order, letter: str) -> Item:
    make.fresh(order)
    query = select(Item).where(Item.order_id == order.id).order_by(Item.id.desc())
    return next(item for item in db.session.scalars(query) if item.payload["letter"] == letter)


def ready(**more: Any) -> Order:
    """Prepared a moment ago: its letter waits for a quarter of an hour. What came before it has left."""
    order = make.order(make.wish(make.product()), **more)
    outbox.send_due()
    return make.prepared(order)


def page(rita: Desk) -> Desk:
    return rita.go("/banco/partenze")


def in_balance() -> bool:
    db.session.rollback()
    return not books.look().problems


# --- seen


def test_what_waits_is_told_with_whom_when_and_why(rita: Desk) -> None:
    order = ready(name="Maria Rossi", email="maria.rossi@posta.example")
    said = page(rita).text
    assert "1 aspetta" in said
    assert "Cassetta pronta, con il prezzo vero" in said
    assert f"Ordine {order.number} m•••@posta.example" in said
    assert "«La tua cassetta è pronta: 8,50 €»" in said.replace("\xa0", " ")
    assert "fino ad allora al banco si può tornare indietro" in said
    assert "maria.rossi@" not in said
    assert "Maria" not in said


def test_the_subject_is_the_one_that_would_leave_now_in_the_language_of_the_order(rita: Desk) -> None:
    ready(language="en")
    assert "Your crate is ready" in page(rita).text


def test_what_left_and_what_did_not_is_told_with_the_reason(rita: Desk) -> None:
    order = make.order()
    cancelling.cancel(order.id)
    outbox.send_due()
    said = page(rita).text
    assert "Non aspetta niente" in said
    assert "Partite oggi Ordine disdetto" in said
    assert "Oggi non sono partite Ordine ricevuto non è partita: non era più vero" in said


def test_a_quiet_house_says_so(rita: Desk) -> None:
    assert "Quello che doveva partire è partito." in page(rita).text


def test_trouble_of_the_post_is_told_and_can_be_tried_again_at_once(rita: Desk, app: Flask, monkeypatch) -> None:
    order = make.order()

    def fails(_item: Item) -> None:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setitem(app.extensions["outbox"], "letter", fails)
    for _try in range(2):
        with clock.at(clock.now() + timedelta(minutes=_try * 5)):
            outbox.send_due()
    said = page(rita).text
    assert "La posta non ha risposto. Riproviamo da soli" in said
    assert "2 prove finora." in said
    assert "ConnectionRefusedError: nobody there" in said
    before = item_of(order, "received").try_after
    rita.press("Riprova adesso")
    assert "Riprova" in rita.text
    assert item_of(order, "received").try_after < before
    monkeypatch.setitem(app.extensions["outbox"], "letter", letters.send)
    assert outbox.send_due() == 1
    assert item_of(order, "received").state == "sent"


def test_what_waits_for_undo_cannot_be_hurried(rita: Desk) -> None:
    """Those minutes belong to whoever prepared the crate (ruling 8)."""
    order = ready()
    page(rita)
    assert not rita.offers("adesso")
    with pytest.raises(Conflict):
        departures.try_again(item_of(order, "ready").id, by=make.tutor("Ugo").id)
    assert outbox.send_due() == 0


def test_a_letter_that_is_looked_at_again_later_says_so(rita: Desk, app: Flask, monkeypatch) -> None:
    order = make.order()
    monkeypatch.setitem(app.extensions["outbox"], "letter", lambda item: Later(clock.now() + QUARTER))
    outbox.send_due()
    assert item_of(order, "received").attempts == 1
    assert "la guardiamo di nuovo" in page(rita).text


# --- stopped


def test_what_is_stopped_never_leaves_by_itself_and_the_books_agree(rita: Desk) -> None:
    order = ready()
    page(rita).press("Non mandare")
    assert "Non parte: Cassetta pronta, con il prezzo vero." in rita.text
    assert "Fermata da Rita." in rita.text
    with clock.at(clock.now() + timedelta(days=2)):
        assert outbox.send_due() == 0
        assert outbox.lag()["waiting"] == 0
    item = item_of(order, "ready")
    assert (item.state, item.words, item.claimed_at) == ("dropped", "stopped", None)
    assert in_balance()
    assert "l'abbiamo fermata noi" in rita.go(f"/banco/ordini/{order.id}").text


def test_it_leaves_all_the_same_when_somebody_wants_it_to(rita: Desk) -> None:
    order = ready()
    page(rita).press("Non mandare").press("Manda lo stesso")
    assert "Parte lo stesso: Cassetta pronta" in rita.text
    assert item_of(order, "ready").state == "waiting"
    assert outbox.send_due() == 0, "the quarter of an hour is not over"
    with clock.at(clock.now() + QUARTER):
        assert outbox.send_due() == 1
    assert item_of(order, "ready").state == "sent"
    assert in_balance()


def test_after_its_time_it_leaves_at_once_and_is_not_called_late(rita: Desk) -> None:
    order = ready()
    page(rita).press("Non mandare")
    with clock.at(clock.now() + timedelta(hours=3)):
        page(rita).press("Manda lo stesso")
        assert outbox.lag()["oldest_overdue_seconds"] < 60
        assert outbox.send_due() == 1
    assert item_of(order, "ready").state == "sent"


def test_a_second_press_changes_nothing(rita: Desk) -> None:
    ready()
    first, second = twice(page(rita), "Non mandare")
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(list(db.session.scalars(select(Entry).where(Entry.action == "letter.stopped")))) == 1


@pytest.mark.parametrize("letter", departures.BY_LAW)
def test_what_the_law_wants_cannot_be_stopped_and_the_page_says_why(rita: Desk, letter: str) -> None:
    order = make.order()
    if letter == "cancelled":
        cancelling.cancel(order.id)
    if letter == "changed":
        letters_changed(order)
    if letter == "withdrawal":
        said = Declaration(name="Maria Rossi", number=order.number, email="maria.rossi@posta.example")
        withdrawing.declare(said, key="a-withdrawal-of-today", language="it", origin="", order=order)
    item = item_of(order, letter)
    assert not [way for way in page(rita).ways if way.path == f"/banco/partenze/{item.id}/ferma"]
    assert "Parte sempre" in rita.text
    with pytest.raises(Refused, match="la vuole la legge"):
        departures.stop(item.id, by=make.tutor("Ugo").id)
    assert item_of(order, letter).state == "waiting"


def letters_changed(order: Order) -> None:
    with transaction():
        letters.changed(order)


def test_the_letters_of_the_law_bring_the_terms_or_the_end_of_the_contract() -> None:
    """And the receipt of a withdrawal, whose words are no letter that somebody may write otherwise."""
    assert set(letters.WITH_TERMS) < set(departures.BY_LAW) < {*letters.texts.LETTERS, "withdrawal"}
    assert "withdrawal" not in letters.texts.LETTERS


def test_one_that_has_left_or_is_leaving_is_refused() -> None:
    order, ugo = ready(), make.tutor("Ugo")
    item = item_of(order, "ready")
    with clock.at(clock.now() + QUARTER):
        outbox.send_due()
    with pytest.raises(Conflict, match="già partita"):
        departures.stop(item.id, by=ugo.id)
    assert item_of(order, "ready").state == "sent"


def test_one_that_the_worker_holds_in_its_hand_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claimed and not yet sent: nobody can say any more whether it left."""
    order, ugo = ready(), make.tutor("Ugo").id
    answers: list[Exception] = []

    def stop_while_it_is_sent(item: Item) -> None:
        try:
            departures.stop(item.id, by=ugo)
        except Conflict as refused:
            answers.append(refused)

    monkeypatch.setitem(app.extensions["outbox"], "letter", stop_while_it_is_sent)
    with clock.at(clock.now() + QUARTER):
        outbox.send_due()
    assert [str(answer) for answer in answers] == ["Sta partendo proprio adesso: non si può più fermare."]
    assert item_of(order, "ready").state == "sent"


def test_a_deed_that_is_taken_back_takes_its_stopped_letter_along(rita: Desk) -> None:
    """Done again, it writes again; the stopped one is past."""
    order = ready()
    page(rita).press("Non mandare")
    deed = next(entry for entry in journal.entries(order) if entry.action == "order.labelled")
    undo.undo_last(order, expected=deed.id)
    undo.undo_last(order)
    assert item_of(order, "ready").words == "undone"
    assert not page(rita).offers("Manda lo stesso")
    preparing.finish(order.id, by=None)
    assert item_of(order, "ready").state == "waiting"
    assert in_balance()


def test_a_stopped_letter_leaves_the_deed_open_to_undo() -> None:
    """Nobody has been told: what the letter was about can still be taken back."""
    order, ugo = ready(), make.tutor("Ugo")
    departures.stop(item_of(order, "ready").id, by=ugo.id)
    with clock.at(clock.now() + timedelta(hours=1)):
        outbox.send_due()
        undo.undo_last(order)
        assert undo.undo_last(order) == "cassetta pronta"


def test_the_books_notice_a_letter_that_nobody_stopped() -> None:
    order = ready()
    with transaction():
        item = db.session.get_one(Item, item_of(order, "ready").id)
        item.state, item.words, item.ended_at = "dropped", departures.STOPPED, clock.now()
    assert not in_balance()


# --- two at once


def test_a_person_and_the_worker_never_both_win(app: Flask) -> None:
    """The claim and the stop hold the same row: one of them wins, on either database."""
    ugo = make.tutor("Ugo").id
    orders = [ready(email=f"a{number}@posta.example", at=make.pickup(days=3 + number)) for number in range(6)]
    ids = [item_of(order, "ready").id for order in orders]
    db.session.rollback()

    def stop_all() -> int:
        stopped = 0
        for item_id in ids:
            try:
                departures.stop(item_id, by=ugo)
                stopped += 1
            except Conflict:
                db.session.rollback()
        return stopped

    with clock.at(clock.now() + timedelta(hours=1)):
        answers = together(app, stop_all, outbox.send_due)
    assert not faults(answers)
    states = [item_of(order, "ready") for order in orders]
    assert {item.state for item in states} <= {"sent", "dropped"}
    assert sum(answers) == len(ids), answers
    assert [item.id for item in states if item.state == "dropped" and item.claimed_at] == []
    assert in_balance()


def test_two_tutors_stop_one_letter_once(app: Flask) -> None:
    ugo, item = make.tutor("Ugo").id, item_of(ready(), "ready").id
    db.session.rollback()
    answers = together(app, *[lambda: departures.stop(item, by=ugo)] * 2)
    assert len([answer for answer in answers if isinstance(answer, Conflict)]) == 1
    assert not faults(answers, Conflict)


# --- many


def statements(desk: Desk) -> int:
    count = [0]

    def one_more(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        count[0] += "FROM clock" not in statement  # that one is read once in a while

    event.listen(db.engine, "before_cursor_execute", one_more)
    page(desk)
    event.remove(db.engine, "before_cursor_execute", one_more)
    return count[0]


def test_statements_do_not_grow_with_what_waits(rita: Desk) -> None:
    honey, pickup = make.honey(left=50), make.pickup()
    make.order(make.wish(honey), at=pickup)
    few = statements(rita)
    for number in range(8):
        make.order(make.wish(honey), at=pickup, email=f"b{number}@posta.example")
    assert statements(rita) == few


def test_the_look_back_uses_the_index() -> None:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    ready()
    event.listen(db.engine, "before_cursor_execute", note)
    departures.sent_since(clock.rome(clock.today(), 0), most=10)
    event.remove(db.engine, "before_cursor_execute", note)
    if db.engine.dialect.name == "sqlite":
        query = next(each for each in seen if "FROM outbox" in each)
        plan = db.session.execute(db.text("EXPLAIN QUERY PLAN " + _filled(query))).all()
        assert "ix_outbox_due" in str(plan)
        assert "SCAN" not in str(plan)


def _filled(statement: str) -> str:
    for value in ("'sent'", "'2026-01-01'", "'2026-01-01'", "10", "0"):
        statement = statement.replace("?", value, 1)
    return statement


def test_many_come_in_pages(rita: Desk) -> None:
    honey, pickup = make.honey(left=200), make.pickup(capacity=60)
    for number in range(43):
        make.order(make.wish(honey), at=pickup, email=f"c{number}@posta.example")
    said = page(rita)
    assert "43 aspettano" in said.text
    rita.press("Le altre che aspettano")
    assert rita.text.count("Ordine ricevuto") == 3
