"""What the web server writes down, without the paths that were asked for: they carry secrets (gunicorn.conf.py)."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

UNREADABLE = "Invalid request"
"""How gunicorn begins its line about one that it could not read; what follows is what was asked for."""


class PathlessLog(Logger):
    def warning(self, msg: str, *args: Any, **more: Any) -> None:
        if msg.startswith(UNREADABLE):
            msg, args = UNREADABLE, ()
        super().warning(msg, *args, **more)

    def exception(self, msg: str, *args: Any, **more: Any) -> None:
        """With what stumbled and where in our code; of the request, nothing."""
        if msg.startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **more)
