"""What a product must say before it is sold, and what may be written down about it.

Sources: price for a kilo or litre (art. 14-16 Consumer Code), one country of origin and no words of praise for fresh
produce (Reg. (EU) 2023/2429 art. 6-8), allergens and what a pack tells (Reg. (EU) 1169/2011 art. 9, 14 and annex II),
no green claims that nobody can prove (D.Lgs. 30/2026). Each check raises Refused, naming the column in ``field``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from catalog import shelves, wording
from catalog.models import Kind, Product
from core import clock, inputs
from core.errors import Refused

LONGEST = {
    "name": 80,
    "name_en": 80,
    "other_names": 200,
    "unit": 30,
    "unit_plural": 30,
    "unit_en": 30,
    "unit_plural_en": 30,
    "shelf_place": 60,
    "description": 600,
    "description_en": 600,
    "recipe": 600,
    "recipe_en": 600,
    "contents": 600,
    "contents_en": 600,
    "origin": 40,
    "quality_class": 20,
    "variety": 60,
    "caliber": 30,
    "ingredients": 600,
    "ingredients_en": 600,
    "storage": 300,
    "storage_en": 300,
}
WORDS = (
    *LONGEST,
    *("kind", "step", "piece_grams", "net", "net_measure", "tolerance_percent", "vat_category", "shelf"),
    *("field_id", "processed_at_id", "container_id", "season", "allergens", "perishable"),
    *("drained", "resellers", "back_on", "prepacked"),
)
"""The columns that are told. Price, stock, and whether it is on sale are deeds of their own."""

NONE = "nessuno"
LARGEST_NET = 50_000  # grams or millilitres
PIECE = (10, 50_000)  # grams
STEP = {Kind.BY_WEIGHT: (10, 20_000), Kind.PIECE_BY_WEIGHT: (1, 100), Kind.FIXED: (1, 100)}
MOST_TOLERANCE = 50  # percent
MOST_RESELLERS = 9
FURTHEST_BACK = timedelta(days=366)
MIXED_NET = 10_000  # grams: the largest box of different goods
MIXED_ORIGINS = ("UE", "non UE", "UE e non UE")
PRAISE = (
    *("premium", "suprem", "extra qualità", "ecologic", "ecosostenib", "ecocompatib", "green", "sostenibil"),
    *("impatto zero", "zero impatto", "emissioni zero", "zero emissioni", "amic[oa] dell.ambiente", "biologic"),
)
PRAISE_IN_ENGLISH = (
    *("premium", "suprem", "ecologic", "eco-friendly", "sustainab", "zero impact", "zero emission", "carbon neutral"),
    *("climate neutral", "organic"),
)
"""Beginnings of words that promise what the law wants proved."""
HAVE_CLASSES = re.compile(
    r"\b(?:(?:mel[ae]|per[ae]|pesc(?:a|he)|uva)\b|nettarin|fragol|peperon[ei]\b|pomodor|lattug|indivi|scarol|kiwi|banan|aranc"
    r"|limon|mandarin|clementin)",
    re.IGNORECASE,
)
"""Names of goods with a marketing standard of their own, where a class is wanted (Reg. (EU) 2023/2429, annex I, B)."""


def kept(given: Mapping[str, Any], categories: Collection[str]) -> dict[str, Any]:
    """What is written down of what was ``given``, each column clean. ``categories``: those that have a VAT rate."""
    words: dict[str, Any] = {name: _line(name, given.get(name, ""), most) for name, most in LONGEST.items()}
    kind = _one_of("kind", given["kind"], tuple(Kind), _("Scegli come si vende."))
    weighed, fixed = kind != Kind.FIXED, kind == Kind.FIXED
    words |= {
        "kind": str(kind),
        "vat_category": _one_of("vat_category", given["vat_category"], categories, _("Scegli l'IVA.")),
        "shelf": _one_of("shelf", given["shelf"], shelves.ORDER, _("Scegli lo scaffale.")),
        "step": _step(Kind(kind), given["step"]),
        "piece_grams": _piece(given["piece_grams"]) if kind == Kind.PIECE_BY_WEIGHT else None,
        "net": _net(given["net"]) if fixed else None,
        "net_measure": _one_of("net_measure", given["net_measure"], ("g", "ml"), _("Scegli grammi o millilitri."))
        if fixed
        else "g",
        "drained": _drained(given.get("drained"), given["net"]) if fixed else None,
        "tolerance_percent": _between("tolerance_percent", given["tolerance_percent"], 0, MOST_TOLERANCE),
        "container_id": given["container_id"] if weighed else None,
        "field_id": given["field_id"],
        "processed_at_id": given["processed_at_id"],
        "season": _season(given["season"]),
        "allergens": _allergens(given["allergens"]),
        "perishable": bool(given["perishable"]),
        "prepacked": bool(given.get("prepacked")) and fixed,
        "resellers": _resellers(given.get("resellers")),
        "back_on": _back_on(given.get("back_on")),
    }
    _require_units(words)
    if words["contents"]:
        _require_mixed(words)
    if not (words["contents"] and words["origin"] in MIXED_ORIGINS):
        _require_one_country(words["origin"])
    return words


def missing(product: Product) -> list[str]:
    """What it does not say yet and must before anybody can buy it. Empty: it may be in the shop window."""
    found = []
    if not product.origin:
        found.append(_("Scrivi il paese di origine."))
    if not product.allergens:
        found.append(_("Scegli gli allergeni, o «nessuno»."))
    if product.kind == Kind.FIXED and not product.perishable and not product.net and not product.contents:
        found.append(_("È un prodotto che dura: scrivi quanto contiene, per il prezzo al chilo o al litro."))
    if product.prepacked:
        found.extend(_missing_on_pack(product))
    return found


def advice(product: Product) -> list[str]:
    """What would be good to say too; nobody is kept from selling by it."""
    return list(_advice(product))


def require_tellable(product: Product) -> None:
    """Raises Refused with the first thing that it does not say."""
    for sentence in missing(product):
        raise Refused(_("Non può ancora stare in vetrina. %(why)s", why=sentence), field="on_sale")


def _missing_on_pack(product: Product) -> Iterator[str]:
    """Art. 9 and 14 of Reg. (EU) 1169/2011; who packs it is the seller of every page. Small makers who sell straight to
    whoever eats it need no nutrition table (annex V, 19)."""
    if not product.net and product.perishable and not product.contents:
        yield _("È confezionato: scrivi quanto contiene.")
    if not product.ingredients:
        yield _("È confezionato: scrivi gli ingredienti.")
    if not product.storage:
        yield _("È confezionato: scrivi come si conserva.")


def _advice(product: Product) -> Iterator[str]:
    packed = product.kind == Kind.FIXED and not product.perishable and not product.prepacked
    if packed and not product.ingredients:
        yield _("Se è confezionato: scrivi gli ingredienti.")
    if packed and not product.storage:
        yield _("Se è confezionato: scrivi come si conserva.")
    if product.perishable and not product.quality_class and _has_class(product.name):
        yield _("Per questo prodotto di solito serve la categoria (Extra, I, II).")
    if product.field_id is None:
        yield _("Senza campo la pagina non dice da quanti chilometri viene.")
    for word in _praise(product):
        yield _("«%(word)s» promette qualcosa che la legge chiede di dimostrare: meglio toglierlo.", word=word)


def _has_class(name: str) -> bool:
    return HAVE_CLASSES.search(name) is not None


def _praise(product: Product) -> list[str]:
    italian = (product.name, product.variety, product.description, product.recipe, product.contents)
    english = (product.name_en, product.description_en, product.recipe_en, product.contents_en)
    said = [(" ".join(italian), PRAISE), (" ".join(english), PRAISE_IN_ENGLISH)]
    return [found[0] for text, words in said for each in words if (found := re.search(rf"(?i)\b{each}\w*", text))]


def _line(column: str, text: str, most: int) -> str:
    try:
        return inputs.require_line(text, most, missing=_("Scrivi il nome.") if column == "name" else "")
    except Refused as refused:
        raise Refused(refused.sentence, field=column) from None


def _one_of(column: str, value: Any, known: Collection[Any], sentence: str) -> Any:
    if value not in known:
        raise Refused(sentence, field=column)
    return value


def _between(column: str, number: int | None, least: int, most: int) -> int:
    if number is None or not least <= number <= most:
        raise Refused(_("Scrivi un numero da %(least)d a %(most)d.", least=least, most=most), field=column)
    return number


def _step(kind: Kind, step: int | None) -> int:
    return _between("step", step, *STEP[kind])


def _piece(grams: int | None) -> int:
    if grams is None:
        raise Refused(_("Scrivi quanti grammi pesa circa un pezzo."), field="piece_grams")
    return _between("piece_grams", grams, *PIECE)


def _net(amount: int | None) -> int | None:
    return None if amount is None else _between("net", amount, 1, LARGEST_NET)


def _drained(grams: int | None, net: int | None) -> int | None:
    """What is left without the liquid is less than the whole."""
    if grams is None:
        return None
    if net is None:
        raise Refused(_("Scrivi prima quanto contiene un pezzo."), field="net")
    return _between("drained", grams, 1, net)


def _resellers(number: int | None) -> int | None:
    return None if number is None else _between("resellers", number, 0, MOST_RESELLERS)


def _back_on(when: date | str | None) -> date | None:
    """A day of the next year, or none. A day that has gone by says nothing any more: it may stay."""
    if not when:
        return None
    try:
        found = when if isinstance(when, date) else date.fromisoformat(when)
    except ValueError:
        raise Refused(_("Scegli un giorno dal calendario, o nessuno."), field="back_on") from None
    if found > clock.today() + FURTHEST_BACK:
        raise Refused(_("È più di un anno: guarda ancora il giorno."), field="back_on")
    return found


def _season(months: str) -> str:
    """'10-3', or nothing for all year."""
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", months, re.ASCII)
    if months and not (found and all(1 <= int(month) <= 12 for month in found.groups())):
        raise Refused(_("Scegli il primo e l'ultimo mese, o nessuno dei due."), field="season")
    return months


def _allergens(chosen: Sequence[str]) -> str:
    """'sedano, senape' in the order of the law, or 'nessuno'. To say nothing is no answer."""
    known = [word for word in wording.ALLERGENS if word in chosen]
    if not known:
        raise Refused(_("Scegli gli allergeni, o «nessuno»."), field="allergens")
    if NONE in known and len(known) > 1:
        raise Refused(_("Scegli «nessuno», oppure gli allergeni che ci sono."), field="allergens")
    return ", ".join(known)


def _require_units(words: Mapping[str, Any]) -> None:
    """One and several belong together."""
    for one, more in (("unit", "unit_plural"), ("unit_en", "unit_plural_en")):
        if bool(words[one]) != bool(words[more]):
            raise Refused(
                _("Scrivi come si chiama uno e come si chiamano tanti: vasetto, vasetti."),
                field=more if words[one] else one,
            )


def _require_mixed(words: Mapping[str, Any]) -> None:
    """A box of different goods has one price and holds at most 10 kilos (art. 8 of Reg. (EU) 2023/2429)."""
    if words["kind"] != Kind.FIXED:
        raise Refused(_("Una cassetta mista ha un prezzo fisso."), field="kind")
    if words["net"] and words["net"] > MIXED_NET:
        raise Refused(_("Una cassetta mista pesa al massimo 10 chili."), field="net")


def _require_one_country(origin: str) -> None:
    if re.search(r"[/,;+&]|\s(e|o|and|or)\s", origin):
        raise Refused(_("Scrivi un solo paese: quello da cui viene davvero."), field="origin")
