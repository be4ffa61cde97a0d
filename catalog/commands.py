"""`flask products …`"""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from catalog import importing
from catalog.importing import CHANGED, NEW, REFUSED, SAME, Plan
from core.errors import Refused

group = AppGroup("products", help="The list of what is sold.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write it, all or nothing. Without it nothing is changed.")
@click.pass_context
def bring_in(context: click.Context, file: Path, write: bool) -> None:
    """Say what a list of products (CSV) would change, and write it if told so. Ends with 1 if a line is refused."""
    try:
        text = importing.decode(file.read_bytes())
        plan = importing.look(text)
        click.echo("\n".join(_lines(plan)))
        if write and plan.is_writable:
            importing.write(text, seen_as=plan.sign, by=None)
            click.echo("Written.")
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    context.exit(1 if plan.of(REFUSED) else 0)


def _lines(plan: Plan) -> list[str]:
    told = [f"Line {line.number}, {line.name}: {line.sentence}" for line in plan.of(REFUSED)]
    told += [f"Line {line.number}, {line.name}: {line.what}" for line in (*plan.of(NEW), *plan.of(CHANGED))]
    told += [f"Column not known: {head}" for head in plan.unread]
    return [*told, ", ".join(f"{len(plan.of(what))} {what}" for what in (NEW, CHANGED, SAME, REFUSED))]
