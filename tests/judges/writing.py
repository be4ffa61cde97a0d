"""What a run of the judges found, between two marks of a document; what stands around them is left alone."""

from __future__ import annotations

from pathlib import Path

END = "<!-- to here -->"


def write(document: Path, begin: str, text: str) -> None:
    """Raises ValueError where the document has no such place."""
    before, found, rest = document.read_text(encoding="utf-8").partition(begin)
    _old, mark, after = rest.partition(END)
    if not (found and mark):
        raise ValueError(f"{document} has no place for «{begin}»")
    document.write_text(f"{before}{begin}\n\n{text}\n\n{END}{after}", encoding="utf-8")
