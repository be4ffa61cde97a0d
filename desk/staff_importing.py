"""Products from a table: a list is sent, what it would change is looked at, and one button writes all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import exporting, importing, list_columns, list_reading
from catalog.importing import CHANGED, NEW, REFUSED, SAME, Line
from core import inputs
from core.doors import door
from core.errors import Refused
from core.formats import euro
from desk import blueprint, given, goods_story, keeping
from desk.keeping import Page
from desk.staff_products import ROOM
from people.capabilities import Capability
from people.entering import me

HERE = f"{ROOM}/importa"
LARGEST_FORM = 8 * 1024 * 1024  # so that a list that is too long is told so on its own page
SHOWN = 100  # lines of one kind on a page


@blueprint.get("/prodotti/importa")
@door(Capability.KEEP_CATALOG, "tutor")
def ask_for_list() -> str:
    return _ask()


@blueprint.post("/prodotti/importa")
@door(Capability.KEEP_CATALOG, "tutor")
@inputs.takes_file(LARGEST_FORM)
def look_through_list() -> Page:
    try:
        kept = importing.keep(given.file("lista", _("Scegli una lista.")), by=me().id)
    except Refused as refused:
        return _ask(refused), refused.status
    return redirect(f"{HERE}/{kept.id}", 303)


@blueprint.get("/prodotti/importa/<int:file_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def list_review(file_id: int) -> str:
    return _review(file_id)


@blueprint.post("/prodotti/importa/<int:file_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def write_list(file_id: int) -> Page:
    """All of it or nothing; it stays to be seen until its day is over."""

    def deed(by: int) -> str:
        done = importing.write(importing.get(file_id), seen_as=request.form.get("version", ""), by=by)
        new, changed = len(done.of(NEW)), len(done.of(CHANGED))
        words = [ngettext("%(num)s prodotto nuovo", "%(num)s prodotti nuovi", new)] if new else []
        words += [ngettext("%(num)s cambiato", "%(num)s cambiati", changed)] if changed else []
        flash(_("Fatto: %(what)s.", what=", ".join(words)))
        return f"{ROOM}?quali=fuori" if new and not changed else ROOM

    return keeping.do("lista", deed, lambda refused, _form: _review(file_id, refused))


@blueprint.get("/prodotti/importa/<any('esempio.csv', 'prodotti.csv'):name>")
@door(Capability.KEEP_CATALOG, "machine")
def list_to_fill_in(name: str) -> Response:
    """Three invented goods, or all that there are: to be changed in a table and sent back."""
    table = exporting.example() if name == "esempio.csv" else exporting.everything()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table, mimetype="text/csv", headers=headers)


def changes(line: Line) -> str:
    """'prezzo da 3,20 € a 3,40 €, la descrizione, il campo': what becomes different of a product that is there."""
    told = [_price(line.was or 0, line.price)] if line.price is not None else []
    told += [goods_story.named(line.words)] if line.words else []
    told += [_("in vetrina") if line.on_sale else _("fuori dalla vetrina")] if line.on_sale is not None else []
    return ", ".join(told)


def _price(was: int, now: int) -> str:
    """A comma that was left out is what one has to see before it is in the shop (`staff_products`)."""
    words = _("prezzo da %(was)s a %(now)s", was=euro(was), now=euro(now))
    return words if was < 2 * now < 4 * was else _("%(change)s: è giusto?", change=words)


def _ask(refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/import.html", refused=refused, columns=list_columns.COLUMNS, most=list_reading.MOST_LINES
    )


def _review(file_id: int, refused: Refused | None = None) -> str:
    """Raises NotFound when its day is over."""
    plan = importing.look(importing.get(file_id))
    return render_template(
        "desk/staff/import_review.html",
        plan=plan,
        groups=[(what, plan.of(what)) for what in (REFUSED, NEW, CHANGED)],
        same=len(plan.of(SAME)),
        words=_words(),
        here=f"{HERE}/{file_id}",
        refused=refused,
        most=SHOWN,
    )


def _new(line: Line) -> str:
    price = euro(line.price or 0)
    return _("%(price)s, subito in vetrina", price=price) if line.on_sale else price


def _words() -> Mapping[str, tuple[str, Callable[[Line], Any]]]:
    """What is refused, new, changed -> (title, what is said of a line)."""
    return {
        REFUSED: (_("Da mettere a posto"), lambda line: line.sentence),
        NEW: (_("Nuovi"), _new),
        CHANGED: (_("Cambiano"), changes),
    }
