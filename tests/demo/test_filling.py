"""The demo's fortnight: every deed at an hour at which people do it, every letter in the minute in which it was due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_string
from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from adapters.models import KeptMail
from core import clock, outbox
from core.clock import ROME
from core.database import db
from core.outbox import Item
from demo import filling, world
from orders import finding
from orders.models import Order, Source


@pytest.mark.usefixtures("app")
def test_letters_left_when_the_deeds_happened(client: FlaskClient) -> None:
    filling.fill()
    mails = {mail.message_id: mail for mail in db.session.scalars(select(KeptMail))}
    items = list(db.session.scalars(select(Item)))
    sent = [(item, mails[item.message_id].at) for item in items if item.state == "sent"]
    assert len(sent) == len(mails) == len(items)  # nothing was dropped, nothing waits
    assert {
        item.payload["letter"]: at - item.due_at for item, at in sent if at - item.due_at > timedelta(minutes=1)
    } == {}
    for mail in mails.values():
        told = parsedate_to_datetime(message_from_string(mail.raw)["Date"])
        assert abs(told - mail.at) < timedelta(seconds=1)
    orders = {order.id: order for order in db.session.scalars(select(Order))}
    for item, at in sent:
        order = orders[item.order_id or 0]
        moments = {"received": order.placed_at, "ready": order.ready_at, "cancelled": order.cancelled_at}
        if since := moments.get(item.payload["letter"]):
            assert timedelta(0) <= at - since <= outbox.after_undo_time() - clock.now() + timedelta(minutes=1)
    assert {"received", "ready", "reminder", "refund", "cancelled", "not_collected"} == set(kinds(sent))
    hours = [order.placed_at.astimezone(ROME) for order in orders.values()]
    assert all(7 <= hour.hour < 22 and hour < clock.now() for hour in hours)
    assert Counter(order.source for order in orders.values())[Source.PHONE] > 0
    page = client.get("/demo/posta").text
    newest, oldest = max(mails.values(), key=lambda mail: mail.at), min(mails.values(), key=lambda mail: mail.at)
    assert page.index(f'href="/demo/posta/{newest.id}"') < page.index(f'href="/demo/posta/{oldest.id}"')
    assert [order.ready_at is not None for order in finding.left_over()] == [True, False]  # for a tutor to settle
    places = {order.place_name: order.place_name_en for order in orders.values()}
    assert places == {row[0]: row[1] for row in world.PLACES.values() if row[0] in places}


def kinds(sent: Sequence[tuple[Item, object]]) -> Counter[str]:
    return Counter(item.payload["letter"] for item, _at in sent)
