"""Tablets and PCs of the workshop: this browser is put to work, and any can be sent away in one tap."""

from __future__ import annotations

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import keys
from core.doors import door
from core.errors import Refused
from core.web import form_key_given
from people import devices
from people.capabilities import Capability
from people.entering import keep_on_device, me
from training import blueprint, team_pages

Page = str | tuple[str, int] | Response


@blueprint.post("/squadra/dispositivi")
@door(Capability.ENROL_DEVICE, "tutor")
def enrol() -> Page:
    name, place = request.form.get("device_name", ""), request.form.get("place", "")
    secrets: list[str] = []
    try:
        keys.once(form_key_given(), lambda: secrets.append(devices.enrol(name, place=place, by=me())[1]))
    except Refused as refused:
        return team_pages.show(refused, form="device", device_name=name, place=place), refused.status
    answer = redirect("/tutor/squadra", 303)
    for secret in secrets:  # none when the form was sent again: the browser has it already
        keep_on_device(answer, secret)
    flash(_("Questo browser adesso lavora al banco."))
    return answer


@blueprint.post("/squadra/dispositivi/<int:device_id>/togli")
@door(Capability.ENROL_DEVICE, "machine")
def void(device_id: int) -> Response:
    keys.once(form_key_given(), lambda: devices.void(device_id, by=me()))
    flash(_("Quel dispositivo da adesso non entra più al banco."))
    return redirect("/tutor/squadra", 303)


@blueprint.post("/squadra/dispositivi/<int:device_id>/nome")
@door(Capability.ENROL_DEVICE, "tutor")
def rename(device_id: int) -> Page:
    name, place = request.form.get("device_name", ""), request.form.get("place", "")
    try:
        keys.once(form_key_given(), lambda: devices.rename(device_id, name, place, by=me()))
    except Refused as refused:
        return team_pages.show(refused, form=f"name-{device_id}", device_name=name, place=place), refused.status
    flash(_("Nome salvato."))
    return redirect("/tutor/squadra#dispositivi", 303)


@blueprint.post("/squadra/dispositivi/<int:device_id>/bilancia")
@door(Capability.ENROL_DEVICE, "machine")
def set_scale(device_id: int) -> Response:
    """What weighs beside it: nothing, a scale on a cable, or one that writes as a keyboard."""
    scale = request.form.get(f"scale-{device_id}", "")
    keys.once(form_key_given(), lambda: devices.set_scale(device_id, scale, by=me()))
    flash(_("Bilancia salvata."))
    return redirect("/tutor/squadra#dispositivi", 303)
