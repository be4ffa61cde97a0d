"""The bowls and crates that stand on the scale with the goods: their names, and what they weigh when empty."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import addresses, land, places
from core import seen
from core.doors import door
from core.errors import Refused
from core.formats import weight
from desk import blueprint, given, goods_story, keeping
from desk.keeping import Page
from people.capabilities import Capability

ROOM = "/banco/ciotole"


@blueprint.get("/ciotole")
@door(Capability.KEEP_CATALOG, "tutor")
def all_containers() -> str:
    return _page()


@blueprint.post("/ciotole")
@door(Capability.KEEP_CATALOG, "tutor")
def add_container() -> Page:
    def deed(by: int) -> str:
        name, name_en = _names()
        made = places.add_container(name, _grams(), name_en=name_en, by=by)
        flash(_("C'è. Sulla pagina di un prodotto scegli se si pesa qui dentro."))
        return address(made.id)

    return keeping.do("nuova", deed, lambda refused, _name: _page(refused))


@blueprint.get("/ciotole/<int:container_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def one_container(container_id: int) -> str:
    return show(container_id)


@blueprint.post("/ciotole/<int:container_id>/nome")
@door(Capability.KEEP_CATALOG, "tutor")
def rename_container(container_id: int) -> Page:
    def deed(by: int) -> str:
        sign = request.form.get("version", "")
        land.rename_container(container_id, *_names(), seen_as=sign, by=by)
        flash(_("Salvato."))
        return address(container_id)

    return keeping.do("nome", deed, lambda refused, form: show(container_id, refused, form))


@blueprint.post("/ciotole/<int:container_id>/tara")
@door(Capability.KEEP_CATALOG, "tutor")
def set_tare(container_id: int) -> Page:
    """From the next weighing on; each weight keeps what was taken off then."""

    def deed(by: int) -> str:
        grams, sign = _grams(), request.form.get("version", "")
        land.set_tare(container_id, grams, seen_as=sign, by=by)
        flash(_("Dalla prossima pesata togliamo %(weight)s.", weight=weight(grams)))
        return address(container_id)

    return keeping.do("tara", deed, lambda refused, form: show(container_id, refused, form))


@blueprint.post("/ciotole/<int:container_id>/torna-indietro")
@door(Capability.KEEP_CATALOG, "tutor")
def undo_container(container_id: int) -> Page:
    container = land.get_container(container_id)
    return keeping.take_back(container, address(container_id), lambda refused, form: show(container_id, refused, form))


def show(container_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one container; ``form`` is the one that was refused, and what was written in it stays."""
    container = land.get_container(container_id)
    return render_template(
        "desk/staff/container.html",
        container=container,
        goods=land.weighed_in(container_id),
        version=seen.of(container, land.OF_CONTAINER),
        back=keeping.find_undo(container),
        told=goods_story.tell(container),
        refused=refused,
        form=form,
        kept=request.form,
    )


def address(container_id: int) -> str:
    return f"{ROOM}/{container_id}"


def _page(refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/containers.html", containers=land.containers(), refused=refused, kept=request.form
    )


def _names() -> tuple[str, str]:
    """Italian and English. Raises Refused, naming the field."""
    name = given.line(request.form, "nome", addresses.name)
    return name, given.line(request.form, "nome_inglese", addresses.name_in_english)


def _grams() -> int:
    """What it weighs empty. Raises Refused, naming the field."""
    grams = given.number(request.form, "tara")
    try:
        places.require_tare(grams)
    except Refused as refused:
        raise Refused(refused.sentence, field="tara") from None
    return grams
