"""Lending one's voice: a tutor says the words of the desk, for those who would rather hear them (criterion 35)."""

from __future__ import annotations

from functools import cache

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalog import products
from core import keys
from core.doors import door
from core.errors import Refused
from core.settings import ROOT
from core.web import form_key_given
from people import voices
from people.capabilities import Capability
from people.entering import me
from training import blueprint

Page = str | tuple[str, int] | Response
NUMBERS = [str(number) for number in (*range(1, 21), 30, 40, 50, 60, 100, 200, 250, 500, 750, 1000)]


@blueprint.get("/voce")
@door(Capability.LEND_VOICE, "tutor", uses=("microphone",))
def voice() -> str:
    return _show()


@blueprint.post("/voce")
@door(Capability.LEND_VOICE, "tutor", uses=("microphone",))
def record() -> Page:
    """From the microphone of this page, or a sound file. What was chosen is kept when it is refused."""
    words, sent = request.form.get("words", ""), request.files.get("sound")
    try:
        sound, kind = (sent.read(), sent.mimetype) if sent else (b"", "")
        keys.once(form_key_given(), lambda: voices.record(words, kind, sound, by=me()))
    except Refused as refused:
        return _show(refused, words), refused.status
    flash(_("La voce c’è: «%(words)s».", words=words))
    return redirect("/tutor/voce", 303)


@blueprint.get("/voce/<int:recording_id>")
@door(Capability.LEND_VOICE, "machine")
def listen(recording_id: int) -> FileResponse:
    found = voices.get(recording_id)
    return FileResponse(found.sound, mimetype=found.kind)


@blueprint.post("/voce/<int:recording_id>/togli")
@door(Capability.LEND_VOICE, "machine")
def remove(recording_id: int) -> Response:
    keys.once(form_key_given(), lambda: voices.remove(recording_id, by=me()))
    flash(_("La voce è tolta."))
    return redirect("/tutor/voce", 303)


def _show(refused: Refused | None = None, words: str = "") -> str:
    known = voices.known()
    groups = [
        ("schermi", _("Le parole degli schermi"), _phrases()),
        ("prodotti", _("I prodotti"), products.names_on_sale()),
        ("numeri", _("I numeri"), NUMBERS),
    ]
    shown = [
        (slug, title, [(said, known.get(voices.normal(said))) for said in phrases]) for slug, title, phrases in groups
    ]
    message = refused.sentence if refused else ""
    return render_template("training/voice.html", groups=shown, message=message, chosen=words)


@cache
def _phrases() -> list[str]:
    """What the desk says, as `python -m tests.desk.words` found it."""
    return (ROOT / "desk/phrases.txt").read_text(encoding="utf-8").splitlines()
