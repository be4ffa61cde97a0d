"""`flask books …`"""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from core import migrating
from orders import books
from orders.auditing import Group
from orders.books import Look

BEHIND = "The schema of this database is of another version: flask --app app db upgrade brings it up to date."

group = AppGroup("books", help="Whether everything that is written down agrees.")


@group.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Audit every invariant, now. Ends with 1 if anything does not hold, with 2 if it cannot be looked at."""
    if migrating.is_behind():
        click.echo(json.dumps({"ok": False, "problem": BEHIND, "groups": []}) if as_json else BEHIND, err=not as_json)
        context.exit(2)
    found = books.look()
    books.keep(found)
    click.echo(_as_json(found) if as_json else "\n".join(_lines(found)))
    context.exit(1 if found.problems else 0)


def _as_json(found: Look) -> str:
    groups = [
        {"name": each.name, "rows": each.rows, "of": each.kind, "problems": each.problems} for each in found.groups
    ]
    return json.dumps({"ok": not found.problems, "milliseconds": found.milliseconds, "groups": groups}, indent=2)


def _lines(found: Look) -> list[str]:
    lines = [line for each in found.groups for line in (_verdict(each), *(f"  {words}" for words in each.problems))]
    sum_of_it = f"{len(found.problems)} problems" if found.problems else "The books balance"
    return [*lines, f"{sum_of_it}, {found.milliseconds} ms."]


def _verdict(each: Group) -> str:
    verdict = f"{len(each.problems)} problems" if each.problems else "ok"
    return f"{each.name:<12}{each.rows:>8} {each.kind}: {verdict}"
