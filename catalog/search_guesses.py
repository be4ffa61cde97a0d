"""Which words of the catalogue may be meant by one that somebody typed: guesses only where none is sure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search_forms import is_something_else, sound_of, stem, stems_of
from catalog.search_index import Index

SAME, SOUNDS, BEGINS, SMALLER, NEARLY = range(5)
"""How a word was met, best first: it or its plural, written as heard, its beginning, a pet form, with letters wrong."""
SHORTEST_BEGINNING, SHORTEST_GUESS, LONG_WORD = 3, 4, 7  # letters
PET_FORM = re.compile(r"(?:(\w{3,})(?:in|ett|ell|ott|ucc|uzz)|(\w{4,})on)(?:h?[aeio]|i[aeo])")
Known = tuple[int, str, int]
"""(how, a word of the catalogue, letters apart)"""


def is_sure(index: Index, word: str) -> bool:
    """Whether something is called so, or sounds so."""
    return bool(_same(index, word) or _sounding(index, word))


def is_word(index: Index, word: str) -> bool:
    """Whether it is a whole word of the catalogue, in the singular or the plural."""
    return len(word) >= SHORTEST_GUESS and (
        word in index.words or (stem(word, "it") != word and bool(_same(index, word)))
    )


def known(index: Index, word: str) -> list[Known]:
    """The words of the catalogue that may be meant. Guesses only where nothing is surely called like that."""
    same, sounds = _same(index, word), _sounding(index, word)
    found = [(SAME, each, int(each != word)) for each in same]
    found += [(SOUNDS, each, 0) for each in sounds - same]
    if not _is_whole(index, word, same):
        found += [
            (BEGINS, each, len(each) - len(word)) for each in _beginning(index, word) if each not in same | sounds
        ]
    if found or is_something_else(word):
        return found
    return _bigger(index, word) or _nearly(index, word) or _heard_nearly(index, word)


def _same(index: Index, word: str) -> set[str]:
    same = set().union(*(index.stems.get(each, ()) for each in stems_of(word)))
    return same | {word} if word in index.words else same


def _sounding(index: Index, word: str) -> set[str]:
    if is_something_else(word):
        return set()
    return set().union(*(index.sounds.get(sound_of(each), ()) for each in stems_of(word)))


def _is_whole(index: Index, word: str, same: Iterable[str]) -> bool:
    """Who types 'mela' has come to the end of the word, and does not want 'melanzane'."""
    return not index.heads.isdisjoint(same) and stem(word, "it") != word


def _beginning(index: Index, word: str) -> Iterator[str]:
    if len(word) < SHORTEST_BEGINNING or is_something_else(word):
        return iter(())
    after = index.order[bisect_left(index.order, word) :]
    return takewhile(lambda each: each.startswith(word), after)


def _bigger(index: Index, word: str) -> list[Known]:
    """'zucchette' are small 'zucche', 'cipolloni' large 'cipolle'."""
    found = PET_FORM.fullmatch(word)
    if not found:
        return []
    short = found[1] or found[2]
    return [(SMALLER, each, 1) for each in _same(index, short) | _sounding(index, short)]


def _nearly(index: Index, word: str) -> list[Known]:
    """One letter wrong in a short word, two in a long one; two that stand the wrong way round are one."""
    if len(word) < SHORTEST_GUESS:
        return []
    most = 2 if len(word) >= LONG_WORD else 1
    near = process.extract(word, index.order, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(NEARLY, called, int(far)) for called, far, _n in near if _is_likely(word, called, int(far))]


def _is_likely(word: str, called: str, distance: int) -> bool:
    """Few get the first letter wrong; who gets two letters wrong means a long word."""
    if len(called) < (LONG_WORD if distance > 1 else SHORTEST_GUESS):
        return False
    return word[0] == called[0] or (distance == 1 and len(called) >= LONG_WORD)


def _heard_nearly(index: Index, word: str) -> list[Known]:
    """Letters left out as one speaks, and one more wrong: 'fenoci' for 'finocchi'."""
    sound = sound_of(stem(word, "it"))
    if len(sound) <= SHORTEST_GUESS:
        return []
    near = process.extract(sound, index.heard, scorer=OSA.distance, score_cutoff=1, limit=None)
    likely = [heard for heard, _far, _n in near if len(heard) > SHORTEST_GUESS and heard[0] == sound[0]]
    return [(NEARLY, called, 3) for heard in likely for called in index.sounds[heard]]
