"""How a citizen can be reached: e-mail, phone, and where a round brings the crate. The same for the shop and the staff.

Each takes what was typed and gives back what is kept. Raises Refused with a sentence that says what to do.
"""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from catalog.models import Place
from core.errors import Refused


def email(text: str) -> str:
    """As a mail server reads it. Nobody is asked whether that mailbox is there."""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Refused(_("Guarda l'e-mail: deve essere come nome@posta.it.")) from None
    return found.ascii_email or found.normalized


def phone(text: str) -> str:
    """In the international form. The table of the world's numbers is only loaded when somebody gives one."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "IT")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Refused(_("Guarda il numero di telefono, oppure lascialo vuoto."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def reaches(place: Place, town: str, postcode: str) -> bool:
    """Whether a round goes there: a postcode alone never says which municipality."""
    return any(zone.municipality.casefold() == town.casefold() and zone.postcode == postcode for zone in place.zones)


def towns(place: Place) -> str:
    """'Vigevano 27029, Gambolò 27025'."""
    return ", ".join(f"{zone.municipality} {zone.postcode}" for zone in place.zones)


def address(street: str, postcode: str, town: str) -> str:
    """As it stands on the sheet of the round."""
    return f"{street}, {postcode} {town}"
