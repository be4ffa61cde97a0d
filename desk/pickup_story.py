"""What happened to a pick-up, in plain words, from its journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from catalog import products, wording
from catalog.models import PickUp
from core import clock, formats, journal
from core.journal import Entry
from desk.pickup_words import quantity
from people import staff


@dataclass(frozen=True)
class Told:
    """Something that happened: when, in whose name (empty: by itself, or a citizen), and what."""

    at: datetime
    who: str
    words: str


def window(facts: Mapping[str, Any]) -> str:
    """'venerdì 27 novembre, 16–18, Piazza Ducale', from what the journal kept."""
    hours = formats.window(clock.parse(facts["from_at"]), clock.parse(facts["to_at"]))
    return f"{hours}, {facts['place']}"


def story(pickup: PickUp) -> list[Told]:
    """What happened to a pick-up, newest first. What nobody outside the house would understand is left out."""
    entries = journal.entries(pickup)
    names = staff.names({entry.person_id for entry in entries if entry.person_id})
    goods = products.by_ids([entry.data["product"] for entry in entries if "product" in entry.data])
    told = [(entry, _deed(entry, goods)) for entry in entries]
    return [Told(entry.at, names.get(entry.person_id or 0, ""), words) for entry, words in told if words]


def _deed(entry: Entry, goods: Mapping[int, Any]) -> str:
    action = entry.action.removesuffix(".undone")
    say = DEEDS.get(action)
    if say is None:
        return ""
    words = say(entry.data, goods)
    return _("Tolto: %(deed)s", deed=words[:1].lower() + words[1:]) if entry.is_undo else words


def _called_off(data: Mapping[str, Any], _goods: Any) -> str:
    off = ngettext("Non si fa: %(num)s ordine disdetto.", "Non si fa: %(num)s ordini disdetti.", len(data["orders"]))
    return " ".join((off, _("Il fresco non è tornato in vetrina."))) if data.get("lost") else off


def _moved(data: Mapping[str, Any], _goods: Any) -> str:
    return _("Spostato da %(before)s a %(after)s.", before=window(data["before"]), after=window(data["after"]))


def _arrived(data: Mapping[str, Any], goods: Mapping[int, Any]) -> str:
    product = goods[data["product"]]
    how_much = quantity(product, data["arrived"])
    return _("Arrivato per questo ritiro: %(what)s, %(how_much)s.", what=wording.name(product), how_much=how_much)


DEEDS: dict[str, Any] = {
    "pickup.scheduled": lambda data, goods: _("Messo in calendario."),
    "pickup.planned": lambda data, goods: _("Messo in calendario dalla regola di ogni settimana."),
    "pickup.capacity_set": lambda data, goods: _(
        "Posti: erano %(before)s, adesso %(after)s.", before=data["before"], after=data["after"]
    ),
    "pickup.closed": lambda data, goods: ngettext(
        "Non si ordina più: %(num)s cassetta con il numero.",
        "Non si ordina più: %(num)s cassette con il numero.",
        data["crates"],
    ),
    "pickup.moved": _moved,
    "pickup.called_off": _called_off,
    "harvest.arrived": _arrived,
}
