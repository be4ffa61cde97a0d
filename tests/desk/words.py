"""The words that the desk says, read from its templates and code: for the glossary and for tutors who record them.

`python -m tests.desk.words` writes desk/phrases.txt; a test says when it is no longer what the screens say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

from core.settings import ROOT

PHRASES = ROOT / "desk/phrases.txt"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
ELIDED = re.compile(r"^(l’|un’|d’|all’|dell’|sull’|nell’|dall’)")
STAFF = re.compile(
    r"staff_|call_form|change_form|order_bill|order_story|order_words|pickup_|keeping|diary|outbox|text_words|_story|rehearsing|given\.py"
)
"""Modules of the desk's room that only the staff see."""


def sources() -> list[Path]:
    """Everything that a co-resident's screen is made of."""
    templates = [*ROOT.glob("templates/desk/*.html"), ROOT / "templates/layouts/desk.html"]
    templates.append(ROOT / "templates/macros/desk.html")
    code = [path for path in ROOT.glob("desk/*.py") if not STAFF.search(path.name)]
    return sorted([*templates, *code])


def sentences() -> dict[str, str]:
    """Sentence -> the file that says it. Singular and plural are two; what the staff alone are told is left out."""
    found: dict[str, str] = {}
    for path in sources():
        for sentence in _in(path):
            found.setdefault(sentence, str(path.relative_to(ROOT)))
    return found


def parts(sentence: str) -> list[str]:
    """'Servono %(amount)s' -> ['Servono']: what a tutor can say once for all."""
    plain = re.sub(r"<[^>]+>", " ", sentence)
    return [part for piece in re.split(r"%\(\w+\)[sd]", plain) if WORD.search(part := piece.strip(" ,.:;«»\n"))]


def words(sentence: str) -> list[str]:
    """Word by word; an article that has lost its vowel is a word of its own: 'l’etichetta' -> l’, etichetta."""
    plain = " ".join(parts(sentence)).lower().replace("'", "’")
    return [word for found in WORD.findall(plain) for word in ELIDED.sub(r"\1 ", found).split()]


def phrases() -> list[str]:
    """Every part of every sentence once, longest first within a letter: as the tutor's page lists them."""
    found = {part for sentence in sentences() for part in parts(sentence)}
    return sorted(found, key=lambda part: (part.lower(), part))


def _in(path: Path) -> Iterator[str]:
    method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
    staff = _for_staff(path.read_text()) if path.suffix == ".py" else set()
    with path.open("rb") as source:
        for _line, said, _comments, _context in extract(method, source, keywords=KEYWORDS):
            for sentence in said if isinstance(said, tuple) else (said,):
                if sentence and sentence not in staff:
                    yield sentence


def _for_staff(source: str) -> set[str]:
    """Sentences given as ``without_tutor``: the co-resident is told another one."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "without_tutor":
            found |= {leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)}
    return found


if __name__ == "__main__":
    PHRASES.write_text("\n".join(phrases()) + "\n")
