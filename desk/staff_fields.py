"""Where things grow: fields, hives and mills with their point on the map, and how far it is to each place of sale."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import addresses, distance, land, places
from catalog.models import Distance, Field, Place
from core import seen
from core.database import db
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, goods_story, keeping
from desk.answering import number
from desk.keeping import Page
from people.capabilities import Capability

ROOM = "/banco/campi"


@blueprint.get("/campi")
@door(Capability.KEEP_CATALOG, "tutor")
def all_fields() -> str:
    return _page()


@blueprint.post("/campi")
@door(Capability.KEEP_CATALOG, "tutor")
def add_field() -> Page:
    def deed(by: int) -> str:
        fields = request.form
        made = places.add_field(given.line(fields, "nome", addresses.name), **point_given(request.form), by=by)
        flash(_("C'è. Le distanze sono già misurate."))
        return address(made.id)

    return keeping.do("nuovo", deed, lambda refused, _name: _page(refused))


@blueprint.get("/campi/<int:field_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def one_field(field_id: int) -> str:
    return show(field_id)


@blueprint.post("/campi/<int:field_id>/nome")
@door(Capability.KEEP_CATALOG, "tutor")
def rename_field(field_id: int) -> Page:
    def deed(by: int) -> str:
        name = given.line(request.form, "nome", addresses.name)
        land.rename_field(field_id, name, seen_as=request.form.get("version", ""), by=by)
        flash(_("Adesso si chiama %(name)s.", name=name))
        return address(field_id)

    return keeping.do("nome", deed, lambda refused, form: show(field_id, refused, form))


@blueprint.post("/campi/<int:field_id>/punto")
@door(Capability.KEEP_CATALOG, "tutor")
def move_field(field_id: int) -> Page:
    """Every distance is measured again, and what somebody confirmed is asked again."""

    def deed(by: int) -> str:
        point = point_given(request.form)
        distance.hold_land(db.session())
        seen.require(land.get_field(field_id), land.POINT, request.form.get("version", ""))
        places.move_field(field_id, **point, by=by)
        flash(_("Salvato. Le distanze sono misurate di nuovo: guardale qui."))
        return address(field_id)

    return keeping.do("punto", deed, lambda refused, form: show(field_id, refused, form))


@blueprint.post("/campi/<int:field_id>/distanza")
@door(Capability.KEEP_CATALOG, "tutor")
def confirm_distance(field_id: int) -> Page:
    """Somebody has looked at the map, where the formula alone cannot say."""

    def deed(by: int) -> str:
        answer = request.form.get("entro", "")
        if answer not in ("si", "no"):
            raise Refused(_("Scegli se è entro 70 km."))
        distance.confirm(field_id, number("luogo"), answer == "si", by=by)
        flash(_("Segnato: entro 70 km.") if answer == "si" else _("Segnato: più di 70 km."))
        return address(field_id)

    return keeping.do("distanza", deed, lambda refused, form: show(field_id, refused, form))


@blueprint.post("/campi/<int:field_id>/torna-indietro")
@door(Capability.KEEP_CATALOG, "tutor")
def undo_field(field_id: int) -> Page:
    field = land.get_field(field_id)
    return keeping.take_back(field, address(field_id), lambda refused, form: show(field_id, refused, form))


def show(field_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one field; ``form`` is the one that was refused, and what was written in it stays."""
    field = land.get_field(field_id)
    return render_template(
        "desk/staff/field.html",
        field=field,
        distances=land.distances_from(field_id),
        goods=land.grown_in(field_id),
        versions={"name": seen.of(field, ("name",)), "point": seen.of(field, land.POINT)},
        back=keeping.find_undo(field),
        told=goods_story.tell(field),
        refused=refused,
        form=form,
        kept=request.form,
        rule=rule,
        degrees=plain_degrees,
        map_of=map_of,
    )


def address(field_id: int) -> str:
    return f"{ROOM}/{field_id}"


def rule(measured: Distance) -> str:
    """What the law says of this distance (law 61/2022 art. 2)."""
    words = {
        "radius": _("chilometro zero"),
        "province": _("chilometro zero, nella stessa provincia"),
        "none": _("non è chilometro zero"),
        "ask": _("da guardare sulla mappa"),
    }
    return words[measured.rule]


def plain_degrees(degrees: float) -> str:
    """45.2846 -> '45,2846', as one types it."""
    return f"{degrees:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def map_of(there: Field | Place) -> str:
    """The point on the map of OpenStreetMap; only whoever follows the link goes there."""
    return f"https://www.openstreetmap.org/?mlat={there.latitude}&mlon={there.longitude}#map=15"


def _page(refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/fields.html",
        sites=land.sites(),
        to_confirm=distance.to_confirm(),
        refused=refused,
        kept=request.form,
        rule=rule,
        degrees=plain_degrees,
    )


def point_given(fields: given.Given) -> dict[str, Any]:
    """Municipality, province and degrees of a form. Raises Refused, naming the field."""
    latitude, longitude = given.degrees(fields, "latitudine"), given.degrees(fields, "longitudine")
    try:
        addresses.require_in_italy(latitude, longitude)
    except Refused as refused:
        raise Refused(refused.sentence, field="latitudine") from None
    return {
        "municipality": given.line(fields, "comune", addresses.municipality),
        "province": given.line(fields, "provincia", addresses.province),
        "latitude": latitude,
        "longitude": longitude,
    }
