"""Addresses: what was probably meant, what is put right, what the mail server refuses, and the link that was lost."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest

from adapters import mail
from adapters.mail import NoSuchAddress, SmtpPostman
from core import clock, journal, keys, outbox
from core.database import db
from core.errors import Conflict, NotFound, Refused
from core.outbox import Item
from orders import books, handing_over, letters, links, lost_links, misspelt, paying, writing_to
from orders.models import Order, OrderLink
from tests import factories as make
from tests.shop.citizen import statements

RIGHT = "maria.rossi@gmail.com"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.it", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("hotmial.it", "hotmail.it"),
        ("libero.itt", "libero.it"),
        ("lbero.it", "libero.it"),
        ("yaho.it", "yahoo.it"),
        ("virglio.it", "virgilio.it"),
        ("GMIAL.COM", "gmail.com"),
        ("azienda.con", "azienda.com"),
    ],
)
def test_a_slip_is_asked_about(typed: str, meant: str) -> None:
    assert misspelt.meant(f"maria@{typed}") == f"maria@{meant}"


@pytest.mark.parametrize(
    "domain", [*misspelt.THERE, "unipv.it", "comune.vigevano.pv.it", "posta.example", "gazzetta.com", "hotmail.co.uk"]
)
def test_nobody_is_asked_about_an_address_that_is_there(domain: str) -> None:
    assert misspelt.meant(f"maria@{domain}") is None


# --- putting it right


def items(order: Order) -> list[tuple[str, str]]:
    return [(item.payload["letter"], item.state) for item in outbox.about(order.id)]


def kept() -> list[str]:
    return [message.to for message in db.session.query(mail.KeptMail).order_by(mail.KeptMail.id)]


@pytest.mark.usefixtures("app")
def test_the_confirmation_goes_to_the_new_address_and_nothing_more_to_the_old_one() -> None:
    order = make.order(email="maria.rossi@gmial.com")
    outbox.send_due()
    writing_to.correct(order.id, RIGHT, token="")
    make.prepared(order)
    with clock.at(outbox.after_undo_time()):
        outbox.send_due()
    assert [RIGHT in to for to in kept()] == [False, True, True]
    assert [entry.action for entry in journal.entries(order)].count("order.email_changed") == 1
    assert RIGHT not in str([entry.data for entry in journal.entries(order)])
    assert books.look().problems == []


@pytest.mark.usefixtures("app")
def test_what_still_waits_goes_there_anyway_and_only_once() -> None:
    order = make.order(email="maria.rossi@gmial.com")
    writing_to.correct(order.id, RIGHT, token="")
    assert items(order) == [("received", "waiting")]
    writing_to.correct(order.id, RIGHT, token="")
    assert items(order) == [("received", "waiting")]


@pytest.mark.usefixtures("app")
def test_who_has_read_the_exact_price_at_the_old_address_gets_it_again() -> None:
    order = make.order(email="maria.rossi@gmial.com")
    make.prepared(order)
    with clock.at(outbox.after_undo_time()):
        outbox.send_due()
        writing_to.correct(order.id, RIGHT, token="")
        outbox.send_due()
    assert items(order) == [(name, "sent") for name in ("received", "ready", "received", "ready")]
    assert books.look().problems == []


@pytest.mark.usefixtures("app")
def test_links_that_went_to_the_wrong_mailbox_open_nothing_and_the_one_in_use_does() -> None:
    order = make.order(email="maria.rossi@gmial.com")
    own, mailed = links.make(order), links.make(order, mailed=True)
    outbox.send_due()
    writing_to.correct(order.id, RIGHT, token=own)
    assert links.get_order(own).id == order.id
    with pytest.raises(NotFound):
        links.get_order(mailed)
    in_use = links.make(order, mailed=True)
    writing_to.correct(order.id, "maria@libero.it", token=in_use)
    assert links.get_order(in_use).id == order.id


@pytest.mark.usefixtures("app")
def test_after_hand_over_and_with_credit_used_it_stays() -> None:
    order = make.prepared(make.order())
    assert writing_to.may_correct(order)
    paying.book(order, "credit", 0, None)
    assert not writing_to.may_correct(order)
    other = make.prepared(make.order())
    handing_over.take_card(other.id, by=None, expected=other.due)
    handing_over.hand_over(other.id, by=None)
    with pytest.raises(Conflict, match="già stata consegnata"):
        writing_to.correct(other.id, RIGHT, token="")
    with pytest.raises(Refused, match=r"nome@posta\.it"):
        writing_to.correct(make.order().id, "maria", token="")


# --- what the mail server says


class Server:
    """Answers every letter with this."""

    def __init__(self, code: int, words: bytes) -> None:
        self.answer = (code, words)

    def send_message(self, message: EmailMessage) -> None:
        raise smtplib.SMTPRecipientsRefused({message["To"]: self.answer})

    def close(self) -> None:
        pass


def delivered(monkeypatch: pytest.MonkeyPatch, code: int, words: bytes) -> None:
    monkeypatch.setattr(smtplib, "SMTP", lambda *_args, **_more: _Greeting(code, words))
    message = EmailMessage()
    message["To"] = "maria@posta.example"
    SmtpPostman("smtp://localhost:2525").deliver(message)


class _Greeting(Server):
    def ehlo(self) -> None:
        pass

    def has_extn(self, _name: str) -> bool:
        return False


@pytest.mark.parametrize(
    ("code", "words"), [(550, b"5.1.1 User unknown"), (550, b"No such user here"), (553, b"5.1.3 Bad address")]
)
def test_an_address_that_nobody_has_is_told_from_trouble(
    monkeypatch: pytest.MonkeyPatch, code: int, words: bytes
) -> None:
    with pytest.raises(NoSuchAddress):
        delivered(monkeypatch, code, words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (450, b"4.2.0 Greylisted"),
        (452, b"4.2.2 Mailbox full"),
        (552, b"5.2.2 Mailbox full"),
        (550, b"5.7.1 Blocked by policy"),
        (554, b"5.7.1 Rejected"),
    ],
)
def test_trouble_is_tried_again(monkeypatch: pytest.MonkeyPatch, code: int, words: bytes) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        delivered(monkeypatch, code, words)


@pytest.mark.usefixtures("app")
def test_a_refused_letter_is_dropped_and_the_order_knows_until_another_address_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class NoOne:
        def deliver(self, _message: EmailMessage) -> None:
            raise NoSuchAddress

    order = make.order()
    assert not letters.is_refused(order)
    monkeypatch.setattr(letters, "postman", NoOne)
    assert outbox.send_due() == 1
    assert letters.is_refused(order)
    make.prepared(order)
    assert letters.is_refused(order), "what waits for undo has not arrived either"
    writing_to.correct(order.id, RIGHT, token="")
    assert not letters.is_refused(order)


# --- the lost link


def ask(number: str, email: str, key: str = "") -> None:
    lost_links.ask(number, email, key=key or keys.new(), origin="192.0.2.7")


def link_letters() -> int:
    return sum(item.payload.get("letter") == "link" for item in db.session.query(Item))


@pytest.mark.usefixtures("app")
def test_number_and_e_mail_bring_a_new_link_and_the_old_ones_stay() -> None:
    order = make.order()
    old = links.make(order)
    ask(f"n. {order.number}", order.email.upper() if order.email else "")
    outbox.send_due()
    assert len(kept()) == 2
    assert links.get_order(old).id == order.id
    assert db.session.query(OrderLink).filter_by(mailed=True).count() == 2


@pytest.mark.usefixtures("app")
def test_an_order_that_is_there_costs_as_much_as_one_that_is_not() -> None:
    order = make.order()
    number, asked = order.number, list[list[str]]()
    for email in ("maria.rossi@posta.example", "altri@posta.example"):
        with statements() as seen:
            ask(number, email)
        asked.append([statement.partition("WHERE")[0] for statement in seen])
    there, not_there = asked
    assert there == not_there
    assert len(there) > 5


@pytest.mark.usefixtures("app")
def test_only_the_right_pair_and_only_real_orders_send_something() -> None:
    jar = make.product(practice=True)
    order, practice = make.order(), make.order(make.wish(jar), at=make.pickup(practice=True))
    for number, email in ((order.number, "altri@posta.example"), ("9999", order.email), ("", order.email)):
        ask(number, email or "")
    ask(practice.number, practice.email or "")
    outbox.send_due()
    assert link_letters() == 0


@pytest.mark.usefixtures("app")
def test_forty_buyers_behind_one_address_pass_and_a_guesser_gets_nothing_more() -> None:
    orders = [make.order(email=f"cliente-{number}@posta.example") for number in range(40)]
    for order in orders:
        ask(order.number, order.email or "")
    assert link_letters() == 40
    for _ in range(lost_links.MOST_FAILURES):
        ask("1001", "chi@posta.example")
    ask(orders[0].number, orders[0].email or "")
    assert link_letters() == 40
    with clock.at(clock.now() + lost_links.HOUR):
        ask(orders[0].number, orders[0].email or "")
    assert link_letters() == 41


@pytest.mark.usefixtures("app")
def test_one_mailbox_gets_three_an_hour_and_the_same_form_sends_once() -> None:
    order = make.order()
    key = keys.new()
    for _ in range(2):
        ask(order.number, order.email or "", key)
    assert link_letters() == 1
    for _ in range(5):
        ask(order.number, order.email or "")
    assert link_letters() == 3
