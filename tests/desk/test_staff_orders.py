"""The staff's orders: one pick-up's list, what an order's page says, and the deeds that begin there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale

from core import clock, formats, journal, keys, outbox, undo
from core.database import db, transaction
from desk import order_story
from orders import (
    cancelling,
    changing,
    documents,
    finding,
    giving_back,
    handing_over,
    paying,
    placing,
    preparing,
    reasons,
    receipts,
    rescheduling,
    substituting,
    thanking,
    withdrawing,
)
from orders import undoing as orders_undoing
from orders.models import Order, Status
from orders.withdrawing import Declaration, Withdrawal
from tests import factories as make
from tests.shop.citizen import statements, words
from tests.test_doors import signed_in


@pytest.fixture
def rita(app: Flask) -> FlaskClient:
    return signed_in(app, make.tutor("Rita"), "password")


def page(client: FlaskClient, path: str) -> str:
    """What one reads there, from the heading on."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer.text.partition("<main")[2])


def given(**more: Any) -> Order:
    """Handed over and paid in cash: 8.50 for a jar of honey."""
    order = make.prepared(make.order(make.wish(make.honey()), **more))
    handing_over.take_cash(order.id, by=None, expected=850)
    return handing_over.hand_over(order.id, by=None)


def form_of(client: FlaskClient, order: Order, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts there, as the order's page shows it now."""
    html = client.get(f"/banco/ordini/{order.id}").text
    own = html.partition(f'action="/banco/ordini/{order.id}/{action}')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', own))


# --- who comes in


def test_whoever_does_not_keep_orders_sees_the_calm_page_of_the_desk(app: Flask) -> None:
    order = make.order()
    anna = signed_in(app, make.person("Anna"), tablet=make.tablet()[1])
    for path in ("/banco/ordini", f"/banco/ordini/{order.id}", "/banco/ordini/nuovo"):
        answer = anna.get(path)
        assert answer.status_code == 403
        assert "desk.css" in answer.text
        assert order.customer not in answer.text


def test_what_is_not_there_is_said_on_a_page_of_the_staff(rita: FlaskClient) -> None:
    for path in ("/banco/ordini/999", "/banco/ordini?ritiro=999", "/banco/ordini/999/riepilogo.pdf"):
        assert rita.get(path).status_code == 404
    answer = rita.get("/banco/ordini/999")
    assert "tutor.css" in answer.text
    assert 'href="/banco/ordini"' in answer.text


def test_practice_has_no_page_here(rita: FlaskClient) -> None:
    pickup = make.pickup(practice=True)
    order = make.order(make.wish(make.honey(practice=True)), at=pickup)
    assert rita.get(f"/banco/ordini/{order.id}").status_code == 404
    assert rita.get(f"/banco/ordini?ritiro={pickup.id}").status_code == 404
    assert order.number not in page(rita, "/banco/ordini?cerca=Maria+Rossi")


# --- the list


def test_a_row_says_what_one_needs_to_know_and_no_way_to_reach_anybody(rita: FlaskClient) -> None:
    order = make.order(
        make.wish(make.honey()),
        collector="Nonna Pia",
        note="Suonare due volte",
        phone="+39 0381 123456",
        name="Ugo Ferri",
    )
    make.prepared(order)
    html = rita.get("/banco/ordini").text
    text = words(html)
    assert "1 1001 Ugo Ferri pronto 8,50 € sito nota, ritira un'altra persona" in text
    assert "/static/img/crates/01.svg" in html
    assert "maria.rossi" not in html
    assert "123456" not in html


def test_an_order_before_and_after_weighing_costs_about_and_exactly(rita: FlaskClient) -> None:
    order = make.order(make.wish(make.carrots(price=290), 1000))
    assert "ricevuto circa 2,90 €" in page(rita, "/banco/ordini")
    make.prepared(order)
    assert "pronto 2,90 €" in page(rita, "/banco/ordini")


def test_the_list_opens_at_the_next_pick_up_that_has_orders(rita: FlaskClient) -> None:
    far, near, empty = (make.pickup(days=days) for days in (9, 4, 2))
    make.order(at=far, name="Ada Milani")
    make.order(at=near, name="Ugo Ferri")
    text = page(rita, "/banco/ordini")
    assert "Ugo Ferri" in text
    assert "Ada Milani" not in text
    assert "Ada Milani" in page(rita, f"/banco/ordini?ritiro={far.id}")
    assert "non c'è ancora nessun ordine" in page(rita, f"/banco/ordini?ritiro={empty.id}")


def test_where_nothing_comes_the_last_one_that_was_is_shown(rita: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        make.order(at=make.pickup(days=3), name="Ugo Ferri")
    assert "Ugo Ferri" in page(rita, "/banco/ordini")


def test_without_any_pick_up_it_says_so(rita: FlaskClient) -> None:
    assert "non ci sono ritiri" in page(rita, "/banco/ordini")


def test_called_off_orders_stand_last_without_their_crate(rita: FlaskClient) -> None:
    pickup = make.pickup()
    gone, stays = make.order(at=pickup, name="Ugo Ferri"), make.order(at=pickup, name="Ada Milani")
    make.closed(stays)
    cancelling.cancel(gone.id, as_staff=True)
    text = page(rita, "/banco/ordini")
    assert text.index("Ada Milani") < text.index("Ugo Ferri disdetto nulla")


def test_what_was_added_late_is_marked(rita: FlaskClient) -> None:
    honey, pickup = make.honey(), make.pickup()
    with clock.at(pickup.cutoff_at + timedelta(minutes=5)):
        placing.place([make.wish(honey)], make.citizen(), pickup.id, key="a-late-order-key", late=True)
    assert "in ritardo" in page(rita, f"/banco/ordini?ritiro={pickup.id}")


def test_what_was_brought_or_changed_after_the_lists_were_made_is_marked(rita: FlaskClient) -> None:
    """Three ordered in time; one is changed and one is brought from another pick-up after the cut-off."""
    honey, pickup, other = make.honey(), make.pickup(), make.pickup(days=9)
    for name, where in (("Ada Milani", pickup), ("Ugo Ferri", pickup), ("Pia Conti", other)):
        make.order(make.wish(honey), at=where, name=name)
    ada, ugo, pia = (found.id for found in db.session.query(Order).order_by(Order.id))

    def change(order_id: int, quantity: int, where: int) -> None:
        how = {"version": 0, "key": f"a-late-change-of-{order_id}", "pickup_id": where, "as_staff": True}
        changing.change(order_id, [make.wish(honey, quantity)], **how)

    change(ada, 2, pickup.id)
    assert "in ritardo" not in page(rita, f"/banco/ordini?ritiro={pickup.id}")
    with clock.at(pickup.cutoff_at):
        change(ugo, 2, pickup.id)
        change(pia, 1, pickup.id)
    marked = {name: "in ritardo" in row for name, row in rows_of(rita, pickup.id).items()}
    assert marked == {"Ada Milani": False, "Ugo Ferri": True, "Pia Conti": True}
    for order_id, is_late in ((ada, False), (ugo, True), (pia, True)):
        assert ("in ritardo" in page(rita, f"/banco/ordini/{order_id}")) == is_late
    assert "in ritardo" in page(rita, "/banco/ordini?cerca=Conti")


def rows_of(rita: FlaskClient, pickup_id: int) -> dict[str, str]:
    body = rita.get(f"/banco/ordini?ritiro={pickup_id}").text.split("<tbody>")[1].split("</tbody>")[0]
    rows = [words(row) for row in body.split("<tr")[1:]]
    return {name: row for name in ("Ada Milani", "Ugo Ferri", "Pia Conti") for row in rows if name in row}


def test_fifty_on_a_page(rita: FlaskClient) -> None:
    pickup = make.pickup(capacity=60)
    for n in range(51):
        make.order(at=pickup, name=f"Persona{n:02}")
    first, second = page(rita, "/banco/ordini"), page(rita, f"/banco/ordini?ritiro={pickup.id}&pagina=2")
    assert (first.count("Persona"), second.count("Persona")) == (50, 1)
    assert "Pagina 1 di 2" in first
    assert page(rita, f"/banco/ordini?ritiro={pickup.id}&pagina=9").count("Persona") == 50


def test_the_list_asks_as_often_for_forty_orders_as_for_three(rita: FlaskClient) -> None:
    asked = []
    for how_many in (3, 40):
        pickup = make.pickup(capacity=60)
        for _ in range(how_many):
            make.order(make.wish(make.product()), make.wish(make.product()), at=pickup)
        address = f"/banco/ordini?ritiro={pickup.id}"
        db.session.remove()
        with statements() as seen:
            assert rita.get(address).text.count("Maria Rossi") == how_many
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 14


# --- looking up


def test_looking_up_shows_in_which_pick_up_and_leads_to_the_order(rita: FlaskClient) -> None:
    order = make.order(name="Niccolò D'Agostà")
    html = rita.get("/banco/ordini?cerca=NICCOLO").text
    assert f'href="/banco/ordini/{order.id}"' in html
    assert "Piazza Ducale" in words(html)
    assert 'value="NICCOLO"' in html
    assert "Nessun ordine con «bruno»" in page(rita, "/banco/ordini?cerca=bruno")


def test_thirty_are_enough_and_it_says_that_there_are_more(rita: FlaskClient) -> None:
    pickup = make.pickup(capacity=60)
    for _ in range(31):
        make.order(at=pickup)
    text = page(rita, "/banco/ordini?cerca=rossi")
    assert text.count("Maria Rossi") == 30
    assert "Ce ne sono altri" in text


# --- one order


def test_the_page_has_everything_about_one_order(rita: FlaskClient) -> None:
    order = make.order(
        make.wish(make.carrots(), 500), phone="+39 0381 123456", note="Suonare due volte", collector="Pia"
    )
    make.prepared(order)
    answer = rita.get(f"/banco/ordini/{order.id}")
    for link in ("tel:+390381123456", "mailto:maria.rossi@posta.example", "etichetta.pdf", "riepilogo.pdf"):
        assert link in answer.text
    text = words(answer.text)
    assert "0,500 kg × 2,90 € al chilo" in text
    assert "Suonare due volte" in text
    assert "Cassetta pronta, con il prezzo vero parte" in text
    assert "Ordine ricevuto sta partendo" in text
    assert f"/banco/consegna/{order.id}" in answer.text


def test_letters_say_what_became_of_them(rita: FlaskClient) -> None:
    order = make.order()
    outbox.send_due()
    make.prepared(order)
    undo.undo_last(order)
    undo.undo_last(order)
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Ordine ricevuto partita" in text
    assert "non è partita: qualcuno è tornato indietro" in text
    assert "non riceve lettere" in page(rita, f"/banco/ordini/{make.order(email=None).id}")


def test_why_a_line_costs_what_it_costs(rita: FlaskClient) -> None:
    carrots, chard, honey = make.carrots(), make.chard(), make.honey()
    order = make.closed(make.order(make.wish(carrots, 500), make.wish(chard, 3), make.wish(honey)))
    first, second, third = order.lines
    preparing.weigh_line(order.id, first.id, 600, version=0, by=None, lot="L-17")
    preparing.pack_short(order.id, second.id, pieces=2, version=0, by=None)
    preparing.mark_missing(order.id, third.id, version=0, by=None)
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Il massimo era 1,60 €: 0,14 € sono un regalo. Lotto: L-17." in text
    assert "2 mazzi, 1,80 € al mazzo. Chiesto: 3 mazzi." in text
    assert "Non c'era: non si paga." in text


def test_chard_was_harvested_and_a_jar_has_a_lot(rita: FlaskClient) -> None:
    order = make.prepared(make.order(make.wish(make.chard()), make.wish(make.honey())))
    text, today = page(rita, f"/banco/ordini/{order.id}"), formats.day(clock.today())
    assert f"1 mazzo, 1,80 € al mazzo. Raccolto {today}." in text
    assert f"1 vasetto, 8,50 € al vasetto. Lotto di {today}." in text
    assert text.count("Raccolto ") == text.count("Lotto ") == 1


def test_credit_is_shown_where_somebody_has_some(rita: FlaskClient) -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 400}, how="credit", reason="Era rovinato", by=None)
    later = make.order()
    assert paying.credit_of(later) == 400
    assert "Ha un credito di 4,00 €" in page(rita, f"/banco/ordini/{later.id}")


