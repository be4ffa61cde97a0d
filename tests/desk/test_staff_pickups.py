"""The staff's pick-ups: the coming weeks, one of them, moved or called off after a look, rules, papers."""

from __future__ import annotations

import time
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from catalog import calendar, pickups, standing
from catalog.models import ClosedWeek, PickUp, PickUpRule
from core import clock, outbox
from core.database import db
from core.outbox import Item
from desk import pickup_story, rehearsing
from orders import cancelling, closing, giving_back, handing_over, harvesting, papers, rescheduling
from orders.models import Order, Paper
from people.capabilities import Capability
from tests import factories as make
from tests import house
from tests.desk import crates
from tests.desk.staff_desk import MORNING, TUESDAY, at_work, fill, form, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements
from tests.together import together

pytestmark = pytest.mark.usefixtures("app", "on_a_tuesday")


def again(pickup: PickUp) -> PickUp:
    make.fresh(pickup)
    return pickups.get(pickup.id)


def to_come() -> list[PickUp]:
    """Those that take place, soonest first."""
    make.fresh(None)
    found = pickups.coming(TUESDAY, TUESDAY + timedelta(days=60))
    return [pickup for pickup in found if pickup.cancelled_at is None]


def days() -> list[int]:
    """Of December."""
    return [pickup.day.day for pickup in to_come()]


def look(pickup: PickUp) -> dict[str, Any]:
    """What the verbs derive of a pick-up and its orders."""
    pickup = again(pickup)
    orders = db.session.query(Order).filter_by(pickup_id=pickup.id).order_by(Order.id).all()
    return {
        "when": (pickup.day, pickup.from_at, pickup.to_at, pickup.cutoff_at, pickup.place_id, pickup.capacity),
        "taken": pickup.taken,
        "stands": pickup.cancelled_at is None,
        "moved": pickup.moved_at,
        "orders": [(order.status, order.place_name, order.due) for order in orders],
    }


def letters(name: str) -> list[Item]:
    make.fresh(None)
    return [item for item in db.session.query(Item) if item.payload["letter"] == name]


# --- the coming weeks


def test_the_weeks_show_each_pick_up_with_its_place_hours_cut_off_and_room(rita: Desk) -> None:
    pickup = make.pickup(capacity=25)
    make.order(at=pickup)
    rita.go("/banco/ritiri")
    assert "venerdì 4 dicembre 16–18, Piazza Ducale si ordina" in rita.text
    assert "Si ordina fino a giovedì 3 dicembre alle 12" in rita.text
    assert "1 posto preso su 25, 24 liberi" in rita.text
    assert rita.press("16–18, Piazza Ducale").path == f"/banco/ritiri/{pickup.id}"


@pytest.mark.parametrize(
    ("days", "more", "words"),
    [
        (3, {"capacity": 1}, "al completo"),
        (0, {"hours": (16, 18)}, "oggi"),
        (1, {"cutoff": MORNING - timedelta(hours=1)}, "chiuso: si prepara"),
        (0, {"hours": (7, 8)}, "passato"),
        (14, {}, "più avanti In vetrina da sabato 5 dicembre, fino a lunedì 14 dicembre alle 12"),
    ],
)
def test_each_pick_up_says_where_it_stands(rita: Desk, days: int, more: dict[str, Any], words: str) -> None:
    pickup = make.pickup(days=days, **more)
    if pickup.capacity == 1:
        make.order(at=pickup)
    assert f"Piazza Ducale {words}" in rita.go("/banco/ritiri").text


def test_what_was_moved_or_called_off_says_so(rita: Desk) -> None:
    moved, off = make.pickup(), make.pickup(make.place(name="Casa del Parco"))
    rescheduling.move(moved.id, day=moved.day, from_minute=600, to_minute=720, reason="Neve.", by=None)
    rescheduling.call_off(off.id, "Gelo.", by=None)
    rita.go("/banco/ritiri")
    assert "10–12, Piazza Ducale si ordina spostato" in rita.text
    assert "16–18, Casa del Parco non si fa Gelo." in rita.text


def test_a_closed_week_stands_in_the_calendar_with_its_reason(rita: Desk) -> None:
    calendar.close_week(date(2026, 12, 21), "Natale", by=None)
    assert "Settimana 21–27 dicembre Settimana chiusa. Natale" in rita.go("/banco/ritiri").text


def test_one_can_look_at_weeks_that_are_over_and_at_later_ones(rita: Desk) -> None:
    with clock.at(MORNING - timedelta(days=20)):
        old = make.pickup(make.place(name="Vecchio mulino"))
    far = make.pickup(make.place(name="Casa lontana"), days=40)
    rita.go("/banco/ritiri")
    assert "Vecchio mulino" not in rita.text
    assert "Vecchio mulino passato" in rita.press("4 settimane prima").text
    assert rita.press("Vecchio mulino").path == f"/banco/ritiri/{old.id}"
    assert "Casa lontana" in rita.go("/banco/ritiri").press("4 settimane dopo").text
    assert rita.press("Casa lontana").path == f"/banco/ritiri/{far.id}"
    assert rita.go("/banco/ritiri?dal=domani").status == 404


def test_practice_is_not_in_the_calendar(rita: Desk) -> None:
    make.pickup(make.place(name="Casa della prova"), practice=True)
    make.pickup(make.place(name="Casa vera"))
    assert "Casa vera" in rita.go("/banco/ritiri").text
    assert "Casa della prova" not in rita.text


# --- one pick-up


