"""Badges: printed once, on the spot. The token is never kept, so the page cannot be opened again."""

from __future__ import annotations

import segno
from flask import current_app, flash, redirect, render_template, session
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from core import keys
from core.doors import door
from core.web import form_key_given
from people import badges, staff
from people.capabilities import Capability
from people.entering import me
from training import blueprint


@blueprint.post("/squadra/cartellini/<int:person_id>")
@door(Capability.ENROL_DEVICE, "machine")
def make(person_id: int) -> Response:
    """The old badge is void from now on. The staff has none: they come in with a password."""
    person = staff.get_co_resident(person_id)
    keys.once(form_key_given(), lambda: session.update(badge=[person_id, badges.make(person, by=me())]))
    return redirect("/tutor/squadra/cartellino", 303)


@blueprint.get("/squadra/cartellino")
@door(Capability.ENROL_DEVICE, "tutor")
def badge() -> str | Response:
    person_id, token = session.pop("badge", (None, None))
    if token is None:
        flash(_("Il cartellino si vede una volta sola. Se serve, fanne un altro."))
        return redirect("/tutor/squadra")
    return render_template("training/badge.html", person=staff.get(person_id), code=_code(token))


def _code(token: str) -> Markup:
    """The QR as a drawing in the page: dark on white in every scheme, with its quiet border.

    It holds an address, so that a tablet's own camera opens it; only a device of the farm lets it in.
    """
    address = f"{current_app.config['SETTINGS'].base_url}/banco/cartellino/{token}"
    drawing = segno.make(address, error="m").svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass="code"
    )
    return Markup(drawing)  # noqa: S704 - made of our own token
