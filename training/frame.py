"""What the pages of the staff have around them: who they are and where else they may go. The desk's own use it too."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.local import LocalProxy

from orders import finding
from people.capabilities import Capability
from people.entering import find_me
from people.models import Person


def around() -> dict[str, Any]:
    """Empty for everybody else: strangers and co-residents see no rooms."""
    me = find_me()
    if me is None or not me.can(Capability.SEE_PEOPLE):
        return {}
    return {"who": me.name, "rooms": _rooms(me), "me": me, "Capability": Capability}


def lazily() -> dict[str, Any]:
    """The same, asked only when a page needs it, so that a calm page never depends on the database."""
    return {
        "who": LocalProxy(lambda: around().get("who", "")),
        "rooms": LocalProxy(lambda: around().get("rooms", [])),
        "me": LocalProxy(find_me),
        "Capability": Capability,
    }


def left_over() -> int:
    """Crates that wait for a tutor to decide, the number on their door. Asked once for each page."""
    if "left_over" not in g:
        g.left_over = finding.how_many_left_over()
    return g.left_over


def _rooms(me: Person) -> list[tuple[str, str, str, bool]]:
    """(address, words, icon, whether we are there), only where this person may go in."""
    here = request.path
    rooms = [
        ("/tutor", _("Oggi"), "home", Capability.SEE_PEOPLE),
        ("/banco/ordini", _("Ordini"), "basket", Capability.KEEP_ORDERS),
        *_left_over(),
        ("/banco/ritiri", _("Ritiri"), "place", Capability.KEEP_PICKUPS),
        ("/banco/prodotti", _("Prodotti"), "jar", Capability.KEEP_STOCK),
        ("/tutor/persone", _("Persone"), "person", Capability.SEE_PEOPLE),
        ("/tutor/squadra", _("Squadra"), "calendar", Capability.KEEP_SHIFTS),
        ("/banco/cascina", _("Cascina"), "farm", Capability.KEEP_STOCK),
        ("/banco", _("Banco"), "crate", Capability.WORK_AT_DESK),
    ]
    return [
        (address, words, icon, _is_here(here, address))
        for address, words, icon, capability in rooms
        if me.can(capability)
    ]


def _is_here(here: str, address: str) -> bool:
    if address in ROOTS:
        return here == address
    return here.startswith((address, *BEHIND.get(address, ())))


def _left_over() -> list[tuple[str, str, str, Capability]]:
    """A door only while there is something behind it."""
    count, address = left_over(), "/banco/rimaste"
    if not count and not request.path.startswith(address):
        return []
    words = ngettext("%(num)s rimasta", "%(num)s rimaste", count) if count else _("Rimaste")
    return [(address, words, "wait", Capability.KEEP_ORDERS)]


ROOTS = ("/tutor", "/banco")
BEHIND = {
    "/banco/cascina": (
        *("/banco/campi", "/banco/luoghi", "/banco/ciotole", "/banco/incassi", "/banco/recessi"),
        *("/banco/partenze", "/banco/grazie", "/banco/diario", "/banco/testi", "/banco/dati"),
    )
}
"""Rooms that have no door of their own in the frame: one comes to them through this one. Nine words still fit."""
