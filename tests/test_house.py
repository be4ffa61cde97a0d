"""The house stands: one direction, one committing place, a door for each route; each judge rejects a violation."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from core import settings, undo
from core.database import Base, UtcDateTime, db
from core.settings import Settings
from tests import house
from tests.conftest import SECRET


def test_rooms_import_in_one_direction() -> None:
    assert house.broken_contracts(house.ROOT) == ""


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("orders", "import training.skills"),
        ("shop", "import desk"),
        ("orders", "import smtplib"),
        ("core", "import people.models"),
    ],
)
def test_a_room_that_looks_the_wrong_way_is_noticed(tmp_path: Path, room: str, line: str) -> None:
    for name in (*house.ROOMS, "app.py", "pyproject.toml"):
        source = house.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / room / "wrong.py").write_text(f"{line}\n")
    assert f"{room}.wrong" in house.broken_contracts(tmp_path)


def test_the_one_file_that_knows_everyone_knows_no_outside_service() -> None:
    """import-linter watches rooms; app.py is none."""
    assert not re.search(r"^\s*(import|from) (stripe|smtplib|weasyprint)\b", (house.ROOT / "app.py").read_text(), re.M)


def test_one_place_commits() -> None:
    assert house.commits_elsewhere(house.sources()) == []


def test_a_second_place_that_commits_is_noticed() -> None:
    assert house.commits_elsewhere([("orders/wrong.py", "db.session.commit()")]) == ["orders/wrong.py:1"]


def test_only_faces_know_the_browser() -> None:
    assert house.asks_the_browser(house.sources()) == []


def test_an_engine_that_asks_the_browser_is_noticed() -> None:
    assert house.asks_the_browser([("orders/wrong.py", "from flask import request")]) == ["orders/wrong.py:1"]


def test_a_face_queries_no_table() -> None:
    assert any(path.startswith("training/people_pages") for path, _text in house.sources() if house.FACES.match(path))
    assert house.queries_tables(house.sources()) == []


@pytest.mark.parametrize(
    "line",
    [
        "from sqlalchemy import select",
        "import sqlalchemy.orm",
        "order = db.session.get(Order, 1)",
        "found = db.session().scalars(wanted)",
        "wanted = db.select(Order)",
    ],
)
def test_a_face_that_queries_a_table_is_noticed(line: str) -> None:
    assert house.queries_tables([("training/wrong_pages.py", f"{line}\n")]) == ["training/wrong_pages.py:1"]
    assert house.queries_tables([("orders/right.py", f"{line}\n")]) == []


def test_every_route_declares_its_door(whole_app: Flask) -> None:
    assert house.routes_without_door(whole_app) == []


def test_a_route_without_a_door_is_noticed_and_does_not_open(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/empty.sqlite3", secret_key=SECRET))
    app.add_url_rule("/senza-porta", view_func=lambda: "in", endpoint="senza_porta")
    assert house.routes_without_door(app) == ["senza_porta"]
    assert app.test_client().get("/senza-porta").status_code == 500


def test_lock_files_name_no_address() -> None:
    assert {path.name: house.addresses_in(path.read_text()) for path in house.lock_files()} == {
        path.name: [] for path in house.lock_files()
    }
    assert len(house.lock_files()) >= 2


def test_an_address_in_a_lock_file_is_noticed() -> None:
    assert house.addresses_in("six==1.16.0 \\\n    --index-url https://packages.example/simple") != []


def test_every_package_in_the_locks_has_its_hash() -> None:
    locks = list(house.ROOT.glob("requirements*.lock"))
    assert len(locks) == 2
    for lock in locks:
        packages = re.findall(r"^[a-z0-9].*==", lock.read_text(), re.MULTILINE)
        assert len(packages) > 40
        assert lock.read_text().count("--hash=sha256:") >= len(packages)


@pytest.mark.usefixtures("app")
def test_every_recorded_action_has_an_inverse_or_a_reason() -> None:
    with_inverse, without = undo.known_actions()
    recorded = house.recorded_actions(house.sources())
    assert len(recorded) > 15
    assert {action: place for action, place in recorded.items() if action not in with_inverse | without} == {}
    assert all(len(reason) > 10 for reason in undo.reasons().values())


def test_an_action_that_nobody_has_thought_about_is_noticed() -> None:
    found = house.recorded_actions([("orders/wrong.py", 'journal.record("crate.dropped", order)')])
    assert found == {"crate.dropped": "orders/wrong.py:1"}


def test_each_lock_has_a_number_of_its_own() -> None:
    text = "\n".join(text for _path, text in house.sources())
    assert len(house.LOCK.findall(text)) == len(re.findall(r"^\w+_LOCK\b", text, re.MULTILINE)) > 10
    assert house.shared_locks(house.sources()) == {}


def test_two_locks_with_one_number_are_noticed() -> None:
    files = [("people/one.py", "ONE_LOCK = 9_061_2022\n"), ("orders/two.py", "X = 1\nTWO_LOCK = 90612022\n")]
    assert house.shared_locks(files) == {90612022: ["people/one.py ONE_LOCK", "orders/two.py TWO_LOCK"]}


def test_no_alias_of_a_table_is_shared_between_threads() -> None:
    assert house.shared_aliases(house.sources()) == []
    assert sum(text.count("aliased(") for _path, text in house.sources()) > 3


def test_an_alias_for_all_threads_is_noticed() -> None:
    files = [("catalog/one.py", "Other: Any = orm.aliased(Distance)\ndef find():\n    other = aliased(Distance)\n")]
    assert house.shared_aliases(files) == ["catalog/one.py Other"]


@pytest.mark.usefixtures("app")
def test_migrations_lead_to_the_models() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": lambda *it: False if isinstance(it[4], UtcDateTime) else None}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_table_of_settings_is_the_one_in_the_docs() -> None:
    written = (house.ROOT / "docs/settings.md").read_text()
    assert len(settings.fields(Settings)) > 5
    for field in settings.fields(Settings):
        assert f"| `{field.metadata['name']}` |" in written
        assert field.metadata["words"] in written


def test_an_unknown_setting_stops_the_start() -> None:
    with pytest.raises(settings.WrongSetting, match="CHILOMETRICO_SPEED"):
        settings.read({"CHILOMETRICO_SPEED": "fast"})


def test_nobody_reaches_into_another_module() -> None:
    assert house.private_names([*house.sources(), *house.tests()]) == []


@pytest.mark.parametrize(
    "line", ["from core.outbox import _claim", "outbox._claim()", "monkeypatch.setattr(outbox, '_claim', None)"]
)
def test_a_hand_in_another_module_is_noticed(line: str) -> None:
    found = house.private_names([("tests/wrong.py", f"from core import outbox\n{line}\n")])
    assert found == ["tests/wrong.py:2"]


def test_nothing_is_left_for_later() -> None:
    assert house.left_for_later(house.sources()) == []


def test_no_test_is_skipped() -> None:
    assert house.skipped(house.tests()) == []


@pytest.mark.parametrize("line", ["x = 1  # TODO: the rest", "raise NotImplementedError"])
def test_something_left_for_later_is_noticed(line: str) -> None:
    assert house.left_for_later([("orders/wrong.py", f"{line}\n")]) == ["orders/wrong.py:1"]


@pytest.mark.parametrize(
    "line", ["@pytest.mark.skip", "@pytest.mark.xfail(strict=True)", "pytest.skip('no')", "@unittest.skipIf(x, 'no')"]
)
def test_a_skipped_test_is_noticed(line: str) -> None:
    source = f"{line}\ndef test_it(): ...\n" if line.startswith("@") else f"def test_it():\n    {line}\n"
    assert len(house.skipped([("tests/wrong.py", source)])) == 1
