"""Words by themselves: folded, their stem, how they sound, and whether they are the right name of something else."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from catalog.search_words import QUALITIES, SHELVES, SHELVES_EN, SOMETHING_ELSE
from core import inputs

LANGUAGES = {"it": "italian", "en": "english"}
BOTH = tuple(LANGUAGES)
_HANDS = threading.local()


def split(text: str) -> Iterator[tuple[str, str]]:
    """(folded, as it is written)."""
    for written in re.findall(r"[\w]+", re.sub(r"['’`]", " ", text)):
        folded = re.sub(r"[\W_]+", "", inputs.folded(written))
        if folded:
            yield folded, written.lower()


def sound_of(word: str) -> str:
    """How it sounds to whoever writes it as heard: 'zucchin' and 'zuchin' are the same."""
    plain = word.replace("ph", "f").replace("k", "c").replace("y", "i").replace("qu", "cu").replace("h", "")
    return re.sub(r"(.)\1+", r"\1", plain)


def stems_of(word: str) -> set[str]:
    return {stem(word, language) for language in BOTH}


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A stemmer keeps the word that it works on: each thread has its own."""
    if not hasattr(_HANDS, language):
        setattr(_HANDS, language, snowballstemmer.stemmer(LANGUAGES[language]))
    return getattr(_HANDS, language).stemWord(word)


def is_something_else(word: str) -> bool:
    """Whether it is the right name of something that one eats, in the singular or the plural."""
    return any((stem(word, language), language) in _other_food() for language in BOTH)


def is_quality(word: str) -> bool:
    """Whether it tells one sort from another, however it is written: 'giala' too. 'Rice' is a thing, no curly one."""
    return not is_something_else(word) and any(sound_of(each) in _qualities() for each in stems_of(word))


@lru_cache(maxsize=1)
def _qualities() -> set[str]:
    return {sound_of(each) for word in QUALITIES for each in stems_of(word)}


@lru_cache(maxsize=1)
def _other_food() -> set[tuple[str, str]]:
    return {(stem(word, language), language) for word in SOMETHING_ELSE for language in BOTH}


@lru_cache(maxsize=1)
def shelf_words() -> dict[str, set[str]]:
    """Stem -> the shelves that are called so."""
    found: dict[str, set[str]] = defaultdict(set)
    for shelves, language in ((SHELVES, "it"), (SHELVES_EN, "en")):
        for shelf, words in shelves.items():
            for word in words.split():
                found[stem(word, language)].add(shelf)
    return found
