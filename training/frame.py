"""What the pages of the staff have around them: who they are and where else they may go. The desk's own use it too."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from people.capabilities import Capability
from people.entering import find_me
from people.models import Person


def around() -> dict[str, Any]:
    """Empty for everybody else: strangers and co-residents see no rooms."""
    me = find_me()
    if me is None or not me.can(Capability.SEE_PEOPLE):
        return {}
    return {"who": me.name, "rooms": _rooms(me), "me": me, "Capability": Capability}


def _rooms(me: Person) -> list[tuple[str, str, str, bool]]:
    """(address, words, icon, whether we are there), only where this person may go in."""
    here = request.path
    rooms = [
        ("/tutor", _("Oggi"), "home", Capability.SEE_PEOPLE),
        ("/banco/ordini", _("Ordini"), "basket", Capability.KEEP_ORDERS),
        ("/banco/ritiri", _("Ritiri"), "place", Capability.KEEP_PICKUPS),
        ("/banco/incassi", _("Incassi"), "coins", Capability.SEE_TAKINGS),
        ("/tutor/persone", _("Persone"), "person", Capability.SEE_PEOPLE),
        ("/tutor/squadra", _("Squadra"), "calendar", Capability.KEEP_SHIFTS),
        ("/banco", _("Banco"), "crate", Capability.WORK_AT_DESK),
    ]
    return [
        (address, words, icon, here == address if address in ROOTS else here.startswith(address))
        for address, words, icon, capability in rooms
        if me.can(capability)
    ]


ROOTS = ("/tutor", "/banco")
