"""Who asks for an invoice and in whose name, before anything is paid (art. 22 DPR 633/1972).

Each reader takes what was typed and gives back what is kept; it raises Refused with a sentence that says what to do.
The numbers are checked for their form only: nobody is asked whether they were ever given to somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from stdnum.it import codicefiscale, iva

from catalog import addresses
from core import inputs
from core.database import db
from core.errors import Refused
from orders.models import InvoiceRequest

LONGEST_NAME, LONGEST_STREET = 80, 60  # the electronic invoice has room for no more (specifications 1.9.1)
NO_CODE = "0000000"  # the invoice goes to the reserved area of the tax agency's site


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
    return inputs.require_line(text, LONGEST_NAME, missing=_("Scrivi il nome, o la ditta, della fattura."))


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
    return inputs.require_line(text, LONGEST_STREET, missing=_("Scrivi la via e il numero."))


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
    "municipality": addresses.municipality,
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
