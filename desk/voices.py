"""The tutor's voice on the tablet: which words have one, and the sounds themselves. Played only on a tap."""

from __future__ import annotations

from flask import Response, jsonify
from flask_babel import gettext as _

from core.doors import OPEN, door
from core.errors import NotFound
from desk import blueprint
from people import voices
from people.entering import this_device


@blueprint.get("/voci")
@door(OPEN, "machine")
def known() -> Response:
    """Words -> where their sound is. Only for a tablet of the farm."""
    _require_tablet()
    return jsonify({words: f"/banco/voci/{number}" for words, number in sorted(voices.known().items())})


@blueprint.get("/voci/<int:recording_id>")
@door(OPEN, "machine")
def sound(recording_id: int) -> Response:
    _require_tablet()
    found = voices.get(recording_id)
    return Response(found.sound, mimetype=found.kind)


def _require_tablet() -> None:
    if this_device() is None:
        raise NotFound(_("Qui lavora solo chi è della cascina."))
