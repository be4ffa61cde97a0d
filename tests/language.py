"""Is the English complete? Sentences are compared with their translation; pages are read for words left in Italian."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.house import ROOMS, ROOT

TRANSLATION = ROOT / "translations/en/LC_MESSAGES/messages.po"

SAYING = {"_", "_l", "gettext", "ngettext", "pgettext", "lazy_gettext"}

ITALIAN = """
aggiungi aiuto alle anche ancora banco bietole bilancia buono carote carrello cartellino casa cassa cassetta
cassette chi chiama chili chilo circa completo con consegna contanti delle disdici domani dove fatto figura giorni
grammi guida il indietro italia lavora lavoro manca mazzi miele nessun nessuno non oggi ogni ordine ordini paghi
parola passo perché permesso persona persone pesa peso posto prendi prepara prodotti prodotto puoi quando quanto
questa questo recesso ritiri ritiro scegli scrivi sedano sono squadra stagione stampa stima sì telefono togli torna
totale tutti vai uova vasetto è
"""
"""Everyday words of our pages that no English sentence has."""


def said(folder: Path) -> Catalog:
    """Every sentence that code and templates say now; ``folder`` is somewhere to write to."""
    template = folder / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run(
        [*extract, "--no-location", "-o", str(template), "app.py", *sorted(ROOMS), "templates"], cwd=ROOT, check=True
    )
    return catalog(template)


def hidden(files: Iterable[tuple[str, str]]) -> list[str]:
    """Sentences inside f-strings: whoever collects sentences does not look there, so they would stay Italian."""
    return [
        f"{path}:{call.lineno}"
        for path, text in files
        for string in ast.walk(ast.parse(text))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYING
    ]


def catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def lacks(said: Catalog, translated: Catalog) -> list[str]:
    """What is missing, empty, unsure or has other %(placeholders)s than the sentence that it translates."""
    found = []
    for message in said:
        if message.id:
            problem = _problem(message, translated.get(message.id, message.context))
            found += [f"{problem}: {message.id}"] if problem else []
    return found


def _problem(message: Message, translation: Message | None) -> str:
    if translation is None:
        return "missing"
    if translation.fuzzy:
        return "unsure"
    ids, strings = _forms(message.id), _forms(translation.string)
    if len(ids) != len(strings):
        return "other forms"
    if not all(strings):
        return "empty"
    pairs = zip(ids, strings, strict=True)
    return "" if all(_placeholders(one) == _placeholders(other) for one, other in pairs) else "other placeholders"


def _forms(words: object) -> list[str]:
    return [str(form) for form in words] if isinstance(words, list | tuple) else [str(words)]


def _placeholders(sentence: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%%|</?b>", sentence))


def shape(text: Path) -> tuple[int, int, list[str]]:
    """How many headings and paragraphs a text has, and which {places} are filled in."""
    words = text.read_text(encoding="utf-8")
    paragraphs = [part for part in words.split("\n\n") if part.strip()]
    headings = sum(part.startswith("## ") for part in paragraphs)
    return headings, len(paragraphs), sorted(set(re.findall(r"\{\w+\}", words)))


def italian_in(page: str, *names: str) -> list[str]:
    """Italian words that somebody would see or hear on this page; ``names`` of people and places may stay."""
    words = re.sub(r"https?://\S+", " ", visible(page))
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, " ")
    return sorted(set(re.findall(r"[^\W\d_]+", words.lower())) & set(ITALIAN.split()))


def visible(page: str) -> str:
    """The words of a page and of its attributes, without those that say that they are Italian."""
    reader = _Reader()
    reader.feed(page.replace("chilo<span>metrico</span>", "chilometrico"))
    return " ".join(" ".join(reader.words).split())


class _Reader(HTMLParser):
    SPOKEN = ("alt", "title", "aria-label", "placeholder", "content")
    EMPTY = ("meta", "link", "img", "input", "br", "path", "rect", "circle", "hr", "use", "source")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent: list[str] = []  # open elements from the one that is not for us

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.EMPTY and (self._silent or self._is_silent(tag, given)):
            self._silent.append(tag)
        if not self._silent:
            self.words += self._of_attributes(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[len(self._silent) - 1 - self._silent[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    def _is_silent(self, tag: str, given: dict[str, str | None]) -> bool:
        return tag in ("script", "style") or given.get("lang") == "it"

    def _of_attributes(self, given: dict[str, str | None]) -> Iterator[str]:
        return (given[name] or "" for name in self.SPOKEN if name in given)
