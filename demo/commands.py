"""`flask demo …`"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from core import clock
from core.database import Base, db, transaction
from demo import filling

group = AppGroup("demo", help="The invented farm.")


@group.command("fill")
def fill() -> None:
    """Fill an empty database; one that has people in it is left as it is."""
    if not filling.is_empty():
        filling.keep_open()
        click.echo("The database is not empty: nothing was filled in.")
        return
    filling.fill()
    click.echo("The farm is open.")


@group.command("reset")
def reset() -> None:
    """Empty every table of a demo database and fill it again. Refuses outside the demo."""
    if not current_app.config["SETTINGS"].demo:
        raise click.ClickException("Only with DEMO=1: this empties every table.")
    with transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    db.session.remove()
    filling.fill()
    click.echo("The farm is open again.")


@group.command("clock", context_settings={"ignore_unknown_options": True})
@click.argument("shift")
def move_clock(shift: str) -> None:
    """Move the shop's clock: +2d, -3h, +90m."""
    try:
        clock.move(clock.parse_shift(shift))
    except ValueError:
        raise click.BadParameter("say it like +2d, -3h or +90m") from None
    click.echo(clock.now().astimezone(clock.ROME).strftime("%A %d %B %Y, %H:%M"))
