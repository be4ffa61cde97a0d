"""Who asks for an invoice and in whose name, before anything is paid (art. 22 DPR 633/1972).

Each reader takes what was typed and gives back what is kept; it raises Refused with a sentence that says what to do.
The numbers are checked for their form only: nobody is asked whether they were ever given to somebody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _
from stdnum.it import codicefiscale, iva

from catalog import addresses
from core import inputs, names
from core.database import db
from core.errors import Refused
from orders.models import InvoiceRequest

LONGEST_NAME, LONGEST_STREET = 80, 60  # the electronic invoice has room for no more (specifications 1.9.1)
NO_CODE = "0000000"  # the invoice goes to the reserved area of the tax agency's site
PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′ʹʻʼ`´", "'")
    | dict.fromkeys("“”„‟″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"€": "EUR", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Œ": "OE", "œ": "oe", "ı": "i", "ẞ": "SS"}
)
"""What telephones and word processors put in, as an electronic invoice may carry it."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """In whose name. A person has a tax code, a firm a VAT number, an association a tax code of eleven digits."""

    name: str
    tax_code: str
    vat_number: str
    address: str
    postcode: str
    municipality: str
    province: str
    recipient_code: str
    pec: str


def name(text: str) -> str:
    return _line(text, LONGEST_NAME, _("Scrivi il nome, o la ditta, della fattura."))


def tax_code(text: str) -> str:
    """Capitals; empty stays empty."""
    code = codicefiscale.compact(inputs.one_line(text))
    if code and not (code.isascii() and codicefiscale.is_valid(code)):
        raise Refused(_("Guarda il codice fiscale: una lettera o una cifra non torna."))
    return code


def vat_number(text: str) -> str:
    """Eleven digits, without "IT"; empty stays empty."""
    digits = iva.compact(inputs.one_line(text).upper())
    if digits and not (digits.isascii() and iva.is_valid(digits)):
        raise Refused(_("Guarda la partita IVA: sono 11 cifre e una non torna."))
    return digits


def street(text: str) -> str:
    return _line(text, LONGEST_STREET, _("Scrivi la via e il numero."))


def municipality(text: str) -> str:
    return addresses.municipality(_line(text, addresses.LONGEST_NAME))


def recipient_code(text: str) -> str:
    """Seven letters or digits; empty stays empty."""
    code = inputs.one_line(text).upper()
    if code and not re.fullmatch(r"[A-Z0-9]{7}", code):
        raise Refused(_("Il codice destinatario ha 7 lettere o cifre. Se non lo sai, lascia vuoto."))
    return code


READERS = {
    "name": name,
    "tax_code": tax_code,
    "vat_number": vat_number,
    "address": street,
    "postcode": addresses.postcode,
    "municipality": municipality,
    "province": addresses.province,
    "recipient_code": recipient_code,
}


def request(order_id: int, holder: Holder) -> InvoiceRequest:
    """Part of placing an order."""
    asked = InvoiceRequest(order_id=order_id, **vars(holder))
    asked.recipient_code = holder.recipient_code or NO_CODE
    db.session.add(asked)
    return asked


def find(order_id: int) -> InvoiceRequest | None:
    """What this order's citizen asked for."""
    return db.session.get(InvoiceRequest, order_id)


def told(asked: InvoiceRequest) -> list[str]:
    """All that its citizen gave for it, in lines to read and to check: on the page of the order and in its letter."""
    lines = [
        _("a nome di %(name)s", name=asked.name),
        _("partita IVA %(number)s", number=asked.vat_number) if asked.vat_number else "",
        _("codice fiscale %(code)s", code=asked.tax_code) if asked.tax_code else "",
        f"{asked.address}, {asked.postcode} {asked.municipality} ({asked.province})",
        _("Codice destinatario %(code)s", code=asked.recipient_code),
        _("PEC %(address)s", address=asked.pec) if asked.pec else "",
    ]
    return [line for line in lines if line]


def _line(text: str, most: int, missing: str = "") -> str:
    """One line that the electronic invoice can carry: Basic Latin and Latin-1 Supplement (specifications 1.9.1)."""
    line = names.require_line(inputs.require_line(_plain(text), most, missing=missing))
    if stranger := next((sign for sign in line if not _is_latin_1(sign)), ""):
        raise Refused(_("Sulla fattura il segno «%(sign)s» non si può scrivere: usane un altro.", sign=stranger))
    return line


def _plain(text: str) -> str:
    """Straight apostrophes, quotes and hyphens, letters without the marks that no invoice has, nothing invisible."""
    return "".join(map(_plain_sign, unicodedata.normalize("NFC", text).translate(PLAIN)))


def _plain_sign(sign: str) -> str:
    if _is_latin_1(sign):
        return sign
    if unicodedata.category(sign) == "Cf":  # joiners, direction marks: nobody sees that they go
        return ""
    parts = [part for part in unicodedata.normalize("NFKD", sign) if not "\u0300" <= part <= "\u036f"]
    return "".join(parts) if all(map(_is_latin_1, parts)) else sign


def _is_latin_1(sign: str) -> bool:
    return ord(sign) <= 0xFF
