"""What the goods are called, worked out once for each state of the catalogue: by word, stem, sound and beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalog.models import Product
from catalog.search_forms import BOTH, is_something_else, shelf_words, sound_of, split, stem, stems_of
from catalog.search_words import NAMED_AFTER, OF, PASSED_OVER, SHELVES, SHELVES_EN
from core import inputs

NAME, INSIDE, OTHER, SHELF, APART = range(5)
"""Where it stands: what it is, the rest of the name, another name, its shelf, where it means something else."""


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


@dataclass
class Index:
    """All that can be known before anybody asks. Words are kept folded."""

    words: dict[str, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    company: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))  # stems: see `_company`
    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sounds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    heads: set[str] = field(default_factory=set)  # words that say what something is
    order: list[str] = field(default_factory=list)  # for beginnings
    heard: list[str] = field(default_factory=list)  # the sounds, to guess among
    names: dict[int, str] = field(default_factory=dict)  # folded: of two equals the first by name
    written: dict[str, str] = field(default_factory=dict)  # a word as it is written, with its accents


def prepare(goods: Iterable[Named]) -> Index:
    """What `catalog.searching.search` needs."""
    index = Index()
    for each in goods:
        index.names[each.id] = inputs.folded(each.name)
        for name in _names_of(each):
            _add(index, each, name)
    index.order, index.heard = sorted(index.words), list(index.sounds)
    return index


@dataclass(frozen=True)
class _Name:
    words: list[tuple[str, str]]
    languages: tuple[str, ...]
    where: int
    head: int  # which of the words says what it is


def _names_of(goods: Named) -> Iterator[_Name]:
    yield _Name(list(split(goods.name)), ("it",), NAME, 0)
    english = list(split(goods.name_en))
    yield _Name(english, ("en",), NAME, _english_head([word for word, _written in english]))
    for other in goods.other_names.split(","):
        yield _Name(list(split(other)), BOTH, OTHER, 0)
    for shelves, language in ((SHELVES, "it"), (SHELVES_EN, "en")):
        for word in split(shelves.get(goods.shelf, goods.shelf)):
            yield _Name([word], (language,), SHELF, 0)


def _english_head(words: Sequence[str]) -> int:
    """'Apple juice' is a juice, 'jar of honey' a jar."""
    return next((n for n, word in enumerate(words) if word in OF), len(words)) - 1


def _add(index: Index, goods: Named, name: _Name) -> None:
    for n, (word, written) in enumerate(name.words):
        company = _company(name, n)
        away = abs(n - name.head)
        where = INSIDE if name.where == NAME and away else name.where
        if company or _is_of_another_shelf(word, goods.shelf):
            where = APART
        place = index.words[word].get(goods.id)
        index.words[word][goods.id] = min(place, (where, away)) if place else (where, away)
        index.company[word, goods.id] |= company
        if where == NAME:
            index.heads.add(word)
        index.written.setdefault(word, written)
        for language in name.languages:
            index.stems[stem(word, language)].add(word)
            index.sounds[sound_of(stem(word, language))].add(word)


def _company(name: _Name, n: int) -> set[str]:
    """Words beside which alone this one is met: 'carciofo di Gerusalemme' is no artichoke, 'cavolo fiore' no flower."""
    word, others = name.words[n][0], {other for other, _written in name.words[:n] + name.words[n + 1 :]}
    is_part = name.where == OTHER and bool(n or others & OF) and is_something_else(word)
    if not (is_part or others & NAMED_AFTER):
        return set()
    return set().union(*(stems_of(other) for other in others - PASSED_OVER))


def _is_of_another_shelf(word: str, shelf: str) -> bool:
    """Pickled vegetables are not what stands on the shelf of vegetables."""
    shelves = set().union(*(shelf_words().get(each, set()) for each in stems_of(word)))
    return bool(shelves) and shelf not in shelves
