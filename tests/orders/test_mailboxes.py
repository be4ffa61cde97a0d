"""Whoever orders as a guest may type anybody's e-mail: what one mailbox gets of it is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock, journal, keys, outbox
from core.database import db
from core.errors import Refused, TooManyTries
from core.throttle import Failure
from orders import cancelling, changing, lost_links, mailboxes, placing, writing_to
from orders.models import Order
from tests import factories as make
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

THEIRS = "vittima@posta.example"


def placed(email: str = THEIRS, *, guest: bool = True) -> Order:
    honey = make.product()
    return placing.place([make.wish(honey)], make.citizen(email=email), make.pickup().id, key=keys.new(), guest=guest)


def test_one_mailbox_takes_five_orders_of_guests_in_a_day_however_it_is_written() -> None:
    for email in (THEIRS, THEIRS.upper(), THEIRS.capitalize(), THEIRS, THEIRS):
        placed(email)
    with pytest.raises(TooManyTries, match=r"già 5 ordini in un giorno\. Per un altro telefonaci"):
        placed()
    assert placed("altri@posta.example")
    assert placed(guest=False), "whoever has come in, and the staff"
    with clock.at(clock.now() + mailboxes.DAY + timedelta(seconds=1)):
        assert placed()


def test_what_is_refused_is_not_counted_and_the_same_form_only_once() -> None:
    honey, pickup = make.product(left=0), make.pickup()
    for _ in range(mailboxes.MOST_ORDERS + 1):
        with pytest.raises(Refused, match="finito"):
            placing.place([make.wish(honey)], make.citizen(), pickup.id, key=keys.new(), guest=True)
    assert db.session.query(Failure).count() == 0
    key, jar = keys.new(), make.product()
    for _ in range(3):
        placing.place([make.wish(jar)], make.citizen(), pickup.id, key=key, guest=True)
    assert db.session.query(Failure).count() == 1


def test_calling_off_is_never_counted_and_gives_nothing_back() -> None:
    for _ in range(mailboxes.MOST_ORDERS):
        cancelling.cancel(placed().id, why="citizen")
    with pytest.raises(TooManyTries):
        placed()


def test_of_seven_guests_at_the_same_instant_five_order(app: Flask) -> None:
    honey, pickup = make.product(), make.pickup()
    wishes, at = [make.wish(honey)], pickup.id
    deeds = [lambda: placing.place(wishes, make.citizen(), at, key=keys.new(), guest=True).id] * 7
    answers = together(app, *deeds)
    assert faults(answers, TooManyTries) == []
    assert sum(isinstance(answer, int) for answer in answers) == mailboxes.MOST_ORDERS


def test_no_address_stands_in_what_is_counted() -> None:
    placed()
    assert [THEIRS in name for name in db.session.scalars(db.select(Failure.name))] == [False]


def test_ten_changes_a_day_are_confirmed_and_the_staff_make_more() -> None:
    jar = make.product()
    order = make.order(make.wish(jar))
    for nth in range(mailboxes.MOST_CHANGES):
        changing.change(order.id, [make.wish(jar, nth % 2 + 2)], version=nth, key=keys.new(), guest=True)
    last = {"version": mailboxes.MOST_CHANGES, "key": keys.new()}
    with pytest.raises(TooManyTries, match="telefonaci, lo facciamo insieme"):
        changing.change(order.id, [make.wish(jar, 7)], guest=True, **last)
    make.fresh(order)
    assert order.lines[0].quantity != 7
    assert changing.change(order.id, [make.wish(jar, 7)], as_staff=True, **last).lines[0].quantity == 7


# --- an order that is brought to another mailbox


def correct(order: Order, email: str) -> None:
    writing_to.correct(order.id, email, token="")


def test_an_e_mail_is_put_right_three_times_and_then_on_the_telephone() -> None:
    order = placed()
    for nth in range(writing_to.MOST_TIMES):
        correct(order, f"un-altro-{nth}@posta.example")
        correct(order, f"un-altro-{nth}@posta.example")
    with pytest.raises(TooManyTries, match=r"già cambiata 3 volte: per cambiarla telefonaci\."):
        correct(order, "ancora@posta.example")
    make.fresh(order)
    assert order.email == "un-altro-2@posta.example"
    correct(order, "un-altro-2@posta.example")
    assert [entry.action for entry in journal.entries(order)].count("order.email_changed") == 3
    rita = make.tutor()
    writing_to.correct(order.id, "dal-telefono@posta.example", token="", by=rita.id)
    assert order.email == "dal-telefono@posta.example"


def test_orders_of_many_mailboxes_do_not_meet_in_one() -> None:
    orders = [placed(f"mia-{nth}@posta.example") for nth in range(mailboxes.MOST_ORDERS + 1)]
    for order in orders[:-1]:
        correct(order, THEIRS)
    with pytest.raises(TooManyTries, match="per usarla telefonaci"):
        correct(orders[-1], THEIRS)
    with pytest.raises(TooManyTries):
        placed()


def test_a_lost_link_goes_to_one_mailbox_three_times_an_hour_however_many_orders_it_has() -> None:
    orders = [placed() for _ in range(3)]
    for order in [*orders, *orders]:
        lost_links.ask(order.number, THEIRS.upper(), key=keys.new(), origin="192.0.2.7")
    told = [item.payload["letter"] for order in orders for item in outbox.about(order.id)]
    assert told.count("link") == lost_links.MOST_LETTERS
