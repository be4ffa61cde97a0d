"""Pictures on paper: our drawings are read once in a process, a QR is drawn as what it is: squares."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import ParseError, fromstring

RUNS = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")
QR = re.compile("<svg [^>]*viewBox='0 0 (\\d+) \\1'[^>]*><path class='qrline' [^>]*d='([Mmh\\d. -]+)'/></svg>")


class Squares:
    """A QR in the paper's ink. WeasyPrint can draw its path too, but takes a sixth of a label's time over it."""

    def __init__(self, size: int, path: str) -> None:
        self.size, self.runs = size, _runs(path)

    def get_intrinsic_size(self, *_about: Any) -> tuple[None, None, int]:
        """As wide as high, and as large as the style wants."""
        return None, None, 1

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        stream.transform(a=width / self.size, d=height / self.size)
        stream.set_color(style["color"])
        for x, y, length in self.runs:
            stream.rectangle(x, y, length, 1)
        stream.fill()


def find_squares(url: str) -> Squares | None:
    """A QR as `orders.documents.qr` writes it; None for any other picture."""
    svg = QR.fullmatch(unquote(url.partition(",")[2])) if url.startswith("data:image/svg+xml") else None
    return Squares(int(svg[1]), svg[2]) if svg else None


def pictures(files: Any, ours: str, named: frozenset[str]) -> type[dict[str, Any]]:
    """What makes the pictures of one paper. Drawings below ``ours`` and those that the style sheets name stay read.

    A drawing has no words in it, so it needs nothing of the paper that it was first drawn on.
    """
    from weasyprint.images import SVGImage

    kept: dict[str, Any] = {}

    class Pictures(dict[str, Any]):
        def __contains__(self, url: object) -> bool:
            if not super().__contains__(url) and isinstance(url, str) and (found := _find(url)):
                self[url] = found
            return super().__contains__(url)

    def _find(url: str) -> Any:
        if url not in kept and (url in named or (url.startswith(ours) and urlsplit(url).path.endswith(".svg"))):
            with suppress(OSError, ParseError):  # WeasyPrint says so, and leaves a gap
                kept[url] = SVGImage(fromstring(files(url).read()), url, files, None)  # noqa: S314 - our own files
        return kept.get(url) or find_squares(url)

    return Pictures


def _runs(path: str) -> list[tuple[float, float, float]]:
    """Dark modules side by side: (from the left, from the top, how many)."""
    runs, x, y = [], 0.0, 0.0
    for command, along, down in RUNS.findall(path):
        if command == "h":
            runs.append((x, y - 0.5, float(along)))
            x += float(along)
        elif command == "m":
            x, y = x + float(along), y + float(down)
        else:
            x, y = float(along), float(down)
    return runs
