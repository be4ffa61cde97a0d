"""Where crates are handed over: stalls, and rounds with what bringing a crate costs and the zones that they reach."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import addresses, distance, land, places
from catalog.models import Place
from core import seen
from core.database import db
from core.doors import door
from core.errors import Conflict, Refused
from core.formats import euro
from desk import blueprint, given, goods_story, keeping
from desk.answering import number
from desk.keeping import Page
from desk.staff_fields import map_of, plain_degrees, point_given, rule
from desk.staff_products import plain_euro
from people.capabilities import Capability

ROOM = "/banco/luoghi"


@blueprint.get("/luoghi")
@door(Capability.KEEP_CATALOG, "tutor")
def all_places() -> str:
    return _page()


@blueprint.post("/luoghi")
@door(Capability.KEEP_CATALOG, "tutor")
def add_place() -> Page:
    def deed(by: int) -> str:
        fee = given.cents(request.form, "prezzo") if request.form.get("prezzo", "").strip() else 0
        made = places.add_place(**_facts(request.form), fee=fee, by=by)
        flash(_("C'è. Adesso puoi fare una regola o un ritiro."))
        return address(made.id)

    return keeping.do("nuovo", deed, lambda refused, _name: _page(refused))


@blueprint.get("/luoghi/<int:place_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def one_place(place_id: int) -> str:
    return show(place_id)


@blueprint.post("/luoghi/<int:place_id>/dati")
@door(Capability.KEEP_CATALOG, "tutor")
def change_place(place_id: int) -> Page:
    """Orders keep the name that they were made with; at another point every distance is measured again."""

    def deed(by: int) -> str:
        facts, sign = _facts(request.form), request.form.get("version", "")
        if land.change_place(place_id, facts, seen_as=sign, by=by):
            flash(_("Salvato."))
        return address(place_id)

    return keeping.do("dati", deed, lambda refused, form: show(place_id, refused, form))


@blueprint.post("/luoghi/<int:place_id>/consegna")
@door(Capability.KEEP_CATALOG, "tutor")
def set_fee(place_id: int) -> Page:
    """What bringing a crate costs; orders keep the fee that they were placed at."""

    def deed(by: int) -> str:
        cents = given.cents(request.form, "prezzo")
        distance.hold_land(db.session())
        if land.get_place(place_id).fee != number("visto"):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."), field="prezzo")
        places.set_fee(place_id, cents, by=by)
        flash(_("Da adesso la consegna costa %(fee)s. Gli ordini già presi no.", fee=euro(cents)))
        return address(place_id)

    return keeping.do("consegna", deed, lambda refused, form: show(place_id, refused, form))


@blueprint.post("/luoghi/<int:place_id>/minimo")
@door(Capability.KEEP_CATALOG, "tutor")
def set_minimum(place_id: int) -> Page:
    """The smallest order of citizens; the staff may take a smaller one for somebody who rings."""

    def deed(by: int) -> str:
        cents = given.cents(request.form, "minimo")
        distance.hold_land(db.session())
        if land.get_place(place_id).minimum != number("visto"):
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."), field="minimo")
        places.set_minimum(place_id, cents, by=by)
        flash(
            _("Da adesso l'ordine minimo è %(minimum)s.", minimum=euro(cents)) if cents else _("Nessun ordine minimo.")
        )
        return address(place_id)

    return keeping.do("minimo", deed, lambda refused, form: show(place_id, refused, form))


@blueprint.post("/luoghi/<int:place_id>/zone")
@door(Capability.KEEP_CATALOG, "tutor")
def add_zone(place_id: int) -> Page:
    def deed(by: int) -> str:
        town = given.line(request.form, "zona_comune", addresses.municipality)
        code = given.line(request.form, "zona_cap", addresses.postcode)
        places.add_zone(place_id, town, code, by=by)
        flash(_("Il giro arriva anche a %(town)s, %(code)s.", town=town, code=code))
        return address(place_id)

    return keeping.do("zona", deed, lambda refused, form: show(place_id, refused, form))


@blueprint.post("/luoghi/<int:place_id>/zone/togli")
@door(Capability.KEEP_CATALOG, "tutor")
def remove_zone(place_id: int) -> Page:
    """Orders that were placed for it stand."""

    def deed(by: int) -> str:
        zone = land.get_zone(place_id, number("zona"))
        town, code = zone.municipality, zone.postcode
        places.remove_zone(zone.id, by=by)
        flash(_("Il giro non arriva più a %(town)s, %(code)s. Gli ordini già presi restano.", town=town, code=code))
        return address(place_id)

    return keeping.do("togli", deed, lambda refused, form: show(place_id, refused, form))


@blueprint.post("/luoghi/<int:place_id>/torna-indietro")
@door(Capability.KEEP_CATALOG, "tutor")
def undo_place(place_id: int) -> Page:
    place = land.get_place(place_id)
    return keeping.take_back(place, address(place_id), lambda refused, form: show(place_id, refused, form))


def show(place_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one place; ``form`` is the one that was refused, and what was written in it stays."""
    place = land.get_place(place_id)
    pickups, orders = land.pickups_to_come(place_id)
    return render_template(
        "desk/staff/place.html",
        place=place,
        zones=land.zones(place_id),
        distances=land.distances_to(place_id),
        pickups=pickups,
        orders=orders,
        version=seen.of(place, land.OF_PLACE),
        back=keeping.find_undo(place),
        told=goods_story.tell(place),
        refused=refused,
        form=form,
        kept=request.form if form == "dati" else _as_form(place),
        typed=request.form,
        **_say(),
    )


def address(place_id: int) -> str:
    return f"{ROOM}/{place_id}"


def _page(refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/places.html",
        places=places.every(),
        zones=land.how_many_zones(),
        refused=refused,
        kept=request.form,
        **_say(),
    )


def _say() -> dict[str, Any]:
    kinds = {"stall": _("banco"), "round": _("giro a domicilio")}
    return {"kinds": kinds, "rule": rule, "degrees": plain_degrees, "plain_euro": plain_euro, "map_of": map_of}


def _as_form(place: Place) -> dict[str, str]:
    return {
        "nome": place.name,
        "nome_inglese": place.name_en,
        "tipo": place.kind,
        "indirizzo": place.address,
        "comune": place.municipality,
        "provincia": place.province,
        "latitudine": plain_degrees(place.latitude),
        "longitudine": plain_degrees(place.longitude),
    }


def _facts(fields: given.Given) -> dict[str, Any]:
    """Every column of `land.OF_PLACE`. Raises Refused, naming the field."""
    if fields.get("tipo", "") not in land.KINDS:
        raise Refused(_("Scegli se è un banco o un giro a domicilio."), field="tipo")
    return {
        "name": given.line(fields, "nome", addresses.name),
        "name_en": given.line(fields, "nome_inglese", addresses.name_in_english),
        "kind": fields["tipo"],
        "address": given.line(fields, "indirizzo", addresses.street),
        **point_given(fields),
    }
