"""Who rings or stands at the stall, in one form. A name is enough at the stall; on the phone, a way to ring back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from catalog.models import PickUp
from core import inputs
from core.errors import Refused
from orders import contacts, vouchers
from orders.models import Source
from orders.placing import Citizen, Wish

DISCOUNTS = (0, 5, 10, 20)
MOST_LINES = 60
LONGEST_NOTE = 500
ADDRESS = ("indirizzo", "cap", "comune")
LONGEST = {"nome": 100, "email": 200, "telefono": 40, "indirizzo": 150, "cap": 10, "comune": 100, "ritira": 100}


class Written:
    """What was typed stays as it was; ``messages`` say what to do, by field."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent, self.messages = sent, dict[str, str]()
        self._kept: dict[str, str] = {}
        self._nameless: set[str] = set()  # fields whose message could be that of any other

    def __getitem__(self, name: str) -> str:
        return self.sent.get(name, "")

    def address(self, pickup: PickUp) -> str:
        """Where this round brings it; empty, with what to do about it in ``messages``, where that cannot be."""
        self._read("indirizzo", missing=_("Scrivi la via e il numero: veniamo lì."))
        self._read("cap", missing=_("Scrivi il CAP."))
        self._read("comune", missing=_("Scrivi il comune."))
        street, postcode, town = (self._kept[name] for name in ADDRESS)
        if town and postcode and not contacts.reaches(pickup.place, town, postcode):
            towns = contacts.towns(pickup.place)
            words = _("In bicicletta arriviamo solo a: %(towns)s. Scegli un altro ritiro.", towns=towns)
            self._say("comune", words)
        return "" if self.messages else contacts.address(pickup.place, street, postcode, town)

    @property
    def to_look_at(self) -> list[tuple[str, str]]:
        """(id of the field, what to do) for the summary, with the name of the field where the words do not tell."""
        return [
            (name, inputs.named(_labels()[name], words) if name in self._nameless else words)
            for name, words in self.messages.items()
        ]

    def _rows(self) -> list[list[int | None]]:
        """'product:quantity:price' of each list, as the page showed it, in numbers."""
        rows: list[Any] = getattr(self.sent, "getlist", lambda name: [])("riga")
        return [[inputs.whole_number(part) for part in row.split(":")] for row in rows]

    def _read(self, name: str, check: Callable[[str], str] | None = None, *, missing: str = "") -> None:
        self._kept[name] = ""
        try:
            line = inputs.require_line(self[name], LONGEST[name], missing=missing)
            self._kept[name] = check(line) if check and line else line
        except Refused as refused:
            if inputs.is_unwritable(inputs.one_line(self[name]), LONGEST[name]):
                self._nameless.add(name)
            self._say(name, refused.sentence)

    def _say(self, name: str, words: str) -> None:
        self.messages.setdefault(name, words)


class CallForm(Written):
    """An order: who, where, what, for how much."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        super().__init__(sent)
        self.pickup_id = inputs.whole_number(sent.get("ritiro"))
        self.source = Source.STALL if sent.get("fonte") == Source.STALL else Source.PHONE
        self.discount = next((each for each in DISCOUNTS if str(each) == sent.get("sconto")), 0)
        self.may_substitute = "cambia" in sent
        self.wishes = self._wishes()
        self._address = ""

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
        self._address = self.address(pickup) if pickup is not None and pickup.place.kind == "round" else ""
        return not self.messages

    def codes(self) -> list[str]:
        """Of the vouchers that are to pay. Raises Refused where what was typed is no code."""
        return vouchers.read_codes(self["buono"])

    def citizen(self) -> Citizen:
        """Only once it is complete."""
        kept = self._kept
        return Citizen(
            name=kept["nome"],
            email=kept["email"] or None,
            phone=kept["telefono"] or None,
            collector=kept["ritira"] or None,
            note=kept["nota"],
            address=self._address,
        )

    def _wishes(self) -> list[Wish]:
        """What cannot be read is no line, of two the last counts."""
        found = {}
        for row in self._rows():
            match row:
                case [int(product_id), int(quantity), int(price)] if quantity:
                    found[product_id] = Wish(product_id, quantity, price, self.may_substitute)
        return list(found.values())[:MOST_LINES]

    def _read_note(self) -> None:
        """Several lines, as they were written."""
        note = self["nota"].strip().replace("\r\n", "\n")
        if inputs.is_unwritable(note, LONGEST_NOTE):
            self._nameless.add("nota")
        if inputs.has_control_signs(note):
            self._say("nota", _("Qui c'è un segno che non riusciamo a scrivere: toglilo e riprova."))
        if len(note) > LONGEST_NOTE:
            self._say("nota", _("È troppo lungo: scrivi al massimo %(max)d lettere.", max=LONGEST_NOTE))
        self._kept["nota"] = note


def _labels() -> dict[str, str]:
    """What the page calls each field that is written into."""
    return {
        "nome": _("Nome e cognome"),
        "telefono": _("Telefono"),
        "email": _("E-mail"),
        "ritira": _("Chi altro può ritirare"),
        "indirizzo": _("Via e numero"),
        "cap": _("CAP"),
        "comune": _("Comune"),
        "nota": _("Una cosa da sapere"),
        "buono": _("Codice del buono"),
    }
