"""Who orders, in one form. Messages say what to do; nothing that the crate does not need is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from catalog import wording
from catalog.models import PickUp, Place
from core import inputs, names, web
from core.errors import Refused
from orders import contacts, invoicing, vouchers
from orders.invoicing import Holder
from orders.models import Voucher
from orders.placing import Citizen
from shop import voucher_codes

HOLDER = {
    "fattura_nome": "name",
    "fattura_codice": "tax_code",
    "fattura_iva": "vat_number",
    "fattura_via": "address",
    "fattura_cap": "postcode",
    "fattura_comune": "municipality",
    "fattura_provincia": "province",
    "fattura_destinatario": "recipient_code",
    "fattura_pec": "pec",
}
"""Field of the form -> what of an invoice's holder it says."""

HOLDER_LONGEST = dict.fromkeys(HOLDER, invoicing.LONGEST_NAME) | {"fattura_via": invoicing.LONGEST_STREET}

IN_LETTERS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("nome", "ritira"), names.is_one),
    **dict.fromkeys(("indirizzo", "fattura_nome", "fattura_via", "fattura_comune"), names.leads_nowhere),
}
"""Field of the form -> whether what was typed may stand in a letter."""


def _(words: str, **facts: object) -> Any:
    """Said in the language of the page that shows it."""
    return lazy_gettext(words, **facts)


def _trimmed(text: str | None) -> str:
    return (text or "").strip().replace("\r\n", "\n")


def _writable(_form: FlaskForm, field: Field) -> None:
    """Control characters are nothing that one can write. Everything else, emoji too, is the citizen's own business."""
    if inputs.has_control_signs(field.data or ""):
        raise ValidationError(_("Qui c'è un segno che non riusciamo a scrivere: toglilo e riprova."))


def _max(length: int) -> Length:
    return Length(max=length, message=_("È troppo lungo: scrivi al massimo %(max)d lettere."))


