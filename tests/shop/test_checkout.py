"""The checkout: one page, one button, and every refusal keeps what was typed."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from catalog import products
from catalog.models import PickUp, Place, Zone
from core.database import db, transaction
from core.formats import window
from orders import placing
from orders.models import Order
from tests import factories as make
from tests.shop.citizen import BUTTON, form, put, sent_by, statements, words


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def the_order() -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order)).one()


def a_round() -> PickUp:
    place = make.place(name="A casa tua", kind="round", fee=300)
    with transaction() as session:
        session.add(Zone(place_id=place.id, municipality="Vigevano", postcode="27029"))
    return make.pickup(place, days=4)


def kept(page: str) -> bool:
    return 'value="Maria Rossi"' in page and 'value="maria.rossi@posta.example"' in page


def test_a_guest_orders_in_one_page_and_lands_on_the_order(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.carrots(), 1_500)
    put(client, make.honey())
    answer = client.post(
        "/cassa", data=form(client, pickup, telefono="0381 123456", ritira="Ugo Ferri", nota="Suonate")
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/ordini/")
    page = words(client.get(answer.location).text)
    assert "Grazie Maria, abbiamo ricevuto il tuo ordine." in page
    order = the_order()
    assert (order.customer, order.phone, order.collector, order.note) == (
        "Maria Rossi",
        "+39 0381 123456",
        "Ugo Ferri",
        "Suonate",
    )
    assert "Carrello · 0" in client.get("/").text


def test_the_total_stands_directly_above_the_one_button(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.carrots(price=290), 1_500)
    page = client.get("/cassa").text
    assert page.count(BUTTON) == 1
    assert re.search(
        r"Totale stimato 4,35 € Al massimo paghi 4,79 € IVA compresa\. Paghi quando ritiri, "
        r"in contanti o con la carta\.[^0-9]* Ordine con obbligo di pagare",
        words(page),
    )


def test_nothing_is_ticked_beforehand_and_browsers_may_fill_in(client: FlaskClient) -> None:
    a_round()
    put(client, make.chard())
    page = client.get("/cassa").text
    assert page.count('type="checkbox"') == 2  # something similar, an invoice
    assert not re.search(r'type="checkbox"[^>]*checked', page)
    for token in ("name", "email", "tel", "address-line1", "postal-code", "address-level2"):
        assert f'autocomplete="{token}"' in page


def test_something_similar_only_comes_where_somebody_said_yes(client: FlaskClient) -> None:
    pickup = make.pickup()
    for put_in in (make.chard(), make.honey()):
        put(client, put_in)
    assert "Se qualcosa manca, potete mettere una cosa simile, mai più cara" in words(client.get("/cassa").text)
    yes = client.post("/cassa", data=form(client, pickup, simile="1"))
    assert [line.may_substitute for line in the_order().lines] == [True, True]
    assert "Se qualcosa manca Una cosa simile, mai più cara" in words(client.get(yes.location).text)
    put(client, make.product())
    no = client.post("/cassa", data=form(client, pickup))
    assert "Se qualcosa manca Niente al suo posto, e non lo paghi" in words(client.get(no.location).text)


def test_the_yes_to_something_similar_is_kept_through_a_refusal(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.chard())
    sent = form(client, pickup, nome="", simile="1")
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 422
    assert re.search(r'id="simile"[^>]*checked', answer.text)


def test_a_product_that_is_sent_twice_is_one_line(client: FlaskClient) -> None:
    pickup, chard = make.pickup(), make.chard(left=10)
    put(client, chard)
    sent = form(client, pickup)
    sent.setlist("riga", [f"{chard.id}:2:180", f"{chard.id}:3:180"])
    sent["prodotti"] = sent["massimo"] = "540"
    assert client.post("/cassa", data=sent).status_code == 303
    assert [line.quantity for line in the_order().lines] == [3]


def test_each_line_says_whether_withdrawal_is_possible(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.chard())
    put(client, make.honey())
    page = words(client.get("/cassa").text)
    assert "Recesso escluso: prodotto deperibile" in page
    assert "Recesso entro 14 giorni" in page


def test_the_first_view_of_the_checkout_tells_places_days_payment_and_that_there_is_no_minimum(
    client: FlaskClient,
) -> None:
    make.pickup()
    put(client, make.chard())
    page = words(client.get("/cassa").text)
    for said in ("Nessun ordine minimo", "contanti", "Piazza Ducale", "16–18"):
        assert said in page


def test_an_empty_basket_has_no_checkout(client: FlaskClient) -> None:
    assert client.get("/cassa").location == "/carrello"
    assert client.post("/cassa", data={}).location == "/carrello"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"nome": " "}, "Scrivi il tuo nome"),
        ({"email": ""}, "Scrivi la tua e-mail"),
        ({"email": "maria"}, "Guarda l'e-mail"),
        ({"telefono": "12"}, "Guarda il numero di telefono"),
        ({"nota": "a\0b"}, "un segno che non riusciamo a scrivere"),
        ({"nome": "x" * 101}, "È troppo lungo"),
    ],
)
def test_a_field_that_needs_a_look_is_said_and_the_rest_is_kept(
    client: FlaskClient, typed: dict[str, str], said: str
) -> None:
    pickup = make.pickup()
    put(client, make.chard())
    answer = client.post("/cassa", data=form(client, pickup, **{"ritira": "Ugo Ferri", **typed}))
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert 'value="Ugo Ferri"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert how_many() == 0


def test_without_a_pick_up_one_is_asked_for(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.chard())
    answer = client.post("/cassa", data=form(client))
    assert answer.status_code == 422
    assert "Scegli un ritiro." in answer.text
    assert kept(answer.text)


def test_sold_out_says_what_is_left_and_the_next_press_orders_it(client: FlaskClient) -> None:
    pickup, chard = make.pickup(), make.chard(left=5)
    put(client, chard, 4)
    sent = form(client, pickup)
    make.order(make.wish(chard, 3))
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Bietole: ne volevi 4 mazzi, ne restano 2 mazzi." in words(answer.text)
    assert kept(answer.text)
    assert f'name="riga" value="{chard.id}:2:180"' in answer.text
    sent["riga"] = f"{chard.id}:2:180"
    assert client.post("/cassa", data=sent).status_code == 303


def test_when_everything_is_gone_the_page_says_so_and_has_no_button(client: FlaskClient) -> None:
    pickup, chard = make.pickup(), make.chard(left=1)
    put(client, chard)
    sent = form(client, pickup)
    make.order(make.wish(chard))
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "finito" in answer.text
    assert BUTTON not in answer.text


def test_a_price_that_changed_shows_the_old_and_the_new_one(client: FlaskClient) -> None:
    pickup, honey = make.pickup(), make.honey(price=850)
    put(client, honey)
    sent = form(client, pickup)
    products.set_price(honey.id, 900)
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Miele di acacia: prima 8,50 €, ora 9,00 € al vasetto. Totale: prima 8,50 €, ora 9,00 €." in words(
        answer.text
    )
    assert "Totale 9,00 €" in words(answer.text)
    assert kept(answer.text)
    assert how_many() == 0


def test_of_what_is_weighed_the_most_is_told_too_and_the_next_press_agrees(client: FlaskClient) -> None:
    pickup, carrots = make.pickup(), make.carrots(price=290)
    put(client, carrots, 1_500)
    sent = form(client, pickup)
    products.set_price(carrots.id, 310)
    answer = client.post("/cassa", data=sent)
    said = "Totale: prima 4,35 €, ora 4,65 €. Al massimo paghi: prima 4,79 €, ora 5,12 €."
    assert said in words(answer.text)
    assert client.post("/cassa", data=sent_by(answer.text, "/cassa")).status_code == 303
    assert (the_order().total, the_order().maximum) == (465, 512)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ({"piece_grams": 1_500}, "Totale: prima 4,00 €, ora 6,00 €. Al massimo paghi: prima 4,40 €, ora 6,60 €."),
        ({"tolerance_percent": 30}, "Al massimo paghi: prima 4,40 €, ora 5,20 €."),
        ({"piece_grams": 1_050, "tolerance_percent": 0}, "Totale: prima 4,00 €, ora 4,20 €."),
    ],
)
def test_more_to_pay_at_the_same_price_is_never_taken_silently(
    client: FlaskClient, deed: dict[str, int], said: str
) -> None:
    """A pumpkin that is counted heavier, or may weigh more than was said."""
    pickup = make.pickup()
    pumpkin = make.product("zucca", kind="piece_by_weight", price=200, piece_grams=1_000, tolerance_percent=10)
    put(client, pumpkin, 2)
    sent = form(client, pickup)
    with transaction():
        for name, value in deed.items():
            setattr(pumpkin, name, value)
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Il conto è cambiato: guardalo ancora, poi decidi tu." in words(answer.text)
    assert said in words(answer.text)
    assert kept(answer.text)
    assert how_many() == 0
    assert client.post("/cassa", data=sent_by(answer.text, "/cassa")).status_code == 303


def test_less_to_pay_asks_nothing(client: FlaskClient) -> None:
    pickup = make.pickup()
    pumpkin = make.product("zucca", kind="piece_by_weight", price=200, piece_grams=1_000, tolerance_percent=10)
    put(client, pumpkin, 2)
    sent = form(client, pickup)
    with transaction():
        pumpkin.piece_grams = 900
    assert client.post("/cassa", data=sent).status_code == 303


def test_a_place_that_was_taken_meanwhile_asks_for_another_pick_up(client: FlaskClient) -> None:
    pickup, other = make.pickup(capacity=1), make.pickup(make.place(name="Mercato"), days=5)
    put(client, make.honey())
    sent = form(client, pickup)
    make.order(at=pickup)
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "I posti per questo ritiro sono finiti" in words(answer.text)
    assert "Al completo" in answer.text
    assert kept(answer.text)
    sent["ritiro"] = str(other.id)
    assert client.post("/cassa", data=sent).status_code == 303


def test_too_late_is_said_and_everything_typed_is_kept(client: FlaskClient) -> None:
    pickup = make.pickup()
    make.pickup(make.place(name="Mercato"), days=6)
    put(client, make.honey())
    sent = form(client, pickup)
    with make.clock.at(pickup.cutoff_at):
        answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "il tempo per ordinare è finito" in words(answer.text)
    assert kept(answer.text)


def test_another_fee_is_shown_before_it_is_agreed_to(client: FlaskClient) -> None:
    make.pickup()
    home = a_round()
    put(client, make.honey(price=850))
    sent = form(client, home, indirizzo="Via Roma 1", cap="27029", comune="vigevano")
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Con questo ritiro il totale cambia" in words(answer.text)
    assert "Totale 11,50 €" in words(answer.text)
    assert "Totale: prima 8,50 €, ora 11,50 €." in words(answer.text)
    sent["spesa"] = "300"
    assert client.post("/cassa", data=sent).status_code == 303
    order = the_order()
    assert (order.address, order.fee, order.total) == ("Via Roma 1, 27029 Vigevano", 300, 1150)


def test_the_total_can_be_looked_at_for_another_pick_up(client: FlaskClient) -> None:
    make.pickup()
    home = a_round()
    put(client, make.honey(price=850))
    answer = client.post("/cassa", data=form(client, home, azione="ritiro", nome=""))
    assert answer.status_code == 200
    assert "Il totale è di nuovo quello giusto. Quello che hai scritto è rimasto." in words(answer.text)
    assert "Totale 11,50 €" in words(answer.text)
    assert how_many() == 0


def test_above_the_button_stand_day_and_place_of_each_pick_up_and_the_style_shows_the_chosen_one(
    client: FlaskClient,
) -> None:
    days = [make.pickup(make.place(name=f"Piazza {n}"), days=n) for n in (2, 3)]
    put(client, make.honey())
    told = client.get("/cassa").text.partition('class="for-picks">')[2].partition("</div>")[0]
    for pickup, said in zip(days, told.split("<p>")[1:], strict=True):
        assert window(pickup.from_at, pickup.to_at) in words(said)
        assert pickup.place.name in said
    style = Path("static/css/shop.css").read_text(encoding="utf-8")
    for n in range(1, 13):
        chosen = f'.pick:nth-child({n}) [name="ritiro"]:checked'  # never any ticked box: the invoice's is one
        assert f".checkout:has({chosen}) .for-picks > :nth-child({n})" in style


def test_what_was_typed_comes_back_as_it_was_typed_and_is_kept_tidied(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    typed = {"telefono": "0381 123456", "email": "Pina@POSTA.example"}
    page = client.post("/cassa", data=form(client, pickup, nome="", **typed)).text
    assert all(f'value="{words}"' in page for words in typed.values())
    assert client.post("/cassa", data=form(client, pickup, **typed)).status_code == 303
    assert (the_order().phone, the_order().email) == ("+39 0381 123456", "Pina@posta.example")


def test_what_nobody_typed_is_not_said_to_be_kept(client: FlaskClient) -> None:
    make.pickup()
    chard, honey = make.chard(left=3), make.honey()
    put(client, chard, 3)
    put(client, honey)
    make.order(make.wish(chard, 3))
    page = words(client.get("/cassa").text)
    assert "L'abbiamo tolto da questo ordine" in page
    assert "Quello che hai scritto" not in page


def test_a_full_pick_up_leads_to_its_waiting_list(client: FlaskClient) -> None:
    full, _free = make.pickup(capacity=1), make.pickup(days=5)
    make.order(at=full)
    put(client, make.honey())
    assert f'href="/ritiro/{full.id}/avvisami"' in client.get("/cassa").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"indirizzo": "", "cap": "27029", "comune": "Vigevano"}, "Scrivi la via e il numero"),
        ({"indirizzo": "Via Roma 1", "cap": "20100", "comune": "Milano"}, "arriviamo solo a: Vigevano 27029"),
        ({"indirizzo": "Via Roma 1", "cap": "20100", "comune": "Vigevano"}, "A Vigevano arriviamo dove il CAP è 27029"),
    ],
)
def test_a_round_only_reaches_its_zones(client: FlaskClient, typed: dict[str, str], said: str) -> None:
    home = a_round()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, home, **typed))
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert how_many() == 0


def test_a_delivery_is_not_spoken_of_as_a_pick_up(client: FlaskClient) -> None:
    home = a_round()
    put(client, make.honey(price=850))
    for path in ("/", "/carrello", "/cassa"):
        text = words(client.get(path).text)
        assert ("Paghi alla consegna, in contanti o con la carta." in text) == (path != "/")
        assert "aghi quando ritiri" not in text
    assert "Apre la porta un'altra persona? Scrivi il nome" in text
    stall = make.pickup()
    text = words(client.post("/cassa", data=form(client, stall, azione="ritiro")).text)
    assert "Paghi quando ritiri, in contanti o con la carta." in text
    assert "Viene a prenderlo un'altra persona? Scrivi il nome" in text
    answer = client.post("/cassa", data=form(client, home, azione="ritiro"))
    assert "Apre la porta un'altra persona?" in words(answer.text)


def test_the_round_says_where_it_goes_in_as_many_statements_for_many(client: FlaskClient) -> None:
    a_round()
    put(client, make.honey())
    assert "A casa tua: Vigevano 27029. Consegna 3,00 €." in words(client.get("/cassa").text)
    few = _statements(client, "/cassa"), _statements(client, "/ritiro")
    for name in ("Seconda", "Terza"):
        other = make.place(name=name, kind="round", fee=300)
        with transaction() as session:
            session.add(Zone(place_id=other.id, municipality="Mortara", postcode="27036"))
        make.pickup(other, days=5)
    assert "Terza: Mortara 27036. Consegna 3,00 €." in words(client.get("/cassa").text)
    assert (_statements(client, "/cassa"), _statements(client, "/ritiro")) == few


def _statements(client: FlaskClient, path: str) -> int:
    db.session.remove()
    with statements() as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_summary_names_the_field_where_the_same_sentence_stands_twice(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, pickup, nome="x" * 101, ritira="y" * 101, email=""))
    text = words(answer.text)
    assert "Ci sono ancora 3 cose da guardare" in text
    assert "Nome e cognome: è troppo lungo: scrivi al massimo 100 lettere." in text
    assert "Viene a prenderlo un'altra persona? Scrivi il nome: è troppo lungo" in text
    assert "E-mail: " not in text


def test_a_double_click_and_a_resend_place_one_order(client: FlaskClient) -> None:
    pickup, honey = make.pickup(), make.honey(left=5)
    put(client, honey)
    sent = form(client, pickup)
    first, again = client.post("/cassa", data=sent), client.post("/cassa", data=sent)
    assert (first.status_code, again.status_code) == (303, 303)
    pages = [words(client.get(answer.location).text) for answer in (first, again)]
    assert "Ordine 1001" in pages[0]
    assert "Ordine 1001" in pages[1]
    assert (how_many(), honey.left) == (1, 4)


def test_two_presses_at_the_same_moment_place_one_order(app: Flask, client: FlaskClient) -> None:
    pickup, honey = make.pickup(), make.honey(left=5)
    put(client, honey)
    sent = form(client, pickup)
    db.session.remove()
    answers: list[int] = []
    presses = [
        threading.Thread(target=lambda: answers.append(app.test_client().post("/cassa", data=sent).status_code))
        for _ in range(2)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert answers == [303, 303]
    assert how_many() == 1


def test_a_busy_database_keeps_what_was_typed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    pickup = make.pickup()
    put(client, make.honey())
    sent = form(client, pickup)
    monkeypatch.setattr(placing, "place", busy)
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 503
    assert "l'ordine resta uno solo" in words(answer.text)
    assert kept(answer.text)
    assert f'name="key" value="{sent["key"]}"' in answer.text


def test_emoji_stay_and_a_name_is_one_line(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    mail = client.post("/cassa", data=form(client, pickup, nome="Ada 🌱\nBcc: altri@posta.example"))
    assert (mail.status_code, how_many()) == (422, 0)
    client.post("/cassa", data=form(client, pickup, nome="Ada 🌱\nBcc altri", nota="Grazie 🍅"))
    assert (the_order().customer, the_order().note) == ("Ada 🌱 Bcc altri", "Grazie 🍅")


@pytest.mark.parametrize("row", ["", "x", "1:2", "1:0:180", "-1:1:1", "1:1:1:1", "99999999999:1:1", "٣:1:1"])
def test_lines_that_cannot_be_are_answered_calmly(client: FlaskClient, row: str) -> None:
    pickup = make.pickup()
    put(client, make.chard())
    answer = client.post("/cassa", data=form(client, pickup, riga=row))
    assert answer.status_code in (303, 409, 422)
    assert how_many() == 0


def test_the_english_button_says_the_same(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.chard())
    client.get("/?lang=en")
    page = client.get("/cassa").text
    assert '<html lang="en">' in page
    assert "Order with obligation to pay" in page


def test_ordering_takes_few_statements(client: FlaskClient) -> None:
    pickup = make.pickup()
    for product in (make.chard(), make.honey(), make.carrots()):
        put(client, product)
    sent = form(client, pickup)
    with statements() as seen:
        assert client.post("/cassa", data=sent).status_code == 303
    assert len(seen) <= 40, len(seen)


def test_the_place_of_the_order_keeps_its_name(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    location = client.post("/cassa", data=form(client, pickup)).location
    with transaction() as session:
        session.get_one(Place, pickup.place_id).name = "Altro nome"
    assert "Piazza Ducale" in client.get(location).text


@pytest.mark.parametrize("number", ["9" * 30, "2147483648", "9" * 5_000, "-1", "\u0663"])
def test_a_pick_up_that_no_row_can_have_is_answered_calmly(client: FlaskClient, number: str) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, pickup, ritiro=number))
    assert answer.status_code == 422
    assert "Scegli un ritiro." in words(answer.text)
    assert kept(answer.text)
    assert client.post("/ritiro", data={"ritiro": number}).status_code == 409


def test_practice_is_not_for_citizens(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.honey())
    jar = make.product("prova", practice=True)
    sent = form(client, make.pickup(practice=True), riga=f"{jar.id}:1:{jar.price}")
    answer = client.post("/cassa", data=sent)
    assert answer.status_code == 409
    assert "Questo ritiro non prende più ordini" in words(answer.text)
    assert how_many() == 0


def test_a_pick_up_that_nobody_knows_asks_for_another(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, ritiro="999999"))
    assert answer.status_code == 409
    assert kept(answer.text)


def test_a_name_that_cannot_be_seen_is_asked_for_again(client: FlaskClient) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, pickup, nome="\u200b\u2060 \u00ad"))
    assert answer.status_code == 422
    assert "Scrivi il tuo nome" in words(answer.text)


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x9b"])
def test_signs_that_nobody_can_write_are_said_and_the_rest_is_kept(client: FlaskClient, sign: str) -> None:
    pickup = make.pickup()
    put(client, make.honey())
    answer = client.post("/cassa", data=form(client, pickup, ritira=f"Ugo{sign}Ferri"))
    assert answer.status_code == 422
    assert "un segno che non riusciamo a scrivere" in words(answer.text)
    assert kept(answer.text)
    assert how_many() == 0
