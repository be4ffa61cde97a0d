"""Finding goods by what somebody types: without accents, in the singular or the plural, with a letter wrong.

Names are searched, other names and English ones, and the words for a whole shelf. Descriptions, recipes and ingredients
are not: whoever looks for vinegar does not look for a jar of pickles. A wrong hit is worse than none, so letters are
only guessed where nothing is called like that, and never away from the right name of something else that one eats.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.models import Product
from catalog.search_words import PASSED_OVER, SHELVES, SHELVES_EN, SOMETHING_ELSE
from core import inputs

LONGEST = 100  # signs that are read
MOST_WORDS = 8
SAME, SOUNDS, BEGINS, NEARLY = range(4)
"""How a word was met, best first: the word or its plural, written as it sounds, its beginning, with letters wrong."""
NAME, INSIDE, OTHER, SHELF = range(4)
"""Where it stands: at the head of the name, further on in it, among the other names, above the whole shelf."""
SHORTEST_BEGINNING, SHORTEST_GUESS, LONG_WORD = 3, 4, 7  # letters


@dataclass(frozen=True)
class Named:
    """What a product is called: all that is asked of it."""

    id: int
    name: str
    name_en: str
    other_names: str
    shelf: str


def named(product: Product) -> Named:
    return Named(product.id, product.name, product.name_en, product.other_names, product.shelf)


@dataclass(frozen=True)
class Found:
    """``ids``: best first. ``meant``: what was found in the place of what was typed; empty where it is the same."""

    ids: tuple[int, ...]
    meant: str = ""


@dataclass
class Index:
    """All that can be known before anybody asks. A word is kept as (language, folded word)."""

    words: dict[str, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sounds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    order: list[str] = field(default_factory=list)  # for beginnings
    names: dict[int, str] = field(default_factory=dict)  # folded: of two equals the first by name
    written: dict[str, str] = field(default_factory=dict)  # a word as it is written, with its accents


def prepare(goods: Iterable[Named]) -> Index:
    """What `search` needs: worked out once for each state of the catalogue."""
    index = Index()
    for each in goods:
        index.names[each.id] = inputs.folded(each.name)
        for word, written, where, language in _words_of(each):
            place = index.words[word].get(each.id)
            index.words[word][each.id] = min(place, where) if place else where
            index.written.setdefault(word, written)
            index.stems[_stem(word, language)].add(word)
            index.sounds[sound_of(_stem(word, language))].add(word)
    index.order = sorted(index.words)
    return index


def search(index: Index, said: str) -> Found:
    """The goods that are called by every word of ``said``. Nothing for words that nothing is called by."""
    typed = words_in(said)
    wanted = [word for word in typed if not (word in PASSED_OVER or word.isdecimal())][:MOST_WORDS]
    met = [_goods_called(index, word) for word in wanted]
    if not met or not all(met):
        return Found(())
    known = set.intersection(*(set(each) for each in met))
    ranks = {product: _rank([each[product] for each in met]) for product in known}
    ids = sorted(known, key=lambda product: (ranks[product], index.names[product]))
    return Found(tuple(ids), _meant(index, wanted, [each[ids[0]] for each in met]) if ids else "")


def words_in(text: str) -> list[str]:
    """'Bietole dell’Òrto' as ['bietole', 'dell', 'orto']."""
    return [word for word, _written in _split(text[:LONGEST])]


def sound_of(word: str) -> str:
    """How it sounds to whoever writes it as heard: 'zucchin' and 'zuchin' are the same."""
    plain = word.replace("ph", "f").replace("k", "c").replace("y", "i").replace("qu", "cu").replace("h", "")
    return re.sub(r"(.)\1+", r"\1", plain)


@dataclass(frozen=True)
class _Meeting:
    """One word of a query and one product. ``word``: by which it was met."""

    how: int
    where: tuple[int, int]
    distance: int
    word: str

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (self.how, self.where[0], self.distance, self.where[1])


def _split(text: str) -> Iterator[tuple[str, str]]:
    """(folded, as it is written)."""
    for written in re.findall(r"[\w]+", re.sub(r"['’`]", " ", text)):
        folded = re.sub(r"[\W_]+", "", inputs.folded(written))
        if folded:
            yield folded, written.lower()


def _words_of(goods: Named) -> Iterator[tuple[str, str, tuple[int, int], str]]:
    """(folded word, as written, where it stands, language)."""
    for name, language in ((goods.name, "it"), (goods.name_en, "en")):
        for n, (word, written) in enumerate(_split(name)):
            yield word, written, (INSIDE if n else NAME, n), language
    for name in goods.other_names.split(","):
        for n, (word, written) in enumerate(_split(name)):
            yield word, written, (OTHER, n), "it"
    for names, language in ((SHELVES, "it"), (SHELVES_EN, "en")):
        for word, written in _split(names.get(goods.shelf, goods.shelf)):
            yield word, written, (SHELF, 0), language


def _goods_called(index: Index, word: str) -> dict[int, _Meeting]:
    """Product -> how well it is called so. Guesses only where nothing is surely called like that."""
    found: dict[int, _Meeting] = {}
    for how, called, distance in _known(index, word):
        for product, where in index.words[called].items():
            if called in PASSED_OVER:
                continue
            meeting = _Meeting(how, where, distance, called)
            if product not in found or meeting.rank < found[product].rank:
                found[product] = meeting
    return found


def _known(index: Index, word: str) -> list[tuple[int, str, int]]:
    """(how, a word of the catalogue, letters apart)."""
    stems = {_stem(word, language) for language in ("it", "en")}
    same = set().union(*(index.stems.get(stem, set()) for stem in stems))
    sounds = set().union(*(index.sounds.get(sound_of(stem), set()) for stem in stems))
    if word in index.words:
        same.add(word)
    found = [(SAME, each, int(each != word)) for each in same]
    if word not in SOMETHING_ELSE:
        found += [(SOUNDS, each, 0) for each in sounds - same]
    found += [(BEGINS, each, len(each) - len(word)) for each in _beginning(index, word) if each not in same | sounds]
    return found or list(_nearly(index, word))


def _beginning(index: Index, word: str) -> Iterator[str]:
    if len(word) < SHORTEST_BEGINNING or word in SOMETHING_ELSE:
        return iter(())
    after = index.order[bisect_left(index.order, word) :]
    return takewhile(lambda each: each.startswith(word), after)


def _nearly(index: Index, word: str) -> Iterator[tuple[int, str, int]]:
    """One letter wrong in a short word, two in a long one; two that stand the wrong way round are one."""
    if len(word) < SHORTEST_GUESS or word in SOMETHING_ELSE:
        return
    most = 2 if len(word) >= LONG_WORD else 1
    near = process.extract(word, index.order, scorer=OSA.distance, score_cutoff=most, limit=None)
    for called, distance, _n in near:
        if len(called) >= SHORTEST_GUESS and _is_likely(word, called, int(distance)):
            yield NEARLY, called, int(distance)


def _is_likely(word: str, called: str, distance: int) -> bool:
    """Few get the first letter wrong; who gets two letters wrong means a long word."""
    return word[0] == called[0] or (distance == 1 and len(called) >= LONG_WORD)


def _rank(meetings: list[_Meeting]) -> tuple[tuple[int, int, int, int], ...]:
    """The word that was met worst decides first."""
    return tuple(sorted((each.rank for each in meetings), reverse=True))


def _meant(index: Index, wanted: list[str], meetings: list[_Meeting]) -> str:
    """'zucchine' for 'zuchina'; empty where every word was right, or the beginning of one."""
    if not any(each.how in (SOUNDS, NEARLY) for each in meetings):
        return ""
    pairs = zip(wanted, meetings, strict=True)
    return " ".join(index.written[each.word] if each.how in (SOUNDS, NEARLY) else word for word, each in pairs)


_HANDS = threading.local()
LANGUAGES = {"it": "italian", "en": "english"}


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    """A stemmer keeps the word that it works on: each thread has its own."""
    if not hasattr(_HANDS, language):
        setattr(_HANDS, language, snowballstemmer.stemmer(LANGUAGES[language]))
    return getattr(_HANDS, language).stemWord(word)
