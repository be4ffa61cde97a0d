"""The fields that everything comes from, and how far they are."""

from __future__ import annotations

from flask import render_template

from catalog import grounds
from core.doors import OPEN, door
from shop import blueprint


@blueprint.get("/campi")
@door(OPEN, "shop")
def fields_page() -> str:
    return render_template("shop/fields.html", grounds=grounds.grounds())
