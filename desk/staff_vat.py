"""VAT: the kinds of goods that products may name, and what each pays from which day on."""

from __future__ import annotations

from datetime import date

from flask import flash, render_template, request
from flask_babel import gettext as _

from catalog import rates
from core import clock, formats
from core.doors import door
from core.errors import Refused
from desk import blueprint, given, goods_story, keeping
from desk.keeping import Page
from people.capabilities import Capability

ROOM = "/banco/iva"
FIELD_OF = {"name": "nome", "rate": "aliquota", "from_day": "giorno"}
"""What a verb calls it -> the field of the form that asks for it."""


@blueprint.get("/iva")
@door(Capability.KEEP_CATALOG, "tutor")
def all_vat() -> str:
    return _page()


@blueprint.post("/iva")
@door(Capability.KEEP_CATALOG, "tutor")
def add_vat() -> Page:
    def deed(by: int) -> str:
        name, rate = given.line(request.form, "nome", rates.clean_name), _rate()
        made = rates.add(name, rate, _reference(), by=by)
        flash(_("C'è. Adesso si può scegliere sulla pagina di un prodotto."))
        return address(made.id)

    return keeping.do("nuova", deed, lambda refused, _name: _page(refused))


@blueprint.get("/iva/<int:category_id>")
@door(Capability.KEEP_CATALOG, "tutor")
def one_vat(category_id: int) -> str:
    return show(category_id)


@blueprint.post("/iva/<int:category_id>/aliquota")
@door(Capability.KEEP_CATALOG, "tutor")
def set_vat_rate(category_id: int) -> Page:
    """From a day on; what was sold keeps the rate that it was sold with."""

    def deed(by: int) -> str:
        sign, rate, day = request.form.get("version", ""), _rate(), given.day(request.form, "giorno")
        if rates.set_rate(category_id, rate, day, _reference(), seen_as=sign, by=by):
            flash(_said(rate, day))
        return address(category_id)

    return keeping.do("aliquota", deed, lambda refused, form: show(category_id, refused, form))


@blueprint.post("/iva/<int:category_id>/nome")
@door(Capability.KEEP_CATALOG, "tutor")
def rename_vat(category_id: int) -> Page:
    def deed(by: int) -> str:
        name, sign = given.line(request.form, "nome", rates.clean_name), request.form.get("version", "")
        if rates.rename(category_id, name, seen_as=sign, by=by):
            flash(_("Adesso si chiama %(name)s.", name=name))
        return address(category_id)

    return keeping.do("nome", deed, lambda refused, form: show(category_id, refused, form))


@blueprint.post("/iva/<int:category_id>/torna-indietro")
@door(Capability.KEEP_CATALOG, "tutor")
def undo_vat(category_id: int) -> Page:
    first = rates.get(category_id).first
    return keeping.take_back(first, address(category_id), lambda refused, form: show(category_id, refused, form))


def show(category_id: int, refused: Refused | None = None, form: str = "") -> str:
    """The page of one kind; ``form`` is the one that was refused, and what was written in it stays."""
    category = rates.get(category_id)
    return render_template(
        "desk/staff/vat_one.html",
        category=category,
        goods=rates.goods(category),
        version=rates.sign(category),
        back=keeping.find_undo(category.first),
        told=goods_story.tell(category.first),
        form=form,
        long_day=formats.long_day,
        **_of_forms(refused),
    )


def address(category_id: int) -> str:
    return f"{ROOM}/{category_id}"


def _page(refused: Refused | None = None) -> str:
    return render_template(
        "desk/staff/vat.html", categories=rates.categories(), long_day=formats.long_day, **_of_forms(refused)
    )


def _of_forms(refused: Refused | None) -> dict[str, object]:
    field = str(refused.details.get("field", "")) if refused else ""
    messages = {FIELD_OF.get(field, field): refused.sentence} if refused and field else {}
    return {
        "refused": refused,
        "messages": messages,
        "kept": request.form,
        "today": clock.today(),
        "last_day": clock.today() + rates.FURTHEST,
        "longest_name": rates.LONGEST_NAME,
        "longest_reference": rates.LONGEST_REFERENCE,
    }


def _rate() -> int:
    """Whole percents; one that is not usual in Italy is asked about once. Raises Refused, naming the field."""
    rate = given.number(request.form, "aliquota")
    rates.require_rate(rate)
    if rate not in rates.USUAL and request.form.get("sicuro") != str(rate):
        question = _("È %(rate)d per cento? Di solito è 4, 5, 10 o 22. Se è giusto, salva ancora.", rate=rate)
        raise Refused(question, field="rate", sure=str(rate))
    return rate


def _reference() -> str:
    return given.line(request.form, "legge", rates.clean_reference)


def _said(rate: int, day: date) -> str:
    if day == clock.today():
        return _("Da adesso è %(rate)d per cento. Gli ordini già presi tengono la loro IVA.", rate=rate)
    return _("Sarà %(rate)d per cento da %(day)s.", rate=rate, day=formats.long_day(day))
