"""The outbox: nothing is lost, nothing is doubled without the same Message-ID, undo and worker never both win."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from adapters.mail import SmtpPostman
from catalog.models import Field
from core import clock, journal, outbox, undo
from core.database import db, transaction
from core.errors import Conflict
from core.outbox import CLAIM_LASTS, LONGEST_WAIT, Dropped, Item
from core.settings import ROOT
from core.undo import Inverse
from orders import cancelling, letters
from tests import factories as make
from tests.rush.postbox import LATER, YES, Postbox
from tests.together import faults, together

pytestmark = pytest.mark.usefixtures("app")

Say = Callable[[outbox.Handler], None]


@pytest.fixture
def handled_by(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Things of the kind "thing" are sent by this function."""
    return lambda handler: monkeypatch.setitem(app.extensions["outbox"], "thing", handler)


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """A mail server that is not open yet; the shop knows its address."""
    box = Postbox()
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], smtp_url=box.url))
    return box


def put(key: str = "a", kind: str = "thing", **more) -> Item:
    with transaction():
        return outbox.put(kind, key, **more)


def look(key: str = "a") -> Item:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Item).where(Item.key == key)).one()


def states() -> dict[str, str]:
    db.session.rollback()
    return {item.key: item.state for item in db.session.scalars(select(Item).order_by(Item.id))}


class Killed(BaseException):
    """What a process that ends in the middle of something leaves behind: nothing after this line happens."""


# --- the plain way


def test_what_is_due_is_sent_once_and_in_order(handled_by: Say) -> None:
    sent: list[str] = []
    handled_by(lambda item: sent.append(item.key))
    for key in "abc":
        put(key)
    assert [outbox.send_due(), outbox.send_due()] == [3, 0]
    assert sent == ["a", "b", "c"]
    assert set(states().values()) == {"sent"}


def test_the_same_key_asked_for_twice_leaves_once(handled_by: Say) -> None:
    sent: list[dict] = []
    handled_by(lambda item: sent.append(item.payload))
    put("a", words="first")
    put("a", words="second")
    outbox.send_due()
    assert sent == [{"words": "first"}]


def test_what_a_failed_deed_asked_for_is_never_sent(handled_by: Say) -> None:
    handled_by(lambda item: None)
    with pytest.raises(ZeroDivisionError), transaction():
        outbox.put("thing", "a")
        raise ZeroDivisionError
    assert (states(), outbox.send_due()) == ({}, 0)


def test_nothing_leaves_before_its_time(handled_by: Say) -> None:
    handled_by(lambda item: None)
    put(not_before=outbox.after_undo_time())
    assert outbox.send_due() == 0
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert outbox.send_due() == 0
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert outbox.send_due() == 1


# --- trouble on the way