def test_the_page_has_its_orders_by_crate_and_what_happened(rita: Desk) -> None:
    pickup = make.pickup()
    first, gone, last = (make.order(at=pickup, name=name) for name in ("Ada Neri", "Ugo Bianchi", "Ivo Verdi"))
    cancelling.cancel(gone.id)
    closing_of(pickup)
    rita.go(f"/banco/ritiri/{pickup.id}")
    assert rita.heading == "Venerdì 4 dicembre, 16–18"
    assert "2 ordini" in rita.text
    rows = [rita.text.index(name) for name in ("1 Ada Neri", "2 Ivo Verdi", "senza numero Ugo Bianchi")]
    assert rows == sorted(rows)
    assert "Non si ordina più: 2 cassette con il numero." in rita.text
    assert "Messo in calendario." in rita.text
    assert rita.offers(first.number)
    assert rita.offers(last.number)


def closing_of(pickup: PickUp) -> None:
    with clock.at(pickup.cutoff_at + timedelta(minutes=1)):
        closing.close(pickup.id)


def test_what_is_short_is_named_with_the_crates_that_wait_for_it(rita: Desk) -> None:
    carrots, pickup = make.carrots(), make.pickup()
    for name, grams in (("Ada Neri", 1000), ("Ivo Verdi", 1500)):
        make.order(make.wish(carrots, grams), at=pickup, name=name)
    closing_of(pickup)
    harvesting.arrive(pickup.id, carrots.id, 2000, by=make.tutor("Bice").id)
    rita.go(f"/banco/ritiri/{pickup.id}")
    assert "Manca: 500 grammi" in rita.text
    assert "Le cassette aspettano: 2 chili e 500 grammi. C'è: 2 chili." in rita.text
    assert "cassetta 1, Ada Neri" in rita.text
    assert "cassetta 2, Ivo Verdi" in rita.text
    assert "Arrivato per questo ritiro: Carote, 2 chili. Bice" in rita.text


def test_a_pick_up_that_is_not_there_is_said_calmly(rita: Desk) -> None:
    for path in ("", "/sposta", "/non-si-fa"):
        rita.go(f"/banco/ritiri/99{path}")
        assert rita.status == 404
        assert "Questo ritiro non c'è." in rita.text
    for path in ("posti", "torna-indietro", "sposta", "non-si-fa", "fogli/harvest"):
        assert rita.client.post(f"/banco/ritiri/99/{path}").status_code in (404, 422)


def test_every_deed_on_a_pick_up_has_its_words() -> None:
    recorded = house.recorded_actions(house.sources())
    ours = {action for action in recorded if action.startswith(("pickup.", "harvest."))}
    assert len(ours) >= 7
    assert ours - set(pickup_story.DEEDS) == set()


# --- places


def test_more_places_are_there_at_once_and_go_with_one_tap(rita: Desk) -> None:
    pickup = make.pickup(capacity=10)
    before = look(pickup)
    fill(rita.go(f"/banco/ritiri/{pickup.id}"), "Cambia i posti", posti=20)
    assert "Adesso i posti sono 20." in rita.text
    assert "Posti: erano 10, adesso 20. Rita" in rita.text
    assert again(pickup).capacity == 20
    rita.press("Torna indietro")
    assert "Tolto: il numero dei posti." in rita.text
    assert "Tolto: posti: erano 10, adesso 20. Rita" in rita.text
    assert look(pickup) == before


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("1", 409, "Ci sono già 2 ordini."),
        ("61", 422, "Scrivi un numero di posti da 0 a 60."),
        ("tanti", 422, "Scrivi un numero."),
        ("", 422, "Scrivi un numero."),
        ("9" * 40, 422, "Scrivi un numero."),
    ],
)
def test_places_that_cannot_be_are_refused_and_what_was_written_stays(
    rita: Desk, typed: str, status: int, sentence: str
) -> None:
    pickup = make.pickup(capacity=10)
    for _ in range(2):
        make.order(at=pickup)
    fill(rita.go(f"/banco/ritiri/{pickup.id}"), "Cambia i posti", posti=typed)
    assert (rita.status, again(pickup).capacity) == (status, 10)
    assert sentence in rita.text
    assert f'name="posti" type="number" value="{typed}"' in rita.html


def test_a_page_that_shows_other_places_asks_to_look_again(rita: Desk) -> None:
    pickup = make.pickup(capacity=10)
    rita.go(f"/banco/ritiri/{pickup.id}")
    pickups.set_capacity(pickup.id, 12, by=None)
    fill(rita, "Cambia i posti", posti=11)
    assert rita.status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert again(pickup).capacity == 12


def test_a_double_click_changes_the_places_once(rita: Desk) -> None:
    pickup = make.pickup(capacity=10)
    answers = twice(rita.go(f"/banco/ritiri/{pickup.id}"), "Cambia i posti", posti=20)
    assert [answer.headers["Location"] for answer in answers] == [f"/banco/ritiri/{pickup.id}"] * 2
    assert again(pickup).capacity == 20


def test_undo_takes_back_only_what_the_page_named(rita: Desk) -> None:
    pickup = make.pickup(capacity=10)
    fill(rita.go(f"/banco/ritiri/{pickup.id}"), "Cambia i posti", posti=20)
    pickups.set_capacity(pickup.id, 30, by=None)
    rita.press("Torna indietro")
    assert rita.status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert again(pickup).capacity == 30


# --- a new one


def new(**typed: object) -> dict[str, object]:
    fields = {"giorno": "2026-12-10", "dalle": "16:30", "alle": "18:00", "posti": 20}
    return {**fields, "termine_giorno": "2026-12-09", "termine_ora": "20:00", **typed}


