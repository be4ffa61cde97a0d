"""Every letter in both languages and both parts: no hole, no double blank, the same facts; and when one is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from core import clock
from core.database import db, transaction
from core.formats import moment, window
from core.outbox import Item
from orders import (
    cancelling,
    giving_back,
    handing_over,
    letters,
    preparing,
    rescheduling,
    texts,
)
from orders.models import Order, Seller
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

Scene = Callable[..., tuple[Order, dict[str, Any]]]


def ordered(**more: Any) -> Order:
    return make.order(make.wish(make.carrots(name_en="Carrots"), 1_500), make.wish(make.honey(name_en="Honey")), **more)


def placed(**more: Any) -> tuple[Order, dict[str, Any]]:
    return ordered(**more), {}


def ready(**more: Any) -> tuple[Order, dict[str, Any]]:
    return make.prepared(ordered(**more)), {}


def not_wanted(**more: Any) -> tuple[Order, dict[str, Any]]:
    order = ordered(**more)
    return cancelling.cancel(order.id, why="citizen"), {}


def frost(**more: Any) -> tuple[Order, dict[str, Any]]:
    order = ordered(**more)
    rescheduling.call_off(order.pickup_id, "gelata della notte", by=None)
    make.fresh(order)
    return order, {}


def another_day(**more: Any) -> tuple[Order, dict[str, Any]]:
    order = ordered(**more)
    day = order.pickup.day + timedelta(days=1)
    rescheduling.move(order.pickup_id, day=day, from_minute=17 * 60, to_minute=19 * 60, reason="neve", by=None)
    make.fresh(order)
    return order, {**item("moved").payload}


def complained(**more: Any) -> tuple[Order, dict[str, Any]]:
    order = make.prepared(ordered(**more))
    handing_over.take_card(order.id, by=None, expected=order.due)
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[1].id: 850}, how="credit", reason="il vasetto era aperto", by=None)
    return order, {**item("refund").payload}


def nobody_came(**more: Any) -> tuple[Order, dict[str, Any]]:
    order = make.prepared(ordered(**more))
    with make.clock.at(order.pickup.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(order.id, by=None)
    return order, {}


SCENES: dict[str, Scene] = {
    "received": placed,
    "changed": placed,
    "ready": ready,
    "reminder": ready,
    "cancelled": not_wanted,
    "called_off": frost,
    "moved": another_day,
    "refund": complained,
    "not_collected": nobody_came,
    "link": placed,
}


def item(name: str) -> Item:
    """The letter of this kind that waits in the outbox."""
    return next(each for each in db.session.query(Item).order_by(Item.id.desc()) if each.payload["letter"] == name)


def a_seller(**facts: str) -> None:
    with transaction() as session:
        session.merge(Seller(id=1, **facts))


def written(name: str, order: Order, more: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text, HTML without its style sheet."""
    message = letters.write(name, order, "TOKEN", "<id@prova.example>", more)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    shown = re.sub(r"<(style|title)>.*?</\1>", "", html.get_content(), flags=re.DOTALL)
    return message["Subject"], text.get_content(), unescape(re.sub(r"<[^>]+>", " ", shown))


def facts(words: str) -> set[str]:
    """Words and numbers, whatever stands around them; addresses are a link in one part and written in the other."""
    return set(re.findall(r"[\w,.–−]*\w", re.sub(r"https?://\S+", " ", words).casefold()))


def test_there_is_a_scene_for_every_letter() -> None:
    assert set(SCENES) == set(texts.LETTERS)


