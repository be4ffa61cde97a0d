"""Who waits for a place: told in turn and once, no place is kept for anybody, and no address outlives its pick-up."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from itertools import count

import pytest
from sqlalchemy import select

from adapters.models import KeptMail
from catalog import pickups
from catalog.models import PickUp
from core import clock, journal, outbox, undo
from core.database import db
from core.errors import Conflict, NotFound, TooManyTries
from core.outbox import Item
from orders import cancelling, closing, place_letter, rescheduling, waiting
from orders.models import Order
from orders.waiting import TURN, Waiting
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

_keys = count(1)
ANNA, BRUNO, CARLA = ("anna@posta.example", "bruno@posta.example", "carla@posta.example")


def ask(pickup: PickUp, email: str = ANNA, *, language: str = "it", key: str = "", origin: str = "10.0.0.1") -> None:
    key = key or f"a-form-of-who-waits-{next(_keys)}"
    waiting.ask(pickup.id, email, key=key, language=language, origin=origin)


def full(places: int = 1) -> tuple[PickUp, list[Order]]:
    pickup, jar = make.pickup(capacity=places), make.product()
    return pickup, [make.order(make.wish(jar), at=pickup, email=f"n{n}@posta.example") for n in range(places)]


def rows() -> list[Waiting]:
    make.fresh(None)
    return list(db.session.scalars(select(Waiting).order_by(Waiting.id)))


def mails() -> list[EmailMessage]:
    """What the letters of this kind say that have left, the oldest first."""
    outbox.send_due()
    ids = {item.message_id for item in items() if item.state == "sent"}
    kept = [mail for mail in db.session.scalars(select(KeptMail).order_by(KeptMail.id)) if mail.message_id in ids]
    return [message_from_string(mail.raw, policy=default) for mail in kept]  # type: ignore[misc]


def items() -> list[Item]:
    make.fresh(None)
    return list(db.session.scalars(select(Item).where(Item.kind == waiting.LETTER).order_by(Item.id)))


def told() -> list[str]:
    """Whom the worker writes to now."""
    waiting.tell_due()
    return [str(mail["To"]) for mail in mails()]


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


def token_in(mail: EmailMessage) -> str:
    found = re.search(r"/ritiro/avviso/(\S+)", text(mail))
    assert found is not None
    return found[1]


def test_nobody_waits_where_there_is_a_place_or_where_nobody_orders_any_more() -> None:
    for pickup, sentence in (
        (make.pickup(), "Intanto si è liberato un posto"),
        (make.pickup(capacity=0, cutoff=clock.now()), "non prende più ordini"),
        (make.pickup(days=30, capacity=0), "non prende più ordini"),
    ):
        with pytest.raises(Conflict, match=sentence):
            ask(pickup)
    with pytest.raises(NotFound):
        ask(make.pickup(capacity=0, practice=True))
    assert rows() == []


def test_when_an_order_is_cancelled_who_waits_is_told_and_that_the_place_is_nobodys() -> None:
    pickup, (order,) = full()
    ask(pickup)
    assert told() == []
    cancelling.cancel(order.id)
    assert told() == [ANNA]
    mail = mails()[0]
    for words in (text(mail), text(mail, "html")):
        assert "è di chi ordina per primo" in words
        assert "/ritiro/avviso/" in words
    assert mail["Subject"].startswith("Si è liberato un posto: ")
    make.fresh(pickup)
    assert pickup.taken == 0  # nothing is kept
    with clock.at(clock.now() + timedelta(hours=5)):
        assert told() == [ANNA]  # once


def test_the_letter_speaks_the_language_of_the_page() -> None:
    pickup, (order,) = full()
    ask(pickup, language="en")
    cancelling.cancel(order.id)
    told()
    assert '<html lang="en">' in text(mails()[0], "html")


def test_as_many_are_told_as_there_are_places_and_the_next_ones_an_hour_later() -> None:
    pickup, orders = full(3)
    for n, email in enumerate((ANNA, BRUNO, CARLA)):
        with clock.at(clock.now() + timedelta(seconds=n)):
            ask(pickup, email)
    cancelling.cancel(orders[0].id)
    assert told() == [ANNA]
    cancelling.cancel(orders[1].id)
    assert told() == [ANNA, BRUNO]
    with clock.at(clock.now() + TURN - timedelta(minutes=1)):
        assert told() == [ANNA, BRUNO]
    with clock.at(clock.now() + TURN + timedelta(seconds=1)):
        assert told() == [ANNA, BRUNO, CARLA]


def test_an_hour_later_nobody_is_told_of_a_place_that_is_taken() -> None:
    pickup, (order,) = full()
    ask(pickup)
    with clock.at(clock.now() + timedelta(seconds=1)):
        ask(pickup, BRUNO)
    cancelling.cancel(order.id)
    told()
    make.order(at=pickup, email="altri@posta.example")
    with clock.at(clock.now() + TURN * 2):
        assert told() == [ANNA]


def test_places_that_were_added_by_a_slip_call_nobody() -> None:
    pickup, _orders = full()
    ask(pickup)
    pickups.set_capacity(pickup.id, 2, by=None)
    assert told() == []
    undo.undo_last(pickups.get(pickup.id))
    pickups.set_capacity(pickup.id, 3, by=None)
    with clock.at(outbox.after_undo_time() + timedelta(seconds=1)):
        assert told() == [ANNA]


def test_a_letter_whose_place_was_taken_is_dropped_and_the_next_place_is_told_of() -> None:
    pickup, (order,) = full()
    ask(pickup)
    cancelling.cancel(order.id)
    waiting.tell_due()
    faster = make.order(at=pickup, email="altri@posta.example")
    assert mails() == []
    assert [(item.state, item.words) for item in items()] == [("dropped", "full again")]
    cancelling.cancel(faster.id)
    assert told() == [ANNA]


def test_a_letter_is_dropped_when_nobody_orders_any_more_or_when_who_waited_has_ordered() -> None:
    pickup, orders = full(2)
    ask(pickup)
    for order in orders:
        cancelling.cancel(order.id)
    waiting.tell_due()
    make.order(at=pickup, email=ANNA.upper())
    assert mails() == []
    assert items()[-1].words == "has ordered"
    other, (last,) = full()
    ask(other, BRUNO)
    cancelling.cancel(last.id)
    waiting.tell_due()
    with clock.at(other.cutoff_at):
        assert mails() == []
    assert items()[-1].words == "closed again"


def test_who_has_ordered_meanwhile_does_not_take_the_turn_of_the_next() -> None:
    pickup, orders = full(2)
    ask(pickup)
    with clock.at(clock.now() + timedelta(seconds=1)):
        ask(pickup, BRUNO)
    cancelling.cancel(orders[0].id)
    with clock.at(clock.now() + timedelta(seconds=2)):
        own = make.order(at=pickup, email=ANNA)  # without having been told
        cancelling.cancel(orders[1].id)
        assert told() == [BRUNO]
        assert [row.email for row in rows()] == [BRUNO]
    assert own.stands


def test_to_ask_twice_is_to_ask_once_and_whoever_was_told_may_ask_again() -> None:
    pickup, (order,) = full()
    ask(pickup)
    ask(pickup, ANNA.replace("anna", "ANNA"))
    assert waiting.how_many(pickup.id) == 1
    cancelling.cancel(order.id)
    assert told() == [ANNA]
    make.order(at=pickup, email="altri@posta.example")
    assert waiting.how_many(pickup.id) == 0
    ask(pickup)
    assert (waiting.how_many(pickup.id), len(rows())) == (1, 1)


def test_a_form_that_is_sent_twice_asks_once() -> None:
    pickup, (order,) = full()
    ask(pickup, key="the-same-form-of-who-waits")
    cancelling.cancel(order.id)
    told()
    make.order(at=pickup, email="altri@posta.example")
    ask(pickup, key="the-same-form-of-who-waits")
    assert waiting.how_many(pickup.id) == 0


def test_the_link_of_the_letter_takes_off_the_list_and_only_its_hash_is_kept() -> None:
    pickup, (order,) = full()
    ask(pickup)
    cancelling.cancel(order.id)
    told()
    token = token_in(mails()[0])
    assert len(token) == 32
    assert all(token not in str(vars(row)) for row in rows())
    assert waiting.get(token).email == ANNA
    waiting.leave(token)
    waiting.leave(token)
    assert rows() == []
    with pytest.raises(NotFound):
        waiting.get(token)


def test_a_letter_that_is_sent_twice_has_the_same_link_and_the_same_name() -> None:
    """The process may die between the mail server's yes and our commit (ruling 9)."""
    pickup, (order,) = full()
    ask(pickup)
    cancelling.cancel(order.id)
    waiting.tell_due()
    item = items()[0]
    place_letter.send(item)
    place_letter.send(item)
    first, second = (place_letter.write(rows()[0], item.message_id) for _time in range(2))
    assert token_in(first) == token_in(second)
    assert waiting.get(token_in(first)).email == ANNA


