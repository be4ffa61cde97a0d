"""Who rings or stands at the stall, in one form. A name is enough at the stall; on the phone, a way to ring back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from catalog.models import PickUp
from core import inputs
from core.errors import Refused
from orders import contacts
from orders.models import Source
from orders.placing import Citizen, Wish

DISCOUNTS = (0, 5, 10, 20)
MOST_LINES = 60
LONGEST_NOTE = 500
LONGEST = {"nome": 100, "email": 200, "telefono": 40, "indirizzo": 150, "cap": 10, "comune": 100, "ritira": 100}


class CallForm:
    """What was typed stays as it was; ``messages`` say what to do, by field."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent, self.messages = sent, dict[str, str]()
        self.pickup_id = inputs.whole_number(sent.get("ritiro"))
        self.source = Source.STALL if sent.get("fonte") == Source.STALL else Source.PHONE
        self.discount = next((each for each in DISCOUNTS if str(each) == sent.get("sconto")), 0)
        self.may_substitute = "cambia" in sent
        self.wishes = self._wishes()
        self._kept: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.sent.get(name, "")

    def is_complete(self, pickup: PickUp | None) -> bool:
        """Whether every field can be taken as it is, the address too where this pick-up is a round."""
        self._read("nome", missing=_("Scrivi il nome: lo mettiamo sulla cassetta."))
        self._read("telefono", contacts.phone)
        self._read("email", contacts.email)
        self._read("ritira")
        self._read_note()
        if self.source == Source.PHONE and not (self["telefono"].strip() or self["email"].strip()):
            self._say("telefono", _("Scrivi il telefono o l'e-mail: se manca qualcosa lo diciamo."))
        if str(self.discount) != self.sent.get("sconto", "0"):
            self._say("sconto", _("Scegli uno sconto della lista."))
        if pickup is not None and pickup.place.kind == "round":
            self._read_address(pickup)
        return not self.messages

    def citizen(self, pickup: PickUp | None) -> Citizen:
        """Only once it is complete."""
        kept, at_home = self._kept, pickup is not None and pickup.place.kind == "round"
        return Citizen(
            name=kept["nome"],
            email=kept["email"] or None,
            phone=kept["telefono"] or None,
            collector=kept["ritira"] or None,
            note=kept["nota"],
            address=contacts.address(kept["indirizzo"], kept["cap"], kept["comune"]) if at_home else "",
        )

    def _wishes(self) -> list[Wish]:
        """'product:quantity:price', as the page showed them. What cannot be read is no line, of two the last counts."""
        found = {}
        rows: list[Any] = getattr(self.sent, "getlist", lambda name: [])("riga")
        for row in rows:
            match [inputs.whole_number(part) for part in row.split(":")]:
                case [int(product_id), int(quantity), int(price)] if quantity:
                    found[product_id] = Wish(product_id, quantity, price, self.may_substitute)
        return list(found.values())[:MOST_LINES]

    def _read(self, name: str, check: Callable[[str], str] | None = None, *, missing: str = "") -> None:
        self._kept[name] = ""
        try:
            line = inputs.require_line(self[name], LONGEST[name], missing=missing)
            self._kept[name] = check(line) if check and line else line
        except Refused as refused:
            self._say(name, refused.sentence)

    def _read_note(self) -> None:
        """Several lines, as they were written."""
        note = self["nota"].strip().replace("\r\n", "\n")
        if inputs.has_control_signs(note):
            self._say("nota", _("Qui c'è un segno che non riusciamo a scrivere: toglilo e riprova."))
        if len(note) > LONGEST_NOTE:
            self._say("nota", _("È troppo lungo: scrivi al massimo %(max)d lettere.", max=LONGEST_NOTE))
        self._kept["nota"] = note

    def _read_address(self, pickup: PickUp) -> None:
        self._read("indirizzo", missing=_("Scrivi la via e il numero: veniamo lì."))
        self._read("cap", missing=_("Scrivi il CAP."))
        self._read("comune", missing=_("Scrivi il comune."))
        town, postcode = self._kept["comune"], self._kept["cap"]
        if town and postcode and not contacts.reaches(pickup.place, town, postcode):
            towns = contacts.towns(pickup.place)
            words = _("In bicicletta arriviamo solo a: %(towns)s. Scegli un altro ritiro.", towns=towns)
            self._say("comune", words)

    def _say(self, name: str, words: str) -> None:
        self.messages.setdefault(name, words)
