"""The judges of the house: each reads source text and answers with what breaks a rule. Each is shown a violation."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import Flask

from core import doors

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("core", "adapters", "people", "catalog", "orders", "training", "shop", "desk", "demo")
LOCK = re.compile(r"^(\w+_LOCK) = ([\d_]+)$", re.MULTILINE)
ALIAS = re.compile(r"^(\w+)\b.* = (?:\w+\.)*aliased\(", re.MULTILINE)
LATER = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
SKIPPING = {"skip", "skipif", "xfail", "skipIf", "skipUnless", "importorskip", "expectedFailure"}
DOCUMENTED = {"_get_current_object"}  # Werkzeug's manual tells one to call it
FACES = re.compile(r"shop/|desk/|training/(\w+_)?pages\.py|training/frame\.py")
DATABASES = {"db", "db.session", "db.session()"}
ASKING = {"select", "get", "get_one", "get_or_404", "scalar", "scalars", "execute", "query"}
COMMITS_IN = {"core/database.py"}
KNOWS_THE_BROWSER = (
    "shop/",
    "desk/",
    "demo/",
    "training/",
    "people/entering.py",
    "core/web.py",
    "core/inputs.py",
    "core/gaps.py",
    "core/packing.py",
    "core/health.py",
    "app.py",
)


def sources() -> Iterator[tuple[str, str]]:
    """(path from the root, text) of every Python file of ours that runs in the shop."""
    yield "app.py", (ROOT / "app.py").read_text()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def commits_elsewhere(files: Iterable[tuple[str, str]]) -> list[str]:
    """Calls of commit() or flush-and-keep outside the one place that commits."""
    return [f"{path}:{line}" for path, line in _calls(files, {"commit", "begin_nested"}) if path not in COMMITS_IN]


def shared_aliases(files: Iterable[tuple[str, str]]) -> list[str]:
    """Aliases of a table that all threads share. SQLAlchemy makes their columns at first use, and two threads at once
    each make their own: then rows are read by columns that the statement does not know."""
    return [f"{path} {name}" for path, text in files for name in ALIAS.findall(text)]


def asks_the_browser(files: Iterable[tuple[str, str]]) -> list[str]:
    """Flask's request and session imported where no browser is known."""
    found = []
    for path, text in files:
        if path.startswith(KNOWS_THE_BROWSER):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                found += [f"{path}:{node.lineno}" for name in node.names if name.name in ("request", "session")]
    return found


def queries_tables(files: Iterable[tuple[str, str]]) -> list[str]:
    """SQLAlchemy in a face, or its session asked for rows there: finders belong to the engines."""
    found = []
    for path, text in files:
        if not FACES.match(path):
            continue
        for node in ast.walk(ast.parse(text)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.partition(".")[0] == "sqlalchemy" for name in names) or _asks_for_rows(node):
                found.append(f"{path}:{node.lineno}")  # type: ignore[attr-defined]
    return found


def tests() -> Iterator[tuple[str, str]]:
    """(path from the root, text) of every Python file of the tests."""
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if "node_modules" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def left_for_later(files: Iterable[tuple[str, str]]) -> list[str]:
    """Lines that say that something is still to be done."""
    return [
        f"{path}:{number}"
        for path, text in files
        for number, line in enumerate(text.splitlines(), start=1)
        if LATER.search(line)
    ]


def skipped(files: Iterable[tuple[str, str]]) -> list[str]:
    """Tests that say of themselves that they do not run, or need not pass."""
    return [
        f"{path}:{node.lineno}"
        for path, text in files
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING
    ]


def private_names(files: Iterable[tuple[str, str]]) -> list[str]:
    """Names with an underscore that another module owns: imported, read through the module, or patched in it."""
    found = []
    for path, text in files:
        tree = ast.parse(text)
        imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.asname or alias.name for node in imported for alias in node.names}
        lines = [node.lineno for node in imported if any(_is_private(alias.name) for alias in node.names)]
        lines += [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _reaches_inside(node, names)]
        found += [f"{path}:{line}" for line in sorted(lines)]
    return found


def recorded_actions(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Action -> where it is recorded, for every journal.record("…") in the house."""
    found = {}
    for path, text in files:
        for node in ast.walk(ast.parse(text)):
            if _is_call(node, {"record"}) and node.args and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                found[str(node.args[0].value)] = f"{path}:{node.lineno}"  # type: ignore[attr-defined]
    return found


def shared_locks(files: Iterable[tuple[str, str]]) -> dict[int, list[str]]:
    """Number -> the ``*_LOCK`` constants that have it, where there are several: who holds one would stop the other."""
    found: dict[int, list[str]] = {}
    for path, text in files:
        for name, number in LOCK.findall(text):
            found.setdefault(int(number), []).append(f"{path} {name}")
    return {number: names for number, names in found.items() if len(names) > 1}


def routes_without_door(app: Flask) -> list[str]:
    """Endpoints that do not say who may come in and what kind of screen they are."""
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and doors.of(app.view_functions[rule.endpoint]) is None
    ]


def addresses_in(text: str) -> list[str]:
    """Lines of a lock file that name an address."""
    return [line for line in text.splitlines() if re.search(r"://", line)]


def lock_files() -> list[Path]:
    return [*ROOT.glob("requirements*.lock"), *ROOT.glob("tests/judges/package*.json")]


def broken_contracts(folder: Path) -> str:
    """What import-linter says about a copy of the house; empty when every contract is kept."""
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _asks_for_rows(node: ast.AST) -> bool:
    """`db.select(…)`, `db.session.get(…)`, `db.session().scalars(…)`: not `rollback()`, and not Flask's session."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return ast.unparse(node.func.value) in DATABASES and node.func.attr in ASKING


def _calls(files: Iterable[tuple[str, str]], names: set[str]) -> Iterator[tuple[str, int]]:
    for path, text in files:
        for node in ast.walk(ast.parse(text)):
            if _is_call(node, names):
                yield path, node.lineno  # type: ignore[attr-defined]


def _reaches_inside(node: ast.AST, modules: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        owner, name = node.value, node.attr
    elif _is_call(node, {"setattr"}) and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):  # type: ignore[attr-defined]
        owner, name = node.args[0], str(node.args[1].value)  # type: ignore[attr-defined]
    else:
        return False
    return isinstance(owner, ast.Name) and owner.id in modules and _is_private(name)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def _is_call(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
