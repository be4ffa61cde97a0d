"""The way back for somebody of the staff whose session has ended: to the page, or to the form with all that it said.

An address is taken only if it is one of the staff's own pages here; nothing else is ever led to.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, redirect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core import doors, web
from people.capabilities import STAFF_ONLY

ENTRANCE = "/tutor/entra"
AGAIN = "/tutor/rientra"  # where a form goes that came too late, with what it says
HOME = "/tutor"
PAGES = {"tutor", "paper"}

Fields = list[tuple[str, str]]


def to_entrance(method: str, asked: str) -> Response:
    """From an address of the staff: the entrance, which leads back to it. A form is sent there as it is (307)."""
    if method not in ("GET", "HEAD"):
        return redirect(f"{AGAIN}?{urlencode({'poi': asked})}", 307)
    return redirect(entrance(find_page(asked)))


def entrance(page: str | None) -> str:
    """The address of the entrance, with the way back where there is one."""
    return f"{ENTRANCE}?{urlencode({'poi': page})}" if page and page != HOME else ENTRANCE


def find_page(raw: str) -> str | None:
    """``raw`` if it is a page of the staff that one can look at, path and parameters; else None."""
    declared = _door(raw, "GET")
    return _local(raw) if declared and declared.screen in PAGES else None


def find_form(raw: str) -> str | None:
    """``raw`` if it is where a form of the staff is sent to; else None."""
    return _local(raw) if _door(raw, "POST") else None


def folded(fields: Iterable[tuple[str, str]]) -> str:
    """All of them in one hidden field, so that none is taken for a field of the entrance."""
    return urlencode(list(fields))


def unfolded(text: str) -> Fields:
    """The inverse of folding; nothing where somebody has sent something else."""
    try:
        found = parse_qsl(text, keep_blank_values=True, max_num_fields=web.MOST_FIELDS)
    except ValueError:
        return []
    return [(name, value) for name, value in found if name not in web.NEVER_SENT_BACK]


def _door(raw: str, method: str) -> doors.Door | None:
    """The door at this address, if only the staff go through it."""
    local = _local(raw)
    if local is None:
        return None
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(urlsplit(local).path, method=method)
    except HTTPException:  # nobody's address, another method, or one that leads on
        return None
    declared = doors.of(current_app.view_functions[str(endpoint)])
    return declared if declared and declared.capability in STAFF_ONLY else None


def _local(raw: str) -> str | None:
    """Path and parameters of an address on this site, put together anew from its parts."""
    try:
        parts = urlsplit(raw)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or "\\" in raw or not parts.path.startswith("/") or parts.path.startswith("//"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
