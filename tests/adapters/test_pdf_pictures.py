"""Pictures on paper: read once, and a QR drawn as squares, which looks like what WeasyPrint would draw."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import segno
from flask import Flask

from adapters import pdf, pdf_pictures
from core.settings import ROOT
from orders import documents
from tests.papers import reading, world

ADDRESS = "https://bottega.example/banco/casse/{}"
OURS = "https://paper.invalid/static/"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def picture(paper: bytes) -> bytes:
    """How its first page looks, dot by dot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(paper)
        return subprocess.run(["pdftoppm", "-r", "150", "-l", "1", path], capture_output=True, check=True).stdout


def a_label(monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, str]:
    """A label as it is, and its HTML."""
    seen: list[str] = []

    def to_pdf(html: str, style: str = "print") -> bytes:
        seen.append(html)
        return pdf.to_pdf(html, style)

    monkeypatch.setattr(documents, "to_pdf", to_pdf)
    made = documents.labels(world.pickup(1))
    return made, seen[0]


# --- QR


@pytest.mark.parametrize("number", [1, 99, 12_345])
def test_every_dark_square_of_a_qr_is_drawn_and_no_other(number: int) -> None:
    content = ADDRESS.format(number)
    squares = pdf_pictures.find_squares(documents.qr(content))
    assert squares is not None
    drawn = {(int(x) + n, int(y)) for x, y, length in squares.runs for n in range(int(length))}
    matrix = segno.make(content, error="m", mask=documents.QR_MASK).matrix
    assert drawn == {(x + 2, y + 2) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert squares.size == len(matrix) + 4  # two light ones on every side


@pytest.mark.parametrize(
    "other",
    [
        "data:image/svg+xml,%3Csvg viewBox='0 0 9 9' xmlns='http://www.w3.org/2000/svg'%3E%3Cg/%3E%3C/svg%3E",
        "data:image/png;base64,iVBORw0KGgo=",
        "https://paper.invalid/static/img/crates/01.svg",
        "",
    ],
)
def test_any_other_picture_is_left_to_weasyprint(other: str) -> None:
    assert pdf_pictures.find_squares(other) is None


def test_a_label_looks_the_same_whoever_draws_its_qr(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made, html = a_label(monkeypatch)
    monkeypatch.setattr(pdf_pictures, "find_squares", lambda _url: None)
    slowly = pdf.to_pdf(html, "label")
    assert len(slowly) != len(made)  # it was drawn in another way
    dots = list(zip(picture(slowly), picture(made), strict=True))
    assert sum(a != b for a, b in dots) > 0  # edges, as they are smoothed
    assert sum(abs(a - b) > 128 for a, b in dots) < len(dots) / 10_000


# --- the label's own sheet


def test_the_labels_sheet_leaves_nothing_to_weasyprints_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made, html = a_label(monkeypatch)
    monkeypatch.setattr(pdf, "COMPLETE", ())
    pdf.reader.cache_clear()
    try:
        with_everything = pdf.to_pdf(html, "label")
    finally:
        pdf.reader.cache_clear()
    assert picture(with_everything) == picture(made)
    assert reading.words(with_everything) == reading.words(made)
    assert reading.findings(made) == ""


def test_every_class_of_the_label_is_in_its_sheet() -> None:
    sheet = (ROOT / "static/css/label.css").read_text()
    template = (ROOT / "templates/documents/label.html").read_text()
    for name in (
        "label",
        "tape",
        "label-crate",
        "label-picture",
        "label-name",
        "label-where",
        "label-foot",
        "label-qr",
    ):
        assert f'class="{name}' in template
        assert f".{name} {{" in sheet or f".{name}, " in sheet


# --- drawings


def test_a_drawing_is_read_once_for_all_papers_and_another_picture_for_each() -> None:
    read: list[str] = []

    def files(url: str) -> BytesIO:
        read.append(url)
        if "nulla" in url:
            raise FileNotFoundError(url)
        return BytesIO(b"<svg" if "rotta" in url else DRAWING)

    tape = "data:image/svg+xml,tape"
    kind = pdf_pictures.pictures(files, OURS, frozenset({tape}))
    first, second = kind(), kind()
    for url in (f"{OURS}img/pera.svg?v=1", tape):
        assert url in first
        assert url in second
        assert first[url] is second[url]
    assert read == [f"{OURS}img/pera.svg?v=1", tape]
    for url in (f"{OURS}img/nulla.svg", f"{OURS}img/rotta.svg", f"{OURS}img/pera.png", "https://altrove.example/x.svg"):
        assert url not in first
    first["https://altrove.example/x.png"] = SimpleNamespace()
    assert "https://altrove.example/x.png" not in second  # only this paper's
