"""What a process keeps is bounded, and what it packs is what it had."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from core import checks
from core.gaps import Page, gap
from core.keeping import Keeper, forget_everything


def test_a_keeper_keeps_the_last_ones_that_were_asked_for() -> None:
    keeper = Keeper[str](2)
    for key in ("a", "b", "a", "c"):
        keeper.get(key, lambda key=key: key * 2)
    assert (keeper.find("a"), keeper.find("b"), keeper.find("c")) == ("aa", None, "cc")
    assert len(keeper) == 2


def test_what_nobody_may_keep_is_made_each_time_and_all_can_be_forgotten() -> None:
    keeper, made = Keeper[int](2), list[int]()
    for _turn in range(2):
        keeper.get(None, lambda: made.append(1) or 1)
    assert len(made) == 2
    keeper.keep("a", 1)
    forget_everything()
    assert len(keeper) == 0


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_check_of_two_texts_is_found_from_their_own(first: bytes, second: bytes) -> None:
    joined = checks.joined(zlib.crc32(first), zlib.crc32(second), checks.shift_of(len(second)))
    assert joined == zlib.crc32(first + second)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@given(st.lists(TEXTS, min_size=1, max_size=10), st.lists(TEXTS, min_size=9, max_size=9))
def test_a_page_with_its_gaps_filled_unpacks_to_itself(texts: list[str], words: list[str]) -> None:
    names = [f"gap {number}" for number in range(len(texts) - 1)]
    fill = dict(zip(names, words, strict=False))
    page = Page("".join(text + end for text, end in zip(texts, [*map(str, map(gap, names)), ""], strict=True)))
    whole = "".join(text + end for text, end in zip(texts, [*fill.values(), ""], strict=True))
    assert page.filled(fill).decode() == whole
    assert gzip.decompress(page.filled_and_packed(fill)) == whole.encode()


def test_a_gap_longer_than_a_block_is_sent_in_several() -> None:
    page, fill = Page(f"a{gap('x')}b"), {"x": "y" * 200_000}
    assert gzip.decompress(page.filled_and_packed(fill)) == page.filled(fill)
