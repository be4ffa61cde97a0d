"""A shop that is open comes to a newer schema: nothing is lost, and a step that fails leaves all as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, MetaData, inspect, text

from core import clock, migrating
from core.database import Base, db, transaction
from orders import books, changing, finding, redeeming, vouchers
from tests import factories as make
from tests.orders.lived_in import lived_in

FOLDER = str(migrating.FOLDER)
OLDEST_WITH_DATA = "0002"  # before it there were no refunds, credit and arrivals to keep
SINCE = {"place.name_en", "order.place_name_en"}  # columns that it did not have, and whose words nobody can find again
SINCE |= {"person.large_pictures", "device.scale", "product.shelf_place", "pickup.practice_for_id"}
SINCE |= {"product.picture"}
SINCE |= {"order_link.mailed"}
BORN_LATER = {
    "catalogue",
    "picture",
    "picture_file",
    "import_file",
    "drawer",
    "drawer_move",
    "entry_request",
    "proposal",
    "support_setting",
    "recording",
    "withdrawal",
    "withdrawal_answer",
    "voucher",
    "voucher_move",
    "voucher_hold",
}
"""Tables that it did not have: an older shop cannot keep them."""


@pytest.fixture
def at_the_end(app: object) -> Iterator[None]:
    """Whatever happens, the next test finds the newest schema."""
    yield
    db.session.remove()
    upgrade(FOLDER)


@pytest.mark.usefixtures("at_the_end")
def test_an_open_shop_goes_back_a_version_and_on_again_without_losing_a_row() -> None:
    made = lived_in()
    with transaction() as session:  # an older shop holds nothing on vouchers
        redeeming.give_back(finding.lock(session, made["open"]), None)
    before = _rows()
    assert len(before["order"]) > 8
    _go(down_to=OLDEST_WITH_DATA)
    assert migrating.is_behind()
    assert migrating.migrate_if_behind()
    assert _rows() == before
    assert books.look().problems == []


@pytest.mark.usefixtures("at_the_end")
def test_numbers_that_were_given_are_found_again_from_the_orders() -> None:
    made = lived_in()
    with db.engine.begin() as connection:
        given = _crates_given(connection, made["market"])
    assert given == 6
    _go(down_to=OLDEST_WITH_DATA)
    upgrade(FOLDER)
    with db.engine.begin() as connection:
        assert _crates_given(connection, made["market"]) == given


@pytest.mark.usefixtures("at_the_end")
def test_a_number_that_left_with_its_order_is_not_given_again_after_a_way_back() -> None:
    jar = make.product()
    pickup, later = make.pickup(), make.pickup(days=5)
    left = pickup.id
    orders = [make.order(make.wish(jar), at=pickup) for _ in range(3)]
    make.closed(orders[0])
    changing.change(
        orders[2].id, [make.wish(jar)], version=0, key="a-form-of-a-call", pickup_id=later.id, as_staff=True
    )
    _go(down_to=OLDEST_WITH_DATA)
    upgrade(FOLDER)
    with db.engine.begin() as connection:
        assert _crates_given(connection, left) == 3
    assert books.look().problems == []


@pytest.mark.usefixtures("at_the_end")
def test_the_id_of_a_line_is_never_given_again() -> None:
    """A screen may still show the line that had it. PostgreSQL never does; SQLite has to be told."""
    jar, honey = make.product(), make.honey()
    order = make.order(make.wish(jar), make.wish(honey))
    gone = order.lines[1].id
    for version, wishes in enumerate(([make.wish(jar)], [make.wish(jar), make.wish(honey)])):
        changing.change(order.id, wishes, version=version, key=f"a-form-of-a-call-{version}")
    make.fresh(order)
    assert order.lines[1].id > gone


@pytest.mark.usefixtures("at_the_end")
def test_parents_are_watched_again_after_migrating() -> None:
    _go(down_to=OLDEST_WITH_DATA)
    upgrade(FOLDER)
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.usefixtures("at_the_end")
def test_a_step_that_stumbles_leaves_the_old_schema_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in()
    _go(down_to=OLDEST_WITH_DATA)
    before = _columns()
    monkeypatch.setattr("sqlalchemy.update", _stumble)
    with pytest.raises(ZeroDivisionError):
        upgrade(FOLDER)
    assert _columns() == before
    assert migrating.is_behind()


def _stumble(*_anything: object) -> None:
    raise ZeroDivisionError


def _go(*, down_to: str) -> None:
    db.session.remove()
    downgrade(FOLDER, down_to)


def _rows() -> dict[str, list[dict[str, object]]]:
    """Every table as the database has it, by its key."""
    db.session.remove()
    with db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection, only=[table.name for table in Base.metadata.sorted_tables])
        return {
            table.name: [
                {column.name: row[column] for column in table.columns if str(column) not in SINCE}
                for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in found.sorted_tables
            if table.name not in BORN_LATER
        }


def _columns() -> dict[str, set[str]]:
    seen = inspect(db.engine)
    return {name: {column["name"] for column in seen.get_columns(name)} for name in seen.get_table_names()}


def _crates_given(connection: Connection, pickup_id: int) -> int:
    return connection.execute(text("SELECT crates_given FROM pickup WHERE id = :id"), {"id": pickup_id}).scalar_one()


@pytest.mark.usefixtures("at_the_end")
def test_a_shop_in_which_a_voucher_has_paid_does_not_go_back_before_vouchers() -> None:
    """Nothing is touched: an older shop has no word for it."""
    made = vouchers.issue(5000, clock.today() + timedelta(days=90), by=None)[0]
    order = make.order(make.wish(make.honey()), codes=vouchers.read_codes(made.code))
    make.prepared(order)
    before = _rows()
    with pytest.raises(SystemExit):
        _go(down_to="0012")
    assert _rows() == before
