"""The crate label: one page A6, tagged, readable by machines, with no more about the citizen than it needs."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from adapters import pdf
from adapters.pdf import PdfMissing
from tests import factories as make
from tests.desk import crates
from tests.desk.conftest import EnterAs

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


def test_the_checker_of_accessible_pdf_finds_nothing(label: bytes, tmp_path: Path) -> None:
    good, bad = tmp_path / "label.pdf", tmp_path / "bad.pdf"
    good.write_bytes(label)
    with pikepdf.open(BytesIO(label)) as document:
        del document.Root.StructTreeRoot, document.Root.MarkInfo, document.Root.Lang
        document.save(bad)
    assert check(good) == 0
    assert check(bad) != 0  # a checker that cannot fail proves nothing


def test_it_names_the_citizen_by_first_name_and_initial(label: bytes, tmp_path: Path) -> None:
    text = words(label, tmp_path)
    assert "Clementina B." in text
    assert "Brambilla" not in text
    assert "posta.example" not in text


def test_without_the_system_libraries_a_calm_page_says_so(enter: EnterAs, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PdfMissing("Qui non si può ancora stampare: manca un pezzo del computer (Pango).")

    monkeypatch.setattr(pdf, "_load", missing)
    order = crates.mixed()
    desk = enter(make.person("Anna")).go(f"/banco/casse/{order.id}/etichetta.pdf")
    assert desk.status == 503
    assert "Qui non si può ancora stampare" in desk.text
    assert desk.offers("Casa")


def check(path: Path) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pdfua", "check", str(path)], capture_output=True, check=False
    ).returncode


def words(label: bytes, folder: Path) -> str:
    (folder / "words.pdf").write_bytes(label)
    found = subprocess.run(["pdftotext", "-layout", "words.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return found.stdout.decode()
