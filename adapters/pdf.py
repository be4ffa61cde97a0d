"""HTML to tagged PDF with WeasyPrint, loaded only when the first paper is printed.

What every paper shares is made once in a process: style sheets are parsed, drawings are read, the font is cut to the
two weights that papers use. The rest of the time goes into the paper itself. Figures: `python -m tests.papers FOLDER`.
"""

from __future__ import annotations

import atexit
import io
import re
import threading
from base64 import b64decode
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from flask_babel import gettext as _

from adapters.pdf_pictures import pictures
from core.errors import Refused
from core.settings import ROOT

OURS = "https://paper.invalid/"
"""Where `/static/…` leads while a paper is made: an address that cannot exist, so nothing can be fetched by mistake."""

FAMILY = "Atkinson Hyperlegible Next"
FONT = ROOT / "static/font/atkinson-hyperlegible-next.woff2"
WEIGHTS = (400, 700)

COMPLETE = ("label",)
"""Sheets that say everything about the elements of their papers, from `display` on."""

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
    pictures: Any


def to_pdf(html: str, style: str = "print") -> bytes:
    """PDF/UA-1 as WeasyPrint writes it, in that style of `static/css/`. Only files under `static/` may be used.

    Raises PdfMissing.
    """
    weasyprint = load()
    with _one_at_a_time:
        press = _set_up()
        document = reader(style)(string=html, base_url=OURS, url_fetcher=press.files)
        try:
            return document.write_pdf(
                pdf_variant="pdf/ua-1",
                finisher=_add_scopes,
                font_config=press.fonts,
                stylesheets=[_style(style)],
                cache=press.pictures(),
            )
        except weasyprint.urls.FatalURLFetchingError as strange:  # no Exception: it would go through every handler
            raise StrangeFile(str(strange)) from strange


@cache
def reader(style: str) -> Any:
    """What reads the HTML. WeasyPrint's own sheet for any page of the world is left out where ours says everything:
    matching it took an eighth of a label's time. Should WeasyPrint call it otherwise one day, papers are only slower.
    """
    weasyprint = load()

    class Bare(weasyprint.HTML):
        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return []

    return Bare if style in COMPLETE else weasyprint.HTML


def load() -> Any:
    """WeasyPrint. Raises PdfMissing."""
    try:
        import weasyprint
    except OSError as missing:
        raise PdfMissing(_("Qui non si può ancora stampare: manca un pezzo del computer (Pango).")) from missing
    return weasyprint


@cache
def _set_up() -> _Press:
    from weasyprint.text.fonts import FontConfiguration

    files, fonts = _our_files(), FontConfiguration()
    _parse(_faces(), files, fonts)
    atexit.register(_set_up.cache_clear)  # the fonts take their folder away while Python can still do it
    named = frozenset(re.findall(r'url\("(data:[^"]+)"\)', style_sheet()))
    return _Press(files, fonts, pictures(files, f"{OURS}static/", named))


@cache
def _style(name: str) -> Any:
    press = _set_up()
    return _parse(style_sheet(name), press.files, press.fonts)


def _parse(sheet: str, files: Any, fonts: Any) -> Any:
    import weasyprint

    return weasyprint.CSS(string=sheet, base_url=f"{OURS}static/css/", url_fetcher=files, font_config=fonts)


def style_sheet(name: str = "print") -> str:
    """With the light tokens written in: paper has one scheme, and a variable costs time in every element."""
    tokens = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    values = dict(re.findall(r"--([\w-]+):\s*(.+?);(?=\s)", tokens))
    style = (ROOT / f"static/css/{name}.css").read_text(encoding="utf-8")
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
                kind, _comma, data = url.removeprefix("data:").partition(",")
                body = b64decode(data) if kind.endswith(";base64") else unquote_to_bytes(data)
                return URLFetcherResponse(url, body, _headers(kind.partition(";")[0]))
            if url.startswith(f"{OURS}font/"):
                return URLFetcherResponse(url, _cut(int(url.rpartition("/")[2])), _headers("font/ttf"))
            path = (ROOT / unquote(urlsplit(url).path).lstrip("/")).resolve()
            if not url.startswith(OURS) or not path.is_relative_to(ROOT / "static"):
                raise FatalURLFetchingError(f"not one of our files: {url}")
            kind = guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), _headers(kind))

    return OurFiles(allowed_protocols=("data",))


@cache
def _headers(kind: str) -> EmailMessage:
    """What the fetcher says of a file. Python takes longer to read such a line than WeasyPrint to read the file."""
    headers = EmailMessage()
    headers["Content-Type"] = kind
    return headers


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
