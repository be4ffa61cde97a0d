"""HTML to tagged PDF with WeasyPrint, loaded only when the first paper is printed.

What every paper shares is made once in a process: the style sheet is parsed, the font is cut to the two weights that
papers use. The rest of the time goes into the paper itself. Figures: `python -m tests.papers FOLDER`.
"""

from __future__ import annotations

import atexit
import io
import re
import threading
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _

from core.errors import Refused
from core.settings import ROOT

OURS = "https://paper.invalid/"
"""Where `/static/…` leads while a paper is made: an address that cannot exist, so nothing can be fetched by mistake."""

FAMILY = "Atkinson Hyperlegible Next"
FONT = ROOT / "static/font/atkinson-hyperlegible-next.woff2"
WEIGHTS = (400, 700)

_one_at_a_time = threading.Lock()  # the fonts are Pango's, and Pango serves one thread at a time


class PdfMissing(Refused):
    """The system libraries of WeasyPrint are not installed: the shop works, papers have to wait."""

    status = 503


class StrangeFile(RuntimeError):
    """A fault of ours: a paper asked for something that is not in `static/`."""


@dataclass(frozen=True)
class _Press:
    """What papers share in this process."""

    files: Any
    fonts: Any
    style: Any


def to_pdf(html: str) -> bytes:
    """PDF/UA-1 as WeasyPrint writes it, in the style of print.css. Only files under `static/` may be used.

    Raises PdfMissing.
    """
    weasyprint = _load()
    with _one_at_a_time:
        press = _set_up()
        document = weasyprint.HTML(string=html, base_url=OURS, url_fetcher=press.files)
        try:
            return document.write_pdf(
                pdf_variant="pdf/ua-1", finisher=_add_scopes, font_config=press.fonts, stylesheets=[press.style]
            )
        except weasyprint.urls.FatalURLFetchingError as strange:  # no Exception: it would go through every handler
            raise StrangeFile(str(strange)) from strange


def _load() -> Any:
    try:
        import weasyprint
    except OSError as missing:
        raise PdfMissing(_("Qui non si può ancora stampare: manca un pezzo del computer (Pango).")) from missing
    return weasyprint


@cache
def _set_up() -> _Press:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    files, fonts = _our_files(), FontConfiguration()
    style = weasyprint.CSS(
        string=_faces() + _style_sheet(),
        base_url=f"{OURS}static/css/print.css",
        url_fetcher=files,
        font_config=fonts,
    )
    atexit.register(_set_up.cache_clear)  # the fonts take their folder away while Python can still do it
    return _Press(files, fonts, style)


def _style_sheet() -> str:
    """print.css with the light tokens written in: paper has one scheme, and a variable costs time in every element."""
    tokens = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    values = dict(re.findall(r"--([\w-]+):\s*(.+?);(?=\s)", tokens))
    style = (ROOT / "static/css/print.css").read_text(encoding="utf-8")
    return re.sub(r"var\(--([\w-]+)\)", lambda found: values[found[1]], style)


def _faces() -> str:
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:url({OURS}font/{weight})}}' for weight in WEIGHTS
    )


@cache
def _cut(weight: int) -> bytes:
    """The variable font at one weight. WeasyPrint would cut it again for every paper, which took most of its time.

    Kerning stays as it is at 400: cutting it too takes six times as long, for what nobody sees.
    """
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables.DefaultTable import DefaultTable
    from fontTools.varLib.instancer import instantiateVariableFont

    font, cut, kerning = TTFont(FONT), io.BytesIO(), DefaultTable("GPOS")
    kerning.data = font.getTableData("GPOS")
    del font["GPOS"]
    instantiateVariableFont(font, {"wght": weight}, inplace=True, optimize=False)
    font["GPOS"] = kerning
    font.flavor = None
    font.save(cut)
    return cut.getvalue()


def _our_files() -> Any:
    """Papers are made of our own files: nothing is fetched from outside, nothing is read elsewhere on the disk."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OurFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if url.startswith(f"{OURS}font/"):
                return URLFetcherResponse(url, _cut(int(url.rpartition("/")[2])), {"Content-Type": "font/ttf"})
            path = (ROOT / unquote(urlsplit(url).path).lstrip("/")).resolve()
            if not url.startswith(OURS) or not path.is_relative_to(ROOT / "static"):
                raise FatalURLFetchingError(f"not one of our files: {url}")
            kind = guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OurFiles(allowed_protocols=("data",))


def _add_scopes(_document: Any, pdf: Any) -> None:
    """WeasyPrint names a cell's headers but not the header's own scope; readers of tables want both."""
    import pydyf

    by_reference = {thing.reference: thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary)}
    for thing in list(by_reference.values()):
        if thing.get("S") == "/TH":
            row = by_reference.get(thing["P"])
            group = by_reference.get(row["P"]) if row else None
            in_head = group is not None and group.get("S") == "/THead"
            thing["A"]["Scope"] = "/Column" if in_head else "/Row"
