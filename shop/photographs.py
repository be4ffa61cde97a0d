"""Photographs of products: the address says what is in them, so whoever has one never asks again."""

from __future__ import annotations

import re

from flask import Response, request
from flask_babel import gettext as _

from catalog import pictures
from core import web
from core.doors import OPEN, door
from core.errors import NotFound
from shop import blueprint

ADDRESS = re.compile(r"([0-9a-f]{16})-(\d{3,4})\.(avif|webp|jpg)", re.ASCII)


@blueprint.get("/immagini/<name>")
@door(OPEN, "machine")
def photograph(name: str) -> Response:
    """``name``: digest, pixels of the shorter side, format, as `templates/macros/pictures.html` writes it."""
    found = ADDRESS.fullmatch(name)
    if found is None:
        raise NotFound(_("Questa fotografia non c'è."))
    web.never_changes()
    if request.if_none_match.contains(name):
        return Response(status=304, headers={"ETag": f'"{name}"'})
    digest, side, kind = found.groups()
    answer = Response(pictures.get(digest, int(side), kind), mimetype=pictures.MEDIA[kind])
    answer.set_etag(name)
    return answer