def test_at_home_another_person_opens_the_door(rita: FlaskClient) -> None:
    round_ = make.pickup(make.place(name="In bicicletta", kind="round"))
    order = make.order(at=round_, address="Via Roma 1, 27029 Vigevano")
    here = f"/banco/ordini/{order.id}"
    text = page(rita, here)
    assert "Apre anche nessun altro" in text
    assert "Ritira anche" not in text
    sent = form_of(rita, order, "ritira")
    answer = rita.post(f"{here}/ritira", data={**sent, "ritira": "Nonna Pia"})
    assert "Può aprire anche Nonna Pia." in words(rita.get(answer.headers["Location"]).text)
    assert "apre un'altra persona" in page(rita, f"/banco/ordini?ritiro={round_.id}")


@pytest.mark.parametrize(("times", "is_said"), [(1, False), (2, True)])
def test_from_the_second_time_that_nobody_came_somebody_rings(rita: FlaskClient, times: int, is_said: bool) -> None:
    for days in range(times):
        with clock.at(clock.now() - timedelta(days=20 + days)):
            made = make.prepared(make.order(email="Maria.Rossi@posta.example"))
        with clock.at(made.pickup.to_at):
            handing_over.mark_not_collected(made.id, by=None)
    order = make.order()
    text = page(rita, f"/banco/ordini/{order.id}")
    assert ("2 volte non ritirato negli ultimi 3 mesi" in text) is is_said
    assert "non ritirato negli" not in page(rita, f"/banco/ordini?ritiro={order.pickup_id}")


