"""Products as the staff look for them: all of them, by name, in pages, in as many statements for 2000 as for 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from catalog import products
from catalog.models import Product, Stock
from core import inputs
from core.database import db

ON_A_PAGE = 50
ALL, ON_SALE, OFF_SALE, SOLD_OUT = "tutti", "vetrina", "fuori", "finiti"
WHICH = (ALL, ON_SALE, OFF_SALE, SOLD_OUT)


@dataclass(frozen=True)
class Listed:
    """One page of those that fit; ``counts``: how many there are of each kind of `WHICH`."""

    goods: Sequence[Product]
    counts: Mapping[str, int]
    page: int
    pages: int


def listed(said: str, which: str, page: int) -> Listed:
    """Real products whose name has every word of ``said``, whatever its case and accents; the first page for none.

    Names are folded here, no two databases do it alike: 2000 of them take 15 ms.
    """
    wanted = inputs.folded(said).split()
    columns = select(Product.id, Product.name, Product.name_en, Product.on_sale, Product.step, Stock.left)
    rows = db.session.execute(columns.outerjoin(Stock).where(Product.practice.is_(False))).all()
    named = sorted((inputs.folded(row.name), row.id, row) for row in rows)
    found = [row for name, _id, row in named if _fits(wanted, f"{name} {inputs.folded(row.name_en)}")]
    counts = Counter({ALL: len(found)})
    for row in found:
        counts.update(_kinds(row))
    those = [row.id for row in found if which == ALL or which in _kinds(row)]
    pages = max(1, -(-len(those) // ON_A_PAGE))
    page = page if 1 <= page <= pages else 1
    ids = those[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    goods = products.by_ids(ids)
    return Listed([goods[each] for each in ids], counts, page, pages)


def _kinds(row: Any) -> tuple[str, ...]:
    """Something that is sold out is still in the shop window, where one reads that there is none."""
    if not row.on_sale:
        return (OFF_SALE,)
    return (ON_SALE,) if (row.left or 0) >= row.step else (ON_SALE, SOLD_OUT)


def _fits(wanted: Sequence[str], name: str) -> bool:
    return all(word in name for word in wanted)
