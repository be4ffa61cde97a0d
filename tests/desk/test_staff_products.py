"""Products for tutors and the coordinator: found, priced, counted, put on sale, described, taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from catalog import listing, places, products, telling
from catalog.models import Product
from core import journal
from core.database import db, transaction
from orders import books, counting
from tests import factories as make
from tests.desk.staff_desk import as_shown, at_work, fill, form, twice
from tests.desk.walking import Desk
from tests.shop.citizen import form as basket
from tests.shop.citizen import put, statements, words
from tests.test_doors import signed_in

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.fixture
def teresa(app: Flask) -> Desk:
    """The coordinator."""
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


def address(product: Product, more: str = "") -> str:
    return f"/banco/prodotti/{product.id}{more}"


def fresh(product: Product) -> Product:
    make.fresh(product)
    return product


# --- the list


def test_the_list_says_what_it_costs_how_much_there_is_and_where_it_grows(rita: Desk) -> None:
    make.carrots(field_id=make.field("Campo lungo").id, left=12_500)
    make.honey(left=0)
    make.chard(on_sale=False)
    text = rita.go("/banco/prodotti").text
    assert "Carote Campo lungo 2,90 € al chilo 12,5 kg in vetrina" in text.replace("\xa0", " ")
    assert "Miele di acacia senza campo 8,50 € al vasetto Finito in vetrina" in text.replace("\xa0", " ")
    assert "100 mazzi non in vetrina" in text
    assert "Tutti 3 In vetrina 2 Non in vetrina 1 Finiti 1" in text


def test_a_product_is_found_by_its_name(rita: Desk) -> None:
    make.honey()
    make.chard()
    rita.go("/banco/prodotti", sends={"cerca": "ACÀCIA"})
    assert rita.offers("Miele di acacia")
    assert not rita.offers("Bietole")
    assert "Nessun prodotto con «drago»." in rita.go("/banco/prodotti", sends={"cerca": "drago"}).text
    assert "Bietole" in rita.go("/banco/prodotti", sends={"quali": "vetrina"}).text
    assert "Qui non c'è nessun prodotto." in rita.press("Non in vetrina").text


def test_2000_products_are_shown_50_at_a_time_with_as_many_statements_as_60(rita: Desk) -> None:
    def look(page: int) -> int:
        make.fresh(None)
        with statements() as seen:
            assert rita.go(f"/banco/prodotti?pagina={page}").status == 200
        return len(seen)

    grow(60, "primo")
    few = look(1)
    grow(1940, "altro")
    assert look(40) == few <= 12
    assert "Pagina 40 di 40" in rita.text
    assert rita.html.count("<h3>") == listing.ON_A_PAGE
    assert rita.press("Pagina prima").text.count("Pagina 39 di 40") == 1
    assert "Pagina 1 di 40" in rita.go("/banco/prodotti?pagina=987").text


def grow(how_many: int, slug: str) -> None:
    goods = {"kind": "fixed", "price": 100, "vat_category": "verdura"}
    with transaction() as session:
        session.add_all(Product(slug=f"{slug}-{n}", name=f"Prodotto {slug} {n:04}", **goods) for n in range(how_many))


def test_a_page_of_one_product_takes_no_more_statements_after_a_long_life(rita: Desk) -> None:
    honey = make.honey()

    def look() -> int:
        make.fresh(None)
        with statements() as seen:
            assert rita.go(address(honey)).status == 200
        return len(seen)

    few = look()
    for cents in range(900, 930):
        products.set_price(honey.id, cents)
    for _ in range(5):
        make.order(make.wish(fresh(honey)))
    assert look() <= few + 1  # a price that was changed can be taken back: one look whether its letters have left


# --- the price


def test_a_new_price_is_in_the_shop_with_the_next_page_and_asks_whoever_saw_the_old_one(
    rita: Desk, client: FlaskClient
) -> None:
    honey, pickup = make.honey(price=850), make.pickup()
    put(client, honey)
    client.post("/ritiro", data={"ritiro": pickup.id})
    seen = basket(client, pickup)
    rita.go(address(honey))
    assert "500 g: 17,00 € al chilo" in rita.text.replace("\xa0", " ")
    fill(rita, "Salva il prezzo", prezzo="9,20")
    assert "Da adesso costa 9,20" in rita.text
    assert "18,40 € al chilo" in rita.text.replace("\xa0", " ")
    assert "9,20" in words(client.get("/prodotti/miele-acacia").text)
    answer = client.post("/cassa", data=seen)
    assert answer.status_code == 409
    assert "9,20" in words(answer.text)
    assert db.session.query(journal.Entry).filter_by(action="order.placed").count() == 0


def test_the_page_says_the_lowest_price_and_that_orders_keep_theirs(rita: Desk) -> None:
    honey = make.honey(price=850)
    order = make.order(make.wish(honey))
    products.set_price(honey.id, 920)
    text = rita.go(address(honey)).text
    assert "Il prezzo più basso da martedì 1 dicembre: 8,50" in text
    assert "Gli ordini già presi tengono il loro prezzo." in text
    assert order.lines[0].price == 850


@pytest.mark.parametrize("typed", ["3.20", "3,20", "3,2", " € 3,20 "])
def test_euro_are_typed_with_a_comma_or_a_point(rita: Desk, typed: str) -> None:
    carrots = make.carrots(price=290)
    fill(rita.go(address(carrots)), "Salva il prezzo", prezzo=typed)
    assert fresh(carrots).price == 320


def test_a_comma_that_was_left_out_is_asked_about_once(rita: Desk) -> None:
    carrots = make.carrots(price=290)
    fill(rita.go(address(carrots)), "Salva il prezzo", prezzo="320")
    assert rita.status == 422
    assert "Adesso costa 2,90 €. Il nuovo prezzo è 320,00 €?" in rita.text.replace("\xa0", " ")
    assert fresh(carrots).price == 290
    fill(rita, "Salva il prezzo", prezzo="321")
    assert "321,00" in rita.text
    assert fresh(carrots).price == 290
    rita.press("Salva il prezzo")
    assert fresh(carrots).price == 32_100


def test_two_who_change_the_price_at_once_see_each_other(app: Flask, rita: Desk) -> None:
    honey = make.honey(price=850)
    path, _method, sends = form(rita.go(address(honey)), "Salva il prezzo", prezzo="8,00")
    products.set_price(honey.id, 900)
    answer = rita.client.post(path, data=sends)
    assert answer.status_code == 409
    assert "Intanto il prezzo è cambiato: adesso è 9,00" in words(answer.text)
    assert 'value="8,00"' in answer.text
    assert fresh(honey).price == 900


def test_pressing_twice_is_one_price(rita: Desk) -> None:
    honey = make.honey()
    first, second = twice(rita.go(address(honey)), "Salva il prezzo", prezzo="9,00")
    assert (first.status_code, second.status_code) == (303, 303)
    assert [entry.action for entry in journal.entries(honey)].count("product.priced") == 1


# --- how much there is


def test_all_that_is_there_is_counted_and_what_is_promised_is_taken_off(rita: Desk) -> None:
    carrots = make.carrots(left=10_000)
    make.order(make.wish(carrots, 1_500))
    rita.go(address(carrots))
    assert "8 chili e 500 grammi da promettere ancora" in rita.text
    assert "Già promessi a 1 ordine ancora da preparare: 1 chilo e 500 grammi." in rita.text
    fill(rita, "Salva il conto", contati="12,25")
    assert "Se ne possono ancora promettere: 10 chili e 750 grammi." in rita.text
    assert fresh(carrots).left == 10_750
    rita.press("Torna indietro")
    assert "Tornato indietro: il conto." in rita.text
    assert fresh(carrots).left == 8_500
    assert books.check().problems == []


def test_less_than_was_promised_says_for_how_much_it_is_short(rita: Desk) -> None:
    honey = make.honey(left=5)
    make.order(make.wish(honey, 3))
    fill(rita.go(address(honey)), "Salva il conto", contati="1")
    assert "Per gli ordini già presi manca: 2 vasetti." in rita.text
    assert fresh(honey).left == 0


def test_grams_where_kilos_are_asked_for_are_asked_about_once(rita: Desk) -> None:
    carrots = make.carrots(left=2_000)
    fill(rita.go(address(carrots)), "Salva il conto", contati="2500")
    assert "Sono 2500 chili? Se è giusto, salva ancora." in rita.text
    assert fresh(carrots).left == 2_000
    rita.press("Salva il conto")
    assert fresh(carrots).left == 2_500_000


def test_the_harvest_of_the_week_is_added_and_taken_back_unless_it_is_promised(rita: Desk) -> None:
    chard = make.chard(left=2)
    fill(rita.go(address(chard)), "Aggiungi il raccolto", raccolto="10")
    assert "Raccolto atteso: 10 mazzi in più." in rita.text
    assert fresh(chard).left == 12
    make.order(make.wish(chard, 5))
    rita.go(address(chard)).press("Torna indietro")
    assert (rita.status, "Una parte è già stata ordinata." in rita.text) == (409, True)
    assert fresh(chard).left == 7


# --- on sale


def test_what_is_not_sold_today_is_out_of_the_shop_at_once_and_comes_back(rita: Desk, client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    assert "Bietole" in words(client.get("/").text)
    rita.go(address(chard)).press("Oggi non si vende")
    assert "Non è più in vetrina. Gli ordini già presi restano." in rita.text
    assert "Bietole" not in words(client.get("/").text)
    assert "tolto dalla vetrina" in rita.text
    rita.press("Torna indietro")
    assert "Bietole" in words(client.get("/").text)


def test_what_does_not_say_its_country_cannot_be_put_on_sale(rita: Desk) -> None:
    chard = make.chard(on_sale=False, origin="")
    rita.go(address(chard))
    assert "Prima di metterlo in vetrina: Scrivi il paese di origine." in rita.text
    assert not rita.offers("Metti in vetrina")
    assert rita.go(address(chard, "/vetrina"), method="post", sends={"vetrina": "si"}).status == 422


# --- words


def test_the_coordinator_changes_words_and_takes_them_back(teresa: Desk, client: FlaskClient) -> None:
    honey = make.honey()
    assert teresa.go(address(honey)).press("Cambia le parole").heading == "Le parole di Miele di acacia"
    save(teresa, honey, nome="Miele di tiglio", conserva="Al buio.", posto="Scaffale 3")
    assert "Salvato." in teresa.text
    assert "il nome, il posto in laboratorio, come si conserva" in teresa.text
    assert "Al buio." in words(client.get("/prodotti/miele-acacia").text)
    teresa.press("Torna indietro")
    assert "Tornato indietro: le nuove parole." in teresa.text
    assert "Al buio." not in words(client.get("/prodotti/miele-acacia").text)


def test_two_who_change_the_words_at_once_see_both_and_lose_nothing(teresa: Desk) -> None:
    honey = make.honey(storage="Al fresco.")
    sent = typed(teresa, honey, nome="Miele del bosco", conserva="Al buio.")
    save(teresa, honey, conserva="In dispensa.", campo=str(make.field("Campo lungo").id))
    answer = post(teresa, address(honey, "/parole"), sent)
    assert answer.status_code == 409
    text = words(answer.text)
    assert "Adesso c'è: «Miele di acacia»." in text
    assert "Adesso c'è: «In dispensa.»." in text
    assert "Adesso c'è: «Campo lungo, Vigevano»." in text
    assert 'value="Miele del bosco"' in answer.text
    assert 'value="Al buio."' in answer.text
    assert fresh(honey).storage == "In dispensa."
    again = sent.copy()
    again["version"] = as_shown(answer.text, address(honey, "/parole"))["version"]
    again["key"] = "the-second-look-0001"
    assert post(teresa, address(honey, "/parole"), again).status_code == 303
    assert (fresh(honey).name, honey.storage, honey.field_id) == ("Miele del bosco", "Al buio.", None)


def test_a_new_product_is_made_counted_and_put_on_sale(teresa: Desk, client: FlaskClient) -> None:
    make.pickup()
    make.vat()
    teresa.go("/banco/prodotti").press("Prodotto nuovo")
    jar = {"pezzo": "vasetto", "pezzi": "vasetti", "contiene": "330", "dura": "si", "allergeni": "nessuno"}
    sold = {"prezzo": "4,80", "iva": "verdura", "scaffale": "dispensa"}
    sent = typed(teresa, None, nome="Confettura di more 🫐", **jar, **sold)
    answer = post(teresa, "/banco/prodotti/nuovo", sent)
    assert answer.status_code == 303, words(answer.text)[:800]
    teresa.go(answer.location)
    assert teresa.heading == "Confettura di more 🫐"
    assert "14,55 € al chilo" in teresa.text.replace("\xa0", " ")
    assert "Se è confezionato: scrivi gli ingredienti." in teresa.text
    assert "Confettura" not in words(client.get("/").text)
    fill(teresa, "Salva il conto", contati="20")
    teresa.press("Metti in vetrina")
    assert "Confettura di more 🫐" in words(client.get("/").text)
    assert "Finito" not in words(client.get("/prodotti/confettura-di-more").text)
    assert post(teresa, "/banco/prodotti/nuovo", sent).location == answer.location


def test_a_new_product_that_was_refused_keeps_everything_that_was_written(teresa: Desk) -> None:
    make.vat()
    teresa.go("/banco/prodotti/nuovo")
    sent = typed(teresa, None, nome="Zucca", prezzo="2,40", iva="verdura", vendita="piece_by_weight", mese_da="9")
    sent.setlist("allergeni", ["sedano", "senape"])
    answer = post(teresa, "/banco/prodotti/nuovo", sent)
    assert answer.status_code == 422
    for kept in ('value="Zucca"', 'value="2,40"', 'value="piece_by_weight" checked', 'value="senape" checked'):
        assert kept in answer.text
    assert "Scrivi quanti grammi pesa circa un pezzo." in words(answer.text)
    assert listing.listed("zucca", listing.ALL, 1).goods == []


def test_a_bowl_and_a_mill_can_be_chosen(teresa: Desk) -> None:
    carrots, mill = make.carrots(), make.field("Mulino")
    bowl = places.add_container("Ciotola verde", 180, by=None)
    save(teresa, carrots, lavorato=str(mill.id), ciotola=str(bowl.id), mese_da="10", mese_a="3")
    assert "lavorato a: Mulino" in teresa.text
    assert "Ciotola verde, 180" in teresa.text
    assert "da ottobre a marzo" in teresa.text
    assert (fresh(carrots).processed_at_id, carrots.container_id, carrots.season) == (mill.id, bowl.id, "10-3")


def test_every_word_of_a_product_stands_on_its_form(teresa: Desk) -> None:
    """A column that the form forgets would be emptied by it."""
    honey = make.honey(**dict.fromkeys(set(telling.LONGEST) - {"name", "quality_class"}, "Parola"), season="4-6")
    before = {name: getattr(honey, name) for name in telling.WORDS}
    save(teresa, honey)
    fresh(honey)
    assert {name: getattr(honey, name) for name in telling.WORDS} == before


def test_what_may_stay_empty_is_not_asked_for_by_the_browser(teresa: Desk) -> None:
    """A list that begins with nothing and is required keeps the whole form from being sent."""
    html = teresa.go(address(make.honey(), "/parole")).html
    required = re.findall(r'<select class="input" id="(\w+)"[^>]* required', html)
    assert required == ["iva"]
    assert len(re.findall("<select", html)) > 6


# --- who may do what


def test_a_tutor_counts_and_prices_and_the_words_are_the_coordinators(app: Flask, rita: Desk, teresa: Desk) -> None:
    honey = make.honey()
    rita.go(address(honey))
    assert not rita.offers("Cambia le parole")
    for path in (address(honey, "/parole"), "/banco/prodotti/nuovo"):
        assert rita.go(path).status == 403
    anna = signed_in(app, make.person("Anna"), tablet=make.tablet()[1])
    assert anna.get("/banco/prodotti").status_code == 403
    save(teresa, honey, nome="Miele di tiglio")
    assert not rita.go(address(honey)).offers("Torna indietro")
    newest = journal.entries(honey)[0]
    sends = {"deed": str(newest.id), "key": "of-somebody-elses-deed"}
    assert rita.go(address(honey, "/torna-indietro"), method="post", sends=sends).status == 403
    assert fresh(honey).name == "Miele di tiglio"


def test_practice_jars_are_nobodys_business_here(rita: Desk) -> None:
    jar = make.product("vasetto-di-prova", practice=True)
    assert rita.go(address(jar)).status == 404
    assert "Vasetto" not in rita.go("/banco/prodotti").text


def test_the_farm_shows_everybody_their_own_doors(rita: Desk, teresa: Desk) -> None:
    rita.go("/tutor").press("Cascina")
    assert rita.heading == "Cascina"
    main = rita.html.partition("<main")[2]
    assert "Prodotti" in main
    assert "Incassi" in main
    assert "Campi" not in main
    for door, heading in (("Campi", "Campi"), ("Luoghi", "Luoghi"), ("Ciotole", "Ciotole")):
        assert teresa.go("/banco/cascina").press(door).heading == heading
        assert 'href="/banco/cascina" aria-current="page"' in teresa.html


def test_the_frame_has_no_more_words_than_fit_a_phone(teresa: Desk) -> None:
    rooms = teresa.go("/tutor").html.partition('class="rooms"')[2].partition("</nav>")[0]
    assert "Prodotti" in rooms
    assert rooms.count("<a ") <= 8, "nine with the crates that are left over: two lines of a phone"


def test_what_happened_is_told_in_words(rita: Desk) -> None:
    honey = make.honey(left=10)
    products.set_price(honey.id, 900)
    counting.count(honey.id, 12, by=None)
    products.set_on_sale(honey.id, False, by=None)
    text = rita.go(address(honey)).text.replace("\xa0", " ")
    for told in (
        "Prezzo: era 8,50 €, adesso 9,00 €.",
        "Contati in tutto: 12 vasetti. Da promettere: 12 vasetti.",
        "Tolto dalla vetrina.",
        "Raccolto atteso: 10 vasetti in più.",
        "Prodotto nuovo.",
    ):
        assert told in text


# --- hands


def typed(desk: Desk, product: Product | None, **changes: Any) -> MultiDict[str, str]:
    """The form of words as its page shows it, with these fields written otherwise."""
    path = address(product, "/parole") if product else "/banco/prodotti/nuovo"
    sent = as_shown(desk.client.get(path).text, path)
    for name, value in changes.items():
        sent.setlist(name, [str(value)])
    return sent


def save(desk: Desk, product: Product, **changes: Any) -> Desk:
    answer = post(desk, address(product, "/parole"), typed(desk, product, **changes))
    assert answer.status_code == 303, words(answer.text)[:800]
    return desk.go(answer.location)


def post(desk: Desk, path: str, sent: MultiDict[str, str]) -> TestResponse:
    return desk.client.post(path, data=sent)
