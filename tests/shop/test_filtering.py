"""The page of the week with filters, and without them again."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from catalog.models import Product
from core.database import db
from tests import factories as make
from tests.shop.citizen import words


def full_shelves() -> int:
    """The id of the field of one of the three products."""
    make.pickup()
    field = make.field("Campo lungo")
    make.chard(field_id=field.id)
    make.product("sedano", name="Sedano", allergens="sedano")
    make.honey(shelf="dispensa")
    return field.id


def test_by_shelf_field_and_allergen_with_the_number_of_hits_and_a_way_back(client: FlaskClient) -> None:
    field_id = full_shelves()
    for query, number, there, gone in (
        ("scaffale=dispensa", "1 prodotto", "Miele di acacia", "Bietole"),
        (f"campo={field_id}", "1 prodotto", "Bietole", "Miele"),
        ("senza=sedano", "2 prodotti", "Miele di acacia", "Aggiungi Sedano"),
    ):
        answer = client.get(f"/?{query}")
        page = words(answer.text)
        assert f"{number} con questi filtri. Togli i filtri" in page
        assert f"Aggiungi {there}" in page
        assert gone not in page
        assert '<meta name="robots" content="noindex">' in answer.text


def test_what_was_chosen_stays_chosen_and_the_fold_stays_open(client: FlaskClient) -> None:
    field_id = full_shelves()
    page = client.get(f"/?scaffale=orto&campo={field_id}&senza=sedano").text
    assert '<option value="orto" selected>' in page
    assert f'<option value="{field_id}" selected>' in page
    assert 'value="sedano" checked' in page
    assert '<details class="fold filters" open>' in page


def test_filters_that_leave_nothing_say_so_calmly(client: FlaskClient) -> None:
    field_id = full_shelves()
    page = words(client.get(f"/?scaffale=dispensa&campo={field_id}").text)
    assert "0 prodotti con questi filtri." in page
    assert "Con questi filtri non c'è niente: togline uno." in page


def test_what_is_left_comes_into_sight_below_the_filters(client: FlaskClient) -> None:
    full_shelves()
    page = client.get("/?scaffale=dispensa").text
    assert '<form class="form" action="/#filtrati" method="get">' in page
    assert page.count('id="filtrati"') == 1


def test_empty_shelves_have_nothing_to_filter(client: FlaskClient) -> None:
    make.pickup()
    assert "Filtra" not in words(client.get("/").text)


def test_only_allergens_that_occur_can_be_left_out_and_nonsense_filters_nothing(client: FlaskClient) -> None:
    full_shelves()
    page = client.get("/?campo=abc&senza=fantasia&campo=99999999999999")
    assert page.status_code == 200
    assert 'name="senza" value="sedano"' in page.text
    assert 'value="crostacei"' not in page.text
    assert "Togli i filtri" not in page.text
    assert client.get("/?scaffale=&campo=").status_code == 200


def test_what_is_added_leads_back_to_the_filtered_page(client: FlaskClient) -> None:
    field_id = full_shelves()
    page = client.get(f"/?campo={field_id}&senza=sedano").text
    assert f'name="da" value="?campo={field_id}&amp;senza=sedano"' in page
    honey = db.session.scalars(select(Product).where(Product.slug == "miele-acacia")).unique().one()
    product = {"prodotto": honey.id, "da": f"?campo={field_id}&senza=sedano&senza=latte"}
    assert client.post("/carrello", data=product).location.startswith(f"/?campo={field_id}&senza=sedano&senza=latte#")


def test_the_plain_page_is_open_to_robots(client: FlaskClient) -> None:
    full_shelves()
    page = client.get("/").text
    assert "noindex" not in page
    assert "Togli i filtri" not in page
