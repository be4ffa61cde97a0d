"""The photograph of a product: put there, or taken away. It counts at once, and "Torna indietro" takes it back."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _

from adapters.images import Print
from catalog import pictures
from core import inputs
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, keeping
from desk.keeping import Page
from desk.staff_products import address, show
from people.capabilities import Capability

FORM = "fotografia"
LARGEST_FORM = 32 * 1024 * 1024  # so that a photograph that is too heavy is told so on its own page


@blueprint.post("/prodotti/<int:product_id>/fotografia")
@door(Capability.KEEP_CATALOG, "tutor")
@inputs.takes_file(LARGEST_FORM)
def put_photograph(product_id: int) -> Page:
    """Developing takes up to two seconds: that comes first, and keeps nobody from writing."""
    try:
        prints = _developed()
    except Refused as refused:
        return show(product_id, refused, FORM), refused.status

    def deed(by: int) -> str:
        if pictures.put(product_id, prints, seen_as=request.form.get("visto"), by=by):
            flash(_("La fotografia è nel negozio."))
        return address(product_id)

    return keeping.do(FORM, deed, lambda refused, form: show(product_id, refused, form))


@blueprint.post("/prodotti/<int:product_id>/fotografia/togli")
@door(Capability.KEEP_CATALOG, "tutor")
def take_photograph_away(product_id: int) -> Page:
    def deed(by: int) -> str:
        if pictures.take_away(product_id, seen_as=request.form.get("visto"), by=by):
            flash(_("Tolta: nel negozio si vede il disegno."))
        return address(product_id)

    return keeping.do(FORM, deed, lambda refused, form: show(product_id, refused, form))


def _developed() -> list[Print]:
    content = given.file(FORM, _("Scegli una fotografia."))
    try:
        return pictures.develop(content)
    except Refused as refused:
        raise Refused(refused.sentence, field=FORM) from refused