def test_an_unknown_kind_waits_for_somebody_who_knows_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    put(kind="carrier pigeon")
    assert outbox.send_due() == 0
    assert (look().state, look().attempts) == ("waiting", 1)
    assert "carrier pigeon" in look().words
    monkeypatch.setitem(app.extensions["outbox"], "carrier pigeon", lambda item: None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert outbox.send_due() == 1
    assert (look().state, look().words) == ("sent", "")


def test_a_letter_that_cannot_be_written_waits_and_holds_up_no_other(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make.order(customer_is := make.wish(make.honey()), name="Piera"), make.order(customer_is)
    whole = letters.write

    def fault_for_piera(name, order, *more):
        if order.customer == "Piera":
            raise KeyError("a place that the words do not fill")
        return whole(name, order, *more)

    monkeypatch.setattr(letters, "write", fault_for_piera)
    with postbox:
        assert outbox.send_due() == 1
        assert states() == {f"letter:received:{first.id}": "waiting", f"letter:received:{second.id}": "sent"}
        monkeypatch.setattr(letters, "write", whole)
        with clock.at(clock.now() + timedelta(minutes=1)):
            assert outbox.send_due() == 1
    assert len(set(postbox.ids)) == len(postbox.letters) == 2


def test_the_wait_grows_and_never_passes_a_quarter_of_an_hour(handled_by: Say) -> None:
    def fails(_item: Item) -> None:
        raise OSError("no way")

    handled_by(fails)
    put()
    moment, waits = clock.now(), []
    for _ in range(9):
        with clock.at(moment):
            outbox.send_due()
        waits.append(look().try_after - moment)
        moment = look().try_after
    assert all(earlier <= later for earlier, later in pairwise(waits))
    assert (waits[0], waits[-1]) == (timedelta(seconds=30), LONGEST_WAIT)
    assert (look().attempts, look().state) == (9, "waiting")


def test_what_is_no_longer_true_is_dropped_with_the_reason(postbox: Postbox) -> None:
    order = make.order()
    cancelling.cancel(order.id)
    with postbox:
        outbox.send_due()
    assert states() == {f"letter:received:{order.id}": "dropped", f"letter:cancelled:{order.id}": "sent"}
    assert look(f"letter:received:{order.id}").words == "no longer true"
    assert len(postbox.letters) == 1


def test_a_handler_may_say_that_it_was_not_needed(handled_by: Say) -> None:
    handled_by(lambda item: Dropped("nobody waits for it"))
    put()
    assert outbox.send_due() == 1
    assert (look().state, look().words) == ("dropped", "nobody waits for it")


def test_an_hour_without_mail_loses_and_doubles_nothing(postbox: Postbox) -> None:
    """Half an hour nobody listens, half an hour the server says "later"; citizens go on ordering; then it is well."""
    start, honey, pickup = clock.now(), make.honey(), make.pickup()
    expected = []
    for minute in range(60):
        with clock.at(start + timedelta(minutes=minute)):
            if minute % 10 == 0:
                order = make.order(make.wish(honey), at=pickup)
                expected.append(look(f"letter:received:{order.id}").message_id)
            if minute == 30:
                postbox.answer = LATER
                postbox.open()
            assert outbox.send_due() == 0
    assert postbox.asked > len(expected)
    assert set(states().values()) == {"waiting"}
    assert postbox.asked < 6 * 10, "a server in trouble is not hammered"

    postbox.answer, order_of_try = YES, list(db.session.scalars(select(Item).order_by(Item.try_after, Item.id)))
    due = [item.message_id for item in order_of_try]
    with clock.at(start + timedelta(minutes=60) + LONGEST_WAIT):
        outbox.send_due()
        assert outbox.send_due() == 0
    postbox.close()
    assert set(states().values()) == {"sent"}
    assert postbox.ids == due
    assert sorted(postbox.ids) == sorted(expected)


def test_a_server_that_says_yes_and_then_breaks_off_has_said_yes() -> None:
    """It takes the letter over and answers the farewell with nonsense: that is no reason to send it again."""
    taken = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_take_one_and_break_off, args=(server, taken))
        thread.start()
        letter = letters.EmailMessage()
        letter["From"], letter["To"], letter["Message-ID"] = "a@posta.example", "b@posta.example", "<1@x>"
        letter.set_content("Ciao")
        SmtpPostman(f"smtp://127.0.0.1:{server.getsockname()[1]}").deliver(letter)
        thread.join(10)
    assert taken.is_set()


def _take_one_and_break_off(server: socket.socket, taken: threading.Event) -> None:
    connection, _address = server.accept()
    with connection, connection.makefile("rwb", buffering=0) as talk:
        talk.write(b"220 here\r\n")
        for line in talk:
            word = line.strip().upper()[:4]
            if word == b"DATA":
                talk.write(b"354 go on\r\n")
                while talk.readline() != b".\r\n":
                    pass
                taken.set()
            talk.write({b"QUIT": b"421 too busy to say goodbye\r\n"}.get(word, b"250 yes\r\n"))
            if word == b"QUIT":
                return


# --- the window between the server's yes and our commit


def test_a_process_that_dies_after_the_yes_sends_again_with_the_same_message_id(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make.order()
    end = outbox.end

    def dies(*_arguments: object) -> None:
        raise Killed

    with postbox:
        monkeypatch.setattr(outbox, "end", dies)
        with pytest.raises(Killed):
            outbox.send_due()
        monkeypatch.setattr(outbox, "end", end)
        assert look(f"letter:received:{order.id}").state == "claimed"
        assert outbox.send_due() == 0, "the claim stands: perhaps the other process is only slow"
        with clock.at(clock.now() + CLAIM_LASTS + timedelta(seconds=1)):
            assert outbox.send_due() == 1
            assert outbox.send_due() == 0
    assert len(postbox.letters) == 2
    assert len(set(postbox.ids)) == 1


DIES_AFTER_THE_YES = """
import os, signal
from adapters import mail
from app import create_app
from core import outbox
deliver = mail.SmtpPostman.deliver
def and_die(self, message):
    deliver(self, message)
    os.kill(os.getpid(), signal.SIGKILL)
mail.SmtpPostman.deliver = and_die
with create_app().app_context():
    outbox.send_due()
"""


def test_so_does_one_that_is_really_killed(app: Flask, postbox: Postbox) -> None:
    key, settings = f"letter:received:{make.order().id}", app.config["SETTINGS"]
    surroundings = {"DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key, "SMTP_URL": postbox.url}
    surroundings |= {"DEMO": "1", "PATH": os.environ["PATH"]}
    db.session.remove()
    with postbox:
        command = [sys.executable, "-c", DIES_AFTER_THE_YES]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL
        assert look(key).state == "claimed"
        with clock.at(clock.now() + CLAIM_LASTS + timedelta(seconds=1)):
            assert outbox.send_due() == 1
    assert len(postbox.letters) == 2
    assert len(set(postbox.ids)) == 1


def test_a_process_that_dies_before_it_spoke_to_the_server_loses_nothing(handled_by: Say) -> None:
    def dies(_item: Item) -> None:
        raise Killed

    handled_by(dies)
    put()
    with pytest.raises(Killed):
        outbox.send_due()
    sent: list[str] = []
    handled_by(lambda item: sent.append(item.key))
    with clock.at(clock.now() + CLAIM_LASTS + timedelta(seconds=1)):
        assert outbox.send_due() == 1
    assert sent == ["a"]


# --- more than one worker


def test_two_workers_at_once_send_everything_once(app: Flask, handled_by: Say) -> None:
    sent: list[str] = []
    handled_by(lambda item: sent.append(item.key))
    with transaction():
        for number in range(30):
            outbox.put("thing", f"thing {number}")
    answers = together(app, outbox.send_due, outbox.send_due, outbox.send_due)
    assert not faults(answers)
    assert sum(answers) == len(sent) == len(set(sent)) == 30


# --- undo and the worker


def deed(number: int = 0) -> tuple:
    """Something done at the desk that sends something, and can be undone."""
    thing = make.field()
    with transaction():
        entry = journal.record("thing.done", thing)
        outbox.put("thing", f"thing {number}", deed=entry.key)
    return thing, entry


@pytest.fixture
def undoable(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inverses = app.extensions["inverses"]
    monkeypatch.setitem(inverses, "thing.done", Inverse(lambda entry, by: None, lambda entry: "the thing"))


@pytest.mark.usefixtures("undoable")
def test_undo_stops_what_has_not_left(handled_by: Say) -> None:
    handled_by(lambda item: None)
    thing, entry = deed()
    assert outbox.is_open(entry.key)
    undo.undo_last(thing)
    assert outbox.send_due() == 0
    assert list(states().values()) == ["dropped"]
    with transaction():
        outbox.put("thing", "thing 0", deed="the same deed done again")
    assert outbox.send_due() == 1, "the same deed done again may send again"


@pytest.mark.usefixtures("undoable")
@pytest.mark.parametrize("delivered", [True, False])
def test_what_the_worker_has_claimed_closes_undo(handled_by: Say, delivered: bool) -> None:
    """Also when the first attempt failed: the server may have said yes without our hearing it."""

    def send(_item: Item) -> None:
        if not delivered:
            raise OSError("broken off")

    handled_by(send)
    thing, entry = deed()
    outbox.send_due()
    assert not outbox.is_open(entry.key)
    assert undo.offer(thing) is None
    with pytest.raises(Conflict):
        undo.undo_last(thing)
    assert not outbox.stop(entry.key, "undone")


@pytest.mark.usefixtures("undoable")
def test_undo_and_worker_at_the_same_instant_never_both_win(app: Flask, handled_by: Say) -> None:
    sent: list[str] = []
    handled_by(lambda item: sent.append(item.key))
    for number in range(12):
        sent.clear()
        thing_id = deed(number)[0].id

        def take_back(thing_id: int = thing_id) -> str:
            return undo.undo_last(db.session.get_one(Field, thing_id))

        undone, ended = together(app, take_back, outbox.send_due)
        assert not faults([undone, ended], Conflict)
        assert (undone == "the thing") == (sent == []), f"round {number}"


def test_lag_says_how_much_waits_and_for_how_long(handled_by: Say) -> None:
    put("now")
    put("later", not_before=clock.now() + timedelta(hours=2))
    with clock.at(clock.now() + timedelta(minutes=10)):
        lag = outbox.lag()
    assert (lag["waiting"], lag["overdue"]) == (2, 1)
    assert 600 <= lag["oldest_overdue_seconds"] <= 605


def test_a_moment_to_try_is_a_moment_in_utc(handled_by: Say) -> None:
    assert isinstance(put().try_after, datetime)
    assert look().try_after.utcoffset() == timedelta(0)
