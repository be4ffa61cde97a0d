"""The printer: only our own files, one paper at a time, style and fonts made once."""

from __future__ import annotations

import re
import statistics
import time
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from adapters import pdf
from adapters.pdf import StrangeFile
from core.settings import ROOT
from tests.papers import reading
from tests.together import together

PAPER = '<html lang="it"><head><title>Prova</title></head><body><h1>Prova</h1><p>Sei <b>pere</b>{}</p></body></html>'


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "/etc/hostname",
        "/../core/settings.py",
        "https://posta.example/spia.png",
        "/static/../app.py",
    ],
)
def test_a_paper_may_only_use_our_own_files(address: str) -> None:
    with pytest.raises(StrangeFile):
        pdf.to_pdf(PAPER.format(f'<img src="{address}" alt="spia">'))
    assert "Sei pere" in reading.words(pdf.to_pdf(PAPER.format("")))  # and the next one is made


def test_what_does_not_exist_leaves_a_gap_and_the_paper_is_made() -> None:
    assert "Sei pere" in reading.words(pdf.to_pdf(PAPER.format('<img src="/static/img/nulla.svg" alt="nulla">')))


def test_papers_made_at_the_same_instant_are_like_those_made_alone(app: Flask) -> None:
    papers = [PAPER.format(f" e {number} mele") for number in range(6)]
    alone = [pdf.to_pdf(paper) for paper in papers]
    at_once = together(app, *[lambda paper=paper: pdf.to_pdf(paper) for paper in papers * 3])
    assert at_once == alone * 3


def test_the_two_weights_of_the_shops_own_font_are_embedded_and_no_other() -> None:
    with pikepdf.open(BytesIO(pdf.to_pdf(PAPER.format("")))) as document:
        names = {str(font.BaseFont).partition("+")[2] for font in _fonts(document)}
    assert names == {"Atkinson-Hyperlegible-Next", "Atkinson-Hyperlegible-Next-Bold"}


@pytest.mark.parametrize("name", ["print", "label"])
def test_every_token_of_the_style_sheet_is_known_and_light(name: str) -> None:
    style = pdf.style_sheet(name)
    assert "var(" not in style
    assert "#1d2a1c" in style  # ink
    assert "#f2f4ea" not in style  # ink of the dark scheme
    assert re.findall(r"#[0-9a-f]{3,6}\b", (ROOT / f"static/css/{name}.css").read_text()) == []  # colours are tokens


def test_a_short_paper_takes_a_moment() -> None:
    """Generous, because others may use the machine; `python -m tests.papers FOLDER` has the figures."""
    pdf.to_pdf(PAPER.format(""))
    assert statistics.median(_cpu_seconds() for _ in range(7)) < 0.25


def _cpu_seconds() -> float:
    began = time.process_time()
    pdf.to_pdf(PAPER.format(""))
    return time.process_time() - began


def _fonts(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [font for page in document.pages for font in dict(page.Resources.Font).values()]