def test_a_pick_up_outside_the_rules_can_be_ordered_for_at_once(rita: Desk) -> None:
    place = make.place()
    fill(rita.go("/banco/ritiri/nuovo"), "Metti in calendario", **new(posto=place.id))
    assert "Il ritiro è in calendario" in rita.text
    assert rita.heading == "Giovedì 10 dicembre, 16:30–18"
    (made,) = to_come()
    assert (made.place_id, made.capacity, made.rule_id) == (place.id, 20, None)
    assert made.cutoff_at == clock.rome(date(2026, 12, 9), 20)


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"posto": ""}, 422, "Scegli un posto."),
        ({"posto": "99999"}, 422, "Scegli un posto."),
        ({"giorno": "domani"}, 422, "Scegli un giorno."),
        ({"giorno": "2026-11-30"}, 422, "Scegli un giorno che deve ancora venire"),
        ({"giorno": "2029-01-01"}, 422, "Scegli un giorno che deve ancora venire"),
        ({"giorno": "2026-12-23"}, 409, "In quella settimana la cascina riposa"),
        ({"dalle": "26:00"}, 422, "Scrivi l'ora, per esempio 16:30."),
        ({"alle": ""}, 422, "Scrivi l'ora, per esempio 16:30."),
        ({"alle": "16:30"}, 422, "Guarda le ore"),
        ({"termine_giorno": "2026-12-10"}, 422, "Il termine per ordinare viene prima del ritiro."),
        ({"termine_giorno": "2026-11-30"}, 422, "scegli un termine più avanti"),
        ({"termine_ora": "ieri"}, 422, "Scrivi l'ora, per esempio 16:30."),
        ({"posti": "61"}, 422, "Scrivi un numero di posti"),
        ({"posti": "-3"}, 422, "Scrivi un numero."),
    ],
)
def test_a_pick_up_that_cannot_be_is_refused_and_the_form_stays(
    rita: Desk, changed: dict[str, str], status: int, sentence: str
) -> None:
    place = make.place()
    calendar.close_week(date(2026, 12, 21), "Natale", by=None)
    sent = new(posto=place.id) | changed
    fill(rita.go("/banco/ritiri/nuovo"), "Metti in calendario", **sent)
    assert rita.status == status
    assert sentence in rita.text
    assert db.session.query(PickUp).count() == 0
    for name in ("giorno", "dalle", "alle", "termine_giorno", "termine_ora", "posti"):
        assert f'value="{sent[name]}"' in rita.html


def test_a_double_click_makes_one_pick_up_and_leads_to_it_twice(rita: Desk) -> None:
    answers = twice(rita.go("/banco/ritiri/nuovo"), "Metti in calendario", **new(posto=make.place().id))
    (made,) = to_come()
    assert [answer.headers["Location"] for answer in answers] == [f"/banco/ritiri/{made.id}"] * 2


# --- to another day


def wish(**typed: object) -> dict[str, object]:
    own_words = {"motivo": "altro", "parole": "La strada è chiusa"}
    return {"giorno": "2026-12-05", "dalle": "10:00", "alle": "12:00", **own_words, **typed}


def review(rita: Desk, pickup: PickUp, **typed: object) -> Desk:
    return fill(rita.go(f"/banco/ritiri/{pickup.id}/sposta"), "Guarda che cosa cambia", **wish(**typed))


def test_before_it_is_moved_the_page_shows_both_and_who_hears_of_it(rita: Desk) -> None:
    pickup = make.pickup()
    for more in ({}, {}, {"email": None, "phone": "+39 0381 111", "name": "Ugo Bianchi"}):
        make.order(at=pickup, **more)
    before = look(pickup)
    review(rita, pickup)
    assert rita.status == 200
    assert "Adesso Giorno venerdì 4 dicembre Ore 16–18" in rita.text
    assert "Dopo Giorno sabato 5 dicembre cambia Ore 10–12 cambia Posto Piazza Ducale Si ordina" in rita.text
    assert "2 persone ricevono una lettera. Parte tra 15 minuti: fino ad allora puoi tornare indietro." in rita.text
    assert "bisogna telefonare. Ugo Bianchi +39 0381 111" in rita.text
    assert "Perché: La strada è chiusa." in rita.text
    assert look(pickup) == before
    assert letters("moved") == []


def test_a_look_at_what_would_happen_leaves_nothing_behind(rita: Desk) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    rows = count_rows()
    review(rita, pickup)
    call_off(rita, pickup, verdura="persa")
    assert count_rows() == rows


def count_rows() -> dict[str, int]:
    make.fresh(None)
    tables = [table for table in db.metadata.sorted_tables if table.name != "form_key"]
    return {table.name: db.session.query(table).count() for table in tables}


def test_a_moved_pick_up_writes_to_everybody_and_comes_back_with_one_tap(rita: Desk) -> None:
    pickup, there = make.pickup(), make.place(name="Casa del Parco")
    for _ in range(2):
        make.order(at=pickup)
    before = look(pickup)
    review(rita, pickup, posto=there.id).press("Sposta il ritiro")
    assert rita.path == f"/banco/ritiri/{pickup.id}"
    assert rita.heading == "Sabato 5 dicembre, 10–12"
    assert "Il ritiro è spostato." in rita.text
    assert "2 lettere partono alle 9:15: fino ad allora puoi tornare indietro." in rita.text
    words = "Spostato da venerdì 4 dicembre, 16–18, Piazza Ducale a sabato 5 dicembre, 10–12, Casa del Parco. Rita"
    assert words in rita.text
    assert [(item.state, item.payload["reason"]) for item in letters("moved")] == [
        ("waiting", "La strada è chiusa.")
    ] * 2
    rita.press("Torna indietro")
    assert "Tolto: il ritiro spostato." in rita.text
    assert look(pickup) == before
    assert [item.state for item in letters("moved")] == ["dropped"] * 2


