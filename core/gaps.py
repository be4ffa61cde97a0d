"""Pages that are the same for everybody but for a few gaps: the form's token, the basket, what was just said.

A page is made once by nobody, with gaps where somebody's own things stand, and kept; each visitor gets it with the
gaps filled. Whatever asks for the session while it is made spoils it: nothing of a visitor gets into what others see.
Between the gaps it is kept compressed too. A gap itself is sent uncompressed, so that from outside nothing can be
learnt of it by the length of the whole (BREACH).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import Response, g, request, session
from flask_babel import get_locale
from markupsafe import Markup

from core import checks
from core.keeping import Keeper

EDGE = "\0"  # no text of anybody has one (core/inputs.py)
TOKEN = "token"  # noqa: S105 - the name of a gap
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
FAST, BEST, FEW_GAPS = 1, 9, 6  # a page with many gaps is one visitor's: it is packed for one time
MOST_JOINED = 4  # ways in which one page is joined, for visitors with and without a basket
LARGEST_STORED = 65_535  # bytes, of one stored block (RFC 1951, 3.2.4)


class Page:
    """What stands between the gaps, and the gaps' names. ``about``: what its maker wants to know again of it."""

    def __init__(self, text: str, about: Any = None) -> None:
        self.about, pieces = about, text.split(EDGE)
        self._texts, self._names = [piece.encode() for piece in pieces[::2]], pieces[1::2]
        self._joined: Keeper[_Joined] = Keeper(MOST_JOINED)

    def filled(self, fill: Mapping[str, str]) -> bytes:
        joined = self._where(fill)
        return b"".join(joined.with_gaps(joined.texts, [fill[name].encode() for name in joined.names]))

    def filled_and_packed(self, fill: Mapping[str, str]) -> bytes:
        """The same in gzip's format (RFC 1952)."""
        joined = self._where(fill)
        gaps = [fill[name].encode() for name in joined.names]
        packed = joined.with_gaps(joined.packed, [_stored(gap) for gap in gaps])
        return b"".join((GZIP_HEAD, *packed, joined.tail(gaps)))

    def _where(self, fill: Mapping[str, str]) -> _Joined:
        """Joined where these leave a gap empty: most of them, for most visitors."""
        names = frozenset(name for name, words in fill.items() if words)
        return self._joined.get(names, lambda: self._join(names))

    def _join(self, names: Collection[str]) -> _Joined:
        runs, kept = [[self._texts[0]]], []
        for name, text in zip(self._names, self._texts[1:], strict=True):
            if name in names:
                kept.append(name)
                runs.append([text])
            else:
                runs[-1].append(text)
        return _Joined([b"".join(run) for run in runs], kept, FAST if len(kept) > FEW_GAPS else BEST)


class _Joined:
    """Texts with a gap between each two. Their packed form and their checks are worked out once."""

    def __init__(self, texts: list[bytes], names: list[str], level: int) -> None:
        self.texts, self.names, self._level = texts, names, level

    @cached_property
    def packed(self) -> list[bytes]:
        """Each text alone and ending on a byte, so that anything may follow."""
        return [_deflated(text, self._level) for text in self.texts]

    def tail(self, gaps: list[bytes]) -> bytes:
        """The end of the last block, then check and length of all that was packed."""
        length = sum(map(len, self.texts)) + sum(map(len, gaps))
        check = self._checks[0][0]
        for gap, (text_check, shift) in zip(gaps, self._checks[1:], strict=True):
            check = checks.joined(zlib.crc32(gap, check), text_check, shift)
        return b"\x03\x00" + check.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")

    @cached_property
    def _checks(self) -> list[tuple[int, int]]:
        return [(zlib.crc32(text), checks.shift_of(len(text))) for text in self.texts]

    @staticmethod
    def with_gaps(texts: list[bytes], gaps: list[bytes]) -> Iterator[bytes]:
        yield texts[0]
        for gap, text in zip(gaps, texts[1:], strict=True):
            yield gap
            yield text


def gap(name: str) -> Markup:
    return Markup(f"{EDGE}{name}{EDGE}")  # noqa: S704 - names are ours


def written_by_nobody(write: Callable[[], str]) -> str:
    """The text that ``write`` gives. Raises RuntimeError where something in it asked for the session."""
    with _nobody():
        return write()


def answer(page: Page, fill: Mapping[str, str]) -> Response:
    """For the browser of this request, packed where it takes that."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(page.filled_and_packed(fill) if packs else page.filled(fill), mimetype="text/html")
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@contextmanager
def _nobody() -> Iterator[None]:
    """The form's token is a gap: Flask-WTF takes what stands in ``g``. Flask says whether the session was asked."""
    get_locale()  # the language may be this visitor's choice: what is kept is kept for each language
    own = session._get_current_object()  # type: ignore[attr-defined]
    before = g.pop("csrf_token", None)
    own.accessed, g.csrf_token = False, gap(TOKEN)
    try:
        yield
        if own.accessed:
            raise RuntimeError("a page for everybody asked for the session of one")
    finally:
        own.accessed = True
        g.pop("csrf_token")
        if before is not None:
            g.csrf_token = before


def _deflated(text: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(text: bytes) -> bytes:
    """Blocks that are not compressed: no bit of what stands in a gap meets the texts around it."""
    blocks = [text[start : start + LARGEST_STORED] for start in range(0, len(text), LARGEST_STORED)]
    return b"".join(
        b"\x00" + len(block).to_bytes(2, "little") + (len(block) ^ 0xFFFF).to_bytes(2, "little") + block
        for block in blocks
    )
