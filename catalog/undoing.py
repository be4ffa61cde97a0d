"""The inverses of what this room does (ruling 8)."""

from __future__ import annotations

from flask_babel import gettext as _

from catalog import products, stock
from core.journal import Entry
from core.undo import Inverse


def _unoffer(entry: Entry, by: int | None) -> None:
    stock.take_back_offer(entry.subject_id, entry.data["quantity"], by=by)


def _uncount(entry: Entry, by: int | None) -> None:
    stock.take_back_count(entry.subject_id, entry.data["difference"], by=by)


def _unprice(entry: Entry, _by: int | None) -> None:
    products.restore_price(entry.subject_id, entry.data["after"], entry.data["before"])


INVERSES = {
    "stock.offered": Inverse(_unoffer, lambda entry: _("il raccolto di oggi")),
    "stock.counted": Inverse(_uncount, lambda entry: _("il conto di oggi")),
    "product.priced": Inverse(_unprice, lambda entry: _("il nuovo prezzo")),
}

WITHOUT = {
    "product.created": "A product that nobody wants is taken off sale; orders may name it already.",
    "pickup.scheduled": "A pick-up is cancelled as a deed of its own, with letters to those who ordered.",
}
