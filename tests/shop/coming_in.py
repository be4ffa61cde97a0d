"""A citizen who comes in by the link that a letter has brought."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from adapters.models import KeptMail
from core import outbox
from core.database import db
from tests import factories as make

MARIA = "maria.rossi@posta.example"


def ask(client: FlaskClient, email: str = MARIA) -> None:
    assert client.post("/i-tuoi-ordini", data={"email": email}).status_code == 303
    outbox.send_due()


def links() -> list[str]:
    """The addresses in the letters for coming in, the oldest first."""
    make.fresh(None)
    letters = db.session.scalars(select(KeptMail.raw).order_by(KeptMail.id))
    found = [re.search(r"/i-tuoi-ordini/entra/[\w-]+", raw.replace("=\n", "")) for raw in letters]
    return [match[0] for match in found if match]


def come_in(client: FlaskClient, email: str = MARIA) -> FlaskClient:
    ask(client, email)
    assert client.post(links()[-1]).status_code == 303
    make.fresh(None)
    return client
