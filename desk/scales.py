"""The scale of a tablet (ruling 16): open to a page only where something is weighed and a tutor has set one."""

from __future__ import annotations

from flask import current_app

from core import web
from desk import blueprint
from people.devices import Scale
from people.entering import this_device

PLAYED = "bilancia-di-prova"  # the channel on which the demo's scale speaks, inside one browser


def here() -> Scale:
    """What weighs at this tablet. On a cable: from now on this page may speak with it, and no other page."""
    device = this_device()
    found = Scale(device.scale) if device else Scale.NONE
    if found == Scale.SERIAL:
        web.let_use("serial")
    return found


def played() -> str:
    """Where the demo's scale is heard; empty in a real shop."""
    return PLAYED if current_app.config["SETTINGS"].demo else ""


@blueprint.context_processor
def _scales() -> dict[str, object]:
    return {"scale_here": here, "scale_played": played}
