"""A citizen waits for a place, and says thank you: the pages, what they keep, what they do not tell."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from catalog.models import PickUp
from core import outbox
from orders import cancelling, handing_over, links, thanking, waiting
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import sent_by, words

KEY = "a-form-of-a-citizen-1"


@pytest.fixture
def full(app: object) -> tuple[PickUp, Order]:
    pickup = make.pickup(capacity=1)
    return pickup, make.order(at=pickup)


def address(pickup: PickUp) -> str:
    return f"/ritiro/{pickup.id}/avvisami"


def test_a_full_pick_up_offers_to_tell_and_one_with_places_does_not(
    client: FlaskClient, full: tuple[PickUp, Order]
) -> None:
    free = make.pickup(days=4)
    page = client.get("/ritiro").text
    assert "Al completo" in page
    assert f'href="{address(full[0])}"' in page
    assert f'href="{address(free)}"' not in page
    answer = client.get(address(free))
    assert (answer.status_code, answer.location) == (303, "/ritiro")


def test_an_address_is_left_and_the_answer_is_the_same_the_second_time(
    client: FlaskClient, full: tuple[PickUp, Order]
) -> None:
    pickup, _order = full
    page = client.get(address(pickup)).text
    assert "è di chi ordina per primo" in words(page)
    answers = []
    for key in ("first-form-of-somebody", "second-form-of-somebody"):
        sent = sent_by(page, "/avvisami", email="anna@posta.example", key=key)
        answer = client.post(address(pickup), data=sent, follow_redirects=True)
        answers.append((answer.request.path, words(answer.text)))
    assert answers[0] == answers[1]
    assert answers[0][0] == f"{address(pickup)}/fatto"
    assert "anna@" not in answers[0][1]
    assert waiting.how_many(pickup.id) == 1


def test_the_link_of_the_letter_is_a_page_with_a_button_that_tells_nobody(
    client: FlaskClient, full: tuple[PickUp, Order]
) -> None:
    pickup, order = full
    client.post(address(pickup), data={"email": "anna@posta.example", "key": KEY})
    cancelling.cancel(order.id)
    waiting.tell_due()
    outbox.send_due()
    letter = client.get("/demo/posta").text
    mail = re.search(r"/demo/posta/\d+", letter)
    assert mail is not None
    found = re.search(r"/ritiro/avviso/[\w-]+", client.get(f"{mail[0]}/html").text)
    assert found is not None
    page = client.get(found[0])
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "anna@" not in page.text
    make.fresh(None)
    for _time in range(2):
        done = client.post(found[0], follow_redirects=True)
        assert "Non ti avvisiamo più" in done.text
    gone = client.get(found[0])
    assert gone.status_code == 404
    assert "non c'è più" in words(gone.text)


# --- thanks


@pytest.fixture
def given(app: object) -> tuple[Order, str]:
    """An order that its citizen has, and the address of its page."""
    order = make.prepared(make.order())
    token = links.make(order)
    make.fresh(order)
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    return order, f"/ordini/{token}"


def test_before_hand_over_nobody_is_asked_for_thanks(client: FlaskClient) -> None:
    here = f"/ordini/{links.make(make.order())}"
    assert "grazie/" not in client.get(here).text
    assert 'id="ringrazia"' not in client.get(here).text
    assert client.get(f"{here}/grazie").location == here


def test_after_hand_over_one_may_say_thank_you_and_take_it_back(client: FlaskClient, given: tuple[Order, str]) -> None:
    order, here = given
    page = client.get(here).text
    assert "Lo legge prima un tutor." in words(page)
    sent = sent_by(page, "/grazie", grazie="Bravi! <b>5 stelle</b>")
    assert "firma" not in sent  # nobody is named who has not said so
    after = client.post(f"{here}/grazie", data=sent, follow_redirects=True)
    assert after.request.path == here
    assert "«Bravi! &lt;b&gt;5 stelle&lt;/b&gt;»" in after.text
    assert "che decide se farlo vedere" in words(after.text)
    twice = client.post(f"{here}/grazie", data=sent)
    assert twice.status_code == 303  # a second tap of the same form
    client.post(f"{here}/grazie/togli")
    assert thanking.find(order) is None
    assert "Vuoi dirle grazie?" in words(client.get(here).text)


def test_once_it_was_let_through_it_stays(client: FlaskClient, given: tuple[Order, str]) -> None:
    order, here = given
    client.post(f"{here}/grazie", data={"grazie": "Grazie mille", "firma": "1", "key": KEY})
    found = thanking.find(order)
    assert found is not None
    assert found.shows_name
    thanking.decide(found.id, let_through=True, by=None)
    page = client.get(here).text
    assert "È arrivato a chi ha preparato la tua cassetta." in words(page)
    assert "/grazie/togli" not in page
    assert client.post(f"{here}/grazie/togli").status_code == 409