def test_once_the_letters_have_left_nothing_is_taken_back(rita: Desk) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    review(rita, pickup).press("Sposta il ritiro")
    path, method, sends = form(rita, "Torna indietro")
    with clock.at(MORNING + timedelta(minutes=16)):
        outbox.send_due()
        rita.go(f"/banco/ritiri/{pickup.id}")
        assert not rita.offers("Torna indietro")
        assert "Le lettere sono partite: adesso non si torna più indietro." in rita.text
        rita.go(path, method=method, sends=sends)
    assert rita.status == 409
    assert "Qui non si può più tornare indietro." in rita.text
    assert again(pickup).day == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("changed", "status", "sentence"),
    [
        ({"giorno": ""}, 422, "Scegli un giorno."),
        ({"giorno": "2026-11-30"}, 422, "Scegli un giorno che deve ancora venire, entro due mesi."),
        ({"giorno": "2027-03-01"}, 422, "Scegli un giorno che deve ancora venire, entro due mesi."),
        ({"dalle": "10"}, 422, "Scrivi l'ora, per esempio 16:30."),
        ({"alle": "09:00"}, 422, "Guarda le ore: l'inizio viene prima della fine"),
        ({"posto": "99999"}, 404, "Questo posto non c'è."),
        ({"motivo": ""}, 422, "Scegli perché."),
        ({"motivo": "gelo"}, 422, "Scegli perché."),
        ({"parole": "  "}, 422, "Scrivi in poche parole perché."),
        ({"parole": "x" * 201}, 422, "È troppo lungo"),
        ({"giorno": "2026-12-04", "dalle": "16:00", "alle": "18:00"}, 422, "È già così"),
        ({"giorno": "2026-12-22"}, 422, "In quella settimana la cascina riposa"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_the_look_and_in_the_deed(
    rita: Desk, changed: dict[str, str], status: int, sentence: str
) -> None:
    pickup = make.pickup()
    make.place(name="Casa del Parco")
    make.order(at=pickup)
    calendar.close_week(date(2026, 12, 21), "Natale", by=None)
    before, sent = look(pickup), wish() | changed
    path, method, sends = form(review(rita, pickup), "Sposta il ritiro")
    review(rita, pickup, **changed)
    for _ in range(2):
        assert rita.status == status
        assert sentence in rita.text
        for name in ("giorno", "dalle", "alle"):
            assert f'value="{sent[name]}"' in rita.html
        rita.go(path, method=method, sends=sends | {name: str(value) for name, value in sent.items()})
    assert look(pickup) == before
    assert letters("moved") == []


def test_what_was_written_can_be_changed_after_the_look(rita: Desk) -> None:
    review(rita, make.pickup()).press("Cambia qualcosa")
    assert rita.heading == "Sposta il ritiro"
    assert 'value="2026-12-05"' in rita.html
    assert 'value="La strada è chiusa"' in rita.html


def test_an_order_that_came_meanwhile_asks_to_look_again(rita: Desk) -> None:
    pickup = make.pickup()
    review(rita, pickup)
    make.order(at=pickup)
    rita.press("Sposta il ritiro")
    assert rita.status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert 'value="2026-12-05"' in rita.html
    assert again(pickup).moved_at is None


def test_a_double_click_moves_once(rita: Desk) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    answers = twice(review(rita, pickup), "Sposta il ritiro")
    assert [answer.headers["Location"] for answer in answers] == [f"/banco/ritiri/{pickup.id}"] * 2
    assert len(letters("moved")) == 1


def test_a_round_stays_a_round(rita: Desk) -> None:
    pickup = make.pickup(make.place(kind="round", fee=300))
    make.place(name="Casa del Parco")
    rita.go(f"/banco/ritiri/{pickup.id}/sposta")
    assert "Casa del Parco" not in rita.text
    assert review(rita, pickup).status == 200


def test_what_is_over_or_called_off_is_neither_moved_nor_called_off(rita: Desk) -> None:
    off = make.pickup()
    rescheduling.call_off(off.id, "Gelo.", by=None)
    over = make.pickup(days=0, hours=(7, 8))
    for pickup, sentence in ((off, "Questo ritiro non si fa più."), (over, "Questo ritiro è già passato.")):
        rita.go(f"/banco/ritiri/{pickup.id}")
        assert not rita.offers("Sposta il ritiro")
        for path in ("sposta", "non-si-fa"):
            assert rita.go(f"/banco/ritiri/{pickup.id}/{path}").status == 409
            assert sentence in rita.text


def test_nothing_is_moved_once_a_crate_has_gone(rita: Desk) -> None:
    order = crates.ready_today()
    with clock.at(order.pickup.from_at - timedelta(hours=1)):
        handing_over.take_cash(order.id, by=None, expected=850)
        handing_over.hand_over(order.id, by=None)
        review(rita, order.pickup)
        assert rita.status == 409
        assert "Qualche cassetta è già stata consegnata." in rita.text


# --- called off


def call_off(rita: Desk, pickup: PickUp, **typed: object) -> Desk:
    typed = {"motivo": "gelo", "verdura": "torna", **typed}
    return fill(rita.go(f"/banco/ritiri/{pickup.id}/non-si-fa"), "Guarda che cosa succede", **typed)


def with_credit(cents: int) -> None:
    """Maria has some: she brought back a jar."""
    with clock.at(MORNING - timedelta(days=10)):
        sold = make.prepared(make.order())
        handing_over.take_cash(sold.id, by=None, expected=850)
        handing_over.hand_over(sold.id, by=None)
        giving_back.give_back(sold.id, {sold.lines[0].id: cents}, how="credit", reason="Rotto.", by=None)


def test_before_it_is_called_off_the_page_says_what_goes_back(rita: Desk) -> None:
    with_credit(500)
    honey, pickup = make.honey(), make.pickup()
    ready = make.prepared(make.order(make.wish(honey), at=pickup))
    assert ready.settled == 500
    before = look(pickup)
    call_off(rita, pickup)
    assert "1 ordine viene disdetto. Nessuno paga nulla." in rita.text
    assert "Il credito usato torna a chi l'aveva: 5,00 € in tutto." in rita.text
    assert "1 persona riceve una lettera." in rita.text
    assert "Perché: Il gelo ha rovinato la verdura." in rita.text
    assert look(pickup) == before


def test_a_pick_up_that_was_called_off_comes_back_with_one_tap(rita: Desk) -> None:
    with_credit(500)
    honey, pickup = make.honey(), make.pickup()
    make.prepared(make.order(make.wish(honey), at=pickup))
    before, left = look(pickup), honey.left
    call_off(rita, pickup).press("Il ritiro non si fa")
    assert "Il ritiro non si fa più." in rita.text
    assert "Non si fa. Il gelo ha rovinato la verdura." in rita.text
    assert "Non si fa: 1 ordine disdetto. Rita" in rita.text
    assert "1 lettera parte alle 9:15" in rita.text
    make.fresh(None)
    assert honey.left == left + 1
    rita.press("Torna indietro")
    assert "Tolto: il ritiro che non si fa." in rita.text
    assert look(pickup) == before
    assert [item.state for item in letters("called_off")] == ["dropped"]
    assert honey.left == left


def test_it_does_not_come_back_when_its_goods_are_promised_to_others(rita: Desk) -> None:
    honey, pickup = make.honey(left=1), make.pickup()
    make.order(make.wish(honey), at=pickup)
    call_off(rita, pickup).press("Il ritiro non si fa")
    make.order(make.wish(honey))
    rita.press("Torna indietro")
    assert rita.status == 409
    assert not again(pickup).takes_orders_at(clock.now())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"motivo": ""}, "Scegli perché."),
        ({"motivo": "voglia"}, "Scegli perché."),
        ({"motivo": "altro", "parole": " "}, "Scrivi in poche parole perché."),
        ({"motivo": "altro", "parole": "x" * 300}, "È troppo lungo"),
    ],
)
def test_without_a_reason_nothing_is_called_off(rita: Desk, typed: dict[str, str], sentence: str) -> None:
    pickup = make.pickup()
    path, method, sends = form(call_off(rita, pickup), "Il ritiro non si fa")
    call_off(rita, pickup, **typed)
    for _ in range(2):
        assert rita.status == 422
        assert sentence in rita.text
        rita.go(path, method=method, sends=sends | typed)
    assert again(pickup).cancelled_at is None


