"""What is read and written past SQLAlchemy's session is what the session would have read and written."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm.exc import DetachedInstanceError

from catalog import distance, pickups, shelves
from catalog.models import PickUp, Product
from core import clock, plain
from core.database import Base, db, table, transaction
from core.outbox import Item
from orders import links, looking
from orders.models import Order
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def values(thing: Base) -> dict[str, object]:
    return {column.name: getattr(thing, column.name) for column in table(type(thing)).c}


def test_a_product_is_what_it_would_be_with_its_places_and_what_is_left() -> None:
    field, mill, place = make.field(), make.field(), make.place()
    for site in (field, mill):
        distance.measure(site, place)
    honey = make.honey(field_id=field.id, processed_at_id=mill.id, left=7)
    told = shelves.read(shelves.told(place.id)[honey.id])
    loaded = shelves.get(honey.slug, place.id)
    assert values(told.product) == values(loaded.product)
    assert told.product.left == loaded.product.left == 7
    sites = [told.product.field, told.product.processed_at]
    assert [site and values(site) for site in sites] == [values(field), values(mill)]
    assert told.distance is not None
    assert loaded.distance is not None
    assert values(told.distance.grown) == values(loaded.distance.grown)
    assert told.is_zero_km == loaded.is_zero_km


def test_a_pick_up_is_what_it_would_be_with_its_place() -> None:
    made = make.pickup()
    [row] = pickups.not_closed()
    told, loaded = pickups.read(row), db.session.get_one(PickUp, made.id)
    assert values(told) == values(loaded)
    assert values(told.place) == values(loaded.place)


def test_an_order_on_its_page_is_what_it_would_be_for_a_deed() -> None:
    order = make.order(make.wish(make.carrots(), 500), make.wish(make.honey(), 2))
    token = links.make(order)
    told, loaded = looking.get(token).order, links.get_order(token)
    assert values(told) == values(loaded)
    assert values(told.pickup) == values(loaded.pickup)
    assert [values(line) for line in told.lines] == [values(line) for line in loaded.lines]
    assert (told.total, told.maximum, told.due) == (loaded.total, loaded.maximum, loaded.due)


def test_an_order_that_was_placed_says_what_the_database_says() -> None:
    """Its two statements say every column, those too that nobody has thought of."""
    order = make.order()
    said = values(order), [values(line) for line in order.lines]
    db.session.remove()
    again = db.session.get_one(Order, order.id)
    assert (values(again), [values(line) for line in again.lines]) == said


def test_whoever_asks_for_more_than_was_read_is_told_so() -> None:
    carrots = make.carrots()
    told = shelves.read(shelves.told(None)[carrots.id])
    with pytest.raises(DetachedInstanceError):
        _ = told.product.container


def test_another_that_says_something_else_leaves_the_first_as_it_was() -> None:
    first = plain.as_loaded(Product, {"id": 1, "name": "Carote", "price": 290})
    second = plain.twin(first, price=310)
    assert (first.price, second.price, second.name) == (290, 310, "Carote")


def test_what_would_be_worked_out_has_to_be_said() -> None:
    moment = clock.now()
    item = Item(key="a", kind="letter", created_at=moment, due_at=moment, try_after=moment)
    with pytest.raises(KeyError, match="payload"), transaction():
        plain.write([item])


def test_a_sentence_on_a_page_escapes_its_facts_and_says_per_cent_once(app: Flask) -> None:
    words = app.jinja_env.from_string("{{ _('10%% di %(name)s', name=name) }} {{ _('20%%') }}")
    with app.test_request_context():
        assert words.render(name="<b>") == "10% di &lt;b&gt; 20%"
