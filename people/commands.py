"""`flask people …`"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from people import inviting
from people.capabilities import Role

group = AppGroup("people", help="Who works here.")


@group.command("invite")
@click.option("--role", type=click.Choice([Role.TUTOR.value, Role.COORDINATOR.value]), required=True)
def invite(role: str) -> None:
    """Print a one-time link for somebody of the staff."""
    token = inviting.invite(Role(role))
    click.echo(f"{current_app.config['SETTINGS'].base_url}/tutor/invito/{token}")
