"""Pages of words, calm pages, and what every page has around it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale
from sqlalchemy.exc import OperationalError

from adapters.pdf import PdfMissing
from core.database import transaction
from orders import documents, links, texts
from orders.models import Seller
from tests import factories as make
from tests.shop.citizen import words

SELLER = {
    "name": "Cascina di Prova",
    "address": "Via dei Campi 1, Vigevano",
    "email": "ciao@prova.example",
    "pec": "pec@prova.example",
    "phone": "0381 000 000",
    "vat_number": "00000000000",
    "rea": "PV-1",
    "cooperative_register": "A1",
    "accessibility_checked": "2026-11-02",
}


def seller() -> None:
    with transaction() as session:
        session.add(Seller(id=1, **SELLER))


@pytest.mark.parametrize("slug", texts.PAGES)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_of_words_is_there_in_both_languages_and_fills_in_the_seller(
    client: FlaskClient, slug: str, language: str
) -> None:
    seller()
    client.get(f"/?lang={language}")
    answer = client.get(f"/pagine/{slug}")
    assert answer.status_code == 200
    page = words(answer.text)
    assert "Cascina di Prova" in page
    assert "{" not in page
    assert f'<html lang="{language}">' in answer.text


def test_the_terms_can_be_kept_as_a_paper(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "terms_of_sale", lambda: f"%PDF {get_locale()}".encode())
    assert "/pagine/condizioni.pdf" in client.get("/pagine/condizioni").text
    assert "/pagine/condizioni.pdf" not in client.get("/pagine/cookie").text
    assert "/pagine/condizioni.pdf" in client.get(f"/ordini/{links.make(make.order())}").text
    answer = client.get("/pagine/condizioni.pdf")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", b"%PDF it")
    assert answer.headers["Content-Disposition"] == 'inline; filename="condizioni-di-vendita.pdf"'
    client.get("/?lang=en")
    assert client.get("/pagine/condizioni.pdf").data == b"%PDF en"


def test_without_the_printer_the_paper_of_the_terms_is_a_calm_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> bytes:
        raise PdfMissing("Qui non si può ancora stampare.")

    monkeypatch.setattr(documents, "terms_of_sale", missing)
    answer = client.get("/pagine/condizioni.pdf")
    assert (answer.status_code, "Qui non si può ancora stampare." in words(answer.text)) == (503, True)


def test_a_page_that_nobody_wrote_is_not_there(client: FlaskClient) -> None:
    for slug in ("altro", "..", "%00", "../letter/received"):
        assert client.get(f"/pagine/{slug}").status_code == 404


def test_the_home_page_says_who_sells_and_where_to_withdraw(client: FlaskClient) -> None:
    seller()
    page = words(client.get("/").text)
    for name, value in SELLER.items():
        assert (value in page) == (name != "accessibility_checked")  # the page on accessibility says that
    assert "Recedere dal contratto qui" in page
    assert "Finanziato dall'Unione europea – NextGenerationEU" in page


def test_the_withdrawal_page_says_how_long_for_what_and_how(client: FlaskClient) -> None:
    page = words(client.get("/pagine/recesso").text)
    for said in ("14 giorni", "Recesso escluso", "Recedo dal contratto per l'ordine"):
        assert said in page


def test_no_page_sends_people_to_the_closed_european_platform(client: FlaskClient) -> None:
    for slug in texts.PAGES:
        answer = client.get(f"/pagine/{slug}")
        assert answer.status_code == 200
        assert "ec.europa.eu" not in answer.text


def test_nothing_green_is_claimed_that_the_law_forbids(client: FlaskClient) -> None:
    make.pickup()
    make.chard()
    answers = [client.get(path) for path in ("/", "/prodotti/bietole", *(f"/pagine/{slug}" for slug in texts.PAGES))]
    assert {answer.status_code for answer in answers} == {200}
    pages = [answer.text for answer in answers]
    for word in ("ecologic", "sostenibil", "impatto zero", "green", "premium", "suprema", "fattoria sociale"):
        assert not any(word in page.lower() for page in pages), word


def test_a_page_that_is_not_there_is_calm_and_has_a_way_on(client: FlaskClient) -> None:
    answer = client.get("/non-c-e")
    assert answer.status_code == 404
    assert "Questa pagina non c'è." in words(answer.text)
    assert "Vai alla spesa" in answer.text


def test_a_calm_page_needs_no_database(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr(texts, "facts_by_column", down)
    monkeypatch.setattr("catalog.pickups.not_closed", down)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Riprova tra poco" in words(answer.text)
