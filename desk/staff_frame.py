"""Pages of the staff at the desk look like the tutors' pages: their rooms, their name, a calm page of their own."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, request
from werkzeug.local import LocalProxy

from core import doors, web
from core.errors import Refused
from desk import blueprint
from people.capabilities import Capability
from people.entering import find_me
from training import frame


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    """Asked only when a page needs it, so that a calm page never depends on the database."""
    if not _is_for_staff():
        return {}
    return {
        "who": LocalProxy(lambda: frame.around().get("who", "")),
        "rooms": LocalProxy(lambda: frame.around().get("rooms", [])),
        "me": LocalProxy(find_me),
        "Capability": Capability,
    }


@blueprint.errorhandler(Refused)
def _say_calmly(refused: Refused) -> tuple[str, int]:
    """In the look of the page that was asked for; whoever has no business there sees the desk's."""
    me = find_me()
    if not _is_for_staff() or me is None or not me.is_staff:
        return web.show_refused(refused)
    page = render_template("core/calm_tutor.html", sentence=refused.sentence, reference="", status=refused.status)
    return page, refused.status


def _is_for_staff() -> bool:
    """Also called for addresses that nobody has."""
    declared = doors.of(current_app.view_functions.get(request.endpoint or ""))
    return declared is not None and declared.screen == "tutor"
