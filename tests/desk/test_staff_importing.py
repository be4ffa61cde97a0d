"""The coordinator brings in products from a table: sends it, looks at what would change, writes it with one button."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from catalog import importing, list_columns, products
from catalog.models import Product
from core.database import db
from tests import factories as make
from tests.desk.staff_desk import at_work, form, twice
from tests.desk.walking import Desk
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("on_a_tuesday")

HERE = "/banco/prodotti/importa"
LIST = "nome;prezzo;iva;allergeni;descrizione\r\nFave;3,80;verdura;nessuno;Tenere.\r\nBietole;2,10;;;\r\n"


@pytest.fixture
def teresa(app: Flask) -> Desk:
    """The coordinator."""
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


def send(desk: Desk, text: str | bytes, name: str = "prodotti.csv") -> TestResponse:
    content = text.encode("utf-8-sig") if isinstance(text, str) else text
    path, _method, sends = form(desk.go(HERE), "Guarda che cosa cambia")
    return desk.client.post(path, data={**sends, "lista": (io.BytesIO(content), name)})


def review(desk: Desk, text: str) -> Desk:
    answer = send(desk, text)
    assert answer.status_code == 303
    return desk.go(answer.headers["Location"])


def how_many() -> int:
    make.fresh(None)
    return db.session.scalar(select(func.count()).select_from(Product)) or 0


def test_she_sends_a_list_looks_through_it_and_writes_it_with_one_button(teresa: Desk) -> None:
    chard = make.chard(price=180)
    review(teresa, LIST)
    assert "Nuovi 1 Riga 2 Fave 3,80 €" in teresa.text.replace("\xa0", " ")
    assert "Cambiano 1 Riga 3 Bietole prezzo da 1,80 € a 2,10 €" in teresa.text.replace("\xa0", " ")
    assert "Non è ancora scritto niente." in teresa.text
    assert how_many() == 1
    teresa.press("Scrivi tutto")
    assert teresa.path == "/banco/prodotti"
    assert "Fatto: 1 prodotto nuovo, 1 cambiato." in teresa.text
    make.fresh(chard)
    assert (how_many(), chard.price) == (2, 210)
    review(teresa, LIST)
    assert "Niente: è già tutto così." in teresa.text
    assert "2 restano come sono." in teresa.text
    assert not teresa.offers("Scrivi tutto")


def test_a_price_that_hardly_can_be_is_asked_about_before_it_is_written(teresa: Desk) -> None:
    make.chard(price=180)
    review(teresa, "nome;prezzo\nBietole;210\n")
    assert "prezzo da 1,80 € a 210,00 €: è giusto?" in teresa.text.replace("\xa0", " ")


def test_a_line_that_is_refused_is_named_with_its_number_and_there_is_no_button(teresa: Desk) -> None:
    make.vat()
    review(teresa, "nome;prezzo;iva;allergeni;Giacenza\nFave;3,80;verdura;nessuno;3\nPiselli;tre;verdura;nessuno;3\n")
    assert "Da mettere a posto 1 Riga 3 Piselli Prezzo: scrivi quanti euro, per esempio 3,20." in teresa.text
    assert "Queste colonne non le leggiamo: Giacenza." in teresa.text
    assert "Metti a posto le righe nella tabella e manda di nuovo tutta la lista." in teresa.text
    assert not teresa.offers("Scrivi tutto")


def test_a_double_click_writes_once_and_what_changed_meanwhile_is_looked_at_again(teresa: Desk) -> None:
    chard = make.chard(price=180)
    review(teresa, LIST)
    first, second = twice(teresa, "Scrivi tutto")
    assert (first.status_code, second.status_code) == (303, 303)
    assert how_many() == 2
    review(teresa, LIST.replace("2,10", "2,20"))
    products.set_price(chard.id, 220)
    teresa.press("Scrivi tutto")
    assert (teresa.status, "Intanto è cambiato qualcosa: guarda di nuovo" in teresa.text) == (409, True)
    assert "Niente: è già tutto così." in teresa.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "Manca la colonna «nome»"),
        (b"PK\x03\x04", "Questo è un file di Excel. Salvalo come CSV"),
        (b"nome\n" + b"Fave\n" * 2001, "La lista è troppo grande: al massimo 2000 righe."),
    ],
    ids=["empty", "a workbook", "long"],
)
def test_what_is_no_list_is_told_so_on_its_page(teresa: Desk, text: bytes, says: str) -> None:
    answer = send(teresa, text)
    assert answer.status_code == 422
    assert says in answer.text.partition('id="lista-messaggio"')[2]


def test_without_a_file_she_is_asked_for_one(teresa: Desk) -> None:
    path, _method, sends = form(teresa.go(HERE), "Guarda che cosa cambia")
    answer = teresa.client.post(path, data=sends)
    assert (answer.status_code, "Scegli una lista." in answer.text) == (422, True)


def test_a_list_of_yesterday_has_to_be_sent_again(teresa: Desk) -> None:
    teresa.go(f"{HERE}/999")
    assert (teresa.status, "Mandala di nuovo." in teresa.text) == (404, True)


def test_both_tables_can_be_taken_and_sent_back(teresa: Desk) -> None:
    make.honey()
    for name in ("esempio.csv", "prodotti.csv"):
        answer = teresa.client.get(f"{HERE}/{name}")
        assert answer.mimetype == "text/csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.data.startswith("\ufeffnome;prezzo".encode())
    review(teresa, answer.data.decode("utf-8-sig"))
    assert "1 resta com'è." in teresa.text


def test_the_page_says_what_goes_into_each_column(teresa: Desk) -> None:
    html = teresa.go(HERE).html
    assert all(f"<dt>{head}</dt>" in html for head in list_columns.COLUMNS)
    assert teresa.go("/banco/prodotti").offers("Importa prodotti")


def test_a_tutor_does_not_import(rita: Desk) -> None:
    assert rita.go(HERE).status == 403
    assert not rita.go("/banco/prodotti").offers("Importa prodotti")


def test_a_review_of_1000_lines_is_one_page_with_as_many_statements_as_of_one(teresa: Desk) -> None:
    make.vat()

    def look(lines: int) -> int:
        rows = "".join(f"Prodotto {n};3,80;verdura;nessuno\n" for n in range(lines))
        kept = importing.keep(f"nome;prezzo;iva;allergeni\n{rows}".encode(), by=None).id
        make.fresh(None)
        with statements() as seen:
            assert teresa.go(f"{HERE}/{kept}").status == 200
        return len(seen)

    assert look(1) == look(1000) <= 12
    assert "E altri 900." in teresa.text
    assert teresa.html.count("Riga ") == 100
