"""HTML to tagged PDF with WeasyPrint, loaded only when the first paper is printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _

from core.errors import Refused
from core.settings import ROOT

OURS = "https://paper.invalid/"
"""Where `/static/…` leads while a paper is made: an address that cannot exist, so nothing can be fetched by mistake."""


class PdfMissing(Refused):
    """The system libraries of WeasyPrint are not installed: the shop works, papers have to wait."""

    status = 503


def to_pdf(html: str) -> bytes:
    """PDF/UA-1 as WeasyPrint writes it. Only files under `static/` may be used. Raises PdfMissing."""
    weasyprint = _load()
    document = weasyprint.HTML(string=html, base_url=OURS, url_fetcher=_our_files())
    return document.write_pdf(pdf_variant="pdf/ua-1", finisher=_add_scopes)


def _load() -> Any:
    try:
        import weasyprint
    except OSError as missing:
        raise PdfMissing(_("Qui non si può ancora stampare: manca un pezzo del computer (Pango).")) from missing
    return weasyprint


def _our_files() -> Any:
    """Papers are made of our own files: nothing is fetched from outside, nothing is read elsewhere on the disk."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class OurFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = (ROOT / unquote(urlsplit(url).path).lstrip("/")).resolve()
            if not url.startswith(OURS) or not path.is_relative_to(ROOT / "static"):
                raise FatalURLFetchingError(f"not one of our files: {url}")
            found = super().fetch(path.as_uri(), headers)
            found.url = url  # what a style sheet asks for next is again looked up from our address
            return found

    return OurFiles(allowed_protocols=("file", "data"))


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
