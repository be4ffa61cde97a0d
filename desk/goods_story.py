"""What happened to a product, a field, a place, a container or a kind of VAT, in plain words, from its journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from catalog.models import Product
from core import journal
from core.formats import day, euro, weight
from core.journal import Entry, Subject
from desk.pickup_words import quantity
from people import staff

MOST = 30  # deeds that a page tells


@dataclass(frozen=True)
class Told:
    at: datetime
    who: str
    words: str
    is_undone: bool  # somebody took it back later


def tell(subject: Subject) -> list[Told]:
    """The newest first, at most ``MOST``. Statements do not grow with what happened."""
    entries = journal.entries(subject)
    undone = {entry.undoes_id for entry in entries}
    names = staff.names({entry.person_id for entry in entries[:MOST] if entry.person_id})
    return [
        Told(entry.at, _who(entry, names), _words(entry, subject), entry.id in undone)
        for entry in entries[:MOST]
        if _action(entry) in WORDS
    ]


def named(columns: Mapping[str, Any]) -> str:
    """'il nome, lo scaffale': what was changed, without a column's name of ours."""
    words = _columns()
    return ", ".join(dict.fromkeys(words.get(column, _("altro")) for column in columns))


def _action(entry: Entry) -> str:
    return entry.action.removesuffix(".undone")


def _who(entry: Entry, names: Mapping[int, str]) -> str:
    return names.get(entry.person_id or 0, _("in automatico"))


def _words(entry: Entry, subject: Any) -> str:
    words = WORDS[_action(entry)](entry.data, subject)
    return _("Tornato indietro. Era: %(words)s", words=words) if entry.is_undo else words


def _priced(data: Mapping[str, Any], _of: Any) -> str:
    return _("Prezzo: era %(before)s, adesso %(after)s.", before=euro(data["before"]), after=euro(data["after"]))


def _offered(data: Mapping[str, Any], product: Product) -> str:
    return _("Raccolto atteso: %(how_much)s in più.", how_much=quantity(product, data["quantity"]))


def _counted(data: Mapping[str, Any], product: Product) -> str:
    if data.get("there") is None:
        return _("Contato quanto se ne può promettere.")
    there, left = (quantity(product, data[name]) for name in ("there", "left"))
    return _("Contati in tutto: %(there)s. Da promettere: %(left)s.", there=there, left=left)


def _sale_set(data: Mapping[str, Any], _of: Any) -> str:
    return _("Messo in vetrina.") if data["after"] else _("Tolto dalla vetrina.")


def _picture_set(data: Mapping[str, Any], _of: Any) -> str:
    return _("Fotografia nuova.") if data["after"] else _("Fotografia tolta: si vede il disegno.")


def _described(data: Mapping[str, Any], _of: Any) -> str:
    if set(data["before"]) == {"name"}:
        return _("Nome: era %(before)s, adesso %(after)s.", before=data["before"]["name"], after=data["after"]["name"])
    return _("Cambiato: %(what)s.", what=named(data["before"]))


def _fee_set(data: Mapping[str, Any], _of: Any) -> str:
    return _("Consegna: era %(before)s, adesso %(after)s.", before=euro(data["before"]), after=euro(data["after"]))


def _minimum_set(data: Mapping[str, Any], _of: Any) -> str:
    return _("Ordine minimo: era %(before)s, adesso %(after)s.", before=euro(data["before"]), after=euro(data["after"]))


def _zone_added(data: Mapping[str, Any], _of: Any) -> str:
    return _("Zona nuova: %(town)s, %(code)s.", town=data["municipality"], code=data["postcode"])


def _zone_removed(data: Mapping[str, Any], _of: Any) -> str:
    return _("Zona tolta: %(town)s, %(code)s.", town=data["municipality"], code=data["postcode"])


def _tare_set(data: Mapping[str, Any], _of: Any) -> str:
    before, after = (weight(data[when]["tare_grams"]) for when in ("before", "after"))
    return _("Peso da vuota: era %(before)s, adesso %(after)s.", before=before, after=after)