@pytest.mark.usefixtures("app")
def test_long_ago_and_somebody_else_do_not_count() -> None:
    with clock.at(clock.now() - timedelta(days=120)):
        old = make.prepared(make.order(phone="+39 0381 1"))
    with clock.at(old.pickup.to_at):
        handing_over.mark_not_collected(old.id, by=None)
    assert finding.times_not_collected(make.order(phone="+39 0381 1")) == 0
    assert finding.times_not_collected(make.order(email=None)) == 0


def test_the_summary_is_a_paper_in_the_language_of_whoever_ordered(
    rita: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "order_summary", lambda order: f"%PDF {order.number} {get_locale()}".encode())
    answer = rita.get(f"/banco/ordini/{make.order(language='en').id}/riepilogo.pdf")
    assert (answer.data, answer.mimetype) == (b"%PDF 1001 en", "application/pdf")


# --- deeds


def test_somebody_else_collects(rita: FlaskClient) -> None:
    order = make.order()
    form = {**form_of(rita, order, "ritira"), "ritira": "Nonna Pia 👵"}
    assert rita.post(f"/banco/ordini/{order.id}/ritira", data=form).status_code == 303
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Può ritirare anche Nonna Pia 👵." in text
    assert "Cambiato chi può ritirare." in text
    rita.post(f"/banco/ordini/{order.id}/ritira", data={"ritira": ""})
    assert finding.get(order.id).collector is None


