"""Aiuto: one tap, no form; the tutor sees who, where and which crate, and nothing moves (criterion 37)."""

from __future__ import annotations

import re

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.doors import OPEN, door
from desk import blueprint
from desk.answering import CALLED, do_once, go, inside, with_parameter
from people import entering
from training import helping


@blueprint.post("/aiuto")
@door(OPEN, "passo")
def call() -> Response:
    here = inside(request.form.get("da", ""))
    person = entering.find_me()
    if person is None:  # nobody to show on the tutor's page yet
        flash(_("Chiama il tutor a voce."))
        return go(here)
    order = re.match(r"/banco/(?:casse|consegna)/(\d+)", here) or re.search(r"[?&]cassetta=(\d+)", here)
    order_id = int(order[1]) if order else None
    screen = "/banco/cartellino" if here.startswith("/banco/cartellino") else here.partition("?")[0]  # never a token
    do_once(lambda: helping.call(person, screen=screen, order_id=order_id), about_me=True)
    return go(with_parameter(here, CALLED))
