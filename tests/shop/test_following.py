"""An order's own page behind its secret address: where it is, what it costs and why, who comes, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from adapters.pdf import PdfMissing
from core.database import transaction
from core.formats import moment, window
from orders import (
    cancelling,
    changing,
    documents,
    giving_back,
    handing_over,
    links,
    preparing,
    rescheduling,
    substituting,
)
from orders.models import Order, Seller
from orders.placing import Wish
from tests import factories as make
from tests.shop.citizen import sent_by, statements, words


def page_of(client: FlaskClient, order: Order) -> str:
    return words(client.get(f"/ordini/{links.make(order)}").text)


def weighed(order: Order, grams: int) -> None:
    line = order.lines[0]
    preparing.weigh_line(order.id, line.id, grams, version=line.version, by=None)


def given(order: Order) -> Order:
    """Paid in cash and with its citizen."""
    handing_over.take_cash(order.id, by=None, expected=handing_over.cash_due(order))
    return handing_over.hand_over(order.id, by=None)


def a_phone() -> None:
    with transaction() as session:
        session.merge(Seller(id=1, name="La cascina", phone="0381 000 000", email="ciao@cascina.example"))


# --- where it is


def test_the_page_follows_the_order_in_words(client: FlaskClient) -> None:
    order = make.order(make.wish(make.carrots(), 1_000))
    assert "Grazie Maria, abbiamo ricevuto il tuo ordine." in page_of(client, order)
    make.closed(order)
    assert "Stiamo preparando la tua cassetta." in page_of(client, order)
    make.prepared(order)
    assert "La tua cassetta è pronta" in page_of(client, order)
    given(order)
    page = page_of(client, order)
    assert "Consegnato a Maria Rossi" in page
    assert "ti ridiamo i soldi, oppure un credito" in page


def test_a_changed_order_says_that_this_is_what_counts(client: FlaskClient) -> None:
    chard = make.chard()
    order = make.order(make.wish(chard))
    changing.change(order.id, [make.wish(chard, 3)], version=0, key="k" * 20)
    assert "Grazie Maria, l'ordine è cambiato: vale quello che vedi qui." in page_of(client, order)


def test_crate_number_and_picture_are_shown_from_ready_on(client: FlaskClient) -> None:
    order = make.closed(make.order())
    assert "numero 1" not in page_of(client, order)
    make.prepared(order)
    page = page_of(client, order)
    assert "La tua cassetta ha il numero 1 e la figura: tartaruga." in page
    assert "Le cassette sono" not in page
    preparing.set_crates(order.id, 2, by=None)
    assert "Le cassette sono 2, tutte con lo stesso numero." in page_of(client, order)


def test_who_did_not_come_reads_how_long_the_crate_waits_and_that_nothing_is_to_be_paid(client: FlaskClient) -> None:
    a_phone()
    order = make.prepared(make.order(make.wish(make.chard())))
    after = order.pickup.to_at + timedelta(minutes=1)
    with make.clock.at(after):
        handing_over.mark_not_collected(order.id, by=None)
        page = page_of(client, order)
    next_noon = make.clock.rome(order.pickup.day + timedelta(days=1), 12)
    assert "Può succedere: non devi pagare nulla." in page
    assert f"Teniamo la cassetta fino a {moment(next_noon)}. Se la vuoi ancora telefonaci: 0381 000 000" in page
    assert "tornata in cascina" not in page


def test_who_was_not_at_home_reads_that_the_crate_is_back_at_the_farm(client: FlaskClient) -> None:
    home = make.pickup(make.place(name="A casa tua", kind="round", fee=300))
    order = make.prepared(make.order(make.wish(make.chard()), at=home, address="Via Roma 1, 27029 Vigevano"))
    with make.clock.at(home.to_at + timedelta(minutes=1)):
        handing_over.mark_not_collected(order.id, by=None)
        page = page_of(client, order)
    next_noon = make.clock.rome(home.day + timedelta(days=1), 12)
    assert f"La cassetta è tornata in cascina e ti aspetta lì fino a {moment(next_noon)}." in page
    assert "Teniamo la cassetta" not in page
    assert "Il conto" not in page
    assert "Apre la porta un'altra persona?" in page
    with make.clock.at(next_noon):
        gone = page_of(client, order)
    assert "La verdura è andata a chi ne aveva bisogno." in gone
    assert "un'altra persona?" not in gone  # nobody can come for what is not there


def test_what_is_to_be_paid_stands_beside_when_and_where(client: FlaskClient) -> None:
    order = make.order(make.wish(make.carrots(), 1_500))
    assert "Da pagare circa 4,35 €, al massimo 4,79 € Ti scriviamo a" in page_of(client, order)
    weighed(make.closed(order), 1_600)
    assert "Da pagare 4,64 € Ti scriviamo a" in page_of(client, order)
    preparing.finish(order.id, by=None)
    given(preparing.label(order.id, by=None))
    assert "€ Ti scriviamo a" not in page_of(client, order)
    exact = make.order(make.wish(make.honey(), 1))
    assert "Da pagare 8,50 € Ti scriviamo a" in page_of(client, exact)


def test_a_pick_up_that_we_call_off_says_why_and_leads_back_to_the_shelves(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()))
    rescheduling.call_off(order.pickup_id, "Gelata della notte.", by=None)
    page = page_of(client, order)
    assert "Ci dispiace, il ritiro non si fa. Non devi pagare nulla. Il motivo: Gelata della notte." in page
    assert "Hai disdetto" not in page
    assert "Guarda che cosa c'è questa settimana" in page


def test_whoever_cancelled_before_we_called_it_off_still_reads_that_they_cancelled(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()))
    cancelling.cancel(order.id, why="citizen")
    rescheduling.call_off(order.pickup_id, "Gelata.", by=None)
    page = page_of(client, order)
    assert "Hai disdetto questo ordine." in page
    assert "Gelata" not in page


def test_what_the_staff_cancelled_does_not_say_that_the_citizen_did(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard()))
    cancelling.cancel(order.id, why="ha telefonato", as_staff=True)
    page = page_of(client, order)
    assert "Questo ordine è disdetto. Non devi pagare nulla." in page
    assert "ha telefonato" not in page


def moved(order: Order) -> Order:
    day = order.pickup.day + timedelta(days=1)
    rescheduling.move(order.pickup_id, day=day, from_minute=17 * 60, to_minute=19 * 60, reason="Strada chiusa", by=None)
    make.fresh(order)
    return order


def test_a_moved_pick_up_says_when_it_is_now_and_may_be_cancelled_until_it_begins(client: FlaskClient) -> None:
    order = moved(make.closed(make.order(make.wish(make.chard()))))
    with make.clock.at(order.pickup.from_at - timedelta(minutes=1)):
        page = page_of(client, order)
        assert "Il giorno, l'ora o il posto sono cambiati." in page
        assert f"Adesso è {window(order.pickup.from_at, order.pickup.to_at)}, Piazza Ducale." in page
        assert "puoi disdire fino a quando comincia" in page
        address = f"/ordini/{links.make(order)}/disdici"
        assert "per causa nostra: puoi disdire fino a quando comincia" in words(client.get(address).text)
        assert client.post(address).status_code == 303
    make.fresh(order)
    assert not order.stands


def test_after_a_moved_pick_up_has_begun_it_can_no_longer_be_cancelled(client: FlaskClient) -> None:
    order = moved(make.closed(make.order(make.wish(make.chard()))))
    with make.clock.at(order.pickup.from_at):
        assert client.post(f"/ordini/{links.make(order)}/disdici").status_code == 409
    make.fresh(order)
    assert order.stands


def test_whoever_ordered_after_the_move_reads_nothing_of_it(client: FlaskClient) -> None:
    first = make.order(make.wish(make.chard()))
    moved(first)
    with make.clock.at(make.clock.now() + timedelta(minutes=1)):
        later = make.order(make.wish(make.honey()), at=first.pickup)
        assert "sono cambiati" in page_of(client, first)
        assert "abbiamo ricevuto il tuo ordine" in page_of(client, later)
        assert "sono cambiati" not in page_of(client, later)


# --- why it costs that


def test_the_real_weight_explains_the_price(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    assert "1,5 kg, 2,90 € al chilo 4,35 € stima, al massimo 4,79 €" in page_of(client, order)
    weighed(order, 1_420)
    assert "1,420 kg × 2,90 € 4,12 € Avevi chiesto 1,5 kg: stima 4,35 €, al massimo 4,79 €." in page_of(client, order)


def test_more_than_the_maximum_is_a_gift(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    weighed(order, 1_700)
    page = page_of(client, order)
    assert "1,700 kg × 2,90 € = 4,93 € 4,79 €" in page
    assert "Il tuo massimo era 4,79 €: il resto è un regalo." in page
    assert "Totale da pagare 4,79 €" in page


def test_pieces_that_are_weighed_are_counted_and_weighed(client: FlaskClient) -> None:
    squash = make.product("zucca", kind="piece_by_weight", price=240, piece_grams=1_800)
    order = make.closed(make.order(make.wish(squash, 2)))
    weighed(order, 3_510)
    assert "2 pezzi, 3,510 kg × 2,40 € 8,42 €" in page_of(client, order)


def test_what_is_short_says_what_was_asked_for(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.chard(), 3)))
    preparing.pack_short(order.id, order.lines[0].id, pieces=2, version=0, by=None)
    page = page_of(client, order)
    assert "2 mazzi, 1,80 € al mazzo 3,60 €" in page
    assert "Avevi chiesto 3 mazzi, ma ce n'era di meno: paghi solo quello che c'è." in page


def test_what_is_missing_is_said_and_not_paid(client: FlaskClient) -> None:
    order = make.closed(make.order(make.wish(make.chard(), 2)))
    preparing.mark_missing(order.id, order.lines[0].id, version=0, by=None)
    page = page_of(client, order)
    assert "Bietole 2 mazzi 0,00 € Questa volta non c'era: non la paghi." in page
    assert "Da pagare nulla" in page


def test_what_came_in_its_place_stands_under_it_and_never_costs_more(client: FlaskClient) -> None:
    chard, honey = make.chard(), make.honey()
    kale = make.product("cavolo-nero", name="Cavolo nero", price=400, unit="mazzo", unit_plural="mazzi")
    order = make.closed(make.order(Wish(chard.id, 2, chard.price, may_substitute=True), make.wish(honey)))
    line = substituting.substitute(order.id, order.lines[0].id, kale.id, 1, version=0, by=None)
    preparing.take_line(order.id, line.id, version=line.version, by=None)
    page = page_of(client, order)
    missing, instead, other = (
        page.index(name) for name in ("Al suo posto: Cavolo nero.", "Al posto di: Bietole.", "Miele")
    )
    assert missing < instead < other
    assert "1 mazzo, 4,00 € al mazzo = 4,00 € 3,60 €" in page
    assert "Il tuo massimo era 3,60 €: il resto è un regalo." in page


def test_discount_and_fee_stand_between_goods_and_total(client: FlaskClient) -> None:
    order = make.order(make.wish(make.chard(), 10), at=make.pickup(make.place(fee=300)))
    with transaction() as session:
        session.get_one(Order, order.id).discount_percent = 10
    page = page_of(client, make.prepared(order))
    assert "Prodotti 18,00 € Sconto 10% −1,80 € Consegna 3,00 € Totale da pagare 19,20 €" in page


def test_what_is_due_is_exact_by_card_and_rounded_in_cash(client: FlaskClient) -> None:
    order = make.prepared(make.order(make.wish(make.carrots(price=289), 1_000)))
    page = page_of(client, order)
    assert "Totale da pagare 2,89 €" in page
    assert "Paghi in contanti o con la carta. In contanti sono 2,90 €: si arrotonda ai 5 centesimi." in page
    handing_over.take_cash(order.id, by=None, expected=290)
    page = page_of(client, order)
    assert "Totale 2,89 € Arrotondamento dei contanti 0,01 € Pagato in contanti 2,90 € Da pagare nulla" in page


def test_money_that_was_given_back_at_the_desk_by_undo_is_not_shown(client: FlaskClient) -> None:
    order = make.prepared(make.order(make.wish(make.chard())))
    handing_over.take_card(order.id, by=None, expected=180)
    handing_over.give_money_back(order.id, [payment.id for payment in order.payments], by=None)
    page = page_of(client, order)
    assert "Pagato" not in page
    assert "Totale da pagare 1,80 €" in page


def test_a_refund_says_which_line_why_and_what_remains(client: FlaskClient) -> None:
    order = given(make.prepared(make.order(make.wish(make.chard(), 2), make.wish(make.honey()))))
    giving_back.give_back(order.id, {order.lines[0].id: 180}, how="credit", reason="erano appassite", by=None)
    page = page_of(client, order)
    for said in (
        "Totale 12,10 € Bietole, ridato Erano appassite. IVA 4%, compresa. −1,80 € Totale dopo il rimborso 10,30 €",
        "Pagato in contanti 12,10 € Ridato come credito −1,80 € Da pagare nulla",
        "Di quello che hai comprato",
        "4% 3,46 € 0,14 € 3,60 €",
        "Dopo il rimborso Aliquota Imponibile IVA Totale 4% 1,73 € 0,07 € 1,80 €",
    ):
        assert said in page
    giving_back.take_back(
        order.id, [order.refunds[0].id], [payment.id for payment in order.payments if payment.kind == "credit"], by=None
    )
    assert "ridato" not in page_of(client, order)


def test_the_vat_of_what_was_sold_is_told_per_rate(client: FlaskClient) -> None:
    page = page_of(client, make.order(make.wish(make.carrots(price=290), 1_500), make.wish(make.honey())))
    assert "L'IVA nel totale: 0,94 €" in page
    assert "4% 4,18 € 0,17 € 4,35 €" in page
    assert "10% 7,73 € 0,77 € 8,50 €" in page


# --- who may see it


def test_the_address_is_masked_and_the_page_is_nobody_elses(client: FlaskClient) -> None:
    answer = client.get(f"/ordini/{links.make(make.order())}")
    assert "m•••@posta.example" in answer.text
    assert "maria.rossi" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'content="noindex' in answer.text


def test_one_address_never_shows_another_order(client: FlaskClient) -> None:
    pickup = make.pickup()
    mine, other = make.order(at=pickup), make.order(at=pickup, name="Ugo Ferri", email="ugo@posta.example")
    page = page_of(client, mine)
    assert f"Ordine {mine.number}" in page
    assert other.number not in page
    assert "Ugo" not in page


@pytest.mark.parametrize("token", ["1", "1001", "x" * 32, "%00", "..%2f..", "' OR 1=1"])
def test_a_wrong_address_leads_nowhere(client: FlaskClient, token: str) -> None:
    make.order()
    for path in ("", "/disdici", "/cambia", "/riepilogo.pdf"):
        answer = client.get(f"/ordini/{token}{path}")
        assert answer.status_code == 404
        assert "1001" not in words(answer.text)
    for path in ("/disdici", "/cambia", "/ritira"):
        assert client.post(f"/ordini/{token}{path}").status_code == 404


# --- the paper


def test_the_summary_is_a_paper_of_this_order(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "order_summary", lambda order: f"%PDF-{order.number}".encode())
    order = make.order()
    address = f"/ordini/{links.make(order)}"
    assert f"{address}/riepilogo.pdf" in client.get(address).text
    answer = client.get(f"{address}/riepilogo.pdf")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", b"%PDF-1001")
    assert answer.headers["Content-Disposition"] == 'inline; filename="ordine-1001.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_printer_the_summary_is_a_calm_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_order: Order) -> bytes:
        raise PdfMissing("Qui non si può ancora stampare.")

    monkeypatch.setattr(documents, "order_summary", missing)
    answer = client.get(f"/ordini/{links.make(make.order())}/riepilogo.pdf")
    assert answer.status_code == 503
    assert "Qui non si può ancora stampare." in words(answer.text)


# --- somebody else comes


def send(client: FlaskClient, address: str, name: str) -> None:
    page = client.get(address).text
    answer = client.post(f"{address}/ritira", data=sent_by(page, "/ritira", ritira=name))
    assert (answer.status_code, answer.location) == (303, address)


def test_somebody_else_may_come_and_it_can_be_taken_back(client: FlaskClient) -> None:
    order = make.order()
    address = f"/ordini/{links.make(order)}"
    send(client, address, "  Ugo   Ferri ")
    page = words(client.get(address).text)
    assert "Va bene: può venire anche Ugo Ferri." in page
    assert "Può ritirare anche Ugo Ferri" in page
    send(client, address, "")
    assert "Va bene: vieni tu." in words(client.get(address).text)
    make.fresh(order)
    assert order.collector is None


def test_at_home_another_person_opens_the_door(client: FlaskClient) -> None:
    order = make.order(
        at=make.pickup(make.place(name="In bicicletta", kind="round")), address="Via Roma 1, 27029 Vigevano"
    )
    address = f"/ordini/{links.make(order)}"
    send(client, address, "Ugo Ferri")
    page = words(client.get(address).text)
    assert "Va bene: può aprire anche Ugo Ferri." in page
    assert "Può aprire anche Ugo Ferri" in page
    assert "itirare anche" not in page
    send(client, address, "")
    assert "Va bene: apri tu." in words(client.get(address).text)


@pytest.mark.parametrize(
    ("name", "said"), [("x" * 101, "È troppo lungo"), ("Ugo\0", "un segno che non riusciamo a scrivere")]
)
def test_a_name_that_cannot_be_is_said_and_kept(client: FlaskClient, name: str, said: str) -> None:
    order = make.order(collector="Ada")
    answer = client.post(f"/ordini/{links.make(order)}/ritira", data={"ritira": name})
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert f'value="{name}"' in answer.text
    assert "<details open" in answer.text.replace('class="fold no-print" ', "")
    make.fresh(order)
    assert order.collector == "Ada"


def test_after_hand_over_nobody_else_comes(client: FlaskClient) -> None:
    order = given(make.prepared(make.order()))
    address = f"/ordini/{links.make(order)}"
    assert "Viene un'altra persona?" not in words(client.get(address).text)
    answer = client.post(f"{address}/ritira", data={"ritira": "Ugo Ferri"})
    assert answer.status_code == 409
    assert "La cassetta è già stata consegnata." in words(answer.text)


def test_until_hand_over_the_name_can_still_be_written(client: FlaskClient) -> None:
    order = make.prepared(make.order())
    send(client, f"/ordini/{links.make(order)}", "Ugo Ferri")


# --- taking it back


def test_an_order_is_cancelled_in_two_steps_until_the_cut_off(client: FlaskClient) -> None:
    honey = make.honey(left=3)
    order = make.order(make.wish(honey))
    address = f"/ordini/{links.make(order)}"
    assert "Disdici l'ordine" in words(client.get(address).text)
    assert "Sì, disdici l'ordine" in words(client.get(f"{address}/disdici").text)
    assert order.stands
    answer = client.post(f"{address}/disdici")
    assert (answer.status_code, answer.location) == (303, address)
    page = words(client.get(address).text)
    assert "Hai disdetto questo ordine. Non devi pagare nulla." in page
    assert "Disdici l'ordine" not in page
    make.fresh(honey)
    assert honey.left == 3
    assert client.post(f"{address}/disdici").status_code == 303


def test_after_the_cut_off_cancelling_is_refused_with_a_sentence(client: FlaskClient) -> None:
    order = make.order()
    address = f"/ordini/{links.make(order)}"
    with make.clock.at(order.pickup.cutoff_at):
        page = words(client.get(address).text)
        assert "Disdici l'ordine" not in page
        assert "Cambia l'ordine" not in page
        assert client.get(f"{address}/disdici").status_code == 303
        answer = client.post(f"{address}/disdici")
    assert answer.status_code == 409
    assert "Il tempo per disdire è finito" in words(answer.text)
    make.fresh(order)
    assert order.stands


def test_goods_that_keep_lead_to_the_withdrawal_page(client: FlaskClient) -> None:
    fresh, jar = make.order(make.wish(make.chard())), make.order(make.wish(make.honey()))
    way = '/recesso"><span>Recedere dal contratto qui'
    token = links.make(jar)
    assert way not in client.get(f"/ordini/{links.make(fresh)}").text
    assert f"/ordini/{token}{way}" in client.get(f"/ordini/{token}").text
    assert "Recesso escluso: prodotto deperibile" in page_of(client, fresh)
    assert "Recesso entro 14 giorni" in page_of(client, jar)


def test_a_withdrawal_that_was_declared_is_told_on_the_page(client: FlaskClient) -> None:
    jar = make.order(make.wish(make.honey()))
    token = links.make(jar)
    assert "comunicato il recesso" not in words(client.get(f"/ordini/{token}").text)
    page = client.get(f"/ordini/{token}/recesso").text
    sent = sent_by(page, f"/ordini/{token}/recesso", azione="conferma")
    client.post(f"/ordini/{token}/recesso", data=sent)
    assert "Hai comunicato il recesso" in words(client.get(f"/ordini/{token}").text)


def test_a_crate_that_waited_in_vain_is_not_said_to_wait(client: FlaskClient) -> None:
    order = make.prepared(make.order(make.wish(make.honey())))
    assert "è pronta: ti aspettiamo." in page_of(client, order)
    with make.clock.at(order.pickup.to_at + timedelta(hours=2)):
        page = page_of(client, order)
    assert "La tua cassetta è pronta." in page
    assert "ti aspettiamo" not in page


# --- how much it asks of the database


def test_the_page_takes_the_same_few_statements_for_two_lines_and_for_sixty(client: FlaskClient) -> None:
    counts = []
    for number in (2, 60):
        goods = [make.product() for _ in range(number)]
        order = given(make.prepared(make.order(*[make.wish(each) for each in goods])))
        giving_back.give_back(order.id, {line.id: 100 for line in order.lines}, how="credit", reason="x", by=None)
        address = f"/ordini/{links.make(order)}"
        make.fresh(order)
        with statements() as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 7, counts