@pytest.mark.parametrize("phone", ["0381 000 000", ""])
@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", texts.LETTERS)
def test_no_letter_has_a_hole(name: str, language: str, phone: str) -> None:
    a_seller(name="La cascina", email="ciao@cascina.example", phone=phone)
    order, more = SCENES[name](language=language)
    subject, text, html = written(name, order, more)
    for said in (subject, text):
        assert not re.search(r"\{\w*\}|\S  +|\bNone\b|completare", said), said
        assert not re.search(r" [.,;:!?](\s|$)|\.\.|: *\.|::", said), said
    assert "{" not in html
    assert "\n\n\n" not in text
    assert ("0381 000 000" in text) == bool(phone)
    assert 8 <= len(subject) <= 90


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", texts.LETTERS)
def test_text_and_html_say_the_same(name: str, language: str) -> None:
    a_seller(name="La cascina", email="ciao@cascina.example", phone="0381 000 000")
    order, more = SCENES[name](language=language)
    subject, text, html = written(name, order, more)
    assert facts(f"{subject} {text}") == facts(html)


@pytest.mark.parametrize("name", texts.LETTERS)
def test_without_anything_about_the_seller_the_letter_still_reads(name: str) -> None:
    order, more = SCENES[name]()
    subject, text, _html = written(name, order, more)
    assert order.number in subject + text
    assert "completare" not in subject + text
    assert not re.search(r" [.,;:]| al \.|al$", text, re.MULTILINE), text


@pytest.mark.parametrize("name", ["reminder", "cancelled", "called_off", "moved", "not_collected"])
def test_the_short_letters_bring_no_terms_and_no_list(name: str) -> None:
    order, more = SCENES[name]()
    _subject, text, _html = written(name, order, more)
    assert "Recesso" not in text
    assert "Carote" not in text
    assert len(text) < 1_100


# --- each in its own words


def test_the_reminder_says_when_where_and_what_to_bring() -> None:
    order, _more = ready()
    subject, text, _html = written("reminder", order, {})
    assert subject == f"Ci vediamo {window(order.pickup.from_at, order.pickup.to_at)}"
    assert f"Il ritiro è {window(order.pickup.from_at, order.pickup.to_at)}: Piazza Ducale, Vigevano." in text
    assert "Da pagare: 12,85\u00a0€, in contanti o con la carta" in text
    assert "La tua cassetta ha il numero 1 e la figura: tartaruga." in text


def test_before_it_is_ready_the_reminder_names_no_sum() -> None:
    order, _more = placed()
    text = written("reminder", order, {})[1]
    assert "Piazza Ducale, Vigevano." in text
    assert "€" not in text


def test_what_we_call_off_says_why_and_does_not_say_that_the_citizen_cancelled() -> None:
    order, _more = frost()
    subject, text, _html = written("called_off", order, {})
    assert subject == f"Il ritiro non si fa: ordine {order.number}"
    assert "Gelata della notte." in text
    assert "disdetto" not in text


def test_a_moved_pick_up_says_how_it_was_and_how_it_is() -> None:
    order, more = another_day()
    _subject, text, _html = written("moved", order, more)
    before = order.pickup.day - timedelta(days=1)
    assert f"Prima era {when(before, 16, 18)}, Piazza Ducale." in text
    assert f"Adesso è {when(order.pickup.day, 17, 19)}, Piazza Ducale." in text
    assert "Neve." in text
    assert "disdire dalla pagina del tuo ordine fino a quando comincia" in text


def when(day: date, start: int, end: int) -> str:
    return window(clock.rome(day, start), clock.rome(day, end))


def test_a_refund_names_line_reason_vat_and_what_remains() -> None:
    order, more = complained()
    subject, text, _html = written("refund", order, more)
    text = text.replace("\u00a0", " ")
    assert subject == "Ti abbiamo ridato 8,50\u00a0€"
    assert "come credito: lo usiamo da soli sul tuo prossimo ordine con questa e-mail." in text
    assert "Il motivo: il vasetto era aperto." in text
    for said in (
        "Miele di acacia, ridato: −8,50 €\n  Il vasetto era aperto. IVA 10%, compresa.",
        "di cui IVA 10%: 0,77 € su 7,73 €",
        "Totale: 12,85 €",
        "Totale dopo il rimborso: 4,35 €",
        "di cui IVA 4%: 0,17 € su 4,18 €",
    ):
        assert said in text
    assert text.count("IVA 10%") == 2  # what is left was sold at 4 %


