"""What comes in from outside: numbers that fit a column, words without hidden signs."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel

from core import inputs
from core.errors import Refused


@pytest.fixture
def small() -> FlaskClient:
    """Nothing but the gate, and three views behind it."""
    app = Flask(__name__)
    Babel(app)
    inputs.install(app)
    app.register_error_handler(Refused, lambda refused: (refused.sentence, refused.status))
    app.add_url_rule("/numero/<int:number>", view_func=lambda number: str(number), endpoint="number")
    app.add_url_rule("/parole/<words>", view_func=lambda words: "in", endpoint="words", methods=["GET", "POST"])
    app.add_url_rule("/crudo", view_func=inputs.reads_raw(lambda: "in"), endpoint="raw", methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("9" * 30, None),
        ("9" * 5_000, None),
        ("-1", None),
        (" 7", None),
        ("7.0", None),
        ("\u0663", None),
        ("\u00b2", None),
        ("", None),
        (None, None),
    ],
)
def test_a_whole_number_fits_a_column(text: str | None, number: int | None) -> None:
    assert inputs.whole_number(text) == number


@pytest.mark.parametrize("number", ["2147483648", "9" * 30, "9" * 5_000])
def test_an_address_with_a_number_that_no_row_has_is_not_there(small: FlaskClient, number: str) -> None:
    assert small.get(f"/numero/{number}").status_code == 404
    assert small.get("/numero/2147483647").text == "2147483647"


@pytest.mark.parametrize("sign", ["%00", "%07", "%1B", "%7F", "%C2%85"])
def test_a_hidden_sign_is_refused_wherever_it_is_sent(small: FlaskClient, sign: str) -> None:
    kind = "application/x-www-form-urlencoded"
    for answer in (
        small.get(f"/parole/x?q=a{sign}b"),
        small.get(f"/parole/x?a{sign}b=q"),
        small.post("/parole/x", data=f"q=1&q=a{sign}b", content_type=kind),
    ):
        assert answer.status_code == 400
        assert "un segno che non riusciamo a scrivere" in answer.text


def test_what_people_type_comes_through(small: FlaskClient) -> None:
    assert small.post("/parole/è", data={"nota": "Grazie\t🌱👩\u200d🌾\r\nCiao"}).text == "in"


def test_a_view_may_say_it_by_itself(small: FlaskClient) -> None:
    assert small.post("/crudo", data={"nota": "a\0b"}).text == "in"


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u3000", "\u200b\u200d\ufeff", "\u202e", "\u2028", "\u00ad"])
def test_words_that_nobody_sees_are_no_words(text: str) -> None:
    assert inputs.is_blank(text)
    assert inputs.one_line(text) == ""


def test_a_line_is_one_line() -> None:
    assert inputs.one_line(" Ada\r\nBcc:\tx\u2028 y ") == "Ada Bcc: x y"
    assert not inputs.is_blank("👩\u200d🌾")


def test_a_line_is_required_short_and_clean() -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        assert inputs.require_line(" Anna  Rossi ", 10, missing="Chi?") == "Anna Rossi"
        assert inputs.require_line("", 10) == ""
        for text in ("\u200b", "Anna Rossi!", "An\0na"):
            with pytest.raises(Refused):
                inputs.require_line(text, 10, missing="Chi?")
