"""The kinds of goods that the law gives a VAT rate, each with its rates and the days from which they are in force.

Whole percents. A rate is never in force before the day on which it is written: lines that were sold keep theirs
(`OrderLine.vat_rate`), and prices say VAT included, so that a new rate changes no price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import products
from catalog.list_columns import key
from catalog.models import Product, VatRate
from core import clock, inputs, journal, seen
from core.database import db, transaction
from core.errors import Conflict, NotFound, Refused

USUAL = (4, 5, 10, 22)  # percent, in Italy (art. 16 DPR 633/1972); another one is asked about once
MOST = 30  # percent
FURTHEST = timedelta(days=366)
LONGEST_NAME = 40
LONGEST_REFERENCE = 120


@dataclass(frozen=True)
class Category:
    """One kind of goods. ``rows``: its rates, the oldest first; ``products``: how many name it, practice left out."""

    rows: Sequence[VatRate]
    products: int = 0

    @property
    def first(self) -> VatRate:
        """The row that was there first: its number is that of the category, and its journal."""
        return min(self.rows, key=lambda row: row.id)

    @property
    def id(self) -> int:
        return self.first.id

    @property
    def name(self) -> str:
        return self.first.category

    def at(self, day: date) -> VatRate | None:
        """What is in force on that day; None before the first one."""
        return next((row for row in reversed(self.rows) if row.from_day <= day), None)

    @property
    def now(self) -> VatRate | None:
        return self.at(clock.today())

    @property
    def next(self) -> VatRate | None:
        """The first one that is written down for a day to come."""
        return next((row for row in self.rows if row.from_day > clock.today()), None)

    @property
    def facts(self) -> list[Any]:
        """What a form has shown of it (`seen.sign`)."""
        return [self.name, *((row.from_day, row.rate, row.reference) for row in self.rows)]


# --- finding


def categories() -> list[Category]:
    """By name; two statements for any number."""
    named = Counter(db.session.scalars(select(Product.vat_category).where(Product.practice.is_(False))))
    rows: dict[str, list[VatRate]] = {}
    for row in db.session.scalars(select(VatRate).order_by(VatRate.category, VatRate.from_day)):
        rows.setdefault(row.category, []).append(row)
    return [Category(some, named[name]) for name, some in sorted(rows.items(), key=lambda each: each[0].casefold())]


def get(category_id: int) -> Category:
    """Raises NotFound."""
    found = _find(db.session(), category_id)
    named = select(func.count()).where(Product.vat_category == found.name, Product.practice.is_(False))
    return Category(found.rows, db.session.scalar(named) or 0)


def goods(category: Category) -> list[Product]:
    """Whatever names it, by name."""
    named = (Product.vat_category == category.name, Product.practice.is_(False))
    return list(db.session.scalars(select(Product).where(*named).order_by(Product.name, Product.id)).unique())


# --- deeds


def add(name: str, rate: int, reference: str = "", *, by: int | None) -> Category:
    """A kind of goods that products may name from now on. Raises Refused, Conflict for a name that is taken."""
    row = VatRate(category=clean_name(name), rate=rate, from_day=clock.today(), reference=clean_reference(reference))
    require_rate(rate)
    with transaction() as session:
        products.hold_names(session)
        _require_free(session, row.category)
        session.add(row)
        session.flush()
        journal.record("vat.added", row, by=by, rate=rate)
    return Category([row])


def set_rate(
    category_id: int, rate: int, from_day: date, reference: str = "", *, seen_as: str | None = None, by: int | None
) -> bool:
    """From that day on it is so many percent. Answers whether that is something new.

    The same day once more puts right what was written for it. Raises Refused, Conflict when somebody was faster.
    """
    require_rate(rate)
    require_day(from_day)
    after = {"rate": rate, "reference": clean_reference(reference)}
    with transaction() as session:
        category = _held(session, category_id, seen_as)
        row = category.at(from_day)
        if row is not None and _facts(row) == after:
            return False
        before = _facts(row) if row is not None and row.from_day == from_day else None
        _put(session, category, from_day, after)
        day = from_day.isoformat()
        journal.record("vat.rate_set", category.first, by=by, day=day, before=before, after=after)
    return True


def set_rate_back(category_id: int, day: date, expected: Mapping[str, Any], to: Mapping[str, Any] | None) -> None:
    """The inverse: what was written for that day before, or nothing. Raises Conflict when it was changed again."""
    with transaction() as session:
        category = _held(session, category_id, None)
        row = next((row for row in category.rows if row.from_day == day), None)
        if row is None or _facts(row) != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        if to is None:
            session.delete(row)
        else:
            _put(session, category, day, to)


def rename(category_id: int, name: str, *, seen_as: str | None = None, by: int | None) -> bool:
    """Only while no product names it: what somebody reads at this moment would lead nowhere.

    Answers whether it is another name. Raises Refused, Conflict.
    """
    after = clean_name(name)
    with transaction() as session:
        category = _held(session, category_id, seen_as)
        before = category.name
        if before == after:
            return False
        _rename(session, category, after)
        journal.record("vat.renamed", category.first, by=by, before={"name": before}, after={"name": after})
    return True


def rename_back(category_id: int, expected: str, to: str) -> None:
    """The inverse. Raises Conflict when it was renamed again, is in use, or the name is another one's by now."""
    with transaction() as session:
        category = _held(session, category_id, None)
        if category.name != expected:
            raise Conflict(_("Intanto è cambiato qualcosa. Guarda di nuovo."))
        _rename(session, category, to)


