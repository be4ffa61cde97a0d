"""The pages of this face: importing this module puts them on the blueprint."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from people.capabilities import Capability
from people.entering import find_me
from training import (
    badge_pages,
    blueprint,
    device_pages,
    entering_pages,
    people_pages,
    team_pages,
    today_pages,
    words,
)

__all__ = ["badge_pages", "device_pages", "entering_pages", "people_pages", "team_pages", "today_pages"]


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    """What every page of this face shows around its content."""
    me = find_me()
    if me is None or not me.can(Capability.SEE_PEOPLE):
        return {"words": words}
    return {"who": me.name, "rooms": _rooms(), "words": words, "me": me, "Capability": Capability}


def _rooms() -> list[tuple[str, str, str, bool]]:
    here = request.path
    return [
        ("/tutor", _("Oggi"), "home", here == "/tutor"),
        ("/tutor/persone", _("Persone"), "person", here.startswith("/tutor/persone")),
        ("/tutor/squadra", _("Squadra"), "calendar", here.startswith("/tutor/squadra")),
        ("/banco", _("Banco"), "crate", False),
    ]
