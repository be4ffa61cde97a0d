"""How a citizen can be reached: e-mail, phone, and where a round brings the crate. The same for the shop and the staff.

Each takes what was typed and gives back what is kept. Raises Refused with a sentence that says what to do.
"""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from catalog.models import Place, Zone
from core import inputs
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
    return _zone(place, town, postcode) is not None


def postcodes(place: Place, town: str) -> str:
    """Those of one municipality, '27029, 27020'; empty where no round goes there."""
    return ", ".join(zone.postcode for zone in place.zones if _letters(zone.municipality) == _letters(town))


def towns(place: Place) -> str:
    """'Vigevano 27029, Gambolò 27025'."""
    return ", ".join(f"{zone.municipality} {zone.postcode}" for zone in place.zones)


def address(place: Place, street: str, postcode: str, town: str) -> str:
    """As it stands on the sheet of the round: the town as its zone spells it, the street as it was typed, tidied."""
    zone = _zone(place, town, postcode)
    spelt = zone.municipality if zone else inputs.one_line(town)
    return f"{inputs.one_line(street).rstrip(' ,')}, {inputs.one_line(postcode)} {spelt}"


def parts(address: str) -> tuple[str, str, str]:
    """(street, postcode, town) of an address as it is kept; the whole of it is the street where it is not."""
    street, comma, rest = address.rpartition(", ")
    postcode, blank, town = rest.partition(" ")
    return (street, postcode, town) if comma and blank else (address, "", "")


def _zone(place: Place, town: str, postcode: str) -> Zone | None:
    """Where a round goes that was typed like this: 'MORTARA ', 'gambolo\'', 'Sant Angelo'."""
    sought = (_letters(town), inputs.one_line(postcode))
    return next((zone for zone in place.zones if (_letters(zone.municipality), zone.postcode) == sought), None)


def _letters(name: str) -> str:
    """Only what makes it this name: no accents, no blanks, no apostrophes, no capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if sign.isalpha())
