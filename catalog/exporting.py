"""Products as a list for a table (CSV): Italian Excel opens it with a double click, and it comes in again unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalog.list_columns import COLUMNS, safe
from catalog.models import Product
from core.database import db

EXAMPLE: tuple[Mapping[str, str], ...] = (
    {
        "nome": "Fagiolini",
        "prezzo": "4,20",
        "si vende": "a peso",
        "iva": "verdura",
        "di quanto in quanto": "250",
        "stagione": "giugno-settembre",
        "allergeni": "nessuno",
        "descrizione": "Sottili, raccolti al mattino.",
    },
    {
        "nome": "Zucca mantovana",
        "prezzo": "2,40",
        "si vende": "a pezzi pesati",
        "iva": "verdura",
        "un pezzo pesa": "1800",
        "stagione": "ottobre-gennaio",
        "allergeni": "nessuno",
        "nome inglese": "Mantua pumpkin",
    },
    {
        "nome": "Confettura di fichi",
        "prezzo": "4,50",
        "si vende": "a pezzi",
        "iva": "confetture",
        "scaffale": "dispensa",
        "un pezzo contiene": "220 g",
        "uno si chiama": "vasetto",
        "tanti si chiamano": "vasetti",
        "dura": "sì",
        "allergeni": "nessuno",
        "ingredienti": "fichi, zucchero, succo di limone",
        "come si conserva": "Dopo l'apertura in frigo.",
    },
)
"""Invented goods, one for each way of selling."""


def everything() -> str:
    """All real products by name, with every column. Three statements."""
    query = select(Product).where(Product.practice.is_(False)).order_by(Product.name, Product.id)
    query = query.options(joinedload(Product.processed_at), joinedload(Product.container))
    goods = db.session.scalars(query).unique()
    return _table(list(COLUMNS), ({head: column.write(each) for head, column in COLUMNS.items()} for each in goods))


def example() -> str:
    """With those columns only that it fills in."""
    return _table([head for head in COLUMNS if any(head in each for each in EXAMPLE)], EXAMPLE)


def _table(heads: list[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Semicolons, because a comma is for decimals; a mark at the beginning, or Excel takes it for other letters."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow(heads)
    table.writerows([safe(row.get(head, "")) for head in heads] for row in rows)
    return "\ufeff" + written.getvalue()