def test_a_name_that_is_too_long_stays_written(rita: FlaskClient) -> None:
    order, long = make.order(), "x" * 101
    answer = rita.post(f"/banco/ordini/{order.id}/ritira", data={"ritira": long, "order_id": "1", "form": "x"})
    assert answer.status_code == 422
    assert f'value="{long}"' in answer.text
    assert "al massimo 100 lettere" in answer.text
    assert finding.get(order.id).collector is None


def test_the_number_of_crates(rita: FlaskClient) -> None:
    order = make.closed(make.order())
    assert rita.post(f"/banco/ordini/{order.id}/cassette", data={"cassette": "2"}).status_code == 303
    assert "Adesso sono 2 cassette." in page(rita, f"/banco/ordini/{order.id}")
    assert rita.post(f"/banco/ordini/{order.id}/cassette", data={"cassette": "99"}).status_code == 422
    assert finding.get(order.id).crates == 2


def test_a_double_click_is_one_deed(rita: FlaskClient) -> None:
    order = make.closed(make.order())
    form = {**form_of(rita, order, "cassette"), "cassette": "3"}
    for _ in range(2):
        assert rita.post(f"/banco/ordini/{order.id}/cassette", data=form).status_code == 303
    assert [entry.action for entry in journal.entries(order)].count("order.crates") == 1