def _rate_set(data: Mapping[str, Any], _of: Any) -> str:
    return _(
        "Aliquota: %(rate)d per cento da %(day)s.",
        rate=data["after"]["rate"],
        day=day(date.fromisoformat(data["day"])),
    )


def _confirmed(data: Mapping[str, Any], _of: Any) -> str:
    if data["after"]["rule"] == "none":
        return _("Guardata la mappa: più di 70 km.")
    return _("Guardata la mappa: entro 70 km.")


WORDS: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "product.created": lambda data, of: _("Prodotto nuovo."),
    "product.priced": _priced,
    "product.sale_set": _sale_set,
    "product.picture_set": _picture_set,
    "product.described": _described,
    "stock.offered": _offered,
    "stock.counted": _counted,
    "field.added": lambda data, of: _("Campo nuovo."),
    "field.renamed": _described,
    "field.moved": lambda data, of: _("Cambiato il punto sulla mappa."),
    "distance.confirmed": _confirmed,
    "place.added": lambda data, of: _("Luogo nuovo."),
    "place.changed": _described,
    "place.fee_set": _fee_set,
    "place.minimum_set": _minimum_set,
    "zone.added": _zone_added,
    "zone.removed": _zone_removed,
    "vat.added": lambda data, of: _("Voce nuova, al %(rate)d per cento.", rate=data["rate"]),
    "vat.rate_set": _rate_set,
    "vat.renamed": _described,
    "voucher.issued": lambda data, of: _("Buono nuovo, da %(sum)s.", sum=euro(data["cents"])),
    "voucher.voided": lambda data, of: _("Fermato."),
    "voucher.written_anew": lambda data, of: _("Riscritto con un codice nuovo."),
    "container.added": lambda data, of: _("Ciotola nuova."),
    "container.renamed": _described,
    "container.tare_set": _tare_set,
}
"""For every action that can happen to goods and land."""


def _columns() -> dict[str, str]:
    return {
        "name": _("il nome"),
        "name_en": _("il nome inglese"),
        "kind": _("il tipo"),
        "other_names": _("gli altri nomi"),
        "unit": _("come si chiama un pezzo"),
        "unit_plural": _("come si chiama un pezzo"),
        "unit_en": _("come si chiama un pezzo"),
        "unit_plural_en": _("come si chiama un pezzo"),
        "net": _("quanto contiene"),
        "net_measure": _("quanto contiene"),
        "drained": _("il peso sgocciolato"),
        "step": _("il passo"),
        "piece_grams": _("il peso di un pezzo"),
        "tolerance_percent": _("quanto può pesare in più"),
        "vat_category": _("l'IVA"),
        "field_id": _("il campo"),
        "processed_at_id": _("dove si lavora"),
        "container_id": _("la ciotola"),
        "shelf_place": _("il posto in laboratorio"),
        "shelf": _("lo scaffale"),
        "description": _("la descrizione"),
        "description_en": _("la descrizione"),
        "recipe": _("l'idea in cucina"),
        "recipe_en": _("l'idea in cucina"),
        "contents": _("che cosa c'è nella cassetta mista"),
        "contents_en": _("che cosa c'è nella cassetta mista"),
        "origin": _("il paese di origine"),
        "resellers": _("quanti lo rivendono"),
        "quality_class": _("la categoria"),
        "variety": _("la varietà"),
        "caliber": _("il calibro"),
        "season": _("la stagione"),
        "back_on": _("quando torna"),
        "prepacked": _("se è confezionato"),
        "ingredients": _("gli ingredienti"),
        "ingredients_en": _("gli ingredienti"),
        "allergens": _("gli allergeni"),
        "storage": _("come si conserva"),
        "storage_en": _("come si conserva"),
        "perishable": _("se dura"),
        "address": _("l'indirizzo"),
        "municipality": _("il comune"),
        "province": _("la provincia"),
        "latitude": _("il punto sulla mappa"),
        "longitude": _("il punto sulla mappa"),
    }
