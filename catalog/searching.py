"""Finding goods by what somebody types: without accents, in the singular or the plural, with a letter wrong.

Names are searched, other names and English ones, and the words for a whole shelf. Descriptions, recipes and ingredients
are not: whoever looks for vinegar does not look for a jar of pickles. A wrong hit is worse than none, so letters are
only guessed where nothing is called like that, and never away from the right name of something else that one eats.
Where nothing is called by every word, what is called by the most of them comes, and it is said that it is not the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from catalog import search_guesses
from catalog.search_forms import is_quality, is_something_else, stems_of
from catalog.search_guesses import NEARLY, SMALLER, SOUNDS
from catalog.search_index import APART, Index
from catalog.search_questions import LONGEST_WORD, Question, questions
from catalog.search_words import NO_FOOD, PASSED_OVER

GUESSES = (SOUNDS, SMALLER, NEARLY)


@dataclass(frozen=True)
class Found:
    """``ids``: best first. ``meant``: what was found in the place of what was typed; empty where it is the same.

    ``is_near``: something was asked that none of them is called by.
    """

    ids: tuple[int, ...]
    meant: str = ""
    is_near: bool = False


def search(index: Index, said: str, row: Callable[[int], int] = lambda _product: 0) -> Found:
    """The goods that are called by the words of ``said``; 'mele e pere' are two questions.

    ``row``: where a product stands; of two that are called so equally well the first comes first.
    """
    answers = [_answer(index, question) for question in questions(index, said)]
    hits: dict[int, _Hit] = {}
    for answer in answers:
        for product, hit in answer.hits.items():
            if product not in hits or hit < hits[product]:
                hits[product] = hit
    ids = sorted(hits, key=lambda product: (hits[product], row(product), index.names[product]))
    if not ids or any(answer.is_near for answer in answers):
        return Found(tuple(ids), is_near=bool(ids))
    return Found(tuple(ids), _meant(index, answers))


_Rank = tuple[int, int, int, int]
"""How one word of a question was met in one product, where, how many letters apart, and how far on in the name."""
_Hit = tuple[int, Sequence[_Rank]]
"""How many words were not met, and the others, the worst first: it decides first."""


@dataclass(frozen=True)
class _Answer:
    """``met``: for each word the goods that are called by it. ``hits``: the goods that answer the question."""

    words: Sequence[str]
    met: Sequence[dict[int, _Rank]] = ()
    hits: dict[int, _Hit] = field(default_factory=dict)

    @property
    def is_near(self) -> bool:
        return not self.hits or next(iter(self.hits.values()))[0] > 0


def _answer(index: Index, question: Question) -> _Answer:
    """The goods called by every word, or by the most. A colour alone is nobody's name beside another word."""
    words = question.words
    if any((word in NO_FOOD and word not in index.words) or len(word) > LONGEST_WORD for word in words):
        return _Answer(words)
    met = [_goods_called(index, word, words) for word in words]
    called = set.intersection(*(set(each) for each in met))
    if not called:
        called = _called_by_most(words, met, question.is_made_of)
    return _Answer(
        words, met, {product: _hit([each[product] for each in met if product in each], met) for product in called}
    )


def _hit(ranks: list[_Rank], met: Sequence[dict[int, _Rank]]) -> _Hit:
    return len(met) - len(ranks), sorted(ranks, reverse=True)


def _called_by_most(words: Sequence[str], met: Sequence[dict[int, _Rank]], is_made_of: bool) -> set[int]:
    if is_made_of and not met[0] and is_something_else(words[0]):
        return set()
    names = [each for word, each in zip(words, met, strict=True) if not is_quality(word)]
    counts = {product: sum(product in each for each in met) for product in set().union(*(names or met))}
    most = max(counts.values(), default=0)
    return {product for product, count in counts.items() if count == most}


def _goods_called(index: Index, word: str, beside: Sequence[str]) -> dict[int, _Rank]:
    """Product -> how well it is called so."""
    found: dict[int, _Rank] = {}
    for how, called, distance in search_guesses.known(index, word):
        if called in PASSED_OVER:
            continue
        for product, (where, far) in index.words[called].items():
            if where == APART and not _is_in_company(index.company[called, product], beside):
                continue
            rank = (how, where, distance, far)
            if product not in found or rank < found[product]:
                found[product] = rank
    return found


def _is_in_company(company: set[str], beside: Sequence[str]) -> bool:
    return not company or any(company & stems_of(word) for word in beside)


def _meant(index: Index, answers: Sequence[_Answer]) -> str:
    """'zucchine' for 'zuchina'; empty where every word was right, or the beginning of one."""
    best = [min(each.hits, key=lambda product: (each.hits[product], index.names[product])) for each in answers]
    ranks = [[met[product] for met in each.met] for product, each in zip(best, answers, strict=True)]
    if not any(rank[0] in GUESSES for each in ranks for rank in each):
        return ""
    return ", ".join(
        _instead(index, each.words, product, of) for each, product, of in zip(answers, best, ranks, strict=True)
    )


def _instead(index: Index, words: Sequence[str], product: int, ranks: Sequence[_Rank]) -> str:
    pairs = zip(words, ranks, strict=True)
    return " ".join(_met_by(index, word, product, rank) if rank[0] in GUESSES else word for word, rank in pairs)


def _met_by(index: Index, word: str, product: int, rank: _Rank) -> str:
    """The word of the catalogue, as it is written; of two that were met alike the one that looks more like it."""
    how, where, far, on = rank
    known = [each for way, each, away in search_guesses.known(index, word) if (way, away) == (how, far)]
    met = [each for each in known if index.words[each].get(product) == (where, on)]
    return index.written[min(met, key=lambda each: (OSA.distance(word, each), each))]