def test_nobody_came_and_then_they_came_after_all(rita: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(days=5)):
        order = make.prepared(make.order(at=make.pickup(days=3)))
    here = f"/banco/ordini/{order.id}"
    assert "Non è venuto nessuno" in page(rita, here)
    assert rita.post(f"{here}/non-ritirato", data=form_of(rita, order, "non-ritirato")).status_code == 303
    assert finding.get(order.id).status == Status.NOT_COLLECTED
    assert "Torna indietro: non è venuto" in page(rita, here)
    assert rita.post(f"{here}/aspetta", data=form_of(rita, order, "aspetta")).status_code == 303
    assert finding.get(order.id).status == Status.READY
    assert rita.post(f"{here}/aspetta").status_code == 409


def test_before_the_pick_up_is_over_nobody_is_missed(rita: FlaskClient) -> None:
    order = make.prepared(make.order())
    answer = rita.post(f"/banco/ordini/{order.id}/non-ritirato")
    assert answer.status_code == 409
    assert "C'è ancora tempo" in words(answer.text)


def test_calling_off_says_first_what_it_does(rita: FlaskClient) -> None:
    honey = make.honey(left=1)
    order = make.closed(make.order(make.wish(honey)))
    here = f"/banco/ordini/{order.id}/disdici"
    assert "da qui non si torna indietro" in page(rita, here)
    answer = rita.post(here, data={"motivo": "altro", "parole": " "})
    assert (answer.status_code, finding.get(order.id).stands) == (422, True)
    assert rita.post(here, data={"motivo": "altro", "parole": "Si trasferisce"}).status_code == 303
    make.fresh(honey)
    assert (finding.get(order.id).cancelled_why, honey.left) == ("Si trasferisce", 1)
    assert "Questo ordine è già disdetto." in page(rita, here)
    assert "Si trasferisce" in page(rita, f"/banco/ordini/{order.id}")
    assert rita.post(here, data={"motivo": "telefonata"}).status_code == 303
    assert [entry.action for entry in journal.entries(order)].count("order.cancelled") == 1


def test_a_prepared_reason_is_kept_by_its_key_and_said_in_words(rita: FlaskClient) -> None:
    order = make.order()
    rita.post(f"/banco/ordini/{order.id}/disdici", data={"motivo": "telefonata"})
    assert finding.get(order.id).cancelled_why == reasons.key("telefonata")
    assert "Ce l'ha chiesto al telefono" in page(rita, f"/banco/ordini/{order.id}")
    english = rita.get(f"/banco/ordini/{order.id}", headers={"Accept-Language": "en"})
    assert "They asked us by phone" in words(english.text)


@pytest.mark.parametrize("typed", ["citizen", "motivo:telefonata"])
def test_what_somebody_types_is_nobody_elses_reason(rita: FlaskClient, typed: str) -> None:
    order = make.order()
    rita.post(f"/banco/ordini/{order.id}/disdici", data={"motivo": "altro", "parole": typed})
    assert f": {typed}." in page(rita, f"/banco/ordini/{order.id}")
    assert "da chi ha ordinato" not in page(rita, f"/banco/ordini/{order.id}").partition("Che cosa è successo")[0]


