"""Prepared reasons are kept as keys and said in the reader's language; own words stay as they were written."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask_babel import force_locale

from catalog import standing
from core.database import db
from core.errors import Refused
from core.outbox import Item
from orders import cancelling, explaining, finding, giving_back, handing_over, letters, reasons, rescheduling, terms
from orders.models import Order
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def letter(name: str, order: Order) -> str:
    """Its text, written from what the deed has kept."""
    make.fresh(order)
    found = [each for each in db.session.query(Item).order_by(Item.id) if each.payload["letter"] == name]
    more = next(each.payload for each in found if each.order_id == order.id)
    message: EmailMessage = letters.write(name, finding.get(order.id), "TOKEN", "<id@prova.example>", more)
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def in_two_languages() -> tuple[Order, Order]:
    """Two orders for the same pick-up."""
    pickup, honey = make.pickup(), make.honey()
    english = make.order(make.wish(honey), at=pickup, email="emma@posta.example", language="en")
    return make.order(make.wish(honey), at=pickup), english


@pytest.mark.parametrize("name", reasons.PHRASES)
def test_every_key_is_a_phrase_and_can_be_told_from_words(name: str) -> None:
    key = reasons.key(name)
    assert reasons.is_key(key)
    assert reasons.say(key) == reasons.PHRASES[name] != key
    assert reasons.require(key) == key


def test_every_occasion_offers_phrases_that_are_there() -> None:
    offered = [*reasons.CALLING_OFF, *reasons.MOVING, *reasons.CANCELLING, *reasons.GIVING_BACK, *reasons.OURS]
    offered += reasons.NOTHING_BACK
    assert set(offered) == set(reasons.PHRASES)
    assert reasons.OTHER not in reasons.PHRASES
    assert reasons.options(["gelo"]) == [("gelo", "Il gelo ha rovinato la verdura.")]


def test_a_key_is_said_in_the_language_of_whoever_reads() -> None:
    stored = reasons.key("gelo")
    assert reasons.say(stored) == "Il gelo ha rovinato la verdura."
    with force_locale("en"):
        assert reasons.say(stored) == "Frost has ruined the vegetables."


@pytest.mark.parametrize("words", ["Il gelo ha rovinato la verdura.", "gelo", "motivo:", "motivo:neve", "Motivo:gelo"])
def test_own_words_and_rows_of_before_are_said_as_they_are(words: str) -> None:
    with force_locale("en"):
        assert reasons.say(words) == words


def test_nothing_is_said_where_nothing_is_kept() -> None:
    assert (reasons.say(None), reasons.say("")) == ("", "")


@pytest.mark.parametrize("typed", [reasons.key("gelo"), standing.RULE, standing.WEEK, "citizen", "  motivo:peso "])
def test_whoever_types_the_text_of_a_key_has_typed_words(typed: str) -> None:
    kept = reasons.own(typed)
    assert kept == f"{typed.strip()}."
    assert not reasons.is_key(kept)
    assert reasons.say(kept) == kept
    assert reasons.own(kept) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"), [(" ", "Scrivi in poche parole perché."), ("x" * 201, "È troppo lungo"), ("a\0b", "segno")]
)
def test_own_words_are_one_line_of_200_letters(typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        reasons.own(typed)


# --- where they are said


def test_of_one_pick_up_everybody_reads_the_reason_in_their_own_language() -> None:
    italian, english = in_two_languages()
    rescheduling.call_off(italian.pickup_id, reasons.key("malattia"), by=None)
    assert "Siamo ammalati e non riusciamo a preparare le cassette." in letter("called_off", italian)
    assert "We are ill and cannot prepare the crates." in letter("called_off", english)
    kept = finding.get(english.id)
    assert (kept.cancelled_why, kept.pickup.cancelled_why) == (reasons.key("malattia"),) * 2
    assert terms.called_off_why(kept) == "Siamo ammalati e non riusciamo a preparare le cassette."
    with force_locale("en"):
        assert terms.called_off_why(kept) == "We are ill and cannot prepare the crates."


def test_a_move_too() -> None:
    italian, english = in_two_languages()
    day = italian.pickup.day + timedelta(days=1)
    hours = {"from_minute": 600, "to_minute": 720}
    rescheduling.move(italian.pickup_id, day=day, **hours, reason=reasons.key("strada"), by=None)
    assert "La strada è chiusa e non possiamo arrivare." in letter("moved", italian)
    assert "The road is closed and we cannot get there." in letter("moved", english)


def test_a_complaint_too_in_letter_page_and_bill() -> None:
    order = make.prepared(in_two_languages()[1])
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="credit", reason=reasons.key("rovinato"), by=None)
    text = letter("refund", order)
    assert "The reason: It was spoilt.\n" in text
    assert "\n  It was spoilt. " in text
    notes = [row.note for row in explaining.bill(finding.get(order.id))]
    assert "Era rovinato. IVA 10%, compresa." in notes


def test_own_words_stay_in_the_language_in_which_they_were_written() -> None:
    _italian, english = in_two_languages()
    rescheduling.call_off(english.pickup_id, "il trattore è rotto", by=None)
    assert "Il trattore è rotto." in letter("called_off", english)


def test_what_the_staff_note_about_an_order_is_in_no_letter() -> None:
    order = make.order()
    cancelling.cancel(order.id, why=reasons.key("telefonata"), as_staff=True)
    assert "Ce l'ha chiesto al telefono" not in letter("cancelled", order)


def test_no_key_is_ever_shown() -> None:
    italian, english = in_two_languages()
    rescheduling.call_off(italian.pickup_id, reasons.key("gelo"), by=None)
    for order in (italian, english):
        assert reasons.MARK not in letter("called_off", order)