# --- what may be written


def clean_name(text: str) -> str:
    return inputs.require_line(text, LONGEST_NAME, missing=_("Scrivi il nome."))


def clean_reference(text: str) -> str:
    """Where the law says so, in the words of whoever knows; it may be missing."""
    return inputs.require_line(text, LONGEST_REFERENCE)


def require_rate(rate: int) -> None:
    if not 0 <= rate <= MOST:
        raise Refused(_("Scrivi un numero intero da 0 a %(most)d.", most=MOST), field="rate")


def require_day(day: date) -> None:
    """Nothing is sold again under another rate: a rate begins today or later."""
    if day < clock.today():
        raise Refused(_("Può valere da oggi in poi: gli ordini di prima hanno già la loro IVA."), field="from_day")
    if day > clock.today() + FURTHEST:
        raise Refused(_("È troppo lontano: scegli un giorno entro un anno."), field="from_day")


def _find(session: Session, category_id: int) -> Category:
    """By the number of its first row, and by no other. Raises NotFound."""
    name = select(VatRate.category).where(VatRate.id == category_id).scalar_subquery()
    query = select(VatRate).where(VatRate.category == name).order_by(VatRate.from_day)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    if not rows or min(row.id for row in rows) != category_id:
        raise NotFound(_("Questa voce IVA non c'è."))
    return Category(rows)


def _held(session: Session, category_id: int, seen_as: str | None) -> Category:
    """The same, and nobody else changes it, nor what names it, until the transaction ends."""
    products.hold_names(session)
    found = _find(session, category_id)
    if seen_as is not None and sign(found) != seen_as:
        raise Conflict(_("Intanto è cambiato qualcosa. Quello che hai scritto è ancora qui: guarda e salva di nuovo."))
    return found


def sign(category: Category) -> str:
    return seen.sign(category.facts)


def _facts(row: VatRate) -> dict[str, Any]:
    return {"rate": row.rate, "reference": row.reference}


def _put(session: Session, category: Category, day: date, facts: Mapping[str, Any]) -> None:
    row = next((row for row in category.rows if row.from_day == day), None)
    if row is None:
        session.add(VatRate(category=category.name, from_day=day, **facts))
    else:
        seen.put(row, facts)


def _rename(session: Session, category: Category, name: str) -> None:
    _require_free(session, name, but=category.name)
    if session.scalar(select(Product.id).where(Product.vat_category == category.name).limit(1)):
        raise Conflict(
            _("Ci sono prodotti con questa IVA. Aggiungi una voce con il nome nuovo, e sceglila nei prodotti."),
            field="name",
        )
    for row in category.rows:
        row.category = name


def _require_free(session: Session, name: str, *, but: str = "") -> None:
    """As a list of products reads it: 'Verdura' and 'verdura' are one."""
    taken = session.scalars(select(VatRate.category).where(VatRate.category != but).distinct())
    if any(key(each) == key(name) for each in taken):
        raise Conflict(_("C'è già una voce IVA con questo nome."), field="name")
