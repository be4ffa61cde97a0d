"""Files of ours, compressed once and kept: styles, scripts and drawings. They carry nobody's secrets."""

from __future__ import annotations

import gzip

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from core.keeping import Keeper

PACKED = {"text/css", "text/javascript", "image/svg+xml", "application/manifest+json"}
LEAST = 400  # bytes: less is not worth it

_packed: Keeper[bytes] = Keeper(300)


def pack(response: Response) -> None:
    """Compress the file of this answer where the browser takes that. Small files and parts of one stay as they are."""
    if response.mimetype not in PACKED or response.status_code != 200 or not response.content_length:
        return
    response.vary.add("Accept-Encoding")
    tag, _weak = response.get_etag()
    if "gzip" not in request.headers.get("Accept-Encoding", "") or response.content_length < LEAST or not tag:
        return
    response.direct_passthrough = False
    file = response.response
    response.data = _packed.get((request.path, tag), lambda: gzip.compress(response.get_data(), 9, mtime=0))
    if isinstance(file, FileWrapper):
        file.close()
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(tag, weak=True)  # the same file in other bytes
