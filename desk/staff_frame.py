"""Pages of the staff at the desk look like the tutors' pages: their rooms, their name, a calm page of their own."""

from __future__ import annotations

from typing import Any

from core import web
from core.errors import Refused
from desk import blueprint
from desk.answering import spare_tutor
from people.entering import find_me
from training import frame


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    return frame.lazily() if web.face() == "tutor" else {}


@blueprint.errorhandler(Refused)
def _say_calmly(refused: Refused) -> tuple[str, int]:
    """In the look of the page that was asked for; whoever has no business there sees the desk's."""
    me = find_me()
    if me is None or not me.is_staff:
        return web.show_refused(refused, "desk")
    return web.show_refused(spare_tutor(refused))