class CheckoutForm(FlaskForm):
    """The address is asked only where the crate comes home; `require_address` checks it against the round's zones."""

    nome = StringField(
        _("Nome e cognome"),
        filters=[inputs.one_line],
        validators=[DataRequired(_("Scrivi il tuo nome: lo mettiamo sulla cassetta.")), _writable, _max(100)],
    )
    email = StringField(
        _("E-mail"),
        filters=[inputs.one_line],
        validators=[DataRequired(_("Scrivi la tua e-mail: ti mandiamo la conferma.")), _writable, _max(200)],
    )
    telefono = StringField(_("Telefono"), filters=[inputs.one_line], validators=[Optional(), _writable, _max(40)])
    indirizzo = StringField(_("Via e numero"), filters=[inputs.one_line], validators=[Optional(), _writable, _max(150)])
    comune = StringField(_("Comune"), filters=[inputs.one_line], validators=[Optional(), _writable, _max(100)])
    cap = StringField(_("CAP"), filters=[inputs.one_line], validators=[Optional(), _writable, _max(10)])
    ritira = StringField(
        "",  # `ask_who_else`
        filters=[inputs.one_line],
        validators=[Optional(), _writable, _max(100)],
    )
    nota = TextAreaField(_("Una cosa da dirci"), filters=[_trimmed], validators=[Optional(), _writable, _max(500)])
    buono = StringField(
        _("Hai un buono spesa? Scrivi il codice"), filters=[inputs.one_line], validators=[Optional(), _max(200)]
    )
    simile = BooleanField(_("Se qualcosa manca, potete mettere una cosa simile, mai più cara"))

    fattura = BooleanField(_("Mi serve la fattura"))
    fattura_nome = StringField(_("A chi è intestata"), filters=[inputs.one_line])
    fattura_codice = StringField(_("Codice fiscale"), filters=[inputs.one_line])
    fattura_iva = StringField(_("Partita IVA"), filters=[inputs.one_line])
    fattura_via = StringField(_("Indirizzo di chi la riceve"), filters=[inputs.one_line])
    fattura_cap = StringField(_("Il suo CAP"), filters=[inputs.one_line])
    fattura_comune = StringField(_("Il suo comune"), filters=[inputs.one_line])
    fattura_provincia = StringField(_("La sua provincia"), filters=[inputs.one_line])
    fattura_destinatario = StringField(_("Codice destinatario"), filters=[inputs.one_line])
    fattura_pec = StringField(_("PEC"), filters=[inputs.one_line])

    def validate_nome(self, field: Field) -> None:
        _require_readable(field, names.require)

    def validate_ritira(self, field: Field) -> None:
        _require_readable(field, names.require)

    def validate_email(self, field: Field) -> None:
        _require_readable(field, contacts.email)

    def validate_telefono(self, field: Field) -> None:
        _require_readable(field, contacts.phone)

    def is_complete(self, pickup: PickUp | None) -> bool:
        """Whether every field can be taken as it is, the address too where this pick-up is a round."""
        complete = self.validate()
        complete = self._has_holder() and complete
        if pickup is not None and pickup.place.kind == "round":
            return self._has_address(pickup.place) and complete
        return complete

    def _has_address(self, place: Place) -> bool:
        if not self.indirizzo.data:
            _say(self.indirizzo, _("Scrivi la via e il numero: veniamo lì."))
        else:
            _hear(self.indirizzo, names.require_line)
        if not self.cap.data:
            _say(self.cap, _("Scrivi il CAP."))
        if not self.comune.data:
            _say(self.comune, _("Scrivi il comune."))
        elif self.cap.data and not contacts.reaches(place, self.comune.data, self.cap.data):
            self._say_where_it_goes(place, self.comune.data)
        return not (self.indirizzo.errors or self.comune.errors or self.cap.errors)

    def _say_where_it_goes(self, place: Place, town: str) -> None:
        """Of a town that is on the way it is the postcode that is another one."""
        if postcodes := contacts.postcodes(place, town):
            _say(self.cap, _("A %(town)s arriviamo dove il CAP è %(postcodes)s.", town=town, postcodes=postcodes))
        else:
            towns = contacts.towns(place)
            _say(self.comune, _("In bicicletta arriviamo solo a: %(towns)s. Scegli un altro ritiro.", towns=towns))

    def _has_holder(self) -> bool:
        """Whether the invoice can be made; of whoever asks for none nothing is read."""
        if not self.fattura.data:
            return True
        asked = [getattr(self, name) for name in HOLDER]
        for field, column in zip(asked, HOLDER.values(), strict=True):
            try:
                field.data = invoicing.READERS.get(column, _pec)(field.data or "")
            except Refused as refused:
                _say(field, refused.sentence)
        if not (self.fattura_codice.data or self.fattura_iva.data):
            _say(self.fattura_codice, _("Scrivi il codice fiscale o la partita IVA."))
        return not any(field.errors for field in asked)

    def covering(self) -> list[Voucher]:
        """Vouchers whose codes were typed; where one pays nothing its field says so, and none is taken."""
        try:
            return voucher_codes.read(self.buono.data or "")
        except Refused as refused:
            _say(self.buono, refused.sentence)
            return []

    def codes(self) -> list[str]:
        return vouchers.read_codes(self.buono.data or "")

    def _holder(self) -> Holder | None:
        if not self.fattura.data:
            return None
        return Holder(**{column: getattr(self, name).data for name, column in HOLDER.items()})

    def citizen(self, pickup: PickUp | None) -> Citizen:
        home = pickup.place if pickup is not None and pickup.place.kind == "round" else None
        return Citizen(
            name=self.nome.data or "",
            email=contacts.email(self.email.data or ""),
            phone=contacts.phone(self.telefono.data) if self.telefono.data else None,
            collector=self.ritira.data or None,
            note=self.nota.data or "",
            address=self._address(home) if home else "",
            language=web.language(),
            invoice=self._holder(),
        )

    def _address(self, place: Place) -> str:
        return contacts.address(place, self.indirizzo.data or "", self.cap.data or "", self.comune.data or "")

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(id of the field, what to do) for the summary."""
        said = [(field, str(field.errors[0])) for field in self if field.errors]
        times = Counter(words for _field, words in said)
        return [(field.id, _in_summary(field, words, is_alone=times[words] == 1)) for field, words in said]

    def ask_who_else(self, place: Place | None) -> None:
        """In the words of that place: at home somebody opens the door."""
        self.ritira.label.text = wording.who_else_asked(place)


def _pec(text: str) -> str:
    """It may be missing."""
    return contacts.email(text) if text else ""


def _in_summary(field: Field, words: str, *, is_alone: bool) -> str:
    """With the field's name where the sentence could be, or is, that of another."""
    is_nameless = not is_alone or _has_usual_fault(field)
    return inputs.named(str(field.label.text), words) if is_nameless else words


def _has_usual_fault(field: Field) -> bool:
    """Too long, unwritable, or with a link in it: said in the same words wherever it is."""
    most = next((check.max for check in field.validators if isinstance(check, Length)), HOLDER_LONGEST.get(field.name))
    if most is not None and inputs.is_unwritable(field.data or "", most):
        return True
    return field.name in IN_LETTERS and not IN_LETTERS[field.name](field.data or "")


def _require_readable(field: Field, read: Callable[[str], str]) -> None:
    """On the page it stays as it was typed."""
    try:
        read(field.data)
    except Refused as refused:
        raise ValidationError(refused.sentence) from None


def _hear(field: Field, read: Callable[[str], str]) -> None:
    try:
        read(field.data)
    except Refused as refused:
        _say(field, refused.sentence)


def _say(field: Field, words: Any) -> None:
    field.errors = [*field.errors, words]