def test_addresses_go_when_the_pick_up_closes() -> None:
    pickup, _orders = full()
    ask(pickup)
    waiting.tell_due()
    assert len(rows()) == 1
    with clock.at(pickup.cutoff_at + timedelta(minutes=1)):
        closing.close(pickup.id)
        waiting.tell_due()
    assert rows() == []


def test_addresses_go_when_it_is_called_off_once_that_can_no_longer_be_taken_back() -> None:
    pickup, _orders = full()
    ask(pickup)
    rescheduling.call_off(pickup.id, "gelo", by=None)
    waiting.tell_due()
    assert len(rows()) == 1
    with clock.at(outbox.after_undo_time() + timedelta(seconds=1)):
        waiting.tell_due()
    assert rows() == []


def test_the_journal_knows_that_somebody_waits_and_nobodys_address() -> None:
    pickup, (order,) = full()
    ask(pickup)
    cancelling.cancel(order.id)
    told()
    waiting.leave(token_in(mails()[0]))
    found = [each for each in journal.entries(pickup) if each.action.startswith("waiting.")]
    assert [each.action for each in found] == ["waiting.left", "waiting.asked"]
    assert all(not each.data and each.person_id is None for each in found)
    assert all("@" not in str(item.payload) for item in items())


def test_nobody_fills_somebody_elses_mailbox_and_forty_neighbours_pass() -> None:
    pickup, _orders = full()
    for n in range(40):
        ask(pickup, f"vicino{n}@posta.example")
    for _day in range(waiting.MOST_A_DAY):
        ask(make.pickup(capacity=0), origin="10.0.0.2")
    with pytest.raises(TooManyTries):
        ask(make.pickup(capacity=0), origin="10.0.0.3")
