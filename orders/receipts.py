"""The number of the fiscal document (documento commerciale) that somebody made for money that came in.

The shop makes none itself: whoever has the register writes its number down, so that one leads to the other (DM 10 May
2019; italian-rules 41). The number is a label of the entry in the ledger, whose money never changes.
"""

from __future__ import annotations

from flask_babel import gettext as _

from core import inputs, journal
from core.database import transaction
from core.errors import Conflict, NotFound, Refused
from orders import finding, paying
from orders.models import Order, Payment

LONGEST = 40
KINDS = ("cash", "card_terminal", "voucher")
"""What a document is made for at the stall; for a voucher it says "corrispettivo non riscosso".

Credit was given out of a sale that had its own.
"""


def takes_number(order: Order) -> list[Payment]:
    """What came in for this order, stands, and may carry the number of a document."""
    return [payment for payment in paying.standing(order, *KINDS) if payment.amount > 0]


def number_of(payment: Payment) -> str:
    """Empty where nobody has written one."""
    return payment.reference if payment.kind in KINDS else ""


def note_document(order_id: int, payment_id: int, number: str, *, by: int | None) -> Order:
    """The number as it stands on the document, or nothing: then there is none. The journal keeps what was there before.

    Raises Refused for what cannot be a number of one line, Conflict when the money went back meanwhile.
    """
    number = inputs.require_line(number, LONGEST)
    if number and not any(sign.isdigit() for sign in number):
        raise Refused(_("Scrivi il numero come sta sullo scontrino."))
    with transaction() as session:
        order = finding.lock(session, order_id)
        payment = _get(order, payment_id)
        if payment not in takes_number(order):
            raise Conflict(_("Questi soldi sono già tornati indietro."))
        before = payment.reference
        if not number and not before:
            raise Refused(_("Scrivi il numero come sta sullo scontrino."))
        if number != before:
            payment.reference = number
            about = {"payment": payment.id, "before": before, "after": number}
            journal.record("order.receipt_noted", order, by=by, practice=order.practice, **about)
    return order


def put_back(order_id: int, payment_id: int, *, expected: str, before: str) -> None:
    """The inverse. Raises Conflict when another number stands there now."""
    with transaction() as session:
        payment = _get(finding.lock(session, order_id), payment_id)
        if payment.reference != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        payment.reference = before


def _get(order: Order, payment_id: int) -> Payment:
    for payment in order.payments:
        if payment.id == payment_id and payment.kind in KINDS:
            return payment
    raise NotFound(_("Questo pagamento non c'è."))