@pytest.mark.parametrize("motivo", ["", "citizen", "x" * 300])
def test_a_reason_is_one_of_the_list(rita: FlaskClient, motivo: str) -> None:
    order = make.order()
    answer = rita.post(f"/banco/ordini/{order.id}/disdici", data={"motivo": motivo, "parole": "Si trasferisce"})
    assert answer.status_code == 422
    assert 'value="Si trasferisce"' in answer.text
    assert finding.get(order.id).stands


def test_what_is_paid_or_gone_is_not_called_off(rita: FlaskClient) -> None:
    order = make.prepared(make.order())
    handing_over.take_cash(order.id, by=None, expected=850)
    for sentence in ("È già pagato", "non si può più disdire"):
        answer = rita.post(f"/banco/ordini/{order.id}/disdici", data={"motivo": "telefonata"})
        assert answer.status_code == 409
        assert sentence in words(answer.text)
        assert finding.get(order.id).stands
        if finding.get(order.id).handed_over_at is None:
            handing_over.hand_over(order.id, by=None)


# --- what happened, and back again


def test_the_last_deed_is_taken_back_by_name(rita: FlaskClient) -> None:
    order = make.prepared(make.order())
    assert "Torna indietro: l'etichetta" in page(rita, f"/banco/ordini/{order.id}")
    form = form_of(rita, order, "torna-indietro")
    for _ in range(2):
        assert rita.post(f"/banco/ordini/{order.id}/torna-indietro", data=form).status_code == 303
    order = finding.get(order.id)
    assert (order.labelled_at, order.ready_at is None) == (None, False)
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Tornato indietro. Era: Etichetta messa." in text
    assert "Etichetta messa. tolto" in text


def test_a_page_that_was_open_too_long_takes_nothing_back(rita: FlaskClient) -> None:
    order = make.prepared(make.order())
    form = form_of(rita, order, "torna-indietro")
    handing_over.take_cash(order.id, by=None, expected=850)
    answer = rita.post(f"/banco/ordini/{order.id}/torna-indietro", data=form)
    assert answer.status_code == 409
    assert "Intanto è cambiato qualcosa." in words(answer.text)
    assert finding.get(order.id).settled == 850


def test_when_the_letter_has_left_there_is_no_way_back_and_it_says_why(rita: FlaskClient) -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason="Era rovinato", by=None)
    form = form_of(rita, order, "torna-indietro")
    with clock.at(clock.now() + timedelta(hours=1)):
        outbox.send_due()
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Torna indietro:" not in text
    assert "La mail è già partita" in text
    assert rita.post(f"/banco/ordini/{order.id}/torna-indietro", data=form).status_code == 409
    assert finding.get(order.id).refunded == 100


def test_what_takings_keep_of_a_day_that_is_over_is_not_offered_to_be_taken_back(rita: FlaskClient) -> None:
    with clock.at(clock.now() - timedelta(days=1)):
        order = given()
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Torna indietro:" not in text
    assert "Quel giorno è chiuso: qui non si torna più indietro. Si rimedia con un reclamo." in text
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason="Era rovinato", by=None)
    assert "Torna indietro: i soldi ridati" in page(rita, f"/banco/ordini/{order.id}")


def test_a_refund_is_not_taken_back_by_whoever_may_not_give_one(app: Flask) -> None:
    order = given()
    giving_back.give_back(order.id, {order.lines[0].id: 100}, how="cash", reason="Era rovinato", by=None)
    deed = undo.newest(order)
    assert deed is not None
    anna = signed_in(app, make.person("Anna"), tablet=make.tablet()[1])
    answer = anna.post("/banco/torna-indietro", data={"ordine": order.id, "deed": deed.id})
    assert answer.status_code == 403
    assert finding.get(order.id).refunded == 100


