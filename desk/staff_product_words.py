"""All that a product says, on one form: for a new one, and for one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_month_names
from flask import flash, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from catalog import land, products, shelves, telling, wording
from catalog.models import Kind, Product
from core import clock, seen
from core.doors import door
from core.errors import Conflict, Refused
from desk import blueprint, given, keeping
from desk.keeping import Page
from desk.staff_products import ROOM, address
from people.capabilities import Capability

LINES = {
    "nome": "name",
    "nome_inglese": "name_en",
    "altri_nomi": "other_names",
    "pezzo": "unit",
    "pezzi": "unit_plural",
    "pezzo_inglese": "unit_en",
    "pezzi_inglese": "unit_plural_en",
    "descrizione": "description",
    "descrizione_inglese": "description_en",
    "cucina": "recipe",
    "cucina_inglese": "recipe_en",
    "mista": "contents",
    "mista_inglese": "contents_en",
    "origine": "origin",
    "categoria": "quality_class",
    "varieta": "variety",
    "calibro": "caliber",
    "ingredienti": "ingredients",
    "ingredienti_inglese": "ingredients_en",
    "conserva": "storage",
    "conserva_inglese": "storage_en",
    "posto": "shelf_place",
    "vendita": "kind",
    "iva": "vat_category",
    "scaffale": "shelf",
    "misura": "net_measure",
}
NUMBERS = {
    "passo": "step",
    "grammi_pezzo": "piece_grams",
    "contiene": "net",
    "sgocciolato": "drained",
    "tolleranza": "tolerance_percent",
    "rivendono": "resellers",
}
ROWS = {"campo": "field_id", "lavorato": "processed_at_id", "ciotola": "container_id"}
OTHERS = {
    "mese_da": "season",
    "torna": "back_on",
    "allergeni": "allergens",
    "dura": "perishable",
    "confezionato": "prepacked",
    "prezzo": "price",
    "vetrina": "on_sale",
}
FIELD_OF = {column: name for table in (LINES, NUMBERS, ROWS, OTHERS) for name, column in table.items()}
"""Column -> the field of the form that asks for it."""

FIRST = {
    "vendita": "fixed",
    "passo": "1",
    "tolleranza": "10",
    "misura": "g",
    "scaffale": "orto",
    "origine": "Italia",
    "dura": "no",
    "confezionato": "no",
}
"""What a new product begins with."""


@blueprint.get("/prodotti/nuovo")
@door(Capability.KEEP_CATALOG, "tutor")
def ask_new_product() -> str:
    return _form(None, MultiDict(FIRST))


@blueprint.post("/prodotti/nuovo")
@door(Capability.KEEP_CATALOG, "tutor")
def add_product() -> Page:
    def deed(by: int) -> str:
        made = products.add(_words(request.form), given.cents(request.form, "prezzo"), by=by)
        flash(_("C'è. Adesso conta quanto ce n'è, guardalo, e mettilo in vetrina."))
        return address(made.id)

    return keeping.do("parole", deed, lambda refused, _name: _form(None, request.form, refused))


@blueprint.get("/prodotti/<int:product_id>/parole")
@door(Capability.KEEP_CATALOG, "tutor")
def ask_product_words(product_id: int) -> str:
    product = products.get(product_id)
    return _form(product, _as_form(product))


@blueprint.post("/prodotti/<int:product_id>/parole")
@door(Capability.KEEP_CATALOG, "tutor")
def describe_product(product_id: int) -> Page:
    """Orders keep what they said. Two people at once: the second one sees what the first one wrote."""

    def deed(by: int) -> str:
        sign = request.form.get("version", "")
        if products.describe(product_id, _words(request.form), seen_as=sign, by=by):
            flash(_("Salvato. Gli ordini già presi tengono le parole di prima."))
        return address(product_id)

    return keeping.do("parole", deed, lambda refused, _name: _form(products.get(product_id), request.form, refused))


def _words(form: MultiDict[str, str]) -> dict[str, Any]:
    """Columns as the form has them. Raises Refused, naming the column."""
    words: dict[str, Any] = {column: form.get(name, "") for name, column in LINES.items()}
    for name, column in (NUMBERS | ROWS).items():
        words[column] = _number(form, name, column)
    months = [form.get(name, "") for name in ("mese_da", "mese_a")]
    words["season"] = "-".join(months) if any(months) else ""
    words["allergens"] = form.getlist("allergeni")
    words["perishable"] = form.get("dura") != "si"
    words["prepacked"] = form.get("confezionato") == "si"
    words["back_on"] = form.get("torna", "")
    return words


def _number(form: Mapping[str, str], name: str, column: str) -> int | None:
    try:
        return given.find_number(form, name)
    except Refused as refused:
        raise Refused(refused.sentence, field=column) from None


def _as_form(product: Product) -> MultiDict[str, str]:
    """The product as its form shows it."""
    columns = LINES | NUMBERS | ROWS
    typed = MultiDict({name: _typed(getattr(product, column)) for name, column in columns.items()})
    first, _dash, last = product.season.partition("-")
    typed.update({"mese_da": first, "mese_a": last, "dura": "no" if product.perishable else "si"})
    typed.update({"torna": _typed(product.back_on), "confezionato": "si" if product.prepacked else "no"})
    typed.setlist("allergeni", [word.strip().lower() for word in product.allergens.split(",")])
    return typed


def _typed(value: Any) -> str:
    return "" if value is None else str(value)


def _form(product: Product | None, kept: MultiDict[str, str], refused: Refused | None = None) -> str:
    options = _options(kept)
    return render_template(
        "desk/staff/product_words.html",
        product=product,
        kept=kept,
        chosen=kept.getlist("allergeni"),
        version=seen.of(product, telling.WORDS) if product else None,
        options=options,
        allergens=[(word, str(words)) for word, words in wording.ALLERGENS.items()],
        refused=refused,
        messages=_messages(product, kept, refused, options),
        longest={FIELD_OF[column]: most for column, most in telling.LONGEST.items()},
        back=address(product.id) if product else ROOM,
    )


def _messages(
    product: Product | None,
    kept: MultiDict[str, str],
    refused: Refused | None,
    options: Mapping[str, Sequence[tuple[str, str]]],
) -> dict[str, str]:
    """Field -> what to say there: what is asked for, or what somebody else wrote there meanwhile."""
    if refused is None:
        return {}
    field = str(refused.details.get("field", ""))
    if field:
        return {FIELD_OF.get(field, field): refused.sentence}
    if product is None or not isinstance(refused, Conflict):
        return {}
    now = _as_form(product)
    return {
        name: _("Adesso c'è: «%(words)s».", words=_said(now.getlist(name), options.get(name, ())))
        for name in now
        if sorted(now.getlist(name)) != sorted(kept.getlist(name))
    }


def _said(values: Sequence[str], options: Sequence[tuple[str, str]]) -> str:
    words = dict(options)
    return ", ".join(words.get(value, value) for value in values) or _("niente")


def _options(kept: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen from, as (value, words)."""
    nobody = ("", _("nessuno"))
    sites = [(str(field.id), f"{field.name}, {field.municipality}") for field in land.fields()]
    months = get_month_names("wide", locale=get_locale() or "it")
    all_year = [("", _("tutto l'anno")), *((str(month), months[month]) for month in range(1, 13))]
    classes = [("", _("nessuna")), *((each, each) for each in ("Extra", "I", "II"))]
    classes.append((wording.EXEMPT, _("non serve: coltivato e venduto solo da noi")))
    if (own := kept.get("categoria", "")) not in dict(classes):
        classes.append((own, own))
    rates = products.vat_rates(clock.today())
    return {
        "vendita": _kinds(),
        "iva": [("", _("Scegli")), *((each, f"{each}, {rate}%") for each, rate in sorted(rates.items()))],
        "scaffale": [(each, words) for each, words in _shelves().items()],
        "misura": [("g", _("grammi")), ("ml", _("millilitri"))],
        "campo": [nobody, *sites],
        "lavorato": [nobody, *sites],
        "ciotola": [("", _("nessuna")), *((str(row.id), row.name) for row, _goods in land.containers())],
        "mese_da": all_year,
        "mese_a": all_year,
        "categoria": classes,
        "dura": [("no", _("No, è fresco")), ("si", _("Sì, dura nel tempo"))],
        "confezionato": [
            ("no", _("No, è sfuso o a mazzi")),
            ("si", _("Sì, in un vasetto, un sacchetto, una bottiglia")),
        ],
    }


def _kinds() -> list[tuple[str, str]]:
    return [
        (Kind.BY_WEIGHT, _("A peso: si ordina in grammi, si paga al chilo")),
        (Kind.PIECE_BY_WEIGHT, _("A pezzi, pagati a peso: come una zucca")),
        (Kind.FIXED, _("A pezzi, con un prezzo fisso: come un vasetto")),
    ]


def _shelves() -> dict[str, str]:
    words = {"orto": _("Orto"), "frutta": _("Frutta"), "dispensa": _("Dispensa")}
    return {each: words[each] for each in shelves.ORDER}
