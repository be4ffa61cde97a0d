"""What the first view of the week weighs, as the server sends it, and what it asks of the database."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from core.settings import ROOT

MOST = 14 * 1024  # bytes of page, styles and scripts: what comes in one first flight
MOST_WITH_FONT = 60 * 1024
SHEET = re.compile(rb'<link rel="stylesheet" href="(/static/[^"]+)"')
SCRIPT = re.compile(rb'<script [^>]*src="(/static/[^"]+)"')
FONT = ROOT / "static/font/atkinson-hyperlegible-next.woff2"


@dataclass(frozen=True)
class Weight:
    """Bytes as they travel, compressed by the server itself."""

    page: int
    styles: int
    scripts: int
    requests: int  # for styles and scripts

    @property
    def all(self) -> int:
        return self.page + self.styles + self.scripts

    @property
    def with_font(self) -> int:
        return self.all + FONT.stat().st_size


def weigh(client: FlaskClient, path: str = "/") -> Weight:
    """Of one page with all that it needs before it is drawn."""
    packed = _sent(client, path)
    page = gzip.decompress(packed)
    sheets, scripts = [[found.decode() for found in kind.findall(page)] for kind in (SHEET, SCRIPT)]
    sizes = [[len(_sent(client, each)) for each in kind] for kind in (sheets, scripts)]
    return Weight(len(packed), sum(sizes[0]), sum(sizes[1]), len(sheets) + len(scripts))


def _sent(client: FlaskClient, path: str) -> bytes:
    """As it travels. Raises ValueError where the server sends it uncompressed."""
    with client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"}) as answer:
        if answer.headers.get("Content-Encoding") != "gzip":
            raise ValueError(f"{path} is not compressed")
        return answer.data