@pytest.mark.usefixtures("app")
def test_every_action_that_can_happen_to_an_order_has_words() -> None:
    with_inverse, without = undo.known_actions()
    known = {action for action in with_inverse | without if action.split(".")[0] in ("order", "line", "task")}
    assert len(known) >= 20
    assert known - set(order_story.WORDS) == set()
    elsewhere = {*order_story.OF_PICKUP, *order_story.OF_PROPOSALS, *order_story.OF_CITIZEN}
    assert set(order_story.WORDS) - known == elsewhere <= with_inverse | without


def test_the_room_of_orders_speaks_of_nothing_else() -> None:
    """A new kind of action there is either told on the order's page, or added here as none of its business."""
    kinds = {action.split(".")[0] for action in {**orders_undoing.INVERSES, **orders_undoing.WITHOUT}}
    told = {"order", "line", "task", "withdrawal", "thanks"}
    assert told <= {action.split(".")[0] for action in order_story.WORDS}
    elsewhere = {"pickup", "harvest", "drawer", "letter", "seller", "text", "waiting", "citizen", "voucher"}
    assert kinds == told | elsewhere


def test_a_whole_story_is_told_without_a_code(rita: FlaskClient) -> None:
    carrots, chard, honey, spinach = make.carrots(), make.chard(), make.honey(), make.product("spinaci", price=100)
    order = make.order(make.wish(carrots, 500), make.wish(chard, 3), make.wish(honey))
    changing.change(
        order.id,
        [make.wish(carrots, 700), make.wish(chard, 3), placing.Wish(honey.id, 1, 850, may_substitute=True)],
        version=0,
        key="change-key-for-the-story",
    )
    changing.set_collector(order.id, "Pia")
    make.closed(order)
    first, second, third = finding.get(order.id).lines
    preparing.weigh_line(order.id, first.id, 690, version=first.version, by=None)
    preparing.keep_second_weight(order.id, first.id, 710, by=None)
    preparing.reweigh(order.id, first.id, 700, version=first.version, by=None)
    preparing.pack_short(order.id, second.id, pieces=2, version=second.version, by=None)
    other = substituting.substitute(order.id, third.id, spinach.id, 2, version=third.version, by=None)
    preparing.take_line(order.id, other.id, version=0, by=None)
    preparing.set_crates(order.id, 2, by=None)
    preparing.finish(order.id, by=None)
    preparing.label(order.id, by=None)
    due = finding.get(order.id).due
    handing_over.take_card(order.id, by=None, expected=due)
    handing_over.hand_over(order.id, by=None)
    giving_back.give_back(order.id, {first.id: 50}, how="card_terminal", reason="Il peso non tornava", by=None)
    undo.undo_last(order)
    for number in ("0012-0034", "0012-0043", ""):
        receipts.note_document(order.id, finding.get(order.id).payments[0].id, number, by=None)
    order = finding.get(order.id)
    told = [deed.words for deed in reversed(order_story.tell(order))]
    assert told == [
        "Ordinato dal sito.",
        "Ordine cambiato. Prima: Carote 500\u00a0g, Bietole 3 mazzi, Miele di acacia 1 vasetto.",
        "Cambiato chi può ritirare.",
        "Il ritiro è chiuso. La cassetta ha il numero 1.",
        "Pesato: Carote, 690 grammi.",
        "Pesato da due persone: Carote. Un altro peso era 710 grammi.",
        "Pesato di nuovo: Carote. Prima 690 grammi, poi 700 grammi.",
        "Messo meno del chiesto: Bietole, 2 pezzi.",
        "Al posto di Miele di acacia: Spinaci.",
        "Messo nella cassetta: Spinaci, 2 vasetti.",
        "Adesso sono 2 cassette.",
        "Cassetta pronta.",
        "Etichetta messa.",
        "Presi 7,63\u00a0€ con la carta.",
        "Cassetta data.",
        "Ridati 0,50\u00a0€ sulla carta, con il terminale. Perché: Il peso non tornava.",
        "Tornato indietro. Era: Ridati 0,50\u00a0€ sulla carta, con il terminale. Perché: Il peso non tornava.",
        "Numero dello scontrino: 0012-0034.",
        "Numero dello scontrino: 0012-0043. Prima: 0012-0034.",
        "Tolto il numero dello scontrino. Prima: 0012-0043.",
    ]
    assert not re.search(r"\b(order|line|pickup)\.[a-z]", page(rita, f"/banco/ordini/{order.id}"))


