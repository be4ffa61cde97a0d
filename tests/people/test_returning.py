"""Where somebody of the staff is led back to: pages of the staff here, and nowhere else."""

from __future__ import annotations

import pytest
from flask import Flask

from people import returning

ELSEWHERE = [
    "https://example.org/banco/ordini",
    "//example.org/banco/ordini",
    "////banco/ordini",
    "/\t/example.org/banco/ordini",
    "\\\\example.org/banco/ordini",
    "/\\example.org",
    "javascript:alert(1)",
    "http://[",
    "banco/ordini",
    "/banco//ordini",
    "/banco/ordini/../../demo",
    "/banco/ordini/x",
    "/",
    "",
]
NOT_THEIRS = ["/banco", "/banco/prepara", "/banco/casse/1", "/tutor/entra", "/tutor/invito/abc", "/carrello", "/demo"]


@pytest.fixture(autouse=True)
def _inside(app: Flask):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize(
    "page",
    [
        "/banco/ordini",
        "/banco/ordini?cerca=maria+rossi",
        "/banco/ordini/7",
        "/banco/ritiri/3/sposta",
        "/tutor/persone/2",
    ],
)
def test_a_page_of_the_staff_is_found_with_its_parameters(page: str) -> None:
    assert returning.find_page(page) == page


def test_a_paper_of_the_staff_is_found_and_a_download_is_not() -> None:
    assert returning.find_page("/banco/fogli/3.pdf") == "/banco/fogli/3.pdf"
    assert returning.find_page("/banco/incassi.csv") is None


@pytest.mark.parametrize("raw", ELSEWHERE + NOT_THEIRS)
def test_nothing_else_is_a_page_to_go_back_to(raw: str) -> None:
    assert returning.find_page(raw) is None


@pytest.mark.parametrize(
    "raw", [*ELSEWHERE, "/banco/casse/1/pronta", "/tutor/entra", "/tutor/rientra", "/banco/ritiri/3"]
)
def test_nothing_else_is_a_form_to_send_again(raw: str) -> None:
    assert returning.find_form(raw) is None


def test_a_form_of_the_staff_is_found() -> None:
    assert returning.find_form("/banco/ordini/7/disdici") == "/banco/ordini/7/disdici"
    assert returning.find_page("/banco/ordini/7/ritira") is None  # nobody can look at it


def test_what_a_form_said_comes_back_as_it_was_but_for_passwords() -> None:
    said = [("riga", "1:2:180"), ("riga", "2:1:300"), ("nota", "Ciao & grazie = 🥕\nsuona"), ("vuoto", "")]
    assert returning.unfolded(returning.folded([*said, ("password", "segreta"), ("csrf_token", "x")])) == said
    assert returning.unfolded("&".join(["a=1"] * 501)) == []
