"""What somebody asks for: the words that tell which product is meant, put together or taken apart where need be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from catalog.search_forms import is_quality, is_something_else, split
from catalog.search_guesses import is_sure, is_word
from catalog.search_index import Index
from catalog.search_words import AND, MEASURES, OF, PASSED_OVER

LONGEST = 100  # signs that are read
MOST_WORDS, LONGEST_WORD = 8, 30
SHORTEST_PART, SHORTEST_WHOLE = 4, 5  # letters: of a word that was written together with another, of the two together
AMOUNT = re.compile(r"\d+[a-z]{0,2}|\w")  # '2', '500gr', and the 'c' of "c'è"


@dataclass(frozen=True)
class Question:
    """``is_made_of``: 'pane di zucca' asks for bread; 'pane zucca' for the one and the other."""

    words: Sequence[str]
    is_made_of: bool


def questions(index: Index, said: str) -> Iterator[Question]:
    left = MOST_WORDS
    for part in re.split(r"(?<!\d)[,;/+&]|[,;/+&](?!\d)", said[:LONGEST]):
        for typed in _apart(words_in(part)):
            question = _question(index, typed, left)
            left -= len(question.words)
            if question.words:
                yield question


def _apart(typed: Sequence[str]) -> Iterator[Sequence[str]]:
    """What stands between one 'e' and the next."""
    ends = [-1, *(n for n, word in enumerate(typed) if word in AND), len(typed)]
    for first, last in pairwise(ends):
        yield typed[first + 1 : last]


def _question(index: Index, typed: Sequence[str], most: int) -> Question:
    """Without the words that say nothing about which product is meant; a measure alone may be what it is called."""
    joined = [word for word in _joined(index, typed) if word in OF or not _is_passed_over(word)]
    telling = [word for word in joined if word not in MEASURES] if set(joined) - MEASURES - OF else joined
    wanted = [word for word in telling if word not in OF]
    if len(typed) == 1 and not wanted:
        wanted = [word for word in typed if word in OF and is_word(index, word)]  # 'agli'
    is_made_of = bool(wanted) and any(word in OF for word in telling[telling.index(wanted[0]) + 1 :][:1])
    return Question([part for word in wanted for part in _parts(index, word)][: max(most, 0)], is_made_of)


def _is_passed_over(word: str) -> bool:
    return word in PASSED_OVER or bool(AMOUNT.fullmatch(word))


def _joined(index: Index, typed: Sequence[str]) -> list[str]:
    """'topi nambur' and 'la ttuga' as one word."""
    words: list[str] = []
    for word in typed:
        if words and _is_torn(index, words[-1], word):
            words[-1] += word
        else:
            words.append(word)
    return words


def _is_torn(index: Index, first: str, second: str) -> bool:
    if second in PASSED_OVER or len(first + second) < SHORTEST_WHOLE:
        return False
    return not (is_sure(index, first) and is_sure(index, second)) and is_sure(index, first + second)


def _parts(index: Index, word: str) -> Sequence[str]:
    """'succodimela' as ['succo', 'mela']; a word that is known, or of which nothing is, stays whole."""
    if len(word) > LONGEST_WORD or is_sure(index, word) or is_something_else(word):
        return [word]
    ways = ((n, between) for n in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1) for between in ("", *OF))
    for n, between in ways:
        first, rest = word[:n], word[n + len(between) :]
        if word.startswith(between, n) and is_word(index, first) and (is_word(index, rest) or is_quality(rest)):
            return [first, rest]
    return [word]


def words_in(text: str) -> list[str]:
    """'Bietole dell’Òrto' as ['bietole', 'dell', 'orto']."""
    return [word for word, _written in split(text[:LONGEST])]