def test_cash_that_was_given_back_is_said_as_it_was_counted() -> None:
    order = make.prepared(ordered())
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: 432}, how="cash", reason="era ammaccata", by=None)
    _subject, text, _html = written("refund", order, item("refund").payload)
    said = text.replace("\u00a0", " ")
    assert "ridato 4,32 €, in contanti: sono 4,30 €, si arrotonda ai 5 centesimi." in said
    assert "Ridato in contanti: −4,30 €" in said


@pytest.mark.parametrize(
    ("typed", "read"), [("Era rovinato!", "Era rovinato!"), ("gelata", "gelata."), ("Marcia.", "Marcia."), ("E?", "E?")]
)
def test_the_reason_of_a_refund_ends_once(typed: str, read: str) -> None:
    order = make.prepared(ordered())
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason=typed, by=None)
    _subject, text, _html = written("refund", order, item("refund").payload)
    assert f"Il motivo: {read}\n" in text


def test_the_letter_says_what_was_counted_out_also_when_it_is_the_last_of_the_cash() -> None:
    order = make.prepared(make.order(make.wish(make.product(price=1002))))
    handing_over.take_cash(order.id, by=None, expected=1000)
    handing_over.hand_over(order.id, by=None)
    for cents in (503, 499):
        giving_back.give_back(order.id, {order.lines[0].id: cents}, how="cash", reason="gelata", by=None)
    _subject, text, _html = written("refund", order, item("refund").payload)
    assert "ridato 4,99 €, in contanti: sono 4,95 €, si arrotonda" in text.replace("\u00a0", " ")


def test_who_did_not_come_reads_until_when_the_crate_waits() -> None:
    order, _more = nobody_came()
    noon = clock.rome(order.pickup.day + timedelta(days=1), 12)
    _subject, text, _html = written("not_collected", order, {})
    assert f"Teniamo la cassetta fino a {moment(noon)}." in text
    assert "Non devi pagare nulla." in text
    assert "credito" not in text


@pytest.mark.parametrize("name", ["called_off", "not_collected", "cancelled"])
def test_credit_that_comes_back_is_said_with_its_sum(name: str) -> None:
    first, _more = complained()
    order = make.prepared(make.order(make.wish(first.lines[1].product), email=first.email))
    assert order.due == 0
    if name == "called_off":
        rescheduling.call_off(order.pickup_id, "gelata", by=None)
    elif name == "cancelled":
        cancelling.cancel(order.id, as_staff=True)
    else:
        with make.clock.at(order.pickup.to_at + timedelta(minutes=1)):
            handing_over.mark_not_collected(order.id, by=None)
    make.fresh(order)
    assert "Il credito che avevi usato, 8,50\u00a0€, è di nuovo tuo." in written(name, order, {})[1]


@pytest.mark.parametrize("name", ["received", "ready", "reminder", "called_off", "moved", "not_collected"])
def test_a_delivery_is_called_a_delivery(name: str) -> None:
    home = make.place(name="A casa tua, in bicicletta", kind="round", fee=300)
    order, more = SCENES[name](at=make.pickup(home), address="Via Roma 1, 27029 Vigevano")
    subject, text, _html = written(name, order, more)
    assert "Via Roma 1" in text
    assert "bicicletta" not in subject + text
    assert "l ritiro è" not in text
    assert "Vieni a prender" not in text


DOOR = "Via Roma 1, 27029 Vigevano"


def to_a_door(**more: Any) -> dict[str, Any]:
    home = make.place(name="A casa tua, in bicicletta", name_en="To your home, by bicycle", kind="round", fee=300)
    return {"at": make.pickup(home), "address": DOOR, **more}


