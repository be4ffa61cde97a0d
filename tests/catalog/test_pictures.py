"""A product's photograph: put there, exchanged, taken away, taken back, cleared away when nobody wants it any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from adapters.images import SIDES, Print
from catalog import pictures, products
from catalog.models import Picture, PictureFile, Product
from core import clock, journal, undo
from core.database import db
from core.errors import Conflict, NotFound
from tests import factories as make
from tests.shop.citizen import statements

pytestmark = pytest.mark.usefixtures("app")


def prints(what: str = "honey", sides: tuple[int, ...] = SIDES) -> list[Print]:
    return [Print(side, kind, f"{what} {side} {kind}".encode()) for side in sides for kind in pictures.MEDIA]


def show(product: Product, what: str = "honey") -> str:
    pictures.put(product.id, prints(what), by=None)
    return fresh(product).picture


def fresh(product: Product) -> Product:
    make.fresh(product)
    return product


def take_back(product: Product) -> str:
    words = undo.undo_last(product)
    make.fresh(product)
    return words


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Picture)) or 0


def test_it_is_shown_from_now_on_and_the_same_one_again_is_nothing_new() -> None:
    honey = make.honey()
    assert pictures.put(honey.id, prints(), by=None)
    digest = fresh(honey).picture
    assert len(digest) == 16
    assert not pictures.put(honey.id, prints(), by=None)
    assert [entry.action for entry in journal.entries(honey)][:2] == ["product.picture_set", "stock.offered"]
    assert pictures.get(digest, 320, "webp") == b"honey 320 webp"


def test_what_was_there_before_comes_back_by_undo_as_often_as_it_was_exchanged() -> None:
    honey, other = make.honey(), make.chard()
    first, second = show(honey), show(honey, "a better one")
    assert first != second
    assert pictures.take_away(honey.id, by=None)
    assert not pictures.take_away(other.id, by=None)
    assert [(take_back(honey), honey.picture) for _ in range(3)] == [
        ("la fotografia tolta", second),
        ("la nuova fotografia", first),
        ("la nuova fotografia", ""),
    ]


def test_two_at_once_the_second_one_sees_what_the_first_did() -> None:
    honey = make.honey()
    first = show(honey)
    show(honey, "a better one")
    with pytest.raises(Conflict, match="Intanto la fotografia è cambiata"):
        pictures.take_away(honey.id, seen_as=first, by=None)
    with pytest.raises(Conflict, match="Intanto la fotografia è cambiata"):
        pictures.put(honey.id, prints("mine"), seen_as="", by=None)
    assert kept() == 2


def test_a_practice_product_has_none() -> None:
    with pytest.raises(NotFound):
        pictures.put(make.honey(practice=True).id, prints(), by=None)
    assert kept() == 0


def test_a_small_one_gives_its_largest_and_nobody_asks_for_odd_sizes() -> None:
    honey = make.honey()
    pictures.put(honey.id, prints(sides=(160, 320, 400)), by=None)
    digest = fresh(honey).picture
    assert pictures.get(digest, 1080, "jpg") == pictures.get(digest, 640, "jpg") == b"honey 400 jpg"
    assert pictures.get(digest, 160, "jpg") == b"honey 160 jpg"
    for strange in ((digest, 161, "jpg"), (digest, 160, "png"), ("0" * 16, 160, "jpg")):
        with pytest.raises(NotFound):
            pictures.get(*strange)


def test_after_a_month_that_nobody_shows_it_goes_and_undo_says_so() -> None:
    honey = make.honey()
    show(honey)
    show(honey, "a better one")
    with clock.at(clock.now() + pictures.KEPT_FOR - timedelta(minutes=1)):
        assert pictures.forget_old() == 0
    with clock.at(clock.now() + pictures.KEPT_FOR + timedelta(minutes=1)):
        assert pictures.forget_old() == 1
        assert pictures.forget_old() == 0
    assert (kept(), db.session.scalar(select(func.count()).select_from(PictureFile))) == (1, 12)
    with pytest.raises(Conflict, match="La fotografia di prima non c'è più"):
        undo.undo_last(honey)
    assert pictures.get(fresh(honey).picture, 160, "jpg")


def test_what_is_shown_again_or_by_another_product_does_not_go() -> None:
    honey, jam = make.honey(), make.product(name="Confettura")
    first = show(honey)
    assert show(jam) == first
    assert kept() == 1
    pictures.take_away(honey.id, by=None)
    chard = make.chard()
    again = show(chard, "chard")
    pictures.take_away(chard.id, by=None)
    take_back(chard)
    with clock.at(clock.now() + pictures.KEPT_FOR + timedelta(days=1)):
        assert pictures.forget_old() == 0
    assert pictures.get(first, 160, "jpg")
    assert pictures.get(again, 160, "jpg")


def test_a_page_of_products_never_loads_the_pictures_themselves() -> None:
    honey = make.honey()
    show(honey)
    make.fresh(None)
    with statements() as seen:
        assert products.on_shelf("orto")[0].picture
    assert not [each for each in seen if "picture_file" in each]


# --- how it is sent


def test_it_may_be_kept_for_ever_by_everybody_and_sets_no_cookie(client: FlaskClient) -> None:
    digest = show(make.honey())
    with statements() as seen:
        answer = client.get(f"/immagini/{digest}-320.avif", headers={"Accept-Language": "it"})
    assert (answer.status_code, answer.data) == (200, b"honey 320 avif")
    assert answer.headers["Content-Type"] == "image/avif"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
    assert len(seen) == 1
    tag = answer.headers["ETag"]
    with statements() as seen:
        again = client.get(f"/immagini/{digest}-320.avif", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"], seen) == (304, b"", tag, [])
    assert "immutable" in again.headers["Cache-Control"]
    other = client.get(f"/immagini/{digest}-160.jpg", headers={"If-None-Match": tag})
    assert (other.status_code, other.mimetype) == (200, "image/jpeg")


@pytest.mark.parametrize("name", ["0123456789abcdef-320.jpg", "x", "0123456789abcdef-99999.jpg", "a%00b"])
def test_an_address_that_nobody_has_is_a_calm_page_that_is_not_kept(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/immagini/{name}")
    assert answer.status_code == 404
    assert "Questa fotografia non c" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_where_there_is_none_our_drawing_stands_and_where_there_is_one_every_page_shows_it(
    client: FlaskClient,
) -> None:
    honey, chard = make.honey(), make.chard()
    digest = show(honey)
    for page in ("/", "/prodotti/miele-acacia"):
        html = client.get(page).text
        assert html.count("<picture ") == 1, page
        for kind in ("avif", "webp"):
            assert f'<source type="image/{kind}" srcset="/immagini/{digest}-' in html
        image = html.partition("<picture ")[2].partition("</picture>")[0].partition("<img ")[2]
        assert f'src="/immagini/{digest}-' in image
        assert 'width="' in image
        assert 'height="' in image
        assert 'decoding="async"' in image
    assert f"img/products/{chard.slug}.svg" in client.get("/").text
    assert "<picture" not in client.get(f"/prodotti/{chard.slug}").text
