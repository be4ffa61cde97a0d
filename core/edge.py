"""The outermost layer: what is said where no page of ours can be made, and to whoever comes by another name than ours.

Nothing here asks a database, a template or a session: whatever else has failed, this answers, in both languages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

log = logging.getLogger("chilometrico.edge")

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]

LONGEST_NOTED = 100  # signs of a name that anybody may have made up
MOST_NOTED = 50

_FRAME = """<!DOCTYPE html>
<html lang="it">
<head>
<meta charset="utf-8">
<title>Chilometrico</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
{styles}</head>
<body class="shop">
<main class="page page-narrow">
<div class="stack calm">
<h1>{title}</h1>
{words}
</div>
</main>
</body>
</html>
"""
_SHEETS = ("tokens", "base", "parts", "shop")
_STYLES = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">\n' for name in _SHEETS)
SORRY = _FRAME.format(
    styles=_STYLES,
    title="Qualcosa da noi non ha funzionato",
    words="<p>Chiama o riprova tra poco.</p>\n"
    '<p lang="en">Something of ours did not work. Call us, or try again in a moment.</p>',
)
"""The last resort, for when not even the calm page of a fault can be made."""


class Edge:
    """Around everything else: no fault goes further, since whoever runs us would write its path into a log.

    ``headers`` are those of every page; paths carry secrets, so nothing here names one.
    """

    def __init__(self, through: Wsgi, headers: Mapping[str, str]) -> None:
        self._through = through
        told = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", **headers}
        self._headers = [*told.items(), ("Content-Length", str(len(SORRY.encode())))]

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if "HTTP_HOST" in environ:  # in large letters it is the same name (RFC 3986, 3.2.2)
            environ["HTTP_HOST"] = environ["HTTP_HOST"].lower()
        try:
            return self._through(environ, start)
        except Exception:
            log.exception("no page could be made, not even the one that says so")
            start("500 Internal Server Error", list(self._headers))
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else SORRY.encode()]


def elsewhere(host: str, ours: str) -> str:
    """The page for a name that is not ours. ``ours``: the address to go to, where we know it.

    Without a style sheet: under that name none would be sent either.
    """
    _note(host[:LONGEST_NOTED])
    it, en = "Guarda com'è scritto, poi riprova.", "Look how it is spelt, then try again."
    if ours:
        link = f'<a href="{escape(ours)}/">{escape(ours)}</a>'
        it, en = f"Ci trovi qui: {link}", f"You find us here: {link}"
    words = f'<p>{it}</p>\n<p lang="en">The shop is not at this address. {en}</p>'
    return _FRAME.format(styles="", title="Il negozio non è a questo indirizzo", words=words)


@lru_cache(MOST_NOTED)
def _note(host: str) -> None:
    """Once for each: programs that try out names must not fill the log."""
    log.warning("asked for as %r, which is not our name (docs/operations.md, Behind a proxy)", host)
