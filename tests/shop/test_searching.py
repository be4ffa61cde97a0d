"""Looking for something: what is found, what comes back, what nobody sells; and what robots and forms make of it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from catalog import products
from tests import factories as make
from tests.shop.citizen import put, statements, words


def look(client: FlaskClient, said: str) -> str:
    answer = client.get("/cerca", query_string={"q": said})
    assert answer.status_code == 200
    return words(answer.text)


def test_the_page_of_the_week_has_the_form_and_it_says_what_it_is(client: FlaskClient) -> None:
    make.pickup()
    make.chard()
    page = client.get("/").text
    assert 'role="search" action="/cerca" method="get"' in page
    assert '<label class="unseen" for="q">Che cosa cerchi?</label>' in page  # beside the button "Cerca", which all see


def test_a_letter_wrong_is_told_and_found(client: FlaskClient) -> None:
    make.pickup()
    make.product("zucchine", name="Zucchine")
    make.chard()
    page = look(client, "zuchina")
    assert "Nessun prodotto si chiama «zuchina»: ecco zucchine" in page
    assert "Aggiungi Zucchine" in page
    assert "Bietole" not in page


def test_what_is_only_near_is_told_and_nothing_is_blamed(client: FlaskClient) -> None:
    make.pickup()
    make.product("cipolle", name="Cipolle dorate")
    page = look(client, "cipolle rosse")
    assert "Nessun prodotto si chiama proprio «cipolle rosse»: ecco quello che si avvicina" in page
    assert "Aggiungi Cipolle dorate" in page


def test_two_things_are_two_products(client: FlaskClient) -> None:
    make.pickup()
    make.product("mele", name="Mele renette")
    make.product("pere", name="Pere kaiser")
    assert "2 prodotti per «mele e pere»" in look(client, "mele e pere")


def test_of_a_whole_shelf_what_is_there_comes_first(client: FlaskClient) -> None:
    make.pickup()
    make.product("aglio", name="Aglio", left=0)
    make.product("zucca", name="Zucca")
    page = look(client, "verdura")
    assert page.index("Zucca") < page.index("Aglio")


def test_another_name_finds_it_and_nothing_is_called_a_mistake(client: FlaskClient) -> None:
    make.pickup()
    make.chard(other_names="coste, erbette")
    page = look(client, "erbetta")
    assert "1 prodotto per «erbetta»" in page
    assert "Bietole" in page
    assert "Nessun prodotto" not in page


@pytest.mark.usefixtures("on_the_first_of_december")
def test_what_is_out_of_season_is_found_and_says_when_it_comes_back(client: FlaskClient) -> None:
    make.pickup()
    make.product("zucchine", name="Zucchine", season="6-9", left=0)
    page = look(client, "zucchine")
    assert "Torna a giugno" in page
    assert "Aggiungi" not in page


def test_what_was_found_leads_on_to_the_shelves_too(client: FlaskClient) -> None:
    make.pickup()
    make.chard()
    answer = client.get("/cerca?q=bietole")
    assert "Cercavi altro? Prova con un'altra parola, o guarda uno scaffale." in words(answer.text)
    assert 'href="/?scaffale=orto"' in answer.text


def test_nothing_found_leads_to_the_shelves_and_to_the_seasons(client: FlaskClient) -> None:
    make.pickup()
    make.chard()
    answer = client.get("/cerca?q=xyz")
    assert "Non troviamo «xyz»." in words(answer.text)
    assert 'href="/?scaffale=orto"' in answer.text
    assert 'href="/stagioni"' in answer.text


def test_what_is_not_on_sale_and_what_is_practised_with_is_not_found(client: FlaskClient) -> None:
    make.pickup()
    make.chard(on_sale=False)
    make.honey(practice=True)
    assert "Non troviamo" in look(client, "bietole")
    assert "Non troviamo" in look(client, "miele")


def test_a_new_name_is_found_with_the_very_next_page(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    assert "Non troviamo" in look(client, "coste")
    changed = {"other_names": "coste"}
    products.describe_back(chard.id, {"other_names": ""}, changed)
    assert "Bietole" in look(client, "coste")


def test_what_was_found_is_for_nobody_to_keep_or_list(client: FlaskClient) -> None:
    make.pickup()
    answer = client.get("/cerca?q=bietole")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize("said", ["<script>alert(1)</script>", '" onfocus="x', "«»", "🥕", "%", "\u202e"])
def test_what_was_typed_is_shown_as_it_is_and_does_nothing(client: FlaskClient, said: str) -> None:
    make.pickup()
    answer = client.get("/cerca", query_string={"q": said})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert 'onfocus="x' not in answer.text


def test_from_what_was_found_one_comes_back_to_it(client: FlaskClient) -> None:
    make.pickup()
    chard = make.chard()
    assert 'name="da" value="cerca?q=bietole"' in client.get("/cerca?q=bietole").text
    answer = client.post("/carrello", data={"prodotto": chard.id, "da": "cerca?q=bietole"})
    assert answer.location == "/cerca?q=bietole#carrello-bietole"
    assert "Nel carrello: 1 mazzo" in words(client.get("/cerca?q=bietole").text)
    elsewhere = client.post("/carrello", data={"prodotto": chard.id, "da": "https://evil.example/?q=x"})
    assert elsewhere.location == "/#carrello-bietole"


def test_searching_again_asks_the_database_for_nothing_but_the_version(client: FlaskClient) -> None:
    make.pickup()
    put(client, make.chard())
    client.get("/cerca?q=bietole")
    with statements() as seen:
        client.get("/cerca?q=bietola")
    assert len(seen) <= 1, seen