def declared(order: Order) -> Withdrawal:
    said = Declaration(name="Maria Rossi", number=order.number, email="maria.rossi@posta.example")
    return withdrawing.declare(said, key=keys.new(), language="it", origin="", order=order)


def test_what_the_citizen_declared_and_wrote_is_told_there_and_on_no_other_order(rita: FlaskClient) -> None:
    """Also a thank-you that was taken back: nothing is left of it but the journal."""
    jar = make.honey()
    order, other = (make.prepared(make.order(make.wish(jar))) for _ in range(2))
    for each in (order, other):
        handing_over.take_cash(each.id, by=None, expected=850)
        handing_over.hand_over(each.id, by=None)
    withdrawal = declared(order)
    withdrawing.answer(withdrawal.id, "Il miele è già aperto", by=None)
    undo.undo_last(withdrawal)
    thanking.write(order.id, "Grazie", False)
    thanking.take_back(order.id)
    thanks = thanking.write(order.id, "Grazie ancora", False)
    thanking.decide(thanks.id, let_through=False, by=None)
    undo.undo_last(thanks)
    thanking.decide(thanks.id, let_through=True, by=None)
    thanking.write(other.id, "Un altro", False)
    told = [(deed.who, deed.words) for deed in reversed(order_story.tell(finding.get(order.id)))]
    assert told[-9:] == [
        ("chi ha ordinato", "Recesso dichiarato."),
        ("in automatico", "Recesso: scritto perché non si ridà nulla."),
        ("in automatico", "Tornato indietro. Era: Recesso: scritto perché non si ridà nulla."),
        ("chi ha ordinato", "Scritto un grazie a chi ha preparato la cassetta."),
        ("chi ha ordinato", "Il grazie è stato tolto da chi l'aveva scritto."),
        ("chi ha ordinato", "Scritto un grazie a chi ha preparato la cassetta."),
        ("in automatico", "Il grazie non si vede al banco."),
        ("in automatico", "Tornato indietro. Era: Il grazie non si vede al banco."),
        ("in automatico", "Il grazie si vede al banco."),
    ]
    assert page(rita, f"/banco/ordini/{other.id}").count("grazie") == 1
    assert "Recesso" not in "".join(deed.words for deed in order_story.tell(finding.get(other.id)))


def test_what_the_citizen_declared_costs_the_story_no_more_statements(rita: FlaskClient) -> None:
    order = given()
    asked = []
    for how_many in (0, 1, 6):
        for _ in range(how_many):
            declared(order)
        make.fresh(order)
        found = finding.get(order.id)
        with statements() as seen:
            order_story.tell(found)
        asked.append(len(seen))
    assert asked[0] == asked[1] == asked[2]


def test_what_nobody_has_words_for_yet_is_told_without_a_code(rita: FlaskClient) -> None:
    order = make.order()
    with transaction():
        journal.record("order.made_up", order)
    assert "Segnata una cosa nuova." in page(rita, f"/banco/ordini/{order.id}")


def test_a_pick_up_that_was_moved_or_called_off_is_in_the_story(rita: FlaskClient) -> None:
    order = make.order()
    day = order.pickup.day + timedelta(days=1)
    rescheduling.move(order.pickup_id, day=day, from_minute=960, to_minute=1080, reason="Gelo", by=None)
    rescheduling.call_off(order.pickup_id, "Gelo", by=None)
    text = page(rita, f"/banco/ordini/{order.id}")
    assert "Il ritiro è stato spostato. Prima:" in text
    assert "Il ritiro non si fa più." in text
