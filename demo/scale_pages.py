"""A scale to play with: it says in one window of the browser what a scale on a cable would say to the other."""

from __future__ import annotations

from flask import redirect, render_template
from werkzeug.wrappers import Response

from core.doors import OPEN, door
from demo import blueprint, entering_pages
from desk.scales import PLAYED
from people import devices
from people.devices import Scale
from people.entering import this_device


@blueprint.get("/bilancia")
@door(OPEN, "tutor")
def scale() -> str:
    device = this_device()
    is_set = device is not None and device.scale == Scale.SERIAL
    return render_template("demo/scale.html", channel=PLAYED, is_set=is_set, here="scale")


@blueprint.post("/bilancia")
@door(OPEN, "machine")
def set_scale() -> Response:
    """The scale stands beside this browser, as if the first tutor had chosen it for a tablet."""
    answer = redirect("/demo/bilancia", 303)
    devices.set_scale(entering_pages.keep_tablet(answer).id, Scale.SERIAL, by=None)
    return answer
