"""The coordinator puts a product's photograph into the shop, and takes it away."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import pictures
from catalog.models import Product
from core import journal
from desk import staff_photographs
from orders import documents
from tests import factories as make
from tests.desk.staff_desk import at_work, form
from tests.desk.walking import Desk
from tests.photographs import photograph, telltale

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.fixture
def teresa(app: Flask) -> Desk:
    """The coordinator."""
    return at_work(app, make.person("Teresa", make.Role.COORDINATOR))


def page(product: Product) -> str:
    return f"/banco/prodotti/{product.id}"


def send(desk: Desk, product: Product, content: bytes | None, name: str = "IMG_1.jpg", **more: Any) -> TestResponse:
    """The form of the product's page with this file in it."""
    desk.go(page(product))
    path, _method, sends = form(desk, "Mettila nel negozio", **more)
    files = {"fotografia": (io.BytesIO(content), name)} if content is not None else {}
    answer = desk.client.post(path, data={**sends, **files})
    answer.request.environ["wsgi.input"].close()  # the test client lays large forms on the disk
    return answer


def picture(product: Product) -> str:
    make.fresh(product)
    return product.picture


def test_she_sends_one_sees_it_large_and_small_and_it_is_in_the_shop_at_once(teresa: Desk, client: FlaskClient) -> None:
    honey = make.honey()
    answer = send(teresa, honey, telltale())
    assert (answer.status_code, answer.headers["Location"]) == (303, page(honey))
    digest = picture(honey)
    html = teresa.go(page(honey)).html
    assert "La fotografia è nel negozio." in teresa.text
    assert "Fotografia nuova." in teresa.text
    assert html.count(f'src="/immagini/{digest}-160.jpg"') == 2, "in the head of the page, and as small as in a list"
    assert html.count(f'src="/immagini/{digest}-320.jpg"') == 1
    assert "La fotografia di Miele di acacia" in html
    assert f"/immagini/{digest}-320.webp" in client.get("/").text
    assert client.get(f"/immagini/{digest}-320.jpg").data[:2] == b"\xff\xd8"
    assert [entry.person_id is None for entry in journal.entries(honey)[:1]] == [False]


def test_a_tutor_sees_it_and_leaves_it_as_it_is(rita: Desk, app: Flask) -> None:
    honey = make.honey()
    pictures.put(honey.id, pictures.develop(photograph()), by=None)
    assert picture(honey) in rita.go(page(honey)).html
    assert not rita.offers("Mettila nel negozio")
    assert not rita.offers("Togli la fotografia")
    assert not rita.offers("Torna indietro")


def test_taken_away_by_a_button_and_brought_back_by_torna_indietro(teresa: Desk) -> None:
    honey = make.honey()
    send(teresa, honey, photograph())
    first = picture(honey)
    teresa.go(page(honey)).press("Togli la fotografia")
    assert picture(honey) == ""
    assert "Tolta: nel negozio si vede il disegno." in teresa.text
    assert "Ultima cosa fatta: la fotografia tolta." in teresa.text
    teresa.press("Torna indietro")
    assert picture(honey) == first
    teresa.press("Torna indietro")
    assert picture(honey) == ""


def test_the_same_form_twice_is_one_deed(teresa: Desk) -> None:
    honey = make.honey()
    teresa.go(page(honey))
    path, _method, sends = form(teresa, "Mettila nel negozio")
    for _ in range(2):
        sent = {**sends, "fotografia": (io.BytesIO(photograph()), "a.jpg")}
        assert teresa.client.post(path, data=sent).status_code == 303
    assert [entry.action for entry in journal.entries(honey)].count("product.picture_set") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Scegli una fotografia."),
        (b"", "Questa non è una fotografia"),
        (b"Gentile cascina,", "Questa non è una fotografia che sappiamo leggere."),
        (photograph((200, 200)), "troppo piccola"),
        (b"\xff\xd8" + b"\0" * (13 * 1024 * 1024), "al massimo 12 MB"),
    ],
    ids=["nothing", "empty", "a letter", "small", "heavy"],
)
def test_what_is_no_photograph_is_told_so_beside_its_field(teresa: Desk, content: bytes | None, says: str) -> None:
    honey = make.honey()
    answer = send(teresa, honey, content)
    assert answer.status_code == 422
    section = answer.text.partition('aria-labelledby="fotografia-ora"')[2].partition("</section>")[0]
    assert says in section.partition('id="fotografia-messaggio"')[2]
    assert '<details class="fold" open>' in section
    assert picture(honey) == ""


def test_somebody_who_looked_at_another_one_is_asked_again(teresa: Desk) -> None:
    honey = make.honey()
    answer = send(teresa, honey, photograph(), visto="0123456789abcdef")
    assert answer.status_code == 409
    assert "Intanto la fotografia è cambiata." in answer.text


def test_a_large_form_is_let_in_there_alone_and_only_of_who_is_signed_in(
    teresa: Desk, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    honey, much = make.honey(), b"x" * 400_000
    assert send(teresa, honey, much).status_code == 422
    elsewhere = {"fotografia": (io.BytesIO(much), "a.jpg")}
    assert teresa.client.post(f"{page(honey)}/prezzo", data=elsewhere).status_code == 413
    strange = client.post(f"{page(honey)}/fotografia", data={"fotografia": (io.BytesIO(much), "a.jpg")})
    assert strange.status_code in (307, 413)
    monkeypatch.setattr(staff_photographs.put_photograph, "takes_file", 300_000)
    answer = send(teresa, honey, much)
    assert answer.status_code == 413
    assert "Il file è troppo grande: al massimo" in answer.text


def test_the_list_for_the_harvest_shows_it_on_paper(teresa: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    honey, chard = make.honey(), make.chard()
    order = make.order(make.wish(honey), make.wish(chard))
    send(teresa, honey, photograph())
    printed: list[str] = []
    monkeypatch.setattr(documents, "to_pdf", lambda html, *_style: printed.append(html) or b"%PDF")
    make.fresh(order)
    documents.harvest_list(order.pickup)
    images = [row.partition(">")[0] for row in printed[0].split("<img ")[1:]]
    assert ['src="data:image/jpeg;base64,' in each for each in images].count(True) == 1
    assert any("bietole.svg" in each for each in images)