def test_own_words_are_what_citizens_read(rita: Desk) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    call_off(rita, pickup, motivo="altro", parole="il trattore è rotto").press("Il ritiro non si fa")
    assert again(pickup).cancelled_why == "Il trattore è rotto."


def test_the_reason_can_be_changed_after_the_look(rita: Desk) -> None:
    call_off(rita, make.pickup(), motivo="altro", parole="Neve").press("Cambia qualcosa")
    assert rita.status == 200
    assert 'value="altro" checked' in rita.html
    assert 'value="Neve"' in rita.html


def test_money_that_is_in_the_house_keeps_a_pick_up_from_being_called_off(rita: Desk) -> None:
    order = crates.ready_today()
    with clock.at(order.pickup.from_at - timedelta(hours=1)):
        handing_over.take_cash(order.id, by=None, expected=850)
        call_off(rita, order.pickup)
        assert rita.status == 409
        assert "già pagato" in rita.text


def test_a_stale_look_calls_nothing_off_and_a_double_click_does_it_once(rita: Desk) -> None:
    pickup = make.pickup()
    call_off(rita, pickup)
    make.order(at=pickup)
    rita.press("Il ritiro non si fa")
    assert (rita.status, again(pickup).cancelled_at) == (409, None)
    assert 'value="gelo" checked' in rita.html
    answers = twice(call_off(rita, pickup), "Il ritiro non si fa")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(letters("called_off")) == 1


def test_what_is_over_is_not_taken_back_any_more(app: Flask, rita: Desk) -> None:
    pickup = make.pickup()
    call_off(rita, pickup).press("Il ritiro non si fa")
    path, method, sends = form(rita, "Torna indietro")
    with clock.at(pickup.to_at):
        later = at_work(app, make.tutor("Bice")).go(f"/banco/ritiri/{pickup.id}")
        assert not later.offers("Torna indietro")
        later.go(path, method=method, sends=sends)
        assert later.status == 409
        assert "Qui non si può più tornare indietro." in later.text
    assert again(pickup).cancelled_at is not None


def test_a_slip_in_the_last_minutes_can_be_taken_back_while_its_letters_wait(rita: Desk) -> None:
    pickup = make.pickup(days=0, hours=(8, 9), cutoff=MORNING - timedelta(hours=2))
    with clock.at(MORNING - timedelta(minutes=3)):
        call_off(rita, pickup).press("Il ritiro non si fa")
    with clock.at(MORNING + timedelta(minutes=5)):
        rita.go(f"/banco/ritiri/{pickup.id}").press("Torna indietro")
        assert "Tolto: il ritiro che non si fa." in rita.text
    assert again(pickup).cancelled_at is None


