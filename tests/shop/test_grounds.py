"""The page of the fields."""

from __future__ import annotations

from flask.testing import FlaskClient

from catalog import distance, products
from tests import factories as make
from tests.shop.citizen import statements, words


def test_a_field_says_how_far_each_place_is_and_what_grows_there(client: FlaskClient) -> None:
    field, market = make.field("Campo lungo"), make.place(name="Piazza Silvabella")
    distance.measure(field, market)
    make.chard(field_id=field.id)
    page = words(client.get("/campi").text)
    for said in ("Campo lungo", field.municipality, "Piazza Silvabella", " km", "Bietole"):
        assert said in page


def test_a_field_from_which_nothing_is_on_sale_is_not_shown(client: FlaskClient) -> None:
    chard = make.chard(field_id=make.field("Campo lungo").id)
    make.field("Campo a riposo")
    assert "Campo a riposo" not in client.get("/campi").text
    products.set_on_sale(chard.id, False, by=None)
    page = words(client.get("/campi").text)
    assert "Campo lungo" not in page
    assert "gli scaffali sono vuoti" in page


def test_a_mill_says_what_is_made_there(client: FlaskClient) -> None:
    make.honey(field_id=make.field("Arnie").id, processed_at_id=make.field("Laboratorio").id)
    page = words(client.get("/campi").text)
    assert "Qui si lavorano" in page
    assert page.index("Arnie") < page.index("Laboratorio")


def test_twenty_fields_take_as_many_statements_as_one(client: FlaskClient) -> None:
    make.chard(field_id=make.field("Uno").id)
    with statements() as few:
        client.get("/campi")
    for number in range(20):
        make.product(slug=f"cosa-{number}", name=f"Cosa {number}", field_id=make.field(f"Campo {number}").id)
    with statements() as many:
        client.get("/campi")
    assert len(many) == len(few)
