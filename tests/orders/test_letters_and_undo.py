"""Letters and undo together: what a mistake made untrue for some minutes still leaves, once, and is right."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from catalog import pickups
from catalog.models import PickUp, Product
from core import clock, formats, outbox, undo
from core.database import db
from core.errors import Conflict
from orders import changing, finding, handing_over, letters, preparing, reminding, rescheduling
from orders.models import Order
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


class Post(list[str]):
    """Subjects, as they left."""

    def deliver(self, message: EmailMessage) -> None:
        self.append(message["Subject"])

    def about(self, words: str) -> list[str]:
        return [subject for subject in self if words in subject]


class Told(list[EmailMessage]):
    """Letters, as they left."""

    deliver = list.append


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    found = Told()
    monkeypatch.setattr(letters, "postman", lambda: found)
    return found


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr(letters, "postman", lambda: found)
    return found


def move(pickup: PickUp, days: int, *, hours: tuple[int, int] = (16, 18)) -> None:
    start, end = hours
    now = pickups.get(pickup.id)
    rescheduling.move(
        now.id, day=now.day + timedelta(days=days), from_minute=start * 60, to_minute=end * 60, reason="Gelo", by=None
    )


def take_back(pickup: PickUp) -> None:
    db.session.rollback()
    undo.undo_last(pickups.get(pickup.id))


def minutes(order: Order, number: int) -> datetime:
    return order.placed_at + timedelta(minutes=number)


def take_back_after_the_worker_has_looked(order: Order) -> None:
    with clock.at(minutes(order, 16)):
        outbox.send_due()
    with clock.at(minutes(order, 18)):
        take_back(order.pickup)
    with clock.at(minutes(order, 90)):
        outbox.send_due()


def test_a_move_that_stands_is_told_though_another_one_was_tried_and_taken_back(post: Post) -> None:
    order = make.order(at=make.pickup(days=5))
    outbox.send_due()
    move(order.pickup, 1)
    with clock.at(minutes(order, 10)):
        move(order.pickup, 1)
    take_back_after_the_worker_has_looked(order)
    assert len(post.about("cambia")) == 1


def test_the_real_weights_are_told_though_the_pick_up_was_called_off_by_mistake(post: Post) -> None:
    order = make.prepared(make.order(at=make.pickup(days=5)))
    with clock.at(minutes(order, 5)):
        rescheduling.call_off(order.pickup_id, "Gelo", by=None)
    take_back_after_the_worker_has_looked(order)
    assert len(post.about("pronta")) == 1
    assert post.about("non si fa") == []


def test_a_pick_up_that_stays_called_off_leaves_only_that_letter(post: Post) -> None:
    order = make.prepared(make.order(at=make.pickup(days=5)))
    with clock.at(minutes(order, 5)):
        move(order.pickup, 1)
    with clock.at(minutes(order, 10)):
        rescheduling.call_off(order.pickup_id, "Gelo", by=None)
    for later in (16, 21, 27, 60):
        with clock.at(minutes(order, later)):
            outbox.send_due()
    assert post.about("pronta") == post.about("cambia") == []
    assert len(post.about("non si fa")) == 1
    assert outbox.lag()["waiting"] == 0


def test_a_reminder_waits_until_a_move_can_no_longer_be_a_slip(post: Post) -> None:
    order = make.order(at=make.pickup(days=2))
    outbox.send_due()
    begins = order.pickup.from_at
    with clock.at(begins - timedelta(hours=20)):
        reminding.remind_due()
        outbox.send_due()
    with clock.at(begins - timedelta(hours=19, minutes=59)):
        move(order.pickup, 0, hours=(18, 20))
        reminding.remind_due()
        outbox.send_due()
    with clock.at(begins - timedelta(hours=19, minutes=57)):
        take_back(order.pickup)
    with clock.at(begins - timedelta(hours=18)):
        reminding.remind_due()
        outbox.send_due()
    assert len(post.about("Ci vediamo")) == 1, "and it was about the right hour"


def test_moved_there_and_elsewhere_and_back_is_one_letter_or_none(post: Post) -> None:
    order = make.order(at=make.pickup(days=5))
    outbox.send_due()
    for number, (days, hours) in enumerate([(1, (16, 18)), (1, (16, 18)), (-1, (16, 18))]):
        with clock.at(minutes(order, 1 + number)):
            move(order.pickup, days, hours=hours)
    for later in (17, 18, 30, 60):
        with clock.at(minutes(order, later)):
            outbox.send_due()
    assert len(post.about("cambia")) == 1
    with clock.at(minutes(order, 70)):
        move(order.pickup, 0, hours=(16, 19))
    with clock.at(minutes(order, 72)):
        move(order.pickup, 0, hours=(16, 18))
    for later in (86, 88, 120):
        with clock.at(minutes(order, later)):
            outbox.send_due()
    assert len(post.about("cambia")) == 1, "they know already that it is 16-18"
    assert outbox.lag()["waiting"] == 0


def test_nobody_came_is_said_once_and_the_crate_is_not_called_ready_afterwards(post: Post) -> None:
    order = make.order(at=make.pickup(days=2))
    outbox.send_due()
    ended = order.pickup.to_at
    make.closed(order)
    with clock.at(ended - timedelta(minutes=5)):
        preparing.take_line(order.id, order.lines[0].id, version=0, by=None)
        preparing.finish(order.id, by=None)
    for after in (1, 4):
        with clock.at(ended + timedelta(minutes=after)):
            handing_over.mark_not_collected(order.id, by=None)
        if after == 1:
            with clock.at(ended + timedelta(minutes=2)):
                handing_over.expect_again(order.id, by=None)
    for after in (11, 17, 20, 60):
        with clock.at(ended + timedelta(minutes=after)):
            outbox.send_due()
    assert post.about("pronta") == []
    assert len(post.about("ti aspettava")) == 1
    assert finding.get(order.id).not_collected_at


def change(order: Order, honey: Product, number: int, *, version: int = 0, at: PickUp | None = None) -> None:
    """Somebody rings: so many jars now, and perhaps elsewhere."""
    wishes, elsewhere = [make.wish(honey, number)], at.id if at else None
    key = f"a-form-of-a-call-{order.id}-{version}"
    changing.change(order.id, wishes, version=version, key=key, pickup_id=elsewhere, as_staff=True)


def test_a_move_stays_once_another_letter_has_told_the_new_day(post: Post) -> None:
    honey = make.honey()
    order = make.order(make.wish(honey), at=make.pickup(days=5))
    outbox.send_due()
    move(order.pickup, 1)
    with clock.at(minutes(order, 3)):
        change(order, honey, 2)
        outbox.send_due()
    with clock.at(minutes(order, 6)), pytest.raises(Conflict, match="è già partita"):
        take_back(order.pickup)
    assert pickups.get(order.pickup_id).moved_at


def test_a_move_stays_once_the_crate_was_called_ready_for_the_new_day(post: Post) -> None:
    order = make.prepared(make.order(at=make.pickup(days=5)))
    with clock.at(minutes(order, 5)):
        move(order.pickup, 1)
    with clock.at(minutes(order, 16)):
        outbox.send_due()
    assert post.about("pronta")
    with clock.at(minutes(order, 18)), pytest.raises(Conflict, match="è già partita"):
        take_back(order.pickup)


def test_a_move_is_taken_back_as_long_as_nobody_was_told(post: Post) -> None:
    honey = make.honey()
    order = make.order(make.wish(honey), at=make.pickup(days=5))
    outbox.send_due()
    move(order.pickup, 1)
    with clock.at(minutes(order, 3)):
        change(order, honey, 2)  # its letter is asked for, and the worker has not come by
    with clock.at(minutes(order, 6)):
        take_back(order.pickup)
        outbox.send_due()
    assert pickups.get(order.pickup_id).moved_at is None
    assert post.about("cambiato") == ["Il tuo ordine 1001 è cambiato"]


def test_a_move_compares_with_what_was_told_last_and_not_with_another_pick_up(told: Told) -> None:
    """The order went from one pick-up, which had been moved, to another, which then is moved to the same hours."""
    honey, square = make.honey(), make.place(name="Piazza Ducale")
    first, second = make.pickup(square, days=4), make.pickup(square, days=6)
    was_from, was_to = second.from_at, second.to_at
    order = make.order(make.wish(honey), at=first)
    outbox.send_due()
    move(first, 1, hours=(9, 11))
    with clock.at(minutes(order, 20)):
        outbox.send_due()
        change(order, honey, 1, at=second)
        outbox.send_due()
    with clock.at(minutes(order, 30)):
        move(second, -1, hours=(9, 11))
    with clock.at(minutes(order, 50)):
        outbox.send_due()
    assert [letter for letter in told if "cambia" in letter["Subject"]][1:], "the second move is told as well"
    words = told[-1].get_body(("plain",))
    assert words
    assert formats.window(was_from, was_to) in words.get_content(), "and what it was before"


def test_two_changes_before_the_post_goes_are_one_letter(post: Post) -> None:
    honey = make.honey()
    order = make.order(make.wish(honey), at=make.pickup(days=5))
    outbox.send_due()
    change(order, honey, 2)
    change(order, honey, 3, version=1)
    outbox.send_due()
    assert len(post.about("cambiato")) == 1
