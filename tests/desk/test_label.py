"""The crate label: one page A6, tagged, readable by machines, with no more about the citizen than it needs."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from adapters import pdf
from adapters.pdf import PdfMissing
from orders import preparing
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs
from tests.papers import reading

MILLIMETRE = 72 / 25.4


@pytest.fixture
def label(enter: EnterAs) -> bytes:
    order = crates.mixed(name="Clementina Brambilla", email="clementina@posta.example")
    answer = enter(make.person("Anna")).client.get(f"/banco/casse/{order.id}/etichetta.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    return answer.data


def test_it_is_one_tagged_page_with_title_and_language(label: bytes) -> None:
    with pikepdf.open(BytesIO(label)) as document:
        assert len(document.pages) == 1
        _left, _bottom, width, height = (float(side) for side in document.pages[0].mediabox)
        assert (round(width / MILLIMETRE), round(height / MILLIMETRE)) == (105, 148)
        assert str(document.Root.Lang) == "it"
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.docinfo["/Title"]) == "Etichetta della cassetta 1"


def test_the_checker_of_accessible_pdf_finds_nothing(label: bytes) -> None:
    assert reading.findings(label) == ""
    assert reading.findings(reading.spoilt(label)) != ""  # a checker that cannot fail proves nothing


def test_it_names_the_citizen_by_first_name_and_initial(label: bytes) -> None:
    text = reading.words(label)
    assert "Clementina B." in text
    assert "Brambilla" not in text
    assert "posta.example" not in text


def test_an_order_of_two_crates_has_a_label_for_each_with_the_same_number(enter: EnterAs) -> None:
    order = preparing.set_crates(crates.mixed().id, 2, by=None)
    answer = enter(make.person("Anna")).client.get(f"/banco/casse/{order.id}/etichetta.pdf")
    one, two = reading.pages(answer.data)
    assert "1 di 2" in one
    assert "2 di 2" in two
    assert one.replace("1 di 2", "2 di 2") == two


def test_without_the_system_libraries_a_calm_page_says_so(enter: EnterAs, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PdfMissing("Qui non si può ancora stampare: manca un pezzo del computer (Pango).")

    monkeypatch.setattr(pdf, "load", missing)
    order = crates.mixed()
    desk = enter(make.person("Anna")).go(f"/banco/casse/{order.id}/etichetta.pdf")
    assert desk.status == 503
    assert "Qui non si può ancora stampare" in desk.text
    assert desk.offers("Casa")
