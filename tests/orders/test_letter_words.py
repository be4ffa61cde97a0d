"""What a letter says: everything the law wants in writing, and why the price is what it is, in text and HTML alike."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.database import transaction
from orders import changing, giving_back, handing_over, letters, preparing, substituting
from orders.models import Order, Seller
from orders.placing import Wish
from tests import factories as make
from tests.shop.citizen import words

pytestmark = pytest.mark.usefixtures("app")


def both(name: str, order: Order, more: dict[str, Any] | None = None) -> list[str]:
    """What one reads of the letter, as text and as HTML."""
    message = letters.write(name, order, "TOKEN", "<id@prova.example>", more)
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    assert all(parts)
    text, html = (part.get_content() for part in parts if part)
    return [words(text), words(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))]


def seller(**facts: str) -> None:
    with transaction() as session:
        session.merge(Seller(id=1, **facts))


# --- received and changed (italian-rules 9, nos. 25 and 26)

CONFIRMED = (
    "1001",
    "Carote: 4,35 €",
    "1,5 kg, 2,90 € al chilo Stima; al massimo 4,79 €.",
    "Miele di acacia: 8,50 €",
    "Totale stimato: 12,85 €",
    "Al massimo paghi: 13,29 €",
    "di cui IVA 4%: 0,17 € su 4,18 €",
    "di cui IVA 10%: 0,77 € su 7,73 €",
    "Piazza Ducale, Vigevano",
    "16–18",
    "Pagamento: in contanti o con la carta al ritiro",
    "IVA 4%, compresa. Recesso escluso: prodotto deperibile",
    "IVA 10%, compresa. Recesso entro 14 giorni",
    "Recedo dal contratto per l'ordine 1001",
    "Scrivi a ciao@cascina.example queste parole",
    "Per un reclamo scrivi a ciao@cascina.example o telefona al 0381 000 000.",
    "garanzia legale",
    "puoi cambiare o disdire dalla pagina del tuo ordine",
    "Non mettiamo altro al suo posto, e non lo paghi.",
    "Teniamo la cassetta fino a mezzogiorno del giorno dopo",
    "La cascina Via del Campo 1, Vigevano ciao@cascina.example 0381 000 000",
    "Partita IVA 01234567890",
)


def test_the_confirmation_says_all_that_has_to_be_in_writing() -> None:
    who = {"name": "La cascina", "address": "Via del Campo 1, Vigevano", "vat_number": "01234567890"}
    seller(**who, email="ciao@cascina.example", phone="0381 000 000")
    order = make.order(make.wish(make.carrots(price=290), 1_500), make.wish(make.honey()))
    for said in (*both("received", order), *both("changed", order)):
        for each in CONFIRMED:
            assert each in said, (each, said)


def test_the_letter_leads_to_the_page_of_the_order() -> None:
    message = letters.write("received", make.order(), "TOKEN", "<id@prova.example>")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert "/ordini/TOKEN" in part.get_content()


def test_whoever_said_yes_to_something_similar_reads_it_again() -> None:
    chard = make.chard()
    order = make.order(Wish(chard.id, 1, chard.price, may_substitute=True))
    for said in both("received", order):
        assert "Possiamo mettere una cosa simile al suo posto, mai più cara: lo hai scelto tu." in said


def test_the_letter_about_a_change_shows_the_order_as_it_is_now() -> None:
    chard, honey = make.chard(), make.honey()
    order = make.order(make.wish(chard, 2))
    changing.change(order.id, [make.wish(chard, 3), make.wish(honey)], version=0, key="k" * 20)
    for said in both("changed", order):
        assert "Bietole: 5,40 €" in said
        assert "Miele di acacia: 8,50 €" in said
        assert "Totale: 13,90 €" in said


def test_a_late_order_is_not_told_that_it_can_still_be_changed() -> None:
    order = make.closed(make.order())
    with make.clock.at(order.pickup.cutoff_at):
        for said in both("received", order):
            assert "cambiare o disdire" not in said
            assert "Se devi cambiare qualcosa" in said


# --- ready (italian-rules 9, no. 27)


def test_the_letter_after_weighing_says_the_real_weights_and_the_exact_total() -> None:
    order = make.closed(make.order(make.wish(make.carrots(price=290), 1_500)))
    preparing.weigh_line(order.id, order.lines[0].id, 1_420, version=0, by=None)
    preparing.finish(order.id, by=None)
    for said in both("ready", order):
        assert "1,420 kg × 2,90 €" in said
        assert "Avevi chiesto 1,5 kg: stima 4,35 €, al massimo 4,79 €." in said
        assert "Totale da pagare: 4,12 €" in said
        assert "In contanti sono 4,10 €: si arrotonda ai 5 centesimi." in said
        assert "Pagamento: in contanti o con la carta al ritiro" in said
        assert "La tua cassetta ha il numero 1 e la figura: tartaruga." in said
        assert "stimato" not in said
        assert "isdire" not in said


def test_the_letter_after_preparing_says_why_for_every_line_that_is_not_as_it_was_ordered() -> None:
    chard, leeks, jars, carrots = make.chard(), make.product("porri"), make.honey(), make.carrots(price=290)
    kale = make.product("cavolo-nero", name="Cavolo nero", price=220, unit="mazzo", unit_plural="mazzi")
    wishes = [make.wish(leeks), make.wish(jars, 3), make.wish(carrots, 1_500)]
    order = make.closed(make.order(Wish(chard.id, 2, chard.price, may_substitute=True), *wishes))
    first, second, third, fourth = order.lines
    other = substituting.substitute(order.id, first.id, kale.id, 1, version=0, by=None)
    preparing.take_line(order.id, other.id, version=other.version, by=None)
    preparing.mark_missing(order.id, second.id, version=0, by=None)
    preparing.pack_short(order.id, third.id, pieces=2, version=0, by=None)
    preparing.weigh_line(order.id, fourth.id, 1_700, version=0, by=None)
    with transaction():
        order.discount_percent = 10
    preparing.set_crates(order.id, 2, by=None)
    preparing.finish(order.id, by=None)
    for said in both("ready", order):
        for each in (
            "Bietole: 0,00 € 2 mazzi Non c'era. Al suo posto: Cavolo nero.",
            "Cavolo nero: 2,20 € 1 mazzo, 2,20 € al mazzo Al posto di: Bietole. Mai più caro: al massimo 3,60 €.",
            "Questa volta non c'era: non la paghi.",
            "2 vasetti, 8,50 € al vasetto Avevi chiesto 3 vasetti, ma ce n'era di meno: paghi solo quello che c'è.",
            "1,700 kg × 2,90 € = 4,93 € Avevi chiesto 1,5 kg: stima 4,35 €. Il tuo massimo era 4,79 €: "
            "il resto è un regalo.",
            "Prodotti: 23,99 €",
            "Sconto 10%: −2,40 €",
            "Totale da pagare: 21,59 €",
            "Le cassette sono 2, tutte con lo stesso numero.",
        ):
            assert each in said.replace(" - ", " "), (each, said)


def test_credit_that_paid_is_said_with_what_remains() -> None:
    first = make.prepared(make.order(make.wish(make.chard(), 2)))
    handing_over.take_card(first.id, by=None, expected=360)
    handing_over.hand_over(first.id, by=None)
    giving_back.give_back(first.id, {first.lines[0].id: 360}, how="credit", reason="x", by=None)
    order = make.prepared(make.order(make.wish(make.honey())))
    for said in both("ready", order):
        assert "Totale: 8,50 €" in said
        assert "Pagato con il tuo credito: 3,60 €" in said
        assert "Da pagare: 4,90 €" in said
        assert "Paghi 4,90 € quando ricevi la cassetta, in contanti o con la carta." in said


def test_where_everything_is_missing_there_is_nothing_to_pay() -> None:
    order = make.closed(make.order(make.wish(make.chard())))
    preparing.mark_missing(order.id, order.lines[0].id, version=0, by=None)
    preparing.finish(order.id, by=None)
    for said in both("ready", order):
        assert "Non devi pagare nulla." in said
        assert "Pagamento" not in said


def test_a_letter_that_comes_after_the_crate_does_not_ask_to_come() -> None:
    order = make.prepared(make.order(make.wish(make.honey())))
    handing_over.take_cash(order.id, by=None, expected=850)
    handing_over.hand_over(order.id, by=None)
    for said in both("ready", order):
        assert "È già nelle tue mani: qui sotto c'è il conto." in said
        assert "È già tutto pagato." in said


# --- form


def test_a_name_cannot_break_the_html() -> None:
    order = make.order(name="<b>Ada</b> & Ugo", collector="<i>Ada</i>")
    message = letters.write("received", order, "TOKEN", "<id@prova.example>")
    html = message.get_body(("html",))
    assert html is not None
    assert "Ciao &lt;b&gt;Ada&lt;/b&gt;," in html.get_content()
    assert "anche: &lt;i&gt;Ada&lt;/i&gt;<" in html.get_content()
    assert "<b>Ada" not in html.get_content()
    assert "<i>" not in html.get_content()


def test_at_home_another_person_opens_the_door() -> None:
    bicycle = make.pickup(make.place(name="In bicicletta", kind="round"))
    order = make.order(at=bicycle, collector="Ugo Ferri", address="Via Roma 1, 27029 Vigevano")
    message = letters.write("received", order, "TOKEN", "<id@prova.example>")
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert "Può aprire anche: Ugo Ferri" in body.get_content()
        assert "ritirare anche" not in body.get_content()


def test_a_letter_asks_nothing_of_other_addresses() -> None:
    html = letters.write("received", make.order(), "TOKEN", "<id@prova.example>").get_body(("html",))
    assert html is not None
    assert "abbiamo ricevuto il tuo ordine" in html.get_content()
    assert not re.search(r'src=|url\(|<link|<script|style="', html.get_content())


def test_a_letter_of_sixty_lines_has_them_all() -> None:
    goods = [make.product(f"vasetto-{number:02}") for number in range(60)]
    order = make.order(*[make.wish(each) for each in goods])
    for said in both("received", order):
        assert all(f"{each.name}: 8,50 €" in said for each in goods)
        assert "Totale: 510,00 €" in said
