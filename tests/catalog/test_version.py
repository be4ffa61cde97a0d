"""Whatever citizens see has a version, and no way of writing to the database gets past it."""

from __future__ import annotations

import re
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text, update

from catalog import distance, products, stock, version
from catalog.models import Product
from catalog.version import GOODS, PARTS, PICKUPS, SHOWN, STOCK
from core.database import Base, db, transaction
from core.keeping import forget_everything
from tests import factories as make
from tests.shop.citizen import put, statements

NO_PART_OF_IT = {"catalogue", "clock"}


def now() -> dict[str, str]:
    db.session.rollback()
    return dict(version.now())


def raised(before: dict[str, str]) -> set[str]:
    after = now()
    return {part for part in PARTS if after[part] != before[part]}


@pytest.mark.usefixtures("app")
def test_every_table_that_a_kept_page_reads_is_watched(client: FlaskClient) -> None:
    field, pickup = make.field(), make.pickup()
    distance.measure(field, pickup.place)
    honey, read, price = make.honey(field_id=field.id, processed_at_id=make.field().id), set[str](), count(900)
    for path in ("/", "/prodotti/miele-acacia", "/?scaffale=orto", "/stagioni", "/cerca?q=miele"):
        for _turn in range(3):  # all of it, then what is read where something was kept
            products.set_price(honey.id, next(price))
            with statements() as seen:
                client.get(path)
            read |= {name for statement in seen for name in re.findall(r'(?:FROM|JOIN) "?(\w+)', statement)}
        forget_everything()
    assert {"product", "stock", "pickup", "seller"} <= read, "the pages were made"
    assert read - NO_PART_OF_IT <= SHOWN.keys()


@pytest.mark.usefixtures("app")
def test_every_table_that_is_watched_is_there() -> None:
    assert SHOWN.keys() <= Base.metadata.tables.keys()


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("table", sorted({*SHOWN, "seller", "text"}))
def test_no_way_of_writing_gets_past_it(table: str) -> None:
    columns = Base.metadata.tables[table]
    column = next(iter(columns.primary_key))
    before = now()
    with transaction() as session:
        session.execute(update(columns).values({column: column}))
    assert raised(before) == set(SHOWN[table])
    before = now()
    with transaction() as session:
        session.execute(text(f'UPDATE "{table}" SET "{column.name}" = "{column.name}"'))  # noqa: S608 - our own tables
    assert raised(before) == set(SHOWN[table])
    before = now()
    with transaction() as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table} WHERE 1 = 0")  # noqa: S608
    assert raised(before) == set(SHOWN[table])


@pytest.mark.usefixtures("app")
def test_a_flush_of_changed_rows_raises_the_parts_that_show_them() -> None:
    carrots, place = make.carrots(), make.place()
    before = now()
    with transaction() as session:
        session.get_one(Product, carrots.id).name = "Carote nuove"
    assert raised(before) == {GOODS}
    before = now()
    stock.offer(carrots, 5)
    assert raised(before) == {STOCK}
    before = now()
    make.pickup(place)
    assert raised(before) == {PICKUPS}


@pytest.mark.usefixtures("app")
def test_what_is_rolled_back_raises_nothing_and_leaves_nothing_behind() -> None:
    carrots = make.carrots()
    before = now()
    with pytest.raises(RuntimeError), transaction() as session:
        session.get_one(Product, carrots.id).price = 1
        session.flush()
        raise RuntimeError
    with transaction():
        make.tutor()
    assert raised(before) == set()


@pytest.mark.usefixtures("app")
def test_it_is_raised_once_and_last_of_all() -> None:
    carrots, seen = make.carrots(), list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with transaction():
            stock.offer(carrots, 5)
            products.set_price(carrots.id, 300)
            stock.offer(carrots, 5)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [number for number, said in enumerate(seen, start=1) if "catalogue" in said] == [len(seen)]


@pytest.mark.usefixtures("app")
def test_a_word_never_comes_back_even_when_a_price_does() -> None:
    carrots, words = make.carrots(), set[str]()
    for price in (100, 200, 100, 200, 100):
        products.set_price(carrots.id, price)
        words.add(now()[GOODS])
    assert len(words) == 5


@pytest.mark.usefixtures("app")
def test_without_a_version_nothing_is_kept(client: FlaskClient) -> None:
    make.pickup()
    carrots = make.carrots()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM catalogue")
    assert "2,90" in client.get("/").text
    with db.engine.begin() as connection:  # past every watch of ours
        connection.exec_driver_sql("UPDATE product SET price = 777")
    db.session.rollback()
    assert "7,77" in client.get("/").text
    put(client, carrots)
    assert "7,77" in client.get("/").text