def test_a_double_click_takes_back_once(rita: Desk) -> None:
    pickup = make.pickup()
    fill(rita.go(f"/banco/ritiri/{pickup.id}"), "Cambia i posti", posti=20)
    fill(rita, "Cambia i posti", posti=10)
    answers = twice(rita, "Torna indietro")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert again(pickup).capacity == 20


def test_of_two_tutors_at_once_one_calls_off_and_the_other_is_told(app: Flask) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    desks = [at_work(app, make.tutor(name)) for name in ("Rita", "Bice")]
    forms = [form(call_off(desk, pickup), "Il ritiro non si fa") for desk in desks]

    deeds = [partial(send_at_nine, desk, sent) for desk, sent in zip(desks, forms, strict=True)]
    assert sorted(together(app, *deeds)) == [303, 409]
    assert len(letters("called_off")) == 1


def test_moving_out_of_a_week_that_is_being_closed_waits_for_nobody_forever(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both hold the calendar before the pick-up: never one for the other."""
    desk, pickup = at_work(app), make.pickup(days=8)
    sent = form(review(desk, pickup), "Sposta il ritiro")
    version = rehearsing.version
    monkeypatch.setattr(rehearsing, "version", lambda pickup: time.sleep(0.4) or version(pickup))
    monday = standing.monday_of(pickup.day)
    statuses = together(app, partial(send_at_nine, desk, sent), lambda: time.sleep(0.2) or close_at_nine(monday))
    assert statuses == [303, True]


def send_at_nine(desk: Desk, sent: tuple[str, str, dict[str, str]]) -> int:
    path, method, sends = sent
    with clock.at(MORNING):
        return desk.client.open(path, method=method, data=sends).status_code


def close_at_nine(monday: date) -> bool:
    with clock.at(MORNING):
        return calendar.close_week(monday, "Riposo", by=None).monday == monday


# --- every week


def rule(**typed: object) -> dict[str, object]:
    fields = {"giorno": 4, "dalle": "16:00", "alle": "18:00", "giorni_prima": 1, "termine": "12:00", "posti": 25}
    return {**fields, "dal": "2026-12-01", "al": "", **typed}


def test_a_rule_is_said_in_words_and_its_pick_ups_are_in_the_calendar_at_once(rita: Desk) -> None:
    place = make.place()
    fill(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **rule(posto=place.id))
    assert "La regola vale da adesso. 3 ritiri nuovi sono in calendario." in rita.text
    assert "Ogni venerdì 16–18 Piazza Ducale. Si ordina fino a giovedì alle 12. 25 posti." in rita.text
    assert days() == [4, 11, 18]
    assert "Messo in calendario dalla regola" in rita.go(f"/banco/ritiri/{to_come()[0].id}").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"giorni_prima": 0, "termine": "09:30"}, "Si ordina fino alle 9:30 dello stesso giorno."),
        ({"giorni_prima": 7}, "Si ordina fino a 7 giorni prima, alle 12."),
        ({"giorni_prima": 5}, "Si ordina fino a domenica alle 12."),
        ({"posti": 1}, "1 posto."),
        ({"dal": "2026-12-12"}, "La prima volta: venerdì 18 dicembre 2026."),
        ({"al": "2026-12-24"}, "L'ultima volta: venerdì 18 dicembre 2026."),
    ],
)
def test_each_rule_says_what_is_its_own(rita: Desk, changed: dict[str, object], words: str) -> None:
    fill(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **rule(posto=make.place().id, **changed))
    assert words in rita.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"posto": ""}, "Scegli un posto."),
        ({"giorno": ""}, "Scrivi un numero."),
        ({"giorno": "7"}, "Scegli un giorno della settimana."),
        ({"dalle": "x"}, "Scrivi l'ora, per esempio 16:30."),
        ({"alle": "15:00"}, "Guarda le ore"),
        ({"giorni_prima": "8"}, "Il termine per ordinare può essere fino a 7 giorni prima."),
        ({"giorni_prima": "0", "termine": "17:00"}, "Il termine per ordinare viene prima del ritiro."),
        ({"posti": "0"}, "Scrivi un numero di posti da 1 a 60."),
        ({"dal": ""}, "Scegli un giorno."),
        ({"al": "2026-11-01"}, "L'ultimo giorno viene dopo il primo."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_form_stays(
    rita: Desk, changed: dict[str, str], sentence: str
) -> None:
    sent = rule(posto=make.place().id) | changed
    fill(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **sent)
    assert rita.status == 422
    assert sentence in rita.text
    assert calendar.rules() == []
    for name in ("dalle", "alle", "termine", "posti", "dal"):
        assert f'value="{sent[name]}"' in rita.html


def test_a_double_click_adds_one_rule_and_undo_takes_it_away_with_its_pick_ups(rita: Desk) -> None:
    first, second = twice(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **rule(posto=make.place().id))
    (added,) = calendar.rules()
    assert first.headers["Location"] == second.headers["Location"] == f"/banco/ritiri/regole?regola={added.id}"
    rita.go(first.headers["Location"]).press("Torna indietro")
    assert "Tolto: la regola." in rita.text
    assert calendar.rules() == []
    assert to_come() == []


def test_a_rule_that_somebody_ordered_for_is_not_taken_away(rita: Desk) -> None:
    fill(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **rule(posto=make.place().id))
    make.order(at=to_come()[0])
    rita.press("Torna indietro")
    assert rita.status == 409
    assert "Per un ritiro di questa regola c'è già un ordine." in rita.text


def test_a_rule_that_was_ended_meanwhile_is_not_taken_away(rita: Desk) -> None:
    fill(rita.go("/banco/ritiri/regole"), "Aggiungi la regola", **rule(posto=make.place().id))
    (added,) = calendar.rules()
    calendar.end_rule(added.id, date(2026, 12, 4), by=None)
    rita.press("Torna indietro")
    assert rita.status == 409
    assert "Intanto è cambiato qualcosa. Guarda di nuovo." in rita.text
    assert again_rule(added).to_day == date(2026, 12, 4)


def a_rule(**more: Any) -> PickUpRule:
    fields = {"weekday": 4, "from_minute": 960, "to_minute": 1080, "cutoff_days_before": 1, "cutoff_minute": 720}
    made = calendar.add_rule(make.place().id, **{**fields, "capacity": 25, "from_day": TUESDAY, **more}, by=None)
    calendar.plan()
    return made


def test_a_rule_ends_on_a_day_and_goes_on_with_undo(rita: Desk) -> None:
    ending = a_rule()
    make.order(at=to_come()[2])
    fill(rita.go("/banco/ritiri/regole"), "Finisci la regola", ultimo="2026-12-04")
    assert "La regola finisce venerdì 4 dicembre 2026." in rita.text
    assert "1 ritiro senza ordini non si fa." in rita.text
    assert "Hanno già degli ordini e si fanno: venerdì 18 dicembre." in rita.text
    assert days() == [4, 18]
    assert "La sua regola è finita." in rita.go("/banco/ritiri").text
    rita.go(f"/banco/ritiri/regole?regola={ending.id}").press("Torna indietro")
    assert "Tolto: la fine della regola." in rita.text
    assert days() == [4, 11, 18]


def test_a_rule_ends_once(rita: Desk) -> None:
    ending = a_rule()
    first, second = twice(rita.go("/banco/ritiri/regole"), "Finisci la regola", ultimo="2026-12-04")
    assert first.headers["Location"] == second.headers["Location"]
    fill(rita.go("/banco/ritiri/regole"), "Finisci la regola", ultimo="2026-12-18")
    assert rita.status == 409
    assert "Questa regola finisce già prima." in rita.text
    assert 'value="2026-12-18"' in rita.html
    fill(rita.go("/banco/ritiri/regole"), "Finisci la regola", ultimo="")
    assert (rita.status, again_rule(ending).to_day) == (422, date(2026, 12, 4))
    assert rita.client.post("/banco/ritiri/regole/999/fine", data={"ultimo": "2026-12-04"}).status_code == 404
    assert rita.client.post("/banco/ritiri/regole/999/torna-indietro").status_code == 404


def again_rule(of: PickUpRule) -> PickUpRule:
    make.fresh(of)
    return db.session.get_one(PickUpRule, of.id)


# --- closed weeks

MONDAY = date(2026, 12, 14)


def test_a_week_is_closed_and_opened_again(rita: Desk) -> None:
    a_rule()
    fill(rita.go("/banco/ritiri/regole"), "Chiudi la settimana", settimana=MONDAY, motivo="Riposo")
    assert "Settimana chiusa: 14–20 dicembre." in rita.text
    assert days() == [4, 11]
    assert "Settimana chiusa. Riposo" in rita.go("/banco/ritiri").text
    assert "Quella settimana la cascina è chiusa." in rita.text
    rita.go("/banco/ritiri/regole").press("Riapri")
    assert "Settimana aperta: 14–20 dicembre. 1 ritiro è in calendario." in rita.text.replace("  ", " ")
    assert days() == [4, 11, 18]


def test_closing_a_week_is_taken_back_with_one_tap(rita: Desk) -> None:
    a_rule()
    fill(rita.go("/banco/ritiri/regole"), "Chiudi la settimana", settimana=MONDAY, motivo="Riposo")
    rita.press("Torna indietro")
    assert "Tolto: la settimana chiusa." in rita.text
    assert calendar.closed_weeks() == []
    assert days() == [4, 11, 18]


def test_a_week_with_orders_stays_open_and_the_page_leads_to_what_is_in_the_way(rita: Desk) -> None:
    a_rule()
    taken = to_come()[2]
    make.order(at=taken)
    fill(rita.go("/banco/ritiri/regole"), "Chiudi la settimana", settimana=MONDAY, motivo="Riposo")
    assert rita.status == 409
    assert "Per il ritiro di venerdì 18 dicembre ci sono ordini: prima spostalo o disdicilo." in rita.text
    assert 'value="Riposo"' in rita.html
    assert f'value="{MONDAY}" selected' in rita.html
    assert rita.press("Venerdì 18 dicembre, 16–18").path == f"/banco/ritiri/{taken.id}"


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"motivo": ""}, 422, "Scrivi in poche parole perché."),
        ({"settimana": "2026-12-15"}, 422, "scegli un lunedì"),
        ({"settimana": "2026-11-23"}, 422, "Questa settimana è già passata."),
        ({"settimana": "natale"}, 422, "Scegli un giorno."),
        ({"settimana": "2026-12-21"}, 409, "Questa settimana è già chiusa."),
    ],
)
def test_a_week_that_cannot_be_closed_is_refused(rita: Desk, typed: dict[str, str], status: int, sentence: str) -> None:
    calendar.close_week(date(2026, 12, 21), "Natale", by=None)
    fill(
        rita.go("/banco/ritiri/regole"),
        "Chiudi la settimana",
        **{"settimana": str(MONDAY), "motivo": "Riposo", **typed},
    )
    assert rita.status == status
    assert sentence in rita.text
    assert len(calendar.closed_weeks()) == 1


def test_a_double_click_closes_once_and_a_stale_page_opens_nothing(rita: Desk) -> None:
    first, second = twice(rita.go("/banco/ritiri/regole"), "Chiudi la settimana", settimana=MONDAY, motivo="Riposo")
    assert first.headers["Location"] == second.headers["Location"]
    rita.go("/banco/ritiri/regole")
    calendar.open_week(MONDAY, by=None)
    rita.press("Riapri")
    assert rita.status == 409
    assert "Questa settimana è già aperta." in rita.text
    assert db.session.query(ClosedWeek).count() == 0
    assert standing.monday_of(MONDAY) == MONDAY
    assert rita.client.post("/banco/ritiri/settimane/99/torna-indietro").status_code == 404


# --- papers


def test_a_paper_is_asked_for_waited_for_and_opened(rita: Desk) -> None:
    pickup = make.pickup()
    make.order(at=pickup)
    closing_of(pickup)
    answer, repeat = twice(rita.go(f"/banco/ritiri/{pickup.id}"), "Lista delle cassette")
    (paper,) = db.session.query(Paper)
    address = f"/banco/fogli/{paper.id}"
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert repeat.headers["Location"] == address
    waiting = rita.client.get(address)
    assert waiting.headers["Refresh"] == "3"
    assert "Il foglio si sta preparando" in waiting.text
    assert rita.go(f"{address}.pdf").status == 409
    assert papers.make_due() == 1
    assert "Il foglio è pronto" in rita.go(address).text
    assert "Refresh" not in rita.client.get(address).headers
    pdf = rita.client.get(rita.find("Apri il foglio").path)
    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"] == 'inline; filename="cassette-2026-12-04.pdf"'


def test_the_page_that_waits_can_be_stopped(rita: Desk) -> None:
    paper = papers.ask("harvest", make.pickup().id, by=None, language="it")
    rita.go(f"/banco/fogli/{paper.id}").press("Ferma la pagina")
    assert "Questa pagina resta ferma" in rita.text
    assert "Refresh" not in rita.client.get(f"/banco/fogli/{paper.id}?fermo=1").headers


def test_a_paper_that_does_not_come_out_says_why_and_can_be_asked_for_again(rita: Desk) -> None:
    paper = papers.ask("crates", make.pickup().id, by=None, language="it")
    papers.make_due()
    rita.go(f"/banco/fogli/{paper.id}")
    assert "Le cassette non hanno ancora un numero." in rita.text
    rita.press("Prova di nuovo")
    assert "Il foglio si sta preparando" in rita.text
    assert rita.path != f"/banco/fogli/{paper.id}"


def test_papers_are_offered_where_they_can_be_made(rita: Desk) -> None:
    stall, round_ = make.pickup(), make.pickup(make.place(kind="round"))
    assert papers_on(rita, stall) == ["Lista del raccolto"]
    closing_of(stall)
    closing_of(round_)
    assert papers_on(rita, stall) == ["Lista del raccolto", "Lista delle cassette", "Etichette"]
    assert papers_on(rita, round_) == ["Lista del raccolto", "Lista delle cassette", "Foglio del giro", "Etichette"]
    rescheduling.call_off(stall.id, "Gelo.", by=None)
    assert papers_on(rita, stall) == []


def papers_on(rita: Desk, pickup: PickUp) -> list[str]:
    rita.go(f"/banco/ritiri/{pickup.id}")
    return [way.words for way in rita.ways if "/fogli/" in way.path]


def test_a_paper_that_nobody_prints_is_not_there(rita: Desk) -> None:
    pickup = make.pickup()
    assert rita.client.post(f"/banco/ritiri/{pickup.id}/fogli/giornale").status_code == 404
    assert rita.go("/banco/fogli/99").status == 404
    assert rita.go("/banco/fogli/99.pdf").status == 404


def test_papers_and_pick_ups_are_for_the_staff_alone(app: Flask) -> None:
    paper = papers.ask("harvest", make.pickup().id, by=None, language="it")
    dario = at_work(app, make.person("Dario", can=(Capability.HAND_OVER, Capability.TAKE_CASH)))
    for path in (f"/banco/fogli/{paper.id}", f"/banco/fogli/{paper.id}.pdf", "/banco/ritiri", "/banco/ritiri/regole"):
        assert dario.go(path).status == 403


# --- the database is not asked more often for more


def test_the_pages_ask_the_database_as_often_for_many_as_for_one(rita: Desk) -> None:
    busy, carrots = make.pickup(capacity=60), make.carrots()
    busy_id, wish_of = busy.id, make.wish(carrots, 1000)
    make.order(wish_of, at=busy, name="Ada Neri")
    a_rule()
    pickups.set_capacity(busy_id, 50, by=None)
    harvesting.arrive(busy_id, carrots.id, 10, by=None)
    paths = ("/banco/ritiri", f"/banco/ritiri/{busy_id}", "/banco/ritiri/regole", f"/banco/ritiri/{busy_id}/sposta")
    before = [asked(rita, path) for path in paths]
    for n in range(9):
        make.order(wish_of, at=pickups.get(busy_id), name=f"Ada {n}")
        make.pickup(make.place(), days=4 + n)
        a_rule(weekday=n % 7)
        calendar.close_week(date(2027, 1, 4) + timedelta(weeks=n), "Riposo", by=None)
        pickups.set_capacity(busy_id, 40 - n, by=make.tutor(f"Rita {n}").id)
    harvesting.arrive(busy_id, wish_of.product_id, 20, by=None)
    assert [asked(rita, path) for path in paths] == before
    assert max(before) < 20


def asked(rita: Desk, path: str) -> int:
    db.session.remove()
    with statements() as seen:
        assert rita.go(path).status == 200
    return len(seen)
