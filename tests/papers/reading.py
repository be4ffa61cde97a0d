"""Papers read back: by the checker of accessible PDF, as text, and by what the file says of itself."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pikepdf


def findings(pdf: bytes) -> str:
    """What the checker has against it; empty when it passes. It knows 16 of 106 rules of PDF/UA-1."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [sys.executable, "-m", "pdfua", "check", file.name]
        answer = subprocess.run(command, capture_output=True, check=False, text=True)
    return answer.stdout + answer.stderr if answer.returncode else ""


def spoilt(pdf: bytes) -> bytes:
    """The same paper without what makes it accessible: the checker must see it."""
    saved = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.Root.StructTreeRoot, document.Root.MarkInfo, document.Root.Lang
        document.save(saved)
    return saved.getvalue()


def pages(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it was drawn, cell by cell, in single spaces."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        found = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


def words(pdf: bytes) -> str:
    """All its text, in single spaces."""
    return " ".join(pages(pdf))


def about(pdf: bytes) -> tuple[str, str]:
    """Title and language."""
    with pikepdf.open(BytesIO(pdf)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        return str(document.docinfo["/Title"]), str(document.Root.Lang)
