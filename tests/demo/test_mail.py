"""The demo's mail: what would have left, as text and as it looks, and what still waits for undo."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from adapters.models import KeptMail
from core import outbox
from core.database import db
from tests import factories as make


def test_an_empty_box_says_how_to_fill_it(client: FlaskClient) -> None:
    assert "Ancora nessuna." in client.get("/demo/posta").text


def test_letters_are_listed_newest_first(client: FlaskClient) -> None:
    for name in ("Maria Rossi", "Pino Bianchi"):
        make.order(name=name)
        outbox.send_due()
    page = client.get("/demo/posta").text
    assert page.index("Pino Bianchi") < page.index("Maria Rossi")


def test_what_waits_for_undo_says_when_it_leaves(client: FlaskClient) -> None:
    make.prepared(make.order(name="Maria Rossi"))
    page = client.get("/demo/posta").text
    assert "Aspettano di partire" in page
    assert re.search(r"Cassetta pronta, Maria Rossi <span class=\"soft\">parte \w+", page)


def test_a_letter_shows_headers_text_and_a_frame_without_scripts(client: FlaskClient) -> None:
    order = make.order(name="Maria Rossi")
    outbox.send_due()
    mail = db.session.scalars(select(KeptMail)).one()
    page = client.get(f"/demo/posta/{mail.id}")
    assert mail.subject in page.text
    assert "Maria Rossi &lt;maria.rossi@posta.example&gt;" in page.text
    assert order.number in page.text
    assert re.search(rf'<iframe [^>]*src="/demo/posta/{mail.id}/html" sandbox ', page.text)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in client.get("/demo/posta").headers["Content-Security-Policy"]


def test_the_framed_letter_may_have_a_style_and_nothing_that_runs(client: FlaskClient) -> None:
    make.order()
    outbox.send_due()
    answer = client.get(f"/demo/posta/{db.session.scalars(select(KeptMail.id)).one()}/html")
    rules = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in rules
    assert "style-src 'unsafe-inline'" in rules
    assert "sandbox" in rules
    assert "script" not in rules
    assert "frame-ancestors 'self'" in rules
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_letter_that_is_not_there_is_answered_calmly(client: FlaskClient) -> None:
    assert client.get("/demo/posta/99").status_code == 404
    assert client.get("/demo/posta/99/html").status_code == 404