def test_where_nobody_opened_the_letter_says_that_we_came_and_where_the_crate_is_now() -> None:
    a_seller(phone="0381 000 000")
    order, _more = nobody_came(**to_a_door())
    subject, text, _html = written("not_collected", order, {})
    noon, hours = clock.rome(order.pickup.day + timedelta(days=1), 12), when(order.pickup.day, 16, 18)
    assert subject == "Siamo venuti con la tua cassetta"
    assert f"siamo venuti da te con il tuo ordine {order.number} {hours}, {DOOR}, e non ci siamo visti." in text
    assert (
        f"La cassetta è tornata in cascina e ti aspetta lì fino a {moment(noon)}. Se la vuoi ancora, telefonaci" in text
    )
    assert "o chiedi a un'altra persona di aprirci: così niente va sprecato." in text
    assert "Non devi pagare nulla." in text
    assert "ti aspettava" not in text


def test_where_nobody_came_to_the_stall_the_letter_says_that_the_crate_was_waiting_there() -> None:
    order, _more = nobody_came()
    subject, text, _html = written("not_collected", order, {})
    assert subject == "La tua cassetta ti aspettava"
    hours = when(order.pickup.day, 16, 18)
    assert f"il tuo ordine {order.number} ti aspettava {hours}, Piazza Ducale, e non ci siamo visti." in text
    assert "o manda un'altra persona: così niente va sprecato." in text
    assert "cascina" not in text


def test_the_reminder_says_what_happens_when_nobody_is_there() -> None:
    order, _more = ready(**to_a_door())
    noon = moment(clock.rome(order.pickup.day + timedelta(days=1), 12))
    there = f"Se quando arriviamo non c'è nessuno, la cassetta torna in cascina e ti aspetta lì fino a {noon}."
    assert there in written("reminder", order, {})[1]
    order = make.prepared(make.order())
    noon = moment(clock.rome(order.pickup.day + timedelta(days=1), 12))
    text = written("reminder", order, {})[1]
    assert f"Se non viene nessuno, teniamo la cassetta fino a {noon}." in text
    assert "quando arriviamo" not in text


def test_the_terms_say_what_happens_at_a_door_and_at_a_stall_where_nobody_is() -> None:
    order, _more = placed(**to_a_door())
    text = written("received", order, {})[1]
    assert "Se in casa non c'è nessuno\nSe quando arriviamo non c'è nessuno, la cassetta torna in cascina" in text
    assert "Se non vieni" not in text
    order = make.order()
    text = written("received", order, {})[1]
    assert "Se non vieni\nTeniamo la cassetta fino a mezzogiorno del giorno dopo: telefonaci." in text
    assert "quando arriviamo" not in text


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", texts.LETTERS)
def test_no_letter_about_a_delivery_has_a_hole(name: str, language: str) -> None:
    order, more = SCENES[name](**to_a_door(language=language))
    subject, text, html = written(name, order, more)
    for said in (subject, text):
        assert not re.search(r"\{\w*\}|\S  +|\bNone\b|completare", said), said
        assert not re.search(r" [.,;:!?](\s|$)|\.\.|: *\.|::", said), said
    assert facts(f"{subject} {text}") == facts(html)


# --- still true?


def leaves(name: str) -> bool:
    """Whether the waiting letter of this kind would leave now."""
    return letters.send(item(name)) is None


def test_a_moved_letter_is_dropped_when_it_was_moved_once_more() -> None:
    order, _more = another_day()
    first = item("moved").id
    place = make.place(name="Mercato")
    rescheduling.move(
        order.pickup_id,
        day=order.pickup.day,
        from_minute=17 * 60,
        to_minute=19 * 60,
        place_id=place.id,
        reason="x",
        by=None,
    )
    assert letters.send(db.session.get_one(Item, first)) is not None
    assert leaves("moved")


def test_not_collected_is_dropped_when_they_came_after_all() -> None:
    order, _more = nobody_came()
    assert leaves("not_collected")
    handing_over.expect_again(order.id, by=None)
    assert not leaves("not_collected")


def test_ready_is_dropped_when_the_crate_was_opened_again() -> None:
    order = make.closed(ordered())
    for line in order.lines:
        make.pack(line)
    preparing.finish(order.id, by=None)
    assert leaves("ready")
    preparing.reopen(order.id, [], by=None)
    assert not leaves("ready")
